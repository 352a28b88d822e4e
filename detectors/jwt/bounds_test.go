package jwt_test

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/jwtleak/jwtleak/detectors"
	"github.com/jwtleak/jwtleak/detectors/jwt"
)

// TestNesting tells JSON that is too deep to be decoded, wherever it stands in a token, and nothing else.
func TestNesting(t *testing.T) {
	nested := func(levels int) string {
		return fmt.Sprintf(`{"alg":"none","x":%s%s}`, strings.Repeat("[", levels-1), strings.Repeat("]", levels-1))
	}
	segment := func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }
	const header, signature = `{"alg":"HS256"}`, ".c2lnbmF0dXJl "
	for _, test := range []struct {
		name, text   string
		found, tells bool
	}{
		{"header at the limit", segment(nested(10_000)) + "." + segment(`{}`) + signature, true, false},
		{"header", segment(nested(10_001)) + "." + segment(`{}`) + signature, false, true},
		{"header in what is deeper than it may be", segment(strings.Repeat(`{"ab":`, 24_999)) + segment(header) + "." + segment(`{}`) + signature, true, true},
		{"header where that is too deep to be one", segment(strings.Repeat(`{"ab":`, 10_000)) + segment(nested(10_000)) + "." + segment(`{}`) + signature, true, false},
		{"header behind that", segment(strings.Repeat(`{"ab":`, 10_001)) + segment(nested(10_000)) + "." + segment(`{}`) + signature, true, true},
		{"payload at the limit", segment(header) + "." + segment(nested(10_000)) + signature, true, false},
		{"payload", segment(header) + "." + segment(nested(10_001)) + signature, false, true},
		{"brackets in a string", segment(header) + "." + segment(`{"x":"\"`+strings.Repeat("[", 20_000)+`",}`) + signature, false, false},
		{"serialization", `{"protected":"` + segment(header) + `","payload":"` + segment(`{}`) + `","signature":"c2ln","header":` + nested(10_001) + "}", false, true},
	} {
		found, reasons := 0, []string(nil)
		jwt.NewDetector().DetectBounded([]byte(test.text), true, func(detectors.Match) { found++ }, func(reason string) {
			if !slices.Contains(reasons, reason) {
				reasons = append(reasons, reason)
			}
		})
		if (found > 0) != test.found || (len(reasons) > 0) != test.tells {
			t.Errorf("%s: found %d, told %q", test.name, found, reasons)
		}
	}
}

// TestHeldNesting holds back no more of what is nested than may still be a header.
func TestHeldNesting(t *testing.T) {
	text := []byte(base64.RawURLEncoding.EncodeToString([]byte(strings.Repeat(`{"a":`, 200_000))))
	if held := len(text) - jwt.NewDetector().Detect(text, false, func(detectors.Match) {}); held > 75_000 {
		t.Errorf("%d of %d bytes are held", held, len(text))
	}
}

// TestEffort tells where serializations begin one within the other too often to be followed.
func TestEffort(t *testing.T) {
	const times = 5000
	text := strings.Repeat(`{"protected":"eyJhbGciOiJIUzI1NiJ9","payload":`, times) + "0" + strings.Repeat("}", times)
	told := 0
	jwt.NewDetector().DetectBounded([]byte(text), true, func(detectors.Match) {}, func(string) { told++ })
	if told == 0 {
		t.Error("nothing was told")
	}
}
