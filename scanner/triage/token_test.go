package triage

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"testing"
	"time"

	"github.com/jwtleak/jwtleak/detectors/jwt"
	"github.com/jwtleak/jwtleak/scanner/finding"
)

// testNow is when the tests judge.
func testNow() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) }

func testJudge() Judge { return Judge{At: testNow()} }

// object is a JSON object as tests write it: its source.
type object = string

// token signs header and claims with a key of the tests and decodes the result. The signature is an HMAC whatever alg
// says; nothing here verifies one, but for those of published keys.
func token(t testing.TB, header, claims object) *jwt.Token {
	t.Helper()
	return signed(t, header, claims, "a key of the tests and of nothing else")
}

func signed(t testing.TB, header, claims object, key string) *jwt.Token {
	t.Helper()
	if !json.Valid([]byte(header)) || !json.Valid([]byte(claims)) {
		t.Fatalf("the test's own JSON is none: %s %s", header, claims)
	}
	return decoded(t, compactOf(header, claims, key))
}

func compactOf(header, claims object, key string) string {
	input := base64.RawURLEncoding.EncodeToString([]byte(header)) + "." + base64.RawURLEncoding.EncodeToString([]byte(claims))
	return input + "." + base64.RawURLEncoding.EncodeToString(hmacOf(key, input))
}

// tryToken is token for a header and claims that may be nothing that decodes.
func tryToken(header, claims object) (*jwt.Token, error) {
	return jwt.Decode(compactOf(header, claims, "a key of the tests and of nothing else"))
}

func decoded(t testing.TB, compact string) *jwt.Token {
	t.Helper()
	tok, err := jwt.Decode(compact)
	if err != nil {
		t.Fatalf("token %s does not decode", finding.NewFingerprint(compact).ID())
	}
	return tok
}

// judged judges a token with these claims, a header of no interest, as of testNow.
func judged(t testing.TB, claims object) Judgement {
	t.Helper()
	return testJudge().Token(token(t, `{"alg":"RS256","typ":"JWT"}`, claims))
}

func riskIDs(j Judgement) []string {
	ids := make([]string, len(j.Risks))
	for i, risk := range j.Risks {
		ids[i] = risk.ID
	}
	return ids
}

func hmacOf(key, input string) []byte {
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte(input))
	return mac.Sum(nil)
}
