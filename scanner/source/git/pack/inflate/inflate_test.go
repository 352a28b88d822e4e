package inflate

import (
	"bytes"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	kzlib "github.com/klauspost/compress/zlib"
)

func deflated(t testing.TB, text []byte, level int) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := zlib.NewWriterLevel(&b, level)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// texts are of every kind that leads to other codes.
func texts() map[string][]byte {
	random := rand.New(rand.NewPCG(3, 4))
	noise := make([]byte, 100_000)
	for i := range noise {
		noise[i] = byte(random.Uint32())
	}
	skewed := make([]byte, 100_000)
	for i := range skewed {
		skewed[i] = byte(random.ExpFloat64() * 9)
	}
	var prose strings.Builder
	for i := range 5000 {
		fmt.Fprintf(&prose, "line %d: the quick brown fox %x jumps over the lazy dog\n", i, random.Uint32())
	}
	return map[string][]byte{
		"empty": {}, "one": []byte("x"), "short": []byte("hello, hello, hello"), "zeros": make([]byte, 70_000),
		"noise": noise, "skewed": skewed, "prose": []byte(prose.String()), "pairs": bytes.Repeat([]byte("ab"), 5000), "threes": bytes.Repeat([]byte("abc"), 300),
	}
}

// decoders returns one of each kind that this machine has.
func decoders() map[string]*Decoder {
	all := map[string]*Decoder{"plain": NewDecoder()}
	all["plain"].isPlain = true
	if hasFast() {
		all["fast"] = NewDecoder()
	}
	return all
}

func TestDecode(t *testing.T) {
	for kind, d := range decoders() {
		t.Run(kind, func(t *testing.T) { testDecode(t, d) })
	}
}

func testDecode(t *testing.T, d *Decoder) {
	for name, text := range texts() {
		for level := zlib.HuffmanOnly; level <= zlib.BestCompression; level++ {
			stream := deflated(t, text, level)
			output := make([]byte, len(text))
			n, err := d.Decode(output, append(stream[:len(stream):len(stream)], "what follows in the pack"...))
			if err != nil || n != len(stream) || !bytes.Equal(output, text) {
				t.Errorf("%s, level %d: took %d of %d bytes, error %v, equal %v", name, level, n, len(stream), err, bytes.Equal(output, text))
			}
			if n, err := d.Decode(make([]byte, len(text)+1), stream); err == nil {
				t.Errorf("%s: a size too large is accepted, %d", name, n)
			}
			if len(text) > 0 {
				if _, err := d.Decode(make([]byte, len(text)-1), stream); err == nil {
					t.Errorf("%s: a size too small is accepted", name)
				}
			}
		}
	}
}

func TestDecodeCut(t *testing.T) {
	for kind, d := range decoders() {
		t.Run(kind, func(t *testing.T) { testDecodeCut(t, d) })
	}
}

func testDecodeCut(t *testing.T, d *Decoder) {
	for name, text := range texts() {
		stream := deflated(t, text, 6)
		step := max(1, len(stream)/500)
		for cut := 0; cut < len(stream); cut += step {
			if _, err := d.Decode(make([]byte, len(text)), stream[:cut]); !errors.Is(err, ErrCut) {
				t.Fatalf("%s cut to %d of %d bytes: %v, want ErrCut", name, cut, len(stream), err)
			}
		}
	}
}

// reference decodes with the standard library.
func reference(stream []byte) ([]byte, error) {
	r, err := zlib.NewReader(bytes.NewReader(stream))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(io.LimitReader(r, 1<<20))
}

// agree holds the decoders to the standard library, and to one another in what is left of a broken stream.
func agree(t *testing.T, ways map[string]*Decoder, stream []byte) {
	t.Helper()
	want, wantErr := reference(stream)
	if len(want) >= 1<<20 {
		return
	}
	for _, room := range []int{0, Room} {
		agreeIn(t, ways, stream, want, wantErr, room)
	}
}

