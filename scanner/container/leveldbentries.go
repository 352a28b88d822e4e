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
	from   int // where it is not the first, the entry that lines begin with
	lines  []byte
}

const (
	// levelDBLong is the length from which on a value is a text of its own, in bytes.
	levelDBLong = 64 << 10
	// levelDBLines is how much of keys and values is shown at once, in bytes.
	levelDBLines = 1 << 20
)

// add takes an entry in. The failure is a limit: a key may be long that has taken a few bytes, as the same as the one before.
func (e *levelDBEntries) add(ctx context.Context, key, value []byte) (failure, err error) {
	if e.entry++; !e.walker.budget.spend(len(key)) {
		return errExpansion, nil
	}
	e.line(key)
	if failure, err := e.value(ctx, value); failure != nil || err != nil {
		return failure, err
	}
	if e.lines = append(e.lines, '\n'); len(e.lines) < levelDBLines {
		return nil, nil
	}
	err = e.show(ctx)
	e.lines, e.from = e.lines[:0], e.entry+1
	return nil, err
}

func (e *levelDBEntries) line(text []byte) {
	e.lines = append(e.lines, text...)
	e.lines = append(e.lines, '\n')
}

// value takes in a value, or something else in the place of one.
func (e *levelDBEntries) value(ctx context.Context, value []byte) (failure, err error) {
	w := e.walker
	if packed, ok := packedValue(value); ok {
		text, release, failure := w.unsnappied(packed)
		if failure != nil {
			e.line(value)
			return nil, w.problem(e.child(), LevelDB, failure)
		}
		defer release()
		e.line(value[:len(value)-len(packed)])
		value = text
	}
	_, ok := Recognise(value, "")
	if !ok && len(value) < levelDBLong {
		e.line(value)
		return nil, nil
	}
	if failure := w.entry(); failure != nil {
		return failure, nil
	}
	child := e.child()
	child.hold(value)
	return nil, w.text(ctx, child)
}

func (e *levelDBEntries) child() *text {
	return e.of.labelled(fmt.Sprintf("%s, entry %d", e.name, e.entry))
}

// show shows what was taken in.
func (e *levelDBEntries) show(ctx context.Context) error {
	if len(bytes.Trim(e.lines, "\n")) == 0 {
		return nil
	}
	name := e.name
	if e.from > 0 {
		name += fmt.Sprintf(", from entry %d", e.from)
	}
	return e.walker.part(ctx, e.of, name, e.lines)
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
