package inflate

import "encoding/binary"

// modulus is what both sums of the checksum are taken by.
const modulus = 65521

// adlerPlain is adler in Go. It adds eight bytes at a time, in lanes of 16 bits, where hash/adler32 adds them one by one.
func adlerPlain(text []byte) uint32 {
	const (
		stride = 128     // what the lanes can hold the sums of
		most   = 1 << 20 // what 64 bits can, and far more
	)
	a, b := uint64(1), uint64(0)
	for len(text) >= stride {
		block := text[:min(len(text)&^(stride-1), most)]
		text = text[len(block):]
		for ; len(block) >= stride; block = block[stride:] {
			sum, weighted := sums((*[stride]byte)(block))
			b += stride*a + weighted
			a += sum
		}
		a, b = a%modulus, b%modulus
	}
	return adlerOf(a, b, text)
}

// adlerOf returns the checksum of a text from the sums of what stands before its last bytes, a few.
func adlerOf(a, b uint64, last []byte) uint32 {
	for _, c := range last {
		a += uint64(c)
		b += a
	}
	return uint32(b%modulus<<16 | a%modulus)
}

// sums returns the sum of the bytes, and that of each byte as often as there are bytes from it to the end.
func sums(block *[128]byte) (sum, weighted uint64) {
	const lanes = 0x00ff00ff00ff00ff
	// The lanes of even and of odd bytes, and for each the sum of what it was before each word.
	var even, odd, evens, odds uint64
	for i := 0; i < len(block); i += 8 {
		word := binary.LittleEndian.Uint64(block[i:])
		evens += even
		odds += odd
		even += word & lanes
		odd += word >> 8 & lanes
	}
	for shift := 0; shift < 64; shift += 16 {
		e, o := even>>shift&0xffff, odd>>shift&0xffff
		sum += e + o
		weight := uint64(8 - shift/8)
		weighted += 8*(evens>>shift&0xffff+odds>>shift&0xffff) + weight*e + (weight-1)*o
	}
	return sum, weighted
}
