package encoding

import (
	"bytes"
	"slices"

	"github.com/jwtleak/jwtleak/detectors/prefilter"
)

// Framed lines may stand in a string literal, in an attribute or in UTF-16, so that what breaks them is itself escaped, and much of what
// they have besides may be, too. So what begins with such a line break is undone, as far as decides whether framed lines begin there, and
// looked at as if they were lines as such. If they are, all of them are undone, and looked for in what comes out.

// mostUndoneLine is how many bytes of such a line are read at most.
const mostUndoneLine = 2 * mostFramed

// escapedFeed returns where the line break begins, and what it is escaped by, of which the last byte may be at i: plain where there is none.
func escapedFeed(text []byte, i int) (start int, by wrapping) {
	if text[i] == '\n' {
		if i+3 < len(text) && text[i+1] == 0 && text[i+2] != 0 && text[i+3] == 0 {
			return i, utf16LE
		}
		return -1, plain
	}
	start = signBefore(text, i)
	if start < 0 {
		return -1, plain
	}
	if end, c := feedAt(text[:i+1], start); end != i+1 || c != '\n' {
		return -1, plain
	}
	if start = rowStart(text, start); start > 0 {
		if before := signBefore(text, start-1); before >= 0 {
			if end, c := feedAt(text[:start], before); end == start && c == '\r' {
				return rowStart(text, before), escapedBy[text[before]]
			}
		}
	}
	return start, escapedBy[text[start]]
}

// signBefore returns where the sign is of the escape that may end with the byte at i, or -1.
func signBefore(text []byte, i int) int {
	for k := i - 1; k >= max(i-mostEscape, 0); k-- {
		if isSign[text[k]] != 0 {
			return k
		}
	}
	return -1
}

// mostEscape is how many bytes of an escape of a line break there are between its sign and its end.
const mostEscape = 7

// rowStart returns where the row of backslashes starts that has the one at i.
func rowStart(text []byte, i int) int {
	for i > 0 && text[i] == '\\' && text[i-1] == '\\' {
		i--
	}
	return i
}

// feedBy returns what the line break at a place is escaped by.
func feedBy(text []byte, at int) wrapping {
	if text[at] == '\n' {
		return utf16LE
	}
	_, by := breakAt(text, at)
	return by
}

// An undoneFrame is what framed lines have in common that begin with a line break, and what that is escaped by.
type undoneFrame struct {
	frame
	by     wrapping
	escape int  // how long such a line is as it is escaped
	column span // and where in it the base64 is
}

// What it costs to look at what may be the first of such lines, and at most near one sample: what is made of line breaks has many.
const (
	priceOfFeed   = 30
	priceOfLine   = 60  // besides
	priceOfByte   = 3   // for each of that
	priceOfUndo   = 600 // besides
	mostForSample = 1500
	priceOfFrame  = 5000 // to find such lines, whether they are mixed, and their end
)

// nextUndone returns where the first of them begins in text[from:to], near a sample that is mixed, or -1.
func (l *framedLines) nextUndone(from, to int) int {
	last := min(to+mostFeed, len(l.text))
	near := l.text[max(from-mostFeed, 0):last]
	isEscaped := hasSign(near)
	if !isEscaped && bytes.IndexByte(near, 0) < 0 {
		return -1
	}
	spent := 0
	defer func() { l.spent += spent }()
	for i := max(from, 1); i < last && spent < mostForSample; i++ {
		if isEscaped {
			i = nextFeed(l.text[:last], i)
		} else if feed := bytes.IndexByte(l.text[i:last], '\n'); feed >= 0 {
			i += feed
		} else {
			break
		}
		if i == last {
			break
		}
		spent += priceOfFeed
		at, by := escapedFeed(l.text, i)
		if by == plain || at < from || at >= to {
			continue
		}
		length, may := mayBeFramed(l.text, at, i+1, by)
		if spent += priceOfLine + priceOfByte*length; !may {
			continue
		}
		spent += priceOfUndo
		f, end, ok := undoneFrameAt(l.text, at, by)
		if ok {
			if l.isMixed(at) {
				l.frame = f
				return at
			}
			end = l.mixed.end
		}
		i = max(i, end-2) // those up to there end as soon
	}
	return -1
}

