package container

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// zipInOrder shows the entries of t by their local headers, as they come, without the directory.
func (w *walker) zipInOrder(ctx context.Context, t *text, source *tape) error {
	names := w.notes(t)
	at, failure, err := w.zipRecords(ctx, t, source, names)
	if err = errors.Join(err, names.show(ctx)); err != nil {
		return err
	}
	if failure != nil {
		if err := w.problem(t, Zip, failure); err != nil {
			return err
		}
		source.rewind(at)
		return w.rest(ctx, t, source)
	}
	return w.trailing(ctx, t, source)
}

// zipRecords reads the records of t up to the end record, or to what is none. It returns where the last one is.
func (w *walker) zipRecords(ctx context.Context, t *text, source *tape, names *notes) (at int64, failure, err error) {
	for {
		at = source.offset()
		magic := source.peek(4)
		if len(magic) == 0 {
			return at, nil, ctx.Err()
		}
		switch string(magic) {
		case zipLocal:
			failure, err = w.zipLocal(ctx, t, source, names)
		case zipCentral:
			var e zipEntry
			if e, failure = readZipCentral(source); failure == nil {
				err = names.add(ctx, e.name, e.comment)
			}
		case zip64End:
			record := source.peek(12)
			if len(record) < 12 {
				return at, io.ErrUnexpectedEOF, nil
			}
			source.skip(12 + int64(binary.LittleEndian.Uint64(record[4:])&0xffff))
		case zip64Locator:
			source.skip(20)
		case zipEnd:
			return at, nil, w.zipComment(ctx, source, names)
		case zipDescriptor, "PK00": // of an archive that was to be split, and wasn't
			source.skip(4)
		default:
			return at, nil, nil
		}
		if failure != nil || err != nil {
			return at, failure, err
		}
	}
}

func (w *walker) zipComment(ctx context.Context, source *tape, names *notes) error {
	record := source.peek(zipEndSize)
	if len(record) < zipEndSize {
		return nil
	}
	size := int(binary.LittleEndian.Uint16(record[20:]))
	source.skip(zipEndSize)
	comment := make([]byte, size)
	n, _ := io.ReadFull(source, comment)
	return names.add(ctx, string(comment[:n]))
}

// zipLocal shows the entry whose local header source stands at. The failure is what makes the entries after it
// unreadable.
func (w *walker) zipLocal(ctx context.Context, t *text, source *tape, names *notes) (failure, err error) {
	e, failure := readZipLocal(source)
	if failure == nil {
		failure = w.entry()
	}
	if failure != nil {
		return failure, nil
	}
	if err := names.add(ctx, e.name); err != nil {
		return nil, err
	}
	child := t.inside(e.name).dated(e.modified)
	if e.flags&8 == 0 {
		packed := newTape(io.LimitReader(source, e.packed), e.packed)
		if e.size > 0 || e.packed > 0 {
			err = w.zipContent(ctx, child, e, packed)
		}
		packed.skip(e.packed + 1)
		return nil, err
	}
	return w.zipUnsized(ctx, child, e, source)
}

// zipUnsized shows an entry whose sizes follow its content (section 4.3.9): only one that marks its own end can be
// read.
func (w *walker) zipUnsized(ctx context.Context, child *text, e zipEntry, source *tape) (failure, err error) {
	if e.flags&1 != 0 {
		return errEncrypted, nil
	}
	if e.method != zipDeflate && e.method != zipDeflate64 {
		return fmt.Errorf("an entry of unknown size, compression method %d", e.method), nil
	}
	reader, failure := e.open(source, w)
	if failure != nil {
		return failure, nil
	}
	end := &ending{reader: reader}
	if failure, err = w.contentAhead(ctx, child, end); failure != nil || err != nil {
		return failure, err
	}
	if !end.ended {
		if _, failure = io.Copy(io.Discard, &decoded{ctx: ctx, reader: end, budget: w.budget}); failure != nil {
			return failure, nil
		}
	}
	skipZipDescriptor(source)
	return nil, nil
}

// skipZipDescriptor skips a data descriptor, with or without signature, with sizes of four or eight bytes: whichever a
// record follows.
func skipZipDescriptor(source *tape) {
	next := source.peek(24 + 4)
	for _, size := range []int{16, 24, 12, 20} {
		if len(next) >= size+4 && string(next[size:size+2]) == "PK" || len(next) == size {
			source.skip(int64(size))
			return
		}
	}
}
