package pack

import (
	"encoding/binary"
	"fmt"
	"maps"
	"testing"

	"github.com/jwtleak/jwtleak/scanner/source/git/history"
)

// branching returns a pack with a chain of deltas, more than may follow one another to read a single object, at each link
// of which another chain, of two, branches off.
func branching(t *testing.T, levels int, byName bool) *built {
	b := newBuilt(t)
	content := fmt.Appendf(nil, "%100d", 0)
	numbered := func(base history.Name, content []byte, at, number int) (history.Name, []byte) {
		target := fmt.Appendf(nil, "%s%06d%s", content[:at], number, content[at+6:])
		delta := binary.AppendUvarint(binary.AppendUvarint(nil, 100), 100)
		delta = append(append(delta, copying(0, at)...), 6)
		delta = append(append(delta, target[at:at+6]...), copying(at+6, 94-at)...)
		return b.delta(base, target, delta, byName), target
	}
	base := b.whole(Blob, content)
	for level := 1; level <= levels; level++ {
		next, nextContent := numbered(base, content, 10, level)
		inner, innerContent := numbered(base, content, 30, level)
		numbered(inner, innerContent, 50, level)
		base, content = next, nextContent
	}
	return b
}

// TestLetGo sweeps a tree of deltas, where what has branches must be let go for want of room and made again.
func TestLetGo(t *testing.T) {
	for _, byName := range []bool{false, true} {
		b := branching(t, maxChain+2000, byName)
		want := b.expected(func(Object) bool { return true })
		for _, version := range []int{0, 2} {
			dir := t.TempDir()
			b.write(dir, version)
			s := newStore(Options{Jobs: 2})
			s.budget = 1 << 20
			s.addDirs(nil, dir, "")
			s.addPacks(dir + "/pack")
			if _, err := s.indexed(t.Context()); err != nil {
				t.Fatal(err)
			}
			got := sweepAll(t, s, SweepOptions{Jobs: 2, Types: all()})
			if !maps.Equal(got.shown, want) {
				t.Errorf("version %d, by name %v: %d objects shown of %d", version, byName, len(got.shown), len(want))
			}
			if len(got.problems)+len(got.again) > 0 {
				t.Errorf("version %d, by name %v: problems %v, twice %d", version, byName, got.problems, len(got.again))
			}
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		}
	}
}