// mayBeFramed rules out most of what is no framed line by what stands between a line break, from at to line, and the next, and returns how
// much of that was read.
func mayBeFramed(text []byte, at, line int, by wrapping) (length int, may bool) {
	switch {
	case at+framedAhead > len(text):
		return 0, false
	case by == utf16LE:
		return mayBeWideFramed(text[at:])
	}
	feed := text[at:line]
	length = bytes.Index(text[line:min(line+mostUndoneLine, at+framedAhead)], feed)
	if length < leastFramed {
		return 0, false
	}
	next := line + length + len(feed)
	if again := next + length; again+len(feed) > len(text) || !bytes.Equal(text[again:again+len(feed)], feed) {
		if bytes.IndexByte(text[line:line+length], feed[0]) < 0 && bytes.IndexByte(text[next:min(again, len(text))], feed[0]) < 0 {
			return 0, false // nothing is escaped in them, and they differ in length
		}
	}
	run, plainly := longestLiteral(text[line:line+length], by)
	if chars := text[line+run.start : line+run.end]; len(chars) < leastFramed || len(chars) >= minRun || !mayBeEncoded(chars) {
		return length, false
	}
	if second := text[next:min(next+length, len(text))]; plainly && len(second) == length && bytes.IndexByte(second, feed[0]) < 0 {
		f := frame{start: run.start, end: run.end, length: length}
		return length, f.isIn(second)
	}
	return length, true
}

// mayBeWideFramed is mayBeFramed for the line break in UTF-16 that text begins with, by its low byte.
func mayBeWideFramed(text []byte) (length int, may bool) {
	length = bytes.IndexByte(text[1:mostUndoneLine], '\n') + 1
	if length <= 2*leastFramed || length%2 != 0 || text[2*length] != '\n' {
		return 0, false
	}
	var line [mostFramed]byte
	for i := range length/2 - 1 {
		line[i] = text[2*i+2]
	}
	start, end := longestRun(line[:length/2-1])
	return length, end-start >= leastFramed && mayBeEncoded(line[start:end])
}

// longestLiteral returns the longest run of base64 characters in a line that are of no escape, and whether there are no escapes.
func longestLiteral(line []byte, by wrapping) (longest span, plainly bool) {
	plainly = true
	for i := 0; i < len(line); {
		first := i
		for i < len(line) && sextets[line[i]] < 64 {
			i++
		}
		if i-first > longest.end-longest.start {
			longest = span{first, i}
		}
		if i < len(line) && escapedBy[line[i]] == by {
			i = unquoted(line, i)
			i += max(readUnit(by, line[i:]).size, 1)
			plainly = false
		} else {
			i++
		}
	}
	return longest, plainly
}

// undoneFrameAt returns what framed lines have in common that begin with the line break at a place, and where the first ends that has it
// no more.
func undoneFrameAt(text []byte, at int, by wrapping) (f undoneFrame, end int, ok bool) {
	if at+framedAhead > len(text) {
		return f, at, false
	}
	var u undoneText
	if u.undo(text[at:at+framedAhead/2], by); bytes.Count(u.text(), newline) < 3 {
		u.undo(text[at:at+framedAhead], by)
	}
	first := feedEnd(u.text())
	if first == 0 {
		return f, at, false
	}
	if f.frame, ok = frameAt(u.text(), first); !ok {
		return f, at, false
	}
	if chars := f.add(make([]byte, 0, probed+3), u.text(), first); !mayBeEncoded(chars) {
		last := first + notText(chars)/(f.end-f.start)*f.length
		return f, at + int(u.at[min(last, u.count)]), false
	}
	u.undo(text[at:at+framedAhead], by)
	if !f.isEncoded(u.text(), first) {
		return f, at, false
	}
	f.by = by
	line := first
	for line+f.length <= u.count && f.has(u.text(), line) {
		line += f.length
	}
	start := int(u.at[first])
	f.escape, f.column = int(u.at[first+f.length])-start, span{int(u.at[first+f.start]) - start, int(u.at[first+f.end]) - start}
	return f, at + int(u.at[line]), int(u.at[line]) >= prefilter.Sampled || u.count-line < f.length && framedAhead-u.end < escapeWidth
}

