package scanner

import (
	"io"
	"sync/atomic"

	"github.com/jwtleak/jwtleak/scanner/reading"
)

// Counts are where bytes are counted as they are read, for whoever watches; nil counts nothing.
type counts [2]*atomic.Int64

func (c counts) add(n int64) {
	for _, count := range c {
		if count != nil {
			count.Add(n)
		}
	}
}

// counted returns a reader that counts, and is an io.ReaderAt if reader is.
func counted(reader io.Reader, counts counts) io.Reader {
	stream := countedReader{reader, counts}
	if at, ok := reader.(io.ReaderAt); ok {
		return &countedReaderAt{stream, at}
	}
	return &stream
}

type countedReader struct {
	io.Reader
	counts counts
}

var _ reading.Waiter = (*countedReader)(nil)

func (c *countedReader) Read(b []byte) (int, error) {
	n, err := c.Reader.Read(b)
	c.counts.add(int64(n))
	return n, err
}

// ReadSoon implements reading.Waiter.
func (c *countedReader) ReadSoon(b []byte) (n int, idle bool, err error) {
	if waiter, ok := c.Reader.(reading.Waiter); ok {
		n, idle, err = waiter.ReadSoon(b)
	} else {
		n, err = c.Reader.Read(b)
	}
	c.counts.add(int64(n))
	return n, idle, err
}

type countedReaderAt struct {
	countedReader
	at io.ReaderAt
}

func (c *countedReaderAt) ReadAt(b []byte, offset int64) (int, error) {
	n, err := c.at.ReadAt(b, offset)
	c.counts.add(int64(n))
	return n, err
}
