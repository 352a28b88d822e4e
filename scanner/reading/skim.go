package reading

import (
	"bytes"
	"context"

	"github.com/jwtleak/jwtleak/detectors"
	"github.com/jwtleak/jwtleak/scanner/source/pagecache"
)

const (
	// windowSize is how much of a text is judged at once: a block, since the end of each window costs some microseconds, to
	// find out how much of what stands there may belong to what follows.
	windowSize = blockSize
	// shownSize is how much is shown at first from about where a candidate is: most tokens end within it.
	shownSize = 4 << 10
	// shownWhole is how much at the end of a text is shown with what is in front of it: what a token in a small one costs is
	// paid once.
	shownWhole = 8 << 10
	// grantedAhead is how far ahead of what is shown the text counts for what the detector may do.
	grantedAhead = 1 << 20
	// apart is how far from each other candidates are looked at one by one: each look has some cost, and may cost more than
	// the text is long.
	apart = 16 << 10
	// inFront is how much of what is done with is shown again in front of a window: what is wrapped in a long run has the
	// start of the run for its place.
	inFront = 5 << 10
)

// A skim is a pass over a text in memory, window by window: what has no candidate is not shown to the detector.
type skim struct {
	*pass
	skimmer detectors.Skimmer
	view    []byte
	origin  int64 // the offset of view[0]; what lies before offset 0 is shown for the sake of what follows alone
	atEOF   bool
	// view[front:base] is done with, and shown once more with what follows; the lines were followed up to front.
	front, base int
	judged      int               // view[base:judged] has no more to be found, and is held since what follows may be a part of it
	lines       int               // line feeds in view[front:base], but for those before offset 0
	looming     bool              // a candidate is near judged
	shown       int               // how much is shown then
	left        int               // how much of what was shown last was held back
	before      toldPlaces        // what was told of view[front:base]
	mapped      *pagecache.Window // of view, where it is one: what is shown of it is a copy
	copied      []byte
}

func newSkim(p *pass, skimmer detectors.Skimmer, view []byte, origin int64, atEOF bool) *skim {
	judged := int(min(max(p.judged-origin, 0), int64(len(view))))
	left := max(p.heldBack-judged, 0)
	return &skim{pass: p, skimmer: skimmer, view: view, origin: origin, atEOF: atEOF, judged: judged, shown: max(shownSize, min(growth*left, maxBuffer)), left: left}
}

