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

// counted returns a reader that counts, and is an io.ReaderAt or a reading.Waiter if reader is.
func counted(reader io.Reader, counts counts) io.Reader {
	stream := countedReader{reader, counts}
	switch reader := reader.(type) {
	case io.ReaderAt:
		return &countedReaderAt{stream, reader}
	case reading.Waiter:
		return &countedWaiter{stream, reader}
	}
	return &stream
}

type countedReader struct {
	io.Reader
	counts counts
}

func (c *countedReader) Read(b []byte) (int, error) {
	n, err := c.Reader.Read(b)
	c.counts.add(int64(n))
	return n, err
}

type countedWaiter struct {
	countedReader
	waiter reading.Waiter
}

// ReadSoon implements reading.Waiter.
func (c *countedWaiter) ReadSoon(b []byte) (n int, idle bool, err error) {
	n, idle, err = c.waiter.ReadSoon(b)
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
