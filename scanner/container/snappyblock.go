package container

import (
	"context"
	"encoding/binary"

	"github.com/klauspost/compress/snappy"
)

// Snappy's block format, which has no magic: the length of the text, then elements, each a literal or a copy of what came
// before. (Snappy "format_description.txt")

// mostSnappy is how many bytes of text one of a block may come to: a copy of 64 takes three.
const mostSnappy = 22

// snappyExtent returns how many bytes a block takes that data begins with, and those of its text; false where data begins
// with none that is sound. It decodes nothing.
func snappyExtent(data []byte) (size int, text uint64, ok bool) {
	text, at := binary.Uvarint(data)
	if at <= 0 || at > 5 || text == 0 || text > uint64(len(data))*mostSnappy {
		return 0, 0, false
	}
	for done := uint64(0); done < text; {
		if at >= len(data) {
			return 0, 0, false
		}
		length, header, back := snappyElement(data[at:])
		if header == 0 || length > text-done || back > done {
			return 0, 0, false
		}
		at += header
		if back == 0 {
			if uint64(len(data)-at) < length {
				return 0, 0, false
			}
			at += int(length)
		}
		done += length
	}
	return at, text, true
}

// snappyElement reads an element: how many bytes of text it stands for, how long it is, without a literal's text, and how far
// back a copy goes, which is 0 for a literal. header is 0 for one that is broken.
func snappyElement(data []byte) (length uint64, header int, back uint64) {
	tag := data[0]
	var extra int
	switch {
	case tag&3 == 0 && tag>>2 < 60:
		return uint64(tag>>2) + 1, 1, 0
	case tag&3 == 0:
		extra = int(tag>>2) - 59
	default:
		extra = [4]int{0, 1, 2, 4}[tag&3]
	}
	if len(data) < 1+extra {
		return 0, 0, 0
	}
	var number uint64
	for i := extra; i > 0; i-- {
		number = number<<8 | uint64(data[i])
	}
	switch tag & 3 {
	case 0:
		return number + 1, 1 + extra, 0
	case 1:
		length, number = uint64(tag>>2&7)+4, number|uint64(tag>>5)<<8
	default:
		length = uint64(tag>>2) + 1
	}
	if number == 0 {
		return 0, 0, 0
	}
	return length, 1 + extra, number
}

// isSnappyBlock reports whether data is one block from its first byte to its last.
func isSnappyBlock(data []byte) bool {
	size, _, ok := snappyExtent(data)
	return ok && size == len(data)
}

// mayBeSnappy reports whether data, of size bytes with what follows it, begins as a block may that compresses: with a literal.
func mayBeSnappy(data []byte, size int64) bool {
	text, at := binary.Uvarint(data)
	return at > 0 && at < len(data) && data[at]&3 == 0 && text >= uint64(size) && text <= uint64(size)*mostSnappy
}

// unsnappied returns the text of a block of which snappyExtent has said that it is sound. Its memory is taken off the budget,
// and what of it is large is claimed; release gives that back.
func (w *walker) unsnappied(block []byte) (text []byte, release func(), err error) {
	claim := &claim{walker: w}
	size, err := snappy.DecodedLen(block)
	switch {
	case err != nil:
		return nil, nil, err
	case int64(size) > w.limits.MaxMemory:
		return nil, nil, errMemory
	case !w.budget.spend(size):
		return nil, nil, errExpansion
	}
	if err := claim.raise(int64(size)); err != nil {
		return nil, nil, err
	}
	if err := guard(func() (err error) { text, err = snappy.Decode(nil, block); return err }); err != nil {
		claim.release()
		return nil, nil, err
	}
	return text, claim.release, nil
}

// snappyBlock shows what is in t, a value of Chromium's IndexedDB that was compressed.
func (w *walker) snappyBlock(ctx context.Context, t *text) error {
	block := t.held
	room := &claim{walker: w}
	defer room.release()
	if block == nil {
		size := min(t.size, w.limits.MaxMemory)
		if err := room.raise(2 * size); err != nil { // and as much again for what is in it
			return w.broken(ctx, t, SnappyBlock, nil, err)
		}
		block = make([]byte, size)
		_, _ = t.at.ReadAt(block, 0)
	}
	block, ok := packedValue(block)
	if !ok {
		return w.leaf(ctx, t) // its mark is short
	}
	unpacked, give, failure := w.unsnappied(block)
	if failure != nil {
		return w.broken(ctx, t, SnappyBlock, nil, failure)
	}
	defer give()
	w.containers++
	child := t.content("", nil)
	child.hold(unpacked)
	return w.text(ctx, child)
}
