package inflate

import (
	"encoding/binary"
	"errors"
)

// The errors of Decode.
var (
	ErrCorrupt  = errors.New("broken zlib data")
	ErrCut      = errors.New("zlib data cut short")
	ErrSize     = errors.New("zlib data is not as long as it should be")
	ErrChecksum = errors.New("zlib checksum does not match")
)

// A Decoder decodes one stream after the other. It is for one goroutine. Make one with NewDecoder.
type Decoder struct {
	isPlain             bool // whether nothing is done in assembly
	symbols             *symbolEntries
	literals, distances table
	fixedLiterals       table
	fixedDistances      table
	codeLengths         table
	lengths             [literalSymbols + distanceSymbols]uint8
	coded               [literalSymbols + distanceSymbols]uint16 // the symbols that have a code

	input  []byte
	at     int    // of the next byte to be put into held
	held   uint64 // the next bits, lowest first
	bits   uint   // how many of held are there
	output []byte
	out    int
}

// NewDecoder returns a Decoder.
func NewDecoder() *Decoder {
	d := &Decoder{symbols: newSymbolEntries(), isPlain: !hasFast()}
	for symbol := range d.coded {
		d.coded[symbol] = uint16(symbol)
	}
	lengths := d.lengths[:literalSymbols]
	for symbol := range lengths {
		switch {
		case symbol < 144:
			lengths[symbol] = 8
		case symbol < 256:
			lengths[symbol] = 9
		case symbol < 280:
			lengths[symbol] = 7
		default:
			lengths[symbol] = 8
		}
	}
	d.fixedLiterals.build(lengths, d.coded[:literalSymbols], d.symbols.literals[:], literalBits)
	for symbol := range distanceSymbols {
		lengths[symbol] = 5
	}
	d.fixedDistances.build(lengths, d.coded[:distanceSymbols], d.symbols.distances[:], distanceBits)
	return d
}

// Decode decodes the zlib stream at the front of input and fills output with it. It returns how many bytes of input the
// stream takes. Where the error is ErrCut, more input may help. The content of output is of no meaning after an error,
// and what its capacity has behind it may be written over.
func (d *Decoder) Decode(output, input []byte) (int, error) {
	if len(input) < 2 {
		return 0, ErrCut
	}
	head := binary.BigEndian.Uint16(input)
	if head>>8&0xf != 8 || head>>12 > 7 || head%31 != 0 || head&0x20 != 0 {
		return 0, ErrCorrupt
	}
	d.input, d.at, d.held, d.bits = input, 2, 0, 0
	d.output, d.out = output, 0
	defer func() { d.input, d.output = nil, nil }()
	for {
		final, err := d.block()
		if err != nil {
			return 0, err
		}
		if d.out > len(output) {
			return 0, ErrSize
		}
		if final {
			break
		}
	}
	if d.out != len(output) {
		return 0, ErrSize
	}
	d.at -= int(d.bits / 8) // whole bytes that were not used
	if len(input)-d.at < 4 {
		return 0, ErrCut
	}
	if binary.BigEndian.Uint32(input[d.at:]) != adler(output) {
		return 0, ErrChecksum
	}
	return d.at + 4, nil
}

// need makes sure that n bits, at most 32, are held.
func (d *Decoder) need(n uint) bool {
	for d.bits < n {
		if d.at >= len(d.input) {
			return false
		}
		d.held |= uint64(d.input[d.at]) << d.bits
		d.at++
		d.bits += 8
	}
	return true
}

// take uses n bits that are held.
func (d *Decoder) take(n uint) uint {
	value := uint(d.held & (1<<n - 1))
	d.held >>= n
	d.bits -= n
	return value
}

// block decodes one block (RFC 1951, section 3.2.3) and reports whether it is the last.
func (d *Decoder) block() (final bool, err error) {
	if !d.need(3) {
		return false, ErrCut
	}
	final = d.take(1) == 1
	switch d.take(2) {
	case 0:
		return final, d.stored()
	case 1:
		return final, d.codes(&d.fixedLiterals, &d.fixedDistances)
	case 2:
		if err := d.readTables(); err != nil {
			return false, err
		}
		return final, d.codes(&d.literals, &d.distances)
	default:
		return false, ErrCorrupt
	}
}

