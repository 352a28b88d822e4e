package encoding

// What is looked at behind a needle to see that it stands there by chance: bytes that come out of base64 and of
// hexadecimal, fewer than the shortest token has.
const textAhead = 12

// mayBeText reports whether what the base64 behind the group at start stands for can be of a token, wrapped or not. Most
// of what base64 is used for is no text, and a needle of three characters is often in it.
func mayBeText(text []byte, start int) bool {
	for i := start + 4; i <= start+textAhead && i+4 <= len(text); i += 4 {
		a, b, c, d := sextets[text[i]], sextets[text[i+1]], sextets[text[i+2]], sextets[text[i+3]]
		if a|b|c|d >= 64 {
			break
		}
		if !texts[a<<2|b>>4] || !texts[b<<4|c>>2] || !texts[c<<6|d] {
			return false
		}
	}
	return true
}

// mayBeHexOfText does the same for hexadecimal.
func mayBeHexOfText(text []byte, start int) bool {
	for i := start; i < start+2*textAhead && i+2 <= len(text); i += 2 {
		high, low := nibbles[text[i]], nibbles[text[i+1]]
		if high|low >= 16 {
			break
		}
		if !texts[high<<4|low] {
			return false
		}
	}
	return true
}

// mayBeTextBy is one of both.
func mayBeTextBy(w wrapping, text []byte, start int) bool {
	if w == hexRun {
		return mayBeHexOfText(text, start)
	}
	return mayBeText(text, start)
}

// isByChance reports whether all needles at a place stand there by chance, in base64, hexadecimal or escapes of what is no text, or in
// characters that no header begins with. One that is not escaped, near the start of its line, is of the line before, perhaps.
func (m *matcher) isByChance(text []byte, at int, seen *escapedText) bool {
	if isSign[text[at]] != 0 {
		return m.isEscapedByChance(text, at, seen)
	}
	for k := 1; k <= nearStart; k++ {
		if k > at || sextets[text[at-k]] >= 64 {
			return false
		}
	}
	return m.isOfNoText(text, at)
}

// isOfNoText reports whether all needles at a place are of base64 or hexadecimal of what is no text.
func (m *matcher) isOfNoText(text []byte, at int) bool {
	byChance := true
	m.each(text, at, func(n *needle) {
		switch n.wrapping {
		case base64Run, hexRun:
			byChance = byChance && !mayBeTextBy(n.wrapping, text, at-n.back)
		case plain:
			byChance = byChance && !mayStartHeader(text, at-n.back)
		default:
			byChance = false
		}
	})
	return byChance
}

// isEscapedByChance does the same where an escape is: a string literal of binary data is full of those that a token may begin with.
func (m *matcher) isEscapedByChance(text []byte, at int, seen *escapedText) bool {
	byChance := true
	m.each(text, at, func(n *needle) {
		unit := unitOf(n.wrapping)
		byChance = byChance && unit != nil && !seen.mayBeTextIn(n.wrapping, unit, text, at)
	})
	return byChance
}

// An escapedText is what was last seen to be escapes of text, unit by unit: where each begins with a needle, no more is read for the
// next than what comes behind.
type escapedText struct {
	of           wrapping
	tooDeep      bool           // the last was a percent sign that was encoded too often
	starts       [textAhead]int // of the units, in a ring
	first, count int            // of these
	end          int            // behind the last
	zeros        int            // zero bytes in front of there
}

// startAt has the units begin at a place: those that do are kept.
func (e *escapedText) startAt(w wrapping, at int) {
	for e.count > 0 && (e.of != w || e.starts[e.first] != at) {
		e.first = (e.first + 1) % textAhead
		e.count--
	}
	if e.count == 0 {
		e.of, e.end, e.zeros = w, at, 0
	}
}

// mayBeTextIn is mayBeText for what escapes of a wrapping stand for that unit reads.
func (e *escapedText) mayBeTextIn(w wrapping, unit func(text []byte) escape, text []byte, at int) bool {
	for e.startAt(w, at); e.count < textAhead && e.end < len(text); e.count++ {
		u := unit(text[e.end:])
		if u.size <= 0 {
			break
		}
		for _, c := range u.chars[:u.length] {
			if e.zeros++; c != 0 {
				e.zeros = 0
			}
			if !texts[c] || e.zeros > mostZeros {
				e.count = 0
				return false
			}
		}
		e.starts[(e.first+e.count)%textAhead] = e.end
		e.end += u.size
	}
	return true
}

// mayBeEscapedText is mayBeTextIn, and notes where zeros are.
func (s *scan) mayBeEscapedText(w wrapping, at int) bool {
	unit := unitOf(w)
	if unit == nil {
		return true
	}
	if at < s.zeros {
		return false
	}
	if s.ofText.mayBeTextIn(w, unit, s.text, at) {
		return true
	}
	s.passZeros(at, unit(s.text[at:]).size)
	return false
}

// passZeros passes over escapes of a size from at on that are all alike, but for so many at the end as may stand in text. It
// is for what has no text at the start, where that is a row of zero bytes: a binary file in a string literal is full of them.
func (s *scan) passZeros(at, size int) {
	end := at + size
	for end+size <= len(s.text) && string(s.text[at:at+size]) == string(s.text[end:end+size]) {
		end += size
	}
	s.zeros = max(s.zeros, end-mostZeros*size)
}

// mostZeros is how many zero bytes stand in a row in text at most, that of UTF-32.
const mostZeros = 3

// texts says which bytes stand in text of ASCII, in UTF-16 too.
var texts = func() (table [256]bool) {
	for c := range table {
		table[c] = isText(byte(c)) || c == 0
	}
	return table
}()
