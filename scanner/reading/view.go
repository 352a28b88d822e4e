package reading

import (
	"bytes"
	"context"

	"github.com/jwtleak/jwtleak/detectors"
)

// A Viewer is a text that can be looked at where it lies in memory, without being copied.
type Viewer interface {
	// View shows look the text from one offset to another, or reports that it can't: then, or where the text ceases to be
	// there while look looks, it is to be read instead, from the beginning. What look sees may change under its eyes, and is
	// gone when it returns.
	View(from, to int64, look func(text []byte)) (whole bool)
}

const (
	// windowSize is how much of a view is judged at once.
	windowSize = 128 << 10
	// shownSize is how much is shown at first from about where a candidate is: most tokens end within it.
	shownSize = 4 << 10
	// grantedAhead is how far ahead of what is shown the text counts for what the detector may do.
	grantedAhead = 1 << 20
	// apart is how far from each other candidates are looked at one by one: each look has some cost, and may cost more than
	// the text is long.
	apart = 16 << 10
	// inFront is how much of what is done with is shown again in front of a window: what is wrapped in a long run has the
	// start of the run for its place.
	inFront = 5 << 10
	// behindView is how much further than a piece a view goes, for a token at its end.
	behindView = 64 << 10
)

// view is read for a text that need not be read: what has no candidate is judged where it lies, and nothing else of it is
// copied. It reports false where that is not possible, or not for all of the piece.
func (p *piece) view(ctx context.Context, detector detectors.Detector, from int64) bool {
	skimmer, ok := detector.(detectors.Skimmer)
	viewer, visible := p.reader.(Viewer)
	if !ok || !visible {
		return false
	}
	start, end := min(p.start, max(from-inFront, 0)), min(p.end+behindView, p.size)
	complete := false
	whole := viewer.View(start, end, func(text []byte) {
		p.lines.pass(text[p.start-start : from-start])
		pass := p.pass(detector, from)
		complete, p.err = pass.skim(ctx, text, int(from-start), end == p.size, skimmer)
		p.lines = pass.line
	})
	if !whole || !complete && p.err == nil {
		return false
	}
	p.bytes = p.end - p.start
	return true
}

// skim is run for a text that is in view, of which the pass begins at start. It reports false where a token goes on behind
// the view.
func (p *pass) skim(ctx context.Context, view []byte, start int, atEOF bool, skimmer detectors.Skimmer) (complete bool, err error) {
	pooled := buffers.Get().(*[]byte)
	defer buffers.Put(pooled)
	s := newSkim(p, skimmer, view, atEOF)
	s.origin, s.base, s.front, s.buffer = int64(-start), start, max(0, start-inFront), *pooled
	last, err := s.run(ctx)
	if err != nil {
		return false, err
	}
	s.follow(start + int(p.limit))
	return s.ended() || last && atEOF, nil
}

// A skim is a pass over a view, window by window: what has no candidate is not shown to the detector.
type skim struct {
	*pass
	skimmer detectors.Skimmer
	view    []byte
	origin  int64 // the offset of view[0]; what lies before offset 0 is shown for the sake of what follows alone
	atEOF   bool
	// view[front:base] is done with, and shown once more with what follows; the lines were followed up to front.
	front, base int
	lines       int    // line feeds in view[front:base], but for those before offset 0
	looming     bool   // a candidate is near base
	shown       int    // how much is shown then
	dirty       int    // how many candidates in a row were near to each other
	buffer      []byte // for a copy of what is shown; nil where the view does not change
}

func newSkim(p *pass, skimmer detectors.Skimmer, view []byte, atEOF bool) *skim {
	return &skim{pass: p, skimmer: skimmer, view: view, atEOF: atEOF, shown: shownSize}
}

// run judges what is in view, up to the limit, or to where more is needed: then last is true.
func (s *skim) run(ctx context.Context) (last bool, err error) {
	for {
		if err := ctx.Err(); err != nil {
			return false, err
		}
		if last, err = s.window(); err != nil || last || s.ended() {
			return last, err
		}
		s.follow(s.base - inFront)
	}
}

