package encoding

import (
	"sync"

	"github.com/jwtleak/jwtleak/detectors"
	"github.com/jwtleak/jwtleak/detectors/jwt"
	"github.com/jwtleak/jwtleak/detectors/prefilter"
)

// A Detector finds tokens in plain form and in every wrapping that this package undoes. It is immutable: any number of
// goroutines may share one.
type Detector struct {
	inner   jwt.Detector
	matcher func() *matcher
	headers *prefilter.Set   // of plain ones, and of sparse wrappings
	sieve   *prefilter.Sieve // nil where the machine has none
	vectors bool
	inVain  func() *vainMemory
}

var _ detectors.Guided = (*Detector)(nil)

// New returns a Detector.
func New() *Detector {
	return &Detector{inner: jwt.NewDetector(), matcher: compiled, headers: starts, sieve: sieve, vectors: hasVectors(), inVain: sync.OnceValue(newVainMemory)}
}

var (
	// compiled is made when the first text asks for it: most commands, and scans of a text without long runs, never do.
	compiled = sync.OnceValue(func() *matcher { return newMatcher(needles()) })
	sieve    = prefilter.NewSieve(starts, isStart, &wrappedClasses, prefilter.NewTelltales(func(b byte) bool { return texts[b] }))
)

// Why something is not undone: see detectors.Bounded.
const (
	reasonDepth     = "wrappings more than 10 deep, one inside the other, were not undone"
	reasonExpansion = "undoing the wrappings in it, one inside the other, is more work than its size is worth: not all were undone"
)

// Detect implements detectors.Detector.
func (d *Detector) Detect(text []byte, atEOF bool, yield func(detectors.Match)) (done int) {
	return d.DetectBounded(text, atEOF, yield, func(string) {})
}

// DetectBounded implements detectors.Bounded.
func (d *Detector) DetectBounded(text []byte, atEOF bool, yield func(detectors.Match), skipped func(reason string)) (done int) {
	return d.detect(text, atEOF, yield, newBounds(len(text), atEOF, skipped))
}

// DetectWithin implements detectors.Skimmer.
func (d *Detector) DetectWithin(allowance *detectors.Allowance, fresh int, text []byte, atEOF bool, yield func(detectors.Match)) (done int) {
	return d.DetectBoundedWithin(allowance, fresh, text, atEOF, yield, func(string) {})
}

// DetectBoundedWithin is DetectWithin, and calls skipped as DetectBounded does.
func (d *Detector) DetectBoundedWithin(allowance *detectors.Allowance, fresh int, text []byte, atEOF bool, yield func(detectors.Match), skipped func(reason string)) (done int) {
	if allowance.Trial {
		skipped = func(string) {}
	}
	bounds := newBoundsWithin(allowance, fresh, len(text), skipped)
	given := bounds.budget
	bounds.known = allowance.Known
	done = d.detect(text, atEOF, yield, bounds)
	left, lent := bounds.left()
	spent := given - left
	switch {
	case allowance.Trial:
		spent, lent = 0, 0
	case allowance.Coming && done < len(text):
		spent = int(int64(spent) * int64(done) / int64(len(text)))
	}
	allowance.Left = given - spent
	allowance.Lent += lent
	allowance.Begun = bounds.heldLarge
	return done
}

// DetectAt implements detectors.Guided.
func (d *Detector) DetectAt(text []byte, candidates []detectors.Candidate, yield func(detectors.Match), skipped func(reason string)) {
	s := d.scan(text, true, newBounds(len(text), true, skipped))
	s.hold = len(text)
	s.lookAt(candidates)
	found := distinct(s.found, s.text)
	s.release()
	for _, match := range found {
		yield(match)
	}
}

// scan begins the scan of a text. Whoever is done with it releases its workspace, and the scan with it.
func (d *Detector) scan(text []byte, atEOF bool, bounds *bounds) *scan {
	space := workspaces.Get().(*workspace)
	space.seenFrames, space.heldRun = space.seenFrames[:0], len(text)
	for i := range space.levels {
		space.levels[i].stop.chain = 0
	}
	s := &space.levels[0].scan
	*s = scan{Detector: d, text: text, parts: jwt.PartsOf(text, bounds.skipped), atEOF: atEOF, bounds: bounds, workspace: space}
	return s
}

func (d *Detector) detect(text []byte, atEOF bool, yield func(detectors.Match), bounds *bounds) (done int) {
	s := d.scan(text, atEOF, bounds)
	done = s.top()
	bounds.heldLarge = s.hasLarge()
	found := distinct(s.found, s.text)
	if !atEOF {
		done = settled(found, s.needed, max(done, len(text)-detectors.MaxHeld), len(text))
	}
	s.release()
	for _, match := range found {
		if match.Start < done {
			yield(match)
		}
	}
	return done
}

// settled returns up to where a text can be left: not inside a match, which would be found in parts again, nor inside what
// one is found by.
func settled(found []detectors.Match, needed []span, done, length int) int {
	for i := len(needed) - 1; i >= 0; i-- {
		if by := needed[i]; by.start < done && by.end > done && length-by.start <= detectors.MaxHeld {
			done = by.start
		}
	}
	for i := len(found) - 1; i >= 0; i-- {
		if match := found[i]; match.Start < done && match.End > done {
			if length-match.Start > detectors.MaxHeld {
				return done
			}
			done = match.Start
		}
	}
	return done
}
