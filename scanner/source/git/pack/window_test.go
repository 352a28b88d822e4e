package pack

import (
	"math/rand/v2"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// oneWindow has whoever sweeps a store read by a single window each, so that what is read next takes its place.
func oneWindow(s *Store, jobs int) {
	for range jobs {
		s.windows = append(s.windows, &windows{list: make([]window, 1)})
	}
}

// TestWindows sweeps packs, whole and cut while they are read, with many windows and with one.
func TestWindows(t *testing.T) {
	for name, one := range map[string]bool{"many": false, "one": true} {
		t.Run(name, func(t *testing.T) {
			b := randomPack(t, rand.New(rand.NewPCG(31, 1)), 400)
			dir := t.TempDir()
			path := b.write(dir, 2)
			s := open(t, dir)
			options := SweepOptions{Jobs: 2, Types: all()}
			if one {
				oneWindow(s, options.Jobs)
			}
			got := sweepAll(t, s, options)
			if diff := cmp.Diff(b.expected(func(Object) bool { return true }), got.shown); diff != "" {
				t.Error(diff)
			}
			if len(got.problems) > 0 {
				t.Errorf("problems %v", got.problems)
			}
			for cut := len(b.bytes) - 21; cut > 0; cut /= 2 {
				if err := os.Truncate(path, int64(cut)); err != nil {
					t.Fatal(err)
				}
				before := len(got.shown)
				got = sweepAll(t, s, options)
				if len(got.shown) > before || len(got.problems) == 0 {
					t.Errorf("of a pack cut to %d bytes %d of %d objects are shown, with %d problems", cut, len(got.shown), before, len(got.problems))
				}
			}
			if len(got.shown) > 0 {
				t.Errorf("of an empty pack %d objects are shown", len(got.shown))
			}
		})
	}
}
