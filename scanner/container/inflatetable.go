package container

import "math/bits"

// An entry of a decoding table says what the bits it is looked up by start with:
//
//	a literal             entryLiteral, the byte << 16, the length of its code
//	a length or distance  its base << 16, the length of its code << 8, the same and that of the extra bits
//	the end of the block  entryEnd, the length of its code
//	a longer code         entrySubtable, where the table for it starts << 16, the bits to look up in it << 8
//	no code               entryInvalid
//
// The low byte is how many bits are used up in all.
const (
	entryLiteral  = 1 << 31
	entryEnd      = 1 << 14
	entryInvalid  = 1 << 13
	entrySubtable = 1 << 12
)

const (
	literalBits     = 11
	literalEntries  = 1 << 13 // 4336 are the most there can be: a subtable of 16 for each two of 286 symbols
	distanceBits    = 8
	distanceEntries = 1 << 12 // 2176 are the most there can be
	maxCodeLength   = 15
)

// inflateTables are the tables of a block.
type inflateTables struct {
	literals  [literalEntries]uint32
	distances [distanceEntries]uint32
	lengths   [288 + 32]byte // of the codes
	isFixed   bool
	is64      bool // of Deflate64
}

// fixed makes the tables of section 3.2.6.
func (t *inflateTables) fixed() error {
	if t.isFixed {
		return nil
	}
	for i := range 288 {
		switch {
		case i < 144:
			t.lengths[i] = 8
		case i < 256:
			t.lengths[i] = 9
		case i < 280:
			t.lengths[i] = 7
		default:
			t.lengths[i] = 8
		}
	}
	for i := range 32 {
		t.lengths[288+i] = 5
	}
	err := t.build(288, 32)
	t.isFixed = err == nil
	return err
}

// build makes the tables from lengths, that of the distances behind that of the literals and lengths.
func (t *inflateTables) build(literals, distances int) error {
	t.isFixed = false
	literal, distance := literalEntry, distanceEntry
	if t.is64 {
		literal, distance = literalEntry64, distanceEntry64
	}
	if err := buildTable(t.literals[:], literalBits, t.lengths[:literals], literal); err != nil {
		return err
	}
	return buildTable(t.distances[:], distanceBits, t.lengths[literals:literals+distances], distance)
}

// literalEntry returns the entry of a symbol of the literal and length alphabet (section 3.2.5), but for the length of its
// code.
func literalEntry(symbol int) uint32 {
	switch {
	case symbol < 256:
		return entryLiteral | uint32(symbol)<<16
	case symbol == 256:
		return entryEnd
	case symbol < 265:
		return uint32(symbol-254) << 16
	case symbol < 285:
		extra := uint32(symbol-261) / 4
		base := (4+uint32(symbol-265)%4)<<extra + 3
		return base<<16 | extra
	case symbol == 285:
		return 258 << 16
	}
	return entryInvalid
}

// distanceEntry is literalEntry for the distance alphabet.
func distanceEntry(symbol int) uint32 {
	switch {
	case symbol < 4:
		return uint32(symbol+1) << 16
	case symbol < 30:
		extra := uint32(symbol-2) / 2
		base := (2+uint32(symbol)&1)<<extra + 1
		return base<<16 | extra
	}
	return entryInvalid
}

