package scanner

import (
	"bytes"
	"slices"
	"sync"

	"github.com/jwtleak/jwtleak/detectors"
	"github.com/jwtleak/jwtleak/scanner/fault"
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

// contain returns how much a detector is done with: as much as it says, or all where it panicked, which is told. A fault of ours
// in one text is to leave the others searched.
func (r *reasons) contain(recovered any, done, all int) int {
	if recovered == nil {
		return done
	}
	r.add(fault.Of(recovered).Error())
	return all
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
	defer func() { done = f.reasons.contain(recover(), done, len(text)) }()
	return f.DetectBounded(text, atEOF, yield, f.reasons.add)
}

// A frankSkimmer is a frank detector that is a Skimmer.
type frankSkimmer struct {
	frank
	inner skimmer
}

// Skim implements detectors.Skimmer.
func (f *frankSkimmer) Skim(text []byte, from int, atEOF bool) (judged, lines int, clean bool) {
	judged, lines, clean, failed := f.skim(text, from, atEOF)
	if failed == nil {
		return judged, lines, clean
	}
	text = bytes.Clone(text) // which may be mapped, and have changed meanwhile: then the fault is not ours
	if judged, lines, clean, failed = f.skim(text, from, atEOF); failed != nil {
		f.reasons.add(failed.Error())
		return len(text), bytes.Count(text[from:], []byte{'\n'}), true
	}
	return judged, lines, clean
}

func (f *frankSkimmer) skim(text []byte, from int, atEOF bool) (judged, lines int, clean bool, failed *fault.Error) {
	defer fault.Catch(&failed)
	judged, lines, clean = f.inner.Skim(text, from, atEOF)
	return judged, lines, clean, nil
}

// Settled implements detectors.Skimmer.
func (f *frankSkimmer) Settled(text []byte) (done int) {
	done, failed := f.settled(text)
	if failed == nil {
		return done
	}
	text = bytes.Clone(text) // as in Skim
	if done, failed = f.settled(text); failed != nil {
		f.reasons.add(failed.Error())
		return len(text)
	}
	return done
}

func (f *frankSkimmer) settled(text []byte) (done int, failed *fault.Error) {
	defer fault.Catch(&failed)
	return f.inner.Settled(text), nil
}

// DetectWithin implements detectors.Skimmer.
func (f *frankSkimmer) DetectWithin(allowance *detectors.Allowance, fresh int, text []byte, atEOF bool, yield func(detectors.Match)) (done int) {
	defer func() { done = f.reasons.contain(recover(), done, len(text)) }()
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
	defer func() { done = g.reasons.contain(recover(), done, len(text)) }()
	g.inner.DetectAt(text, g.candidates, yield, g.reasons.add)
	return len(text)
}
