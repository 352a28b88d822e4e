package encoding

import (
	"bytes"

	"github.com/jwtleak/jwtleak/detectors/jwt"
)

// What is written in base64 from beginning to end is undone where it begins, and to its end. If text comes out throughout, nothing
// else is in it: in other groups the same characters stand for something that is no text, and so do they as hexadecimal. So no
// needles are looked for in that stretch, but those of plain headers, if a brace came out: one may begin there and go on behind it.

const (
	legibleStart = 4   // characters at the start of such a stretch of which the group may have begun in front of it
	legibleEdge  = 256 // and at its end, of which what comes out may be text by chance, or too little of a header to be known as one
)

// textClasses are the bytes that stand in text of ASCII.
var textClasses = classOf(isText)

// textEnd returns how many bytes a text begins with that stand in text of ASCII.
func textEnd(text []byte) (end int) {
	if whole := len(text) &^ (blockSize - 1); whole > 0 && hasVectors() {
		end = classVector(&textClasses, &text[0], whole)
	}
	for end < len(text) && isText(text[end]) {
		end++
	}
	return end
}

// isAllLegible reports whether all of the text is: of base64 and what breaks its lines alone, so that no JSON serialization has begun in it.
func (s *scan) isAllLegible() bool {
	return s.legible.start == 0 && s.legible.end >= len(s.text) && len(s.text) > 0
}

// isLegible reports whether a place is in what was undone and is text throughout.
func (s *scan) isLegible(at int) bool {
	return at >= s.legible.start && at < s.legible.end-legibleEdge
}

// addLegible notes how much was undone of a wrapping, up to done in what came out, and is text throughout.
func (s *scan) addLegible(w wrapping, p *piece, inner *scan, done int) {
	from, to := 0, 0
	var margin []byte
	hasBrace := inner.hasBrace
	switch {
	case w == base64Run:
		length := textEnd(p.text[:done])
		hasBrace = bytes.IndexByte(p.text[:length], '{') >= 0
		from, to = p.start+legibleStart, p.place(length)
		s.budget += length // it costs half of what else comes of base64
	case w == brokenLines && min(inner.legible.end, done) > inner.legible.start:
		part := span{inner.legible.start, min(inner.legible.end, done)} // of what was joined
		var ok bool
		if margin, ok = p.marginIn(s.text, part); !ok {
			return
		}
		from, to = p.place(part.start), p.place(part.end)
	case w >= percent && w < brokenLines && min(inner.legible.end, done) > inner.legible.start:
		from, to = p.place(inner.legible.start), p.place(min(inner.legible.end, done)) // of what escapes stand for, line breaks mostly
	}
	if p.start < legibleStart && from <= p.start+legibleStart {
		from = 0 // no group begins in front of it
	}
	if to == len(s.text) && !p.whole && !s.atEOF {
		to += legibleEdge // which is held
	}
	switch {
	case to <= from:
	case p.start <= s.legible.end && p.start >= s.legible.start && (margin == nil || s.margin == nil || bytes.Equal(margin, s.margin)):
		s.legible.end, s.hasBrace = max(to, s.legible.end), s.hasBrace || hasBrace
		if s.margin == nil {
			s.margin = margin
		}
	default:
		s.legible, s.margin, s.hasBrace = span{from, to}, margin, hasBrace
	}
}

// marginIn returns what stands behind the line breaks between the lines that a part of what was joined is of, and reports whether that
// is the same everywhere: blanks and signs, or nothing. It is nil where there are no line breaks.
func (p *piece) marginIn(text []byte, part span) (margin []byte, ok bool) {
	isFirst := true
	for i := 1; i < len(p.lined); i++ {
		before, l := p.lined[i-1], p.lined[i]
		if l.at <= part.start || l.at >= part.end {
			continue
		}
		if l.from == before.from+l.at-before.at+1 && len(margin) == 0 && !isFirst && text[l.from-1] == '\n' {
			continue // as most
		}
		gap := bytes.TrimPrefix(text[before.from+l.at-before.at:l.from], []byte("\r"))
		switch {
		case len(gap) == 0 || gap[0] != '\n':
			return nil, false
		case isFirst:
			margin, isFirst = gap[1:], false
			for _, c := range margin {
				if !inMargin[c] {
					return nil, false
				}
			}
		case !bytes.Equal(gap[1:], margin):
			return nil, false
		}
	}
	return margin, true
}

// pastFeed returns where a line goes on behind a line feed in what is legible.
func (s *scan) pastFeed(feed int) int {
	if next := feed + 1; bytes.HasPrefix(s.text[next:], s.margin) {
		return next + len(s.margin)
	}
	return feed + 1
}

// behindLegible returns where to look on for base64 behind a place: at the start of the line that is legible to its end no more.
func (s *scan) behindLegible(at int) int {
	if !s.isLegible(at) {
		return at + 1
	}
	last := min(s.legible.end, len(s.text))
	feed := bytes.LastIndexByte(s.text[at:last-1], '\n')
	if feed < 0 { // it may be escaped
		front := last
		for lowest := max(at+1, last-maxBreak); front > lowest && sextets[s.text[front-1]] < 64; {
			front--
		}
		if sextets[s.text[front-1]] < 64 {
			return at + 1
		}
		return max(at+1, front)
	}
	line := at + feed + 1
	next := s.pastFeed(at + feed)
	for next > line && sextets[s.text[next-1]] < 64 { // of the margin, which base64 may begin with as well
		next--
	}
	return max(at+1, next)
}

