package encoding_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/jwtleak/jwtleak/detectors"
	"github.com/jwtleak/jwtleak/detectors/encoding"
)

// detached makes a JWS without its payload.
func (m mint) detached() string {
	segments := strings.Split(m.token(), ".")
	return segments[0] + ".." + segments[2]
}

// TestDetached finds a JWS with a detached payload in each wrapping, as what it is, and the token beside it.
func TestDetached(t *testing.T) {
	all := wraps()
	for round := range encoding.Rounds(20 * len(all)) {
		r := rand.New(rand.NewPCG(*seed, uint64(round)))
		w := all[round%len(all)]
		detached, token := mint{r}.detached(), mint{r}.token()
		text := filler(r, r.IntN(300)) + " " + w.do(r, detached) + "\n\nthe token " + token + " " + filler(r, r.IntN(300))
		want := []string{string(detectors.Detached) + " " + id(detached), string(detectors.JWS) + " " + id(token)}
		var got []string
		for _, m := range detect(text) {
			got = append(got, string(m.Rule)+" "+id(m.Token))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s#%d: found %q, want %q", w.name, round%len(all), got, want)
		}
	}
}

// TestDetachedInBlocks finds it once wherever a block ends, and holds no more for it than for a token.
func TestDetachedInBlocks(t *testing.T) {
	r := rand.New(rand.NewPCG(71, 1))
	detached, token := mint{r}.detached(), mint{r}.token()
	for _, form := range []string{detached, std(detached), std("a text with " + detached + " in it"), strings.ReplaceAll(detached, ".", "%2E"), fold(detached, 40, "\n")} {
		text := []byte("a line\n" + form + "\n\nanother one " + token + "\n" + detached + "\n" + token)
		whole := inTwo(text, len(text))
		if len(whole) != 4 {
			t.Errorf("found %d of 4", len(whole))
		}
		for cut := range text {
			if split := inTwo(text, cut); !slices.Equal(split, whole) {
				t.Errorf("cut at %d: found %d of %d", cut, len(split), len(whole))
			}
		}
	}
}
