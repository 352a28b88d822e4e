package container

import (
	"archive/tar"
	"context"
	"errors"
	"io"
	"maps"
	"slices"
)

// tarBlock is the unit of a tar.
const tarBlock = 512

// tar shows the files of t, and what lies behind their end.
func (w *walker) tar(ctx context.Context, t *text) error {
	w.containers++
	source := t.tape()
	names := w.notes(t)
	failure, err := w.tarEntries(ctx, t, source, names)
	if err = errors.Join(err, names.show(ctx)); err != nil {
		return err
	}
	if failure != nil {
		if err := w.problem(t, Tar, failure); err != nil {
			return err
		}
		source.rewind(source.offset() - tarBlock)
		return w.rest(ctx, t, source)
	}
	source.skipZeros()
	return w.trailing(ctx, t, source)
}

// rest shows what source has left of t, which could not be read as t's format, as it is.
func (w *walker) rest(ctx context.Context, t *text, source *tape) error {
	if source.offset() == 0 {
		return w.remainder(ctx, t, source)
	}
	if len(source.peek(1)) == 0 {
		return nil
	}
	rest := t.labelled("(unread data)")
	rest.reader, rest.stream = source, source
	return w.leaf(ctx, rest)
}

// trailing shows what source has left of t behind its end, a further container perhaps.
func (w *walker) trailing(ctx context.Context, t *text, source *tape) error {
	if len(source.peek(1)) == 0 {
		return nil
	}
	rest := t.labelled(trailingLabel)
	rest.reader, rest.stream = source, source
	return w.text(ctx, rest)
}

// tarEntries shows the files of t. The failure is what made the archive unreadable.
func (w *walker) tarEntries(ctx context.Context, t *text, source *tape, names *notes) (failure, err error) {
	archive := tar.NewReader(source)
	for {
		var header *tar.Header
		failure = guard(func() (err error) { header, err = archive.Next(); return err })
		if failure == io.EOF { //nolint:errorlint // a wrapped one is no sound end
			return nil, nil
		}
		if failure == nil {
			failure = w.entry()
		}
		if failure != nil {
			return failure, ctx.Err()
		}
		lines := []string{header.Name, header.Linkname, header.Uname, header.Gname}
		for _, key := range slices.Sorted(maps.Keys(header.PAXRecords)) {
			lines = append(lines, key+"="+header.PAXRecords[key])
		}
		if err := names.add(ctx, lines...); err != nil {
			return nil, err
		}
		if header.Size == 0 {
			continue
		}
		child := t.inside(header.Name).dated(header.ModTime)
		child.size = header.Size
		if failure, err = w.content(ctx, child, archive); failure != nil || err != nil {
			return failure, err
		}
	}
}
