package reading

import (
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/jwtleak/jwtleak/detectors/encoding"
)

// TestEscapedLinesInParts finds tokens among words in base64, once or twice over, in narrow lines that have a margin, the breaks of which
// are escaped, in texts that are longer than what is shown at once.
func TestEscapedLinesInParts(t *testing.T) {
	for round := range uint64(24) {
		r := rand.New(rand.NewPCG(41, round))
		var inside strings.Builder
		tokens := map[string]bool{}
		for len(tokens) < 40 {
			token := testToken(fmt.Sprintf("%d/%d", round, len(tokens)))
			tokens[token] = true
			inside.WriteString(testWords(r, r.IntN(40000)) + " " + token + " ")
		}
		text := base64.StdEncoding.EncodeToString([]byte(inside.String()))
		if r.IntN(2) == 0 {
			text = base64.StdEncoding.EncodeToString([]byte(text))
		}
		margin := []string{"    ", "# ", " * ", "\t"}[r.IntN(4)]
		text = margin + inLines(text, 12+r.IntN(11), "\n"+margin) + "\n"
		switch round % 4 {
		case 0:
			text = wideText(text)
		case 1:
			text = strconv.Quote(strconv.Quote(text))
		case 2:
			text = `<p title="` + strings.ReplaceAll(text, "\n", "&#10;") + `">`
		default:
			text = strconv.Quote(text)
		}
		whole := testWords(r, r.IntN(200000)) + "\n" + text + "\n" + testWords(r, r.IntN(3000))
		found := map[string]int{}
		if _, err := Stream(t.Context(), strings.NewReader(whole), encoding.New(), func(s Sighting) error {
			found[s.Match.Token]++
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		for token := range tokens {
			if found[token] != 1 {
				t.Errorf("round %d: one is found %d times in %d bytes", round, found[token], len(whole))
			}
		}
	}
}

func wideText(s string) string {
	out := make([]byte, 2*len(s))
	for i := range len(s) {
		out[2*i] = s[i]
	}
	return string(out)
}
