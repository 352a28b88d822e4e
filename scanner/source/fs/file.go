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
	Modified() time.Time
}

// errNotRegular is the error of open for what is no regular file.
var errNotRegular = errors.New("not a regular file")

// readFile shows a file to visitor. It returns errors that end the scan alone.
func (s *Source) readFile(ctx context.Context, path string, place finding.FilePlace, visitor source.Visitor) error {
	file, err := open(path)
	if err != nil {
		if errors.Is(err, errNotRegular) {
			return nil // it was one when the directory was read
		}
		return visitor.Problem(problem(place.Path, err))
	}
	defer file.Close() //nolint:errcheck // opened for reading only
	if size := file.Size(); s.options.MaxFileSize > 0 && size > s.options.MaxFileSize {
		reason := fmt.Sprintf("not read: %d bytes are more than --max-file-size", size)
		return visitor.Problem(finding.Problem{Path: place.Path, Reason: reason})
	}
	visitor.Count(finding.Stats{Files: 1})
	text := source.Text{Place: place, Modified: file.Modified()}
	if file.Size() > smallFile {
		text.Reader, text.Size = file, file.Size()
		return visitor.Visit(ctx, text)
	}
	pooled := buffers.Get().(*[]byte)
	defer buffers.Put(pooled)
	n, err := readWhole(file, *pooled)
	switch {
	case err != nil:
		return visitor.Problem(problem(place.Path, err))
	case n > smallFile:
		// It has grown since it was opened. What was read is not lost, and the rest is read as it comes.
		text.Reader, text.Size = io.MultiReader(bytes.NewReader((*pooled)[:n]), file), -1
	default:
		text.Bytes = (*pooled)[:n]
	}
	return visitor.Visit(ctx, text)
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
