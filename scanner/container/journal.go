package container

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/pierrec/lz4/v4"

	"github.com/jwtleak/jwtleak/scanner/finding"
)

// A journal of systemd is a header and objects, one behind the other. A data object has one field of a log's entries, such as its
// message; a long one is compressed. (systemd's "Journal File Format")
const (
	journalMagic      = "LPKSHHRH"
	journalHead       = 208 // bytes of the header that each version has
	journalObject     = 16  // bytes of an object's own header
	journalData       = 64  // bytes in front of a data object's payload
	journalDataTight  = 72  // the same in a compact file
	journalIsCompact  = 1 << 4
	journalObjectData = 1
	journalLastType   = 7
	// journalTries is how many times, behind what is broken, something that may be an object is held against what lies behind it.
	// In a text that is made of such each is a read.
	journalTries = 1 << 18
)

// How a payload is compressed.
const (
	journalXZ   = 1
	journalLZ4  = 2
	journalZstd = 4
)

var (
	errObjects = errors.New("broken objects, behind which others were looked for")
	errObject  = errors.New("broken data object")
	errTries   = errors.New("too many broken objects, from which on none is unpacked")
)

// journal shows the payloads of t that are compressed, and then all else as it is, at its place.
func (w *walker) journal(ctx context.Context, t *text) error {
	w.containers++
	j := &journal{walker: w, of: t, near: windowOf(t), tries: journalTries, claim: claim{walker: w}}
	defer j.claim.release()
	if failure := j.header(); failure != nil {
		return w.broken(ctx, t, Journal, nil, failure)
	}
	failure, err := j.objects(ctx)
	if err != nil {
		return err
	}
	for _, failure := range append([]error{failure}, j.failures()...) {
		if failure != nil {
			if err := w.problem(t, Journal, failure); err != nil {
				return err
			}
		}
	}
	if len(j.shown) > 0 {
		rest := *t
		rest.held, rest.at = nil, &blanked{at: t.at, spans: j.shown}
		return w.leaf(ctx, &rest)
	}
	return w.leaf(ctx, t)
}

// A journal is one that is being read.
type journal struct {
	walker *walker
	of     *text
	near   io.ReaderAt
	first  int64  // where the objects begin
	last   int64  // where the last of them does
	data   int64  // bytes in front of a payload
	shown  []span // payloads that were shown
	room   []byte
	claim  claim // of room, and as much again for what is in it
	breaks int   // places where there is no object that is sound
	tries  int   // that may still be made to find one behind them
	failed int   // payloads that are not unpacked
	why    error
}

func (j *journal) header() error {
	var header [journalHead]byte
	if n, _ := j.near.ReadAt(header[:], 0); n < len(header) {
		return io.ErrUnexpectedEOF
	}
	j.data = journalData
	if binary.LittleEndian.Uint32(header[12:])&journalIsCompact != 0 {
		j.data = journalDataTight
	}
	size := binary.LittleEndian.Uint64(header[88:])
	if size < journalHead || size > 1<<16 || size%8 != 0 {
		return errors.New("broken header")
	}
	j.first, j.last = int64(size), int64(min(binary.LittleEndian.Uint64(header[136:]), uint64(j.of.size)))
	return nil
}

// objects shows the payloads. The failure is a limit.
func (j *journal) objects(ctx context.Context) (failure, err error) {
	sound := true
	for at := j.first; at+journalObject <= j.of.size; {
		object, ok := j.object(at)
		if !ok && at > j.last {
			return nil, nil // room that was not written to
		}
		if ok && !sound { // by chance, perhaps
			if j.tries--; j.tries < 0 {
				return errTries, nil
			}
			next := at + aligned(object.size)
			_, ok = readJournalObject(j.of.at, next, j.of.size) // not near, which is to stay where it is
			ok = ok || next > j.last
		}
		if !ok {
			if sound {
				j.breaks++
			}
			if sound, at = false, at+8; at&0x1fff == 0 && ctx.Err() != nil {
				return nil, ctx.Err()
			}
			continue
		}
		sound = true
		if object.kind == journalObjectData && object.flags != 0 && object.size > j.data {
			if failure, err := j.show(ctx, at, object); failure != nil || err != nil {
				return failure, err
			}
		}
		at += aligned(object.size)
	}
	return nil, nil
}

// aligned returns where the next object begins behind one of a size.
func aligned(size int64) int64 { return (size + 7) &^ 7 }

type journalObjectHeader struct {
	kind, flags byte
	size        int64
}

// object reads the header of the object at a place, and returns false where there is none.
func (j *journal) object(at int64) (object journalObjectHeader, ok bool) {
	return readJournalObject(j.near, at, j.of.size)
}

