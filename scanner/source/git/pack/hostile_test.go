package pack

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/jwtleak/jwtleak/detectors/prefilter"
	"github.com/jwtleak/jwtleak/scanner/source/git/history"
)

// TestCutWhileRead cuts a pack after it was opened.
func TestCutWhileRead(t *testing.T) {
	b := randomPack(t, rand.New(rand.NewPCG(11, 1)), 200)
	dir := t.TempDir()
	path := b.write(dir, 2)
	s := open(t, dir)
	if err := os.Truncate(path, int64(len(b.bytes)/2)); err != nil {
		t.Fatal(err)
	}
	got := sweepAll(t, s, SweepOptions{Jobs: 2, Types: all()})
	if len(got.shown) == 0 || len(got.shown) >= len(b.objects) || len(got.problems) == 0 {
		t.Errorf("%d of %d objects are shown, with %d problems", len(got.shown), len(b.objects), len(got.problems))
	}
	if len(got.problems) > listed+2 {
		t.Errorf("%d problems for one pack", len(got.problems))
	}
}

// TestIndexOfAnotherPack has the objects of a pack read that its index does not know.
func TestIndexOfAnotherPack(t *testing.T) {
	random := rand.New(rand.NewPCG(12, 1))
	b, other := randomPack(t, random, 60), randomPack(t, random, 20)
	dir := t.TempDir()
	path := b.write(dir, 0)
	if err := os.WriteFile(strings.TrimSuffix(path, ".pack")+".idx", other.idx(2, make([]byte, 20)), 0o644); err != nil {
		t.Fatal(err)
	}
	got := sweepAll(t, open(t, dir), SweepOptions{Jobs: 2, Types: all()})
	if diff := cmp.Diff(b.expected(func(Object) bool { return true }), got.shown); diff != "" {
		t.Error(diff)
	}
	if len(got.problems) == 0 {
		t.Error("nothing is said of the index")
	}
}

// TestIndexWithAFlippedBit has no object lost to an offset that leads into the midst of another: what the index says ends there.
func TestIndexWithAFlippedBit(t *testing.T) {
	random := rand.New(rand.NewPCG(12, 2))
	b := randomPack(t, random, 60)
	for _, version := range []int{1, 2} {
		dir := t.TempDir()
		path := strings.TrimSuffix(b.write(dir, version), ".pack") + ".idx"
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		offsets := len(content) - 2*20 - 4*len(b.offsets) // of version 2; in version 1 one stands before each name
		if version == 1 {
			offsets = 256 * 4
		}
		content[offsets+3] ^= 1
		if err := os.WriteFile(path, content, 0o644); err != nil {
			t.Fatal(err)
		}
		got := sweepAll(t, open(t, dir), SweepOptions{Jobs: 2, Types: all()})
		if diff := cmp.Diff(b.expected(func(Object) bool { return true }), got.shown); diff != "" {
			t.Errorf("version %d: %s", version, diff)
		}
		if len(got.problems) == 0 {
			t.Errorf("version %d: nothing is said of the index", version)
		}
	}
}

// TestLargeBlob streams what is too large to be held.
func TestLargeBlob(t *testing.T) {
	b := newBuilt(t)
	large := bytes.Repeat([]byte("0123456789abcdef"), largeObject/16+1)
	name := b.whole(Blob, large)
	b.whole(Blob, []byte("small"))
	dir := t.TempDir()
	b.write(dir, 2)
	streamed := 0
	err := open(t, dir).Sweep(t.Context(), SweepOptions{
		Jobs: 2, Types: all(), Candidate: prefilter.New("none of it"), Problem: func(path, reason string) { t.Errorf("%s: %s", path, reason) },
		Visit: func(o Object) error {
			if o.Name != name || o.Reader == nil || o.Bytes != nil || o.Size != int64(len(large)) {
				t.Errorf("shown is %s, of %d bytes", o.Name, o.Size)
				return nil
			}
			streamed++
			content, err := io.ReadAll(o.Reader)
			if !bytes.Equal(content, large) {
				t.Error("it is not what it was")
			}
			return err
		},
	})
	if err != nil || streamed != 1 {
		t.Errorf("streamed %d times, error %v", streamed, err)
	}
}

