package scanner

import (
	"encoding/base64"
	"testing"
	"time"

	"github.com/jwtleak/jwtleak/detectors/jwt"
	"github.com/jwtleak/jwtleak/scanner/triage"
)

// A lifetime is from iat, else nbf, to exp, and is not told where these contradict each other.
func TestDescribedLifetime(t *testing.T) {
	const none = -1
	for _, test := range []struct {
		claims string
		want   int64
	}{
		{`{"iat":100,"exp":160}`, 60},
		{`{"iat":100,"exp":100}`, 0},
		{`{"iat":160,"exp":100}`, none},
		{`{"nbf":100,"exp":160}`, 60},
		{`{"nbf":160,"exp":100}`, none},
		{`{"iat":100,"nbf":130,"exp":160}`, 60},
		{`{"iat":"x","nbf":130,"exp":160}`, 30},
		{`{"iat":0,"exp":100000000000}`, 100_000_000_000},
		{`{"exp":160}`, none},
		{`{"iat":100}`, none},
		{`{"iat":100,"exp":"x"}`, none},
	} {
		encoded := func(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }
		token, err := jwt.Decode(encoded(`{"alg":"HS256"}`) + "." + encoded(test.claims) + "." + encoded("a signature of nobody"))
		if err != nil {
			t.Fatalf("%s does not decode", test.claims)
		}
		judge := triage.Judge{At: time.Unix(130, 0)}
		described := Describe(token, judge.Token(token), judge.At, false)
		got := int64(none)
		if described.LifetimeSeconds != nil {
			got = *described.LifetimeSeconds
		}
		if got != test.want {
			t.Errorf("%s: lifetime_seconds %d, want %d", test.claims, got, test.want)
		}
	}
}
