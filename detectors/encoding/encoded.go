package encoding

import (
	"bytes"
	"slices"

	"github.com/jwtleak/jwtleak/detectors"
)

// What is written wholly in base64, hexadecimal or UTF-16 is known by what comes out, where that is text. So it is undone
// whatever the text is, and needles need not stand for each chain of wrappings that may be in it. They are for what is
// in no text.
const (
	leastEncoded = 28 // characters of base64 that are enough to tell
	probed       = 24 // those of them that are decoded, at four alignments
	nearProbe    = 40 // where that is done once more, as far on as a line of PEM reaches: what stands in front may be beyond ASCII
	farProbe     = 64 // and again: something else may stand in front
	leastHex     = 32 // the same for hexadecimal, all of which are decoded
	leastWide    = 24 // and for UTF-16
	fewestNoZero = 4  // bytes that are not zero, of which at least so many come out
	encodedAhead = farProbe + 4 + probed
	// textWindow is how many bytes are undone at once of what is known to be text.
	textWindow = 16 << 10
)

// An encodedText is the beginning of text that is written in another form.
type encodedText struct {
	by    wrapping
	at    int // where the run of characters begins that may be of it; -1 for none
	start int // where a unit of it starts
	end   int // where that run ends, of base64 and hexadecimal
}

// nextEncoded returns the first of those that begin in text[from:to].
func nextEncoded(text []byte, from, to int) encodedText {
	i := from
	if i > 0 && i < len(text) && sextets[text[i-1]] < 64 && !isWide(text, i) {
		i = runEnd(text[:min(to, len(text))], i) // which began before
	}
	for i < to && i+leastEncoded <= len(text) {
		if k := lastOther(text, i); k >= i {
			i = k + 1
			at := k // a character of UTF-16 that is none of base64, or the zero byte of one
			if text[k] == 0 {
				at--
			}
			if end := wideEnd(text, at); end > at {
				for at >= from && isWideChar(text, at-2) {
					at -= 2
				}
				if at >= from && at < to && isWide(text, at) {
					return encodedText{by: utf16LE, at: at, start: at}
				}
				i = max(i, end)
			}
			continue
		}
		end := runEnd(text, i+leastEncoded)
		if found := encodedIn(text[:min(end, i+encodedAhead)], i); found.at >= 0 {
			found.end = end
			return found
		}
		if end-1 < to && isWide(text, end-1) { // the last of the characters, which is to be found from here alone
			return encodedText{by: utf16LE, at: end - 1, start: end - 1}
		}
		i = end + 1
	}
	return encodedText{at: -1}
}

// lastOther returns where the last of leastEncoded bytes, from i on, stands that is no character of base64, or less than i.
func lastOther(text []byte, i int) int {
	k := i + leastEncoded - 1
	for k >= i && sextets[text[k]] < 64 {
		k--
	}
	return k
}

// encodedIn looks at the base64 characters that start at i and end where text does.
func encodedIn(text []byte, i int) encodedText {
	for _, first := range [...]int{i, i + nearProbe, i + farProbe} {
		start, ok := groupOfText(text, first)
		if !ok {
			continue
		}
		if hexed := hexIn(text, i); hexed.at >= 0 && hexed.start <= start {
			return hexed // 3d3d3d, which is ===, is www as well
		}
		return encodedText{by: base64Run, at: i, start: i + (start-i)%4}
	}
	return hexIn(text, i)
}

// groupOfText returns where the first group of base64 starts from a place on, of four, if those behind are text. Where that is so of
// several, it is text by chance in all but one, which goes on longest: base64 of hexadecimal often is at first.
func groupOfText(text []byte, first int) (start int, ok bool) {
	longest := 0
	for k := first; k < first+4 && k+probed <= len(text); k++ {
		if !isEncodedText(text[k : k+probed]) {
			continue
		}
		if length := textGroups(text[k:]); length > longest {
			start, longest = k, length
		}
	}
	return start, longest > 0
}

// textGroups returns how many groups of base64 there are before one that is not of text.
func textGroups(chars []byte) (count int) {
	for len(chars) >= 4 && isTextGroup(chars[0], chars[1], chars[2], chars[3]) {
		chars = chars[4:]
		count++
	}
	return count
}

