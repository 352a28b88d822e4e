package encoding

import (
	"bytes"
	"unicode/utf8"

	"github.com/jwtleak/jwtleak/detectors"
)

// What is looked at in front of a header that is the member of a JSON serialization.
const (
	memberName  = 96       // bytes between the beginning of the member's name and its value, quotes escaped several times over
	nearInFront = 1 << 10  // bytes from the beginning of the serialization, or the literal that it is in, to the value
	maxInFront  = 16 << 10 // the same where these were too few
)

// isMember reports whether what starts at i may be the value of a member of a JSON serialization: that is whole only
// together with what stands in front.
func (s *scan) isMember(i int) bool {
	if i < 2 || !mayEndQuote(s.text[i-2], s.text[i-1]) {
		return false
	}
	if i < s.named.seen {
		s.named.seen, s.named.last = 0, span{}
	}
	first := max(i-memberName, s.named.seen-len("protected"), 0)
	for end := i; end > first; end-- {
		if end = first + bytes.LastIndexByte(s.text[first:end], 'd') + 1; end <= first {
			break
		}
		if word := nameThatEnds(s.text[first:end]); word > 0 {
			s.named.last = span{end - word, end}
			break
		}
	}
	s.named.seen = i
	return s.named.last.end > 0 && s.named.last.start >= i-memberName
}

// nameThatEnds returns the length of the name that text ends with, of a member that may be a header or has one behind it,
// or 0.
func nameThatEnds(text []byte) int {
	for _, name := range []string{"protected", "payload"} {
		if bytes.HasSuffix(text, []byte(name)) {
			return len(name)
		}
	}
	return 0
}

// mayEndQuote reports whether a quote, escaped or not, may end with two bytes, or what breaks it from the value. Most needles
// stand behind others.
func mayEndQuote(a, b byte) bool {
	switch {
	case sextets[b] >= 64:
		return true
	case a == '2', a == '4': // \u0022 and \x27, \42 and \047
		return b == '2' || b == '7'
	}
	return a == '0' && b == '0' // of UTF-16
}

// literalSlot is that of escapes that are followed from the beginning of the literal that a needle is in.
func literalSlot(w wrapping) int { return slot(w, 0) + 1 }

// canFollow reports whether an escape was not yet undone where a needle stands.
func (s *scan) canFollow(w wrapping, at int) bool {
	return s.covered[slot(w, at)] <= at || w <= quotedPrintable && s.covered[literalSlot(w)] <= at && s.isMember(at)
}

// literal follows an escape from the beginning of the literal that a needle is in, where it is a member's value.
func (s *scan) literal(w wrapping, at int) {
	if w > quotedPrintable || !s.isMember(at) {
		return
	}
	s.followIn(literalSlot(w), w, at, s.literalStart(w, at, nearInFront))
}

// literalStart returns where the literal starts that has the byte at i, or so many bytes in front of that. In it may stand, as it is, all but
// the quotes around it and what is no text: who writes a JSON serialization into a shell's string literal breaks its lines, and who
// writes it into a URL by hand escapes its quotes alone.
func (s *scan) literalStart(w wrapping, i, distance int) int {
	return literalStart(w, s.text, i, max(i-distance, s.covered[literalSlot(w)], 0))
}

// literalStart returns where the literal starts in a text that has the byte at i, or first.
func literalStart(w wrapping, text []byte, i, first int) int {
	for ; i > first; i-- {
		if w == jsonEscape && text[i-1] == '"' {
			if end := arrayLineBefore(text, i); end > first {
				i = end + 1
				continue
			}
		}
		if c := text[i-1]; c == '"' && w != quotedPrintable && (w != jsonEscape || i < 2 || text[i-2] != '\\') || !isLoose(c) {
			return i
		}
	}
	return unitAround(w, text, i)
}

// statementStart returns where the line starts, of source code in a string of JSON, in which a string literal opens that begins at i; or i:
// who adds it to what, and that another one is in front, is read there.
func (s *scan) statementStart(w wrapping, i int) int {
	if w != jsonEscape || i < 2 || !isQuote(s.text[i-1]) || s.text[i-1] == '"' && s.text[i-2] != '\\' {
		return i
	}
	front := bytes.TrimRight(bytes.TrimRight(s.text[max(i-maxBreak, 0):i-1], "\\"), " \t")
	if len(front) > 0 && isStructure(front[len(front)-1:]) {
		return i // a member's value, or an item
	}
	for start := i - 1; start >= max(i-maxBreak, s.covered[slot(w, i)], 1); start-- {
		switch s.text[start-1] {
		case '\n':
			return i
		case '"':
			if s.text[start] != '\\' && (start < 2 || s.text[start-2] != '\\') {
				return start
			}
		case 'n':
			if start > 1 && s.text[start-2] == '\\' {
				return start
			}
		}
	}
	return i
}

// unitAround returns where the unit of an escape starts that goes on at i, or i.
func unitAround(w wrapping, text []byte, i int) int {
	if w == jsonEscape {
		for i > 0 && text[i-1] == '\\' {
			i--
		}
		return i
	}
	for k := i - 1; k >= max(i-maxEntity, 0); k-- {
		if escapedBy[text[k]] == w {
			if u := readUnit(w, text[k:]); u.undone && k+u.size > i {
				return k
			}
			break
		}
	}
	return i
}

// isLoose reports whether a byte may stand in an escaped JSON serialization as it is: in text of any language, line breaks in it or not.
func isLoose(c byte) bool { return isText(c) || c >= utf8.RuneSelf }

// looseUnit returns the unit of what ends an escaped text in which a JSON serialization may go on all the same, if that is so.
func looseUnit(w wrapping, text []byte) (u escape, ok bool) {
	switch c := text[0]; {
	case c == '\\' && w == jsonEscape: // in front of a line break, which it takes away
		if bytes.HasPrefix(text, []byte("\\\r\n")) {
			return escape{size: 3, undone: true}, true
		}
		return escape{size: 2, undone: true}, true
	case c == '"' && w != htmlEntity:
		return u, false
	default:
		return itself(text), isLoose(c)
	}
}

// inFront returns where to unwrap from, before start, for what a member's value at a place needs in front of it: each time it is so much
// more that all of it together is no more than some times what it takes.
func (s *scan) inFront(w wrapping, at, start int) int {
	table, unit := &sextets, 4
	distance := min(max((growth-1)*(at-start), maxInFront), detectors.MaxHeld)
	switch w {
	case base64Run:
	case hexRun:
		table, unit = &nibbles, 2
	case utf16LE, utf16BE:
		return s.wideFirst(start, int(w-utf16LE), distance/2)
	case percent, jsonEscape, htmlEntity, quotedPrintable:
		return s.literalStart(w, start, min(max(growth*(at-start), maxInFront), detectors.MaxHeld))
	default:
		return start
	}
	first := start
	for start-first < distance && first > 0 && table[s.text[first-1]] != none {
		first--
	}
	return start - (start-first)/unit*unit
}
