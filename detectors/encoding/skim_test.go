package encoding_test

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/jwtleak/jwtleak/detectors/encoding"
)

// TestSkimCountsLines compares the lines that Skim counts on the way with a count of their own.
func TestSkimCountsLines(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 4))
	pieces := []string{"\n", " key view ", "2026-11-22T05:17:59.077Z WARN [worker-13]\n", "id=65322a48cbbc6c94 ",
		strings.Repeat("deadbeef", 12), "\r\n\n\n", "/api/v1/orders\n", strings.Repeat("\n", 70)}
	clean := 0
	for range 300 {
		var text bytes.Buffer
		for range r.IntN(3000) {
			text.WriteString(pieces[r.IntN(len(pieces))])
		}
		if r.IntN(8) == 0 {
			text.WriteString("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl\n\n\n")
		}
		from := r.IntN(max(text.Len()/2, 1))
		judged, lines, ok := encoding.New().Skim(text.Bytes(), from, r.IntN(2) == 0)
		told := text.Bytes()[from:judged]
		if ok {
			clean++
		}
		if want := bytes.Count(told, []byte("\n")); lines != want {
			t.Errorf("%d lines in %d bytes, want %d", lines, len(told), want)
		}
	}
	if clean < 200 {
		t.Errorf("only %d texts are clean: the test is of no use", clean)
	}
}