// hexIn looks for hexadecimal in them.
func hexIn(text []byte, i int) encodedText {
	at := i
	if i > 0 && text[i-1] == '%' { // of a percent sign, encoded over and over again
		at = percentEnd(text, i-1)
	}
	for at+leastHex <= len(text) {
		k := at + leastHex - 1
		for k >= at && nibbles[text[k]] < 16 {
			k--
		}
		if k >= at {
			at = k + 1
			continue
		}
		for start := at; start < at+2 && start+leastHex <= len(text); start++ {
			if isHexOfText(text[start : start+leastHex]) {
				return encodedText{by: hexRun, at: i, start: start}
			}
		}
		break
	}
	return encodedText{at: -1}
}

func isEncodedText(groups []byte) bool {
	count := 0
	for ; len(groups) >= 4; groups = groups[4:] {
		a, b, c, d := sextets[groups[0]], sextets[groups[1]], sextets[groups[2]], sextets[groups[3]]
		x, y, z := a<<2|b>>4, b<<4|c>>2, c<<6|d
		if !texts[x] || !texts[y] || !texts[z] {
			return false
		}
		for _, byte := range [3]byte{x, y, z} {
			if byte != 0 {
				count++
			}
		}
	}
	return count >= fewestNoZero
}

func isHexOfText(digits []byte) bool {
	count := 0
	for ; len(digits) >= 2; digits = digits[2:] {
		c := nibbles[digits[0]]<<4 | nibbles[digits[1]]
		if !texts[c] {
			return false
		}
		if c != 0 {
			count++
		}
	}
	return count >= fewestNoZero
}

// isWide reports whether a word of UTF-16 starts at i, or where its bytes are the other way round one byte before.
func isWide(text []byte, i int) bool {
	if i < 0 || i+2*leastWide > len(text) {
		return false
	}
	for k := i; k < i+2*leastWide; k += 2 {
		if !isWideChar(text, k) {
			return false
		}
	}
	return true
}

// isWideChar reports whether what stands at i may be of a word in UTF-16.
func isWideChar(text []byte, i int) bool {
	return i >= 0 && i+2 <= len(text) && text[i+1] == 0 && text[i] != 0 && inRun[text[i]]
}

// wideEnd returns where the word of UTF-16 ends that goes on at i.
func wideEnd(text []byte, i int) int {
	for isWideChar(text, i) {
		i += 2
	}
	return i
}

// encoded undoes what is wholly written in another form, to its end.
func (s *scan) encoded(e encodedText) {
	if s.depth >= maxDepth || s.isPlain(e.at) || e.at < s.ended || s.isFramed(e.at) {
		return // what may be of a token has needles, which tell
	}
	switch e.by {
	case utf16LE:
		s.wideBehind(e.at, nearInFront) // a JSON serialization may begin with words that are short
		s.through(utf16LE, e.at, wideEnd(s.text, e.at))
	default:
		end := e.end
		if end < len(s.text) {
			if next := s.jointAt(end); next.end >= 0 && !beginsKey(s.text, next.end, end-e.at) && !s.beginsToken(next.end) {
				s.through(brokenLines, s.throughLine(e), end)
			}
		}
		if s.covered[slot(brokenLines, 0)] <= e.at {
			s.through(e.by, e.start, end)
		}
		s.throughSoft(e.at, end)
	}
}

// longJoined is how many characters of a line are enough to undo it by itself, before it is joined with the next.
const longJoined = 64 << 10

// throughLine undoes a long line of base64 that may go on in the next, but for the end of it, and for what has begun there. It returns
// where that begins, which is to be joined with the next line.
func (s *scan) throughLine(e encodedText) (rest int) {
	slot := slot(base64Run, e.start)
	if e.by != base64Run || e.end-e.at < longJoined || s.covered[int(brokenLines)*4] > e.at {
		return e.at
	}
	outer := s.lineEnd
	s.lineEnd = e.end
	s.through(base64Run, e.start, e.end)
	s.lineEnd = outer
	if rest = s.resume[slot]; rest > e.at && rest < e.end {
		return rest
	}
	return e.at
}

