package encoding_test

import (
	"math/rand/v2"
	"testing"

	"github.com/jwtleak/jwtleak/detectors"
	"github.com/jwtleak/jwtleak/detectors/encoding"
)

// TestLongRuns finds a token in the middle of base64 that is longer than what is ever held, block by block.
func TestLongRuns(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 9))
	token := mint{r}.token()
	raw := make([]byte, 5<<20)
	for i := range raw {
		raw[i] = byte(r.Uint32())
	}
	copy(raw[len(raw)/2:], " "+token+" ")
	one := std(string(raw))
	for name, text := range map[string]string{"one line": one, "MIME": fold(one, 76, "\r\n")} {
		count := 0
		d := encoding.New()
		const block = 300_000
		for from, to := 0, min(block, len(text)); ; to = min(to+block, len(text)) {
			done := d.Detect([]byte(text[from:to]), to == len(text), func(m detectors.Match) {
				if m.Token == token {
					count++
				}
			})
			if to-from-done > detectors.MaxHeld {
				t.Fatalf("%s: %d bytes held", name, to-from-done)
			}
			if from += done; to == len(text) {
				break
			}
		}
		if count != 1 {
			t.Errorf("%s: found %d times", name, count)
		}
	}
}
