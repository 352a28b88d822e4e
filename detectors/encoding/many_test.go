package encoding_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/jwtleak/jwtleak/detectors"
	"github.com/jwtleak/jwtleak/detectors/encoding"
)

// TestManyTokens has hundreds of tokens in one text that is wrapped as a whole: each is found, whatever all of them take together, since
// nothing of that is in vain.
func TestManyTokens(t *testing.T) {
	const count = 400
	for _, test := range []struct {
		name        string
		inner, text func(s string) string
	}{
		{"base64 in lines of base64", std, func(s string) string { return fold(std(s), 76, "\n") }},
		{"percent-encoded in lines of base64", percentSome, func(s string) string { return fold(std(s), 76, "\r\n") }},
		{"base64 in base64 of base64", std, func(s string) string { return std(std(s)) }},
		{"escapes in narrow lines of base64", func(s string) string { return escapeSome(s, `\u%04x`) }, func(s string) string { return fold(std(s), 40, "\n  ") }},
	} {
		r := rand.New(rand.NewPCG(83, 1))
		var text strings.Builder
		lost := map[string]bool{}
		for range count {
			token := mint{r}.token()
			lost[token] = true
			text.WriteString(filler(r, 150) + "\ndata: " + test.inner(test.inner(token)) + "\n")
		}
		allowance := detectors.Allowance{}
		whole := []byte(test.text(text.String()))
		encoding.New().DetectWithin(&allowance, len(whole), whole, true, func(m detectors.Match) { delete(lost, m.Token) })
		if len(lost) > 0 {
			t.Errorf("%s: %d of %d lost", test.name, len(lost), count)
		}
	}
}
