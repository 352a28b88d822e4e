package pack

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"runtime"
	"testing"

	"github.com/jwtleak/jwtleak/scanner/source/git/history"
)

// TestPartsEqualWhatIsPutTogether reads what random chains of deltas make from its parts.
func TestPartsEqualWhatIsPutTogether(t *testing.T) {
	forms := newCopyForms()
	for seed := range uint64(300) {
		random := rand.New(rand.NewPCG(seed, 3))
		root := text(random, random.IntN(2000))
		target := root
		var parts []part
		for range 1 + random.IntN(6) {
			next, delta := edited(random, target)
			d, err := parseDelta(delta)
			if err == nil {
				parts, err = forms.partsOf(nil, d, parts, int64(len(target)))
			}
			if err != nil {
				t.Fatal(err)
			}
			target = next
		}
		var got bytes.Buffer
		if _, err := io.CopyBuffer(struct{ io.Writer }{&got}, struct{ io.Reader }{&partsReader{root: root, parts: parts}}, make([]byte, 1+random.IntN(100))); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got.Bytes(), target) {
			t.Fatalf("seed %d: %d bytes are not the %d that they should be", seed, got.Len(), len(target))
		}
	}
}

// TestPartsOfCorruptDeltas has each byte of a delta be another: parts are of what apply makes, or there are none.
func TestPartsOfCorruptDeltas(t *testing.T) {
	forms := newCopyForms()
	random := rand.New(rand.NewPCG(1, 4))
	base := text(random, 3000)
	_, delta := edited(random, base)
	for i := range delta {
		for _, flip := range []byte{1, 0x10, 0x80, 0xff} {
			corrupt := bytes.Clone(delta)
			corrupt[i] ^= flip
			d, err := parseDelta(corrupt)
			if err != nil || d.size > 1<<20 {
				continue
			}
			want := make([]byte, d.size, d.size+16)
			failed := forms.apply(want, base, d)
			parts, err := forms.partsOf(nil, d, nil, int64(len(base)))
			if (failed == nil) != (err == nil) {
				t.Fatalf("byte %d: apply says %v, and partsOf %v", i, failed, err)
			}
			if err != nil {
				continue
			}
			if got, _ := io.ReadAll(&partsReader{root: base, parts: parts}); !bytes.Equal(got, want) {
				t.Fatalf("byte %d: the parts are of something else", i)
			}
		}
	}
}

// grown returns a large text made of a smaller one by a delta, which repeats it, and that delta.
func grown(base []byte, times int) (target, delta []byte) {
	head := binary.AppendUvarint(nil, uint64(len(base)))
	delta = binary.AppendUvarint(head, uint64(times*len(base)))
	for range times {
		delta = append(delta, copying(0, len(base))...)
	}
	return bytes.Repeat(base, times), delta
}

// inserted returns a delta that makes a text of another one by inserting it, so many bytes at a time.
func inserted(base, target []byte, atOnce int) []byte {
	delta := binary.AppendUvarint(binary.AppendUvarint(nil, uint64(len(base))), uint64(len(target)))
	for len(target) > 0 {
		n := min(len(target), atOnce)
		delta = append(append(delta, byte(n)), target[:n]...)
		target = target[n:]
	}
	return delta
}

func (b *built) expectStream(s *Store, name history.Name, isStream bool) {
	b.t.Helper()
	object, done, err := s.Stream(name)
	if err != nil {
		b.t.Fatal(err)
	}
	content := object.Bytes
	if object.Reader != nil {
		content, err = io.ReadAll(object.Reader)
	}
	want := b.objects[name]
	if isStream != (object.Reader != nil) || err != nil || !bytes.Equal(content, want.Bytes) || object.Size != want.Size || object.Type != want.Type {
		b.t.Errorf("%d bytes of a %s are %d of a %s, as a stream %v, error %v", want.Size, want.Type, len(content), object.Type, object.Reader != nil, err)
	}
	if err := errors.Join(done(), done()); err != nil {
		b.t.Error(err)
	}
}

// TestStream reads objects of every kind and size as streams: what a chain of deltas makes, too, of which each in between is
// large, or has more parts than are held, and what is small itself.
func TestStream(t *testing.T) {
	b := newBuilt(t)
	base := bytes.Repeat([]byte("0123456789abcdef"), 1<<12)
	root := b.whole(Blob, base)
	target, delta := grown(base, 1+largeObject/len(base))
	large := b.delta(root, target, delta, false)
	behind := append(binary.AppendUvarint(binary.AppendUvarint(nil, uint64(len(target))), uint64(len(target)+3)), 3, 'n', 'e', 'w')
	for at := 0; at < len(target); at += 1 << 16 {
		behind = append(behind, copying(at, min(len(target)-at, 1<<16))...)
	}
	further := b.delta(large, append([]byte("new"), target...), behind, true)
	small := b.delta(further, base[:10], inserted(append([]byte("new"), target...), base[:10], 10), false)

	crumbs := text(rand.New(rand.NewPCG(1, 1)), 1024)
	crumbled := b.delta(root, crumbs, inserted(base, crumbs, 1), false)
	many, delta := grown(crumbs, 1+largeObject/len(crumbs))
	manyParts := b.delta(crumbled, many, delta, false)
	whole := b.whole(Blob, append(bytes.Clone(target), "whole"...))
	tree := b.whole(Tree, append(bytes.Clone(target), "tree"...))

	dir := t.TempDir()
	b.write(dir, 2)
	s := open(t, dir)
	for _, name := range []history.Name{large, further, whole, manyParts, small} {
		b.expectStream(s, name, true)
	}
	for _, name := range []history.Name{root, tree} {
		b.expectStream(s, name, false)
	}
	loose := t.TempDir()
	for _, name := range []history.Name{large, root} {
		writeLoose(t, loose, b.objects[name].Bytes, b.objects[name].Bytes, 20)
		b.expectStream(open(t, loose), name, name == large)
	}
	if _, _, err := open(t, loose).Stream(tree); !errors.Is(err, ErrNotFound) {
		t.Errorf("an object that is not there: %v", err)
	}
}

