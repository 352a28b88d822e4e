package encoding

import (
	"bytes"

	"github.com/jwtleak/jwtleak/detectors/jwt"
)

// needle does what is to be done where a needle stands, by the wrapping that it is of.
func (s *scan) needle(n *needle, at int) {
	switch n.wrapping {
	case plain:
		s.plainNeedle(at)
	case base64Run:
		if start := at - n.back; at >= s.ended && s.isRun(start, at) {
			s.runNeedle(base64Run, at, start)
		} else if at >= s.ended {
			s.lineBefore(at)
		}
	case hexRun:
		if at >= s.ended {
			s.runNeedle(hexRun, at, at)
		}
	case utf16LE:
		s.wide(at)
	case hexNumbers:
		if at >= 2 && string(s.text[at-2:at]) == "65" {
			s.sparse(sparseHex, at)
		}
	default:
		start := at
		for at-start < quotesBack && start > 0 && s.text[start-1] == '\\' {
			start-- // the needle is in the middle of them, of an escape that was itself quoted
		}
		for k := 0; k < leastEncoded && start > 0 && isEscapable(s.text[start-1]); k++ {
			start--
		}
		if at >= s.covered[slot(n.wrapping, start)] {
			if !s.mayBeEscapedText(n.wrapping, at) {
				return
			}
			s.follow(n.wrapping, at, start)
		}
		s.soft(n.wrapping, at, start)
	}
}

// runNeedle follows base64 or hexadecimal that a needle at a place is of, the first unit of which starts at start, and what may break it.
func (s *scan) runNeedle(w wrapping, at, start int) {
	covered := at < s.covered[slot(w, start)]
	if covered && s.solid.covers(at) && !s.solid.any || !mayBeTextBy(w, s.text, start) {
		s.lineBefore(at)
		return
	}
	for range unitsBack {
		size := s.unitBefore(w, start)
		if size == 0 {
			break
		}
		start -= size
	}
	if !covered {
		s.follow(w, at, start)
	}
	if at < s.ended {
		return
	}
	s.soft(w, at, start)
	s.lineBefore(at)
}

// unitBefore returns the size of the unit of base64 or hexadecimal that ends at a place, 0 where none does.
func (s *scan) unitBefore(w wrapping, at int) int {
	switch {
	case w == base64Run && s.isRun(at-4, at):
		return 4
	case w == hexRun && at >= 2 && nibbles[s.text[at-1]]|nibbles[s.text[at-2]] < 16:
		return 2
	}
	return 0
}

// plainNeedle looks at what may be a plain header, and follows what may break the token.
func (s *scan) plainNeedle(at int) {
	if s.depth > 0 && s.isStopless(at) {
		return
	}
	s.meetHeader(at)
	count := len(s.found)
	if !s.isUnstopped(at) {
		s.plain(at)
	}
	s.front = s.front || s.parts.IsShort()
	s.mayLack = s.mayLack || s.depth > 0 && at < maxInFront && len(s.found) == count && s.isMember(at)
	s.soft(plain, at, at)
}

// lineBefore follows a broken run from the line before, where a needle stands so near to the start of its line that what
// belongs in front of it, in a wrapping inside, is there.
func (s *scan) lineBefore(at int) {
	start := at
	for start > 0 && at-start < nearStart && sextets[s.text[start-1]] < 64 {
		start--
	}
	if at-start >= nearStart || at < s.covered[lineBeforeSlot] {
		return
	}
	end := start
	for end > 0 && start-end < maxGap/2 && bytes.IndexByte([]byte(" \t\r\n\\+.&(\"'`#/>*"), s.text[end-1]) >= 0 {
		end--
	}
	if end == start || end == 0 || sextets[s.text[end-1]] >= 64 || bytes.IndexByte(s.text[end:start], '\n') < 0 || jointAt(s.text, end).end != start {
		return
	}
	begin := end
	for begin > 0 && end-begin < unitsBack && sextets[s.text[begin-1]] < 64 {
		begin--
	}
	if s.joined.start <= begin && at < s.joined.end {
		return // which was followed with all that is before it
	}
	s.followIn(lineBeforeSlot, brokenLines, at, begin)
}

// isEscapable reports whether a byte can precede the first escape of a token: its first characters, or those of another
// escape, which the escape breaks.
func isEscapable(c byte) bool {
	return sextets[c] < 64 || c == '&' || c == '#' || c == ';' || c == '%'
}

// wide follows UTF-16, of a character and a zero byte or the other way round: in the order that seems to be theirs, and where
// that finds no whole token in the other, since it has one character less at an end.
func (s *scan) wide(at int) { s.wideBehind(at, unitsBack) }

// wideBehind is wide with so many characters in front of the place at most.
func (s *scan) wideBehind(at, back int) {
	if at < s.covered[slot(utf16LE, at)] && s.isInWhole(at) {
		return
	}
	s.wideDump(at)
	little := func() { s.follow(utf16LE, at, s.wideFirst(at, 0, back)) }
	big := func() {
		zero := at - 1
		if at == 0 || s.text[zero] != 0 {
			zero = at + 1 // the character is of the text in front, and its zero byte of the next one
		}
		s.follow(utf16BE, zero, s.wideFirst(zero, 1, back))
	}
	count := len(s.found)
	if s.byteOrder(at, at) == utf16BE {
		little, big = big, little
	}
	little()
	switch first := len(s.found); {
	case first == count && !s.isInWhole(at):
		big()
	case first > count && !jwt.HasWholeSignature(s.found[first-1].Token):
		unsigned := jwt.IsUnsigned(s.found[first-1].Token)
		if big(); unsigned && !jwt.HasWholeSignature(s.found[len(s.found)-1].Token) {
			s.found = s.found[:first] // one character is no signature
		}
	}
}

// isInWhole reports whether a place is in the last token that was found, and that lacks nothing.
func (s *scan) isInWhole(at int) bool {
	if len(s.found) == 0 {
		return false
	}
	last := &s.found[len(s.found)-1]
	return last.Start <= at && at < last.End && jwt.HasWholeSignature(last.Token)
}

// wideFirst goes back so many characters at most, of which the low byte stands so far behind the start, in UTF-16 or UTF-32, which has
// zeros between them and may have one in front.
func (s *scan) wideFirst(at, low, count int) int {
	isZero := func(at int) bool { return at >= 0 && at+1 < len(s.text) && s.text[at] == 0 && s.text[at+1] == 0 }
	for ; count > 0 && at >= 2 && s.text[at-1-low] == 0; count-- {
		switch {
		case isText(s.text[at-2+low]):
			at -= 2
		case isZero(at-2) && at >= 4 && s.text[at-3-low] == 0 && isText(s.text[at-4+low]):
			at -= 4
		default:
			count = 0
		}
	}
	if isZero(at-2) && !isZero(at) {
		at -= 2
	}
	return at
}
