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

// Sorted are the symbols of one or two alphabets by the length of their codes: for each, and one more where there is none, a row
// that has them in order. Those of the second alphabet have rows of their own.
type sorted struct {
	counts  [2 * rows]uint16
	symbols [2 * rows * rowSize]uint16
}

const (
	rows    = maxCodeBits + 1
	rowSize = 1 << 9 // as many as there are symbols in all, and more
)

// add adds a symbol to a row.
func (s *sorted) add(row int, symbol uint16) {
	count := &s.counts[row&(2*rows-1)]
	s.symbols[(row*rowSize+int(*count))&(2*rows*rowSize-1)] = symbol
	*count++
}

// row returns the symbols of a row.
func (s *sorted) row(row int) []uint16 { return s.symbols[row*rowSize:][:s.counts[row]] }

// build makes the table of a code, from the symbols in the rows from first on, of which each stands less so many for one of the
// alphabet, and reports whether their lengths are those of a code.
// A code that leaves bits unused is none, but for one of a single symbol of one bit and for one without symbols: as
// compress/flate has it.
func (t *table) build(s *sorted, first, less int, symbols []entry, most uint) bool {
	counts := (*[rows]uint16)(s.counts[first:])
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
	used := 0
	for length := uint(1); length <= longest; length++ {
		if used = used<<1 + int(counts[length]); used > 1<<length {
			return false
		}
	}
	if used != 1<<longest {
		if longest != 1 || used != 1 {
			return false
		}
		clear(t.entries)
	}
	t.fill(s, first, less, longest, symbols)
	return true
}

// fill enters the symbols. Codes count up from their highest bit while the input has them lowest bit first.
func (t *table) fill(s *sorted, first, less int, longest uint, symbols []entry) {
	code, length := uint16(0), uint(1)
	for s.counts[first+int(length)] == 0 {
		length++
	}
	filled := 1 << min(length, t.bits) // the table is filled as far as codes of the present length reach
	for ; length <= t.bits; length++ {
		if 1<<length > filled {
			copy(t.entries[filled:2*filled], t.entries[:filled])
			filled *= 2
		}
		for _, symbol := range s.row(first + int(length)) {
			t.entries[bits.Reverse16(code)>>((16-length)&15)] = symbols[int(symbol)-less].of(length)
			code++
		}
		code <<= 1
	}
	for ; filled < 1<<t.bits; filled *= 2 {
		copy(t.entries[filled:2*filled], t.entries[:filled])
	}
	prefix, start, width := -1, 0, uint(0)
	for ; length <= longest; length++ { // those that lead to subtables
		row := s.row(first + int(length))
		for i, symbol := range row {
			reversed := int(bits.Reverse16(code) >> (16 - length))
			if low := reversed & (1<<t.bits - 1); low != prefix {
				prefix = low
				width = subtableBits(length-t.bits, len(row)-i, s.counts[first+int(length)+1:first+rows])
				start = len(t.entries)
				t.extend(1 << width)
				t.entries[prefix] = valid | isSubtable | entry(start)<<payload | entry(width)<<8 | entry(t.bits)
			}
			means := symbols[int(symbol)-less].of(length - t.bits)
			for i := reversed >> t.bits; i < 1<<width; i += 1 << (length - t.bits) {
				t.entries[start+i] = means
			}
			code++
		}
		code <<= 1
	}
}

// of returns the entry of a symbol that has so many bits more. That which no stream may use stays none.
func (e entry) of(bits uint) entry {
	if e == 0 {
		return 0
	}
	return e + entry(bits)
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
