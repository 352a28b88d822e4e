package container

import (
	"bytes"
	"math/rand/v2"
	"testing"
)

// TestHasZipEnd compares with looking for all of the signature, in texts of its bytes.
func TestHasZipEnd(t *testing.T) {
	r, found := rand.New(rand.NewPCG(2, 4)), 0
	for range 20000 {
		tail := make([]byte, r.IntN(40))
		for i := range tail {
			tail[i] = "PK\x05\x06P"[r.IntN(5)]
		}
		want := bytes.Contains(tail, []byte(zipEnd))
		if got := hasZipEnd(tail); got != want {
			t.Fatalf("%q: %v, want %v", tail, got, want)
		}
		if want {
			found++
		}
	}
	if found < 100 || found > 19900 {
		t.Errorf("%d have it: the test is of no use", found)
	}
}