// notText returns how many of some base64 characters there are at least in front of the last that are not of text, wherever a unit starts.
func notText(chars []byte) int {
	least := len(chars)
	for k := range 4 {
		i := k + (len(chars)-k)&^3 - 4
		for i >= k && isTextGroup(chars[i], chars[i+1], chars[i+2], chars[i+3]) {
			i -= 4
		}
		least = min(least, max(i, 0))
	}
	return least
}

// behind returns where the last of the lines ends that have the frame, from the line break at a place on.
func (f undoneFrame) behind(text []byte, at int) int {
	for {
		var u undoneText
		u.undo(text[at:min(at+framedAhead, len(text))], f.by)
		first := feedEnd(u.text())
		line := first
		for line+f.length <= u.count && f.has(u.text(), line) {
			line += f.length
		}
		if line == first {
			return at
		}
		feed := line - 1
		if u.chars[feed-1] == '\r' {
			feed--
		}
		at = f.behindAlike(text, at+int(u.at[line-f.length]), at+int(u.at[line])) - int(u.at[line]-u.at[feed])
	}
}

// behindAlike returns where the last of the lines ends that are as the one text[line:end] but for the base64, from there on.
func (f undoneFrame) behindAlike(text []byte, line, end int) int {
	if end-line != f.escape || f.column.end-f.column.start != f.end-f.start {
		return end
	}
	for ; end+f.escape <= len(text) && bytes.Equal(text[end+f.column.end:end+f.escape], text[line+f.column.end:line+f.escape]) &&
		bytes.Equal(text[end:end+f.column.start], text[line:line+f.column.start]) && areSextets(text[end+f.column.start:end+f.column.end]); end += f.escape {
	}
	return end
}

// feedBefore returns where the line break begins in front of the one at a place, if a line stands between them that has the frame, or -1.
func (f undoneFrame) feedBefore(text []byte, at, lowest int) int {
	for i := at - 1; i >= max(lowest, at-mostUndoneLine, 1); i-- {
		if feeds[text[i-1]]&(feeds[text[i]]>>4) == 0 {
			continue
		}
		before, by := escapedFeed(text, i)
		if by == plain {
			continue
		}
		if before < lowest || by != f.by {
			return -1
		}
		var u undoneText
		u.undo(text[before:min(before+framedAhead, len(text))], by)
		first := feedEnd(u.text())
		if next := first + f.length; next > u.count || !f.has(u.text(), first) || before+int(u.at[next-first]) != at {
			return -1
		}
		return before
	}
	return -1
}

// feedEnd returns the length of the line break that a text begins with, or 0.
func feedEnd(text []byte) int {
	switch {
	case bytes.HasPrefix(text, []byte("\n")):
		return len("\n")
	case bytes.HasPrefix(text, []byte("\r\n")):
		return len("\r\n")
	}
	return 0
}

// undoneSlot is that of framed lines which are escaped.
func undoneSlot(w wrapping) int {
	if w == utf16LE {
		return int(w)*4 + 2
	}
	return int(w)*4 + 1
}

// undoneFramed undoes the framed lines that begin with the line break at a place, to their end.
func (s *scan) undoneFramedAt(at int) {
	by := feedBy(s.text, at)
	slot := undoneSlot(by)
	f, end, ok := s.seenFrameAt(at)
	if s.isPlain(at) || at < s.ended || !ok && at < s.covered[slot] {
		return
	}
	if !ok {
		if f, _, ok = undoneFrameAt(s.text, at, by); !ok {
			return
		}
		end = f.behind(s.text, at)
	}
	start, hold, count := s.covered[slot], s.hold, len(s.found)
	if at >= start {
		start = s.undoneStart(f, at)
	}
	for from := start; from < end && s.hasMore(); {
		s.followBy(slot, by, from, from, textWindow)
		switch next := s.covered[slot]; {
		case next > from:
			from = next
		case from < at:
			from = at // what stands in front of the line break ends where that begins
		default:
			end = from
		}
	}
	s.undoneLines = span{start, s.covered[slot]}
	s.heldLines(start, end, hold, count)
}