// TestStreamThatIsAnotherObject has the index and a file say other names than the contents have, and a pack cut short.
func TestStreamThatIsAnotherObject(t *testing.T) {
	b := newBuilt(t)
	base := text(rand.New(rand.NewPCG(1, 1)), largeObject+1)
	root := b.whole(Blob, base)
	dir := t.TempDir()
	writeLoose(t, dir, []byte("another"), base, 20)
	path := b.write(dir, 2)
	s := open(t, dir)
	for name, cut := range map[history.Name]bool{nameOf(Blob, []byte("another"), 20): false, root: true} {
		if cut {
			if err := os.Truncate(path, 1<<10); err != nil {
				t.Fatal(err)
			}
		}
		object, done, err := s.Stream(name)
		if err != nil || object.Reader == nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, object.Reader); err != nil {
			t.Error(err)
		}
		if err := done(); err == nil {
			t.Errorf("cut %v: nothing is said of it", cut)
		}
	}
}

// TestLargeObjectsAreNotTheHeaps reads versions of a large blob, and sweeps them: beside it the collector would let as much
// garbage pile up.
func TestLargeObjectsAreNotTheHeaps(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("large buffers are the heap's there")
	}
	b := newBuilt(t)
	base := bytes.Repeat([]byte("0123456789abcdef"), largeBuffer/16+1)
	root := b.whole(Blob, base)
	name := root
	for i := range 3 {
		target := append(bytes.Clone(b.objects[name].Bytes), byte(i))
		delta := binary.AppendUvarint(binary.AppendUvarint(nil, uint64(len(target)-1)), uint64(len(target)))
		for at := 0; at < len(target)-1; at += 1 << 16 {
			delta = append(delta, copying(at, min(len(target)-1-at, 1<<16))...)
		}
		name = b.delta(name, target, append(delta, 1, byte(i)), false)
	}
	dir := t.TempDir()
	b.write(dir, 2)
	s := open(t, dir)
	for what, read := range map[string]func() error{
		"a stream": func() error {
			object, done, err := s.Stream(name)
			if err == nil {
				_, err = io.Copy(io.Discard, object.Reader)
			}
			return errors.Join(err, done())
		},
		"a sweep": func() error {
			return s.Sweep(t.Context(), SweepOptions{Jobs: 2, Types: all(), Visit: func(o Object) error {
				if o.Reader != nil {
					_, err := io.Copy(io.Discard, o.Reader)
					return err
				}
				return nil
			}, Problem: func(path, reason string) { t.Errorf("%s: %s", path, reason) }})
		},
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if err := read(); err != nil {
			t.Fatal(err)
		}
		runtime.ReadMemStats(&after)
		if took := after.TotalAlloc - before.TotalAlloc; took > largeBuffer/2 {
			t.Errorf("%s takes %d MB of the heap", what, took>>20)
		}
	}
}

// TestPartsThatGoOn has a chain of deltas copy in pieces what lies together, each in pieces of its own: that is one part, and
// takes no more however long the chain is.
func TestPartsThatGoOn(t *testing.T) {
	forms := newCopyForms()
	base := text(rand.New(rand.NewPCG(1, 5)), 30_000)
	var parts []part
	for _, size := range []int{7, 1500, 64, 999} {
		delta := binary.AppendUvarint(binary.AppendUvarint(nil, uint64(len(base))), uint64(len(base)))
		for at := 0; at < len(base); at += size {
			delta = append(delta, copying(at, min(size, len(base)-at))...)
		}
		d, err := parseDelta(delta)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := instructionsOf(d), (len(base)+size-1)/size; got != want {
			t.Errorf("%d instructions, want %d", got, want)
		}
		if parts, err = forms.partsOf(nil, d, parts, int64(len(base))); err != nil || len(parts) != 1 {
			t.Errorf("pieces of %d bytes: %d parts, error %v", size, len(parts), err)
		}
	}
	if got, _ := io.ReadAll(&partsReader{root: base, parts: parts}); !bytes.Equal(got, base) {
		t.Error("the part is of something else")
	}
}
