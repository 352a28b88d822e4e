package encoding

import "bytes"

// String literals of base64 may stand on one line, one behind the other, each too short for a long run. They are known as framed lines are:
// by what they are together, of one width and with the same between each two.

const mostBetween = 16 // bytes between two of them

// nextLiteral returns where the first of such literals begins from a place on, up to another, that go on with others, or -1. A sample that
// is mixed begins at a third.
func (l *framedLines) nextLiteral(from, last, sample int) int {
	f, at, ok := l.literalNear(sample)
	if !ok {
		return -1
	}
	for before := at - f.length; before >= max(from, 1) && l.text[before-1] == l.text[at-1] && f.has(l.text, before); before -= f.length {
		at = before
	}
	for ; at <= last && f.has(l.text, at); at += f.length {
		if at >= from && l.begins(at) {
			return at
		}
	}
	return -1
}

// literalNear returns the frame of a literal near a place, and where that literal starts: behind the place or, where the text ends there, in
// front of it.
func (l *framedLines) literalNear(i int) (f frame, at int, ok bool) {
	window := l.text[i:min(i+mostFramed, len(l.text))]
	quote := byte('"')
	if bytes.IndexByte(window, quote) < 0 {
		if quote = '\''; bytes.IndexByte(window, quote) < 0 {
			return f, -1, false
		}
	}
	if f, at, ok = l.literalBehind(i, quote); ok {
		return f, at, ok
	}
	return l.literalBehind(max(i-2*mostFramed, 0), quote)
}

// literalBehind returns the frame of a literal that opens near behind a place, and where that literal starts.
func (l *framedLines) literalBehind(i int, quote byte) (f frame, at int, ok bool) {
	const tried = 3 // quotes, of which one opens a literal
	at = i
	for range tried {
		length := bytes.IndexByte(l.text[at:min(at+mostFramed, len(l.text))], quote)
		if length < 0 {
			break
		}
		at += length + 1
		if f, ok = literalFrameAt(l.text, at); ok {
			return f, at, true
		}
	}
	return f, -1, false
}

// literalFrameAt returns the frame of the literal that starts at a place, behind its quote, if the next one has it too.
func literalFrameAt(text []byte, at int) (f frame, ok bool) {
	end := runEnd(text[:min(at+minRun, len(text))], at)
	if f.end = end - at; f.end < leastFramed || f.end >= minRun || end == len(text) || text[end] != text[at-1] {
		return f, false
	}
	if !mayHaveNext(text, end, f.end) {
		return f, false
	}
	next := jointBy(text[:min(end+mostFramed, len(text))], end, "#")
	f.length = next.end - at
	if next.end < 0 || f.length > mostFramed || next.end-end > mostBetween || bytes.IndexByte(text[end:next.end], '\n') >= 0 {
		return f, false
	}
	copy(f.between[:], text[end:next.end])
	return f, f.has(text, next.end)
}

// mayHaveNext reports whether behind the quote at end a literal as wide may open on the line: nearly none does of those that are looked at,
// and to say what stands between two takes ten times as long.
func mayHaveNext(text []byte, end, width int) bool {
	for k := end + 1; k < min(end+mostBetween, len(text)-width-1); k++ {
		switch c := text[k]; {
		case c == '\n':
			return false
		case isQuote(c) && text[k+1+width] == text[end]:
			return true
		}
	}
	return false
}

// isOfLiterals reports whether a frame is that of literals.
func (f *frame) isOfLiterals() bool { return f.between[0] != 0 }

// hasLiteral reports whether the literal at a place has the frame.
func (f *frame) hasLiteral(text []byte, at int) bool {
	if at < 0 || at+f.length > len(text) {
		return false
	}
	literal := text[at : at+f.length]
	return areSextets(literal[:f.end]) && bytes.Equal(literal[f.end:], f.between[:f.length-f.end])
}
