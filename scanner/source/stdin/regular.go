package stdin

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync/atomic"

	"github.com/jwtleak/jwtleak/scanner/finding"
	"github.com/jwtleak/jwtleak/scanner/source"
	"github.com/jwtleak/jwtleak/scanner/source/pagecache"
)

// A regular file that standard input was redirected from can be read at any offset: by several goroutines, past its holes, and with what only
// its end tells of. It is read from where it stands.
type regular struct {
	file        *os.File
	start, size int64       // of what is to be read
	at          int64       // where Read stands in it
	cut         atomic.Bool // it ended before its size
}

// regularOf returns the regular file that a stream is, if it is one of a known size. The kernel's own claim to be empty.
func regularOf(stream io.Reader) (*regular, bool) {
	file, ok := stream.(*os.File)
	if !ok {
		return nil, false
	}
	info, err := file.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return nil, false
	}
	start, err := file.Seek(0, io.SeekCurrent)
	if err != nil || start >= info.Size() {
		return nil, false
	}
	return &regular{file: file, start: start, size: info.Size() - start}, true
}

// read shows the file to visitor, and leaves it read, as a stream is.
func (r *regular) read(ctx context.Context, place finding.Place, visitor source.Visitor) error {
	err := visitor.Visit(ctx, source.Text{Place: place, Reader: r, Size: r.size})
	_, _ = r.file.Seek(max(r.start+r.size, r.start+r.at), io.SeekStart) // what comes of it is for others to meet
	if err != nil || !r.cut.Load() {
		return err
	}
	info, err := r.file.Stat()
	if err != nil || info.Size() >= r.start+r.size {
		return nil //nolint:nilerr // as with files: it claims its size
	}
	reason := fmt.Sprintf("was cut from %d to %d bytes while it was read", r.start+r.size, info.Size())
	return visitor.Problem(finding.Problem{Path: "standard input", Reason: reason})
}

// maxGrowth is how far the file is read beyond the size that it had, in bytes, as with other files.
const maxGrowth = 64 << 20

// Read implements io.Reader.
func (r *regular) Read(b []byte) (int, error) {
	if r.at >= r.size+maxGrowth {
		return 0, fmt.Errorf("grows while it is read: what comes after %d bytes is left out", r.at)
	}
	n, err := r.ReadAt(b, r.at)
	if r.at += int64(n); n > 0 {
		return n, nil
	}
	return 0, err
}

// ReadAt implements io.ReaderAt.
func (r *regular) ReadAt(b []byte, offset int64) (int, error) {
	n, err := r.file.ReadAt(b, r.start+offset)
	if errors.Is(err, io.EOF) {
		if err = io.EOF; offset+int64(n) < r.size {
			r.cut.Store(true)
		}
	}
	return n, cause(err)
}

// IsHole implements reading.Sparse.
func (r *regular) IsHole(from, to int64) bool { return isHole(r.file, r.start+from, r.start+to) }

// Map implements reading.Mapped.
func (r *regular) Map(size int64) *pagecache.Mapping {
	return pagecache.Map(int(r.file.Fd()), r.start, r.start+size)
}
