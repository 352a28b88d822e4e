package jwt

import (
	"bytes"
	"slices"
	"strings"
)

// An unquoted is a part of a text without margins, and with quotes as they are in JSON.
type unquoted struct {
	text  []byte
	seams []seam
	isCut bool // it begins where the part does
	ends  bool // it ends in front of where the part does
	// isMixed says that lines of a patch were left out.
	isMixed bool
}

// A seam is where something was left out.
type seam struct{ at, from int } // in what is unquoted, and in the text

// undo undoes it in text[from:to], around start. Lines without the margin end it.
func (q *quoting) undo(text []byte, from, start, to int) (u unquoted) {
	if len(q.margin) > 0 && from > 0 && text[from-1] != '\n' {
		from += bytes.IndexByte(text[from:start], '\n') + 1
	}
	u.begin(from)
	u.isCut = true
	for i := from; i < to; {
		end := to
		if feed := bytes.IndexByte(text[i:to], '\n'); feed >= 0 {
			end = i + feed + 1
		}
		if len(q.margin) > 0 && (i == 0 || text[i-1] == '\n') {
			margin := q.pastMargin(text[i:end])
			switch {
			case q.isOther(text[i:end]):
				i = end
				u.skip(i)
				u.isMixed = true
				continue
			case margin >= 0:
				i += margin
				u.skip(i)
			case end == to && i >= start-quotedFront && text[end-1] != '\n': // there may be too little of the line
				return u
			case i > start:
				u.ends = true
				return u
			case i > 0:
				i = end
				u.begin(i)
				continue
			default: // the text may begin behind it
			}
		}
		q.line(&u, text[:end], i)
		i = end
	}
	return u
}

// begin begins at a place, without what came before.
func (u *unquoted) begin(from int) {
	u.text, u.seams, u.isCut = u.text[:0], append(u.seams[:0], seam{0, from}), false
}

// skip goes on at a place.
func (u *unquoted) skip(to int) { u.seams = append(u.seams, seam{len(u.text), to}) }

// line adds the rest of a text, from a place on.
func (q *quoting) line(u *unquoted, text []byte, i int) {
	if len(q.quote) == 1 {
		u.text = append(u.text, text[i:]...)
		return
	}
	quote, last := []byte(q.quote), q.quote[len(q.quote)-1]
	hasCaret, hasBackquote, hasBackslash := strings.Contains(q.quote, "^"), q.quote[0] == '`', strings.Contains(q.quote, `\`)
	for first := i; ; first = i {
		for i < len(text) && !isQuoteSign(text[i]) {
			i++
		}
		if u.text = append(u.text, text[first:i]...); i == len(text) {
			return
		}
		c := text[i]
		switch rest := text[i:]; {
		case bytes.HasPrefix(rest, quote):
			u.text = append(u.text, last)
			i += len(quote)
			u.skip(i)
		case hasBackslash && c == '\\' || hasCaret && bytes.HasPrefix(rest, []byte(`^\`)):
			i = u.escape(text, i+1+bytes.IndexByte(rest, '\\'), hasCaret)
		case c == '^' && hasCaret, c == '`' && hasBackquote:
			i++
			if u.skip(i); c == '`' && i < len(text) && strings.IndexByte("nrt", text[i]) >= 0 {
				i = u.blank(i)
			}
		case c == '"' && q.quote == `""` && isCaretBreak(text, i):
			i += len(`"`)
			u.skip(i)
		case c == '^' && q.quote == `""` && isCaretBreak(text, i-1):
			i++
			u.skip(i)
		default:
			u.text = append(u.text, c)
			i++
		}
	}
}

// isCaretBreak reports whether the quote at i ends or begins a string that goes on in another line of a command, behind a caret.
func isCaretBreak(text []byte, i int) bool {
	if i <= 0 || text[i] != '"' {
		return false
	}
	front := bytes.TrimRight(text[:i], "\r\n")
	return bytes.HasPrefix(text[i+1:], []byte("^\n")) || bytes.HasPrefix(text[i+1:], []byte("^\r\n")) || len(front) < i && bytes.HasSuffix(front, []byte(`"^`))
}

// escape adds what a backslash in front of a place stands for, which is JSON in a string of JSON, and returns where to go on.
func (u *unquoted) escape(text []byte, i int, hasCaret bool) int {
	behind := text[i:]
	if hasCaret {
		behind = bytes.TrimPrefix(behind, []byte("^"))
	}
	switch {
	case len(behind) > 0 && strings.IndexByte("nrt", behind[0]) >= 0:
		return u.blank(i)
	case len(behind) > 0 && behind[0] == '\\':
		i = len(text) - len(behind) + 1
	}
	u.text = append(u.text, '\\')
	u.skip(i)
	return i
}

// blank adds a blank for the character at a place, and returns where to go on.
func (u *unquoted) blank(i int) int {
	u.text = append(u.text, ' ')
	u.skip(i + 1)
	return i + 1
}

// place returns where a byte stands in the text.
func (u *unquoted) place(at int) int {
	n, _ := slices.BinarySearchFunc(u.seams, at+1, func(s seam, at int) int { return s.at - at })
	s := u.seams[n-1]
	return s.from + at - s.at
}

// placeOf returns where a byte of the text stands in what is unquoted.
func (u *unquoted) placeOf(i int) int {
	n, _ := slices.BinarySearchFunc(u.seams, i+1, func(s seam, i int) int { return s.from - i })
	if n == 0 {
		return -1
	}
	s := u.seams[n-1]
	return s.at + i - s.from
}
