package reading

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/jwtleak/jwtleak/detectors/encoding"
)

// TestChainsInParts finds three tokens among words that are wrapped up to three times over, in texts that are longer than what is shown at
// once: the detector's own tests show it whole texts.
func TestChainsInParts(t *testing.T) {
	wide := func(order [2]int) func(string) string {
		return func(s string) string {
			out := make([]byte, 2*len(s))
			for i := range len(s) {
				out[2*i+order[0]], out[2*i+order[1]] = s[i], 0
			}
			return string(out)
		}
	}
	coded := func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }
	hexed := func(s string) string { return hex.EncodeToString([]byte(s)) }
	wraps := []struct {
		name string
		do   func(string) string
	}{
		{"base64", coded}, {"hex", hexed}, {"utf-16le", wide([2]int{0, 1})}, {"utf-16be", wide([2]int{1, 0})},
		{"base64 in lines", func(s string) string { return "\n" + inLines(coded(s), 76, "\n") + "\n" }},
		{"base64 in narrow lines", func(s string) string { return "\n" + inLines(coded(s), 20, "\n") + "\n" }},
		{"base64 in quoted lines", func(s string) string { return "\n> " + inLines(coded(s), 72, "\n> ") + "\n" }},
		{"base64 in narrow, indented lines", func(s string) string { return "\n    " + inLines(coded(s), 28, "\n    ") + "\n" }},
		{"hex in lines", func(s string) string { return "\n" + inLines(hexed(s), 60, "\n") + "\n" }},
	}
	for round := range uint64(120) {
		r := rand.New(rand.NewPCG(40, round))
		var inside strings.Builder
		tokens := map[string]bool{}
		for len(tokens) < 3 {
			token := testToken(fmt.Sprintf("%d/%d", round, len(tokens)))
			tokens[token] = true
			inside.WriteString(testWords(r, []int{100, 3000, 20000}[r.IntN(3)]) + " " + token + " ")
		}
		text, chain, before := inside.String()+testWords(r, 10+r.IntN(20000)), "", -1
		for range 1 + r.IntN(3) {
			w := r.IntN(len(wraps))
			if isWide := w == 2 || w == 3; isWide && (before == 2 || before == 3) {
				continue // which is UTF-32, or nothing
			}
			text, chain, before = wraps[w].do(text), wraps[w].name+" of "+chain, w
		}
		if len(text) > 1<<20 {
			continue
		}
		found := map[string]bool{}
		if _, err := Bytes(t.Context(), []byte(testWords(r, r.IntN(5000))+"\n"+text+"\nend\n"), encoding.New(), func(s Sighting) error {
			found[s.Match.Token] = true
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		for token := range tokens {
			if !found[token] {
				t.Errorf("round %d: one is lost in %d bytes of %stext", round, len(text), chain)
			}
		}
	}
}

func testToken(subject string) string {
	segment := func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }
	signature := sha256.Sum256([]byte(subject))
	return segment(`{"alg":"HS256"}`) + "." + segment(`{"sub":"`+subject+`"}`) + "." + segment(string(signature[:]))
}

func testWords(r *rand.Rand, size int) string {
	var b strings.Builder
	for b.Len() < size {
		b.WriteString([]string{"user ", "home\n", "request ", "key ", `"json" `, "the ", "status=200 ", "GET /a "}[r.IntN(8)])
	}
	return b.String()
}
