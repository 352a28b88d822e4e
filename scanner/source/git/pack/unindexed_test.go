package pack

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/jwtleak/jwtleak/scanner/source/git/history"
)

// TestPacksThatNeedOneAnother has packs without an index, each a delta of what the one before it has: whatever the order
// of their names is, some come before what they need.
func TestPacksThatNeedOneAnother(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	want := map[string]string{}
	base := []byte("the first of them\n")
	name := history.Name{}
	for i := range 6 {
		b := newBuilt(t)
		if i == 0 {
			name = b.whole(Blob, base)
		} else {
			b.objects[name] = Object{Type: Blob, Bytes: base}
			target := fmt.Appendf(bytes.Clone(base), "and then %d\n", i)
			delta := binary.AppendUvarint(binary.AppendUvarint(nil, uint64(len(base))), uint64(len(target)))
			delta = append(append(delta, copying(0, len(base))...), byte(len(target)-len(base)))
			name = b.delta(name, target, append(delta, target[len(base):]...), true)
			base = target
		}
		want[name.String()] = "blob " + string(base)
		b.write(dir, 0)
	}
	got := sweepAll(t, open(t, dir), SweepOptions{Jobs: 2, Types: all()})
	if diff := cmp.Diff(want, got.shown); diff != "" || len(got.problems) > 0 {
		t.Errorf("objects (-want +got):\n%s\nproblems %v", diff, got.problems)
	}
}

// TestDamageWithoutIndex breaks entries of packs that have no index: each costs itself and what is a delta of it.
func TestDamageWithoutIndex(t *testing.T) {
	t.Parallel()
	for seed := range uint64(20) {
		random := rand.New(rand.NewPCG(seed, 21))
		b := newBuilt(t)
		var starts []int64
		for i := range 40 {
			starts = append(starts, int64(len(b.bytes)))
			b.whole(Blob, append(text(random, 1+random.IntN(5000)), fmt.Sprint(" ", i)...))
		}
		broken := map[int]bool{}
		for range 3 {
			i := random.IntN(len(starts) - 1)
			broken[i] = true
			at := starts[i] + random.Int64N(starts[i+1]-starts[i])
			for j := at; j < min(at+3, starts[i+1]); j++ {
				b.bytes[j] ^= byte(1 + random.IntN(255))
			}
		}
		dir := t.TempDir()
		b.write(dir, 0)
		got := sweepAll(t, open(t, dir), SweepOptions{Jobs: 2, Types: all()})
		if len(got.shown) < 40-len(broken) || len(got.shown) == 40 || len(got.problems) != 1 {
			t.Errorf("seed %d: %d of 40 objects are shown, %d are broken, problems %v", seed, len(got.shown), len(broken), got.problems)
		}
		for name, content := range got.shown {
			if want := b.expected(func(o Object) bool { return o.Name.String() == name }); want[name] != content {
				t.Errorf("seed %d: object %s was never put in", seed, name)
			}
		}
		for _, problem := range got.problems {
			if strings.Contains(problem, "\n") {
				t.Errorf("a problem of several lines: %q", problem)
			}
		}
	}
}

// TestPackGoesOn has packs without an index that say that they have fewer objects than they have, or that are followed by
// something else: every object is shown, and what lies behind is a problem.
func TestPackGoesOn(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		count   uint32
		behind  string
		problem string
	}{
		{"as many as it says", 3, "", ""},
		{"none", 0, "", "goes on behind the 0 objects that it says it has"},
		{"fewer", 2, "", "goes on behind the 2 objects that it says it has"},
		{"followed", 3, "something else that is no object", "goes on behind the 3 objects that it says it has"},
	} {
		b := newBuilt(t)
		for _, content := range []string{"one", "two", "three"} {
			b.whole(Blob, []byte(content))
		}
		dir := t.TempDir()
		path := b.write(dir, 0)
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		binary.BigEndian.PutUint32(content[8:], test.count)
		if err := os.WriteFile(path, append(content, test.behind...), 0o600); err != nil {
			t.Fatal(err)
		}
		got := sweepAll(t, open(t, dir), SweepOptions{Jobs: 1, Types: all()})
		if len(got.shown) != 3 {
			t.Errorf("%s: %d of 3 objects are shown", test.name, len(got.shown))
		}
		if test.problem == "" && len(got.problems) > 0 ||
			test.problem != "" && (len(got.problems) != 1 || !strings.Contains(got.problems[0], test.problem)) {
			t.Errorf("%s: problems %q, want %q", test.name, got.problems, test.problem)
		}
	}
}