// buildTable makes a table for the canonical code with these lengths (section 3.2.2), with a first part of 1<<width
// entries and subtables behind it.
func buildTable(table []uint32, width int, lengths []byte, entry func(symbol int) uint32) error {
	var count [maxCodeLength + 1]int
	longest := 0
	for _, n := range lengths {
		count[n]++
		longest = max(longest, int(n))
	}
	count[0] = 0
	for i := range 1 << width {
		table[i] = entryInvalid
	}
	var next [maxCodeLength + 2]int
	code := 0
	for n := 1; n <= longest; n++ {
		next[n] = code
		code = (code + count[n]) << 1
	}
	// The code must be complete, bar the one code of length one that a block with one distance may have.
	if full := 2 << longest; longest > 0 && code != full && (longest != 1 || count[1] != 1) || code > full {
		return errInflate
	}
	free := 1 << width // where the next subtable goes
	for symbol, length := range lengths {
		if length == 0 {
			continue
		}
		n := int(length)
		reversed := int(bits.Reverse16(uint16(next[n])) >> (16 - n))
		next[n]++
		e := entry(symbol)
		if e&entryInvalid == 0 {
			if e&(entryLiteral|entryEnd) == 0 || e&0xff != 0 { // a distance of Deflate64 may have entryLiteral in its base
				e |= uint32(n) << 8
			}
			e += uint32(n)
		}
		if n <= width {
			for i := reversed; i < 1<<width; i += 1 << n {
				table[i] = e
			}
			continue
		}
		root := reversed & (1<<width - 1)
		if table[root]&entrySubtable == 0 {
			size := longest - width // as codes are not met in the order of their lengths
			if free+1<<size > len(table) {
				return errInflate
			}
			table[root] = entrySubtable | uint32(free)<<16 | uint32(size)<<8
			for i := range 1 << size {
				table[free+i] = entryInvalid
			}
			free += 1 << size
		}
		start, size := int(table[root]>>16), int(table[root]>>8&0xf)
		for i := reversed >> width; i < 1<<size; i += 1 << (n - width) {
			table[start+i] = e
		}
	}
	return nil
}

// codeLengthOrder is the order in which the lengths of the codes for lengths come (section 3.2.7).
const codeLengthOrder = "\x10\x11\x12\x00\x08\x07\x09\x06\x0a\x05\x0b\x04\x0c\x03\x0d\x02\x0e\x01\x0f"

// dynamicHeader reads the codes of a block (section 3.2.7).
func (f *inflater) dynamicHeader() error {
	v, err := f.take(14)
	if err != nil {
		return err
	}
	literals, distances, codes := int(v&31)+257, int(v>>5&31)+1, int(v>>10)+4
	if literals > 286 || distances > 30 && !f.tables.is64 {
		return errInflate
	}
	var lengths [19]byte
	for i := range codes {
		n, err := f.take(3)
		if err != nil {
			return err
		}
		lengths[codeLengthOrder[i]] = byte(n)
	}
	var table [1 << 7]uint32
	plain := func(symbol int) uint32 { return uint32(symbol) << 16 }
	if err := buildTable(table[:], 7, lengths[:], plain); err != nil {
		return err
	}
	if err := f.codeLengths(&table, f.tables.lengths[:literals+distances]); err != nil {
		return err
	}
	return f.tables.build(literals, distances)
}

// codeLengths reads the lengths of the literals' and distances' codes.
func (f *inflater) codeLengths(table *[1 << 7]uint32, lengths []byte) error {
	for i := 0; i < len(lengths); {
		e := table[f.held&(1<<7-1)]
		for uint(e&0xff) > f.bits || e&entryInvalid != 0 {
			if f.bits >= 7 {
				return errInflate
			}
			b, err := f.source.ReadByte()
			if err != nil {
				return noEOF(err)
			}
			f.held |= uint64(b) << f.bits
			f.bits += 8
			e = table[f.held&(1<<7-1)]
		}
		f.held >>= e & 0xff
		f.bits -= uint(e & 0xff)
		symbol := byte(e >> 16)
		if symbol < 16 {
			lengths[i] = symbol
			i++
			continue
		}
		again, extra, least := byte(0), uint(2), 3
		switch symbol {
		case 16:
			if i == 0 {
				return errInflate
			}
			again = lengths[i-1]
		case 17:
			extra = 3
		case 18:
			extra, least = 7, 11
		}
		n, err := f.take(extra)
		if err != nil {
			return err
		}
		if i+least+int(n) > len(lengths) {
			return errInflate
		}
		for range least + int(n) {
			lengths[i] = again
			i++
		}
	}
	return nil
}
