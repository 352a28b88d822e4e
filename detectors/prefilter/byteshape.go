package prefilter

import "math/bits"

// A byteShape is a shape of whole bytes, for needles of ASCII alone: for each byte compared the set of bytes, and how often
// one of them stands in text.
type byteShape [compared]struct {
	set   [2]uint64
	often int
}

func byteShapeOf(needle string) (s byteShape) {
	for place := range s {
		if place >= len(needle) {
			s[place].set, s[place].often = [2]uint64{1<<64 - 1, 1<<64 - 1}, 1000
			continue
		}
		b := needle[place]
		s[place].set[b>>6&1] = 1 << (b & 63)
		s[place].often = int(frequencies[b])
	}
	return s
}

func (s byteShape) union(other byteShape) byteShape {
	for place := range s {
		s[place].often += other[place].often
		for half, set := range other[place].set {
			for both := s[place].set[half] & set; both != 0; both &= both - 1 {
				s[place].often -= int(frequencies[half<<6+bits.TrailingZeros64(both)])
			}
			s[place].set[half] |= set
		}
	}
	return s
}

func (s byteShape) cost() int { return s[0].often * s[1].often * s[2].often }

// frequencies are about how often each byte stands in what is scanned, logs, sources and JSON, in thousandths.
var frequencies = func() (table [256]uint8) {
	for b := range table {
		table[b] = 1
	}
	for _, row := range []struct {
		often uint8
		bytes string
	}{
		{120, " "}, {60, "e"}, {40, "taoinsr"}, {15, "bcdfghjklmpquvwxyz"}, {25, "012"}, {15, "3456789"}, {5, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"},
		{25, "\"\n"}, {12, ",.:-/=_\t"}, {4, "!#$%&'()*+;<>?@[\\]^`{|}~"},
	} {
		for i := range len(row.bytes) {
			table[row.bytes[i]] = row.often
		}
	}
	return table
}()
