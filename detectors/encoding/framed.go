package encoding

import (
	"bytes"

	"github.com/jwtleak/jwtleak/detectors"
	"github.com/jwtleak/jwtleak/detectors/prefilter"
)

// Narrow lines of base64 that each have a margin or are string literals have no long run, and a needle may be broken in each of them,
// or be one that is not looked for there: of base64 in base64. They are known by what they are together: lines of one length, which have
// the base64 of text at the same places. There are so many lines that this is asked of few: where the samples of a text are mixed.
const (
	leastFramed = 4  // characters of such a line
	mostFramed  = 64 // bytes of one, with its line feed and all that it has besides
	// framedAhead is how many bytes decide, from the start of a line on, whether such lines begin there.
	framedAhead = prefilter.Sampled + mostFramed
	// mostWordsBetween is how many words or signs that are characters of base64 stand between two pieces at most, and one.
	mostWordsBetween = 5
)

// framedLines looks for such lines in a text.
type framedLines struct {
	text  []byte
	mixed span        // where samples that begin there are mixed
	spent int         // on what begins with an escaped line break
	frame undoneFrame // of the last that were found so
}

// nextFramed returns where the first of such lines begins in text[from:to], or -1.
func nextFramed(text []byte, from, to int) int {
	lines := framedLines{text: text}
	return lines.next(from, to).At
}

// next returns the first of them that begins from a place on, in front of another: where, or where the line break is in front of it if
// that is escaped; -1 where there is none.
func (l *framedLines) next(from, to int) detectors.Candidate {
	const back = prefilter.Sampled - 1
	for p := prefilter.NextMixed(l.text, from, to+back); p >= 0; p = prefilter.NextMixed(l.text, p+1, to+back) {
		first, last := max(p-back, from), min(p, to-1)
		if first > last {
			break
		}
		if !prefilter.AmongMixed(l.text, p) {
			continue
		}
		if line := l.nextLine(first, last, p); line >= 0 {
			return detectors.Candidate{At: line, Kind: framedCandidate}
		}
		if literal := l.nextLiteral(first, last, p); literal >= 0 {
			return detectors.Candidate{At: literal, Kind: framedCandidate}
		}
		if at := l.nextUndone(first, last+1); at >= 0 {
			return detectors.Candidate{At: at, Kind: undoneFramedCandidate}
		}
	}
	return detectors.Candidate{At: -1}
}

// nextLine returns where the first of them begins from a place on, up to another, that is broken by line feeds as such, or -1. A sample
// that is mixed is near.
func (l *framedLines) nextLine(from, last, sample int) int {
	if !isAmongAlike(l.text, sample) {
		return -1
	}
	for line := from; line <= last; line++ {
		if line > 0 {
			feed := bytes.IndexByte(l.text[line-1:last], '\n')
			if feed < 0 {
				break
			}
			line += feed
		}
		if l.begins(line) {
			return line
		}
	}
	return -1
}

// behind returns where the last of the lines ends that begin at a place, or behind the line break there.
func (l *framedLines) behind(first detectors.Candidate) int {
	if first.Kind == undoneFramedCandidate {
		return max(l.frame.behind(l.text, first.At), first.At+1)
	}
	f, _ := frameAt(l.text, first.At)
	return f.behind(l.text, first.At)
}

// begins reports whether such lines begin at a place, and so many that a sample lies in them, wherever samples are taken.
func (l *framedLines) begins(at int) bool {
	f, ok := frameAt(l.text, at)
	if !ok || at+framedAhead > len(l.text) || !f.isEncoded(l.text, at) {
		return false
	}
	for line := at + f.length; line < at+prefilter.Sampled; line += f.length {
		if !f.has(l.text, line) {
			return false
		}
	}
	return l.isMixed(at)
}

// isMixed reports whether all samples are mixed that begin in as many bytes from a place on as one is taken of.
func (l *framedLines) isMixed(at int) bool {
	if at < l.mixed.start || at > l.mixed.end {
		l.mixed = span{at, at}
	}
	for ; l.mixed.end < at+prefilter.Sampled; l.mixed.end++ {
		if !prefilter.Mixed(l.text[l.mixed.end:]) {
			return false
		}
	}
	return true
}

// isAmongAlike reports whether the line that a place is in is as long as the one in front of it, or the one behind.
func isAmongAlike(text []byte, at int) bool {
	end := at + bytes.IndexByte(text[at:min(at+mostFramed, len(text))], '\n')
	start := bytes.LastIndexByte(text[max(at-mostFramed, 0):at], '\n') + max(at-mostFramed, 0)
	length := end - start
	if end < at || length > mostFramed || length <= leastFramed {
		return false
	}
	return start >= length && text[start-length] == '\n' || end+length < len(text) && text[end+length] == '\n'
}

// A frame is what lines of base64 have in common: where on its line it starts and ends, and how long that is, with its line feed. Of
// literals on one line, each with what stands between it and the next is a line.
type frame struct {
	start, end, length int
	between            [mostBetween]byte // of literals
}

// frameAt returns the frame of the line at a place, if the next one has it too.
func frameAt(text []byte, at int) (f frame, ok bool) {
	if at > 0 && isQuote(text[at-1]) {
		return literalFrameAt(text, at)
	}
	line := text[at:min(at+mostFramed, len(text))]
	f.length = bytes.IndexByte(line, '\n') + 1
	if f.length <= leastFramed || at+2*f.length > len(text) || text[at+2*f.length-1] != '\n' {
		return f, false
	}
	f.start, f.end = longestRun(line[:max(f.length-1, 0)])
	if f.start == 0 && (line[0] == '+' || line[0] == '-') && text[at+f.length] == line[0] {
		f.start++ // of a patch
	}
	if f.end < len(line) && line[f.end] == '=' {
		return f, false // padding, or a soft break of quoted-printable, which are both no part of what goes on
	}
	if width := f.end - f.start; width < leastFramed || width >= minRun || f.start == 0 && f.end >= len(bytes.TrimRight(line[:f.length], "\r\n")) {
		return f, false
	}
	return f, f.has(text, at+f.length)
}

