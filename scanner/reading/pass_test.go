package reading

import (
	"bytes"
	"math/rand/v2"
	"testing"
)

func TestLastNewlineIsLastIndexByte(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for range 2000 {
		text := bytes.Repeat([]byte("x"), random.IntN(5000))
		for range random.IntN(3) {
			if len(text) > 0 {
				text[random.IntN(len(text))] = '\n'
			}
		}
		if got, want := lastNewline(text), bytes.LastIndexByte(text, '\n'); got != want {
			t.Fatalf("%d in %d bytes, want %d", got, len(text), want)
		}
	}
}
