package encoding

import "bytes"

// Literals may be of escapes alone, and each too short for a long run: who hides a token in source code writes it so, and so do tools that
// make code of it. What is in them may be anything, so they are known by how some of them begin, and by the next, which goes on alike.
// There are so few of them that all are joined.

// beginsLiteral reports whether a string literal begins with the escape at a place, and is of such of text up to another one that goes on
// with it, too near for a long run.
func beginsLiteral(text []byte, at int) bool {
	if at == 0 || !isQuote(text[at-1]) {
		return false
	}
	window := text[:min(len(text), at+sparseAhead)]
	end := bytes.IndexByte(window[at:min(len(window), at+minRun)], window[at-1]) + at
	if end < at {
		return false
	}
	next := jointBy(window, end, "#").end
	return next >= 0 && next < len(window) && window[next] == window[at] && isOfEscapes(window[at:end])
}

// isOfEscapes reports whether half of what stands in a string literal at least is escapes, and all is text.
func isOfEscapes(content []byte) bool {
	units, undone := 0, 0
	for i := 0; i < len(content); units++ {
		u := jsonUnit(content[i:])
		if u.size <= 0 {
			return false
		}
		for _, c := range u.chars[:u.length] {
			if !texts[c] {
				return false
			}
		}
		if i += u.size; u.undone {
			undone++
		}
	}
	return 2*undone >= units
}

// literalsBefore returns where the first of the string literals starts that may go on in the one that starts at i.
func (s *scan) literalsBefore(i int) int {
	first := s.covered[sparseLines]
	for range mostLinesBefore {
		lowest := max(first, i-1-maxGap)
		end := lowest + bytes.LastIndexByte(s.text[lowest:max(i-1, lowest)], s.text[i-1])
		if end < lowest || jointAt(s.text, end).end != i {
			break
		}
		start := end
		for start > first && end-start < maxRunBack && isSolid(s.text[start-1]) {
			start--
		}
		if start == end {
			break
		}
		if i = start; i == 0 || !isQuote(s.text[i-1]) {
			break // it began with something else
		}
	}
	return i
}
