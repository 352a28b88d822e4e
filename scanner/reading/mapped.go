package reading

import (
	"context"
	"errors"
	"io"
	"runtime"
	"runtime/debug"

	"github.com/jwtleak/jwtleak/detectors"
	"github.com/jwtleak/jwtleak/scanner/source/pagecache"
)

// A Mapped text can be looked at where the system keeps it, which saves the copy.
type Mapped interface {
	// Map returns the first size bytes of the text, or nil where it has to be read.
	Map(size int64) *pagecache.Mapping
}

// mostMapped is how much counts as the memory of the process for being mapped, of all texts that are read at once, in bytes. It is let
// go of in few large parts: each time the other processors are interrupted.
const mostMapped = 64 << 20

// keptMapped returns how much of that is for one goroutine of so many: other texts may be read at the same time, as many as there are
// processors.
func keptMapped(jobs int) int { return mostMapped / max(1, jobs, runtime.GOMAXPROCS(0)) }

// mapped returns the first size bytes of a text as they are mapped, or nil.
func mapped(r io.ReaderAt, size int64) *pagecache.Mapping {
	if text, ok := r.(Mapped); ok && size > 0 && int64(int(size)) == size {
		return text.Map(size)
	}
	return nil
}

// errUnmapped says that a text has to be read from some place on: it is not in the system's memory, or was cut.
var errUnmapped = errors.New("not in memory")

// readMapped looks for tokens that start in the piece at or after an offset, in the text as it is mapped. It returns the offset up to where
// all is done, and whether that is all of the piece: else the rest has to be read.
func (p *piece) readMapped(ctx context.Context, detector detectors.Detector, from int64, found func(Sighting) error) (done int64, whole bool, err error) {
	skimmer, ok := detector.(detectors.Skimmer)
	if !ok || p.mapping == nil {
		return from, false, nil
	}
	to := min(p.end+maxBuffer, p.size)
	window := p.mapping.Window(from, to, p.keep)
	defer window.Close()
	told := from
	pass := p.pass(detector, from, func(sighting Sighting) error {
		told = sighting.Offset + int64(sighting.Match.End)
		return found(sighting)
	})
	n, err := pass.lookMapped(ctx, skimmer, window, to == p.size)
	switch done = min(max(from+int64(n), told), p.end); {
	case errors.Is(err, errUnmapped):
		return done, false, nil
	case err != nil:
		return done, false, err
	}
	p.lines = pass.line
	return done, done == p.end, nil
}

// lookMapped is look for a text that is mapped. Its error is errUnmapped where the rest has to be read.
func (p *pass) lookMapped(ctx context.Context, skimmer detectors.Skimmer, window *pagecache.Window, atEOF bool) (done int, err error) {
	s := newSkim(p, skimmer, window.Text(), 0, atEOF)
	s.mapped = window
	defer func() { done = s.base }()
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer recoverFault(&err)
	err = s.run(ctx)
	s.follow(p.within(0, s.base))
	return s.base, err
}

// recoverFault turns a panic into errUnmapped: that of a fault of memory, or one that came of a text which changed while it was looked at.
// Any other panics again when the text is read. It is to be deferred.
func recoverFault(err *error) {
	if recover() != nil {
		*err = errUnmapped
	}
}
