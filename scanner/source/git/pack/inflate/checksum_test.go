package inflate

import (
	"hash/adler32"
	"math/rand/v2"
	"testing"
)

func TestAdler(t *testing.T) {
	random := rand.New(rand.NewPCG(8, 9))
	noise, highest := make([]byte, 2_500_000), make([]byte, 2_500_000)
	for i := range noise {
		noise[i], highest[i] = byte(random.Uint32()), 0xff
	}
	for size := 0; size < len(noise); size += 1 + size/7 {
		for _, text := range [][]byte{noise[:size], highest[:size]} {
			for way, sum := range map[string]func([]byte) uint32{"adler": adler, "adlerPlain": adlerPlain} {
				if got, want := sum(text), adler32.Checksum(text); got != want {
					t.Errorf("%s of %d bytes: %08x, want %08x", way, size, got, want)
				}
			}
		}
	}
}

func BenchmarkAdler(b *testing.B) {
	text := make([]byte, 10_000)
	b.Run("flat", func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		for b.Loop() {
			adler(text)
		}
	})
	b.Run("plain", func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		for b.Loop() {
			adlerPlain(text)
		}
	})
	b.Run("standard", func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		for b.Loop() {
			adler32.Checksum(text)
		}
	})
}
