package encoding

import (
	"github.com/jwtleak/jwtleak/detectors"
	"github.com/jwtleak/jwtleak/detectors/jwt"
	"github.com/jwtleak/jwtleak/detectors/prefilter"
)

// A Detector finds tokens in plain form and in every wrapping that this package undoes. It is immutable: any number of
// goroutines may share one.
type Detector struct {
	inner   jwt.Detector
	matcher *matcher
	headers *prefilter.Set // of plain ones
	vectors bool
}

var _ detectors.Detector = (*Detector)(nil)

// New returns a Detector.
func New() *Detector {
	return &Detector{inner: jwt.NewDetector(), matcher: compiled, headers: jwt.HeaderStarts(), vectors: hasVectors()}
}

var compiled = newMatcher(needles())

// Detect implements detectors.Detector.
func (d *Detector) Detect(text []byte, atEOF bool, yield func(detectors.Match)) (done int) {
	budget := budgetBase + budgetRate*len(text)
	s := scan{Detector: d, text: text, atEOF: atEOF, budget: &budget, workspace: new(workspace), parts: jwt.PartsOf(text)}
	done = s.top()
	found := distinct(s.found)
	if !atEOF {
		done = settled(found, max(done, len(text)-detectors.MaxHeld), len(text))
	}
	for _, match := range found {
		if match.Start < done {
			yield(match)
		}
	}
	return done
}

// settled returns up to where a text can be left: not inside a match, which would be found in parts again.
func settled(found []detectors.Match, done, length int) int {
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
