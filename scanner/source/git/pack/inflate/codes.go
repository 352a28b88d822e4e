package inflate

import "encoding/binary"

const (
	// fastInput and fastOutput are how much must be left for the fast loop to take a turn: what it reads at once, and
	// the longest match with what is written over its end.
	fastInput  = 16
	fastOutput = 258 + 16
	// Room is how much capacity behind the output, and how much input behind the stream, lets all of a stream be decoded
	// at full speed. What is written there is of no meaning.
	Room = fastOutput + 16
)

// codes decodes the symbols of a block (RFC 1951, section 3.2.5) as far as its end.
func (d *Decoder) codes(literals, distances *table) error {
	for {
		ended, err := d.fast(literals, distances)
		if ended || err != nil {
			return err
		}
		// Near the end of either buffer one symbol is decoded at a time, with every bound checked.
		if ended, err = d.careful(literals, distances); ended || err != nil {
			return err
		}
	}
}

// fast decodes while there is plenty of input and room. It holds what it works on in variables of its own.
func (d *Decoder) fast(literals, distances *table) (ended bool, err error) {
	input, at, held, nbits := d.input, d.at, d.held, d.bits
	output, out := d.output[:cap(d.output)], d.out
	literalMask, distanceMask := uint64(1)<<literals.bits-1, uint64(1)<<distances.bits-1
	lits, dists := literals.entries, distances.entries
	defer func() {
		// Bits above nbits are input that was read ahead and is read again.
		d.at, d.held, d.bits, d.out = at, held&(1<<nbits-1), nbits, out
	}()
	for at+fastInput <= len(input) && out+fastOutput <= len(output) {
		held |= binary.LittleEndian.Uint64(input[at:]) << nbits
		at += int(63-nbits) >> 3
		nbits |= 56

		e := lits[held&literalMask]
		if e&isSubtable != 0 {
			held >>= e & 0x1f
			nbits -= uint(e & 0x1f)
			e = lits[uint64(e>>payload)+held&(1<<(e>>8&0xf)-1)]
		}
		for range 2 { // with 56 bits, two literals leave enough for a match
			if e&isLiteral == 0 {
				break
			}
			held >>= e & 0x1f
			nbits -= uint(e & 0x1f)
			output[out] = byte(e >> payload)
			out++
			e = lits[held&literalMask]
			if e&isSubtable != 0 && nbits >= maxCodeBits {
				held >>= e & 0x1f
				nbits -= uint(e & 0x1f)
				e = lits[uint64(e>>payload)+held&(1<<(e>>8&0xf)-1)]
			}
		}
		if e&isLiteral != 0 {
			held >>= e & 0x1f
			nbits -= uint(e & 0x1f)
			output[out] = byte(e >> payload)
			out++
			continue
		}
		if e&(isEnd|valid) != valid {
			if e&isEnd != 0 {
				held >>= e & 0x1f
				nbits -= uint(e & 0x1f)
				return true, nil
			}
			return false, ErrCorrupt
		}
		// A length: the bits of its code, then its extra bits.
		extra := e >> 8 & 0xf
		length := int(e>>payload) + int(held>>(e&0x1f-extra)&(1<<extra-1))
		held >>= e & 0x1f
		nbits -= uint(e & 0x1f)
		if nbits < 32 {
			held |= binary.LittleEndian.Uint64(input[at:]) << nbits
			at += int(63-nbits) >> 3
			nbits |= 56
		}
		e = dists[held&distanceMask]
		if e&isSubtable != 0 {
			held >>= e & 0x1f
			nbits -= uint(e & 0x1f)
			e = dists[uint64(e>>payload)+held&(1<<(e>>8&0xf)-1)]
		}
		if e == 0 {
			return false, ErrCorrupt
		}
		extra = e >> 8 & 0xf
		distance := int(e>>payload) + int(held>>(e&0x1f-extra)&(1<<extra-1))
		held >>= e & 0x1f
		nbits -= uint(e & 0x1f)
		if distance > out {
			return false, ErrCorrupt
		}
		copyMatch(output, out, distance, length)
		out += length
	}
	return false, nil
}

// copyMatch repeats what stands distance bytes back. It may write up to 7 bytes more than length.
func copyMatch(output []byte, out, distance, length int) {
	from := out - distance
	if distance >= 8 {
		for end := out + length; out < end; out, from = out+8, from+8 {
			binary.LittleEndian.PutUint64(output[out:], binary.LittleEndian.Uint64(output[from:]))
		}
		return
	}
	for i := range length {
		output[out+i] = output[from+i]
	}
}

// careful decodes one symbol, with a match behind it if that is what it is.
func (d *Decoder) careful(literals, distances *table) (ended bool, err error) {
	e, err := d.symbol(literals)
	switch {
	case err != nil:
		return false, err
	case e&isLiteral != 0:
		if d.out >= len(d.output) {
			return false, ErrSize
		}
		d.output[d.out] = byte(e >> payload)
		d.out++
		return false, nil
	case e&isEnd != 0:
		return true, nil
	}
	extra := uint(e >> 8 & 0xf)
	if !d.need(extra) {
		return false, ErrCut
	}
	length := int(e>>payload) + int(d.take(extra))
	if e, err = d.symbol(distances); err != nil {
		return false, err
	}
	if extra = uint(e >> 8 & 0xf); !d.need(extra) {
		return false, ErrCut
	}
	distance := int(e>>payload) + int(d.take(extra))
	switch {
	case distance > d.out:
		return false, ErrCorrupt
	case length > len(d.output)-d.out:
		return false, ErrSize
	}
	for range length {
		d.output[d.out] = d.output[d.out-distance]
		d.out++
	}
	return false, nil
}

// symbol reads the code of one symbol, and none of its extra bits.
func (d *Decoder) symbol(t *table) (entry, error) {
	d.need(maxCodeBits) // there may be fewer left
	e := t.entries[d.held&(1<<t.bits-1)]
	used := uint(0)
	if e&isSubtable != 0 {
		used = t.bits
		e = t.entries[uint64(e>>payload)+d.held>>used&(1<<(e>>8&0xf)-1)]
	}
	n := used + uint(e&0x1f-e>>8&0xf)
	switch {
	case e == 0 && d.bits >= maxCodeBits:
		return 0, ErrCorrupt
	case e == 0:
		return 0, errEither(d, t)
	case n > d.bits:
		return 0, ErrCut
	}
	d.take(n)
	return e, nil
}

// errEither tells a code that is none from one whose end is missing.
func errEither(d *Decoder, t *table) error {
	if d.bits >= t.bits {
		return ErrCorrupt
	}
	return ErrCut
}