// run judges what is in view, up to the limit, or to where more is needed.
func (s *skim) run(ctx context.Context) error {
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		if last, err := s.window(); err != nil || last || s.ended() {
			return err
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
	from, end := s.judged, s.windowEnd()
	if last = end == len(s.view); !s.isReady(end) {
		return false, errUnmapped
	}
	judged, lines, clean := skimmed(s.skimmer, s.view[s.base:end], from-s.base, last && s.atEOF)
	s.judged = s.base + judged
	s.looming = !clean || s.judged == from
	switch {
	case clean && last && s.atEOF:
		s.letGo(end, lines, from)
	case s.isDue():
		s.letGo(s.base+s.settled(), lines, from)
	}
	if !s.looming || s.judged-from >= apart {
		s.dirty = 0
	}
	return last && !s.looming, nil
}

// isDue reports whether it is to be found out what of what was judged is held: that takes a way back over all of it, so that it is asked
// when there is twice as much as was held the last time, or much more.
func (s *skim) isDue() bool {
	held := s.judged - s.base
	return held >= min(2*s.kept, s.kept+detectors.MaxHeld/2)
}

// settled returns how much of what was judged is done with.
func (s *skim) settled() (done int) {
	held := s.view[s.base:s.judged]
	done = s.skimmer.Settled(held)
	if most := detectors.MaxHeld; len(held)-done > most {
		done = len(held) - most
	}
	s.kept = len(held) - done
	return done
}

// letGo is done with what stands in front of a place: with lines line feeds in what was judged from another place on, if all in front
// of that was done with.
func (s *skim) letGo(to, lines, from int) {
	if from > s.base || to-from < s.judged-to {
		lines = bytes.Count(s.view[s.base:to], newline)
	} else {
		lines -= bytes.Count(s.view[to:s.judged], newline)
	}
	s.lines += lines
	s.base = to
}

// look shows what follows base, as far as a candidate and behind it. Where it is not done with most of that, or with much, more is shown
// the next time, at once: some times what was held back, so that all that is shown again and again stays linear.
func (s *skim) look() (last bool, err error) {
	size := s.shown
	if s.dirty++; s.dirty > 2 { // where all is full of candidates, to judge it comes on top: most is then shown at once
		size, s.dirty = max(size, blockSize), 2
	}
	end := min(s.judged+size, len(s.view))
	if left := len(s.view) - end; s.atEOF && left <= shownWhole || left <= size/growth {
		end = len(s.view) // a little more is less than what is held would be to show again for it
	}
	end = s.judged + s.bounded(s.origin+int64(s.judged), end-s.judged, s.left)
	if last = end == len(s.view); !s.isReady(end) {
		return false, errUnmapped
	}
	done, err := s.show(end, last && s.atEOF)
	if err != nil {
		return last, err
	}
	s.left = end - s.base - done
	s.looming, s.shown = s.left > (end-s.base)/2 || s.left > 2*shownSize, shownSize
	if s.looming {
		s.shown = max(shownSize, min(growth*s.left, maxBuffer))
	}
	s.lines += bytes.Count(s.view[s.base:s.base+done], newline)
	s.base, s.kept = s.base+done, 0
	s.judged = s.base
	return last, nil
}

// show shows what is in view up to end, and returns how much of it from base on is done with. The lines stay where they
// are.
func (s *skim) show(end int, atEOF bool) (done int, err error) {
	s.told = s.origin + int64(s.base)
	ahead := end + grantedAhead
	if s.mapped != nil { // as much as of one that is read
		ahead = max(end, min(ahead, s.front+blockSize))
	}
	if !s.coming { // else nobody knows how much comes
		ahead = min(ahead, len(s.view))
	}
	text, block := s.shownText(end)
	s.sight = sight{text: text, block: block, ahead: s.origin + int64(ahead), known: s.base - s.front}
	line, found := s.line, s.found
	s.line.first = bytes.Clone(line.first)
	s.found = func(sighting Sighting) error {
		if sighting.Offset < s.told && s.before.has(&sighting) {
			return nil
		}
		s.before.add(&sighting)
		return found(sighting)
	}
	done, err = s.pass.show(text[block:block+end-s.front], s.origin+int64(s.front), atEOF)
	s.line, s.found = line, found
	return max(done-(s.base-s.front), 0), err
}

// shownText returns the text at hand, and where what is shown of it begins: of a text that may change meanwhile a copy.
func (s *skim) shownText(end int) (text []byte, block int) {
	if s.mapped == nil {
		return s.view, s.front
	}
	s.copied = append(s.copied[:0], s.view[s.front:min(end+MaxLineRest+1, len(s.view))]...)
	return s.copied, 0
}

// isReady reports whether the view up to a place is in memory.
func (s *skim) isReady(end int) bool { return s.mapped == nil || s.mapped.Ready(s.front, end) }

// follow follows the lines as far as a place in the view, and shows nothing in front of it any more.
func (s *skim) follow(to int) {
	start := int(max(0, -s.origin))
	from, end := max(s.front, start), max(to, s.front, start)
	s.before.forget(s.origin + int64(max(to, s.front)))
	if s.front = max(to, s.front); end > s.base {
		s.line.pass(s.view[from:end])
		return
	}
	left := bytes.Count(s.view[end:s.base], newline)
	s.line.passCounted(s.view[from:end], max(0, s.lines-left)) // less than none where the text changes
	s.lines = left
}

// skimmed judges a window as a skimmer does, but for one that goes on with zeros.
func skimmed(skimmer detectors.Skimmer, window []byte, from int, atEOF bool) (judged, lines int, clean bool) {
	if zeros := pastZeros(window[from:]); zeros > 0 && !atEOF {
		return from + zeros, 0, true
	}
	return skimmer.Skim(window, from, atEOF)
}

// windowEnd returns how far the next window goes: not much further than the limit.
func (s *skim) windowEnd() int {
	end := s.judged + windowSize
	if limit := int(s.limit - s.origin); s.limit >= 0 && end > limit {
		end = max(limit, s.judged+tailSize)
	}
	return min(end, len(s.view))
}
