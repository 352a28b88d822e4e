package encoding

import "bytes"

// Logs have a prefix in front of each line: a time, a number, a host, the name of a stream; and so has what numbers lines. It is of one form
// from line to line, but for its digits.

const (
	prefixBack = 512 // bytes in front of the end of a line in which its start is looked for
	mostPrefix = 128 // bytes of a prefix at most, behind which a dump goes on
	nearPrefix = 96  // the same for a needle
	firstWord  = 24  // bytes at the start of a line that a blank or a colon is among where it has a prefix
)

// beginsPrefix says with what a prefix may begin: most lines of base64 begin with something else.
var beginsPrefix = func() (table [256]bool) {
	for c := range table {
		table[c] = isDigit(byte(c)) || c == ' ' || c == '\t' || c == '[' || c == '<' || c == '(' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z'
	}
	return table
}()

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// pastPrefix returns where the line that starts at next goes on behind the prefix that it has in common with the one that ends at i;
// next where there is none, and -1 where the text ends before that is known. A line that has something in front of the piece at its
// end, as the first may have, goes on in one that has nothing behind it.
func pastPrefix(text []byte, i, next int) int {
	own, end := prefixesBefore(text, i, next)
	if end > next && solidEnd(text[:i], own) < i && !endsThere(text, solidEnd(text, end)) {
		return next
	}
	return end
}

// prefixesBefore returns where the prefix ends that the line with the end of a piece at i has, and where the same of the line that
// starts at next does; next where there is none, and -1 where the text ends before that is known.
func prefixesBefore(text []byte, i, next int) (own, end int) {
	if next >= len(text) || !beginsPrefix[text[next]] || !bytes.ContainsAny(text[next:min(next+firstWord, len(text))], " \t:") {
		return 0, next
	}
	first := max(i-prefixBack, 0)
	start := first + bytes.LastIndexByte(text[first:i], '\n') + 1
	if start == first && first > 0 || start == i || !areAlike(text[start], text[next]) {
		return 0, next
	}
	own, end, more := commonPrefix(text, start, i, next)
	if more {
		return 0, -1
	}
	return own, end
}

// areAlike reports whether two bytes may begin prefixes of one form.
func areAlike(a, b byte) bool {
	return a == b || isDigit(a) && isDigit(b) || isMarginBlank(a) && isMarginBlank(b)
}

func isMarginBlank(c byte) bool { return c == ' ' || c == '\t' }

// commonPrefix returns where the prefixes end that two lines have in common, one of which stands from start to limit, and the other from
// next on; start and next where they have none. More says that the text ends in it.
func commonPrefix(text []byte, start, limit, next int) (own, other int, more bool) {
	own, other = start, next
	if a, b := traceOffset(text[start:limit]), traceOffset(text[next:]); a > 0 && b > 0 {
		return start + a, next + b, false
	}
	a, b, hasDigits := start, next, false
	for a < limit {
		switch {
		case b == len(text):
			return own, other, bytes.ContainsAny(text[a:limit], " \t:")
		case isDigit(text[a]) && isDigit(text[b]):
			a, b = pastDigits(text, a), pastDigits(text, b)
			hasDigits = true
			continue
		case isMarginBlank(text[a]) && isMarginBlank(text[b]):
			a, b = a+pastBlanks(text[a:limit]), b+pastBlanks(text[b:])
		case text[a] != text[b] || text[b] == '\n':
			return own, other, false
		case text[b] == ':' && isDigit(text[b-1]):
			a, b = a+1, b+1
		default:
			a, b = a+1, b+1
			continue
		}
		if hasDigits {
			own, other = a, b
		}
	}
	return own, other, false
}

// traceOffset returns the length of the offset that a line begins with as curl writes it (--trace-ascii): four hexadecimal digits, a colon
// and a blank. It breaks lines behind 64 characters.
func traceOffset(line []byte) int {
	const digits = 4
	if len(line) < digits+2 || line[digits] != ':' || line[digits+1] != ' ' {
		return 0
	}
	for _, c := range line[:digits] {
		if nibbles[c] >= 16 {
			return 0
		}
	}
	return digits + 2
}

func pastDigits(text []byte, i int) int {
	for i < len(text) && isDigit(text[i]) {
		i++
	}
	return i
}

// endsThere reports whether a line ends at a place, or behind a quote or blanks there.
func endsThere(text []byte, i int) bool {
	for i < len(text) && (text[i] == ' ' || text[i] == '\t' || text[i] == '\r' || text[i] == '"' || text[i] == '\'') {
		i++
	}
	return i >= len(text) || text[i] == '\n'
}
