package pack

import (
	"math/rand/v2"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// unmapped has the packs of a store read by windows, as where they can't be mapped.
func unmapped(t *testing.T, s *Store) {
	t.Helper()
	for _, p := range s.packs {
		if p.mapping != nil {
			if err := p.mapping.close(); err != nil {
				t.Fatal(err)
			}
			p.mapping = nil
		}
	}
}

// lettingGo has a mapping let go each time that something is read.
func lettingGo(_ *testing.T, s *Store) {
	for _, p := range s.packs {
		if p.mapping != nil {
			p.mapping.room = func() int64 { return 1 }
			p.mapping.letGo()
		}
	}
}

// TestWaysToRead sweeps packs, whole and cut while they are read, in each of the ways that there are.
func TestWaysToRead(t *testing.T) {
	for name, way := range map[string]func(*testing.T, *Store){"mapped": nil, "let go": lettingGo, "by windows": unmapped} {
		t.Run(name, func(t *testing.T) {
			b := randomPack(t, rand.New(rand.NewPCG(31, 1)), 400)
			dir := t.TempDir()
			path := b.write(dir, 2)
			s := open(t, dir)
			if way != nil {
				way(t, s)
			}
			options := SweepOptions{Jobs: 2, Types: all()}
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
