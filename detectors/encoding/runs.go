package encoding

import "github.com/jwtleak/jwtleak/detectors/prefilter"

// Whatever a token is wrapped in, it comes as a long run of few kinds of characters, line breaks among them. Most texts have few such runs, and
// they are found as fast as memory is read; the needles are looked for only there. Plain tokens need none of this: the
// inner detector has a prefilter of its own.

const (
	blockSize = 32 // bytes that are looked at at once
	halfBlock = blockSize / 2
	// minRun is the length of the shortest run that is sure to have a block at an offset divisible by halfBlock, and
	// so of the shortest that counts.
	minRun = blockSize + halfBlock - 1
	// before is how many bytes in front of a run are looked at with it: the end of the line before, quotes.
	before = 160
)

// wrappedClasses are the bytes that can stand in a wrapped token.
var wrappedClasses = func() (c prefilter.Classes) {
	for _, group := range []struct {
		high, bit byte
		low       string
	}{
		{0, 1, "\x00\x0a\x0d"}, {2, 2, "\x03\x05\x06\x0b\x0d\x0e\x0f"}, {3, 4, "\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0b\x0d"},
		{4, 8, "\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f"},
		{5, 16, "\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0c\x0f"},
		{6, 8, ""}, {7, 32, "\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a"},
	} {
		for half := 0; half < blockSize; half += halfBlock {
			c[1][half+int(group.high)] |= group.bit
			for i := range len(group.low) {
				c[0][half+int(group.low[i])] |= group.bit
			}
		}
	}
	return c
}()

// inRun says the same byte by byte.
var inRun = func() (table [256]bool) {
	for b := range table {
		table[b] = wrappedClasses.Has(byte(b))
	}
	return table
}()

// blockAt returns the offset, divisible by halfBlock from from on, of a block whose bytes all are of the class, or -1.
func blockAt(text []byte, from int, vectors bool) int {
	whole := (len(text) - from) &^ (blockSize - 1)
	if vectors && whole > 0 {
		if at := longRunVector(&wrappedClasses, &text[from], whole); at < whole {
			return from + at
		}
		from += max(whole-blockSize, 0)
	}
	return blockPlain(text, from)
}

func blockPlain(text []byte, from int) int {
	for from+blockSize <= len(text) {
		i := from + blockSize - 1
		for i >= from && inRun[text[i]] {
			i--
		}
		if i < from {
			return from
		}
		from += max((i-from+halfBlock)/halfBlock*halfBlock, halfBlock)
	}
	return -1
}

// nextRun returns the first run that has a block at or after from and before to, and is at least minRun long. Where the
// run starts before from, from counts as its start.
func nextRun(text []byte, from, to int, vectors bool) (run span, ok bool) {
	floor := from
	for from < to {
		at := blockAt(text[:min(to+blockSize, len(text))], from, vectors)
		if at < 0 {
			break
		}
		run = span{at, at + blockSize}
		for run.start > floor && inRun[text[run.start-1]] {
			run.start--
		}
		for run.end+4 <= len(text) {
			if part := text[run.end : run.end+4 : run.end+4]; !inRun[part[0]] || !inRun[part[1]] || !inRun[part[2]] || !inRun[part[3]] {
				break
			}
			run.end += 4
		}
		for run.end < len(text) && inRun[text[run.end]] {
			run.end++
		}
		if run.end-run.start >= minRun {
			return run, true
		}
		from = run.end
	}
	return span{}, false
}
