package encoding

import (
	"bytes"
	"html"
	"strings"
	"unicode/utf8"
)

// An escape is one unit of a text in which some characters stand for others.
type escape struct {
	chars  [8]byte // what the unit stands for: the first length of these
	length int     // 0 where the unit stands for nothing, as a soft line break does
	size   int     // of the unit in the text; 0 where the run ends here; -1 where the text ends inside it
	undone bool    // the unit does not stand for itself
}

const (
	runEnds  = 0
	textEnds = -1
)

// escaped undoes escapes that stand among characters that stand for themselves. What comes out is at a depth: percent signs that are
// encoded too often to be undone from there on are left as they are.
func (p *piece) escaped(w wrapping, text []byte, start, limit, depth int, loose bool) {
	var unit func(text []byte) escape
	switch w {
	case percent:
		p.name, unit = namePercent, percentUnit
	case jsonEscape:
		p.name, unit = nameJSONEscape, jsonUnit
	case htmlEntity:
		p.name, unit = nameHTMLEntity, htmlUnit
	default:
		p.name, unit = nameQuotedPrintable, printableUnit
	}
	i, literals := start, &literalIn[w]
	for len(p.text) < limit && i < len(text) {
		if end := literalEnd(text[:min(len(text), i+limit-len(p.text))], i, literals); end > i {
			p.addAll(text, i, end)
			i = end
			continue
		}
		if w == percent && text[i] == '%' {
			if end := percentEnd(text, i); (end-i)/2 > maxDepth-depth+1 {
				end = min(end, i+limit-len(p.text))
				p.addAll(text, i, end)
				i, p.tooDeep = end, true
				continue
			}
		}
		u := unit(text[i:])
		if w == htmlEntity && text[i] == '>' && isQuotation(p.text) {
			u = itself(text[i:])
		}
		if u.size == runEnds && w == jsonEscape && text[i] == '"' && bytes.HasSuffix(p.text, newline) {
			u = arrayUnit(text, i)
		}
		if u.size == runEnds && loose {
			if raw, ok := looseUnit(w, text[i:]); ok {
				u = raw
			}
		}
		switch u.size {
		case runEnds:
			p.end, p.whole = i, true
			return
		case textEnds:
			p.end = len(text)
			return
		}
		for _, b := range u.chars[:u.length] {
			p.add(b, i)
		}
		if u.undone {
			p.undone++
		}
		if i += u.size; w == quotedPrintable && u.length == 0 {
			_, i = softMargins(text, i-u.size, i)
		}
	}
	p.end = i
}

// percentEnd returns where a percent sign ends that was encoded any number of times: %25, %2525.
func percentEnd(text []byte, i int) int {
	for i++; i+2 <= len(text) && text[i] == '2' && text[i+1] == '5'; {
		i += 2
	}
	return i
}

// literalEnd returns where the characters end, from i on, that no escape changes.
func literalEnd(text []byte, i int, literals *[256]bool) int {
	for ; i+4 <= len(text); i += 4 {
		if part := text[i : i+4 : i+4]; !literals[part[0]] || !literals[part[1]] || !literals[part[2]] || !literals[part[3]] {
			break
		}
	}
	for i < len(text) && literals[text[i]] {
		i++
	}
	return i
}

// literals says which characters stand for themselves in every escape.
var literals = func() (table [256]bool) {
	for c := range table {
		table[c] = sextets[c] < 64 || c == '.'
	}
	return table
}()

// itself is the unit of a character that stands for itself.
func itself(text []byte) escape { return escape{chars: [8]byte{text[0]}, length: 1, size: 1} }

// char is the unit of another character.
func char(c byte, size int) escape {
	return escape{chars: [8]byte{c}, length: 1, size: size, undone: true}
}

// point is the unit of a code point.
func point(value rune, size int) escape {
	if value < utf8.RuneSelf {
		return char(byte(value), size)
	}
	u := escape{size: size, undone: true}
	u.length = utf8.EncodeRune(u.chars[:], value)
	return u
}

// percentUnit reads a unit of a percent-encoded text (RFC 3986, section 2.1), or %u0065, as JavaScript's escape writes it (ECMA-262,
// section B.2.1).
func percentUnit(text []byte) escape {
	switch c := text[0]; {
	case c == '%':
		if u, ok := twoDigits(text, 1); ok {
			return u.withBlanks(text)
		}
		if len(text) > 1 && text[1] == 'u' {
			return runeUnit(text, 4)
		}
		return itself(text)
	case c <= ' ' || c >= 0x7f || c == '"' || c == '<' || c == '>' || c == '`':
		return escape{}
	}
	return itself(text)
}

// mostBlanks is how many blanks of a form are read at once.
const mostBlanks = 64

