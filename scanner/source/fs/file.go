package fs

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/jwtleak/jwtleak/scanner/finding"
	"github.com/jwtleak/jwtleak/scanner/source"
)

// smallFile is the size up to which a file is read whole, in bytes.
const smallFile = 256 << 10

// buffers hold small files, one after the other.
var buffers = sync.Pool{New: func() any { b := make([]byte, smallFile+1); return &b }}

// An opened file is one that is known to be regular.
type opened interface {
	io.ReadCloser
	io.ReaderAt
	// Size is in bytes, as it was when the file was opened.
	Size() int64
	// SizeNow is in bytes, as it is.
	SizeNow() (int64, error)
	Modified() time.Time
}

// errNotRegular is the error of open for what is no regular file, though it was when its directory was read.
var errNotRegular = errors.New("not a regular file any more")

// readFile shows a file to visitor, or a block device where that is what the user named. It returns errors that end the
// scan alone.
func (s *Source) readFile(ctx context.Context, in *directory, name string, device bool, place finding.FilePlace, visitor source.Visitor) error {
	file, err := open(in, name, device)
	if err != nil {
		return visitor.Problem(problem(place.Path, err))
	}
	defer file.Close() //nolint:errcheck // opened for reading only
	return s.readOpened(ctx, file, device, place, visitor)
}

func (s *Source) readOpened(ctx context.Context, file opened, device bool, place finding.FilePlace, visitor source.Visitor) error {
	if device && file.Size() == 0 {
		return s.readToEnd(ctx, file, place, visitor)
	}
	if size := file.Size(); s.options.MaxFileSize > 0 && size > s.options.MaxFileSize {
		reason := fmt.Sprintf("not read: %d bytes are more than --max-file-size", size)
		return visitor.Problem(finding.Problem{Path: place.Path, Reason: reason})
	}
	visitor.Count(finding.Stats{Files: 1})
	text := source.Text{Place: place, Modified: file.Modified()}
	if file.Size() > smallFile {
		changing := newChanging(file)
		text.Reader, text.Size = changing, file.Size()
		if err := visitor.Visit(ctx, text); err != nil || !changing.cut.Load() {
			return err
		}
		return s.cutShort(file, place, visitor)
	}
	pooled := buffers.Get().(*[]byte)
	defer buffers.Put(pooled)
	n, err := readWhole(file, *pooled)
	switch {
	case err != nil:
		return visitor.Problem(problem(place.Path, err))
	case n > smallFile:
		// It has grown since it was opened. What was read is not lost, and the rest is read as it comes.
		text.Reader, text.Size = io.MultiReader(bytes.NewReader((*pooled)[:n]), newChanging(file)), -1
	default:
		text.Bytes = (*pooled)[:n]
	}
	if err := visitor.Visit(ctx, text); err != nil || int64(n) >= file.Size() {
		return err
	}
	return s.cutShort(file, place, visitor)
}

// readToEnd shows a device whose size is not known, as seeking to its end does not tell it everywhere.
func (s *Source) readToEnd(ctx context.Context, file opened, place finding.FilePlace, visitor source.Visitor) error {
	visitor.Count(finding.Stats{Files: 1})
	var reader io.Reader = struct{ io.Reader }{file}
	var limited *io.LimitedReader
	if s.options.MaxFileSize > 0 {
		limited = &io.LimitedReader{R: file, N: s.options.MaxFileSize}
		reader = limited
	}
	err := visitor.Visit(ctx, source.Text{Place: place, Reader: reader, Size: -1})
	if err != nil || limited == nil || limited.N > 0 {
		return err
	}
	reason := fmt.Sprintf("read up to %d bytes alone: it may have more than --max-file-size", s.options.MaxFileSize)
	return visitor.Problem(finding.Problem{Path: place.Path, Reason: reason})
}

// cutShort tells of a file that ended before the size it had when it was opened, unless it still claims that size, as the
// kernel's own files may.
func (s *Source) cutShort(file opened, place finding.FilePlace, visitor source.Visitor) error {
	now, err := file.SizeNow()
	if err != nil || now >= file.Size() {
		return nil
	}
	reason := fmt.Sprintf("was cut from %d to %d bytes while it was read", file.Size(), now)
	return visitor.Problem(finding.Problem{Path: place.Path, Reason: reason})
}

// readWhole reads until the file ends or the buffer is full.
func readWhole(file opened, buffer []byte) (int, error) {
	n := 0
	for n < len(buffer) {
		read, err := file.Read(buffer[n:])
		n += read
		if errors.Is(err, io.EOF) || err == nil && read == 0 {
			return n, nil
		}
		if err != nil {
			return n, err
		}
		if int64(n) == file.Size() && n > 0 {
			// The end, by the size of the file: one more call would tell what is known.
			return n, nil
		}
	}
	return n, nil
}
