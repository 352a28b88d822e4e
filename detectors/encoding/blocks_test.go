package encoding_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
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

// TestSerializationsInBlocks finds a JSON serialization wherever a block ends in it, and whatever stands between its
// beginning and its header.
func TestSerializationsInBlocks(t *testing.T) {
	r := rand.New(rand.NewPCG(10, 10))
	parts := strings.Split(mint{r}.token(), ".")
	const members = `"payload":"%[2]s","signatures":[{"protected":"%[1]s","signature":"%[3]s"}]}`
	for _, between := range []int{0, 100, 1000, 10_000, 200_000} {
		for name, front := range map[string]string{
			"string":  `{"note":"` + strings.Repeat("a note ", between/7) + `",`,
			"base64":  `{"x5c":"` + strings.Repeat("QUJD", between/4) + `",`,
			"members": "{" + strings.Repeat(`"a":[0,{}],`, min(between, 10_000)/11),
		} {
			text := []byte("before " + front + fmt.Sprintf(members, parts[0], parts[1], parts[2]) + " after")
			whole := inTwo(text, len(text))
			if len(whole) != 1 {
				t.Fatalf("%s of %d: found %d tokens", name, between, len(whole))
			}
			for cut := 0; cut < len(text); cut += 1 + len(text)/encoding.Rounds(60) {
				if split := inTwo(text, cut); !slices.Equal(split, whole) {
					t.Errorf("%s of %d, cut at %d of %d: found %d tokens", name, between, cut, len(text), len(split))
				}
			}
		}
	}
}

// TestRows finds in a row of headers the last three segments that are a token, however long the row is and wherever a block
// ends in it: what stands in front decides nothing.
func TestRows(t *testing.T) {
	header := segment([]byte(`{"alg":"HS256"}`))
	encrypted := segment([]byte(`{"alg":"dir","enc":"A128GCM"}`))
	token := mint{rand.New(rand.NewPCG(12, 12))}.token()
	for _, test := range []struct{ front, end, token string }{
		{header + ".", "ee", header + "." + header + ".ee"},
		{header + ".", header + "\n", header + "." + header + "." + header},
		{header + ".", token + ".", token},
		{encrypted + ".", token, token},
		{segment([]byte(`{"alg":"none"}`)) + ".", "=", segment([]byte(`{"alg":"none"}`)) + "." + segment([]byte(`{"alg":"none"}`)) + "."},
	} {
		for _, count := range []int{2, 3, 4, 5, 27, 28, 40} {
			text := []byte(strings.Repeat(test.front, count) + test.end)
			whole := inTwo(text, len(text))
			if found := detect(string(text)); len(found) != 1 || found[0].Token != test.token {
				t.Fatalf("%d in front of %d characters: found %d, not the token alone", count, len(test.end), len(found))
			}
			for cut := 0; cut < len(text); cut += 8 / encoding.Rounds(8) {
				if split := inTwo(text, cut); !slices.Equal(split, whole) {
					t.Errorf("%d in front of %d characters, cut at %d: %q, whole: %q", count, len(test.end), cut, split, whole)
				}
			}
		}
	}
}
