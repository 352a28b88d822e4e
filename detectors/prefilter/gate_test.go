package prefilter

import (
	"math/bits"
	"math/rand/v2"
	"strings"
	"testing"
)

// gateNeedles are of each kind that the buckets of a gate tell apart.
var gateNeedles = []string{"eyJ", "ewk", "xke", "ldz", "ZXlK", "V5S", "1Nj", "%7B", `\u00`, "e\x00y", "65794a", "WXp", "c1p", "gl7"}

// TestGate compares what a gate lets through with what its tables say byte by byte, and no needle may be held back.
func TestGate(t *testing.T) {
	gate := NewGate(gateNeedles)
	if gate == nil {
		t.Skip("this machine has no vectors: there is no gate")
	}
	r := rand.New(rand.NewPCG(11, 29))
	starts, shut := 0, 0
	for range 2000 {
		var built strings.Builder
		for built.Len() < 400 {
			switch r.IntN(3) {
			case 0:
				built.WriteString(gateNeedles[r.IntN(len(gateNeedles))])
			case 1:
				built.WriteString("some words\n"[:1+r.IntN(10)])
			default:
				built.WriteByte(byte(r.IntN(256)))
			}
		}
		text := []byte(built.String())
		words := make([]uint64, 1+r.IntN(6))
		gate.Open(text, words)
		for at := range len(words) * GateWord {
			open := words[at/GateWord]>>(at%GateWord)&1 != 0
			if want := gate.lets(text[at:]); open != want {
				t.Fatalf("open at %d: %v, want %v, in %q", at, open, want, text)
			}
			for _, needle := range gateNeedles {
				if strings.HasPrefix(string(text[at:]), needle[:compared]) {
					starts++
					if !open {
						t.Fatalf("shut at %d, where %q starts, in %q", at, needle, text)
					}
				}
			}
			if !open {
				shut++
			}
		}
	}
	if starts < 10000 || shut < 10000 {
		t.Errorf("%d needles start and %d places are shut: the test is of no use", starts, shut)
	}
}

// lets is Open for one place.
func (g *Gate) lets(text []byte) bool {
	for _, tables := range g.tables {
		passed := byte(1<<buckets - 1)
		for i, halves := range tables {
			passed &= halves[0][text[i]&15] & halves[1][text[i]>>4]
		}
		if passed != 0 {
			return true
		}
	}
	return false
}

func BenchmarkGate(b *testing.B) {
	gate := NewGate(gateNeedles)
	if gate == nil {
		b.Skip("this machine has no vectors: there is no gate")
	}
	text := []byte(strings.Repeat("2026-05-03T10:20:30Z INFO request completed path=/api/v1/orders status=200\n", 1<<10))
	words := make([]uint64, (len(text)-GateAhead)/GateWord)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		gate.Open(text, words)
	}
	open := 0
	for _, word := range words {
		open += bits.OnesCount64(word)
	}
	b.ReportMetric(100*float64(open)/float64(len(words)*GateWord), "%open")
}