// beginsGroups reports whether base64 of text begins at a place, and the first of its groups does.
func beginsGroups(text []byte, at int) bool {
	part := text[at:min(at+encodedAhead, len(text))]
	part = part[:runEnd(part, 0)]
	start, ok := groupOfText(part, 0)
	return ok && start == 0 && len(part) >= leastEncoded
}

// isOneRun reports whether a text is one run of what begins at its start: no token is in it but in that, for it has no full
// stop.
func (s *scan) isOneRun(e encodedText) bool {
	return e.at == 0 && s.depth < maxDepth && e.by != utf16LE && !s.hasLineInFront() &&
		e.end == len(bytes.TrimRight(s.text, "=\r\n"))
}

// beginsInLine returns the base64 that begins at a place, where that goes on in the next lines: one that begins in the middle of a line,
// or narrow lines, have too little to tell by one of them.
func beginsInLine(text []byte, at int) encodedText {
	var joined [encodedAhead]byte
	end := runEnd(text[:min(at+maxBreak, len(text))], at)
	n := copy(joined[:], text[at:end])
	for last := end; n > 0 && n < len(joined) && last < len(text); {
		next := jointAt(text, last).end
		if next < 0 {
			break
		}
		if last = runEnd(text[:min(next+len(joined)-n, len(text))], next); last == next {
			break
		}
		n += copy(joined[n:], text[next:last])
	}
	if start, ok := groupOfText(joined[:n], 0); ok {
		return encodedText{by: base64Run, at: at, start: at + start, end: end}
	}
	return encodedText{at: -1}
}

// first returns what is encoded where the text begins, from a place on, or what was found behind that.
func (s *scan) first(found encodedText, from int) encodedText {
	at := from
	for at < min(from+legibleStart, len(s.text)) && (s.text[at] == '\n' || s.text[at] == '\r' || isMarginBlank(s.text[at])) {
		at++
	}
	if found.at == at {
		return found
	}
	if first := beginsInLine(s.text, at); first.at == at {
		return first
	}
	return found
}

// hasLineInFront reports whether the first of the lines that the text was joined from is longer than those behind it: it may be a
// matter of its own, without padding, and the others begin anew.
func (s *scan) hasLineInFront() bool { return len(s.lined) > 1 && s.lined[0].width > s.lined[1].width }

// isPlain reports whether a place is in a plain token that was found: those of JSON are text in base64.
func (s *scan) isPlain(at int) bool {
	for i := len(s.found) - 1; i >= 0 && s.found[i].Encodings == nil; i-- {
		if match := &s.found[i]; match.Start <= at {
			return at < match.End
		}
	}
	return false
}

// beginsToken reports whether a plain token begins where a line does: it is none of the base64 on the line before, which may be
// the end of another that began in front of the text. No other header stands between that base64 and the line.
func (s *scan) beginsToken(line int) bool {
	if line+shortest > len(s.text) || !s.matcher().startsPlain(s.text, line) {
		return false
	}
	s.plain(line)
	return s.isPlain(line)
}

// beginsKey reports whether a line that begins at a place is of a key and its value, as in YAML: it is none of the base64 on the line
// before, of a width, which is wider.
func beginsKey(text []byte, line, width int) bool {
	end := line
	for last := min(line+min(width, leastEncoded), len(text)); end < last && literals[text[end]]; {
		end++
	}
	return end > line && end+1 < len(text) && text[end] == ':' && (text[end+1] == ' ' || text[end+1] == '\n' || text[end+1] == '\r')
}

// through undoes a wrapping from start up to end, whether or not what comes out has to do with a token.
func (s *scan) through(w wrapping, start, end int) {
	covered := &s.covered[slot(w, start)]
	for at := max(start, *covered); at < end; at = *covered {
		if s.depth == 0 {
			s.grant(at, len(s.text))
		}
		s.followBy(slot(w, start), w, at, at, textWindow)
		if *covered <= at {
			return // for which there is a reason that was told
		}
	}
}

