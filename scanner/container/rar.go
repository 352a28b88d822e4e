package container

import (
	"context"
	"errors"
	"io"

	"github.com/nwaples/rardecode/v2"
)

// rar shows the files of t, RAR version 1.5 to 5.
func (w *walker) rar(ctx context.Context, t *text) error {
	w.containers++
	source := t.tape()
	var archive *rardecode.Reader
	failure := guard(func() (err error) {
		archive, err = rardecode.NewReader(source, rardecode.MaxDictionarySize(w.limits.window()))
		return err
	})
	if failure != nil {
		return w.broken(ctx, t, RAR, source, rarError(failure))
	}
	names := w.notes(t)
	failure, err := w.rarEntries(ctx, t, archive, names)
	if err = errors.Join(err, names.show(ctx)); err != nil {
		return err
	}
	if failure != nil {
		return w.broken(ctx, t, RAR, source, rarError(failure))
	}
	return nil
}

func (w *walker) rarEntries(ctx context.Context, t *text, archive *rardecode.Reader, names *notes) (failure, err error) {
	for {
		var header *rardecode.FileHeader
		failure := guard(func() (err error) { header, err = archive.Next(); return err })
		if failure == io.EOF { //nolint:errorlint // a wrapped one is no sound end
			return nil, nil
		}
		if failure == nil {
			failure = w.entry()
		}
		if failure != nil {
			return failure, ctx.Err()
		}
		if err := names.add(ctx, header.Name, header.LinkTarget); err != nil {
			return nil, err
		}
		if header.IsDir {
			continue
		}
		child := t.inside(header.Name).dated(header.ModificationTime)
		if header.Encrypted {
			if err := w.problem(child, RAR, errEncrypted); err != nil {
				return nil, err
			}
			continue
		}
		failure, err := w.contentAhead(ctx, child, archive)
		switch {
		case err != nil:
			return nil, err
		case errors.Is(failure, errExpansion), errors.Is(failure, errDecoder):
			return failure, nil
		case failure != nil: // the next header may yet be found
			if err := w.problem(child, RAR, rarError(failure)); err != nil {
				return nil, err
			}
		}
	}
}

// rarError names what the library's errors stand for in the words of all formats.
func rarError(err error) error {
	switch {
	case errors.Is(err, rardecode.ErrArchiveEncrypted), errors.Is(err, rardecode.ErrArchivedFileEncrypted):
		return errEncrypted
	case errors.Is(err, rardecode.ErrDictionaryTooLarge):
		return errMemory
	case errors.Is(err, rardecode.ErrBadFileChecksum):
		return errChecksum
	case errors.Is(err, rardecode.ErrMultiVolume):
		return errors.New("the archive goes on in another file")
	}
	return err
}
