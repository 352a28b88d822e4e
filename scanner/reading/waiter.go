package reading

import "io"

// A Waiter is a reader that does not wait for ever: a stream that is being written.
type Waiter interface {
	// ReadSoon is Read, but returns idle where nothing comes for a while. Nothing is lost: it, or Read, may be called
	// again.
	ReadSoon(b []byte) (n int, idle bool, err error)
}

// ReadSoon reads without waiting for ever where r can do that.
func ReadSoon(r io.Reader, b []byte) (n int, idle bool, err error) {
	if waiter, ok := r.(Waiter); ok {
		return waiter.ReadSoon(b)
	}
	n, err = r.Read(b)
	return n, false, err
}

// Prefixed returns a reader of some bytes and then of r; a Waiter where r is one.
func Prefixed(prefix []byte, r io.Reader) io.Reader {
	p := prefixed{prefix, r}
	if waiter, ok := r.(Waiter); ok {
		return &prefixedWaiter{p, waiter}
	}
	return &p
}

type prefixed struct {
	prefix []byte
	rest   io.Reader
}

func (p *prefixed) Read(b []byte) (int, error) {
	if len(p.prefix) > 0 {
		n := copy(b, p.prefix)
		p.prefix = p.prefix[n:]
		return n, nil
	}
	return p.rest.Read(b)
}

type prefixedWaiter struct {
	prefixed
	waiter Waiter
}

// ReadSoon implements Waiter.
func (p *prefixedWaiter) ReadSoon(b []byte) (n int, idle bool, err error) {
	if len(p.prefix) > 0 {
		n, err = p.Read(b)
		return n, false, err
	}
	return p.waiter.ReadSoon(b)
}
