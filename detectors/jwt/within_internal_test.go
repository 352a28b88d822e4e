package jwt

import (
	"math/rand/v2"
	"testing"
)

// TestStringStart compares with going back byte by byte.
func TestStringStart(t *testing.T) {
	r, found := rand.New(rand.NewPCG(12, 3)), 0
	for range 20000 {
		text := make([]byte, r.IntN(60))
		for i := range text {
			if text[i] = "ab c\xff{!#&("[r.IntN(10)]; r.IntN(20) == 0 {
				text[i] = "\"'\\\n\x1f"[r.IntN(5)]
			}
		}
		for _, quote := range []byte{'"', '\''} {
			first := r.IntN(len(text) + 1)
			i := first + r.IntN(len(text)-first+1)
			start, ok := i-1, false
			for ; start >= first && text[start] >= ' '; start-- {
				escapes := 0
				for start-escapes > first && text[start-escapes-1] == '\\' {
					escapes++
				}
				if ok = text[start] == quote && escapes%2 == 0; ok {
					found++
					break
				}
			}
			s := search{text: text}
			if gotStart, gotOK := s.stringStart(i, first, quote); gotOK != ok || gotStart != start {
				t.Fatalf("from %d back to %d of %q: %d and %v, want %d and %v", i, first, text, gotStart, gotOK, start, ok)
			}
		}
	}
	if found < 1000 {
		t.Errorf("%d strings make no test", found)
	}
}
