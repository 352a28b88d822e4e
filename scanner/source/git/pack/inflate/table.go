package inflate

import "math/bits"

// An entry is what a table says of the bits at its index:
//
//	bits 0-4    how many bits the symbol takes, its extra bits included; for a subtable, how many index the first table
//	bits 8-11   how many of them are extra bits; for a subtable, how many index it
//	bits 12-15  what it is
//	bits 16-31  the literal; the base of a length or distance; where a subtable starts
type entry uint32

const (
	isEnd      entry = 1 << 12
	isSubtable entry = 1 << 13
	isLiteral  entry = 1 << 14
	payload          = 16
	// valid is set in every entry that a code leads to, so that the zero entry is none.
	valid entry = 1 << 15
)

const (
	literalBits  = 10 // the most that index the first table of literals and lengths
	distanceBits = 8
	maxCodeBits  = 15

	literalSymbols  = 288
	distanceSymbols = 32
	lengthSymbols   = 19
)

// A table decodes the codes of one alphabet. Its first 1<<bits entries are indexed with as many bits of the input, which
// come lowest first; a code that is longer leads to a subtable behind them.
type table struct {
	bits    uint
	entries []entry
}

// lengthBases and the others are those of RFC 1951, section 3.2.5.
func lengthEntry(symbol int) entry {
	bases := [...]uint16{3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258}
	extra := [...]uint8{0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0}
	if symbol >= len(bases) {
		return 0
	}
	return valid | entry(bases[symbol])<<payload | entry(extra[symbol])<<8 | entry(extra[symbol])
}

func distanceEntry(symbol int) entry {
	bases := [...]uint16{1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577}
	if symbol >= len(bases) {
		return 0
	}
	extra := entry(max(0, symbol/2-1))
	return valid | entry(bases[symbol])<<payload | extra<<8 | extra
}

// symbolEntries are what each symbol of the two alphabets means, before its code is known.
type symbolEntries struct {
	literals  [literalSymbols]entry
	distances [distanceSymbols]entry
	lengths   [lengthSymbols]entry
}

func newSymbolEntries() *symbolEntries {
	s := &symbolEntries{}
	for symbol := range s.literals {
		switch {
		case symbol < 256:
			s.literals[symbol] = valid | isLiteral | entry(symbol)<<payload
		case symbol == 256:
			s.literals[symbol] = valid | isEnd
		default:
			s.literals[symbol] = lengthEntry(symbol - 257)
		}
	}
	for symbol := range s.distances {
		s.distances[symbol] = distanceEntry(symbol)
	}
	for symbol := range s.lengths {
		s.lengths[symbol] = valid | entry(symbol)<<payload
	}
	return s
}

// build makes the table of a code, from the length of each symbol's and the symbols that have one, in order, and reports whether the
// lengths are those of a code.
// A code that leaves bits unused is none, but for one of a single symbol of one bit and for one without symbols: as
// compress/flate has it.
func (t *table) build(lengths []uint8, coded []uint16, symbols []entry, most uint) bool {
	counts := countLengths(lengths, coded)
	longest := uint(maxCodeBits)
	for longest > 0 && counts[longest] == 0 {
		longest--
	}
	t.bits = min(most, max(1, longest))
	size := 1 << t.bits
	if cap(t.entries) < size {
		t.entries = make([]entry, size, 2048)
	}
	t.entries = t.entries[:size]
	if longest == 0 {
		clear(t.entries)
		return true
	}
	used, first := 0, [maxCodeBits + 1]uint16{}
	for length := uint(1); length <= longest; length++ {
		used = used<<1 + int(counts[length])
		if length < maxCodeBits {
			first[length+1] = first[length] + counts[length]
		}
		if used > 1<<length {
			return false
		}
	}
	if used != 1<<longest {
		if longest != 1 || used != 1 {
			return false
		}
		clear(t.entries)
	}
	var ordered [literalSymbols]uint16
	for _, symbol := range coded {
		at := &first[lengths[symbol]&maxCodeBits]
		ordered[*at] = symbol
		*at++
	}
	t.fill(ordered[:len(coded)], &counts, symbols)
	return true
}

// countLengths counts the codes of each length: in turns in two places, since most are as long as the one before.
func countLengths(lengths []uint8, coded []uint16) [maxCodeBits + 1]uint16 {
	var counts, others [maxCodeBits + 1]uint16
	i := 0
	for ; i+2 <= len(coded); i += 2 {
		counts[lengths[coded[i]]&maxCodeBits]++
		others[lengths[coded[i+1]]&maxCodeBits]++
	}
	if i < len(coded) {
		counts[lengths[coded[i]]&maxCodeBits]++
	}
	for length, count := range others {
		counts[length] += count
	}
	return counts
}

// fill enters the symbols, which are in the order of their codes. Codes count up from their highest bit while the input
// has them lowest bit first: reversed is the code as the input has it.
func (t *table) fill(ordered []uint16, counts *[maxCodeBits + 1]uint16, symbols []entry) {
	length, left := uint(0), 0
	reversed, filled := 0, 1 // the table is filled as far as codes of the present length reach
	prefix, start, width := -1, 0, uint(0)
	for _, symbol := range ordered {
		for left == 0 {
			length++
			left = int(counts[length])
			if length <= t.bits {
				if length > 1 || filled == 1 {
					copy(t.entries[filled:2*filled], t.entries[:filled])
				}
				filled *= 2
			}
		}
		left--
		means := symbols[symbol]
		switch {
		case means == 0: // a symbol that no stream may use
		case length <= t.bits:
			means += entry(length)
		default:
			means += entry(length - t.bits)
		}
		if length <= t.bits {
			t.entries[reversed] = means
		} else {
			if low := reversed & (1<<t.bits - 1); low != prefix {
				prefix = low
				width = subtableBits(length-t.bits, left+1, counts[length+1:])
				start = len(t.entries)
				t.extend(1 << width)
				t.entries[prefix] = valid | isSubtable | entry(start)<<payload | entry(width)<<8 | entry(t.bits)
			}
			for i := reversed >> t.bits; i < 1<<width; i += 1 << (length - t.bits) {
				t.entries[start+i] = means
			}
		}
		reversed = next(reversed, length)
	}
	for ; filled < 1<<t.bits; filled *= 2 {
		copy(t.entries[filled:2*filled], t.entries[:filled])
	}
}

// next returns the code after a reversed one of so many bits.
func next(reversed int, length uint) int {
	ones := 1<<length - 1
	if reversed == ones {
		return 0
	}
	highest := 1 << (bits.Len(uint(reversed^ones)) - 1)
	return reversed&(highest-1) | highest
}

// subtableBits returns how many bits index a subtable that begins with a code of so many, of which there are count, with
// the counts of the longer ones behind it.
func subtableBits(width uint, count int, longer []uint16) uint {
	for _, more := range longer {
		if count >= 1<<width {
			break
		}
		width++
		count = count<<1 + int(more)
	}
	return width
}

func (t *table) extend(by int) {
	for range by {
		t.entries = append(t.entries, 0)
	}
}
