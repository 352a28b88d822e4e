package encoding

import (
	"bytes"
	"slices"

	"github.com/jwtleak/jwtleak/detectors"
	"github.com/jwtleak/jwtleak/detectors/jwt"
)

// A log may have a message in base64 on each line, or a field of one, and that in base64 again. Each is a small text of its own, and to go
// through it as through any other costs more to begin than to do. So where a run of base64 is a text from beginning to end, and what is
// around it says that it goes on nowhere else, all that is wrapped there is undone at once and looked at: most have nothing in them, and are
// passed over. Those that have something, or may have, are gone through.

const (
	mostClear  = 8 << 10 // characters of base64 that are undone so: what is longer costs little to begin
	mostJoins  = 64      // lines of them
	leastClear = 96      // bytes of a text that is wrapped itself, in which clear runs are looked for
	mostLarge  = 4       // of what is longer, that are looked at for the sake of others
	fewest     = 16      // characters of the shortest token are more
)

// A clearRun is base64 of text, over several lines it may be, in which nothing is.
type clearRun struct {
	start, end int // with its padding
	// lead is how many characters at its start may be of what begins in front of it.
	lead int
}

// A clearing looks for clear runs in a text that is wrapped so many times.
type clearing struct {
	*scan
	text  []byte
	depth int
	atEOF bool
	done  int // where the last clear run ended, 0 where there was none
	large int // how many were looked at that are too large
	long  int // where the last lines ended that were too many to be looked at, 0 where there were none
}

// next returns the first clear run in text[from:to]. Where there is none, its start is -1.
func (c *clearing) next(from, to int) clearRun {
	text := c.text
	i := from
	if i > 0 && sextets[text[i-1]] < 64 {
		i = runEnd(text[:to], i) // which began before
	}
	for i+leastEncoded <= to {
		if k := lastOther(text, i); k >= i {
			i = k + 1
			continue
		}
		end := runEnd(text[:to], i+leastEncoded)
		if c.mayBegin(i) && isEncodedText(text[i:i+probed]) {
			last, isClear := c.isClear(i, end, to)
			if isClear {
				return clearRun{start: i, end: last, lead: c.leadAt(i)}
			}
			end = last
		}
		i = end + 1
	}
	return clearRun{start: -1}
}

// mayBegin reports whether a run begins at a place whatever stands in front of it: it is not the second half of an escape, of a token, or
// of a character of UTF-16.
func (c *clearing) mayBegin(at int) bool {
	if at == 0 {
		return c.depth > 0
	}
	switch c.text[at-1] {
	case '\\', '%', '&', '.', 0:
		return false
	}
	return true
}

// leadAt returns how many characters of a run may be of what begins on the line before: see [scan.lineBefore].
func (c *clearing) leadAt(at int) int {
	if c.done > 0 && at-c.done <= len("\r\n") {
		return 0 // which is clear
	}
	for front := at - 1; front >= max(at-maxGap/2, 0); front-- {
		switch c.text[front] {
		case '\n':
			return nearStart
		case ' ', '\t', '\r', '\\', '+', '.', '&', '(', '"', '\'', '`', '#', '/', '>', '*':
		default:
			return 0
		}
	}
	return 0
}

// isClear reports whether a run that ends at a place is clear, with the lines behind it that go on with it, and where all of them end that
// were looked at.
func (c *clearing) isClear(start, run, to int) (end int, ok bool) {
	if c.depth >= maxDepth || run-start > mostClear {
		return run, false
	}
	level, first := &c.levels[c.depth+1], start
	level.clear = level.clear[:0]
	var buffer [8]int
	searched := 0
	for joints := buffer[:0]; len(joints) < mostJoins; joints = append(joints, len(level.clear)) {
		closed, next := c.behind(start, run, to)
		if len(level.clear)+run-start > mostClear {
			c.large++
			return run, false
		}
		if closed < 0 || !level.undo(c.text[start:run]) {
			return run, false
		}
		if next < 0 || len(joints) == 0 && c.isPadded(level.clear) {
			return closed, c.holdsNothing(first, run, level.clear, joints)
		}
		if bytes.IndexByte(level.clear[searched:], '{') >= 0 { // a plain header may be broken there
			return run, false
		}
		if searched = len(level.clear); len(joints) == 0 {
			if end := c.longEnd(start, run, next, to); end > run {
				c.large++
				return end, false
			}
		}
		start, run = next, runEnd(c.text[:to], next)
	}
	c.large++
	return run, false
}

// longEnd returns where the last of lines of one width ends, of which the first is text[start:run], if they are more than are looked at, or go
// on with such: next is where the second begins. So nothing is undone of them.
func (c *clearing) longEnd(start, run, next, to int) (end int) {
	width, least := next-start, min(mostJoins, mostClear/(run-start)+1)
	goesOn := c.long > 0 && start-c.long <= len("\r\n")
	lines := 1
	for end = run; end+width+1 < to && c.text[next-1+lines*width] == '\n' && sextets[c.text[end+width-1]] < 64; end += width {
		if lines++; lines >= least {
			c.long = end + width
			return c.long
		}
	}
	if goesOn {
		c.long = end
		return end
	}
	return run
}

