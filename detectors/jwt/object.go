package jwt

import (
	"encoding/json"
	"strings"
)

const (
	// deepestPlain is how deep objects and arrays may lie in one another to be read as plain JSON.
	deepestPlain = 16
	// mostShared is the longest text whose strings may share its memory: they outlive it.
	mostShared = 4 << 10
)

// plainObject reads a JSON object as nearly all issuers write them, and returns what encoding/json would, several times as
// fast. It reports false for whatever is not plain: escapes, characters beyond ASCII, members that stand twice, deep
// nesting, and what is no JSON object at all.
func plainObject(text string) (members map[string]any, ok bool) {
	r := plainReader{text: text}
	if r.space(); r.next() != '{' {
		return nil, false
	}
	value, ok := r.value(0)
	if r.space(); !ok || r.at != len(text) {
		return nil, false
	}
	members, ok = value.(map[string]any)
	return members, ok
}

// A plainReader reads plain JSON (RFC 8259) from where it stands.
type plainReader struct {
	text string
	at   int
}

// next returns the byte at hand, 0 at the end.
func (r *plainReader) next() byte {
	if r.at == len(r.text) {
		return 0
	}
	return r.text[r.at]
}

func (r *plainReader) space() {
	for r.at < len(r.text) {
		switch r.text[r.at] {
		case ' ', '\t', '\n', '\r':
			r.at++
		default:
			return
		}
	}
}

// take passes a byte, if it is the one at hand behind white space.
func (r *plainReader) take(c byte) bool {
	if r.space(); r.next() != c {
		return false
	}
	r.at++
	return true
}

func (r *plainReader) value(depth int) (value any, ok bool) {
	switch r.space(); r.next() {
	case '"':
		return r.string()
	case '{':
		return r.object(depth + 1)
	case '[':
		return r.array(depth + 1)
	case 't':
		return true, r.literal("true")
	case 'f':
		return false, r.literal("false")
	case 'n':
		return nil, r.literal("null")
	default:
		return r.number()
	}
}

func (r *plainReader) object(depth int) (members map[string]any, ok bool) {
	r.at++
	members = map[string]any{}
	if depth > deepestPlain || r.take('}') {
		return members, depth <= deepestPlain
	}
	for {
		if r.space(); r.next() != '"' {
			return nil, false
		}
		name, ok := r.string()
		if !ok || !r.take(':') {
			return nil, false
		}
		count := len(members)
		if members[name], ok = r.value(depth); !ok || len(members) == count {
			return nil, false
		}
		if !r.take(',') {
			return members, r.take('}')
		}
	}
}

func (r *plainReader) array(depth int) (elements []any, ok bool) {
	r.at++
	elements = []any{}
	if depth > deepestPlain || r.take(']') {
		return elements, depth <= deepestPlain
	}
	for {
		element, ok := r.value(depth)
		if !ok {
			return nil, false
		}
		elements = append(elements, element)
		if !r.take(',') {
			return elements, r.take(']')
		}
	}
}

// string reads a string without escapes, all of it ASCII.
func (r *plainReader) string() (s string, ok bool) {
	start := r.at + 1
	for i := start; i < len(r.text); i++ {
		switch c := r.text[i]; {
		case c == '"':
			r.at = i + 1
			return r.own(r.text[start:i]), true
		case c == '\\' || c < ' ' || c > '~':
			return "", false
		}
	}
	return "", false
}

// own returns a part of the text, without the rest of it where that is long.
func (r *plainReader) own(part string) string {
	if len(r.text) > mostShared {
		return strings.Clone(part)
	}
	return part
}

func (r *plainReader) literal(word string) bool {
	if !strings.HasPrefix(r.text[r.at:], word) {
		return false
	}
	r.at += len(word)
	return true
}

// number reads a number as it is written (RFC 8259, section 6).
func (r *plainReader) number() (number json.Number, ok bool) {
	start := r.at
	if r.next() == '-' {
		r.at++
	}
	if r.next() == '0' {
		r.at++
	} else if !r.digits() {
		return "", false
	}
	if r.next() == '.' {
		if r.at++; !r.digits() {
			return "", false
		}
	}
	if c := r.next(); c == 'e' || c == 'E' {
		r.at++
		if c := r.next(); c == '+' || c == '-' {
			r.at++
		}
		if !r.digits() {
			return "", false
		}
	}
	return json.Number(r.own(r.text[start:r.at])), true
}

func (r *plainReader) digits() bool {
	start := r.at
	for c := r.next(); c >= '0' && c <= '9'; c = r.next() {
		r.at++
	}
	return r.at > start
}
