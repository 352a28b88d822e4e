package stdin

import (
	"context"
	"io"
	"time"

	"github.com/jwtleak/jwtleak/scanner/finding"
	"github.com/jwtleak/jwtleak/scanner/source"
)

// A Source is a stream.
type Source struct {
	stream io.Reader
	place  finding.Place
}

var _ source.Source = (*Source)(nil)

// New returns the source of standard input, which stays the caller's and is read once.
func New(stream io.Reader) *Source { return &Source{stream: stream, place: finding.StdinPlace{}} }

// Read implements source.Source. A canceled context ends it even while the stream has nothing to read: then a goroutine
// is left waiting for the stream, since nothing else can take it back.
func (s *Source) Read(ctx context.Context, _ int, visitor source.Visitor) error {
	if _, named := s.place.(finding.FilePlace); named {
		visitor.Count(finding.Stats{Files: 1})
	} else if isClosed(s.stream) {
		return visitor.Problem(finding.Problem{Path: "standard input", Reason: "it is closed, or whoever started the scan gave it none: nothing was read"})
	}
	if file, ok := regularOf(s.stream); ok {
		return file.read(ctx, s.place, visitor)
	}
	return visitor.Visit(ctx, source.Text{Place: s.place, Reader: &interruptible{ctx: ctx, stream: s.stream}, Size: -1})
}

// idleAfter is how long nothing must come for the stream to be idle.
const idleAfter = 100 * time.Millisecond

// An interruptible reader gives up when its context is canceled, and says when nothing comes for a while.
type interruptible struct {
	ctx    context.Context //nolint:containedctx // lives as long as the call of Read that it was given to
	stream io.Reader
	// ahead is what a goroutine reads into, so that a buffer that was given back is never written to.
	ahead   []byte
	results chan result
	reading bool // a goroutine is
	left    []byte
	err     error
}

type result struct {
	n   int
	err error
}

// Read implements io.Reader.
func (r *interruptible) Read(b []byte) (int, error) {
	n, _, err := r.read(b, nil)
	return n, err
}

// ReadSoon implements reading.Waiter.
func (r *interruptible) ReadSoon(b []byte) (n int, idle bool, err error) {
	timer := time.NewTimer(idleAfter)
	defer timer.Stop()
	return r.read(b, timer.C)
}

func (r *interruptible) read(b []byte, idle <-chan time.Time) (int, bool, error) {
	if len(r.left) == 0 && r.err == nil {
		if r.ahead == nil {
			r.ahead, r.results = make([]byte, 256<<10), make(chan result, 1)
		}
		if !r.reading {
			r.reading = true
			go func() {
				n, err := r.stream.Read(r.ahead)
				r.results <- result{n, err}
			}()
		}
		select {
		case got := <-r.results:
			r.reading = false
			r.left, r.err = r.ahead[:got.n], got.err
		case <-r.ctx.Done():
			r.err = r.ctx.Err()
		case <-idle:
			return 0, true, nil
		}
	}
	n := copy(b, r.left)
	r.left = r.left[n:]
	if len(r.left) > 0 {
		return n, false, nil
	}
	return n, false, r.err
}
