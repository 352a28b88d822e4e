package pack

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// TestPackedBeforeLooseObjectsAreRead moves a loose object into a pack once the packs are known: it is shown all the same,
// and one that is in both is shown once.
func TestPackedBeforeLooseObjectsAreRead(t *testing.T) {
	dir := t.TempDir()
	moved, copied := []byte("eyJ that moves"), []byte("eyJ that is in both")
	writeLoose(t, dir, moved, moved, 20)
	writeLoose(t, dir, copied, copied, 20)
	s := open(t, dir)
	repacked := newBuilt(t)
	name := repacked.whole(Blob, moved)
	repacked.whole(Blob, copied)
	repacked.write(dir, 2)
	if err := os.Remove(loosePath(dir, name)); err != nil {
		t.Fatal(err)
	}
	got := sweepAll(t, s, SweepOptions{Jobs: 2, Types: all()})
	if len(got.shown) != 2 || len(got.problems) != 0 {
		t.Errorf("%d of 2 are shown, problems %q", len(got.shown), got.problems)
	}
	if !s.Has(name) {
		t.Error("it is not there afterwards")
	}
	if again := sweepAll(t, s, SweepOptions{Jobs: 2, Types: all()}); len(again.shown) != 2 || len(again.problems) != 0 {
		t.Errorf("%d of 2 are shown once more, problems %q", len(again.shown), again.problems)
	}
}

// TestPackedWhileLooseObjectsAreRead moves a loose object into a pack when it is listed and not yet read.
func TestPackedWhileLooseObjectsAreRead(t *testing.T) {
	for _, isPacked := range []bool{true, false} {
		t.Run(fmt.Sprint(isPacked), func(t *testing.T) {
			dir := t.TempDir()
			first, second := neighbours(t)
			writeLoose(t, dir, first, first, 20)
			writeLoose(t, dir, second, second, 20)
			s, shown, problems := open(t, dir), map[string]int{}, []string(nil)
			err := s.Sweep(t.Context(), SweepOptions{
				Jobs: 1, Types: all(),
				Visit: func(o Object) error {
					shown[string(o.Bytes)]++
					if len(shown) > 1 {
						return nil
					}
					repacked := newBuilt(t)
					for _, content := range [][]byte{first, second} {
						if isPacked {
							repacked.whole(Blob, content)
						}
						_ = os.Remove(loosePath(dir, nameOf(Blob, content, 20)))
					}
					repacked.write(dir, 2)
					return nil
				},
				Problem: func(_, reason string) { problems = append(problems, reason) },
			})
			switch {
			case err != nil:
				t.Fatal(err)
			case isPacked && (len(shown) != 2 || len(problems) != 0 || shown[string(first)] != 1 || shown[string(second)] != 1):
				t.Errorf("shown %v, problems %q", shown, problems)
			case !isPacked && (len(shown) != 1 || len(problems) != 1 || !strings.Contains(problems[0], ErrNotFound.Error())):
				t.Errorf("one is gone: shown %v, problems %q", shown, problems)
			}
		})
	}
}

// neighbours returns the contents of two blobs that lie in the same directory when they are loose.
func neighbours(t *testing.T) (first, second []byte) {
	t.Helper()
	by := map[byte][]byte{}
	for i := range 1000 {
		content := fmt.Appendf(nil, "eyJ %d", i)
		place := nameOf(Blob, content, 20).Bytes()[0]
		if other, ok := by[place]; ok {
			return other, content
		}
		by[place] = content
	}
	t.Fatal("no two lie together")
	return nil, nil
}

// TestMetNames asks for names that were added, in any order, and for others.
func TestMetNames(t *testing.T) {
	var met metNames
	for i := range 2000 {
		met.add(nameOf(Blob, fmt.Appendf(nil, "met %d", i), 20))
	}
	met.sort()
	for i := range 2000 {
		if !met.has(nameOf(Blob, fmt.Appendf(nil, "met %d", i), 20)) || met.has(nameOf(Blob, fmt.Appendf(nil, "other %d", i), 20)) {
			t.Fatalf("%d: one that was added is not there, or another is", i)
		}
	}
}
