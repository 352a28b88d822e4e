package pack

import (
	"errors"
	"io"
	"os"
)

const (
	windowSize = 16 << 10
	windows    = 128
)

// A reader has the bytes of one pack at hand, for one goroutine. Where the pack is not mapped it keeps windows of the file
// that were used lately: the deltas of an object mostly lie near it.
type reader struct {
	file    *os.File
	size    int64
	mapped  *mappedReader
	windows *[windows]window // each in the one place where it may be
	scratch []byte
}

type window struct {
	number int64 // counted from the beginning of the file and from one; 0 for none
	bytes  []byte
}

func newReader(p *pack) *reader {
	r := &reader{file: p.file, size: p.size}
	if p.mapping != nil {
		r.mapped = newMappedReader(p.mapping)
	} else {
		r.windows = new([windows]window)
	}
	return r
}

// at returns the bytes from an offset on: n of them, or as many as the file has. They are valid until the next call, and to
// be read under [reader.guard].
func (r *reader) at(offset, n int64) ([]byte, error) {
	if offset < 0 || offset >= r.size {
		return nil, io.ErrUnexpectedEOF
	}
	n = min(n, r.size-offset)
	if r.mapped != nil {
		return r.mapped.at(offset, n), nil
	}
	from := offset % windowSize
	if from+n > windowSize {
		return r.across(offset, n)
	}
	w, err := r.window(offset / windowSize)
	if err != nil {
		return nil, err
	}
	if from >= int64(len(w)) {
		return nil, io.ErrUnexpectedEOF // the file has been cut short
	}
	return w[from:min(int64(len(w)), from+n)], nil
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
	if got == 0 {
		return nil, io.ErrUnexpectedEOF
	}
	return r.scratch[:got], nil
}

func (r *reader) window(number int64) ([]byte, error) {
	w := &r.windows[number%windows]
	if w.number == number+1 {
		return w.bytes, nil
	}
	if w.bytes == nil {
		w.bytes = make([]byte, windowSize)
	}
	w.number = 0
	n, err := r.file.ReadAt(w.bytes[:windowSize], number*windowSize)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	w.bytes = w.bytes[:n]
	if n == windowSize { // the last window of the file is read again each time; it may be cut or grow
		w.number = number + 1
	}
	return w.bytes, nil
}
