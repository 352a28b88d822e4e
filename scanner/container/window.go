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

// ReadAt implements io.ReaderAt.
func (w *window) ReadAt(b []byte, offset int64) (int, error) {
	if len(b) > windowSize/8 || offset < 0 {
		return w.at.ReadAt(b, offset)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if offset < w.start || offset+int64(len(b)) > w.start+int64(len(w.buffer)) {
		if w.buffer == nil {
			w.buffer = make([]byte, windowSize)
		}
		n, err := w.at.ReadAt(w.buffer[:windowSize], offset)
		if w.buffer, w.start = w.buffer[:n], offset; n < len(b) {
			return copy(b, w.buffer), err
		}
	}
	return copy(b, w.buffer[offset-w.start:]), nil
}
