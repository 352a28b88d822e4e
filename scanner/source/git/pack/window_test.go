package pack

import (
	"bytes"
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

// TestWindowsHaveTheFile reads here and there, forwards and backwards, of a file that is whole or ends within a window.
func TestWindowsHaveTheFile(t *testing.T) {
	random := rand.New(rand.NewPCG(31, 2))
	for _, size := range []int{1, windowSize - 1, windowSize, 3*windowSize + 700} {
		file := make([]byte, size)
		for i := range file {
			file[i] = byte(random.Uint32())
		}
		for _, count := range []int{1, 2, 9} {
			r := &reader{file: bytes.NewReader(file), size: int64(size), windows: &windows{list: make([]window, count)}}
			for range 3000 {
				offset := random.IntN(size)
				n := 1 + random.IntN(min(400, windowSize))
				want := file[offset:min(offset+n, size)]
				if got, err := r.at(int64(offset), int64(n)); err != nil || !bytes.Equal(got, want) {
					t.Fatalf("%d bytes of %d at %d: got %d others, %v", n, size, offset, len(got), err)
				}
			}
		}
	}
}