func (d *Decoder) stored() error {
	d.at -= int(d.bits / 8)
	d.held, d.bits = 0, 0
	if len(d.input)-d.at < 4 {
		return ErrCut
	}
	size := int(binary.LittleEndian.Uint16(d.input[d.at:]))
	if size^0xffff != int(binary.LittleEndian.Uint16(d.input[d.at+2:])) {
		return ErrCorrupt
	}
	d.at += 4
	if len(d.input)-d.at < size {
		return ErrCut
	}
	if d.out > len(d.output) || len(d.output)-d.out < size {
		return ErrSize
	}
	copy(d.output[d.out:], d.input[d.at:d.at+size])
	d.at += size
	d.out += size
	return nil
}

// readTables reads the codes of a block (RFC 1951, section 3.2.7).
func (d *Decoder) readTables() error {
	if !d.need(14) {
		return ErrCut
	}
	literals, distances, count := int(d.take(5))+257, int(d.take(5))+1, int(d.take(4))+4
	if literals > 286 || distances > 30 {
		return ErrCorrupt
	}
	order := [lengthSymbols]uint8{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15}
	var lengths [lengthSymbols]uint8
	for i := range count {
		if !d.need(3) {
			return ErrCut
		}
		lengths[order[i]] = uint8(d.take(3))
	}
	n := 0
	for symbol, length := range lengths {
		d.coded[n] = uint16(symbol)
		n += isCoded(length)
	}
	if !d.codeLengths.build(lengths[:], d.coded[:n], d.symbols.lengths[:], 7) {
		return ErrCorrupt
	}
	coded, err := d.readLengths(d.lengths[:literals+distances])
	if err != nil {
		return err
	}
	n = len(coded) // of which the last few are of distances
	for n > 0 && int(coded[n-1]) >= literals {
		n--
	}
	for i := range coded[n:] {
		coded[n+i] -= uint16(literals)
	}
	if !d.literals.build(d.lengths[:literals], coded[:n], d.symbols.literals[:], literalBits) ||
		!d.distances.build(d.lengths[literals:literals+distances], coded[n:], d.symbols.distances[:], distanceBits) {
		return ErrCorrupt
	}
	return nil
}

// isCoded returns 1 for the length of a symbol that has a code, else 0: without a branch, since which have one is as good as random.
func isCoded(length uint8) int { return int(length+15) >> 4 }

// readLengths reads the lengths of the codes of literals, lengths and distances, which are themselves coded. It returns the symbols that
// have a code, in order.
func (d *Decoder) readLengths(lengths []uint8) (coded []uint16, err error) {
	clear(lengths)
	n := 0
	input, at, held, nbits := d.input, d.at, d.held, d.bits
	entries, mask := d.codeLengths.entries, uint64(1)<<d.codeLengths.bits-1
	for i := 0; i < len(lengths); {
		// A code and its extra bits take 14 at most.
		if at+8 <= len(input) {
			held |= binary.LittleEndian.Uint64(input[at:]) << (nbits & 63)
			at += int(63-nbits) >> 3
			nbits |= 56
		} else {
			for ; nbits < 14 && at < len(input); at++ {
				held |= uint64(input[at]) << nbits
				nbits += 8
			}
		}
		e := entries[held&mask]
		took := uint(e & 0x1f)
		switch {
		case e == 0 && nbits >= d.codeLengths.bits:
			return nil, ErrCorrupt
		case e == 0 || took > nbits:
			return nil, ErrCut
		}
		held >>= took
		nbits -= took
		symbol := e >> payload
		if symbol < 16 {
			lengths[i] = uint8(symbol)
			d.coded[n] = uint16(i)
			n += isCoded(uint8(symbol))
			i++
			continue
		}
		repeated, extra, repeat := uint8(0), uint(7), 11
		switch symbol {
		case 16:
			if i == 0 {
				return nil, ErrCorrupt
			}
			repeated, extra, repeat = lengths[i-1], 2, 3
		case 17:
			extra, repeat = 3, 3
		}
		if nbits < extra {
			return nil, ErrCut
		}
		repeat += int(held & (1<<extra - 1))
		held >>= extra
		nbits -= extra
		if repeat > len(lengths)-i {
			return nil, ErrCorrupt
		}
		if repeated == 0 {
			i += repeat
			continue
		}
		for end := i + repeat; i < end; i++ {
			lengths[i], d.coded[n] = repeated, uint16(i)
			n++
		}
	}
	d.at, d.held, d.bits = at, held&(1<<nbits-1), nbits
	return d.coded[:n], nil
}