// withBlanks takes in the blanks of a form (WHATWG URL, section 5.1) that stand in JSON behind a unit, as one, and the letter of a
// line feed that is escaped in JSON, with blanks behind it.
func (u escape) withBlanks(text []byte) escape {
	end := u.size
	if end > 0 && end+1 < len(text) && u.chars[0] == '\\' && text[end] == 'n' && text[end+1] == '+' {
		u.chars[1], u.length, end = 'n', 2, end+1
	} else if end <= 0 || end >= len(text) || text[end] != '+' || strings.IndexByte("{}[]:,\n", u.chars[0]) < 0 {
		return u
	}
	size := end
	for end < len(text) && end < mostBlanks && text[end] == '+' {
		end++
	}
	margin := u.chars[u.length-1] == '\n' || u.length > 1
	if u.chars[0] == ':' || u.chars[0] == ',' || margin && end-size > 1 || end < len(text) && text[end] == '%' { // one alone may be of base64
		u.chars[u.length] = ' '
		u.length, u.size = u.length+1, end
		return u
	}
	u.size = size
	return u
}

// twoDigits reads a byte written as two hexadecimal digits behind a prefix.
func twoDigits(text []byte, prefix int) (escape, bool) {
	if len(text) < prefix+2 {
		return escape{size: textEnds}, onlyDigits(text[prefix:])
	}
	high, low := nibbles[text[prefix]], nibbles[text[prefix+1]]
	if high|low >= 16 {
		return escape{}, false
	}
	return char(high<<4|low, prefix+2), true
}

func onlyDigits(text []byte) bool {
	for _, c := range text {
		if nibbles[c] >= 16 {
			return false
		}
	}
	return true
}

// jsonUnit reads a unit of a string literal: RFC 8259, section 7, and what C, JavaScript and regular expressions add.
func jsonUnit(text []byte) escape {
	switch c := text[0]; {
	case c == '"' || c == '\n' || c == '\r' || c == 0:
		return escape{}
	case c != '\\':
		return itself(text)
	}
	if len(text) == 1 {
		return escape{size: textEnds}
	}
	switch c := text[1]; c {
	case 'u':
		if len(text) > 2 && text[2] == '{' {
			return bracedUnit(text)
		}
		return runeUnit(text, 4)
	case 'U':
		return runeUnit(text, 8)
	case 'x':
		if len(text) > 2 && text[2] == '{' {
			return bracedUnit(text)
		}
		if u, ok := twoDigits(text, 2); ok {
			return u
		}
	case 'n', 'r', 't', 'b', 'f', 'v', 'a':
		return char("\n\r\t\b\f\v\a"[strings.IndexByte("nrtbfva", c)], 2)
	case '\n', '\r':
		return escape{}
	}
	if u, ok := octalUnit(text); ok {
		return u
	}
	if c := text[1]; sextets[c] < 62 {
		return itself(text)
	}
	return char(text[1], 2)
}

// runeUnit reads a code point of so many hexadecimal digits.
func runeUnit(text []byte, digits int) escape {
	value := rune(0)
	for i := 2; i < 2+digits; i++ {
		if i >= len(text) {
			return escape{size: textEnds}
		}
		if nibbles[text[i]] >= 16 {
			return itself(text)
		}
		value = value<<4 | rune(nibbles[text[i]])
	}
	return point(value, 2+digits)
}

// bracedUnit reads \u{2e}, or \x{2e}.
func bracedUnit(text []byte) escape {
	value := rune(0)
	for i := 3; i < 10; i++ {
		switch {
		case i >= len(text):
			return escape{size: textEnds}
		case text[i] == '}' && i > 3:
			return point(value, i+1)
		case nibbles[text[i]] >= 16:
			return itself(text)
		}
		value = value<<4 | rune(nibbles[text[i]])
	}
	return itself(text)
}

// bracedStart returns where what is the beginning of a header starts, of which one character is written as the escape with braces at
// i: there, or one or two characters in front. It returns -1 where it is not, and the place of the escape where the text ends too soon.
func bracedStart(text []byte, i int) int {
	first := max(i-sparseBack, 0)
	for i > first && text[i-1] == '\\' {
		i--
	}
	switch {
	case isHeadAt(text, i):
		return i
	case i > first && text[i-1] == 'e' && isHeadAt(text, i-1):
		return i - 1
	case i > first+1 && text[i-2] == 'e' && isHeadAt(text, i-2):
		return i - 2
	}
	return -1
}

// isHeadAt reports whether a header begins at a place, in escapes behind any number of backslashes or not, or the text ends before
// that can be told.
func isHeadAt(text []byte, i int) bool {
	var before byte
	for k := range shortest {
		for i+1 < len(text) && text[i] == '\\' && text[i+1] == '\\' {
			i++
		}
		if i >= len(text) {
			return true
		}
		u := jsonUnit(text[i:])
		c := u.chars[0]
		switch {
		case u.size == textEnds:
			return true
		case u.length != 1 || k == 0 && c != 'e' || k == 1 && c != 'y' && c != 'w':
			return false
		case k == 2:
			return before == 'y' && (c >= 'I' && c <= 'L' || c == 'A') || before == 'w' && (c == 'o' || c == '0' || c == 'k')
		}
		before, i = c, i+u.size
	}
	return false
}