// TestOpenEnds has the reading of a pack without an index end with its context.
func TestOpenEnds(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := randomPack(t, rand.New(rand.NewPCG(22, 1)), 100).write(dir, 0)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if s, err := Open(ctx, dir, Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("Open: %v, %v", s, err)
	}
	if s, err := OpenPack(ctx, path, "title", Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("OpenPack: %v, %v", s, err)
	}
}

// TestQuotedAlternate has an alternate that is quoted as git quotes paths.
func TestQuotedAlternate(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	dir, other := filepath.Join(root, "objects"), filepath.Join(root, "ö \"other\"")
	b := newBuilt(t)
	b.whole(Blob, []byte("borrowed"))
	b.write(other, 2)
	if err := os.MkdirAll(filepath.Join(dir, "info"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "info", "alternates"), []byte("\"../\\303\\266 \\\"other\\\"\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	got := sweepAll(t, open(t, dir), SweepOptions{Jobs: 1, Types: all()})
	if len(got.shown) != 1 || len(got.problems) > 0 {
		t.Errorf("%d objects are shown, problems %v", len(got.shown), got.problems)
	}
}

// TestUnfinishedPacks reads what there is of packs that are being written: nothing is told of the rest. One whose beginning
// is not there yet is none.
func TestUnfinishedPacks(t *testing.T) {
	for seed := range uint64(8) {
		b := randomPack(t, rand.New(rand.NewPCG(seed, 31)), 30)
		dir := t.TempDir()
		path := b.write(dir, 0)
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		last := int64(0)
		for _, offset := range b.offsets {
			last = max(last, offset)
		}
		content = content[:last]
		if seed%2 == 1 {
			copy(content[8:12], make([]byte, 4)) // no count yet
			content = append(content, b.bytes[last:last+3]...)
		}
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		for name, text := range map[string][]byte{"tmp_pack_1": content, "tmp_pack_2": nil, "tmp_idx_1": []byte("x")} {
			if err := os.WriteFile(filepath.Join(dir, "pack", name), text, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		got := sweepAll(t, open(t, dir), SweepOptions{Jobs: 2, Types: all()})
		if len(got.shown) < len(b.objects)-1-len(b.objects)/4 || len(got.problems) > 0 {
			t.Errorf("seed %d: %d of %d objects, problems %v", seed, len(got.shown), len(b.objects), got.problems)
		}
		if openPeeking(t, dir).Has(nameOf(Blob, nil, 20)) {
			t.Error("an object out of nothing")
		}
	}
}

// TestDeltasOfWhatIsNotThere has many deltas that name a base each that no pack has: those that wait take memory together, and
// none of its own.
func TestDeltasOfWhatIsNotThere(t *testing.T) {
	const count = 5000
	b := newBuilt(t)
	delta := []byte{1, 1, 1, 'a'}
	for i := range count {
		base := make([]byte, 20)
		binary.BigEndian.PutUint32(base, uint32(i+1))
		b.offsets[history.NameOf(base)] = b.entry(7, len(delta), base, delta)
	}
	dir := t.TempDir()
	b.write(dir, 0)
	store := open(t, dir)
	if len(store.problems) != 1 || !strings.Contains(store.problems[0].reason, "5000 objects could not be read") {
		t.Errorf("problems %v", store.problems)
	}
	u := &unindexed{pack: store.packs[0]}
	u.offsets, _ = u.walk(context.Background(), store)
	u.index = &index{nameSize: u.nameSize, offsets: u.offsets, names: make([]byte, len(u.offsets)*u.nameSize)}
	u.once, u.entries = sync.Once{}, nil
	u.family(1)
	var waiting []waitingDelta
	if times := testing.AllocsPerRun(1, func() { _, waiting = u.nameless(store) }); times > count/2 {
		t.Errorf("memory was taken %v times", times)
	}
	if len(waiting) != count {
		t.Errorf("%d deltas wait", len(waiting))
	}
}
