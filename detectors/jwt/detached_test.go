package jwt_test

import (
	"encoding/base64"
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/jwtleak/jwtleak/detectors"
	"github.com/jwtleak/jwtleak/detectors/jwt"
)

// inParts returns what Parts finds in a text, in one part.
func inParts(text string) (found []detectors.Match) {
	parts := jwt.PartsOf([]byte(text), func(string) {})
	parts.Detect(0, len(text), true, func(m detectors.Match) { found = append(found, m) })
	return found
}

func TestDetached(t *testing.T) {
	encode := base64.RawURLEncoding.EncodeToString
	sized := func(size int) string { return encode([]byte(strings.Repeat("s1g", size))[:size]) }
	hs256 := encode([]byte(`{"alg":"HS256"}`))
	unencoded := encode([]byte(`{"alg":"HS256","b64":false,"crit":["b64"]}`))
	direct := encode([]byte(`{"alg":"dir","enc":"A128GCM"}`))
	plain := hs256 + ".." + sized(32)
	// The example of RFC 7515, appendix F: the token of appendix A.1 without its payload.
	published := "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9..dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
	for name, test := range map[string]struct {
		text string
		want string // what is named, nothing where it is empty
	}{
		"alone":                {plain, plain},
		"published":            {"x-jws-signature: " + published + "\r\n", published},
		"unencoded payload":    {`{"jws":"` + unencoded + ".." + sized(32) + `"}`, unencoded + ".." + sized(32)},
		"ends a sentence":      {"it is " + plain + ". And so on", plain},
		"ends the text":        {"it is " + plain + ".", plain},
		"glued in front":       {"xyz" + plain + " ", plain},
		"padded":               {hs256 + "=.." + sized(32) + "= ", plain},
		"standard alphabet":    {hs256 + ".." + strings.Repeat("+/", 43), hs256 + ".." + strings.Repeat("-_", 43)},
		"of an unknown alg":    {encode([]byte(`{"alg":"X"}`)) + ".." + sized(70), encode([]byte(`{"alg":"X"}`)) + ".." + sized(70)},
		"characters behind it": {plain + "ABCD", plain},

		"ellipsis":            {hs256 + "...", ""},
		"ellipsis in front":   {hs256 + "..." + sized(32), ""},
		"four full stops":     {hs256 + "...." + sized(32), ""},
		"no signature":        {hs256 + ".. " + sized(32), ""},
		"placeholder":         {hs256 + "..signature", ""},
		"signature cut short": {hs256 + ".." + sized(32)[:20] + "...", ""},
		"longer one cut":      {encode([]byte(`{"alg":"RS256"}`)) + ".." + sized(100) + "…", ""},
		"header without alg":  {encode([]byte(`{"typ":"JWT"}`)) + ".." + sized(32), ""},
		"no header":           {"abcdefgh.." + sized(32), ""},
		"alg is no string":    {encode([]byte(`{"alg":256}`)) + ".." + sized(32), ""},
		"row of segments":     {plain + "." + sized(32), ""},
		"ellipsis behind":     {encode([]byte(`{"alg":"X"}`)) + ".." + sized(70) + "..", ""},
		"of what is unsigned": {encode([]byte(`{"alg":"none"}`)) + ".." + sized(32), ""},
		"JWE cut short":       {direct + ".." + sized(32), ""},
		"JWE in part":         {direct + ".." + sized(12) + "." + sized(50), ""},
	} {
		var got []string
		for _, m := range inParts(test.text) {
			if m.Rule != detectors.Detached || !strings.Contains(test.text, test.text[m.Start:m.End]) {
				t.Errorf("%s: found a %s", name, m.Rule)
			}
			got = append(got, m.Token)
		}
		if want := slices.DeleteFunc([]string{test.want}, func(s string) bool { return s == "" }); !slices.Equal(got, want) {
			t.Errorf("%s: found %d, want %d, or it is another", name, len(got), len(want))
		}
	}
	encrypted := direct + ".." + sized(12) + "." + sized(50) + "." + sized(16)
	if found := inParts(encrypted); len(found) != 1 || found[0].Rule != detectors.JWE {
		t.Errorf("a JWE without an encrypted key: found %d, or something else", len(found))
	}
}

// TestDetachedTakesNothing has the same tokens found in rows of segments whether those with a detached payload are told or not.
func TestDetachedTakesNothing(t *testing.T) {
	encode := base64.RawURLEncoding.EncodeToString
	segments := []string{
		encode([]byte(`{"alg":"HS256"}`)), encode([]byte(`{"alg":"HS256"}`)), encode([]byte(`{"alg":"none"}`)), encode([]byte(`{"alg":"dir","enc":"A128GCM"}`)),
		encode([]byte(`{"sub":"a"}`)), encode([]byte(strings.Repeat("s", 32))), encode([]byte(strings.Repeat("s", 16))),
	}
	between := []string{
		".", ".", ".", ".", ".", "..", "..", "..", "...", "", "=", " ", "\n", "x", "~", `{"payload":"`, `","protected":"`, `","signature":"`, `"}`, `["`, `","`, `"]`,
	}
	tokens, detached := 0, 0
	for round := range 20_000 {
		r := rand.New(rand.NewPCG(61, uint64(round)))
		var b strings.Builder
		for range 2 + r.IntN(16) {
			b.WriteString(segments[r.IntN(len(segments))] + between[r.IntN(len(between))])
		}
		text := b.String()
		var want, got []detectors.Match
		jwt.NewDetector().Detect([]byte(text), true, func(m detectors.Match) { want = append(want, m) })
		for _, m := range inParts(text) {
			if m.Rule != detectors.Detached {
				got = append(got, m)
			} else if _, err := jwt.Decode(m.Token); !errors.Is(err, jwt.ErrDetached) {
				t.Errorf("round %d: told of one that is none: %v", round, err)
			} else {
				detached++
			}
		}
		tokens += len(want)
		if !slices.EqualFunc(got, want, func(a, b detectors.Match) bool { return a.Start == b.Start && a.End == b.End && a.Token == b.Token }) {
			t.Errorf("round %d: found %d tokens, %d without", round, len(got), len(want))
		}
	}
	if tokens < 500 || detached < 500 {
		t.Errorf("%d tokens and %d with a detached payload are too few to tell", tokens, detached)
	}
}
