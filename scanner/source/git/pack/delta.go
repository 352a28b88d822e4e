package pack

import "fmt"

// An instruction of a delta (gitformat-pack(5), "Deltified representation"): a range to copy from the base, or bytes to
// insert.
type instruction struct {
	insert       []byte // nil for a copy
	offset, size int
}

// A delta is the instructions that make an object of its base. It is read from the front.
type delta struct {
	rest               []byte
	baseSize, size     int64
	produced, consumed int64
}

func parseDelta(text []byte) (delta, error) {
	d := delta{rest: text}
	var ok bool
	if d.baseSize, ok = d.varint(); !ok {
		return d, fmt.Errorf("delta: %w", errCorrupt)
	}
	if d.size, ok = d.varint(); !ok {
		return d, fmt.Errorf("delta: %w", errCorrupt)
	}
	return d, nil
}

// varint reads a size, lowest seven bits first.
func (d *delta) varint() (int64, bool) {
	var value uint64
	for i, c := range d.rest {
		if i == 9 {
			return 0, false
		}
		value |= uint64(c&0x7f) << (7 * i)
		if c < 0x80 {
			d.rest = d.rest[i+1:]
			return int64(value), int64(value) >= 0
		}
	}
	return 0, false
}

// next returns the next instruction. It is false at the end; whether that is where it should be, ended says.
func (d *delta) next() (instruction, bool) {
	if len(d.rest) == 0 {
		return instruction{}, false
	}
	op := d.rest[0]
	if op < 0x80 {
		n := int(op)
		if n == 0 || len(d.rest) < n+1 || int64(n) > d.size-d.produced {
			return instruction{}, false
		}
		in := instruction{insert: d.rest[1 : n+1], size: n}
		d.rest = d.rest[n+1:]
		d.produced += int64(n)
		return in, true
	}
	at, offset, size := 1, 0, 0
	for bit := range 7 {
		if op>>bit&1 == 0 {
			continue
		}
		if at == len(d.rest) {
			return instruction{}, false
		}
		if bit < 4 {
			offset |= int(d.rest[at]) << (8 * bit)
		} else {
			size |= int(d.rest[at]) << (8 * (bit - 4))
		}
		at++
	}
	if size == 0 {
		size = 0x10000
	}
	if int64(offset)+int64(size) > d.baseSize || int64(size) > d.size-d.produced {
		return instruction{}, false
	}
	d.rest = d.rest[at:]
	d.produced += int64(size)
	return instruction{offset: offset, size: size}, true
}

// ended says whether all instructions were read and made what they should.
func (d *delta) ended() bool { return len(d.rest) == 0 && d.produced == d.size }

// apply puts the object together in output, whose length is the delta's size.
func apply(output, base, text []byte) error {
	d, err := parseDelta(text)
	if err != nil {
		return err
	}
	if d.baseSize != int64(len(base)) || d.size != int64(len(output)) {
		return fmt.Errorf("delta: it is not of this base: %w", errCorrupt)
	}
	at := 0
	for in, ok := d.next(); ok; in, ok = d.next() {
		if in.insert != nil {
			at += copy(output[at:], in.insert)
		} else {
			at += copy(output[at:], base[in.offset:in.offset+in.size])
		}
	}
	if !d.ended() {
		return fmt.Errorf("delta: %w", errCorrupt)
	}
	return nil
}

// condensed appends to dst what of a delta's result is new: what is inserted, and reach bytes at each end of what is
// copied. A short copy is taken whole. Text that does not meet in the result may meet here, so that a candidate may be
// seen where there is none, but none is missed that does not lie within one copied range.
//
// It appends the beginning of the result to prefix as well, as far as its capacity goes.
func condensed(dst, prefix, base, text []byte, reach int) (text2, prefix2 []byte, err error) {
	d, err := parseDelta(text)
	if err != nil {
		return dst, prefix, err
	}
	if d.baseSize != int64(len(base)) {
		return dst, prefix, fmt.Errorf("delta: it is not of this base: %w", errCorrupt)
	}
	for in, ok := d.next(); ok; in, ok = d.next() {
		piece := in.insert
		if piece == nil {
			piece = base[in.offset : in.offset+in.size]
		}
		if room := cap(prefix) - len(prefix); room > 0 {
			prefix = append(prefix, piece[:min(room, len(piece))]...)
		}
		if in.insert != nil || len(piece) <= 2*reach {
			dst = append(dst, piece...)
			continue
		}
		dst = append(dst, piece[:reach]...)
		dst = append(dst, piece[len(piece)-reach:]...)
	}
	if !d.ended() {
		return dst, prefix, fmt.Errorf("delta: %w", errCorrupt)
	}
	return dst, prefix, nil
}

// keeps reports whether any of the offsets of a base lies within a range that the
// delta copies.
func keeps(text []byte, offsets []int) bool {
	d, err := parseDelta(text)
	if err != nil {
		return true
	}
	for in, ok := d.next(); ok; in, ok = d.next() {
		if in.insert != nil {
			continue
		}
		for _, offset := range offsets {
			if offset >= in.offset && offset < in.offset+in.size {
				return true
			}
		}
	}
	return false
}