// TestLargeBuffersAreForOneAtATime has large objects that others are deltas of, in several trees: as many of those at once as
// there are jobs would take any memory.
func TestLargeBuffersAreForOneAtATime(t *testing.T) {
	const trees = 3
	b := newBuilt(t)
	for i := range trees {
		base := bytes.Repeat([]byte{byte(i)}, largeBuffer+1)
		small := binary.AppendUvarint(binary.AppendUvarint(nil, uint64(len(base))), 100+uint64(i))
		b.delta(b.whole(Blob, base), base[:100+i], append(small, copying(0, 100+i)...), false) // what has no delta of its own is not held
	}
	dir := t.TempDir()
	b.write(dir, 2)
	var shown, together atomic.Int32
	others := make(chan struct{}, trees)
	err := open(t, dir).Sweep(t.Context(), SweepOptions{
		Jobs: trees, Types: all(), Problem: func(path, reason string) { t.Errorf("%s: %s", path, reason) },
		Visit: func(o Object) error {
			if o.Size <= largeBuffer {
				return nil
			}
			if together.Add(1) > 1 {
				t.Error("more than one is held")
				others <- struct{}{}
			}
			if shown.Add(1) == 1 {
				select { // the others get as far meanwhile, if nothing holds them
				case <-others:
				case <-time.After(time.Second):
				}
			}
			together.Add(-1)
			return nil
		},
	})
	if err != nil || shown.Load() != trees {
		t.Errorf("%d shown, %v", shown.Load(), err)
	}
}

// TestLargeBlobWithAWrongByte has one byte of a large blob changed that is stored as it is, so that the checksum alone tells.
func TestLargeBlobWithAWrongByte(t *testing.T) {
	large := bytes.Repeat([]byte("0123456789abcdef"), largeObject/16+1)
	stored := func(text []byte) []byte {
		var b bytes.Buffer
		w, err := zlib.NewWriterLevel(&b, zlib.NoCompression)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = w.Write(text) // a buffer takes all
		_ = w.Close()
		stream := b.Bytes()
		stream[len(stream)/2] ^= 1
		return stream
	}
	packed, loose := t.TempDir(), t.TempDir()
	b := newBuilt(t)
	b.entry(uint8(Blob), len(large), nil, nil)
	b.bytes = b.bytes[:len(b.bytes)-len(compressed(t, nil))]
	b.add(Blob, large, packHeader)
	b.bytes = append(b.bytes, stored(large)...)
	b.write(packed, 2)
	path := loosePath(loose, nameOf(Blob, large, 20))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, stored(fmt.Appendf(nil, "blob %d\x00%s", len(large), large)), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{packed, loose} {
		got := sweepAll(t, open(t, dir), SweepOptions{Jobs: 1, Types: all()})
		if len(got.shown) != 1 || len(got.problems) != 1 || !strings.Contains(got.problems[0], "checksum") {
			t.Errorf("%d shown, problems %v", len(got.shown), got.problems)
		}
	}
}

// TestLargeBlobUnderAnotherName has the index call a large blob what it is not.
func TestLargeBlobUnderAnotherName(t *testing.T) {
	b := newBuilt(t)
	name := b.whole(Blob, bytes.Repeat([]byte("0123456789abcdef"), largeObject/16+1))
	b.offsets[nameOf(Blob, nil, 20)] = b.offsets[name]
	delete(b.offsets, name)
	dir := t.TempDir()
	b.write(dir, 2)
	got := sweepAll(t, open(t, dir), SweepOptions{Jobs: 1, Types: all()})
	if len(got.shown) != 1 || len(got.problems) != 1 || !strings.Contains(got.problems[0], errMisnamed.Error()) {
		t.Errorf("%d shown, problems %v", len(got.shown), got.problems)
	}
}

// TestHiddenEntry has packs with an object that the index and the pack's own count leave out, first, last or in between: what
// is passed over is told.
func TestHiddenEntry(t *testing.T) {
	for seed := range uint64(12) {
		b := randomPack(t, rand.New(rand.NewPCG(seed, 21)), 12)
		if seed%2 == 1 { // one that is streamed
			b.whole(Blob, bytes.Repeat([]byte{byte(seed), 1, 2, 3}, largeObject/4+1))
		}
		names := slices.SortedFunc(maps.Keys(b.offsets), func(x, y history.Name) int { return int(b.offsets[x] - b.offsets[y]) })
		b.whole(Blob, []byte("the last one"))
		hidden := names[[]int{0, 5, len(names) - 1}[seed%3]]
		delete(b.offsets, hidden)
		dir := t.TempDir()
		b.write(dir, 2)
		got := sweepAll(t, open(t, dir), SweepOptions{Jobs: 2, Types: all()})
		if !slices.ContainsFunc(got.problems, func(p string) bool { return strings.Contains(p, "its index leaves out what lies from") }) {
			t.Errorf("seed %d: problems %v", seed, got.problems)
		}
	}
}

