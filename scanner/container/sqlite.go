package container

import (
	"context"
	"encoding/binary"
	"errors"
	"io"

	"github.com/jwtleak/jwtleak/scanner/finding"
)

// sqlite shows the values in t, a database or the log of one that is written ahead: those of a b-tree page as a text, a line each, and a long one as a text of
// its own, its overflow pages joined. Then it shows all bytes of t that are no such value - free pages, deleted rows - as
// they are, at their place. (SQLite "Database File Format"; section numbers are that page's.)
func (w *walker) sqlite(ctx context.Context, t *text, format Format) error {
	w.containers++
	open := openSQLite
	if format == SQLiteWAL {
		open = openSQLiteWAL
	}
	db, ok := open(t)
	if !ok {
		return w.broken(ctx, t, format, nil, errors.New("broken header"))
	}
	db.budget = w.budget
	failure, err := w.sqlitePages(ctx, t, db)
	if err != nil {
		return err
	}
	if failure != nil {
		if err := w.problem(t, format, failure); err != nil {
			return err
		}
		db.joined = nil // what was not shown as values is shown as bytes; better twice than not at all
		return w.leaf(ctx, t)
	}
	if db.lost > 0 {
		failure := errors.New(finding.CountOf(db.lost, "value runs", "values run") + " over pages that are not there")
		if err := w.problem(t, format, failure); err != nil {
			return err
		}
	}
	return w.visitor.Leaf(ctx, Leaf{
		Chain: append([]string(nil), t.chain...), Reader: &sqliteRest{ctx: ctx, db: db}, Size: t.size, Modified: t.modified,
	})
}

// A sqliteDB is a database file, or the log of one. Its pages are numbered as they stand there, from 1.
type sqliteDB struct {
	at      io.ReaderAt
	size    int64
	head    int64 // bytes in front of the first page
	front   int64 // bytes in front of each page
	frames  *sqliteFrames
	page    int64 // bytes of a page
	usable  int64 // bytes of a page without the reserved space
	pages   int64
	joined  []uint64 // a bit for each page that was shown as part of a value
	lost    int      // values whose overflow pages could not be followed
	scratch []byte
	budget  *budget
}

func openSQLite(t *text) (*sqliteDB, bool) {
	header := make([]byte, 100)
	if n, _ := t.at.ReadAt(header, 0); n < len(header) {
		return nil, false
	}
	db := &sqliteDB{at: t.at, size: t.size, page: int64(binary.BigEndian.Uint16(header[16:]))}
	if db.page == 1 {
		db.page = 1 << 16
	}
	db.usable = db.page - int64(header[20])
	if db.page < 512 || db.page&(db.page-1) != 0 || db.usable < 480 {
		return nil, false
	}
	db.pages = (db.size + db.page - 1) / db.page
	db.prepare()
	return db, true
}

func (db *sqliteDB) prepare() {
	db.joined = make([]uint64, db.pages/64+1)
	db.scratch = make([]byte, db.front+db.page)
}

// offset returns where page number starts.
func (db *sqliteDB) offset(number int64) int64 {
	return db.head + (number-1)*(db.front+db.page) + db.front
}

// isFirst reports whether page number is the first of the database, which has its header.
func (db *sqliteDB) isFirst(number int64) bool {
	if db.frames != nil {
		return db.frames.list[number-1].page == 1
	}
	return number == 1
}

// overflow returns the number of the overflow page that a page points to, 0 where the log does not have it.
func (db *sqliteDB) overflow(to uint32, from int64) int64 {
	if db.frames != nil {
		return db.frames.find(to, from)
	}
	return int64(to)
}

// read returns page number, counted from 1, or what there is of it, with what is in front of it. It is valid until the next
// call.
func (db *sqliteDB) read(number int64) []byte {
	if number < 1 || number > db.pages {
		return nil
	}
	n, _ := db.at.ReadAt(db.scratch, db.offset(number)-db.front)
	return db.scratch[:n]
}

// sqlitePages shows the values of every b-tree page, whether a tree has it or it is free.
func (w *walker) sqlitePages(ctx context.Context, t *text, db *sqliteDB) (failure, err error) {
	page := make([]byte, db.page)
	var cells []sqliteCell
	for number := int64(1); number <= db.pages; number++ {
		if number&1023 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		n, _ := db.at.ReadAt(page, db.offset(number))
		if cells = db.cells(page[:n], number, cells[:0]); len(cells) == 0 {
			continue
		}
		if failure := w.entry(); failure != nil {
			return failure, nil
		}
		v := sqliteValues{walker: w, of: t, db: db, number: number}
		for _, cell := range cells {
			if failure, err := v.cell(ctx, cell); failure != nil || err != nil {
				return failure, err
			}
		}
		if err := w.part(ctx, t, v.name(), v.lines); err != nil {
			return nil, err
		}
	}
	return nil, nil
}

