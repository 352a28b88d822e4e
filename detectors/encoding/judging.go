package encoding

import (
	"bytes"

	"github.com/jwtleak/jwtleak/detectors"
	"github.com/jwtleak/jwtleak/detectors/prefilter"
)

// A judging goes through a text: what no sieve passes over is judged.
type judging struct {
	candidates
	text     []byte
	end      int // of the last run
	searched int // up to where needles were looked for
	at       int // up to where the sieve passed over
	lines    int // the line feeds in front of there
	due      int // where the next sample is due
	ahead    int // how much of a run is judged, behind where the sieve stopped
}

const (
	judged     = 64         // bytes at least where a sieve stops: as many as it takes at a time
	runJudged  = 2 * judged // those of a run behind them, before a sieve goes on with it, which is faster where it has no telltale
	mostJudged = 4 << 10    // the same where it does nothing but stop, or there is none

	atOnce = (mostMarks-1)*marked - mostFeed - max(mostFeed, leastEncoded) // those beside a run that are marked together
)

// step goes on from a place: over what a sieve passes over, and what is judged behind it. It returns where it is then, or the first
// candidate, which may stand in what was passed over. The line feeds of that are counted.
func (j *judging) step(at int) (next, first int) {
	free := 0
	if j.at = at; j.sieve != nil {
		var clear, lines int
		clear, lines, free = j.sieve.Clear(j.text, at, j.end, &j.due)
		if j.ahead = max(min(2*j.ahead, mostJudged), runJudged); clear > 0 {
			j.ahead = runJudged
		}
		j.at, j.lines = at+clear, j.lines+lines
	}
	if next, first = j.judge(j.at, max(free, 0)); free < 0 || next > j.due {
		if framed := j.framed(next, free < 0); framed >= 0 && (first < 0 || framed < first) {
			first = framed
		}
	}
	return next, first
}

// framed returns where framed lines begin of which no sample is that was looked at, nor one from next on, or which have the one that is
// mixed, with the line feed that they stand behind; -1 where there are none.
func (j *judging) framed(next int, mixed bool) int {
	from, to := j.due-prefilter.Sampled+1, next-prefilter.Sampled+1
	if mixed {
		from, to = j.at-prefilter.Sampled+1, max(to, j.at+1)
		j.due = j.at + prefilter.Sampled
	}
	j.due = max(j.due, next)
	at := nextFramed(j.text, max(from, 0), to)
	if at > 0 {
		at -= len("\n")
	}
	return at
}

// judge returns the first candidate by what stands at a place, or else where to go on: behind the runs that reach the place or
// begin soon behind it, or in one of them that is longer than is judged at once. In the first free bytes no start is: where the run
// ends not far from there, a sieve goes on with what follows, which it looks at for both.
func (j *judging) judge(at, free int) (next, first int) {
	step, ahead := judged, j.ahead
	if j.sieve == nil {
		step, ahead = mostJudged, mostJudged
	}
	next, first = min(at+step, len(j.text)), -1
	part := j.text[:min(next+ahead, len(j.text))]
	for from := max(at-minRun, j.end); from < next; from = j.end {
		run, ok := nextRun(part, from, next, j.vectors)
		if !ok {
			break
		}
		if j.sieve == nil || j.sieve.Tells(j.text, run.start, run.end) {
			if first = j.needleBy(run); first >= 0 {
				break
			}
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
func (d *Detector) Skim(text []byte, from int, atEOF bool) (judged, lines int, clean bool) {
	j := judging{candidates: candidates{d}, text: text, due: from}
	for at := from; at < len(text); {
		next, first := j.step(at)
		if first >= 0 {
			judged = judgedIn(text[:max(min(j.at, first), from)], from)
			return judged, j.lines - bytes.Count(text[judged:max(j.at, judged)], newline), false
		}
		j.lines += bytes.Count(text[j.at:next], newline)
		at = next
	}
	if judged = len(text); !atEOF {
		judged = judgedIn(text, from)
	}
	return judged, j.lines - bytes.Count(text[judged:], newline), true
}

// judgedIn returns how far a text without a candidate is judged whatever follows it, no less than it was.
func judgedIn(text []byte, from int) int {
	return max(runStart(text, max(len(text)-heldEdge, 0)), from)
}

// Settled implements detectors.Skimmer.
func (d *Detector) Settled(text []byte) (done int) {
	s := d.scan(text, false, newBounds(0, false, func(string) {}))
	begun := s.begunAt()
	if s.release(); begun < len(text) {
		return runStart(text, begun)
	}
	return len(text)
}

var newline = []byte{'\n'}
