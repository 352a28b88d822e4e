package encoding

import (
	"math/rand/v2"
	"testing"
)

// TestRunsAreFound compares the search for runs, in both ways, with a look at every byte.
func TestRunsAreFound(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	for range 3000 {
		text := make([]byte, r.IntN(600))
		for i := range text {
			text[i] = 'a'
			if r.IntN(60) == 0 {
				text[i] = ' '
			}
		}
		for _, vectors := range []bool{false, hasVectors()} {
			var found []span
			for run, ok := nextRun(text, 0, len(text), vectors); ok; run, ok = nextRun(text, run.end, len(text), vectors) {
				found = append(found, run)
			}
			var want []span
			for start := 0; start < len(text); start++ {
				end := start
				for end < len(text) && wrappedClasses.Has(text[end]) {
					end++
				}
				if end-start >= minRun {
					want = append(want, span{start, end})
				}
				start = end
			}
			if len(found) != len(want) {
				t.Fatalf("vectors %v: %d runs found in %q, want %d", vectors, len(found), text, len(want))
			}
			for i := range want {
				if found[i] != want[i] {
					t.Errorf("vectors %v: run %v, want %v", vectors, found[i], want[i])
				}
			}
		}
	}
}

func TestClasses(t *testing.T) {
	for c := range 256 {
		b := byte(c)
		want := b == 0 || b == '\n' || b == '\r' || sextets[b] < 64 || b == '#' || b == '%' || b == '&' || b == '.' || b == ';' || b == '=' || b == '\\'
		if wrappedClasses.Has(b) != want {
			t.Errorf("has(%q) = %v", b, !want)
		}
	}
}
