package scanner

import (
	"slices"
	"sync"

	"github.com/jwtleak/jwtleak/detectors"
)

// A skimmer is a detector that can tell what is clean, and what it does not look into.
type skimmer interface {
	detectors.Skimmer
	detectors.Bounded
	DetectBoundedWithin(allowance *detectors.Allowance, fresh int, text []byte, atEOF bool, yield func(detectors.Match), skipped func(reason string)) (done int)
}

// The reasons why parts of one text were not looked into, each once. A large text is read by several goroutines.
type reasons struct {
	mu   sync.Mutex
	told []string
}

func (r *reasons) add(reason string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !slices.Contains(r.told, reason) {
		r.told = append(r.told, reason)
	}
}

// telling returns a detector that is like another and tells its reasons: a Skimmer where that is one, in the place given.
func (r *reasons) telling(detector detectors.Detector, place *frankSkimmer) detectors.Detector {
	switch inner := detector.(type) {
	case skimmer:
		*place = frankSkimmer{frank{inner, r}, inner}
		return place
	case detectors.Bounded:
		return &frank{inner, r}
	}
	return detector
}

// A frank detector keeps the reasons that a bounded one tells.
type frank struct {
	detectors.Bounded
	reasons *reasons
}

// Detect implements detectors.Detector.
func (f *frank) Detect(text []byte, atEOF bool, yield func(detectors.Match)) (done int) {
	return f.DetectBounded(text, atEOF, yield, f.reasons.add)
}

// A frankSkimmer is a frank detector that is a Skimmer.
type frankSkimmer struct {
	frank
	inner skimmer
}

// Skim implements detectors.Skimmer.
func (f *frankSkimmer) Skim(text []byte, atEOF bool) (done, lines int, clean bool) {
	return f.inner.Skim(text, atEOF)
}

// DetectWithin implements detectors.Skimmer.
func (f *frankSkimmer) DetectWithin(allowance *detectors.Allowance, fresh int, text []byte, atEOF bool, yield func(detectors.Match)) (done int) {
	return f.inner.DetectBoundedWithin(allowance, fresh, text, atEOF, yield, f.reasons.add)
}

// A guided detector looks at the candidates of one text, which it must be shown whole: it is no Skimmer.
type guided struct {
	inner      detectors.Guided
	candidates []detectors.Candidate
	reasons    *reasons
}

// Detect implements detectors.Detector.
func (g guided) Detect(text []byte, _ bool, yield func(detectors.Match)) (done int) {
	g.inner.DetectAt(text, g.candidates, yield, g.reasons.add)
	return len(text)
}
