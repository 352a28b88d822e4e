package pack

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"runtime/debug"
	"strings"
	"testing"

	"github.com/jwtleak/jwtleak/detectors"
	"github.com/jwtleak/jwtleak/detectors/prefilter"
)

// TestVersionsOfALargeBlob has each version of a large blob be a delta of the one before: one of them is held, and all are shown.
func TestVersionsOfALargeBlob(t *testing.T) {
	const versions = 4
	b := newBuilt(t)
	text := bytes.Repeat([]byte("0123456789abcdef"), largeBuffer/16+1)
	name := b.whole(Blob, text)
	for i := range versions {
		delta := binary.AppendUvarint(binary.AppendUvarint(nil, uint64(len(text))), uint64(len(text)+1))
		delta = append(delta, 1, 'a'+byte(i))
		for at := 0; at < len(text); at += 1 << 16 {
			delta = append(delta, copying(at, min(1<<16, len(text)-at))...)
		}
		text = append([]byte{'a' + byte(i)}, text...)
		name = b.delta(name, text, delta, false)
	}
	dir := t.TempDir()
	b.write(dir, 2)
	s := open(t, dir)
	shown := 0
	err := s.Sweep(t.Context(), SweepOptions{
		Jobs: 2, Types: all(), Problem: func(path, reason string) { t.Errorf("%s: %s", path, reason) },
		Visit: func(o Object) error {
			shown++
			if o.Reader == nil {
				return nil
			}
			content, err := io.ReadAll(o.Reader)
			if !bytes.Equal(content, b.objects[o.Name].Bytes) {
				t.Errorf("%s is not what it was", o.Name)
			}
			return err
		},
	})
	if err != nil || shown != versions+1 || len(s.regions.all) != 1 {
		t.Errorf("%d are shown, %d were held, error %v", shown, len(s.regions.all), err)
	}
}

// emptyChain has a large blob, of 100 bytes for whoever streams from 16 on, and a chain of deltas that make empty ones of empty ones.
func emptyChain(t *testing.T, levels int) *Store {
	b := newBuilt(t)
	text := bytes.Repeat([]byte("0123456789"), 10)
	large := append([]byte{'x'}, text...)
	name := b.delta(b.whole(Blob, text), large, append([]byte{100, 101, 1, 'x'}, copying(0, 100)...), false)
	last := b.offsets[name]
	delta := []byte{101, 0}
	for i := range levels {
		offset := b.entry(offsetDelta, 2, []byte{byte(int64(len(b.bytes)) - last)}, delta)
		b.offsets[nameOf(Tag, binary.AppendUvarint(nil, uint64(i)), 20)] = offset // to name them all alike would leave one
		last, delta = offset, []byte{0, 0}
	}
	dir := t.TempDir()
	b.write(dir, 2)
	s := open(t, dir)
	s.streamed = 16
	return s
}

// TestAChainOfManyBelowALargeBlob has more levels than a stack has room for, and than are made each from the start.
func TestAChainOfManyBelowALargeBlob(t *testing.T) {
	const levels = maxChain + 20_000
	s := emptyChain(t, levels)
	s.parts = (maxChain + 1000) * 600
	defer debug.SetMaxStack(debug.SetMaxStack(2 << 20))
	shown, told := 0, ""
	err := s.Sweep(t.Context(), SweepOptions{
		Jobs: 1, Types: all(), Problem: func(_, reason string) { told += reason + "\n" },
		Visit: func(Object) error { shown++; return nil },
	})
	if err != nil || shown < maxChain || !strings.Contains(told, errTooDeep.Error()) || !strings.Contains(told, "more objects could not be read") {
		t.Errorf("%d of %d are shown, error %v, told: %s", shown, levels, err, told)
	}
}

// TestALargeBlobIsLeftWhenItIsOver interrupts a sweep while it shows what is below a large blob.
func TestALargeBlobIsLeftWhenItIsOver(t *testing.T) {
	for _, parts := range []int{maxHeldParts, 0} {
		s := emptyChain(t, 50)
		s.parts = parts
		ctx, cancel := context.WithCancel(t.Context())
		shown := 0
		err := s.Sweep(ctx, SweepOptions{
			Jobs: 1, Types: all(), Problem: func(_, reason string) { t.Log(reason) },
			Visit: func(Object) error {
				if shown++; shown == 10 {
					cancel()
				}
				return nil
			},
		})
		if !errors.Is(err, context.Canceled) || shown > 12 {
			t.Errorf("with parts of %d bytes: %d are shown, error %v", parts, shown, err)
		}
	}
}

// TestWhatIsNewOfALargeBlobIsBounded has all of one be new, in short copies: it is not put together to see whether it may have a token.
func TestWhatIsNewOfALargeBlobIsBounded(t *testing.T) {
	const copies, length = 100_000, 500
	root, reach := make([]byte, length), length/2
	parts := make([]part, copies)
	instructions := bytes.Repeat(copying(0, length), copies)
	for i := range parts {
		parts[i].end = int64(i+1) * length
	}
	if n := len(condensedParts(nil, &partsReader{root: root, parts: parts}, reach)); n > maxCondensed+length {
		t.Errorf("%d bytes of parts are put together", n)
	}
	s := &sweep{Store: &Store{streamed: length}, SweepOptions: SweepOptions{Candidate: wide{prefilter.New("none of it")}}}
	w := &walker{worker: &worker{forms: newCopyForms()}, sweep: s}
	mayHave, _, err := w.isAdded(&node{bytes: root}, delta{length, copies * length, instructions})
	if !mayHave || err != nil || len(w.condensed) > maxCondensed {
		t.Errorf("it may have one: %v, error %v, of %d bytes", mayHave, err, len(w.condensed))
	}
}

// A wide prefilter has candidates of any width that a test may have.
type wide struct{ detectors.Prefilter }

func (wide) Width() int { return 200 }