// isPadded reports whether a text is base64 that ends with padding, so that it does not go on behind a line that ends with it.
func (c *clearing) isPadded(text []byte) bool {
	run := len(bytes.TrimRight(text, "="))
	return run < len(text) && run%4 != 1 && len(text)%4 == 0 && run >= leastEncoded && areSextets(text[:run]) && isEncodedText(text[:probed])
}

// undo adds what base64 stands for, and reports whether all of that is text.
func (l *level) undo(run []byte) bool {
	p := piece{text: l.clear}
	before := len(p.text)
	p.base64(run, 0, before+len(run))
	l.clear = p.text
	return len(run)%4 != 1 && textEnd(p.text[before:]) == len(p.text)-before
}

// behind returns where a run with its padding ends, if what stands behind goes on with nothing that is in it; and next, where that is on
// the next line. The first is -1 where this cannot be told, the other where the run ends there.
func (c *clearing) behind(start, run, to int) (end, next int) {
	text := c.text
	end = run
	for k := 0; k < 2 && end < len(text) && text[end] == '='; k++ {
		end++
	}
	if end >= to {
		if end == len(text) && c.atEOF {
			return end, -1
		}
		return -1, -1
	}
	switch char := text[end]; {
	case char == 0 || isSign[char] != 0:
		return -1, -1
	case solids[char] || char >= 0x7f:
		return end, -1
	}
	if line := end + 1; line < len(text) && isMarginBlank(text[end]) && solids[text[line]] && text[line] != '\\' {
		return end, -1
	}
	line := end
	if text[line] == '\r' {
		line++
	}
	if line >= to || text[line] != '\n' {
		return c.behindOther(end)
	}
	line++
	if end == run+1 && isSoftBreak(text, run) {
		return -1, -1
	}
	if line+leastEncoded >= to || !c.beginsAlike(line) {
		return c.behindOther(end)
	}
	switch {
	case end > run: // padding ends it
		return end, -1
	case (run-start)%4 == 0:
	case beginsGroups(text, line): // and so does the beginning of another that is text as it stands
		return end, -1
	default:
		return -1, -1
	}
	return end, line
}

// beginsAlike reports whether a line begins with base64 of text.
func (c *clearing) beginsAlike(line int) bool {
	return areSextets(c.text[line:line+leastEncoded]) && isEncodedText(c.text[line:line+probed])
}

// behindOther is behind for what neither another line begins behind nor a character that ends all.
func (c *clearing) behindOther(end int) (closed, next int) {
	if joint := jointAt(c.text, end); joint.end >= 0 || joint.more && !c.atEOF {
		return -1, -1
	}
	closed = end
	signsBetween(c.text[end:min(end+maxBreak, len(c.text))], func(wrapping) { closed = -1 })
	return closed, -1
}

// holdsNothing reports whether nothing is in text[start:end], which is base64, over several lines it may be, and in what that stands for,
// all of which is text, joined at some places.
func (c *clearing) holdsNothing(start, end int, inner []byte, joints []int) bool {
	if hexIn(c.text[start:min(end, start+encodedAhead)], 0).at >= 0 {
		return false // which is text as well
	}
	if bytes.IndexByte(inner, '{') >= 0 && c.hasHeader(start, end) {
		return false
	}
	for _, at := range joints { // each may be a text of its own as well
		if runEnd(inner, at)-at < leastEncoded && beginsInLine(inner, at).at >= 0 {
			return false
		}
	}
	within := clearing{scan: c.scan, text: inner, depth: c.depth + 1, atEOF: true}
	return within.isAllClear()
}

// hasHeader reports whether a plain header may begin in text[from:to].
func (c *clearing) hasHeader(from, to int) bool {
	part := c.text[:min(to+longest, len(c.text))]
	for needle, at := c.headers.Next(part, from); at >= 0 && at < to; needle, at = c.headers.Next(part, at+1) {
		if needle < plainStarts && mayStartHeader(c.text, jwt.GroupOf(needle, at)) {
			return true
		}
	}
	return false
}

// isAllClear reports whether nothing is in a text: see [scan.search], which would find it.
func (c *clearing) isAllClear() bool {
	text := c.text
	if run := len(bytes.TrimRight(text, "=\r\n")); run >= leastEncoded && len(text)-run <= len("==\r\n") && areSextets(text[:run]) {
		if !isEncodedText(text[:probed]) {
			return false
		}
		end, ok := c.isClear(0, run, len(text))
		return ok && end >= run
	}
	if (candidates{c.Detector}).firstStart(text, 0, len(text)) >= 0 || nextFramed(text, 0, len(text)) >= 0 || beginsInLine(text, 0).at >= 0 {
		return false
	}
	from := 0
	for from < len(text) {
		run := c.next(from, len(text))
		if run.start < 0 {
			return !c.hasNeedle(from, len(text), len(text))
		}
		if !c.isEmpty(from, run) && c.hasNeedle(from, run.start+run.lead, run.start) {
			return false
		}
		from, c.done = run.end, run.end
	}
	return true
}

