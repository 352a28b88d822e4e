package inflate

import "golang.org/x/sys/cpu"

// weights are how often each byte of a block counts in what sumsAVX2 calls weighted.
var weights = [vectorBlock]uint8{ //nolint:unused // assembly reads them
	32, 31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1,
}

const (
	vectorBlock = 32
	// mostBlocks is how many blocks there may be for lanes of 32 bits to have room for what is weighted.
	mostBlocks = 1 << 15
)

// sumsAVX2 returns, of so many blocks, at least one and at most mostBlocks, the sum of the bytes; the sum of what that was
// in front of each block; and the sum of each byte as often as there are bytes from it to the end of its block.
//
//go:noescape
func sumsAVX2(text *byte, blocks int) (sum, before, weighted uint64)

// adler returns the Adler-32 checksum of a text (RFC 1950, section 8.2): the sum of the bytes and one, and the sum of
// those sums.
func adler(text []byte) uint32 {
	if len(text) < 2*vectorBlock || !cpu.X86.HasAVX2 {
		return adlerPlain(text)
	}
	a, b := uint64(1), uint64(0)
	for len(text) >= vectorBlock {
		blocks := min(len(text)/vectorBlock, mostBlocks)
		sum, before, weighted := sumsAVX2(&text[0], blocks)
		b = (b + uint64(blocks)*vectorBlock*a + vectorBlock*before + weighted) % modulus
		a = (a + sum) % modulus
		text = text[blocks*vectorBlock:]
	}
	return adlerOf(a, b, text)
}
