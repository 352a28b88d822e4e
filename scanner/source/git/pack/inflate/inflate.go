package inflate

import (
	"encoding/binary"
	"errors"
	"math/bits"
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
	sorted              sorted // the symbols of the tables that are being built

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
	for symbol := range uint16(literalSymbols) {
		switch {
		case symbol < 144:
			d.sorted.add(8, symbol)
		case symbol < 256:
			d.sorted.add(9, symbol)
		case symbol < 280:
			d.sorted.add(7, symbol)
		default:
			d.sorted.add(8, symbol)
		}
	}
	for symbol := range uint16(distanceSymbols) {
		d.sorted.add(rows+5, symbol)
	}
	d.fixedLiterals.build(&d.sorted, 0, 0, d.symbols.literals[:], literalBits)
	d.fixedDistances.build(&d.sorted, rows, 0, d.symbols.distances[:], distanceBits)
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
	d.sorted.counts = [2 * rows]uint16{}
	for symbol, length := range lengths {
		d.sorted.add(int(length), uint16(symbol))
	}
	if !d.codeLengths.build(&d.sorted, 0, 0, d.symbols.lengths[:], 7) {
		return ErrCorrupt
	}
	if err := d.readLengths(literals, distances); err != nil {
		return err
	}
	if !d.literals.build(&d.sorted, 0, 0, d.symbols.literals[:], literalBits) ||
		!d.distances.build(&d.sorted, rows, literals, d.symbols.distances[:], distanceBits) {
		return ErrCorrupt
	}
	return nil
}

// readLengths reads the lengths of the codes of so many literals and lengths, and distances, which are themselves coded. It sorts
// them, those of distances as though they were numbered behind the others.
func (d *Decoder) readLengths(literals, distances int) error {
	sorted, previous, count := &d.sorted, uint8(0), literals+distances
	sorted.counts = [2 * rows]uint16{}
	input, at, held, nbits := d.input, d.at, d.held, d.bits
	entries, mask := d.codeLengths.entries, uint64(1)<<d.codeLengths.bits-1
	for i := 0; i < count; {
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
			return ErrCorrupt
		case e == 0 || took > nbits:
			return ErrCut
		}
		held >>= took
		nbits -= took
		symbol := e >> payload
		if symbol < 16 {
			previous = uint8(symbol)
			sorted.add(int(previous)+second(i, literals), uint16(i))
			i++
			continue
		}
		extra, repeat := uint(7), 11
		switch symbol {
		case 16:
			if i == 0 {
				return ErrCorrupt
			}
			extra, repeat = 2, 3
		case 17:
			extra, repeat = 3, 3
		}
		if nbits < extra {
			return ErrCut
		}
		repeat += int(held & (1<<extra - 1))
		held >>= extra
		nbits -= extra
		if repeat > count-i {
			return ErrCorrupt
		}
		if symbol != 16 {
			previous = 0
		}
		if previous == 0 {
			i += repeat
			continue
		}
		for end := i + repeat; i < end; i++ {
			sorted.add(int(previous)+second(i, literals), uint16(i))
		}
	}
	d.at, d.held, d.bits = at, held&(1<<nbits-1), nbits
	return nil
}

// second returns the first row of the second alphabet for the symbols that are numbered behind those of the first, else 0.
func second(symbol, first int) int { return ^((symbol - first) >> (bits.UintSize - 1)) & rows }