// isEmpty reports whether nothing of interest can be between a clear run and what ended at a place.
func (c *clearing) isEmpty(from int, run clearRun) bool {
	if run.lead > 0 || run.start-from > len("\r\n") || from > 0 && from != c.done {
		return false
	}
	for i := from; i < run.start; i++ {
		switch char := c.text[i]; {
		case char == '\n':
			if from == 0 || c.matcher().breaksHeader(c.text, feedStart(c.text, i), i+1) {
				return false
			}
		case char != '\r' && c.matcher().firsts[char]:
			return false
		}
	}
	return true
}

// hasNeedle reports whether there is a needle in text[from:to], or other signs of what is wrapped, but for base64 from encoded on.
func (c *clearing) hasNeedle(from, to, encoded int) bool {
	for ; from < to; from += atOnce {
		until := min(from+atOnce, to)
		if c.hasWhole(from, until) {
			return true
		}
		broken, text, lines := c.besideRun(c.text, from, until)
		if broken.start >= 0 || text.at >= 0 && text.at < encoded {
			return true
		}
		if lines >= 0 {
			if end, _ := breakAt(c.text, lines); end < encoded {
				return true
			}
		}
	}
	return false
}

// hasWhole reports whether there is a needle in text[from:to] that does not stand there by chance.
func (c *clearing) hasWhole(from, to int) bool {
	seen := &c.seenEscaped
	*seen = escapedText{}
	for at := c.nextNeedle(c.text, from, to, seen); at >= 0; at = c.nextNeedle(c.text, at+1, to, seen) {
		if at+fewest > len(c.text) {
			return false // what is wrapped is longer, and the text ends
		}
		start := at
		for start > 0 && at-start < nearStart && sextets[c.text[start-1]] < 64 {
			start--
		}
		if c.leadAt(start) > 0 || !c.matcher().isOfNoText(c.text, at) {
			return true
		}
	}
	return false
}

// needlesBut appends what begins in text[from:to] as needlesIn does, but for what is in clear runs. It returns up to where it looked: a run
// that goes on there is looked at as a whole.
func (s *scan) needlesBut(dst []detectors.Candidate, from, to, end int) (candidates []detectors.Candidate, done int) {
	to = s.wholeTo(from, to, end)
	c := clearing{scan: s, text: s.text, depth: s.depth, atEOF: s.atEOF}
	for from < to {
		run := c.next(from, to)
		if run.start < 0 {
			break
		}
		if from < run.start+run.lead && !c.isEmpty(from, run) {
			first := len(dst)
			dst = s.needlesIn(dst, s.text, from, min(run.start+run.lead, to))
			dst = withoutRun(dst, first, s.text, run.start)
		}
		from, c.done = run.end, run.end
	}
	if from < to {
		dst = s.needlesIn(dst, s.text, from, to)
	}
	return dst, max(from, to)
}

// clearWithin returns the clear runs in text[from:to]. What it returns is valid until it is asked for those of a text at this depth again.
func (s *scan) clearWithin(from, to int) []clearRun {
	level := &s.levels[s.depth]
	if level.runs = level.runs[:0]; to-from < leastClear {
		return nil
	}
	for c := (clearing{scan: s, text: s.text, depth: s.depth, atEOF: s.atEOF}); from < to && c.large < mostLarge; from = c.done {
		run := c.next(from, to)
		if run.start < 0 {
			break
		}
		c.done = run.end
		level.runs = append(level.runs, run)
	}
	return level.runs
}

// clearAt returns the one of some clear runs that a place is in, behind what may begin in front of it.
func clearAt(runs []clearRun, at int) (run clearRun, ok bool) {
	i, _ := slices.BinarySearchFunc(runs, at+1, func(run clearRun, at int) int { return run.end - at })
	if i < len(runs) && runs[i].start+runs[i].lead <= at {
		return runs[i], true
	}
	return clearRun{}, false
}

// wholeTo returns a place where text[from:to] ends: where a run begins that goes on there, is long, and begins behind another.
func (s *scan) wholeTo(from, to, end int) int {
	start, first := to, max(from, to-besideBreak)
	for start > first && sextets[s.text[start-1]] < 64 {
		start--
	}
	if start == first || start+minRun > end || !areSextets(s.text[start:start+minRun]) {
		return to
	}
	return start
}

// withoutRun removes from those behind first what is a run at a place.
func withoutRun(dst []detectors.Candidate, first int, text []byte, start int) []detectors.Candidate {
	kept := dst[:first]
	for _, found := range dst[first:] {
		switch found.Kind {
		case encodedCandidate:
			if found.At == start {
				continue
			}
		case linesCandidate:
			if end, _ := breakAt(text, found.At); end == start {
				continue
			}
		}
		kept = append(kept, found)
	}
	return kept
}
