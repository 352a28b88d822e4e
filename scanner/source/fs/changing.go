package fs

import (
	"errors"
	"fmt"
	"io"
	"sync/atomic"

	"github.com/jwtleak/jwtleak/scanner/source/pagecache"
)

// maxGrowth is how far a file is read beyond the size that it had when it was opened, in bytes: what is appended meanwhile
// belongs to it, but whoever appends as fast as it is read must not keep the scan from ending.
const maxGrowth = 64 << 20

// A changing file is one that may grow or be cut while it is read.
type changing struct {
	opened
	at  int64       // where Read stands
	cut atomic.Bool // it ended before its size
}

func newChanging(file opened) *changing { return &changing{opened: file} }

// Read implements io.Reader.
func (c *changing) Read(b []byte) (int, error) {
	if c.at >= c.Size()+maxGrowth {
		return 0, fmt.Errorf("grows while it is read: what comes after %d bytes is left out", c.at)
	}
	n, err := c.opened.Read(b)
	c.at += int64(n)
	c.ended(c.at, err)
	return n, err
}

// ReadAt implements io.ReaderAt.
func (c *changing) ReadAt(b []byte, offset int64) (int, error) {
	n, err := c.opened.ReadAt(b, offset)
	c.ended(offset+int64(n), err)
	return n, err
}

func (c *changing) ended(at int64, err error) {
	if errors.Is(err, io.EOF) && at < c.Size() {
		c.cut.Store(true)
	}
}

// IsHole implements reading.Sparse.
func (c *changing) IsHole(from, to int64) bool {
	sparse, ok := c.opened.(interface{ IsHole(from, to int64) bool })
	return ok && sparse.IsHole(from, to)
}

// Map implements reading.Mapped.
func (c *changing) Map(size int64) *pagecache.Mapping {
	mapped, ok := c.opened.(interface {
		Map(size int64) *pagecache.Mapping
	})
	if !ok {
		return nil
	}
	return mapped.Map(size)
}
