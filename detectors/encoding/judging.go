package encoding

import (
	"bytes"

	"github.com/jwtleak/jwtleak/detectors"
	"github.com/jwtleak/jwtleak/detectors/jwt"
)

// A judging goes through a text: what no sieve passes over is judged.
type judging struct {
	candidates
	text     []byte
	end      int // of the last run
	searched int // up to where needles were looked for
}

const (
	judged     = 64                                                            // bytes at least where a sieve stops: as many as it takes at a time
	mostJudged = 4 << 10                                                       // those of a run, before it is gone on with
	atOnce     = (mostMarks-1)*marked - mostFeed - max(mostFeed, leastEncoded) // those beside it that are marked together
)

// clear returns how many bytes a sieve passes over, how many of them are line feeds, and in how many behind them no start is.
func (j *judging) clear(at int) (clear, lines, free int) {
	if j.sieve == nil {
		return 0, 0, 0
	}
	return j.sieve.Clear(j.text, at, j.end)
}

// judge returns the first candidate by what stands at a place, or else where to go on: behind the runs that reach the place or
// begin soon behind it, or in one of them that is longer than is judged at once. In the first free bytes no start is: where the run
// ends not far from there, a sieve goes on with what follows, which it looks at for both.
func (j *judging) judge(at, free int) (next, first int) {
	step := judged
	if j.sieve == nil {
		step = mostJudged
	}
	next, first = min(at+step, len(j.text)), -1
	part := j.text[:min(next+mostJudged, len(j.text))]
	for from := max(at-minRun, j.end); from < next; from = j.end {
		run, ok := nextRun(part, from, next, j.vectors)
		if !ok {
			break
		}
		if first = j.needleBy(run); first >= 0 {
			break
		}
		if j.end = run.end; j.end == len(part) && len(part) < len(j.text) {
			j.end -= minRun // so that what is left of the run is one
		}
		if free > 0 && next-j.end < minRun && j.end-next < judged {
			break
		}
		next = max(next, j.end)
	}
	if start := j.firstStart(j.text, at+free, next); start >= 0 && (first < 0 || start < first) {
		first = start
	}
	return next, first
}

// needleBy returns where the candidate is that a needle in a run, or near it, makes; -1 where there is none.
func (j *judging) needleBy(run span) int {
	from, to := max(j.searched, run.start-before), min(run.end+besideBreak, len(j.text))
	for ; from < to; from = j.searched {
		j.searched = min(from+atOnce, to)
		if at := j.needleIn(j.text, from, j.searched); at >= 0 {
			if at >= run.start {
				at = max(run.start, min(at, run.end)-minRun)
			}
			return at
		}
	}
	return -1
}

var _ detectors.Skimmer = (*Detector)(nil)

// Skim implements detectors.Skimmer.
func (d *Detector) Skim(text []byte, atEOF bool) (done, lines int, clean bool) {
	j := judging{candidates: candidates{d}, text: text}
	for at := 0; at < len(text); {
		clear, n, free := j.clear(at)
		at, lines = at+clear, lines+n
		next, first := j.judge(at, free)
		if first >= 0 {
			done = settledIn(text[:at])
			return done, lines - bytes.Count(text[done:at], newline), false
		}
		lines += bytes.Count(text[at:next], newline)
		at = next
	}
	if atEOF {
		return len(text), lines, true
	}
	return settledIn(text), lines, true
}

// settledIn returns how much of a text without a candidate is done with.
func settledIn(text []byte) int {
	parts := jwt.PartsOf(text, func(string) {})
	return runStart(text, max(min(parts.Begun(), len(text)-heldEdge), 0))
}

var newline = []byte{'\n'}
