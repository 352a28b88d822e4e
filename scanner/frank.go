package scanner

import (
	"slices"
	"sync"

	"github.com/jwtleak/jwtleak/detectors"
)

// A frank detector keeps what the detector that it is says of what it did not look into, in one text.
type frank struct {
	detectors.Detector

	mu      sync.Mutex // a large text is read by several goroutines
	skipped []string   // the reasons, each once
}

// Detect implements detectors.Detector.
func (f *frank) Detect(text []byte, atEOF bool, yield func(detectors.Match)) (done int) {
	bounded, ok := f.Detector.(detectors.Bounded)
	if !ok {
		return f.Detector.Detect(text, atEOF, yield)
	}
	return bounded.DetectBounded(text, atEOF, yield, f.skip)
}

// Skim implements detectors.Skimmer.
func (f *frank) Skim(text []byte) (done, lines int, clean bool) {
	skimmer, ok := f.Detector.(detectors.Skimmer)
	if !ok {
		return 0, 0, false
	}
	return skimmer.Skim(text)
}

func (f *frank) skip(reason string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !slices.Contains(f.skipped, reason) {
		f.skipped = append(f.skipped, reason)
	}
}

// A guided detector looks at the candidates of one text, which it must be shown whole: it is no Skimmer.
type guided struct {
	inner      detectors.Guided
	candidates []detectors.Candidate
	frank      *frank
}

// Detect implements detectors.Detector.
func (g guided) Detect(text []byte, _ bool, yield func(detectors.Match)) (done int) {
	g.inner.DetectAt(text, g.candidates, yield, g.frank.skip)
	return len(text)
}
