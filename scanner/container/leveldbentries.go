package container

import (
	"bytes"
	"context"
	"fmt"
)

// levelDBEntries collects keys and values of LevelDB as a text: a line each, and an empty one behind each pair. What is a
// container is a text of its own, as is what is long.
type levelDBEntries struct {
	walker *walker
	of     *text
	name   string // of the block or record
	entry  int
	lines  []byte
}

// levelDBLong is the length from which on a value is a text of its own, in bytes.
const levelDBLong = 64 << 10

// add takes an entry in.
func (e *levelDBEntries) add(ctx context.Context, key, value []byte) error {
	e.entry++
	e.line(key)
	if err := e.value(ctx, value); err != nil {
		return err
	}
	e.lines = append(e.lines, '\n')
	return nil
}

func (e *levelDBEntries) line(text []byte) {
	e.lines = append(e.lines, text...)
	e.lines = append(e.lines, '\n')
}

// value takes in a value, or something else in the place of one.
func (e *levelDBEntries) value(ctx context.Context, value []byte) error {
	w := e.walker
	if packed, ok := packedValue(value); ok {
		text, release, failure := w.unsnappied(packed)
		if failure != nil {
			e.line(value)
			return w.problem(e.child(), LevelDB, failure)
		}
		defer release()
		e.line(value[:len(value)-len(packed)])
		value = text
	}
	_, ok := Recognise(value, "")
	if !ok && len(value) < levelDBLong {
		e.line(value)
		return nil
	}
	child := e.child()
	child.hold(value)
	return w.text(ctx, child)
}

func (e *levelDBEntries) child() *text {
	return e.of.labelled(fmt.Sprintf("%s, entry %d", e.name, e.entry))
}

// show shows what was taken in.
func (e *levelDBEntries) show(ctx context.Context) error {
	if len(bytes.Trim(e.lines, "\n")) == 0 {
		return nil
	}
	return e.walker.part(ctx, e.of, e.name, e.lines)
}

// packedMark stands in front of a value of IndexedDB that Blink has compressed with Snappy: a version that no serialized
// value has, and how it was changed. (Chromium's idb_value_wrapping.cc)
const packedMark = "\xff\x11\x02"

// packedValue returns the block of Snappy that a value of Chromium's IndexedDB is, behind a number that says which change of the
// database has written it.
func packedValue(value []byte) (block []byte, ok bool) {
	at := bytes.Index(value[:min(len(value), 10+len(packedMark))], []byte(packedMark))
	if at < 0 {
		return nil, false
	}
	block = value[at+len(packedMark):]
	return block, isSnappyBlock(block)
}
