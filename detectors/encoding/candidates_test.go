package encoding_test

import (
	"encoding/hex"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/jwtleak/jwtleak/detectors"
	"github.com/jwtleak/jwtleak/detectors/encoding"
)

func locator() detectors.Locator { return encoding.New().Prefilter().(detectors.Locator) }

// candidateText returns random text with tokens in it, wrapped and broken, and runs of all lengths near minRun.
func candidateText(r *rand.Rand, size int) []byte {
	all := wraps()
	var text []byte
	for len(text) < size {
		token := mint{r}.token()
		switch r.IntN(9) {
		case 0:
			text = append(text, all[r.IntN(len(all))].do(r, token)...)
		case 1:
			text = append(text, fold(token, 16+r.IntN(60), "\n")...)
		case 2:
			text = append(text, token[:r.IntN(len(token))]...)
		case 3, 4:
			text = append(text, hex.EncodeToString([]byte(filler(r, 15+r.IntN(30))))...)
		case 8:
			frame := frames[r.IntN(len(frames))]
			text = append(text, framedText(std(std(token)), frame[0], frame[1], "\n", 4+r.IntN(45))...)
		case 5:
			text = append(text, []string{`\u0065`, "%65%79", "ey", "J", "\ney", "ZXl", "\n"}[r.IntN(7)]...)
		default:
			text = append(text, filler(r, r.IntN(300))...)
		}
		text = append(text, []string{"", " ", "\n", "\"\n  \"", ", "}[r.IntN(5)]...)
	}
	return text
}

// TestCandidates finds the same in parts of a text, and in a text in which the parts stand elsewhere, as in the whole.
func TestCandidates(t *testing.T) {
	l := locator()
	back, ahead := l.Reach()
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 12))
		text := candidateText(r, r.IntN(6000))
		whole := l.Candidates(nil, text, 0, len(text))
		if !slices.IsSortedFunc(whole, func(a, b detectors.Candidate) int { return a.At - b.At }) {
			t.Errorf("seed %d: the candidates are not in order", seed)
		}
		if (l.Index(text) >= 0) != (len(whole) > 0) {
			t.Errorf("seed %d: Index says %d where there are %d candidates", seed, l.Index(text), len(whole))
		}
		var parts []detectors.Candidate
		for from := 0; from < len(text); {
			to := min(len(text), from+1+r.IntN(400))
			parts = l.Candidates(parts, text, from, to)
			from = to
		}
		if diff := cmp.Diff(whole, parts); diff != "" {
			t.Errorf("seed %d: in parts:\n%s", seed, diff)
		}
		from := r.IntN(len(text) + 1)
		to := from + r.IntN(len(text)-from+1)
		before := candidateText(r, r.IntN(500))
		other := slices.Concat(before, text[from:to], candidateText(r, r.IntN(500)))
		var here, there []detectors.Candidate
		for _, c := range whole {
			if c.At >= from+back && c.At < to-ahead {
				here = append(here, c)
			}
		}
		for _, c := range l.Candidates(nil, other, 0, len(other)) {
			if c.At += from - len(before); c.At >= from+back && c.At < to-ahead {
				there = append(there, c)
			}
		}
		if diff := cmp.Diff(here, there); diff != "" {
			t.Errorf("seed %d: elsewhere:\n%s", seed, diff)
		}
	}
}

// TestWindows holds Width to what it says: where no window has a candidate, the whole has none of which a token is. Of those that
// stand by chance near a run without a telltale a sieve sees none.
func TestWindows(t *testing.T) {
	l, unseen := locator(), 0
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 13))
		text := candidateText(r, r.IntN(1000))
		for _, c := range l.Candidates(nil, text, 0, len(text)) {
			seen := false
			for from := max(0, c.At-l.Width()); from <= c.At && !seen; from++ {
				seen = l.Index(text[from:min(from+l.Width(), len(text))]) >= 0
			}
			if seen {
				continue
			}
			unseen++
			encoding.New().Detect(text, true, func(m detectors.Match) {
				if m.Start <= c.At && c.At < m.End {
					t.Errorf("seed %d: a candidate at %d is in no window of %d bytes", seed, c.At, l.Width())
				}
			})
		}
	}
	if unseen > 10 {
		t.Errorf("%d candidates are in no window: the test is of no use", unseen)
	}
}

// FuzzDetectAt checks that a text whose candidates are given has the same tokens, and that they are the same in parts.
func FuzzDetectAt(f *testing.F) {
	for _, form := range forms() {
		f.Add([]byte(form.text), uint(100))
	}
	for seed := range uint64(20) {
		f.Add(candidateText(rand.New(rand.NewPCG(seed, 14)), 2000), uint(seed*70))
	}
	d, l := encoding.New(), locator()
	f.Fuzz(func(t *testing.T, text []byte, cut uint) {
		var want, got []string
		d.Detect(text, true, func(m detectors.Match) { want = append(want, describe(m)) })
		candidates := l.Candidates(nil, text, 0, len(text))
		d.DetectAt(text, candidates, func(m detectors.Match) { got = append(got, describe(m)) }, func(string) {})
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		if l.Index(text) < 0 && len(candidates) > 0 { // the other way round it may be: beside a long run no dump is looked for
			t.Errorf("Index says there is none of %d candidates", len(candidates))
		}
		at := int(cut % uint(len(text)+1))
		parts := l.Candidates(l.Candidates(nil, text, 0, at), text, at, len(text))
		if diff := cmp.Diff(candidates, parts); diff != "" {
			t.Error(diff)
		}
	})
}
