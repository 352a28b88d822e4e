package encoding

import (
	"github.com/jwtleak/jwtleak/detectors"
	"github.com/jwtleak/jwtleak/detectors/jwt"
)

// Prefilter returns what says cheaply where a token may begin, in plain form or wrapped.
//
// A candidate is the start of a plain header, or a place with a needle of a wrapping and at least minRun bytes such as
// wrappings consist of in the Width bytes that start with it. So a text may be judged by its windows of Width bytes:
// where none has a candidate, the whole has no token that Detect would find, plain or wrapped. Where a token is wrapped,
// a candidate stands near its beginning, not always before it.
func (d *Detector) Prefilter() detectors.Prefilter { return candidates{d} }

type candidates struct{ *Detector }

// candidateWidth is what a run takes, with what stands before it and a needle at the end of it.
const candidateWidth = before + minRun + longest

// Width implements detectors.Prefilter.
func (c candidates) Width() int { return candidateWidth }

// Index implements detectors.Prefilter.
func (c candidates) Index(text []byte) int {
	first := c.headers.Index(text)
	searched := 0
	for {
		run, ok := nextRun(text, searched, len(text), c.vectors)
		if !ok || first >= 0 && first <= run.start-before {
			return first
		}
		from, to := max(searched, run.start-before), min(run.end+besideBreak, len(text))
		if at := c.needleIn(text, from, to); at >= 0 {
			if at >= run.start {
				at = max(run.start, min(at, run.end)-minRun)
			}
			if first < 0 || at < first {
				return at
			}
			return first
		}
		searched = to
	}
}

// needleIn returns where a needle starts in text[from:to], whole or with a line break in it, or -1.
func (c candidates) needleIn(text []byte, from, to int) int {
	at := c.matcher.next(text[:min(to+longest, len(text))], from)
	if at >= to {
		at = -1
	}
	if broken := c.matcher.nextBroken(text, from, to); broken.line >= 0 && (at < 0 || broken.start < at) {
		return broken.start
	}
	return at
}

var _ detectors.Skimmer = (*Detector)(nil)

// Skim implements detectors.Skimmer.
func (d *Detector) Skim(text []byte) (done int, clean bool) {
	for from := 0; from < len(text); from += stretch {
		part := text[max(from-candidateWidth, 0):min(from+stretch, len(text))]
		if (candidates{d}).Index(part) >= 0 {
			return 0, false
		}
	}
	parts := jwt.PartsOf(text, func(string) {})
	return max(min(parts.Begun(), len(text)-heldEdge), 0), true
}