// throughSoft undoes the soft wrappings of which there are signs behind text at a place that is written in another form,
// and has none up to end.
func (s *scan) throughSoft(at, end int) {
	if !s.solid.covers(at) {
		s.solid = s.signs(at, end)
	}
	for w := percent; w < brokenLines && s.solid.any; w++ {
		if s.solid.signs[w] && (s.atEOF || s.solid.firsts[w]+escapeWidth <= len(s.text)) {
			s.through(w, at, s.solid.end)
		}
	}
}

// framedBeyond is how many bytes are looked at for framed lines at least.
const framedBeyond = 1024

// encodedForms are what a part of a text has in another form: what is encoded, and narrow lines of it, framed ones too, in order.
type encodedForms struct {
	*scan
	to      int
	encoded encodedText // the next
	lines   int         // the next line break with narrow lines behind it, -1 where none is known
	by      wrapping    // by which they are broken
	known   int         // up to where that is known: most is legible when it is asked for
	clear   []clearRun  // what is not followed, for nothing is in it
	framed  detectors.Candidate
	seen    framedLines
	asked   int // the same of framed lines
}

// before follows those that begin in front of a place.
func (f *encodedForms) before(at int) {
	for {
		f.findLines(min(at, f.to))
		f.findFramed(min(at, f.to))
		switch encoded := f.encoded.at; {
		case f.framed.At >= 0 && f.framed.At < at && (encoded < 0 || f.framed.At <= encoded) && (f.lines < 0 || f.framed.At <= f.lines) && !f.isForLater(f.framed.At):
			if f.budget -= priceOfHit; f.isSpent() {
				return
			}
			f.lookAtOne(f.framed)
			f.asked = max(f.framed.At+1, f.covered[framedSlot]-mostFramed, f.undoneLines.end)
			f.framed.At = -1
		case f.lines >= 0 && f.lines < at && (encoded < 0 || f.lines <= encoded) && !f.isForLater(f.lines):
			lines := f.lines
			if end, _ := breakAt(f.text, lines); f.isClear(end) {
				f.lines, f.known = -1, end
				continue
			}
			f.narrowLines(lines, f.by)
			f.lines, f.known = -1, f.behindLegible(lines)
		case encoded >= 0 && (encoded < at || encoded == at && f.goesOn) && !f.isForLater(encoded):
			if f.isClear(encoded) {
				f.encoded = nextEncoded(f.text, encoded+1, f.to)
				continue
			}
			f.scan.encoded(f.encoded)
			f.encoded = nextEncoded(f.text, f.behindLegible(encoded), f.to)
		default:
			return
		}
	}
}

// isClear reports whether a clear run begins at a place.
func (f *encodedForms) isClear(at int) bool {
	_, found := slices.BinarySearchFunc(f.clear, at, func(run clearRun, at int) int { return run.start - at })
	return found
}

// findLines looks for narrow lines up to a place, or what is encoded in front of it.
func (f *encodedForms) findLines(end int) {
	if f.encoded.at >= 0 {
		end = min(end, f.encoded.at+1)
	}
	if f.isLegible(f.known) {
		f.known = f.behindLegible(f.known)
	}
	if f.lines < 0 && f.known < end {
		f.lines, f.by = nextLines(f.text, f.known, end)
		f.known = end
	}
}

// findFramed does it for framed lines, and somewhat beyond: where needles are dense it is asked in front of each.
func (f *encodedForms) findFramed(end int) {
	if f.framed.At >= 0 && f.isLegible(f.framed.At) {
		f.framed.At = -1
	}
	if f.asked < end {
		end = min(max(end, f.asked+framedBeyond), f.to)
	}
	if f.encoded.at >= 0 {
		end = min(end, f.encoded.at+1)
	}
	if f.isLegible(f.asked) {
		f.asked = f.legible.end - legibleEdge
	}
	if f.framed.At < 0 && f.asked < end {
		if f.framed = f.seen.next(f.asked, end); f.framed.Kind == undoneFramedCandidate {
			f.budget -= priceOfFrame
		}
		f.budget -= f.seen.spent
		f.asked, f.seen.spent = end, 0
	}
}
