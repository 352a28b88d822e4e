package encoding

import (
	"github.com/jwtleak/jwtleak/detectors"
	"github.com/jwtleak/jwtleak/detectors/jwt"
	"github.com/jwtleak/jwtleak/detectors/prefilter"
)

// A Detector finds tokens in plain form and in every wrapping that this package undoes. It is immutable: any number of
// goroutines may share one.
type Detector struct {
	inner   detectors.Detector
	matcher *matcher
	headers *prefilter.Set // of plain ones
	vectors bool
}

var _ detectors.Detector = (*Detector)(nil)

// New returns a Detector.
func New() *Detector {
	return &Detector{inner: jwt.NewDetector(), matcher: compiled, headers: plainHeaders, vectors: hasVectors()}
}

var (
	compiled     = newMatcher(needles())
	plainHeaders = prefilter.New(jwt.Needles()...)
)

// Detect implements detectors.Detector.
func (d *Detector) Detect(text []byte, atEOF bool, yield func(detectors.Match)) (done int) {
	budget := budgetBase + budgetRate*len(text)
	s := scan{Detector: d, text: text, atEOF: atEOF, budget: &budget, workspace: new(workspace)}
	done = s.top()
	found := distinct(s.found)
	if !atEOF {
		done = settled(found, done, len(text))
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

// Prefilter returns what says cheaply where a token may begin, in plain form or wrapped.
//
// A candidate is the start of a plain header, or a needle of a wrapping with a long run of characters such as wrappings
// consist of in the Width bytes that start with it. So a text may be judged by its windows of Width bytes: where none has
// a candidate, there is no token that Detect would find, plain or wrapped. Only what is broken over lines of fewer than
// minRun characters may begin elsewhere.
func (d *Detector) Prefilter() detectors.Prefilter { return candidates{d} }

type candidates struct{ *Detector }

// candidateWidth is what a needle, its run and what may precede it take.
const candidateWidth = before + longest

// Index implements detectors.Prefilter.
func (c candidates) Index(text []byte) int {
	first := c.headers.Index(text)
	limit := len(text)
	if first >= 0 {
		limit = first
	}
	for from := 0; from < limit; {
		at := blockAt(text[:min(limit+candidateWidth, len(text))], from, c.vectors)
		if at < 0 {
			break
		}
		end := at + blockSize
		for end < len(text) && inRun[text[end]] {
			end++
		}
		start := max(from, at-before)
		if hit := c.matcher.next(text[:min(end+longest, len(text))], start); hit >= 0 && (first < 0 || hit < first) {
			return hit
		}
		from = end
	}
	return first
}

// Width implements detectors.Prefilter.
func (c candidates) Width() int { return candidateWidth }
