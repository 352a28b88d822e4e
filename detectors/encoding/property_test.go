package encoding_test

import (
	"crypto/sha256"
	"encoding/hex"
	"flag"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/jwtleak/jwtleak/detectors"
	"github.com/jwtleak/jwtleak/detectors/encoding"
)

// id is what a failure may say of a token.
func id(token string) string { sum := sha256.Sum256([]byte(token)); return hex.EncodeToString(sum[:8]) }

func detect(text string) (found []detectors.Match) {
	encoding.New().Detect([]byte(text), true, func(m detectors.Match) { found = append(found, m) })
	return found
}

var seed = flag.Uint64("seed", 5, "of the tokens, texts and chains of TestChains")

// TestChains hides a random token in a random chain of two wrappings at a random place of random text.
func TestChains(t *testing.T) {
	rounds := 10_000
	if testing.Short() || encoding.RaceDetector {
		rounds = 1000
	}
	all := wraps()
	lost := map[string]int{}
	for round := range rounds {
		r := rand.New(rand.NewPCG(*seed, uint64(round)))
		token := mint{r}.any()
		i, k := r.IntN(len(all)), r.IntN(len(all))
		outer, inner := all[i], all[k]
		wrapped := outer.do(r, inner.do(r, token))
		text := filler(r, r.IntN(300)) + " " + wrapped + " " + filler(r, r.IntN(300))
		if !isCandidate(text) {
			t.Errorf("%s#%d(%s#%d): no candidate", outer.name, i, inner.name, k)
		}
		if !contains(detect(text), token) {
			lost[fmt.Sprintf("%s#%d(%s#%d)", outer.name, i, inner.name, k)]++
		}
	}
	for chain, n := range lost {
		t.Errorf("%s: %d lost", chain, n)
	}
}

// TestWidths breaks a token, and base64 of it, into lines of every width.
func TestWidths(t *testing.T) {
	for width := 16; width <= 80; width++ {
		for _, end := range []string{"\n", "\r\n"} {
			for round := range 8 {
				r := rand.New(rand.NewPCG(11, uint64(round)))
				token := mint{r}.token()
				encoded := std(filler(r, round) + " " + token)
				for name, text := range map[string]string{
					"token":              fold(token, width, end),
					"token with margin":  fold(token, width, end+"    "),
					"token in literals":  `"` + fold(token, width, `" +`+end+"\t\"") + `"`,
					"token behind":       "Bearer:" + fold(token, width, end),
					"base64":             fold(encoded, width, end),
					"base64 as PEM":      "-----BEGIN TOKEN-----" + end + fold(encoded, width, end) + end + "-----END TOKEN-----",
					"base64 with margin": fold(encoded, max(width, 48), end+"    "),
				} {
					text = filler(r, r.IntN(300)) + "\n" + text + "\n\n" + filler(r, r.IntN(300))
					if !contains(detect(text), token) {
						t.Errorf("%s of width %d, lines that end with %q: lost in round %d", name, width, end, round)
					}
				}
			}
		}
	}
}

// isCandidate reports whether the prefilter has a candidate in a text, which must hold for a window of its width there too.
func isCandidate(text string) bool {
	prefilter := encoding.New().Prefilter()
	at := prefilter.Index([]byte(text))
	if at < 0 {
		return false
	}
	return prefilter.Index([]byte(text[at:min(at+prefilter.Width(), len(text))])) >= 0
}

func contains(found []detectors.Match, token string) bool {
	token = strings.TrimRight(token, "=")
	for _, m := range found {
		if m.Token == token {
			return true
		}
	}
	return false
}
