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

// fastPlain is fast in Go. It holds what it works on in variables of its own.
//
// One refill has 56 bits at least. Three literals of the first table take no more than 30; a length takes 20 after two of
// them, and a distance, after another refill, 28.
func (d *Decoder) fastPlain(literals, distances *table) (ended bool, err error) {
	input, at, held, nbits := d.input, d.at, d.held, d.bits
	output, out := d.output[:cap(d.output)], d.out
	literalMask, distanceMask := uint64(1)<<literals.bits-1, uint64(1)<<distances.bits-1
	lits, dists := literals.entries, distances.entries
	lastInput, lastOutput := len(input)-fastInput, len(output)-fastOutput
	for at <= lastInput && out <= lastOutput {
		held |= binary.LittleEndian.Uint64(input[at:]) << (nbits & 63)
		at += int(63-nbits) >> 3
		nbits |= 56

		e := lits[held&literalMask]
		if e&isLiteral != 0 {
			held >>= e & 0x1f
			nbits -= uint(e & 0x1f)
			output[out] = byte(e >> payload)
			out++
			if e = lits[held&literalMask]; e&isLiteral != 0 {
				held >>= e & 0x1f
				nbits -= uint(e & 0x1f)
				output[out] = byte(e >> payload)
				out++
				if e = lits[held&literalMask]; e&isLiteral != 0 {
					held >>= e & 0x1f
					nbits -= uint(e & 0x1f)
					output[out] = byte(e >> payload)
					out++
					continue
				}
			}
		}
		if e&(isEnd|isSubtable|valid) != valid {
			if e&isSubtable != 0 {
				held >>= e & 0x1f
				nbits -= uint(e & 0x1f)
				e = lits[uint64(e>>payload)+held&(1<<(e>>8&0xf)-1)]
				if e&isLiteral != 0 {
					held >>= e & 0x1f
					nbits -= uint(e & 0x1f)
					output[out] = byte(e >> payload)
					out++
					continue
				}
			}
			if e&isEnd != 0 {
				held >>= e & 0x1f
				nbits -= uint(e & 0x1f)
				ended = true
				break
			}
			if e == 0 {
				err = ErrCorrupt
				break
			}
		}
		// A length: the bits of its code, then its extra bits.
		extra := e >> 8 & 0xf
		length := int(e>>payload) + int(held>>((e-extra)&0x1f)&(1<<extra-1))
		held >>= e & 0x1f
		nbits -= uint(e & 0x1f)

		held |= binary.LittleEndian.Uint64(input[at:]) << (nbits & 63)
		at += int(63-nbits) >> 3
		nbits |= 56

		e = dists[held&distanceMask]
		if e&isSubtable != 0 {
			held >>= e & 0x1f
			nbits -= uint(e & 0x1f)
			e = dists[uint64(e>>payload)+held&(1<<(e>>8&0xf)-1)]
		}
		extra = e >> 8 & 0xf
		distance := int(e>>payload) + int(held>>((e-extra)&0x1f)&(1<<extra-1))
		held >>= e & 0x1f
		nbits -= uint(e & 0x1f)
		if e == 0 || distance > out {
			err = ErrCorrupt
			break
		}
		copyMatch(output, out, distance, length)
		out += length
	}
	// Bits above nbits are input that was read ahead and is read again.
	d.at, d.held, d.bits, d.out = at, held&(1<<nbits-1), nbits, out
	return ended, err
}

// copyMatch repeats what stands distance bytes back. It may write up to 15 bytes more than length.
func copyMatch(output []byte, out, distance, length int) {
	from := out - distance
	if distance >= 8 {
		// Most matches are of 16 bytes or less: two words, of which the first may be part of the second.
		source, target := output[from:from+16], output[out:out+16]
		binary.LittleEndian.PutUint64(target, binary.LittleEndian.Uint64(source))
		binary.LittleEndian.PutUint64(target[8:], binary.LittleEndian.Uint64(source[8:]))
		if length <= 16 {
			return
		}
		if distance >= length {
			copy(output[out+16:out+length], output[from+16:])
			return
		}
	}
	// What has been written is repeated too, twice as much each time.
	text := output[from : out+length]
	for done := distance; done < len(text); done *= 2 {
		copy(text[done:], text[:done])
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
