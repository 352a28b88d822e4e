package encoding

import "bytes"

// mostOperators is the most characters of operators that stand between two string literals.
const mostOperators = 4

// literalJoint reads the end of one string literal and the start of the next, with an operator, a line's continuation,
// comments or nothing between. With an operator between, the next one may have other quotes: a full stop often has. In a patch each line
// begins with a sign. In a list a comma stands there.
func literalJoint(text []byte, i int, quote byte, sign string) joint {
	if entry, ok := entryJoint(text, i); ok {
		return entry
	}
	if item, ok := itemJoint(text, i); ok {
		return item
	}
	if statement, ok := statementJoint(text, i); ok {
		return statement
	}
	if call, ok := callJoint(text, i); ok {
		return call
	}
	if line, ok := numberedJoint(text, i); ok {
		return line
	}
	operators, comment, comma, continued := 0, "", false, false
	for k := i + 1; ; k++ {
		k = pastComment(text, k, i+maxBreak)
		switch {
		case k == len(text):
			return joint{end: -1, more: k-i < maxBreak}
		case k-i >= maxBreak:
			return joint{end: -1}
		}
		switch c := text[k]; c {
		case quote, '"', '\'':
			if c != quote && operators == 0 {
				return joint{end: -1}
			}
			if comma {
				if is, more := isItem(text, i, k+1); !is {
					return unevenJoint(text, i, k+1, more)
				}
			}
			return joint{end: k + 1, literal: true, implied: operators == 0 && !continued, listed: comma}
		case '\n':
			if comment == "" {
				comment = commentSign(text, i)
			}
			line := text[k+1 : max(min(len(text), i+maxBreak), k+1)]
			if at := commentAt(line); bytes.HasPrefix(line[at:], []byte(comment)) {
				k += at + len(comment)
			} else if _, end := prefixesBefore(text, i, k+1); end > k+1 {
				k = end - 1
			}
		case ',':
			if comma {
				return joint{end: -1}
			}
			comma = true
		case '\\':
			continued = true
		case ' ', '\t', '\r':
		case '-':
			if sign != "-" || text[k-1] != '\n' {
				return joint{end: -1}
			}
		case '+', '.', '&', '_', '^', '(', ')', '$', '<', '>', '|', '`':
			if c == '`' && operators > 0 && k+1 < len(text) && isSolid(text[k+1]) {
				return joint{end: k + 1, literal: true} // otherwise it continues the line
			}
			if operators++; operators > mostOperators {
				return joint{end: -1}
			}
		case 'b', 'B', 'r', 'R', 'u', 'U', 'f', 'F', 'L', '@': // a literal's prefix
			if c == 'u' && k+2 < len(text) && text[k+1] == '8' {
				k++
			}
			if k+1 < len(text) && text[k+1] != quote {
				return joint{end: -1}
			}
		default:
			return joint{end: -1}
		}
	}
}

// itemJoint reads what stands between two lines of a text that JSON has as an array of its lines, as a notebook does. It reports false
// where it is not so.
func itemJoint(text []byte, i int) (j joint, ok bool) {
	const between = ",\n"
	window := text[i+1 : min(i+maxBreak, len(text))]
	if !bytes.HasPrefix(window, []byte(between)) || !bytes.HasSuffix(text[:i], []byte(`\n`)) {
		return j, false
	}
	next := len(between) + pastBlanks(window[min(len(between), len(window)):])
	switch {
	case next == len(window):
		return joint{end: -1, more: i+1+next == len(text)}, true
	case window[next] != text[i]:
		return joint{end: -1}, true
	}
	return joint{end: i + 1 + next + 1, literal: true}, true
}

// commentSign returns the sign of a comment that the line before i begins with, or a line feed.
func commentSign(text []byte, i int) string {
	line := text[max(i-maxBreak, 0):i]
	if feed := bytes.LastIndexByte(line, '\n'); feed >= 0 || i <= maxBreak {
		line = line[feed+1:]
		line = line[commentAt(line):]
		for _, sign := range [...]string{"//", "#", "*", "--", ";"} {
			if bytes.HasPrefix(line, []byte(sign)) {
				return sign
			}
		}
	}
	return "\n" // which is none
}

// commentAt returns where the sign of a comment may stand in a line, which may be of a patch.
func commentAt(line []byte) int {
	if bytes.HasPrefix(line, []byte("--")) {
		return 0
	}
	return pastPatch(line)
}

// pastComment returns where the comments end that start at k, before limit or the text ends, or k.
func pastComment(text []byte, k, limit int) int {
	limit = min(limit, len(text))
	for {
		var end string
		switch rest := text[min(k, limit):limit]; {
		case bytes.HasPrefix(rest, []byte("/*")):
			end = "*/"
		case bytes.HasPrefix(rest, []byte("//")), bytes.HasPrefix(rest, []byte("#")), bytes.HasPrefix(rest, []byte("--")):
			end = "\n"
		default:
			return k
		}
		length := bytes.Index(text[k:limit], []byte(end))
		if length < 0 {
			return limit
		}
		k += length + len(end)
	}
}

// isContinued reports whether the line at i is continued by a backslash at its end: then so is the line before. Where that
// may begin an escape too, the lines that follow tell.
func isContinued(text []byte, i int) bool {
	const askedLines = 4
	for range askedLines {
		end := solidEnd(text, i)
		if end == i || end == len(text) || text[end-1] != '\\' {
			return false
		}
		next := jointAt(text, end)
		if next.end < 0 || next.literal {
			return false
		}
		if !isEscape(text[i:end-1], text[next.end:]) {
			return true
		}
		i = next.end
	}
	return false
}

// isEscape reports whether text goes on with an escape of a printable character of which the backslash came before, at
// the end of a line. Where it is of digits, the line has others.
func isEscape(line, text []byte) bool {
	if len(text) < 3 || text[0] <= '1' && bytes.IndexByte(line, '\\') < 0 {
		return false
	}
	switch a, b := text[1], text[2]; text[0] {
	case 'x':
		return a >= '2' && a <= '7' && nibbles[b] < 16
	case 'u':
		return a == '0' && b == '0'
	case '0':
		return a >= '4' && a <= '7' && b >= '0' && b <= '7'
	case '1':
		return a >= '0' && a <= '7' && b >= '0' && b <= '7'
	}
	return false
}
