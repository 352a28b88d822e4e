package pack

import (
	"bytes"
	"encoding/binary"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"testing/iotest"
)

// TestDeltaReaderReadsWhatApplyMakes holds both ways to each other, on deltas with wrong bytes too.
func TestDeltaReaderReadsWhatApplyMakes(t *testing.T) {
	for seed := range uint64(2000) {
		random := rand.New(rand.NewPCG(seed, 51))
		base := text(random, 1+random.IntN(3000))
		_, instructions := edited(random, base)
		if seed%2 == 1 {
			instructions[random.IntN(len(instructions))] ^= byte(1 << random.IntN(8))
		}
		d, err := parseDelta(instructions)
		if err != nil || d.size > 1<<20 || d.baseSize != int64(len(base)) {
			continue
		}
		forms, want := newCopyForms(), make([]byte, d.size, d.size+64)
		wantErr := forms.apply(want, base, d)
		got, err := io.ReadAll(iotest.OneByteReader(&deltaReader{forms: forms, base: base, instructions: d.instructions}))
		if wantErr == nil && (err != nil || !bytes.Equal(got, want)) {
			t.Errorf("seed %d: read are %d bytes, %v; want %d", seed, len(got), err, len(want))
		}
		if wantErr != nil && err == nil && int64(len(got)) == d.size {
			t.Errorf("seed %d: read without an error, where apply has %v", seed, wantErr)
		}
	}
}

// TestLargeEntriesAreInflatedInParts has a base that takes more of the pack than is held of it, whole and with a byte changed.
func TestLargeEntriesAreInflatedInParts(t *testing.T) {
	base := make([]byte, heldInput+heldInput/2)
	random := rand.NewChaCha8([32]byte{52})
	_, _ = random.Read(base) // never fails
	b := newBuilt(t)
	target, delta := append(bytes.Clone(base[:1<<20]), "the end"...), []byte(nil)
	delta = append(append(append(delta, binary.AppendUvarint(nil, uint64(len(base)))...), binary.AppendUvarint(nil, uint64(len(target)))...), copying(0, 1<<20)...)
	delta = append(append(delta, 7), "the end"...)
	b.delta(b.whole(Blob, base), target, delta, false)
	for _, isDamaged := range []bool{false, true} {
		dir := t.TempDir()
		path := b.write(dir, 2)
		if isDamaged {
			content, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			content[len(content)/2] ^= 1
			if err := os.WriteFile(filepath.Clean(path), content, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		got := sweepAll(t, open(t, dir), SweepOptions{Jobs: 2, Types: all()})
		if isDamaged == (len(got.shown) == 2) || isDamaged == (len(got.problems) == 0) {
			t.Errorf("damaged %v: %d shown, problems %q", isDamaged, len(got.shown), got.problems)
		}
	}
}

// TestCopied holds what is read of copy instructions to what is read byte by byte, of all operation codes.
func TestCopied(t *testing.T) {
	forms, random := newCopyForms(), rand.New(rand.NewPCG(1, 53))
	for op := 0x80; op <= 0xff; op++ {
		for length := range 12 {
			text := make([]byte, length)
			for i := range text {
				text[i] = byte(random.IntN(256) * random.IntN(2))
			}
			offset, size, n := forms.copied(byte(op), text)
			if wantOffset, wantSize, wantN := copiedPlain(byte(op), text); offset != wantOffset || size != wantSize || n != wantN {
				t.Errorf("%#x % x: %d, %d, %d, want %d, %d, %d", op, text, offset, size, n, wantOffset, wantSize, wantN)
			}
		}
	}
}
