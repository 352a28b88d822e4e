package jwt

import (
	"bytes"
	"strings"
)

// A JSON serialization stands in other text than JSON, which has a margin in front of each line (a patch, a mail, a comment, a log) or
// another sign for a quote (doubled in CSV, SQL and string literals, behind a backquote in PowerShell, behind carets in a command of
// Windows). Nothing else of it is changed: without them it is read as what it is.

// What bounds how quotes and margins are told.
const (
	longestQuote  = 16  // bytes of what stands for one quote
	longestMargin = 128 // of a margin
	quotedFront   = 320 // from the beginning of a line to the value of a member
)

// A quoting is how quotes are written, and what the lines have as their margin.
type quoting struct {
	quote  string
	margin []byte // without the blanks at its end; in it digits stand for any, and blanks for so many
	// isInline says that the object begins on the line of the member.
	isInline bool
}

// isQuoteSign reports whether a byte may be of what stands for a quote.
func isQuoteSign(c byte) bool { return c == '"' || c == '\'' || c == '\\' || c == '`' || c == '^' }

// quotingOf returns the quoting of a member that has the string text[start:end] as its value, if it is the payload or protected header, and
// not written as in JSON.
func (s *search) quotingOf(start, end int) (q quoting, ok bool) {
	front := s.text[max(s.lowestOf(start), start-quotedFront, 0):max(start, 0)]
	value := len(front)
	for value > 0 && isQuoteSign(front[value-1]) {
		value--
	}
	q.quote = string(front[value:])
	if !mayBeQuote(q.quote) || !bytes.HasPrefix(s.text[pastPadding(s.text, end):], front[value:]) {
		return q, false
	}
	name, ok := bytes.CutSuffix(bytes.TrimRight(front[:value], " \t"), []byte(":"))
	if !ok {
		return q, false
	}
	name, ok = bytes.CutSuffix(bytes.TrimRight(name, " \t"), []byte(q.quote))
	for _, member := range [...]string{"protected", "payload"} {
		if before, is := bytes.CutSuffix(name, []byte(q.quote+member)); ok && is {
			q.margin = marginOf(before, len(front) < quotedFront)
			if len(q.margin) == 0 && q.quote == `"` && start >= s.told.end && isKept(s.text, start) {
				q.margin = []byte(patchKept)
			}
			q.isInline = bytes.HasSuffix(bytes.TrimRight(before, " \t"), []byte("{"))
			return q, len(q.quote) > 1 || len(q.margin) > 0 && q.quote == `"`
		}
	}
	return q, false
}

