package jwt

import (
	"bytes"
	"encoding/json"
	"unicode/utf8"
)

// headerParameters reads alg and enc of a header. ok is false where it is no JSON object with a string alg,
// or that is empty: it has to name an algorithm (RFC 7515, section 4.1.1).
//
// encoding/json says whether it is JSON; the members are then found without the map that it would make of them, since
// hostile text may be made of nothing but headers.
func headerParameters(header []byte) (alg, enc string, ok bool) {
	if !isObject(header) {
		return "", "", false
	}
	depth := 0
	for i := 0; i < len(header); i++ {
		switch header[i] {
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		case '"':
			end := stringEnd(header, i)
			if depth == 1 {
				value := trimSpace(trimSpace(header[end:])[1:])
				switch keyOf(header[i:end]) {
				case "alg":
					alg, ok = stringValue(value)
					ok = ok && alg != ""
				case "enc":
					enc, _ = stringValue(value)
				}
				if value[0] == '"' {
					end = stringEnd(header, len(header)-len(value))
				}
			}
			i = end - 1
		}
	}
	return alg, enc, ok
}

// stringEnd returns the end of the JSON string that starts at i, in valid JSON.
func stringEnd(text []byte, i int) int {
	for i++; text[i] != '"'; i++ {
		if text[i] == '\\' {
			i++
		}
	}
	return i + 1
}

// keyOf returns what a short JSON string says, or "" for a longer one.
func keyOf(quoted []byte) string {
	const longest = len(`"\u0061\u006c\u0067"`)
	if len(quoted) > longest {
		return ""
	}
	for _, b := range quoted {
		if b == '\\' {
			var key string
			_ = json.Unmarshal(quoted, &key) // it is valid
			return key
		}
	}
	return string(quoted[1 : len(quoted)-1])
}

// stringValue reads the JSON value at the front of text as a string.
func stringValue(text []byte) (value string, ok bool) {
	if text[0] != '"' {
		return "", false
	}
	quoted := text[:stringEnd(text, 0)]
	if bytes.IndexByte(quoted, '\\') < 0 {
		return string(quoted[1 : len(quoted)-1]), true
	}
	return value, json.Unmarshal(quoted, &value) == nil
}

// isObject reports whether text is a JSON object, in UTF-8 as all JSON is (RFC 8259, section 8.1). Most that is none does not end like
// one: encoding/json is not asked then, which makes an error of what it reads.
func isObject(text []byte) bool {
	front := bytes.TrimRight(trimSpace(text), " \t\r\n")
	return len(front) > 0 && front[0] == '{' && front[len(front)-1] == '}' && json.Valid(text) && utf8.Valid(text)
}

// maxLevels is how deep encoding/json reads.
const maxLevels = 10_000

// isDeep reports whether text is like a JSON object, as far as its brackets go, that is nested deeper than maxLevels.
func isDeep(text []byte) bool {
	front := trimSpace(text)
	if len(front) == 0 || front[0] != '{' || bytes.Count(text, []byte("{"))+bytes.Count(text, []byte("[")) <= maxLevels {
		return false
	}
	depth, quoted := 0, false
	for i := 0; i < len(front) && depth <= maxLevels; i++ {
		switch char := front[i]; {
		case quoted && char == '\\':
			i++
		case char == '"':
			quoted = !quoted
		case quoted:
		case char == '{' || char == '[':
			depth++
		case char == '}' || char == ']':
			depth--
		}
	}
	return depth > maxLevels
}
