package container

import (
	"bytes"
	"context"
)

// isHTTP reports whether a text is a message of HTTP/1 (RFC 9112), an archive of such (WARC 1.0 and 1.1), or a file of nginx's cache, which
// has one behind its own header.
func isHTTP(prefix []byte) bool {
	switch prefix[0] {
	case 'H':
		return bytes.HasPrefix(prefix, []byte("HTTP/1."))
	case 'W':
		return bytes.HasPrefix(prefix, []byte("WARC/1."))
	case 3, 5: // the version of it
		return len(prefix) > 344 && string(prefix[1:8]) == "\x00\x00\x00\x00\x00\x00\x00" && bytes.Contains(prefix, []byte("\nKEY: "))
	}
	return false
}

// http is httpHeld for what does not come as somebody sends it: an answer may never end, and is to be searched as it comes.
func (w *walker) http(ctx context.Context, t *text) error {
	if t.live && bytes.HasPrefix(t.beginning(), []byte("HTTP/")) {
		return w.leaf(ctx, t)
	}
	return w.openHeld(ctx, t, HTTP)
}

// httpHeld shows t as it is, and then the bodies in it that are compressed or come in chunks.
func (w *walker) httpHeld(ctx context.Context, t *text) error {
	whole := *t
	whole.seen = &Seen{}
	if err := w.leaf(ctx, &whole); err != nil {
		return err
	}
	if t.held == nil {
		if t.size > w.limits.MaxMemory {
			return w.problem(t, HTTP, errMemory)
		}
		room := &claim{walker: w}
		defer room.release()
		if err := room.raise(2 * t.size); err != nil { // and as much again for what is in it
			return w.problem(t, HTTP, err)
		}
		held := make([]byte, t.size)
		n, _ := t.at.ReadAt(held, 0)
		whole.held = held[:n]
	}
	w.containers++
	return w.bodies(ctx, &whole)
}
