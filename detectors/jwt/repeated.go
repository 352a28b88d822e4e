package jwt

import (
	"bytes"
	"encoding/json"
	"time"
)

// repeated returns the values of members that stand in an object more than once, all but the last, which is the one that
// the object has in Go; nil where there are none, as nearly always. text is an object of so many members.
func repeated(text []byte, members int) map[string][]any {
	if countMembers(text) == members {
		return nil
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	if _, err := decoder.Token(); err != nil {
		return nil
	}
	values := make(map[string][]any, members)
	for decoder.More() {
		name, err := decoder.Token()
		if err != nil {
			return nil
		}
		var value any
		if decoder.Decode(&value) != nil {
			return nil
		}
		key, _ := name.(string)
		values[key] = append(values[key], value)
	}
	for name, all := range values {
		if values[name] = all[:len(all)-1]; len(all) == 1 {
			delete(values, name)
		}
	}
	return values
}

// countMembers counts the members of an object that is known to be one, repeated ones too.
func countMembers(text []byte) (members int) {
	depth := 0
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		case ':':
			if depth == 1 {
				members++
			}
		case '"':
			for i++; i < len(text) && text[i] != '"'; i++ {
				if text[i] == '\\' {
					i++
				}
			}
		}
	}
	return members
}

// widen gives the dates of claims that stand more than once the reading in which the token lives longest: verifiers differ in
// which they take (RFC 7519, section 4).
func (t *Token) widen() {
	for _, value := range t.Repeated["exp"] {
		if date := never(dateOf(value)); date.Form == DateNever || date.Known() && t.ExpiresAt.Form != DateNever &&
			(!t.ExpiresAt.Known() || date.Time.After(t.ExpiresAt.Time)) {
			t.ExpiresAt = date
		}
	}
	for _, value := range t.Repeated["nbf"] {
		t.NotBefore = earlier(t.NotBefore, dateOf(value))
	}
	for _, value := range t.Repeated["iat"] {
		t.IssuedAt = earlier(t.IssuedAt, dateOf(value))
	}
}

// Unclear reports whether a date claim stands more than once and one of its values is no date. Which of them a verifier goes
// by, and what it makes of that one, can't be told: some take an exp of null for none.
func (t *Token) Unclear(claim string) bool {
	repeated, ok := t.Repeated[claim]
	if !ok {
		return false
	}
	if dateOf(t.Claims[claim]).Form == DateUnreadable {
		return true
	}
	for _, value := range repeated {
		if dateOf(value).Form == DateUnreadable {
			return true
		}
	}
	return false
}

func earlier(a, b NumericDate) NumericDate {
	if b.Known() && (!a.Known() || b.Time.Before(a.Time)) {
		return b
	}
	return a
}

// never tells an exp of 0, by which some verifiers and issuers mean that there is none, from a date.
func never(expires NumericDate) NumericDate {
	if expires.Known() && expires.Time.Equal(time.Unix(0, 0)) {
		return NumericDate{Form: DateNever}
	}
	return expires
}
