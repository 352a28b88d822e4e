package container

import (
	"bytes"
	"context"
	"errors"
	"io"

	"github.com/klauspost/compress/zip"
)

// zip shows the files of t.
func (w *walker) zip(ctx context.Context, t *text) error {
	if t.at == nil {
		held, err := io.ReadAll(io.LimitReader(t.sequence(), w.limits.MaxMemory+1))
		if err != nil {
			return err
		}
		if int64(len(held)) > w.limits.MaxMemory {
			return w.problem(t, Zip, errors.New("too large to be held in memory"))
		}
		t.hold(held)
	}
	var archive *zip.Reader
	err := guard(func() (err error) { archive, err = zip.NewReader(t.at, t.size); return err })
	if err != nil {
		if err := w.problem(t, Zip, err); err != nil {
			return err
		}
		return w.leaf(ctx, t)
	}
	var names bytes.Buffer
	for _, file := range archive.File {
		if err := w.entry(); err != nil {
			return w.problem(t, Zip, err)
		}
		names.WriteString(file.Name + "\n" + file.Comment + "\n")
		if err := w.zipEntry(ctx, t, file); err != nil {
			return err
		}
	}
	names.WriteString(archive.Comment)
	return w.part(ctx, t, "(names and comments)", names.Bytes())
}

func (w *walker) zipEntry(ctx context.Context, t *text, file *zip.File) error {
	child := t.inside(file.Name)
	if !file.Modified.IsZero() {
		child.modified = file.Modified
	}
	if file.Flags&1 != 0 {
		return w.problem(child, Zip, errors.New("encrypted"))
	}
	var content io.ReadCloser
	err := guard(func() (err error) { content, err = file.Open(); return err })
	if err != nil {
		return w.problem(child, Zip, err)
	}
	defer content.Close() //nolint:errcheck // reading only
	output := w.decode(ctx, content)
	child.reader = output
	if err := w.text(ctx, child); err != nil {
		return err
	}
	if err := output.failure(); err != nil {
		return w.problem(child, Zip, err)
	}
	return nil
}
