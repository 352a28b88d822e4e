package container

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/jwtleak/jwtleak/scanner/finding"
)

// A log of LevelDB (*.log, MANIFEST-*) has what was written since the last table was, in records, which are cut into pieces
// where a block of 32 KiB ends. (LevelDB's doc/log_format.md)
const (
	logBlock    = 32 << 10
	logHeader   = 7 // bytes: a checksum, a length and a type
	logBatch    = 12
	unreadLabel = "(unread data)"
	// logShown is how much text of records is shown at once, in bytes.
	logShown = 4 << 10
)

// The types of pieces.
const (
	logFull = 1 + iota
	logFirst
	logMiddle
	logLast
)

var errLogPieces = errors.New("broken records, which are searched as they are")

// isLog reports whether a text begins as a log does: with a record whose checksum matches, or, where it is longer than what is
// at hand, one that has changes to a database. One of several pieces fills its block.
func isLog(prefix []byte) bool {
	if len(prefix) < logHeader+2 || prefix[6] != logFull && prefix[6] != logFirst {
		return false
	}
	size := int(binary.LittleEndian.Uint16(prefix[4:]))
	if size == 0 || size > logBlock-logHeader || prefix[6] == logFirst && size != logBlock-logHeader {
		return false
	}
	if logHeader+size <= len(prefix) {
		return isPiece(prefix[:logHeader+size])
	}
	batch := prefix[logHeader:]
	return len(batch) > logBatch && batch[6] == 0 && batch[7] == 0 && binary.LittleEndian.Uint32(batch[8:]) != 0 && batch[11] == 0 &&
		batch[logBatch] <= 1
}

// isPiece reports whether the checksum of a piece matches.
func isPiece(piece []byte) bool {
	return isMasked(binary.LittleEndian.Uint32(piece), piece[6:], nil)
}

// levelDBLog shows what is in the records of t. What was not written to its end at the end of a log, as a crash or a copy of one
// in use leaves it, is shown as it is and is no problem.
func (w *walker) levelDBLog(ctx context.Context, t *text) error {
	source := t.tape()
	first := source.peek(logBlock)
	if len(first) < logHeader || logHeader+int(binary.LittleEndian.Uint16(first[4:])) > len(first) ||
		!isPiece(first[:logHeader+int(binary.LittleEndian.Uint16(first[4:]))]) {
		return w.remainder(ctx, t, source)
	}
	w.containers++
	log := &levelDBLog{walker: w, of: t, claim: claim{walker: w}}
	defer log.claim.release()
	block := make([]byte, logBlock)
	for {
		n, err := io.ReadFull(source, block)
		if n == 0 {
			break
		}
		failure, err2 := log.block(ctx, block[:n])
		if err2 != nil {
			return err2
		}
		if failure != nil {
			if err := errors.Join(w.problem(t, LevelDBLog, failure), log.show(ctx), log.showUnread(ctx)); err != nil {
				return err
			}
			return w.rest(ctx, t, source)
		}
		if err != nil {
			break
		}
	}
	return log.end(ctx)
}

// A levelDBLog is a log that is being read.
type levelDBLog struct {
	walker *walker
	of     *text
	claim  claim
	record []byte // the pieces of one that have come
	within bool   // one has begun
	number int    // of records
	first  int    // the number of the first that is not shown yet
	shown  levelDBEntries
	unread []byte // what can't be read as records and is not shown yet
	broken int
}

// block takes in the pieces in a block. The failure is a limit.
func (l *levelDBLog) block(ctx context.Context, block []byte) (failure, err error) {
	for len(block) >= logHeader {
		size := int(binary.LittleEndian.Uint16(block[4:]))
		kind := block[6]
		if kind == 0 && size == 0 && len(bytes.Trim(block, "\x00")) == 0 {
			return nil, nil // room that was not written to
		}
		if logHeader+size > len(block) || kind < logFull || kind > logLast || !isPiece(block[:logHeader+size]) {
			if len(block) == logBlock || logHeader+size <= len(block) {
				l.broken++
			}
			return nil, errors.Join(l.cutShort(ctx), l.raw(ctx, block))
		}
		if failure, err := l.piece(ctx, kind, block[logHeader:logHeader+size]); failure != nil || err != nil {
			return failure, err
		}
		block = block[logHeader+size:]
	}
	if len(bytes.Trim(block, "\x00")) > 0 {
		return nil, l.raw(ctx, block)
	}
	return nil, nil
}