// longestRun returns where the longest run of base64 characters starts and ends.
func longestRun(line []byte) (start, end int) {
	for i := 0; i < len(line); i++ {
		first := i
		for i < len(line) && sextets[line[i]] < 64 {
			i++
		}
		if i-first > end-start {
			start, end = first, i
		}
	}
	return start, end
}

// has reports whether the line at a place has the frame.
func (f frame) has(text []byte, at int) bool {
	if f.isOfLiterals() {
		return f.hasLiteral(text, at)
	}
	if at < 0 || at+f.length > len(text) || text[at+f.length-1] != '\n' {
		return false
	}
	line := text[at : at+f.length]
	return f.isIn(line) && bytes.IndexByte(line[:f.start], '\n') < 0 && bytes.IndexByte(line[f.end:], '\n') == f.length-1-f.end
}

// isIn reports whether a line has base64 where the frame has.
func (f frame) isIn(line []byte) bool {
	return areSextets(line[f.start:f.end]) && (f.end == len(line) || sextets[line[f.end]] >= 64) &&
		(f.start < 2 || sextets[line[f.start-1]] >= 64 || sextets[line[f.start-2]] >= 64)
}

// behind returns where the last line ends that has the frame, of those from the one at a place on, without any other between.
func (f frame) behind(text []byte, at int) int {
	for at += f.length; f.has(text, at); {
		at += f.length
	}
	return at
}

// isEncoded reports whether the lines from the one at a place on are of text in base64.
func (f frame) isEncoded(text []byte, at int) bool {
	var buffer [probed + leastHex]byte
	return mayBeEncoded(text[at+f.start:at+f.end]) && isEncoded(f.add(buffer[:0], text, at))
}

// add adds the base64 of the lines from the one at a place on, as much as there is room for, and they are near.
func (f frame) add(chars, text []byte, at int) []byte {
	for last := at + before; len(chars) < cap(chars) && at < last && f.has(text, at); at += f.length {
		chars = append(chars, text[at+f.start:at+min(f.end, f.start+cap(chars)-len(chars))]...)
	}
	return chars
}

// framed undoes the lines that begin at a place, to their end.
func (s *scan) framed(at int) {
	f, ok := frameAt(s.text, at)
	covered := &s.covered[framedSlot]
	if !ok || s.depth >= maxDepth || s.isPlain(at) || at < s.ended || at+f.length <= *covered {
		return
	}
	for range mostLinesBefore { // those in front of it may have been mixed less
		before := at - f.length
		if before+f.length <= *covered || !f.has(s.text, before) || before > 0 && s.text[before-1] != s.text[at-1] {
			break
		}
		at = before
	}
	*covered = min(*covered, at) // the first line was taken for the last of others
	from, hold, count := s.framedStart(f, at), s.hold, len(s.found)
	start, end, first := from, f.behind(s.text, at)-f.length+f.end, at
	if f.isOfLiterals() {
		end = runEnd(s.text, end+f.length-f.end) // nothing stands behind the last
	}
	for from < end && s.hasMore() {
		if s.followBy(framedSlot, brokenLines, from, from, textWindow); *covered > from {
			from = *covered
			continue
		}
		for at+f.start <= from { // what stands between two lines is none of what lines are broken by
			at += f.length
		}
		from = at + f.start
	}
	s.undoneFramed = framedSpan{span: span{first, *covered}, frame: f}
	s.heldLines(start, end, hold, count)
}

// lineAt returns where the line starts that a place is in.
func lineAt(text []byte, i int) int {
	front := max(i-maxBreak, 0)
	return front + bytes.LastIndexByte(text[front:i], '\n') + 1
}

// framedStart returns where the base64 begins that goes on in the line at a place: on the line before, which need not be of the same
// length, but is no other base64.
func (s *scan) framedStart(f frame, line int) int {
	at := line + f.start
	for end, runs := line, 0; end > 0 && line-end < maxGap && runs < mostWordsBetween; end-- { // a sign may be the last of them, and words
		if sextets[s.text[end-1]] >= 64 || sextets[s.text[end]] < 64 {
			continue
		}
		runs++
		if jointAt(s.text, end).end != at {
			continue
		}
		var buffer [minRun + 1 + probed]byte
		start := s.solidStart(end)
		chars := f.add(append(buffer[:0], s.text[start:end]...), s.text, line)
		for k := range 4 {
			if groups := chars[min(k, len(chars)):]; len(groups) >= probed && isEncodedText(groups[:len(groups)&^3]) {
				return start
			}
		}
		break
	}
	return at
}

// A framedSpan is framed lines that were undone.
type framedSpan struct {
	span
	frame
}

// isFramed reports whether a place is in the base64 of framed lines that were undone, or in what was undone to find them: whatever may be
// wrapped there was looked for in that.
func (s *scan) isFramed(at int) bool {
	if lines := &s.undoneFramed; at >= lines.span.start && at < lines.span.end-legibleEdge {
		column := (at - lines.span.start) % lines.length
		return column >= lines.frame.start && column < lines.frame.end
	}
	return at >= s.undoneLines.start && at < s.undoneLines.end-legibleEdge
}
