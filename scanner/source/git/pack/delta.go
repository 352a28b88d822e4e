package pack

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"math/bits"

	"github.com/jwtleak/jwtleak/scanner/source/git/history"
)

// A delta makes an object of its base (gitformat-pack(5), "Deltified representation"): two sizes, then instructions, each
// to copy a range of the base or to insert bytes that follow it.
type delta struct {
	baseSize, size int64
	instructions   []byte
}

// parseDelta reads the sizes in front of a delta's instructions.
func parseDelta(text []byte) (delta, error) {
	baseSize, n := deltaSize(text)
	size, m := deltaSize(text[n:])
	if n == 0 || m == 0 {
		return delta{}, fmt.Errorf("delta: %w", errCorrupt)
	}
	return delta{baseSize, size, text[n+m:]}, nil
}

// deltaSize reads a size, lowest seven bits first, and how many bytes it takes; none where it is no size.
func deltaSize(text []byte) (size int64, n int) {
	for i, c := range text {
		if i == 9 {
			break
		}
		size |= int64(c&0x7f) << (7 * i)
		if c < 0x80 {
			return size, i + 1
		}
	}
	return 0, 0
}

// copyForms say, for the lower seven bits of a copy instruction, where in the bytes behind it its offset and size are. Which bytes
// there are is as good as random, so that deciding each by itself costs more than all of this.
type copyForms [128]copyForm

// A copyForm says how to have the offset and the size of a copy instruction of the word behind its operation code.
type copyForm struct {
	offsetMask, sizeMask uint32
	offsetBy             uint8 // how many bits the offset goes up, its lowest bytes being left out
	sizeFrom, sizeBy     uint8 // where the size is, and as above
	length               uint8 // in bytes
	hasHole              bool  // a byte between others is left out
	_                    [3]uint8
}

func newCopyForms() *copyForms {
	var forms copyForms
	for op := range forms {
		form := &forms[op]
		offset, size := uint8(op&0xf), uint8(op>>4)
		form.offsetMask, form.offsetBy = bytesOf(offset)
		form.sizeMask, form.sizeBy = bytesOf(size)
		form.sizeFrom = uint8(8 * bits.OnesCount8(offset))
		form.length = uint8(bits.OnesCount8(offset | size<<4))
		form.hasHole = !isRun(offset) || !isRun(size)
	}
	return &forms
}

// bytesOf returns a mask of as many bytes as there are, and by how many bits the lowest is up.
func bytesOf(present uint8) (mask uint32, by uint8) {
	if present == 0 {
		return 0, 0
	}
	return uint32(1<<(8*bits.OnesCount8(present)) - 1), uint8(8 * bits.TrailingZeros8(present))
}

// isRun reports whether no byte is left out between others.
func isRun(present uint8) bool {
	return present == 0 || bits.OnesCount8(present) == bits.Len8(present)-bits.TrailingZeros8(present)
}

// copied reads what follows the operation code of a copy instruction: the range, and how many bytes say so.
func (f *copyForms) copied(op byte, text []byte) (offset, size, n int) {
	form := &f[op&0x7f]
	if len(text) < 8 || form.hasHole {
		return copiedPlain(op, text)
	}
	word := binary.LittleEndian.Uint64(text)
	size = int(uint32(word>>(form.sizeFrom&63)) & form.sizeMask << (form.sizeBy & 31))
	if size == 0 {
		size = 0x10000
	}
	return int(uint32(word) & form.offsetMask << (form.offsetBy & 31)), size, int(form.length)
}

// copiedPlain is copied, byte by byte.
func copiedPlain(op byte, text []byte) (offset, size, n int) {
	for bit := range 7 {
		if op>>bit&1 == 0 {
			continue
		}
		value := 0
		if n < len(text) {
			value = int(text[n])
		}
		if n++; bit < 4 {
			offset |= value << (8 * bit)
		} else {
			size |= value << (8 * (bit - 4))
		}
	}
	if size == 0 {
		size = 0x10000
	}
	return offset, size, n
}

// apply puts the object together in output, whose length is the delta's size. What the capacity of output has behind it
// may be written over.
func (f *copyForms) apply(output, base []byte, d delta) error {
	_, err := f.applyNoting(nil, math.MaxInt, output, base, d)
	return err
}

