package container

import (
	"bytes"
	"context"
	"io"
)

// executable shows t, a program or script, and the archive that it may carry: a self-extracting one, a zipapp.
func (w *walker) executable(ctx context.Context, t *text) error {
	if t.at == nil && t.depth == 0 {
		return w.leaf(ctx, t) // a stream may be without an end
	}
	release, ok, err := w.hold(t)
	if err != nil {
		return err
	}
	if !ok {
		return w.leaf(ctx, t)
	}
	defer release()
	if d, ok := findZipDirectory(t.at, t.size); ok && d.end > d.start {
		w.containers++
		return w.zipByDirectory(ctx, t, d)
	}
	if err := w.leaf(ctx, t); err != nil {
		return err
	}
	at := findArchive(t)
	if at < 0 {
		return nil
	}
	archive := t.labelled("(archive)")
	archive.depth = t.depth
	if t.held != nil {
		archive.hold(t.held[at:])
	} else {
		archive.at, archive.size = io.NewSectionReader(t.at, at, t.size-at), t.size-at
	}
	return w.text(ctx, archive)
}

// findArchive returns where in the first megabyte of a program a 7z or RAR archive starts, -1 for nowhere. A program
// that unpacks such archives may hold the mere magics too.
func findArchive(t *text) int64 {
	prefix := t.prefix(1 << 20)
	if !bytes.HasPrefix(prefix, []byte("MZ")) && !bytes.HasPrefix(prefix, []byte("\x7fELF")) {
		return -1
	}
	for _, magic := range []string{"7z\xbc\xaf\x27\x1c\x00", "Rar!\x1a\x07\x00\xcf\x90\x73", "Rar!\x1a\x07\x01\x00"} {
		if i := bytes.Index(prefix, []byte(magic)); i >= 0 {
			return int64(i)
		}
	}
	return -1
}