// mayBeQuote reports whether something may stand for a quote: one that is escaped in JSON alone is undone elsewhere.
func mayBeQuote(quote string) bool {
	if len(quote) == 0 || len(quote) > longestQuote {
		return false
	}
	last := quote[len(quote)-1]
	return (last == '"' || last == '\'') && (len(quote) == 1 || quote[0] != '\\' || strings.Trim(quote[:len(quote)-1], `\`) != "")
}

// marginOf returns the margin of a line that text has the beginning of at its end, up to the name of a member. All says that there is
// nothing in front of that.
func marginOf(text []byte, all bool) []byte {
	feed := bytes.LastIndexByte(text, '\n')
	if feed < 0 && !all {
		return nil
	}
	margin := bytes.TrimRight(text[feed+1:], " \t\r{[,")
	switch {
	case len(margin) > longestMargin, bytes.IndexByte(margin, '"') >= 0, len(margin) > 1 && bytes.IndexByte(margin, '\'') >= 0:
		return nil
	}
	return margin
}

// pastMargin returns the length of the margin that a line has, or -1.
func (q *quoting) pastMargin(line []byte) int {
	i := 0
	for k := 0; k < len(q.margin); {
		c := q.margin[k]
		switch {
		case isDigit(c):
			first := i
			for i < len(line) && isDigit(line[i]) {
				i++
			}
			if i == first {
				return -1
			}
			for k < len(q.margin) && isDigit(q.margin[k]) {
				k++
			}
			continue
		case c == ' ' || c == '\t':
			for i < len(line) && (line[i] == ' ' || line[i] == '\t') {
				i++
			}
			for k < len(q.margin) && (q.margin[k] == ' ' || q.margin[k] == '\t') {
				k++
			}
			continue
		case i == len(line):
			return -1
		case line[i] == c, c == ':' && line[i] == '-', c == '-' && line[i] == ':' && k > 0: // as grep writes them
			i, k = i+1, k+1
		case len(q.margin) == 1 && (c == '+' || c == '-') && line[i] == ' ': // what a patch leaves
			return 1
		default:
			return -1
		}
	}
	return i
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// patchSigns are those of the lines of a patch in which something is.
type patchSigns uint8

// patchKept is the sign of a line that a patch keeps.
const patchKept = " "

// signs returns those of a margin that may be of a patch.
func (q *quoting) signs() patchSigns {
	switch string(q.margin) {
	case "+":
		return 1
	case "-":
		return 2
	}
	return 0
}

// isKept reports whether the line that a place is in may be one that a patch keeps, beside others.
func isKept(text []byte, i int) bool {
	const near = 2 << 10
	feed := bytes.LastIndexByte(text[max(i-quotedFront, 0):i], '\n')
	line := max(i-quotedFront, 0) + feed + 1
	if feed < 0 || text[line] != patchKept[0] {
		return false
	}
	window := text[max(i-near, 0):min(i+near, len(text))]
	return bytes.Contains(window, []byte("\n+")) || bytes.Contains(window, []byte("\n-"))
}

// isOther reports whether a line of a patch is one of the text of which those with the margin are none.
func (q *quoting) isOther(line []byte) bool {
	if len(q.margin) != 1 || len(line) == 0 {
		return false
	}
	switch q.margin[0] {
	case '+':
		return line[0] == '-' || line[0] == '\\'
	case '-':
		return line[0] == '+' || line[0] == '\\'
	}
	return false
}

// What a quoting is told by where a text ends is near, but for a string that it ends in, which is on one line.
const (
	nearQuote = 4 << 10
	lastQuote = 64 << 10
)

// openQuoting returns how JSON may be written that the text up to end is in: told by the last quote, or by the last line that is whole.
func (s *search) openQuoting(end int) (q quoting, ok bool) {
	text := s.text[max(min(s.lowest, end), end-nearQuote):end]
	if bytes.Count(text, []byte{'\n'}) < 3 {
		text = s.text[max(min(s.lowest, end), end-lastQuote):end]
	}
	if q.quote = lastQuoteIn(text); len(q.quote) > 1 && mayBeQuote(q.quote) {
		return q, true
	}
	q.quote, q.margin = `"`, openMargin(text)
	return q, len(q.margin) > 0
}

// lastQuoteIn returns what stands for a quote at the end of a text: the shorter of the last two that are not cut there, nor of an empty
// string.
func lastQuoteIn(text []byte) (quote string) {
	const asked = 2
	for front, n := text, 0; n < asked; {
		last, before := lastQuoteOf(front)
		if len(last) == 0 {
			break
		}
		end := len(before) + len(last)
		if front = before; end == len(text) || isEmptyString(text, len(before), end) {
			continue
		}
		if n++; len(last) > 1 && (len(quote) == 0 || len(last) < len(quote)) {
			quote = string(last)
		}
	}
	return quote
}

// isEmptyString reports whether text[from:to] is an empty string of JSON, with nothing in place of its quotes.
func isEmptyString(text []byte, from, to int) bool {
	return to-from == 2 && text[from] == '"' && from > 0 && bytes.IndexByte([]byte(" \t\n[:,"), text[from-1]) >= 0 &&
		to < len(text) && bytes.IndexByte([]byte(",]}\r\n"), text[to]) >= 0
}

// lastQuoteOf returns what stands last in a text that may stand for a quote, and what is in front.
func lastQuoteOf(text []byte) (quote, front []byte) {
	last := lastIndexAny(text, '"', '\'') + 1
	first := last
	for first > 0 && isQuoteSign(text[first-1]) {
		first--
	}
	return text[first:last], text[:first]
}

// openMargin returns the margin of the lines that a text ends with, if the last that is whole may be one of an object that is printed over
// several.
func openMargin(text []byte) []byte {
	if bytes.IndexByte(text, '\n') < 0 {
		return nil
	}
	feed := bytes.LastIndexByte(text, '\n')
	cut := text[feed+1:]
	before := bytes.LastIndexByte(text[:feed], '\n')
	line := bytes.TrimRight(text[before+1:feed], " \t\r")
	if len(line) == 0 || bytes.IndexByte([]byte(",{[}]"), line[len(line)-1]) < 0 && !isLastValue(line) {
		return nil
	}
	if quote := bytes.IndexByte(cut, '"'); quote >= 0 {
		return marginOf(cut[:quote], true)
	}
	if quote := bytes.IndexByte(line, '"'); quote >= 0 {
		if margin := marginOf(line[:quote], true); len(margin) < len(line) && !isWholeObject(line[len(margin):]) {
			return margin
		}
		return nil
	}
	margin := inCommon(line, text[bytes.LastIndexByte(text[:max(before, 0)], '\n')+1:max(before, 0)])
	if len(margin) == 0 {
		margin = inCommon(line, cut)
	}
	return marginOf(bytes.TrimRight(margin, "}] \t"), true)
}

// inCommon returns what a line begins with that another one has in common with it.
func inCommon(line, other []byte) []byte {
	n := 0
	for n < min(len(line), len(other)) && (line[n] == other[n] || isDigit(line[n]) && isDigit(other[n])) {
		n++
	}
	return line[:n]
}

// isLastValue reports whether a line has a member or a string at its end, as the last has of an object or array.
func isLastValue(line []byte) bool {
	_, line, _ = bytes.Cut(line, []byte{'"'})
	_, line, ok := bytes.Cut(line, []byte{'"'})
	return ok && (len(line) == 0 || line[0] == ':')
}

// isWholeObject reports whether a line is an object, as those of a log are.
func isWholeObject(line []byte) bool {
	line = bytes.TrimLeft(line, " \t")
	return len(line) > 0 && line[0] == '{' && line[len(line)-1] == '}'
}

// lastIndexAny returns where the last of two bytes stands, or -1.
func lastIndexAny(text []byte, a, b byte) int {
	if bytes.IndexByte(text, a) < 0 && bytes.IndexByte(text, b) < 0 {
		return -1
	}
	i := len(text) - 1
	for text[i] != a && text[i] != b {
		i--
	}
	return i
}