// applyNoting is apply, and appends to dst the copied ranges that are longer than so many bytes.
func (f *copyForms) applyNoting(dst []history.Copied, than int, output, base []byte, d delta) ([]history.Copied, error) {
	if d.baseSize != int64(len(base)) || d.size != int64(len(output)) {
		return dst, fmt.Errorf("delta: it is not of this base: %w", errCorrupt)
	}
	out, text := 0, d.instructions
	for len(text) > 0 {
		op := text[0]
		text = text[1:]
		var piece []byte
		if op >= 0x80 {
			offset, size, n := f.copied(op, text)
			if n > len(text) || offset+size > len(base) {
				return dst, fmt.Errorf("delta: %w", errCorrupt)
			}
			text = text[n:]
			piece = base[offset : offset+size]
			if size > than {
				dst = append(dst, history.Copied{Start: out, End: out + size, From: offset})
			}
		} else {
			if op == 0 || int(op) > len(text) {
				return dst, fmt.Errorf("delta: %w", errCorrupt)
			}
			piece = text[:op]
			text = text[op:]
		}
		if len(piece) > len(output)-out {
			return dst, fmt.Errorf("delta: %w", errCorrupt)
		}
		put(output, out, piece)
		out += len(piece)
	}
	if out != len(output) {
		return dst, fmt.Errorf("delta: %w", errCorrupt)
	}
	return dst, nil
}

// put copies a piece to output[at:]. Most are short, and those are copied in two words, with what lies behind them.
func put(output []byte, at int, piece []byte) {
	if len(piece) <= 16 && cap(piece) >= 16 && cap(output)-at >= 16 {
		from, to := piece[:16], output[at:at+16]
		first, second := binary.LittleEndian.Uint64(from), binary.LittleEndian.Uint64(from[8:])
		binary.LittleEndian.PutUint64(to, first)
		binary.LittleEndian.PutUint64(to[8:], second)
		return
	}
	copy(output[at:], piece)
}

// condensed appends to dst what of a delta's result is new: what is inserted, and reach bytes at each end of what is
// copied. A short copy is taken whole. Text that does not meet in the result may meet here, so that a candidate may be
// seen where there is none, but none is missed that does not lie within one copied range.
//
// It appends the beginning of the result to prefix as well, as far as its capacity goes.
func (f *copyForms) condensed(dst, prefix, base []byte, d delta, reach int) (text2, prefix2 []byte, err error) {
	if d.baseSize != int64(len(base)) {
		return dst, prefix, fmt.Errorf("delta: it is not of this base: %w", errCorrupt)
	}
	left, text := d.size, d.instructions
	for len(text) > 0 {
		op := text[0]
		text = text[1:]
		var piece []byte
		if op >= 0x80 {
			offset, size, n := f.copied(op, text)
			if n > len(text) || offset+size > len(base) {
				return dst, prefix, fmt.Errorf("delta: %w", errCorrupt)
			}
			text = text[n:]
			piece = base[offset : offset+size]
		} else {
			if op == 0 || int(op) > len(text) {
				return dst, prefix, fmt.Errorf("delta: %w", errCorrupt)
			}
			piece = text[:op]
			text = text[op:]
		}
		if left -= int64(len(piece)); left < 0 {
			return dst, prefix, fmt.Errorf("delta: %w", errCorrupt)
		}
		if room := cap(prefix) - len(prefix); room > 0 {
			prefix = append(prefix, piece[:min(room, len(piece))]...)
		}
		if op < 0x80 || len(piece) <= 2*reach {
			dst = add(dst, piece)
			continue
		}
		dst = add(dst, piece[:reach])
		dst = add(dst, piece[len(piece)-reach:])
	}
	if left != 0 {
		return dst, prefix, fmt.Errorf("delta: %w", errCorrupt)
	}
	return dst, prefix, nil
}

// add appends a piece, as put copies it.
func add(dst, piece []byte) []byte {
	if cap(dst)-len(dst) < len(piece)+16 {
		return append(dst, piece...)
	}
	at := len(dst)
	dst = dst[:at+len(piece)]
	put(dst, at, piece)
	return dst
}

// A deltaReader reads what a delta makes of a base.
type deltaReader struct {
	forms        *copyForms
	base         []byte
	instructions []byte
	piece        []byte // what is left of what the last one gives
}

// Read implements io.Reader.
func (r *deltaReader) Read(b []byte) (int, error) {
	for len(r.piece) == 0 && len(b) > 0 {
		if len(r.instructions) == 0 {
			return 0, io.EOF
		}
		op, left := r.instructions[0], r.instructions[1:]
		if op < 0x80 {
			if op == 0 || int(op) > len(left) {
				return 0, fmt.Errorf("delta: %w", errCorrupt)
			}
			r.piece, r.instructions = left[:op], left[op:]
			continue
		}
		offset, size, n := r.forms.copied(op, left)
		if n > len(left) || offset+size > len(r.base) {
			return 0, fmt.Errorf("delta: %w", errCorrupt)
		}
		r.piece, r.instructions = r.base[offset:offset+size], left[n:]
	}
	n := copy(b, r.piece)
	r.piece = r.piece[n:]
	return n, nil
}
