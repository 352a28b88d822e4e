package encoding

import "bytes"

// Lines of base64 or hexadecimal, or of what a literal has of them, may be too narrow to tell by one that they are of text, and a needle
// may be broken in each of them. So some are looked at together where they are of one width.
const (
	narrowest   = 8            // characters of such a line
	leastBroken = leastHex + 2 // those that are enough alone
	mostFeed    = 32           // bytes of an escaped line break
)

// nextLines returns the first line break that begins in text[from:to], as such or escaped, and behind which such lines begin, and by what
// they are broken; -1 where there is none.
func nextLines(text []byte, from, to int) (at int, by wrapping) {
	last := min(to+mostFeed, len(text))
	known, escaped := from, false // up to where it is known whether anything is escaped
	for i := max(from, 1); i < last; i++ {
		if i >= known {
			known = min(i+signsAhead, last)
			escaped = hasSign(text[max(i-mostFeed, 0):known])
		}
		if escaped {
			i = nextFeed(text[:known], i)
		} else if feed := bytes.IndexByte(text[i:known], '\n'); feed >= 0 {
			i += feed
		} else {
			i = known
		}
		if i == known {
			i--
			continue
		}
		if !escaped && !mayBeNarrow(text[i+1:]) {
			continue
		}
		at, by := linesAt(text, i+1)
		switch {
		case by == plain, at < from:
		case at < to:
			return at, by
		default:
			return -1, plain
		}
	}
	return -1, plain
}

// mayBeNarrow rules out most lines by their width: words in a list are of any. The two that text begins with are to be of one, or
// the second shorter and both together long enough.
func mayBeNarrow(text []byte) bool {
	if len(text) < narrowest || sextets[text[0]]|sextets[text[1]]|sextets[text[narrowest/2]]|sextets[text[narrowest-1]] >= 64 {
		return false
	}
	width := bytes.IndexByte(text[:min(len(text), leastBroken+len("\r\n"))], '\n')
	if width < narrowest {
		return width < 0 && len(text) <= leastBroken
	}
	rest := text[width+1:]
	second := bytes.IndexByte(rest[:min(len(rest), width+1)], '\n')
	if second < 0 { // it is longer, or the last, or something else than base64 ends it
		if len(rest) <= width {
			return true
		}
		second = runEnd(rest[:width+1], 0)
		return second <= width && width+second >= min(probed, leastHex)
	}
	return second == width || width+second >= min(probed, leastHex)
}

// signsAhead is how many bytes are looked at together for something that is escaped: most runs of characters have nothing.
const signsAhead = 2048

func hasSign(text []byte) bool {
	return bytes.IndexByte(text, '\\') >= 0 ||
		bytes.IndexByte(text, '%') >= 0 && (bytes.Contains(text, []byte("%25")) || bytes.Contains(text, []byte("%0"))) ||
		bytes.IndexByte(text, '&') >= 0 && bytes.Contains(text, []byte("&#")) ||
		bytes.IndexByte(text, '=') >= 0 && bytes.Contains(text, []byte("=0"))
}

// nextFeed returns where the next character from i on is that a line feed may end with, escaped or not, or the end of text.
func nextFeed(text []byte, i int) int {
	for ; i+8 <= len(text); i += 8 {
		part := text[i-1 : i+8 : i+8]
		a, b, c, d := feeds[part[0]], feeds[part[1]], feeds[part[2]], feeds[part[3]]
		e, f, g, h := feeds[part[4]], feeds[part[5]], feeds[part[6]], feeds[part[7]]
		if a&(b>>4)|b&(c>>4)|c&(d>>4)|d&(e>>4)|e&(f>>4)|f&(g>>4)|g&(h>>4)|h&(feeds[part[8]]>>4) != 0 {
			break
		}
	}
	for i < len(text) && feeds[text[i-1]]&(feeds[text[i]]>>4) == 0 {
		i++
	}
	return i
}

