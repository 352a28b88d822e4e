package container

import (
	"io"
	"time"
)

// idleAfter is how long nothing must come for a live text to be idle.
const idleAfter = 100 * time.Millisecond

// A waiter is a reader of a stream that is being written: it returns idle where nothing comes for a while. Nothing is lost by
// that. (It is reading.Waiter.)
type waiter interface {
	io.Reader
	ReadSoon(p []byte) (n int, idle bool, err error)
}

// readSoon reads without waiting for ever where reader can do that.
func readSoon(reader io.Reader, p []byte) (n int, idle bool, err error) {
	if w, ok := reader.(waiter); ok {
		return w.ReadSoon(p)
	}
	n, err = reader.Read(p)
	return n, false, err
}

// A liveTape is a tape of a live text, which whoever reads it need not wait for.
type liveTape struct{ *tape }

var _ waiter = liveTape{}

// ReadSoon implements waiter.
func (t liveTape) ReadSoon(p []byte) (n int, idle bool, err error) {
	if t.start == t.end && t.err == nil && t.room() {
		if n, idle, err = readSoon(t.source, t.buffer[t.end:]); idle {
			return 0, true, nil
		}
		t.end += n
		t.err = err
	}
	n, err = t.Read(p)
	return n, false, err
}