func agreeIn(t *testing.T, ways map[string]*Decoder, stream, want []byte, wantErr error, room int) {
	t.Helper()
	var first []byte
	var firstErr error
	taken := 0
	for kind, d := range ways {
		guarded := bytes.Repeat([]byte{0xa5}, len(want)+room+8)
		got := guarded[: len(want) : len(want)+room]
		n, err := d.Decode(got, stream)
		switch {
		case (err == nil) != (wantErr == nil):
			t.Fatalf("%s: error %v, the standard library's %v", kind, err, wantErr)
		case err == nil && !bytes.Equal(got, want):
			t.Fatalf("%s: decoded something else than the standard library", kind)
		case string(guarded[len(want)+room:]) != strings.Repeat("\xa5", 8):
			t.Fatalf("%s: wrote beyond the room there is", kind)
		case first == nil:
			first, firstErr, taken = bytes.Clone(got), err, n
		case n != taken || !errors.Is(err, firstErr):
			t.Fatalf("%s: %d bytes and %v, another decoder %d and %v", kind, n, err, taken, firstErr)
		}
	}
}

func TestDecodeBroken(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	ways := decoders()
	for name, text := range texts() {
		stream := deflated(t, text[:min(len(text), 20_000)], 6)
		for range 400 {
			broken := bytes.Clone(stream)
			for range 1 + random.IntN(3) {
				broken[random.IntN(len(broken))] ^= 1 << random.IntN(8)
			}
			t.Run(name, func(t *testing.T) { agree(t, ways, broken) })
		}
	}
}

// TestDistances has matches of every length at every short distance, and some far ones.
func TestDistances(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 8))
	var text []byte
	for range 300 {
		text = append(text, byte(random.Uint32()))
	}
	for distance := 1; distance <= 40; distance++ {
		for length := 3; length <= 258; length += 1 + random.IntN(5) {
			for range length {
				text = append(text, text[len(text)-distance])
			}
			text = append(text, byte(random.Uint32()), byte(random.Uint32()))
		}
	}
	ways := decoders()
	for level := zlib.BestSpeed; level <= zlib.BestCompression; level++ {
		agree(t, ways, deflated(t, text, level))
	}
}

func FuzzDecode(f *testing.F) {
	for _, text := range texts() {
		f.Add(deflated(f, text[:min(len(text), 3000)], 6))
		f.Add(deflated(f, text[:min(len(text), 300)], zlib.HuffmanOnly))
	}
	ways := decoders()
	f.Fuzz(func(t *testing.T, stream []byte) { agree(t, ways, stream) })
}

func BenchmarkDecode(b *testing.B) {
	prose := texts()["prose"]
	for _, size := range []int{300, 3000, 300_000} {
		text := prose[:min(size, len(prose))]
		stream := deflated(b, text, 6)
		output := make([]byte, len(text), len(text)+Room)
		for kind, d := range decoders() {
			b.Run(fmt.Sprintf("flat-%s/%d", kind, size), func(b *testing.B) {
				b.SetBytes(int64(len(text)))
				b.ReportAllocs()
				for b.Loop() {
					if _, err := d.Decode(output, stream); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
		b.Run(fmt.Sprintf("standard/%d", size), func(b *testing.B) {
			r, _ := zlib.NewReader(bytes.NewReader(stream))
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				if err := r.(zlib.Resetter).Reset(bytes.NewReader(stream), nil); err != nil {
					b.Fatal(err)
				}
				if _, err := io.ReadFull(r, output); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(fmt.Sprintf("klauspost/%d", size), func(b *testing.B) {
			r, _ := kzlib.NewReader(bytes.NewReader(stream))
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				if err := r.(kzlib.Resetter).Reset(bytes.NewReader(stream), nil); err != nil {
					b.Fatal(err)
				}
				if _, err := io.ReadFull(r, output); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
