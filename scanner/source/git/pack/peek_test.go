package pack

import (
	"bytes"
	"context"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"github.com/jwtleak/jwtleak/scanner/source/git/history"
)

func openPeeking(t testing.TB, dir string) *Store {
	t.Helper()
	s, err := Open(context.Background(), dir, Options{Peek: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// TestPeekEqualsIndex finds and reads the same by looking into an index as by reading it, of each version.
func TestPeekEqualsIndex(t *testing.T) {
	for version := 1; version <= 3; version++ {
		random := rand.New(rand.NewPCG(uint64(version), 9))
		b := randomPack(t, random, 120)
		dir := t.TempDir()
		b.write(dir, version)
		whole, peeking := open(t, dir), openPeeking(t, dir)
		for name, object := range b.objects {
			read, err := peeking.Read(name)
			if err != nil || read.Type != object.Type || !bytes.Equal(read.Bytes, object.Bytes) || !peeking.Has(name) {
				t.Fatalf("version %d: Read: %v", version, err)
			}
			x, y := whole.packs[0].index, peeking.packs[0].index
			if i, j := x.find(name.Bytes()), y.find(name.Bytes()); i != j || x.offset(i) != y.offset(j) {
				t.Fatalf("version %d: at %d and %d", version, i, j)
			}
			other := bytes.Clone(name.Bytes())
			other[random.IntN(len(other))] ^= 1 << random.IntN(8)
			if peeking.Has(history.NameOf(other)) != whole.Has(history.NameOf(other)) {
				t.Fatalf("version %d: a name that is not there is found", version)
			}
			digits := name.String()[:2+random.IntN(4)]
			if got, want := peeking.Abbreviated(digits), whole.Abbreviated(digits); len(got) == 0 || len(got) != len(want) || got[0] != want[0] {
				t.Fatalf("version %d: %s stands for %v, want %v", version, digits, got, want)
			}
		}
	}
}

// TestPeekAtDamage looks into indexes with random damage: it finds the objects themselves, or none, and panics at nothing.
func TestPeekAtDamage(t *testing.T) {
	for seed := range uint64(200) {
		random := rand.New(rand.NewPCG(seed, 11))
		b := randomPack(t, random, 30)
		dir := t.TempDir()
		path := strings.TrimSuffix(b.write(dir, int(1+seed%3)), ".pack") + ".idx"
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if random.IntN(3) == 0 {
			content = content[:random.IntN(len(content))]
		} else {
			content[random.IntN(len(content))] ^= 1 << random.IntN(8)
		}
		if err := os.WriteFile(path, content, 0o644); err != nil {
			t.Fatal(err)
		}
		s := openPeeking(t, dir)
		for name, object := range b.objects {
			read, err := s.Read(name)
			if err == nil && read.CheckName() == nil && !bytes.Equal(read.Bytes, object.Bytes) {
				t.Fatalf("seed %d: another object under its name", seed)
			}
			_ = s.Abbreviated(name.String()[:4])
		}
	}
}