// A seenFrame is what was seen of framed lines already where they are to be undone.
type seenFrame struct {
	undoneFrame
	span
}

// seenFrameAt returns what framed lines have in common that begin with the line break at a place, and where they end, if that was seen.
func (s *scan) seenFrameAt(at int) (f undoneFrame, end int, ok bool) {
	if s.depth > 0 {
		return f, 0, false // it is those of the text as it was given
	}
	i := slices.IndexFunc(s.seenFrames, func(seen seenFrame) bool { return seen.start == at })
	if i < 0 {
		return f, 0, false
	}
	return s.seenFrames[i].undoneFrame, s.seenFrames[i].end, true
}

// areUndone reports whether framed lines that begin with the line break at a place were undone: all of them where they are the first, of
// the others those that follow tell as well.
func (s *scan) areUndone(at int) bool {
	_, end, _ := s.seenFrameAt(at)
	return max(at+1, end) <= s.undoneLines.end
}

// undoneStart returns where to begin with framed lines that begin with the line break at a place: those in front of it may be mixed less,
// and in the one in front of these something stands that belongs to them.
func (s *scan) undoneStart(f undoneFrame, at int) int {
	lowest := s.covered[undoneSlot(f.by)]
	for range mostLinesBefore {
		before := f.feedBefore(s.text, at, lowest)
		if before < 0 {
			break
		}
		at = before
	}
	return s.undoneFront(f.by, at, max(lowest, at-minRun-maxGap))
}

// undoneFront goes back from a place, for as long as what is escaped goes on there, but not behind another.
func (s *scan) undoneFront(by wrapping, at, lowest int) int {
	if by == utf16LE {
		for at-2 >= lowest && s.text[at-1] == 0 && isText(s.text[at-2]) && s.text[at-2] != '\n' {
			at -= 2
		}
		return at
	}
	for at > lowest && (readUnit(by, s.text[at-1:]).size != runEnds || at-2 >= lowest && s.text[at-2] == '\\') {
		at--
	}
	return at
}

// narrowIn returns by what the line break is escaped, of which base64 characters at a place are as near in front as [isNarrow] asks;
// plain where there is none.
func narrowIn(text []byte, at int) wrapping {
	window := text[at:min(len(text), at+sparseAhead)]
	if i := runEnd(window[:min(len(window), minRun)], 0); i < minRun && i < len(window) {
		for last := min(len(window), i+maxGap); i < last; i++ {
			i = nextFeed(window[:last], max(i, 1))
			if i == last {
				break
			}
			feed, by := escapedFeed(window, i)
			if by == plain || by == utf16LE || feed == 0 {
				continue
			}
			var u undoneText
			u.undo(window, by)
			if isNarrow(u.text(), 0) {
				return by
			}
			break
		}
	}
	return plain
}

// heldLines sees to it that framed lines which were undone from start to end are known as such where they are shown again: of those that
// are held, and of those with something that was found in them, so many as tell.
func (s *scan) heldLines(start, end, hold, count int) {
	const enough = 2 * framedAhead
	if s.hold < hold {
		s.hold = min(s.hold, max(start, lineAt(s.text, s.hold)))
	}
	if !s.atEOF && end+mostUndoneLine >= len(s.text) {
		s.hold = min(s.hold, max(start, len(s.text)-enough))
	}
	for _, match := range s.found[count:] {
		s.needed = append(s.needed, span{min(max(start, lineAt(s.text, match.Start)), max(start, end-enough)), match.End})
	}
}