// feeds has in its low half for each character with which of others a line feed may end behind it, and in its high half which of
// them it is: itself, \n, \x0a and %0A, and \012 or a character reference.
var feeds = func() (table [256]uint8) {
	for c := range table {
		table[c] = 1
	}
	for _, pair := range []struct {
		bit        uint8
		first, end string
	}{{1, "", "\n"}, {2, `\`, "n"}, {4, "0", "aA"}, {8, "1", "2"}, {8, "0aA", ";"}} {
		for i := range len(pair.first) {
			table[pair.first[i]] |= pair.bit
		}
		for i := range len(pair.end) {
			table[pair.end[i]] |= pair.bit << 4
		}
	}
	return table
}()

// linesAt returns where the line break begins that lines stand behind that begin at start, and by what they are broken, or plain.
func linesAt(text []byte, start int) (at int, by wrapping) {
	end := runEnd(text[:min(len(text), start+leastBroken)], start)
	width := end - start
	if width < narrowest || width == leastBroken {
		return -1, plain
	}
	next, by := breakAt(text, end)
	feed := text[end:next]
	if by == plain || len(feed) > mostFeed || !bytes.HasSuffix(text[:start], feed) {
		return -1, plain
	}
	if !mayBeEncoded(text[start:end]) || !areEncoded(text, start, width, by) {
		return -1, plain
	}
	at = start - len(feed)
	if at >= width && runEnd(text[:at], at-width) == at && bytes.HasSuffix(text[:at-width], feed) && areEncoded(text, at-width, width, by) {
		return -1, plain // they began before
	}
	return at, by
}

// areEncoded reports whether lines of a width, the first of which starts at a place, are text in base64 or hexadecimal together.
func areEncoded(text []byte, start, width int, by wrapping) bool {
	var buffer [probed + leastHex]byte
	chars := buffer[:0]
	text = text[:min(len(text), start+before)]
	for alike := by; alike == by && len(chars) < cap(chars); {
		end := runEnd(text[:min(len(text), start+width+1)], start)
		if end-start > width {
			break
		}
		chars = append(chars, text[start:min(end, start+cap(chars)-len(chars))]...)
		if end-start < width {
			break
		}
		start, alike = breakAt(text, end)
	}
	return isEncoded(chars)
}

// isEncoded reports whether base64 or hexadecimal characters are those of text, of which a unit may start at any of them.
func isEncoded(chars []byte) bool {
	for k := 0; k < 4 && k+probed <= len(chars); k++ {
		if isEncodedText(chars[k : k+probed]) {
			return true
		}
	}
	for k := 0; k < 2 && k+leastHex <= len(chars); k++ {
		if isHexOfText(chars[k : k+leastHex]) {
			return true
		}
	}
	return false
}

// mayBeEncoded rules out most base64 and hexadecimal that is not of text, by the units that a line has of it.
func mayBeEncoded(chars []byte) bool {
	for k := range 4 {
		if groups := chars[k:]; textGroups(groups) == len(groups)/4 {
			return true
		}
	}
	for k := range 2 {
		digits := chars[k:]
		for len(digits) >= 2 && nibbles[digits[0]]|nibbles[digits[1]] < 16 && texts[nibbles[digits[0]]<<4|nibbles[digits[1]]] {
			digits = digits[2:]
		}
		if len(digits) < 2 {
			return true
		}
	}
	return false
}

// isTextGroup reports whether a group of base64 is of bytes that stand in text.
func isTextGroup(a, b, c, d byte) bool {
	a, b, c, d = sextets[a], sextets[b], sextets[c], sextets[d]
	return texts[a<<2|b>>4] && texts[b<<4|c>>2] && texts[c<<6|d]
}

// breakAt returns where a line break ends that begins at i, and what it is written by: plain where there is none. One of quoted-printable
// text may be soft.
func breakAt(text []byte, i int) (end int, by wrapping) {
	if i < len(text) && text[i] == '=' {
		if rest := text[i+1 : min(len(text), i+len("=\r\n"))]; bytes.HasPrefix(rest, newline) || string(rest) == "\r\n" {
			return i + 2 + bytes.IndexByte(rest, '\n'), quotedPrintable
		}
	}
	end, c := feedAt(text, i)
	if c == '\r' {
		end, c = feedAt(text, end)
	}
	switch {
	case c != '\n':
		return i, plain
	case text[i] == '\n' || text[i] == '\r':
		return end, brokenLines
	}
	return end, escapedBy[text[i]]
}

// feedAt reads the character at i, where that may be a line feed, however often it is escaped alike.
func feedAt(text []byte, i int) (end int, c byte) {
	text = text[:min(len(text), i+maxGap)]
	if i == len(text) {
		return i, 0
	}
	var u escape
	switch text[i] {
	case '\n', '\r':
		return i + 1, text[i]
	case '\\':
		i = rowEnd(text, i) - 1
		u = jsonUnit(text[i:])
	case '%':
		for bytes.HasPrefix(text[i+1:], []byte("25")) {
			i += 2
		}
		u, _ = twoDigits(text[i:], 1)
	case '&', '=':
		u = escapeAt(text[i:])
	}
	if u.size <= 0 {
		return i, 0
	}
	return i + u.size, u.chars[0]
}

// narrowLines undoes the lines that begin behind the line break at i, to their end.
func (s *scan) narrowLines(i int, by wrapping) {
	if by == plain || s.depth >= maxDepth || s.isPlain(i) || i < s.ended {
		return
	}
	start := i
	for lowest := max(i-maxGap, 0); start > lowest && inRun[s.text[start-1]] && (by != brokenLines || s.text[start-1] != '\n'); {
		start--
	}
	if i >= s.narrow {
		s.narrow = linesEnd(s.text, i, by)
	}
	s.through(by, start, s.narrow)
}

// linesEnd returns where the last of the lines of one width ends that begin behind the line break at i.
func linesEnd(text []byte, i int, by wrapping) int {
	start, _ := breakAt(text, i)
	for width := runEnd(text, start) - start; ; {
		end := runEnd(text, start)
		next, alike := breakAt(text, end)
		if end-start != width || alike != by {
			return end
		}
		start = next
	}
}
