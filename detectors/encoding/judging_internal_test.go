package encoding

import "testing"

// TestStepsThroughARun goes in few steps through a run that has a telltale in each of its blocks, and is no candidate: it costs much to
// begin one.
func TestStepsThroughARun(t *testing.T) {
	text, steps := make([]byte, 1<<20), 0
	j := judging{candidates: candidates{New()}, text: text}
	for at := 0; at < len(text); steps++ {
		next, first := j.step(at)
		if first >= 0 {
			t.Fatalf("a candidate at %d of zeros", first)
		}
		at = next
	}
	if most := len(text) / mostJudged * 2; steps > most {
		t.Errorf("%d steps through %d bytes, want %d at most", steps, len(text), most)
	}
}
