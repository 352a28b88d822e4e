package report

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/jwtleak/jwtleak/detectors/jwt"
)

// What the cheap test passes over, the full one must find nothing in.
func TestMayHoldToken(t *testing.T) {
	encode := base64.RawURLEncoding.EncodeToString
	for _, header := range []string{`{"alg":""}`, `{"alg":"none"}`, " {\"alg\":\"x\"}", "\n{\n \"alg\":\"HS256\"}"} {
		token := encode([]byte(header)) + "." + encode([]byte(`{}`)) + "."
		for _, before := range []string{"", "/", "x", ".", "Bearer ", "\x00", "token=", "é"} {
			for _, after := range []string{"", " ", ".txt", "\n"} {
				for _, signature := range []string{"", "c2lnbmF0dXJl"} {
					s := before + token + signature + after
					if !mayHoldToken(s) && jwt.Redact(s) != s {
						t.Errorf("header %q between %q and %q is passed over", header, before, after)
					}
				}
			}
		}
	}
	for _, harmless := range []string{"", "a.b.c", "https://issuer.example/path.html", "system:serviceaccount:prod:deployer", strings.Repeat(".", 100)} {
		if mayHoldToken(harmless) {
			t.Errorf("%q is looked into", harmless)
		}
	}
}

func FuzzMayHoldToken(f *testing.F) {
	f.Add("eyJhbGciOiIifQ.e30.")
	f.Add("a/eyJhbGciOiJub25lIn0.e30.#")
	f.Fuzz(func(t *testing.T, s string) {
		if !mayHoldToken(s) && jwt.Redact(s) != s {
			t.Error("a token is passed over")
		}
	})
}