// octalUnit reads \056.
func octalUnit(text []byte) (escape, bool) {
	if text[1] < '0' || text[1] > '3' {
		return escape{}, false
	}
	value := 0
	for i := 1; i < 4; i++ {
		if i >= len(text) {
			return escape{size: textEnds}, true
		}
		if text[i] < '0' || text[i] > '7' {
			return escape{}, false
		}
		value = value<<3 | int(text[i]-'0')
	}
	return char(byte(value), 4), true
}

// maxEntity is the length of the longest character reference that is read.
const maxEntity = 12

// htmlUnit reads a unit of HTML or XML.
func htmlUnit(text []byte) escape {
	switch text[0] {
	case '<', '>':
		return escape{}
	case '&':
	default:
		return itself(text)
	}
	if u := decimalUnit(text); u.undone {
		return u
	}
	if len(text) > 1 && text[1] == '#' {
		return numericUnit(text)
	}
	end := bytes.IndexByte(text[:min(len(text), maxEntity)], ';')
	if end < 0 {
		if len(text) < maxEntity {
			return escape{size: textEnds}
		}
		return itself(text)
	}
	if string(text[1:end]) == "amp" { // the most common, and the one that is made more of
		return char('&', end+1)
	}
	u := escape{size: end + 1, undone: true}
	reference := string(text[:end+1])
	decoded := html.UnescapeString(reference)
	if decoded == reference {
		return itself(text)
	}
	if decoded == "\u2010" { // &hyphen; and &dash;: what is meant in a token is the ASCII one
		decoded = "-"
	}
	u.length = copy(u.chars[:], decoded)
	return u
}

// decimalUnit reads a decimal reference to a character of ASCII, the most common, or nothing.
func decimalUnit(text []byte) escape {
	if len(text) < 2 || text[1] != '#' {
		return escape{}
	}
	value := 0
	for i, digit := range text[2:min(len(text), len("&#127;"))] {
		switch {
		case digit >= '0' && digit <= '9':
			value = value*10 + int(digit-'0')
		case digit == ';' && i > 0 && value < utf8.RuneSelf:
			return char(byte(value), i+len("&#;"))
		default:
			return escape{}
		}
	}
	return escape{}
}

// numericUnit reads a reference to a character by its number, decimal or behind an x hexadecimal. A browser reads it without its semicolon,
// too (HTML, section 13.2.5.75), which is what some write to get past a filter.
func numericUnit(text []byte) escape {
	const most = 7 // digits
	base, first := rune(10), len("&#")
	if first < len(text) && text[first]|0x20 == 'x' {
		base, first = 16, first+1
	}
	value, end := rune(0), first
	for end < len(text) && end-first <= most && rune(nibbles[text[end]]) < base {
		value, end = value*base+rune(nibbles[text[end]]), end+1
	}
	switch {
	case end-first > most:
		return itself(text)
	case end == len(text):
		return escape{size: textEnds}
	case end == first:
		return itself(text)
	case text[end] == ';':
		end++
	case value*base < utf8.RuneSelf, isBrokenBehind(text, end):
		return itself(text)
	}
	return point(value, end)
}

// isBrokenBehind reports whether the semicolon of a reference stands behind what it is broken by at a place. Of references that may be a line
// feed, which would be asked for what is behind them in turn, it knows the usual ones.
func isBrokenBehind(text []byte, at int) bool {
	switch text[at] {
	case '&':
		for _, feed := range [...]string{"&#10;", "&#xa;", "&#xA;", "&#13;&#10;", "&#xd;&#xa;", "&#xD;&#xA;"} {
			if bytes.HasPrefix(text[at:], []byte(feed)) {
				at += len(feed)
				break
			}
		}
	case '\r', '\n', '\\', '%', '=':
		if end, by := breakAt(text, at); by != plain {
			at = end
		}
	case ' ', '\t', '"', '\'', '+', '.':
	default:
		return false
	}
	behind := bytes.TrimLeft(text[at:min(len(text), at+maxEntity)], " \t\r\n\"'+\\=.")
	return len(behind) > 0 && behind[0] == ';'
}

// printableUnit reads a unit of quoted-printable text (RFC 2045, section 6.7).
func printableUnit(text []byte) escape {
	c := text[0]
	if c != '=' {
		if !isText(c) {
			return escape{}
		}
		return itself(text)
	}
	if u, ok := twoDigits(text, 1); ok && len(text) > 1 {
		return u
	}
	for i := 1; ; i++ {
		switch {
		case i >= len(text):
			return escape{size: textEnds}
		case text[i] == '\n':
			return escape{size: i + 1, undone: true}
		case text[i] != ' ' && text[i] != '\t' && text[i] != '\r' || i > maxEntity:
			return itself(text)
		}
	}
}
