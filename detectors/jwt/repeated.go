package jwt

import (
	"bytes"
	"encoding/json"
	"time"
)

// repeated returns what else an object says where a member stands in it more than once, or in an object within it: by the
// name of the member, the values that other readers may take it to have, all but the one that it has in Go, which takes the
// last of each; nil where there are none, as nearly always. RFC 7519, section 4, forbids the first; of the second RFC 8259,
// section 4, says that what becomes of it can't be predicted. text is the object that was read as members.
func repeated(text []byte, members map[string]any) map[string][]any {
	if countColons(text) == countMembers(members) {
		return nil
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	if _, err := decoder.Token(); err != nil {
		return nil
	}
	values := make(map[string][]any, len(members))
	for decoder.More() {
		name, err := decoder.Token()
		if err != nil {
			return nil
		}
		var value json.RawMessage
		if decoder.Decode(&value) != nil {
			return nil
		}
		key, _ := name.(string)
		values[key] = append(values[key], readings(value)...)
	}
	for name, all := range values {
		if values[name] = all[:len(all)-1]; len(all) == 1 {
			delete(values, name)
		}
	}
	return values
}

// readings returns a JSON value as it is for who takes the first of members that stand more than once, where there are such,
// and behind it as it is in Go.
func readings(text []byte) []any {
	var last any
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	if decoder.Decode(&last) != nil || countColons(text) == countMembers(last) {
		return []any{last}
	}
	decoder = json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	return []any{firstReading(decoder), last}
}

// firstReading reads a value that is known to be JSON.
func firstReading(decoder *json.Decoder) any {
	token, _ := decoder.Token()
	switch token {
	case json.Delim('{'):
		members := map[string]any{}
		for decoder.More() {
			name, _ := decoder.Token()
			key, _ := name.(string)
			value := firstReading(decoder)
			if _, again := members[key]; !again {
				members[key] = value
			}
		}
		_, _ = decoder.Token()
		return members
	case json.Delim('['):
		elements := []any{}
		for decoder.More() {
			elements = append(elements, firstReading(decoder))
		}
		_, _ = decoder.Token()
		return elements
	}
	return token
}

// countColons counts the members of all objects in a text that is known to be JSON, repeated ones too: each has a colon, and
// outside of strings nothing else has.
func countColons(text []byte) (members int) {
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case ':':
			members++
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

// countMembers counts the members of a value and of all objects in it.
func countMembers(value any) (members int) {
	switch value := value.(type) {
	case map[string]any:
		members = len(value)
		for _, member := range value {
			members += countMembers(member)
		}
	case []any:
		for _, element := range value {
			members += countMembers(element)
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