// nextIllegible returns where the next needle is behind what is legible at a place, or -1. It looks for plain headers there.
func (s *scan) nextIllegible(part []byte, from int) int {
	at := from
	for at >= 0 && s.isLegible(at) {
		end := s.legible.end - legibleEdge
		s.headersIn(at, end)
		at = s.matcher().next(part, end)
	}
	return at
}

// beginsEncoded undoes what the text begins with, where that is base64: what needles stand in it is of no interest then. Behind what is
// shown for the sake of what follows it undoes in any form what goes on there, as if it began: what it begins with is known.
func (s *scan) beginsEncoded() {
	if s.known > 0 && s.known < len(s.text) {
		s.goesOnEncoded()
		return
	}
	first := nextEncoded(s.text, 0, 1)
	if first.at != 0 {
		first = beginsInLine(s.text, 0)
	}
	if first.at == 0 && first.by == base64Run && !s.matcher().startsPlain(s.text, 0) {
		s.undo(0, func() { s.encoded(first) })
	}
}

// goesOnEncoded undoes what goes on behind what is known.
func (s *scan) goesOnEncoded() {
	known := s.known
	if s.text[known] == '\n' {
		known++ // lines are known by the line break in front of them
	}
	text := s.text[known:]
	first := nextEncoded(text, 0, legibleStart)
	if first.at < 0 {
		if lines, by := nextLines(text, 0, leastBroken); lines >= 0 {
			s.undo(known, func() { s.narrowLines(known+lines, by) }) // to the last of them
			return
		}
		first = beginsInLine(text, 0)
	}
	if first.at >= 0 && !s.matcher().startsPlain(text, first.at) {
		first.at, first.start, first.end = first.at+known, first.start+known, first.end+known
		s.undo(known, func() { s.encoded(first) })
	}
}

// undo undoes what begins near a place of the text as it was given, where there is still something to spend on it.
func (s *scan) undo(at int, what func()) {
	if s.isSpent() {
		return
	}
	s.grant(at, len(s.text))
	before := s.budget
	s.budget -= priceOfHit
	what()
	s.settle(s.found, before)
}

// readOn goes on with what is legible where a stretch of the text begins, and returns up to where nothing else is to be looked at.
func (s *scan) readOn(from, to int) (done int) {
	if !s.isLegible(from) {
		return from
	}
	count, budget := len(s.found), s.budget
	for s.legible.end-legibleEdge < to && !s.isSpent() {
		before, line := s.legible.end, s.behindLegible(from)
		next := nextEncoded(s.text, line, line+1)
		if next.at != line {
			next = beginsInLine(s.text, line)
		}
		if next.at != line {
			break
		}
		if next.end <= s.covered[slot(brokenLines, line)] && next.end < len(s.text) { // all of that line was undone, and no more
			next.end = runEnd(s.text, max(s.jointAt(next.end).end, next.end))
		}
		if s.encoded(next); s.legible.end == before {
			break
		}
	}
	to = min(to, s.legible.end-legibleEdge)
	s.headersIn(from, to)
	s.settle(s.found[count:], budget)
	return to
}

// meetHeader notes what may be a plain header at a place, or one place in front of it.
func (s *scan) meetHeader(at int) {
	may, _ := jwt.MayBeHeader(s.text[at:])
	if !may && at > 0 {
		may, _ = jwt.MayBeHeader(s.text[at-1:])
	}
	if may {
		s.met = true
	}
}

// headersIn looks for plain headers that begin in a part of the text which is legible, and for those with a line break in them. Where
// no brace comes out of that, no header stands in it.
func (s *scan) headersIn(from, to int) {
	if !s.hasBrace {
		return
	}
	s.plainIn(s.text[:min(to+longest, len(s.text))], from, to)
	m := s.matcher()
	for i := max(from, 1); i < to; i++ {
		feed := bytes.IndexByte(s.text[i:to], '\n')
		if feed < 0 {
			return
		}
		i += feed
		if end := feedStart(s.text, i); m.breaksHeader(s.text, end, s.pastFeed(i)) {
			if s.isForLater(i - len("eyJ\r")) {
				return
			}
			s.headerAt(i, end)
		}
	}
}

// headerAt looks for a header with a line break in it, from end to the line feed, or right behind what is looked for of one.
func (s *scan) headerAt(feed, end int) {
	if s.matcher().startsPlain(s.text, end-shortest) {
		s.plainNeedle(end - shortest)
	}
	if broken, ok := s.matcher().across(s.text, feed); ok {
		s.followBroken(broken)
	}
}

// feedStart returns where the line break begins that ends with a line feed.
func feedStart(text []byte, feed int) int {
	if text[feed-1] == '\r' {
		return feed - 1
	}
	return feed
}

// breaksHeader reports whether what stands between end and next may break what is looked for of a plain header, or stand right behind it.
func (m *matcher) breaksHeader(text []byte, end, next int) bool {
	return end > shortest && next < len(text) &&
		(m.pairs[pairAt(text, end-2)]|m.pairs[uint16(text[end-1])|uint16(text[next])<<8])&plainly != 0
}
