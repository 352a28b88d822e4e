package encoding_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// TestFramedLiterals looks for tokens in base64 several times over in string literals on one line, of all widths.
func TestFramedLiterals(t *testing.T) {
	for width := 8; width <= 46; width++ {
		for i, between := range []string{`" "`, `" + "`, `"+"`, `" . "`, `' '`, `'+'`, `", "`, `','`, `" & "`, `" L"`} {
			r := rand.New(rand.NewPCG(uint64(width), uint64(i)))
			token := mint{r}.token()
			text := std(filler(r, r.IntN(100)) + "\ntoken: " + token + "\n" + filler(r, 200+r.IntN(300)))
			for range 1 + r.IntN(2) {
				text = std(text)
			}
			text = "x = [" + between[:1] + fold(text, width, between) + between[len(between)-1:] + "];\n"
			name := fmt.Sprintf("of a width of %d, %q between", width, between)
			for place, whole := range map[string]string{
				"alone": text, "in sources": filler(r, 3000) + "\n" + text + filler(r, 3000), "in base64": std(text),
			} {
				if found := detect(whole); !contains(found, token) || len(found) > 1 {
					t.Errorf("%s, %s: found %d", name, place, len(found))
				}
				if place != "in base64" && !isCandidate(whole) {
					t.Errorf("%s, %s: no candidate", name, place)
				}
			}
		}
	}
}
