package report

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/mattn/go-runewidth"
)

// TerminalSafe returns a string as text that can be shown on a terminal: as one line, and as nothing but text. See visible.
func TerminalSafe(s string) string { return visible(s) }

// visible returns a string as text to be shown in one line and nothing else: what is not printable (control characters,
// and so escape sequences and line ends; bidirectional overrides; zero width, private and unassigned characters; bytes
// that are no UTF-8) stands as an escape that can be read.
func visible(s string) string {
	clean := true
	for i := 0; i < len(s) && clean; i++ {
		clean = s[i] >= ' ' && s[i] < 0x7f
	}
	if clean {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && size <= 1:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case strconv.IsPrint(r):
			b.WriteRune(r)
		case r < 0x80:
			fmt.Fprintf(&b, `\x%02x`, r)
		default:
			fmt.Fprintf(&b, `\u{%x}`, r)
		}
		i += size
	}
	return b.String()
}

// plainJSON appends JSON to dst with the characters escaped that a terminal or a reader could take for more than text,
// as visible has them. The JSON means the same. Since JSON holds such characters only in strings, it need not be parsed.
func plainJSON(dst, encoded []byte) []byte {
	for {
		plain := 0
		for plain < len(encoded) && encoded[plain] < 0x7f {
			plain++
		}
		dst = append(dst, encoded[:plain]...)
		if encoded = encoded[plain:]; len(encoded) == 0 {
			return dst
		}
		var size int
		dst, size = plainRune(dst, encoded)
		encoded = encoded[size:]
	}
}

// plainRune appends the first character of JSON that is not ASCII, and returns its size.
func plainRune(dst, encoded []byte) (out []byte, size int) {
	r, size := utf8.DecodeRune(encoded)
	switch {
	case strconv.IsPrint(r):
		dst = append(dst, encoded[:size]...)
	case r > 0xffff:
		high, low := utf16.EncodeRune(r)
		dst = fmt.Appendf(dst, `\u%04x\u%04x`, high, low)
	default:
		dst = fmt.Appendf(dst, `\u%04x`, r)
	}
	return dst, size
}

// indentedJSON is plainJSON that also indents, as json.Indent does, by two spaces a level, behind prefix. The JSON is one
// value without white space outside of its strings, which is what makes it as fast as copying.
func indentedJSON(dst, encoded []byte, prefix string) []byte {
	depth, opened := 0, false // opened: nothing has followed the bracket yet
	line := func() {
		dst = append(append(dst, '\n'), prefix...)
		for range depth {
			dst = append(dst, "  "...)
		}
	}
	for i := 0; i < len(encoded); {
		c := encoded[i]
		if closes := c == '}' || c == ']'; closes {
			if depth--; !opened {
				line()
			}
			opened = false
		} else if opened {
			line()
			opened = false
		}
		switch c {
		case '"':
			end := stringEnd(encoded, i)
			dst = plainJSON(dst, encoded[i:end])
			i = end
			continue
		case '{', '[':
			depth, opened = depth+1, true
		case ':':
			dst = append(dst, ':')
			c = ' '
		}
		dst = append(dst, c)
		if i++; c == ',' {
			line()
		}
	}
	return dst
}

// stringEnd returns the end of the JSON string that starts at i.
func stringEnd(encoded []byte, i int) int {
	for i++; i < len(encoded); i++ {
		switch encoded[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(encoded)
}

// shortened returns s cut in its middle to at most so many characters.
func shortened(s string, most int) string {
	if len(s) <= most {
		return s
	}
	runes := []rune(s)
	if len(runes) <= most {
		return s
	}
	head := most * 2 / 3
	return string(runes[:head]) + "…" + string(runes[len(runes)-(most-head-1):])
}

// columns measures and cuts text by the columns it takes on a terminal, in the same way in every locale.
type columns struct{ condition *runewidth.Condition }

func newColumns() columns {
	condition := runewidth.NewCondition()
	condition.EastAsianWidth = false
	return columns{condition}
}

func (c columns) width(s string) int {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return c.condition.StringWidth(s)
		}
	}
	return len(s)
}

// isPlainLine reports whether s is words of ASCII with one blank between.
func isPlainLine(s string) bool {
	blank := true // where none may stand
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' || s[i] == ' ' && blank {
			return false
		}
		blank = s[i] == ' '
	}
	return !blank
}

// fitted returns s in exactly so many columns, cut or padded.
func (c columns) fitted(s string, width int) string {
	if c.width(s) > width {
		s = c.condition.Truncate(s, width, "…")
	}
	return c.condition.FillRight(s, width)
}

// wrapped returns s in lines of at most so many columns, broken at spaces where it can be.
func (c columns) wrapped(s string, width int) []string {
	if isPlainLine(s) && len(s) <= width {
		return []string{s}
	}
	var lines []string
	var line []byte
	used := 0
	for word := range strings.FieldsSeq(s) {
		size := c.width(word)
		if used > 0 && used+1+size <= width {
			line, used = append(append(line, ' '), word...), used+1+size
			continue
		}
		if used > 0 {
			lines = append(lines, string(line))
		}
		for size > width {
			head := c.condition.Truncate(word, width, "")
			if head == "" { // a character wider than the line
				break
			}
			lines = append(lines, head)
			word = word[len(head):]
			size = c.width(word)
		}
		line, used = append(line[:0], word...), size
	}
	if used > 0 || len(lines) == 0 {
		lines = append(lines, string(line))
	}
	return lines
}
