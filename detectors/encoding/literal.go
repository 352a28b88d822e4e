package encoding

import "bytes"

// What is looked at in front of a header that is the member of a JSON serialization.
const (
	memberName = 96   // bytes between the beginning of the member's name and its value, quotes escaped several times over
	maxInFront = 4096 // bytes from the beginning of the serialization, or the literal that it is in, to the value
)

// isMember reports whether what starts at i may be the value of a member of a JSON serialization: that is whole only
// together with what stands in front.
func (s *scan) isMember(i int) bool {
	name := s.text[max(i-memberName, 0):i]
	return bytes.Contains(name, []byte("protected")) || bytes.Contains(name, []byte("payload"))
}

// literalSlot is that of escapes that are followed from the beginning of the literal that a needle is in.
func literalSlot(w wrapping) int { return slot(w, 0) + 1 }

// canFollow reports whether an escape was not yet undone where a needle stands.
func (s *scan) canFollow(w wrapping, at int) bool {
	return s.covered[slot(w, at)] <= at || w <= htmlEntity && s.covered[literalSlot(w)] <= at && s.isMember(at)
}

// literal follows an escape from the beginning of the literal that a needle is in, where it is a member's value.
func (s *scan) literal(w wrapping, at int) {
	if w > htmlEntity || !s.isMember(at) {
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
	default:
		return start
	}
	first := start
	for start-first < maxInFront && first > 0 && table[s.text[first-1]] != none {
		first--
	}
	return start - (start-first)/unit*unit
}
