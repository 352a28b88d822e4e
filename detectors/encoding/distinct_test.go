package encoding_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"strings"
	"testing"
)

// TestSignedTwice has tokens with one header and payload and other signatures, as an issuer with ECDSA makes one a request, in one
// run: each is a token, whichever is the longest.
func TestSignedTwice(t *testing.T) {
	head := segment([]byte(`{"alg":"ES256"}`)) + "." + segment([]byte(`{"sub":"7","exp":1900000000}`)) + "."
	var tokens []string
	for i := range byte(4) {
		tokens = append(tokens, head+segment(bytes.Repeat([]byte{37*i + 11}, 64)))
	}
	shorter := head + segment(bytes.Repeat([]byte{3}, 32))
	for name, text := range map[string]string{
		"plain":           strings.Join(tokens, " "),
		"base64":          base64.StdEncoding.EncodeToString([]byte(strings.Join(tokens, " "))),
		"base64 twice":    base64.StdEncoding.EncodeToString([]byte(base64.StdEncoding.EncodeToString([]byte(strings.Join(tokens, "\n"))))),
		"base64 in lines": fold(base64.StdEncoding.EncodeToString([]byte(strings.Join(tokens, " "))), 64, "\n"),
		"hexadecimal":     hex.EncodeToString([]byte(strings.Join(tokens, " "))),
		"serialization": `{"payload":"` + segment([]byte(`{"sub":"7","exp":1900000000}`)) + `","signatures":[` + strings.Join(func() (signatures []string) {
			for _, token := range tokens {
				signatures = append(signatures, `{"protected":"`+token[:strings.IndexByte(token, '.')]+`","signature":"`+token[strings.LastIndexByte(token, '.')+1:]+`"}`)
			}
			return signatures
		}(), ",") + `]}`,
	} {
		found := detect("x = " + text + "\n")
		if len(found) != len(tokens) {
			t.Errorf("%s: found %d of %d", name, len(found), len(tokens))
		}
		for i, token := range tokens {
			if !contains(found, token) {
				t.Errorf("%s: token %d is lost", name, i)
			}
		}
	}
	behind := base64.StdEncoding.EncodeToString([]byte(shorter + " " + tokens[0]))
	if found := detect(behind + "\n"); !contains(found, shorter) || !contains(found, tokens[0]) {
		t.Errorf("one with a shorter signature in front: found %d of 2", len(found))
	}
}