// TestClaims has entries that claim to be larger than anything.
func TestClaims(t *testing.T) {
	for _, size := range []int{400 << 20, 1 << 40, 1 << 59} {
		b := newBuilt(t)
		base := b.whole(Blob, []byte("sound"))
		b.offsets[nameOf(Blob, []byte("claim"), 20)] = b.entry(uint8(Blob), size, nil, []byte("short"))
		b.offsets[nameOf(Tree, []byte("claim"), 20)] = b.entry(uint8(Tree), size, nil, []byte("short"))
		delta := []byte{5, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x10, 0x90, 5} // of 1<<60 bytes
		b.offsets[nameOf(Blob, []byte("delta"), 20)] = b.entry(referenceDelta, len(delta), base.Bytes(), delta)
		dir := t.TempDir()
		b.write(dir, 2)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		got := sweepAll(t, open(t, dir), SweepOptions{Jobs: 2, Types: []Type{Commit, Tree, Tag}})
		more := sweepAll(t, open(t, dir), SweepOptions{Jobs: 2, Types: []Type{Blob}, Candidate: prefilter.New("sound")})
		runtime.ReadMemStats(&after)
		if len(got.problems) != 1 || len(more.problems) != 2 {
			t.Errorf("size %d: problems %v and %v", size, got.problems, more.problems)
		}
		if taken := after.TotalAlloc - before.TotalAlloc; taken > 64<<20 {
			t.Errorf("size %d: %d MiB were taken for what is not there", size, taken>>20)
		}
	}
}

// TestReadIsTheCallers changes what Read returns, from several goroutines, and reads it again.
func TestReadIsTheCallers(t *testing.T) {
	b := randomPack(t, rand.New(rand.NewPCG(13, 1)), 80)
	dir := t.TempDir()
	b.write(dir, 2)
	s := open(t, dir)
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for range 3 {
				for name, want := range b.objects {
					got, err := s.Read(name)
					if err != nil || !bytes.Equal(got.Bytes, want.Bytes) || got.Size != want.Size || got.Type != want.Type || got.Name != name {
						t.Errorf("object %s: error %v", name, err)
					}
					clear(got.Bytes[:cap(got.Bytes)])
				}
			}
		})
	}
	group.Wait()
}

// TestNoFiles has directories where files should be.
func TestNoFiles(t *testing.T) {
	dir := t.TempDir()
	for _, path := range []string{"pack/pack-1.pack", "info/alternates", "pack/pack-2.idx"} {
		if err := os.MkdirAll(filepath.Join(dir, path), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	got := sweepAll(t, open(t, dir), SweepOptions{Jobs: 1, Types: all()})
	if len(got.shown) != 0 || len(got.problems) != 3 {
		t.Errorf("problems %v", got.problems)
	}
}

// TestAnotherCopy breaks an object that another pack has too.
func TestAnotherCopy(t *testing.T) {
	dir := t.TempDir()
	broken, sound := newBuilt(t), newBuilt(t)
	name := broken.whole(Blob, []byte("in both of them"))
	sound.whole(Blob, []byte("in both of them"))
	sound.whole(Blob, []byte("so that it is another pack"))
	path := broken.write(dir, 2)
	sound.write(dir, 2)
	content := bytes.Clone(broken.bytes)
	content[len(content)-1] ^= 1 // of the object's checksum
	file, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := file.WriteAt(content[packHeader:], packHeader); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	got := sweepAll(t, open(t, dir), SweepOptions{Jobs: 2, Types: all()})
	if len(got.shown) != 2 || got.shown[name.String()] == "" || len(got.problems) != 0 {
		t.Errorf("%d objects are shown, problems %v", len(got.shown), got.problems)
	}
}
