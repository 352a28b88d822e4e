package pack

import (
	"fmt"
	"io"
	"math/bits"
	"slices"
	"sort"
)

// A part of an object that a chain of deltas makes: a range of the object that the chain begins with, or text that one of the
// deltas inserts.
type part struct {
	end  int64  // of the part, in the object
	from int64  // in the chain's beginning; of no meaning where there is text
	text []byte // what is inserted
}

// maxParts bounds the parts of one object, which take 40 bytes each. Those of a chain that git makes come nowhere near it.
const maxParts = 1 << 20

// partsOf returns the parts of what a delta makes of an object, base, which has so many bytes. That consists of parts itself,
// or is the chain's beginning where these are nil. They are put where dst has room, which is none of the base's.
func (f *copyForms) partsOf(dst []part, d delta, base []part, size int64) ([]part, error) {
	if d.baseSize != size {
		return nil, fmt.Errorf("delta: it is not of this base: %w", errCorrupt)
	}
	parts := slices.Grow(dst[:0], min(instructionsOf(d)+len(base), maxParts)+1) // not nil, though there may be none
	end := int64(0)
	for text := d.instructions; len(text) > 0; {
		op := text[0]
		text = text[1:]
		if op >= 0x80 {
			offset, length, n := f.copied(op, text)
			if n > len(text) || int64(offset+length) > size {
				return nil, fmt.Errorf("delta: %w", errCorrupt)
			}
			text = text[n:]
			parts = appendRange(parts, end, base, int64(offset), int64(length))
			end += int64(length)
		} else {
			if op == 0 || int(op) > len(text) {
				return nil, fmt.Errorf("delta: %w", errCorrupt)
			}
			end += int64(op)
			parts = append(parts, part{end: end, text: text[:op]})
			text = text[op:]
		}
		if end > d.size {
			break
		}
		if len(parts) > maxParts {
			return nil, errTooDeep
		}
	}
	if end != d.size {
		return nil, fmt.Errorf("delta: %w", errCorrupt)
	}
	return parts, nil
}

// instructionsOf counts the instructions of a delta.
func instructionsOf(d delta) (count int) {
	for text := d.instructions; len(text) > 0; count++ {
		size := int(text[0])
		if size >= 0x80 {
			size = bits.OnesCount8(text[0] & 0x7f)
		}
		text = text[min(1+size, len(text)):]
	}
	return count
}

// appendRange appends the parts of a range of the base, behind so many bytes.
func appendRange(parts []part, behind int64, base []part, offset, length int64) []part {
	if base == nil {
		return appendPart(parts, behind, part{end: behind + length, from: offset})
	}
	until := offset + length
	for i := sort.Search(len(base), func(i int) bool { return base[i].end > offset }); offset < until && len(parts) <= maxParts; i++ {
		start := int64(0)
		if i > 0 {
			start = base[i-1].end
		}
		n := min(base[i].end, until) - offset
		behind += n
		next := part{end: behind, from: base[i].from + offset - start}
		if base[i].text != nil {
			next.text = base[i].text[offset-start : offset-start+n]
		}
		parts = appendPart(parts, behind-n, next)
		offset += n
	}
	return parts
}

// appendPart appends a part that begins behind so many bytes, to the last one where it goes on with what that is a range of: a
// delta may copy in small pieces what lies together, and each of a chain at other places.
func appendPart(parts []part, behind int64, next part) []part {
	if last := len(parts) - 1; last >= 0 && next.text == nil && parts[last].text == nil && parts[last].end == behind {
		start := int64(0)
		if last > 0 {
			start = parts[last-1].end
		}
		if parts[last].from+behind-start == next.from {
			parts[last].end = next.end
			return parts
		}
	}
	return append(parts, next)
}

// A partsReader reads an object from its parts.
type partsReader struct {
	root  []byte // the chain's beginning
	parts []part
	start int64 // of the first of them, in the object
	done  int64 // how much of that has been read
}

// Read implements io.Reader.
func (r *partsReader) Read(b []byte) (read int, err error) {
	for len(r.parts) > 0 && read < len(b) {
		first := &r.parts[0]
		text := first.text
		if text == nil {
			text = r.root[first.from : first.from+first.end-r.start]
		}
		n := copy(b[read:], text[r.done:])
		read += n
		if r.done += int64(n); r.done == int64(len(text)) {
			r.parts, r.start, r.done = r.parts[1:], first.end, 0
		}
	}
	if read == 0 && len(b) > 0 {
		return 0, io.EOF
	}
	return read, nil
}
