package pack

import (
	"errors"
	"io"
	"math/bits"
	"os"
)

const (
	windowSize = 16 << 10
	windows    = 512 // a power of two
)

// A reader has the bytes of one pack at hand, for one goroutine. It keeps windows of the file, each in the one place that
// its offset gives it: the deltas of an object mostly lie near it.
type reader struct {
	file    *os.File
	size    int64
	windows []window
	scratch []byte
}

type window struct {
	start int64 // -1 for none
	bytes []byte
}

func newReader(file *os.File, size int64) *reader {
	r := &reader{file: file, size: size, windows: make([]window, min(windows, nextPowerOfTwo(size/windowSize+1)))}
	for i := range r.windows {
		r.windows[i].start = -1
	}
	return r
}

func nextPowerOfTwo(n int64) int64 { return 1 << bits.Len64(uint64(n-1)) }

// at returns the bytes from an offset on: n of them, or as many as the file has. They are valid until the next call.
func (r *reader) at(offset, n int64) ([]byte, error) {
	if offset < 0 || offset >= r.size {
		return nil, io.ErrUnexpectedEOF
	}
	n = min(n, r.size-offset)
	start := offset &^ (windowSize - 1)
	if offset+n > start+windowSize {
		return r.across(offset, n)
	}
	w, err := r.window(start)
	if err != nil {
		return nil, err
	}
	from := int(offset - start)
	if from >= len(w) {
		return nil, io.ErrUnexpectedEOF // the file has been cut short
	}
	return w[from:min(len(w), from+int(n))], nil
}

// across reads what does not lie in one window.
func (r *reader) across(offset, n int64) ([]byte, error) {
	if int64(cap(r.scratch)) < n {
		r.scratch = make([]byte, n+n/4)
	}
	got, err := r.file.ReadAt(r.scratch[:n], offset)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	return r.scratch[:got], nil
}

func (r *reader) window(start int64) ([]byte, error) {
	w := &r.windows[start/windowSize&int64(len(r.windows)-1)]
	if w.start == start {
		return w.bytes, nil
	}
	w.start = -1
	if cap(w.bytes) == 0 {
		w.bytes = make([]byte, windowSize)
	}
	n, err := r.file.ReadAt(w.bytes[:windowSize], start)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if w.bytes = w.bytes[:n]; n == windowSize {
		w.start = start // the end of the file is read again each time: it may be cut, or grow
	}
	return w.bytes, nil
}
