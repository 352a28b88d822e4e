package pack

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/jwtleak/jwtleak/detectors"
	"github.com/jwtleak/jwtleak/detectors/encoding"
)

// wrappedText returns random text with long runs, and the beginnings of tokens in some of them and outside.
func wrappedText(random *rand.Rand, size int) []byte {
	var out []byte
	for len(out) < size {
		switch random.IntN(6) {
		case 0:
			out = append(out, hex.EncodeToString(text(random, 20+random.IntN(80)))...)
		case 1:
			out = append(out, []string{"eyJ", "ZXlK", "\ney", `\u0065`, "%65", "ewogI"}[random.IntN(6)]...)
		case 2:
			out = append(out, []string{" ", "\n", "\"\n  \"", ", "}[random.IntN(4)]...)
		default:
			out = append(out, fmt.Sprintf("lorem ipsum %d, dolor sit amet; ", random.IntN(1000))...)
		}
	}
	return out[:size]
}

// version returns a text made of another by copying most of it, and the delta that does.
func version(random *rand.Rand, base []byte) (target, delta []byte) {
	if random.IntN(2) == 0 {
		insert := []byte("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9eyJhbGciOiJIUzI1")[:1+random.IntN(52)]
		target = append(target, insert...)
		delta = append(append(delta, byte(len(insert))), insert...)
	}
	for offset := 0; offset < len(base); {
		size := min(1+random.IntN(8000), len(base)-offset)
		if random.IntN(5) > 0 {
			target = append(target, base[offset:offset+size]...)
			delta = append(delta, copying(offset, size)...)
		}
		if random.IntN(2) == 0 {
			insert := wrappedText(random, 1+random.IntN(100))
			target = append(target, insert...)
			delta = append(append(delta, byte(len(insert))), insert...)
		}
		offset += size
	}
	return target, delta
}

func checkInherited(t *testing.T, w *walker, parent *node, d delta, text []byte) candidates {
	t.Helper()
	got := w.inherit(parent, d, text)
	want := w.locator.Candidates(nil, text, 0, len(text))
	if got.state == unlisted {
		if w.Candidate.Index(text) < 0 {
			t.Error("candidates are said to be there where there are none")
		}
		return got
	}
	if (got.state == none) != (len(want) == 0) {
		t.Errorf("state %d where there are %d candidates", got.state, len(want))
	}
	if !slices.Equal(want, got.list) {
		t.Error(cmp.Diff(want, got.list))
	}
	return got
}

func inheriting() *walker {
	candidate := encoding.New().Prefilter()
	w := &walker{worker: &worker{forms: newCopyForms()}, sweep: &sweep{SweepOptions: SweepOptions{Candidate: candidate}}}
	w.locator = candidate.(detectors.Locator)
	return w
}

// TestInheritedCandidates holds what is taken over along chains of deltas to what is found in each blob as a whole.
func TestInheritedCandidates(t *testing.T) {
	w := inheriting()
	inherited := 0
	for seed := range uint64(40) {
		random := rand.New(rand.NewPCG(seed, 5))
		n := node{bytes: wrappedText(random, random.IntN(40_000))}
		n.candidates = w.look(n.bytes, true)
		for range 8 {
			target, instructions := version(random, n.bytes)
			d := delta{baseSize: int64(len(n.bytes)), size: int64(len(target)), instructions: instructions}
			got := checkInherited(t, w, &n, d, target)
			if got.state == allListed {
				inherited++
			}
			n = node{bytes: target, candidates: got}
		}
	}
	if inherited < 50 {
		t.Errorf("only %d blobs had a list: the test tests little", inherited)
	}
}

// spelledOut returns the text that a shape stands for, a piece for each byte: long enough for ranges that are worth taking
// over, of a few bytes that a fuzzer gets done with.
func spelledOut(shape []byte) (text []byte) {
	pieces := []string{
		"eyJ", "ZXlK", "\ney", `\u0065`, "%65", "ewogI", "\n", "\"\n  \"", "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.", strings.Repeat("6c6f72656d", 12),
		strings.Repeat("lorem ipsum dolor; ", 5), strings.Repeat(" ", 90), "e", "y", "J", ".", "6", "5",
	}
	for _, c := range shape {
		if int(c) < len(pieces) {
			text = append(text, pieces[c]...)
		} else {
			text = append(text, bytes.Repeat([]byte{c}, 60)...)
		}
	}
	return text
}

// FuzzInherited does so for any delta.
func FuzzInherited(f *testing.F) {
	for seed := range uint64(10) {
		random := rand.New(rand.NewPCG(seed, 6))
		shape := make([]byte, 40)
		for i := range shape {
			shape[i] = byte(random.IntN(24))
		}
		base := spelledOut(shape)
		half := len(base) / 2
		instructions := slices.Concat(copying(0, half), []byte("\x03eyJ"), copying(half/2, half), []byte("\x02ab"), copying(half, len(base)-half))
		f.Add(shape, instructions)
	}
	w := inheriting()
	// What a few instructions make can be long, and a fuzzer takes a minute to shorten what it found to be new by trying
	// every piece of a few hundred bytes.
	const most, longest = 16 << 10, 100
	f.Fuzz(func(t *testing.T, shape, instructions []byte) {
		if len(shape) > longest || len(instructions) > longest {
			return
		}
		base := spelledOut(shape)
		d := delta{baseSize: int64(len(base)), size: most, instructions: instructions}
		result, _, _ := w.forms.condensed(nil, nil, base, d, most) // which takes all that is no longer than that whole
		if len(result) > most {
			return
		}
		d.size = int64(len(result))
		if w.forms.apply(result, base, d) != nil {
			return
		}
		w.lists = nil // so that the same input runs the same code
		n := node{bytes: base}
		n.candidates = w.look(base, true)
		checkInherited(t, w, &n, d, result)
	})
}
