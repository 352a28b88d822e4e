package container

import (
	"encoding/binary"
	"slices"
)

// The log of a SQLite database that is written ahead ("-wal") has pages as they were written, each in a frame: a header with
// the page's number, then the page. A page may be there several times over. (Section 4 of the "Database File Format".)
const (
	walHead       = 32
	walFrame      = 24
	walLargest    = 1 << 16 // bytes of a page
	walSmallest   = 512
	walSalts      = 8 // where a frame's header has what tells it from those of an older log, which it overwrites
	walPageSizeAt = 8
)

// sqliteFrames are the frames of a log.
type sqliteFrames struct {
	list []sqliteFrame
	of   map[uint32][]int64 // the numbers of the frames of a page, in order
}

type sqliteFrame struct {
	page uint32
	salt uint64 // the same in all frames of one log
	last int64  // the last frame of its transaction
}

// openSQLiteWAL reads the headers of all frames.
func openSQLiteWAL(t *text) (*sqliteDB, bool) {
	header := make([]byte, walHead)
	if n, _ := t.at.ReadAt(header, 0); n < len(header) {
		return nil, false
	}
	size := int64(binary.BigEndian.Uint32(header[walPageSizeAt:]))
	if size < walSmallest || size > walLargest || size&(size-1) != 0 {
		return nil, false
	}
	db := &sqliteDB{at: t.at, size: t.size, head: walHead, front: walFrame, page: size, usable: size}
	db.pages = (db.size - db.head + db.front + db.page - 1) / (db.front + db.page)
	db.frames = &sqliteFrames{of: map[uint32][]int64{}}
	for number := int64(1); number <= db.pages; number++ {
		if n, _ := t.at.ReadAt(header[:walFrame], db.offset(number)-db.front); n < walFrame {
			clear(header)
		}
		db.frames.add(header)
	}
	db.frames.end()
	db.prepare()
	return db, true
}

// add takes in the header of the next frame.
func (f *sqliteFrames) add(header []byte) {
	frame := sqliteFrame{page: binary.BigEndian.Uint32(header), salt: binary.BigEndian.Uint64(header[walSalts:])}
	if n := len(f.list); n > 0 && f.list[n-1].salt != frame.salt {
		f.end() // what comes is left of a longer log
	}
	f.list = append(f.list, frame)
	f.of[frame.page] = append(f.of[frame.page], int64(len(f.list)))
	if binary.BigEndian.Uint32(header[4:]) != 0 { // the database's size, where a transaction ends
		f.end()
	}
}

// end notes that the last frame is the last of its transaction, or of what is left of it.
func (f *sqliteFrames) end() {
	last := int64(len(f.list))
	for i := len(f.list) - 1; i >= 0 && f.list[i].last == 0; i-- {
		f.list[i].last = last
	}
}

// find returns the frame that has a page as it was at the end of the transaction of another frame, or 0.
func (f *sqliteFrames) find(page uint32, from int64) int64 {
	of, frame := f.of[page], f.list[from-1]
	i, _ := slices.BinarySearch(of, frame.last+1)
	if i == 0 || f.list[of[i-1]-1].salt != frame.salt {
		return 0
	}
	return of[i-1]
}
