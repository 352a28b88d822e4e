package encoding

import "bytes"

// What is looked at in front of a header that is the member of a JSON serialization.
const (
	memberName = 96       // bytes between the beginning of the member's name and its value, quotes escaped several times over
	maxInFront = 16 << 10 // bytes from the beginning of the serialization, or the literal that it is in, to the value
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
	start, count := s.literalStart(w, at), len(s.found)
	s.followIn(literalSlot(w), w, at, start)
	s.front = s.front || start == 0 && len(s.found) == count
}

// literalStart returns where the literal starts, or what can be seen of it does, that has the byte at i.
func (s *scan) literalStart(w wrapping, i int) int {
	for first := max(i-maxInFront, s.covered[literalSlot(w)], 0); i > first; i-- {
		switch c := s.text[i-1]; {
		case w == quotedPrintable:
			if !isText(c) {
				return i
			}
		case c == '<', c == '>', c == '"' && (w != jsonEscape || i < 2 || s.text[i-2] != '\\'):
			return i
		case w != htmlEntity && (c < ' ' || c == ' ' && w == percent):
			return i
		}
	}
	return i
}

// inFront returns where to unwrap from, before start, for what a member's value needs in front of it.
func (s *scan) inFront(w wrapping, start int) int {
	table, unit := &sextets, 4
	switch w {
	case base64Run:
	case hexRun:
		table, unit = &nibbles, 2
	case utf16LE, utf16BE:
		return s.wideFirst(start, int(w-utf16LE), maxInFront/2)
	case percent, jsonEscape, htmlEntity, quotedPrintable:
		return s.literalStart(w, start)
	default:
		return start
	}
	first := start
	for start-first < maxInFront && first > 0 && table[s.text[first-1]] != none {
		first--
	}
	return start - (start-first)/unit*unit
}
