package encoding

import "bytes"

// longestSoft is how long a line of quoted-printable text is at most (RFC 2045, section 6.7: 76), and somewhat more. A line
// that is longer ends with the padding of base64.
const longestSoft = 80

// isSoftBreak reports whether the line that ends at the equals sign at i is short enough to be one of quoted-printable text,
// and the next one goes on with something, without being twice as long: a line is broken where it is full, or behind a blank. Most
// equals signs at the ends of lines are the padding of base64. Where there is a prefix or a margin of blanks, as all lines of much that is
// no such text have, it is to be full.
func isSoftBreak(text []byte, i int) bool {
	next := text[min(i+1, len(text)):]
	next = bytes.TrimPrefix(bytes.TrimLeft(next[:min(maxEntity, len(next))], " \t\r"), []byte("\n"))
	if len(next) > 0 && (next[0] == '\n' || next[0] == '\r') {
		return false
	}
	if feed := bytes.IndexByte(text[i:min(i+maxEntity, len(text))], '\n'); feed >= 0 {
		if own, other := softMargins(text, i, i+feed+1); other > i+feed+1 {
			margin := bytes.TrimLeft(text[i+feed+1:other], " \t")
			hasSign := len(margin) > 0 && inMargin[margin[0]]
			return other < len(text) && isSolid(text[other]) && (hasSign && isSoftLine(text, own, i) || i-own >= fullSoft-2 && i-own <= fullSoft)
		}
	}
	if len(next) > 0 && isMarginBlank(next[0]) {
		return false
	}
	front := text[max(i-longestSoft, 0):i]
	if len(front) == longestSoft && !bytes.ContainsAny(front, "\n \t") {
		return false // what is in front may be of something else
	}
	feed := bytes.LastIndexByte(front, '\n')
	if feed < 0 || i == 0 {
		return i == 0 || text[i-1] != '='
	}
	line := front[feed+1:]
	return !isPadded(text, i-len(line), i) && (isBlank(text[i-1]) || bytes.ContainsAny(line, "\\\"") || !isLongerLine(text[i:], len(line)+1))
}

// isSoftLine is isSoftBreak for a line that has a sign in front of start, and ends with the equals sign at i: base64 of a full width has
// no padding.
func isSoftLine(text []byte, start, i int) bool {
	line := text[start:i]
	switch {
	case len(line) == 0 || len(line) > longestSoft || line[len(line)-1] == '=':
		return false
	case runEnd(line, 0) < len(line) || len(line) == fullSoft:
		return true
	}
	before := bytes.TrimRight(text[max(start-longestSoft-mostPrefix, 0):start], " \t")
	feed := bytes.LastIndexByte(before, '\n')
	return feed > 0 && bytes.HasSuffix(bytes.TrimRight(before[:feed], "\r"), []byte("=")) // that is broken, too
}

// fullSoft is how long a full line of quoted-printable text is without the sign; it is two characters less where an escape comes next.
const fullSoft = 75

// isPadded reports whether the line text[start:end] is the last one of base64, and an equals sign behind it is padding: it is no
// longer than the one before, both are of nothing else, and that one is not broken itself. Nor is the sign one of quoted-printable
// text where another stands before it, which would be escaped, or nothing does.
func isPadded(text []byte, start, end int) bool {
	line := bytes.TrimLeft(text[start:end], " \t")
	if len(line) == 0 || line[len(line)-1] == '=' {
		return true
	}
	if start == 0 || runEnd(line, 0) < len(line) {
		return false
	}
	before := bytes.TrimRight(text[max(start-longestSoft, 0):start], "\r\n")
	before = before[bytes.LastIndexByte(before, '\n')+1:]
	before = bytes.TrimLeft(before, " \t")
	return len(before) >= max(len(line), leastEncoded) && runEnd(before, 0) == len(before)
}

// isLongerLine reports whether the line behind the one that text begins at the end of is twice as long as that is, which may be
// less than it was, where escapes in it were undone.
func isLongerLine(text []byte, width int) bool {
	feed := bytes.IndexByte(text[:min(maxEntity, len(text))], '\n')
	if feed < 0 {
		return false
	}
	most := 2 * width
	next := text[feed+1:]
	return len(next) > most && bytes.IndexByte(next[:most], '\n') < 0
}

// hasSoftBreak reports whether a line of quoted-printable text ends within text[from:to], and goes on.
func hasSoftBreak(text []byte, from, to int) bool {
	for i := from; i < to; i++ {
		next := bytes.IndexByte(text[i:to], '=')
		if next < 0 {
			return false
		}
		i += next
		if rest := text[i+1 : to]; (bytes.HasPrefix(rest, []byte("\n")) || bytes.HasPrefix(rest, []byte("\r\n"))) && isSoftBreak(text, i) {
			return true
		}
	}
	return false
}

// softMargins returns where the line goes on that has a soft break at i, behind what it has in common with the line that starts at
// next, and where that line does: a margin, or the prefix of a log.
func softMargins(text []byte, i, next int) (own, other int) {
	own, other = next, next
	if length := marginAlike(text, i, next); length > 0 {
		first := max(i-maxBreak, 0)
		own, other = first+bytes.LastIndexByte(text[first:i], '\n')+1+length, next+length
	}
	if start, end := prefixesBefore(text, i, next); end > other {
		return start, end // with blanks in front, it may be
	}
	return own, other
}

// marginAlike returns the length of the margin that the line which starts at next has in common with the one that has a soft break
// at i: a quotation, a comment or a patch of quoted-printable text.
func marginAlike(text []byte, i, next int) (length int) {
	first := max(i-maxBreak, 0)
	start := first + bytes.LastIndexByte(text[first:i], '\n') + 1
	for k := 0; start+k < i && next+k < len(text) && text[start+k] == text[next+k] && (inMargin[text[next+k]] || text[next+k] == '-'); k++ {
		if c := text[next+k]; c == '>' || c == ' ' || c == '\t' { // a sign alone may be of what is written so
			length = k + 1
		}
	}
	if c := text[start]; length == 0 && start < i && next < len(text) && c == text[next] && (c == '+' || c == '-') && beginsAlike(text, start, next) {
		return 1
	}
	return length
}

// beginsAlike reports whether the line before the one at start begins with the same byte, or the one behind that at next does.
func beginsAlike(text []byte, start, next int) bool {
	before := text[max(start-1-maxBreak, 0):max(start-1, 0)]
	before = before[bytes.LastIndexByte(before, '\n')+1:]
	feed := bytes.IndexByte(text[next:min(next+maxBreak, len(text))], '\n')
	return len(before) > 0 && before[0] == text[start] || feed >= 0 && next+feed+1 < len(text) && text[next+feed+1] == text[start]
}