// ended reports whether all up to the limit was judged.
func (s *skim) ended() bool { return s.limit >= 0 && s.origin+int64(s.base) >= s.limit }

// window judges the next window, or shows it if a candidate is near. It reports whether it is the last of the view.
func (s *skim) window() (last bool, err error) {
	if s.looming {
		return s.look()
	}
	end := s.windowEnd()
	last = end == len(s.view)
	done, lines, clean := skimmed(s.skimmer, s.view[s.base:end], last && s.atEOF)
	s.base, s.lines = s.base+done, s.lines+lines
	if s.looming = !clean || done == 0; !s.looming {
		s.dirty = 0
		return last, nil
	}
	if done >= apart {
		s.dirty = 0
	}
	return false, nil
}

// look shows what follows base. Where it is not done with most of that, more of it is shown the next time, at once.
func (s *skim) look() (last bool, err error) {
	size := s.shown
	if s.dirty++; s.dirty > 2 { // where all is full of candidates, to judge it comes on top: most is then shown at once
		size, s.dirty = max(size, blockSize), 1
	}
	end := min(s.base+size, len(s.view))
	last = end == len(s.view)
	done, err := s.show(end, last && s.atEOF)
	if err != nil {
		return last, err
	}
	if s.looming = done < (end-s.base)/2; s.looming { // what is shown again and again grows, so that all of it together stays linear
		s.shown = min(2*size, maxBuffer)
	} else {
		s.shown = shownSize
	}
	s.base, s.lines = s.base+done, s.lines+bytes.Count(s.view[s.base:s.base+done], newline)
	return last, nil
}

// show shows what is in view up to end, and returns how much of it from base on is done with. The lines stay where they
// are.
func (s *skim) show(end int, atEOF bool) (done int, err error) {
	s.told, s.behind = s.origin+int64(s.base), s.view[end:]
	s.inSight = s.origin + int64(min(end+grantedAhead, len(s.view)))
	if s.buffer == nil {
		s.pass.view, s.viewed = s.view, s.front
	}
	line := s.line
	s.line.first = bytes.Clone(line.first)
	done, err = s.pass.show(s.text(end), s.origin+int64(s.front), atEOF)
	s.line = line
	return max(done-(s.base-s.front), 0), err
}

// text returns what is shown.
func (s *skim) text(end int) []byte {
	if s.buffer == nil {
		return s.view[s.front:end]
	}
	if len(s.buffer) < end-s.front {
		s.buffer = make([]byte, end-s.front+s.shown)
	}
	return s.buffer[:copy(s.buffer, s.view[s.front:end])]
}

// follow follows the lines as far as a place in the view, and shows nothing in front of it any more.
func (s *skim) follow(to int) {
	start := int(max(0, -s.origin))
	from, end := max(s.front, start), max(to, s.front, start)
	if s.front = max(to, s.front); end > s.base {
		s.line.pass(s.view[from:end])
		return
	}
	left := bytes.Count(s.view[end:s.base], newline)
	s.line.passCounted(s.view[from:end], max(0, s.lines-left)) // less than none where the text changes
	s.lines = left
}

// skimmed returns how much of a window need not be shown, how many line feeds are in that, and whether it is all but what
// is to be judged again with what follows.
func skimmed(skimmer detectors.Skimmer, window []byte, atEOF bool) (done, lines int, clean bool) {
	if done = pastZeros(window); done == 0 {
		if done, lines, clean = skimmer.Skim(window); !clean {
			return done, lines, false
		}
	}
	if atEOF {
		return len(window), lines, true
	}
	return done, lines - bytes.Count(window[done:], newline), true
}

// windowEnd returns how far the next window goes: not much further than the limit.
func (s *skim) windowEnd() int {
	end := s.base + windowSize
	if limit := int(s.limit - s.origin); s.limit >= 0 && end > limit {
		end = max(limit, s.base+tailSize)
	}
	return min(end, len(s.view))
}