// piece takes in a piece of a record.
func (l *levelDBLog) piece(ctx context.Context, kind byte, data []byte) (failure, err error) {
	begins := kind == logFull || kind == logFirst
	if begins == l.within { // a piece is missing
		l.broken++
		if err := l.cutShort(ctx); err != nil {
			return nil, err
		}
	}
	if kind == logFull {
		return l.whole(ctx, data)
	}
	if size := int64(len(l.record) + len(data)); size > l.walker.limits.MaxMemory {
		return errMemory, l.cutShort(ctx)
	} else if err := l.claim.raise(2 * size); err != nil { // it is copied while it grows
		return err, l.cutShort(ctx)
	}
	l.record, l.within = append(l.record, data...), true
	if kind != logLast {
		return nil, nil
	}
	record := l.record
	l.record, l.within = l.record[:0], false
	return l.whole(ctx, record)
}

// whole takes in a record: changes to a database, each a key with its value or one that is deleted.
func (l *levelDBLog) whole(ctx context.Context, record []byte) (failure, err error) {
	l.begin()
	if len(record) < logBatch {
		l.shown.line(record)
		return nil, nil
	}
	if failure := l.walker.entry(); failure != nil {
		return failure, l.raw(ctx, record)
	}
	changes := record[logBatch:]
	for len(changes) > 0 {
		kind := changes[0]
		key, rest, ok := lengthed(changes[1:])
		var value []byte
		if ok && kind == 1 {
			value, rest, ok = lengthed(rest)
		}
		if !ok || kind > 1 {
			break
		}
		if failure, err := l.shown.add(ctx, key, value); failure != nil || err != nil {
			return failure, err
		}
		changes = rest
	}
	switch {
	case len(changes) == len(record)-logBatch:
		l.shown.line(record) // of a manifest, or another program's
	case len(changes) > 0:
		l.shown.line(changes)
	}
	if len(l.shown.lines) < logShown {
		return nil, nil
	}
	return nil, l.show(ctx)
}

// begin begins a record.
func (l *levelDBLog) begin() {
	if l.number++; l.first == 0 {
		l.first = l.number
		l.shown = levelDBEntries{walker: l.walker, of: l.of, lines: l.shown.lines[:0]}
	}
	l.shown.name, l.shown.entry = fmt.Sprintf("record %d", l.number), 0
}

// show shows the records since the last that was shown.
func (l *levelDBLog) show(ctx context.Context) error {
	if l.first > 0 && l.first < l.number {
		l.shown.name = fmt.Sprintf("records %d-%d", l.first, l.number)
	}
	l.first = 0
	err := l.shown.show(ctx)
	l.shown.lines = l.shown.lines[:0]
	return err
}

// cutShort shows the pieces of a record whose others are missing.
func (l *levelDBLog) cutShort(ctx context.Context) error {
	record := l.record
	l.record, l.within = l.record[:0], false
	if len(record) == 0 {
		return nil
	}
	return l.raw(ctx, record)
}

// raw shows what can't be read as a record. What is short is shown together with more of it.
func (l *levelDBLog) raw(ctx context.Context, data []byte) error {
	if len(data) < logShown {
		l.unread = append(append(l.unread, data...), '\n')
		if len(l.unread) < 2*logShown {
			return nil
		}
		data = nil
	}
	if err := errors.Join(l.show(ctx), l.showUnread(ctx)); err != nil {
		return err
	}
	return l.walker.part(ctx, l.of, unreadLabel, data)
}

func (l *levelDBLog) showUnread(ctx context.Context) error {
	defer func() { l.unread = l.unread[:0] }()
	return l.walker.part(ctx, l.of, unreadLabel, l.unread)
}

// end shows what is left, and tells what was broken.
func (l *levelDBLog) end(ctx context.Context) error {
	if err := errors.Join(l.show(ctx), l.cutShort(ctx), l.showUnread(ctx)); err != nil || l.broken == 0 {
		return err
	}
	failure := fmt.Errorf("%s in %w", finding.CountOf(l.broken, "place", "places"), errLogPieces)
	return l.walker.problem(l.of, LevelDBLog, failure)
}

// lengthed returns what is at the start of b behind its length, and what follows it.
func lengthed(b []byte) (data, rest []byte, ok bool) {
	size, n := binary.Uvarint(b)
	if n <= 0 || size > uint64(len(b)-n) {
		return nil, nil, false
	}
	return b[n : n+int(size)], b[n+int(size):], true
}
