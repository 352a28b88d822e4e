package jwt

import (
	"bytes"
	"strings"
)

// A gap is what stands between two members.
type gap struct {
	closes, opens int  // objects and arrays
	isItem        bool // an item of a list begins, of YAML or TOML
	isNamed       bool // the list of signatures or recipients begins
	size          int
	isForeign     bool   // there is more in it than other fields of an object
	head, tail    string // up to the first word and from the last one on, as plainTie has them
	value         string // what stands between a name and its value, behind it
	open          string // what stands right in front of a name, if it is in brackets
}

// gapBetween reads what stands between two members.
func gapBetween(text []byte, a, b printedMember) gap {
	between, value := text[a.end:b.name], text[nameEnd(text, b.name):b.start]
	g := gap{size: len(between), value: valueTie(value)}
	isXML := bytes.Contains(between, []byte("/>"))
	switch {
	case strings.HasPrefix(strings.TrimLeft(g.value, `"'`), "]"): // the name is in brackets
		g.open = "["
	case g.value == ">":
		isXML, g.open = true, "<"
		between = pastElements(between)
	case isXML:
		g.open = "<"
	}
	g.isNamed = hasWord(between, "signatures") || hasWord(between, "recipients")
	if len(g.open) > 0 {
		between = bytes.TrimSuffix(bytes.TrimRight(between, `"' `), []byte(g.open))
	}
	g.nest(between, isXML)
	first, last := 0, len(between)
	for first < len(between) && !isWord(between[first]) {
		first++
	}
	for last > first && !isWord(between[last-1]) {
		last--
	}
	if first == len(between) {
		last = 0 // no word is in it
	}
	g.head, g.tail = g.tie(between[:first]), g.tie(between[last:])
	g.isForeign = !isXML && first < last && g.parts(between[first:last])
	line := between[bytes.LastIndexByte(between, '\n')+1:]
	g.isItem = len(line) < len(between) && bytes.HasPrefix(bytes.TrimLeft(line, " "), []byte("- ")) ||
		bytes.HasSuffix(bytes.TrimSpace(between), []byte("]]")) && len(bytes.TrimSpace(line)) == 0
	return g
}

// pastElements returns what stands between two elements, behind the end tag of the first and other elements that hold nothing but text.
func pastElements(between []byte) []byte {
	_, between, _ = bytes.Cut(between, []byte(">"))
	for {
		rest := bytes.TrimLeft(between, " \t\r\n")
		name := 1
		for name < len(rest) && isWord(rest[name]) {
			name++
		}
		_, behind, ok := bytes.Cut(rest, append([]byte("</"), rest[min(1, len(rest)):min(name, len(rest))]...))
		if !ok || name == 1 || len(behind) == 0 || behind[0] != '>' {
			return between
		}
		between = behind[1:]
	}
}

// tie is plainTie without what belongs to a name that stands behind.
func (g *gap) tie(tie []byte) string { return strings.TrimSuffix(plainTie(tie), g.open) }

// nest counts what ends that began before, and what begins that does not end.
func (g *gap) nest(between []byte, isXML bool) {
	for i, c := range between {
		switch {
		case c == '{', c == '[', c == '(':
			g.opens++
		case c == '}', c == ']', c == ')':
			g.close()
		case !isXML:
		case c == '<' && i+1 < len(between) && isWord(between[i+1]):
			g.opens++
		case c == '<' && i+1 < len(between) && between[i+1] == '/', c == '/' && i+1 < len(between) && between[i+1] == '>':
			g.close()
		}
	}
}

func (g *gap) close() {
	if g.opens > 0 {
		g.opens--
	} else {
		g.closes++
	}
}

// parts reports whether something in what is between two words parts more than two fields of one object, or is a field that belongs to a
// serialization and has no value that can be read.
func (g *gap) parts(between []byte) bool {
	depth := 0
	for i := 0; i < len(between); {
		start := i
		for i < len(between) && isWord(between[i]) {
			i++
		}
		if memberOf(between[start:i]) != noMember {
			return true
		}
		for start = i; i < len(between) && !isWord(between[i]); i++ {
			switch between[i] {
			case '{', '[', '(':
				depth++
			case '}', ']', ')':
				depth--
			}
		}
		tie := g.tie(between[start:i])
		if depth == 0 && tie != g.head && !g.isBeforeValue(tie) && strings.TrimLeft(tie, closers) != g.head && len(strings.Trim(tie, "-./:@+~")) > 0 {
			return true
		}
	}
	return false
}

// isBeforeValue reports whether a tie is what stands in front of a value, or a part of that where a word is in it.
func (g *gap) isBeforeValue(tie string) bool {
	value := strings.TrimLeft(g.value, `"'`)
	return onLine(tie) == onLine(value) || strings.Contains(value, tie) && strings.ContainsFunc(value, func(c rune) bool { return c < 0x80 && isWord(byte(c)) })
}

// closers are what ends an object that is a value.
const closers = "}])"

// nameEnd returns where the name ends that begins at a place.
func nameEnd(text []byte, i int) int {
	for i < len(text) && isWord(text[i]) {
		i++
	}
	return i
}

// hasWord reports whether a text has a word, in any case.
func hasWord(text []byte, word string) bool {
	for i := 0; i+len(word) <= len(text); i++ {
		if bytes.EqualFold(text[i:i+len(word)], []byte(word)) {
			return true
		}
	}
	return false
}

// plainTie returns what of a tie is the same wherever it stands: without quotes and numbers, with one blank for several and none at the
// ends of lines.
func plainTie(tie []byte) string {
	plain := make([]byte, 0, len(tie))
	for _, c := range tie {
		n := len(plain)
		switch {
		case c == '"', c == '\'', c == '`', c >= '0' && c <= '9', c == '\r':
		case (c == ' ' || c == '\t') && n > 0 && (plain[n-1] == ' ' || plain[n-1] == '\n'):
		case c == '\n' && n > 0 && plain[n-1] == ' ':
			plain[n-1] = c
		case c == '\t':
			plain = append(plain, ' ')
		default:
			plain = append(plain, c)
		}
	}
	return string(plain)
}

// valueTie is plainTie for what stands between a name and its value: that tells whether the name is in quotes.
func valueTie(tie []byte) string {
	plain := plainTie(tie)
	if len(tie) > 0 && (tie[0] == '"' || tie[0] == '\'') {
		return string(tie[0]) + plain
	}
	return plain
}

// onLine returns a value's tie as it is where the value stands on the same line: a long one may stand on the next, in a comment too.
func onLine(tie string) string {
	if feed := strings.IndexByte(tie, '\n'); feed >= 0 {
		tie = tie[:feed] + strings.Trim(tie[feed:], " \n*#/")
	}
	return strings.TrimRight(tie, " ")
}

// isLike reports whether two gaps are between members of the same serialization, or of those that are printed alike.
func (g *gap) isLike(other *gap) bool {
	return onLine(g.value) == onLine(other.value) && g.head == other.head &&
		strings.TrimLeft(g.tail, closers) == strings.TrimLeft(other.tail, closers)
}
