package container

import (
	"io"
	"sync"
)

// windowSize is how much of a text a window has at hand, in bytes.
const windowSize = 32 << 10

// A window reads a text in which much that is small lies side by side, as the entries of an archive do: what is near to what was
// read last is not asked for again. It may be used from several goroutines.
type window struct {
	at io.ReaderAt

	mu     sync.Mutex
	buffer []byte // nil before it is needed
	start  int64  // where it begins in the text
}

var _ io.ReaderAt = (*window)(nil)

// windowOf returns a window of a text that can be read anywhere; of one in memory there is nothing to be saved.
func windowOf(t *text) io.ReaderAt {
	if t.held != nil {
		return t.at
	}
	return &window{at: t.at}
}

// ReadAt implements io.ReaderAt. Of what is at hand nothing is read again, so that a text that is read in order is read once.
func (w *window) ReadAt(b []byte, offset int64) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	n := 0
	if at := offset - w.start; at >= 0 && at < int64(len(w.buffer)) {
		n = copy(b, w.buffer[at:])
	}
	rest, offset := b[n:], offset+int64(n)
	if len(rest) == 0 {
		return n, nil
	}
	if len(rest) > windowSize/8 || offset < 0 {
		more, err := w.at.ReadAt(rest, offset)
		return n + more, err
	}
	if w.buffer == nil {
		w.buffer = make([]byte, windowSize)
	}
	read, err := w.at.ReadAt(w.buffer[:windowSize], offset)
	w.buffer, w.start = w.buffer[:read], offset
	more := copy(rest, w.buffer)
	if more == len(rest) {
		err = nil
	}
	return n + more, err
}