// A sqliteCell is where a payload lies: its first part in the page, the rest in overflow pages (section 1.6).
type sqliteCell struct {
	local    []byte // page[start:end]
	payload  int64  // length of all
	overflow uint32 // first overflow page, 0 for none
}

// cells appends the cells of a b-tree page that have a payload; none of a page that is no sound one.
func (db *sqliteDB) cells(page []byte, number int64, cells []sqliteCell) []sqliteCell {
	header := 0
	if db.isFirst(number) {
		header = 100
	}
	if int64(len(page)) < db.usable {
		return nil
	}
	page = page[:db.usable]
	kind := page[header]
	pointers := header + 8
	switch kind {
	case 0x0d, 0x0a:
	case 0x02:
		pointers += 4
	default:
		return nil
	}
	count := int(binary.BigEndian.Uint16(page[header+3:]))
	if pointers+2*count > len(page) {
		return nil
	}
	for i := range count {
		at := int(binary.BigEndian.Uint16(page[pointers+2*i:]))
		if at < pointers+2*count {
			return nil
		}
		cell, ok := db.cell(page, at, kind)
		if !ok {
			return nil
		}
		cells = append(cells, cell)
	}
	return cells
}

func (db *sqliteDB) cell(page []byte, at int, kind byte) (cell sqliteCell, ok bool) {
	if kind == 0x02 {
		at += 4 // left child
	}
	if at >= len(page) {
		return cell, false
	}
	payload, n := sqliteVarint(page[at:])
	at += n
	if kind == 0x0d && n > 0 {
		var rowid int
		_, rowid = sqliteVarint(page[min(at, len(page)):])
		if rowid == 0 {
			return cell, false
		}
		at += rowid
	}
	if n == 0 || payload < 0 || payload > 1<<31 {
		return cell, false
	}
	limit := db.usable - 35
	if kind != 0x0d {
		limit = (db.usable-12)*64/255 - 23
	}
	cell.payload = payload
	local := payload
	if payload > limit {
		least := (db.usable-12)*32/255 - 23
		if local = least + (payload-least)%(db.usable-4); local > limit {
			local = least
		}
		if at+int(local)+4 > len(page) {
			return cell, false
		}
		cell.overflow = binary.BigEndian.Uint32(page[at+int(local):])
	}
	if at+int(local) > len(page) {
		return cell, false
	}
	cell.local = page[at : at+int(local)]
	return cell, true
}

// sqliteVarint reads a variable-length integer (section 1.6) and returns its length, 0 for one that is cut off.
func sqliteVarint(b []byte) (v int64, n int) {
	for i := range min(9, len(b)) {
		if i == 8 {
			return v<<8 | int64(b[i]), 9
		}
		v = v<<7 | int64(b[i]&0x7f)
		if b[i] < 0x80 {
			return v, i + 1
		}
	}
	return 0, 0
}

// mark notes that page number was shown.
func (db *sqliteDB) mark(number int64) { db.joined[number/64] |= 1 << (number % 64) }

func (db *sqliteDB) marked(number int64) bool { return db.joined[number/64]&(1<<(number%64)) != 0 }

// A sqliteRest reads a database with all values that were shown blanked out.
type sqliteRest struct {
	ctx    context.Context
	db     *sqliteDB
	number int64
	cells  []sqliteCell
	rest   []byte
	begun  bool // what is in front of the first page was read
}

// Read implements io.Reader.
func (r *sqliteRest) Read(p []byte) (int, error) {
	if len(r.rest) == 0 {
		if err := r.ctx.Err(); err != nil {
			return 0, err
		}
		if !r.next() {
			return 0, io.EOF
		}
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

// next reads the next page, and blanks the values in it out.
func (r *sqliteRest) next() bool {
	if !r.begun && r.db.head > 0 {
		r.begun, r.rest = true, make([]byte, r.db.head)
		n, _ := r.db.at.ReadAt(r.rest, 0)
		r.rest = r.rest[:n]
		return n > 0
	}
	r.number++
	r.rest = r.db.read(r.number)
	if len(r.rest) == 0 {
		return false
	}
	page := r.rest[min(r.db.front, int64(len(r.rest))):]
	if r.db.marked(r.number) {
		clear(page[:min(int64(len(page)), r.db.usable)])
		return true
	}
	r.cells = r.db.cells(page, r.number, r.cells[:0])
	for _, cell := range r.cells {
		clear(cell.local)
	}
	return true
}
