package container

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"
)

const (
	sqliteLong    = 64 << 10 // a value from this length on is a text of its own
	sqliteColumns = 4 << 10  // bytes of a record's header that are read at most
)

// sqliteValues collects the values of one page.
type sqliteValues struct {
	walker *walker
	of     *text
	db     *sqliteDB
	number int64
	row    int
	lines  []byte
}

// cell takes in the values of a cell's record (section 2.1). One that can't be read as a record is taken in as it is.
func (v *sqliteValues) cell(ctx context.Context, cell sqliteCell) (failure, err error) {
	v.row++
	payload := &sqlitePayload{db: v.db, rest: cell.local, left: cell.payload, from: v.number, next: cell.overflow}
	defer func() {
		if payload.lost && v.db.frames == nil { // what the log does not have is in the database
			v.db.lost++
		}
	}()
	types, ok := readSQLiteTypes(payload)
	if !ok {
		return v.value(ctx, payload, payload.left, 0)
	}
	for column, kind := range types {
		size := sqliteSize(kind)
		if kind < 12 { // NULL or a number
			_, _ = io.CopyN(io.Discard, payload, size)
			continue
		}
		if failure, err := v.value(ctx, payload, min(size, payload.left), column+1); failure != nil || err != nil {
			return failure, err
		}
	}
	if payload.left > 0 {
		failure, err = v.value(ctx, payload, payload.left, 0)
	}
	v.lines = append(v.lines, bytes.Trim(payload.slack, "\x00")...)
	return failure, err
}

// readSQLiteTypes reads a record's header. It returns false, with payload at its start, where there is none that is
// sound.
func readSQLiteTypes(payload *sqlitePayload) (types []int64, ok bool) {
	length, n := sqliteVarint(payload.rest)
	if n == 0 || length < int64(n) || length > sqliteColumns || length > payload.left || length > int64(len(payload.rest)) {
		return nil, false
	}
	total := length
	for header := payload.rest[n:length]; len(header) > 0; {
		kind, n := sqliteVarint(header)
		if n == 0 || kind < 0 {
			return nil, false
		}
		header = header[n:]
		types = append(types, kind)
		total += sqliteSize(kind)
	}
	if total != payload.left {
		return nil, false
	}
	payload.rest, payload.left = payload.rest[length:], payload.left-length
	return types, true
}

// sqliteSize returns the length of a value of a serial type.
func sqliteSize(kind int64) int64 {
	if kind >= 12 {
		return (kind - 12) / 2
	}
	return [12]int64{0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0}[kind]
}

// value takes in the next size bytes of payload.
func (v *sqliteValues) value(ctx context.Context, payload *sqlitePayload, size int64, column int) (failure, err error) {
	if size < sqliteLong {
		at := len(v.lines)
		v.lines = append(v.lines, make([]byte, size)...)
		n, _ := io.ReadFull(payload, v.lines[at:])
		v.lines = v.lines[:at+n]
		if isSnappyBlock(v.lines[at:]) {
			return v.snappy(ctx, append([]byte(nil), v.lines[at:]...), at, column)
		}
		if _, ok := Recognise(v.lines[at:], ""); !ok {
			v.lines = append(v.lines, '\n')
			return nil, nil
		}
		held := append([]byte(nil), v.lines[at:]...)
		v.lines = v.lines[:at]
		child := v.child(column)
		child.hold(held)
		return nil, v.walker.text(ctx, child)
	}
	if mayBeSnappy(payload.rest, size) && size <= v.walker.limits.MaxMemory {
		return v.longSnappy(ctx, payload, size, column)
	}
	child := v.child(column)
	child.size = size
	content := &io.LimitedReader{R: payload, N: size}
	failure, err = v.walker.content(ctx, child, content)
	_, _ = io.Copy(io.Discard, content)
	return failure, err
}

// snappy takes in a value that is a block of Snappy, as those of Firefox's Local Storage and IndexedDB are, in place of what is
// in lines from at on.
func (v *sqliteValues) snappy(ctx context.Context, block []byte, at, column int) (failure, err error) {
	text, release, failure := v.walker.unsnappied(block)
	if failure != nil {
		v.lines = append(v.lines, '\n')
		return failure, nil
	}
	defer release()
	v.lines = v.lines[:at]
	if _, ok := Recognise(text, ""); !ok && len(text) < sqliteLong {
		v.lines = append(append(v.lines, text...), '\n')
		return nil, nil
	}
	child := v.child(column)
	child.hold(text)
	return nil, v.walker.text(ctx, child)
}

// longSnappy is value for a long one that begins as a block of Snappy does.
func (v *sqliteValues) longSnappy(ctx context.Context, payload *sqlitePayload, size int64, column int) (failure, err error) {
	claim := &claim{walker: v.walker}
	if failure := claim.raise(size); failure != nil {
		return failure, nil
	}
	defer claim.release()
	value := make([]byte, size)
	n, _ := io.ReadFull(payload, value)
	if isSnappyBlock(value[:n]) {
		return v.snappy(ctx, value[:n], len(v.lines), column)
	}
	child := v.child(column)
	child.hold(value[:n])
	return nil, v.walker.text(ctx, child)
}

func (v *sqliteValues) child(column int) *text {
	return v.of.labelled(fmt.Sprintf("%s, row %d, column %d", v.name(), v.row, column))
}

// name says which page it is.
func (v *sqliteValues) name() string {
	if v.db.frames != nil {
		return fmt.Sprintf("frame %d", v.number)
	}
	return fmt.Sprintf("page %d", v.number)
}

// A sqlitePayload reads a payload through its overflow pages (section 1.6: "Cell Payload Overflow Pages").
type sqlitePayload struct {
	db    *sqliteDB
	rest  []byte // unread, of the page at hand
	left  int64  // unread, of all
	from  int64  // the page that has the cell
	next  uint32 // page, as it is numbered in the database
	buf   []byte
	slack []byte // what the last overflow page has behind the payload
	lost  bool   // there is no such page
	steps int64
}

// Read implements io.Reader.
func (p *sqlitePayload) Read(b []byte) (int, error) {
	read := 0
	for read < len(b) && p.left > 0 { // of many pages at once: who looks at the value looks at all that it has again each time
		if len(p.rest) == 0 && !p.turn() {
			p.left, p.lost = 0, true
			break
		}
		n := copy(b[read:], p.rest)
		p.rest, p.left, read = p.rest[n:], p.left-int64(n), read+n
	}
	if read == 0 && len(b) > 0 {
		return 0, io.EOF
	}
	return read, nil
}

// turn goes on to the next page. A chain that is longer than the file runs in a circle.
func (p *sqlitePayload) turn() bool {
	p.steps++
	next := p.db.overflow(p.next, p.from)
	if next < 1 || next > p.db.pages || p.steps > p.db.pages {
		return false
	}
	if p.buf == nil {
		p.buf = make([]byte, p.db.usable)
	}
	n, _ := p.db.at.ReadAt(p.buf, p.db.offset(next))
	if n <= 4 || !p.db.budget.spend(n) {
		return false
	}
	p.db.mark(next)
	p.next = binary.BigEndian.Uint32(p.buf)
	p.rest = p.buf[4:n]
	if int64(len(p.rest)) > p.left {
		p.slack = append(p.slack, p.rest[p.left:]...)
		p.rest = p.rest[:p.left]
	}
	return true
}
