package container

import (
	"archive/tar"
	"context"
	"errors"
	"io"
)

// tar shows the files of t.
func (w *walker) tar(ctx context.Context, t *text) error {
	archive := tar.NewReader(t.sequence())
	for {
		var header *tar.Header
		err := guard(func() (err error) { header, err = archive.Next(); return err })
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil {
			err = w.entry()
		}
		if err != nil {
			return w.problem(t, Tar, err)
		}
		child := t.inside(header.Name)
		if !header.ModTime.IsZero() {
			child.modified = header.ModTime
		}
		output := w.decode(ctx, archive)
		child.reader, child.size = output, header.Size
		if err := w.text(ctx, child); err != nil {
			return err
		}
		if err := output.failure(); err != nil {
			return w.problem(child, Tar, err)
		}
	}
}
