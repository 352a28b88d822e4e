package encoding

import "bytes"

// Between bytes that are no text, a word in UTF-16 that stands among them ends with one byte too many on either side: of these the
// first is its own in one order, and the last in the other. One of them is where it is by chance, and often shows it.

// Votes by a character at the end of a word, on a scale where one is about as likely as not to be overruled by another. What most words
// are like is worth little, since chance has it often; what hardly any is like is worth much.
const (
	veryLikely = 5
	likely     = 2
	unlikely   = -2
	hardly     = -5
)

// A class is what characters of ASCII are to the ends of a text.
type class uint8

const (
	otherSign class = iota
	lowerCase
	upperCase
	digit
	openingSign
	closingSign
	blank
	feed
)

var classes = func() (table [256]class) {
	for c := range table {
		switch char := byte(c); {
		case char >= 'a' && char <= 'z':
			table[c] = lowerCase
		case char >= 'A' && char <= 'Z':
			table[c] = upperCase
		case isDigit(char):
			table[c] = digit
		case bytes.IndexByte([]byte("{[(<\"'#/-*@"), char) >= 0:
			table[c] = openingSign
		case bytes.IndexByte([]byte(".!?)]}>;:,"), char) >= 0:
			table[c] = closingSign
		case char == ' ' || char == '\t':
			table[c] = blank
		case char == '\r' || char == '\n':
			table[c] = feed
		}
	}
	return table
}()

// asFirst says how likely a text begins with one character rather than with the next.
func asFirst(c, next byte) int {
	switch first, second := classes[c], classes[next]; {
	case first == upperCase && second == lowerCase, first == digit && second == digit:
		return likely + 1
	case first == lowerCase && second == lowerCase, first == openingSign && second == openingSign:
		return likely
	case first == upperCase && second == upperCase, first == openingSign && (second == lowerCase || second == upperCase):
		return 0
	case first == lowerCase && second == upperCase, first == digit && (second == lowerCase || second == upperCase):
		return hardly
	case first == lowerCase && second == digit, first == upperCase && second == digit:
		return 0
	case first == otherSign, first == closingSign:
		return hardly
	}
	return unlikely
}

// asLast says how likely a text ends with one character rather than with the one before.
func asLast(before, c byte) int {
	switch last, other := classes[c], classes[before]; {
	case before == '\r':
		if c == '\n' {
			return 2 * veryLikely
		}
		return 2 * hardly
	case c == '\n':
		return veryLikely
	case c == '\r':
		return 0
	case other == feed, other == closingSign && (last == lowerCase || last == upperCase || last == digit):
		return hardly
	case last == closingSign || (c == '"' || c == '\'') && other != blank:
		return likely
	case last == other && (last == lowerCase || last == upperCase || last == digit):
		return likely
	case last == blank && other != blank, other == upperCase && last == lowerCase:
		return likely
	case last == digit && other == lowerCase, other == blank && (last == lowerCase || last == upperCase || last == digit):
		return 0
	}
	return hardly
}

// orderByEnds returns the order of a word on both sides of which something else stands than zero bytes or text in single bytes: the
// order in which less of it, and of what is beside it, is so by chance. Where that says nothing it is the little end first, as Windows
// writes its logs and machines have it in memory. It reports false where the word has other ends.
func (s *scan) orderByEnds(word span, first, last int) (order wrapping, ok bool) {
	text, start, end := s.text, word.start, word.end
	switch {
	case start < 2 || end+2 >= len(text) || start+2 > end, text[start-1] == 0, text[end+1] == 0:
		return plain, false
	case text[start-1] == 0xfe && text[start-2] == 0xff, isSingle(text, start-1, -1), isSingle(text, end+1, 1):
		return plain, false
	}
	little := asFirst(text[start], text[start+2])
	if start == first || start+2 == first && sextets[text[start]] < 64 {
		little = hardly // it would be glued to a header
	}
	big := asLast(text[end-2], text[end])
	if end-2 == last && sextets[text[end]] < 64 {
		big = hardly
	}
	if isBlank(text[start]) && isScript(text[start-1], text[start-2]) { // between words
		little = veryLikely
	}
	if isBlank(text[end]) && end+2 < len(text) && isScript(text[end+1], text[end+2]) {
		big = veryLikely
	}
	if big > little {
		return utf16BE, true
	}
	return utf16LE, true
}
