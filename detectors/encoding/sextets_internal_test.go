package encoding

import (
	"bytes"
	"math/rand/v2"
	"testing"
)

// TestSextets compares what is measured and undone many at a time with the same one by one.
func TestSextets(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 4))
	const chars = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_"
	undone := 0
	for range 20000 {
		text := make([]byte, r.IntN(300))
		for i := range text {
			text[i] = chars[r.IntN(len(chars))]
		}
		for range r.IntN(3) * r.IntN(2) {
			if len(text) > 0 {
				text[r.IntN(len(text))] = byte(r.IntN(256))
			}
		}
		from := r.IntN(len(text) + 1)
		end := from
		for end < len(text) && sextets[text[end]] < 64 {
			end++
		}
		if got := runEnd(text, from); got != end {
			t.Fatalf("the run ends at %d, want %d, in %q", got, end, text[from:])
		}
		var want []byte
		for i := from; i+4 <= end; i += 4 {
			a, b, c, d := sextets[text[i]], sextets[text[i+1]], sextets[text[i+2]], sextets[text[i+3]]
			want = append(want, a<<2|b>>4, b<<4|c>>2, c<<6|d)
		}
		groups := r.IntN((len(text)-from)/4 + 1)
		dst := bytes.Repeat([]byte{0xee}, 3*groups)
		n := undoBase64(dst, text[from:], groups)
		if n > groups || 3*n > len(want) || !bytes.Equal(dst[:3*n], want[:3*n]) {
			t.Fatalf("%d groups of %d undone to %x, want %x", n, groups, dst[:min(3*n, len(dst))], want)
		}
		if hasVectors() && n < min(groups, len(want)/3)-2*undoneChars/4 {
			t.Fatalf("only %d groups of %d undone", n, groups)
		}
		undone += n
	}
	if hasVectors() && undone < 20000 {
		t.Errorf("%d groups were undone: the test is of no use", undone)
	}
}
