package policy

import (
	"encoding/base64"
	"strings"
	"testing"
)

// TestErrorsHaveNoToken has a token where a key, a value or a pattern should be: not even the beginning of it is told.
func TestErrorsHaveNoToken(t *testing.T) {
	segment := base64.RawURLEncoding.EncodeToString
	token := segment([]byte(`{"alg":"HS256","typ":"JWT"}`)) + "." + segment([]byte(`{"sub":"policy-test","exp":1777777777}`)) + "." +
		segment([]byte(strings.Repeat("s", 32)))
	for i, text := range []string{
		token + ": 1", "fail-on: " + token, "fail-on: [" + token + "]", "max-depth: " + token, "max-expansion: " + token,
		"max-lifetime: " + token, "max-file-size: " + token, "exclude: ['[" + token + "']",
	} {
		_, err := ReadFile("policy.yaml", strings.NewReader(text))
		if err == nil {
			t.Errorf("text %d is taken", i)
		} else if strings.Contains(err.Error(), token[:16]) {
			t.Errorf("the error for text %d has a part of the token", i)
		}
	}
}