func readJournalObject(text io.ReaderAt, at, end int64) (object journalObjectHeader, ok bool) {
	var header [journalObject]byte
	if n, _ := text.ReadAt(header[:], at); n < len(header) {
		return object, false
	}
	object.kind, object.flags = header[0], header[1]
	size := binary.LittleEndian.Uint64(header[8:])
	if object.kind == 0 || object.kind > journalLastType || size < journalObject || size > uint64(end-at) ||
		string(header[2:8]) != "\x00\x00\x00\x00\x00\x00" {
		return object, false
	}
	object.size = int64(size)
	switch object.flags {
	case 0:
		return object, true
	case journalXZ, journalLZ4, journalZstd:
		return object, object.kind == journalObjectData
	}
	return object, false
}

// show shows the payload of the data object at a place.
func (j *journal) show(ctx context.Context, at int64, object journalObjectHeader) (failure, err error) {
	w := j.walker
	if failure := w.entry(); failure != nil {
		return failure, nil
	}
	payload := span{at + j.data, at + object.size}
	text, release, failure := j.unpack(ctx, payload, object.flags)
	switch {
	case errors.Is(failure, errExpansion):
		return failure, nil
	case failure != nil:
		if j.failed++; j.why == nil {
			j.why = failure
		}
		return nil, nil
	}
	defer release()
	child := j.of.labelled(fmt.Sprintf("object at %d", at))
	child.hold(text)
	j.shown = append(j.shown, payload)
	return nil, w.text(ctx, child)
}

// unpack returns what is in a payload. Its memory is taken off the budget, and what of it is large is claimed; release gives
// that back.
func (j *journal) unpack(ctx context.Context, at span, flags byte) (text []byte, release func(), err error) {
	size := at.end - at.start
	if size > j.walker.limits.MaxMemory {
		return nil, nil, errMemory
	}
	var payload []byte
	if j.of.held != nil {
		payload = j.of.held[at.start:at.end]
	} else {
		if err := j.claim.raise(2 * size); err != nil {
			return nil, nil, err
		}
		if int64(len(j.room)) < size {
			j.room = make([]byte, size)
		}
		payload = j.room[:size]
		if n, _ := j.near.ReadAt(payload, at.start); int64(n) < size {
			return nil, nil, io.ErrUnexpectedEOF
		}
	}
	switch flags {
	case journalZstd:
		return j.walker.unzstd(payload)
	case journalLZ4:
		return j.walker.unlz4(payload)
	default:
		return j.walker.unxz(ctx, payload)
	}
}

// failures returns what is to be told.
func (j *journal) failures() (failures []error) {
	if j.breaks > 0 {
		failures = append(failures, fmt.Errorf("%s with %w", finding.CountOf(j.breaks, "place", "places"), errObjects))
	}
	if j.failed > 0 {
		failures = append(failures, fmt.Errorf("%s not unpacked: %w", finding.CountOf(j.failed, "data object is", "data objects are"), j.why))
	}
	return failures
}

// unlz4 returns the text of a block of LZ4 that stands behind its length, as unzstd does.
func (w *walker) unlz4(payload []byte) (text []byte, release func(), err error) {
	if len(payload) < 8 {
		return nil, nil, io.ErrUnexpectedEOF
	}
	size, block := binary.LittleEndian.Uint64(payload), payload[8:]
	const most = 255 // bytes of text that one of a block comes to
	switch {
	case size > uint64(len(block))*most:
		return nil, nil, errObject
	case size > uint64(w.limits.MaxMemory):
		return nil, nil, errMemory
	case !w.budget.spend(int(size)):
		return nil, nil, errExpansion
	}
	claim := &claim{walker: w}
	if err := claim.raise(int64(size)); err != nil {
		return nil, nil, err
	}
	text = make([]byte, size)
	n := 0
	if err := guard(func() (err error) { n, err = lz4.UncompressBlock(block, text); return err }); err != nil || n < len(text) {
		claim.release()
		return nil, nil, errObject
	}
	return text, claim.release, nil
}

// A blanked text has zeros in the place of what was shown in another form.
type blanked struct {
	at    io.ReaderAt
	spans []span // in order
}

// ReadAt implements io.ReaderAt.
func (b *blanked) ReadAt(p []byte, offset int64) (int, error) {
	n, err := b.at.ReadAt(p, offset)
	end := offset + int64(n)
	first, _ := slices.BinarySearchFunc(b.spans, offset+1, func(s span, offset int64) int { return int(min(max(s.end-offset, -1), 1)) })
	for _, s := range b.spans[first:] {
		if s.start >= end {
			break
		}
		clear(p[max(s.start, offset)-offset : min(s.end, end)-offset])
	}
	return n, err
}
