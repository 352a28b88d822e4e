package pack

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/jwtleak/jwtleak/detectors"
	"github.com/jwtleak/jwtleak/detectors/prefilter"
)

// A faultyPrefilter panics on some texts.
type faultyPrefilter struct {
	detectors.Prefilter
	fault string
}

func (f faultyPrefilter) Index(text []byte) int {
	if i := bytes.Index(text, []byte(f.fault)); i >= 0 {
		_ = text[i:][len(text)+1] // beyond its end
	}
	return f.Prefilter.Index(text)
}

// A faultyLocator panics on them too where all candidates are asked for.
type faultyLocator struct{ faultyPrefilter }

func (f faultyLocator) Candidates(dst []detectors.Candidate, text []byte, from, to int) []detectors.Candidate {
	_ = f.Index(text[from:to])
	for at := from; at < to; at++ {
		if i := f.Prefilter.Index(text[at:]); i < 0 {
			break
		} else if at += i; at < to {
			dst = append(dst, detectors.Candidate{At: at})
		}
	}
	return dst
}

func (f faultyLocator) Reach() (back, ahead int) { return 0, f.Width() }

// TestAFaultCostsOneObject has what judges blobs panic: on a root, on a delta that is judged without being put together, and
// on one that is put together, each of which has deltas; on a leaf and on a loose object.
func TestAFaultCostsOneObject(t *testing.T) {
	const faulty, candidate = "XXfaultXX", "eyJ"
	plain := strings.Repeat("nothing in it\n", 100)
	for name, judge := range map[string]detectors.Prefilter{
		"a prefilter": faultyPrefilter{prefilter.New(candidate), faulty},
		"a locator":   faultyLocator{faultyPrefilter{prefilter.New(candidate), faulty}},
	} {
		b := newBuilt(t)
		costs := map[string]bool{}
		add := func(base, target string) string {
			text := []byte(target)
			if base == "" {
				if name := b.whole(Blob, text); strings.Contains(target, faulty) {
					costs[name.String()] = true
				}
				return target
			}
			delta := binary.AppendUvarint(binary.AppendUvarint(nil, uint64(len(base))), uint64(len(text)))
			for len(text) > 0 {
				n := min(len(text), 100)
				delta = append(append(delta, byte(n)), text[:n]...)
				text = text[n:]
			}
			name := b.delta(nameOf(Blob, []byte(base), 20), []byte(target), delta, false)
			if strings.Contains(target, faulty) {
				costs[name.String()] = true
			}
			return target
		}
		root := add("", faulty+plain)
		add(root, plain+"a leaf of a faulty root "+candidate)
		other := add("", plain)
		judged := add(other, plain+faulty)
		add(judged, plain+"behind one that is judged "+candidate)
		add(add(judged, plain+"1"), plain+"two behind "+candidate)
		made := add(add(other, plain+candidate), plain+candidate+faulty)
		add(made, plain+"behind one that is made "+candidate)
		add(other, plain+faulty+"a leaf")
		dir := t.TempDir()
		b.write(dir, 2)
		loose := []byte(faulty + "loose")
		writeLoose(t, dir, loose, loose, 20)
		costs[nameOf(Blob, loose, 20).String()] = true

		got := sweepAll(t, open(t, dir), SweepOptions{Jobs: 2, Types: all(), Candidate: judge})
		for name, object := range b.objects {
			if wanted := bytes.Contains(object.Bytes, []byte(candidate)) && !costs[name.String()]; wanted != (got.shown[name.String()] != "") {
				t.Errorf("%s: %q is shown: %v", name, object.Bytes[max(0, len(object.Bytes)-40):], !wanted)
			}
		}
		told := strings.Join(got.problems, "\n")
		for cost := range costs {
			if !strings.Contains(told, "object "+cost+": not all of it was searched, by a fault of this program (fault_test.go:") {
				t.Errorf("%s: %s is not told of", name, cost)
			}
		}
		if len(got.problems) != len(costs) {
			t.Errorf("%s: told\n%s", name, told)
		}
	}
}

// TestFaultsAmongManyObjects has many objects be faultily judged, by several goroutines that hand one another subtrees: each
// object is shown or told of.
func TestFaultsAmongManyObjects(t *testing.T) {
	candidate := prefilter.New("eyJ", "Jey.")
	for seed := range uint64(8) {
		b := randomPack(t, rand.New(rand.NewPCG(seed, 7)), 150)
		for version := range 3 { // without an index too
			dir := t.TempDir()
			b.write(dir, version)
			got := sweepAll(t, open(t, dir), SweepOptions{Jobs: 3, Types: all(), Candidate: faultyPrefilter{candidate, "eee"}})
			told := 0
			for _, problem := range got.problems {
				more := 1
				if _, count, ok := strings.Cut(problem, ": "); ok {
					_, _ = fmt.Sscanf(count, "%d more object", &more)
				}
				told += more
			}
			wanted := b.expected(func(o Object) bool { return o.Type != Blob || candidate.Index(o.Bytes) >= 0 })
			if missing := len(wanted) - len(got.shown); missing < 0 || missing > told || told == 0 || len(got.shown) < len(wanted)/4 {
				t.Errorf("seed %d: %d of %d are shown, and %d told of", seed, len(got.shown), len(wanted), told)
			}
			for name, content := range got.shown {
				if wanted[name] != content {
					t.Errorf("seed %d: %s is shown otherwise than it is", seed, name)
				}
			}
		}
	}
}
