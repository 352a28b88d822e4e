package encoding

import (
	"encoding/base64"
	"encoding/hex"
	"math/rand/v2"
	"testing"
)

// TestGroupsOfText has the groups of base64 begin where they do, however many characters of one stand in front, as where some were
// undone before: what comes out of the wrong ones may begin as text, too, and of hexadecimal often does.
func TestGroupsOfText(t *testing.T) {
	r := rand.New(rand.NewPCG(53, 1))
	const rounds = 20000
	for name, begin := range map[string]func(text string) int{
		"in one line": func(text string) int { return nextEncoded([]byte(text), 0, 1).start },
		"in lines": func(text string) int {
			return beginsInLine([]byte(text[:36]+"\n"+text[36:72]+"\n"+text[72:]), 0).start
		},
	} {
		wrong := 0
		for i := range rounds {
			inner := make([]byte, 120)
			for k := range inner {
				inner[k] = byte(r.Uint32())
			}
			hexed := hex.EncodeToString([]byte(base64.StdEncoding.EncodeToString(inner)))
			if cut := i % 4; begin(base64.StdEncoding.EncodeToString([]byte(hexed))[cut:]) != (4-cut)%4 {
				wrong++
			}
		}
		if wrong > 0 {
			t.Errorf("%s: %d of %d wrong", name, wrong, rounds)
		}
	}
}
