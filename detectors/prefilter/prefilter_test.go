package prefilter

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// nextPlain is Next in the plainest way there is.
func nextPlain(needles []string, text []byte, from int) (needle, at int) {
	for at := max(from, 0); at < len(text); at++ {
		for i, needle := range needles {
			if strings.HasPrefix(string(text[at:min(len(text), at+MaxNeedle)]), needle) {
				return i, at
			}
		}
	}
	return -1, -1
}

// sets returns the needles compiled in each way that this machine has.
func sets(needles ...string) map[string]*Set {
	all := map[string]*Set{"skips": newSet(false, needles, Dealing{})}
	if hasTeddy() {
		all["teddy"] = newSet(true, needles, Dealing{})
		all["dealt with others"] = newSet(true, needles, Dealing{Halves: strings.Repeat("1", len(needles)+1)})
		all["dealt"] = newSet(true, needles, Dealing{Halves: strings.Repeat("0273", len(needles))[:len(needles)]})
	}
	return all
}

func TestNext(t *testing.T) {
	for name, set := range sets("eyJ", "yJh", "ewo", "ey") {
		for _, test := range []struct {
			text       string
			from       int
			needle, at int
		}{
			{"", 0, -1, -1},
			{"e", 0, -1, -1},
			{"ey", 0, 3, 0},
			{"eyJ", 0, 0, 0},
			{"eyJh", 1, 1, 1},
			{"....ewo", 0, 2, 4},
			{"....ewo", 5, -1, -1},
			{"....ewo", 50, -1, -1},
			{"eyJ", -3, 0, 0},
			{strings.Repeat(".", 100) + "ewo", 0, 2, 100},
			{strings.Repeat("\xe5\xf9\xca", 100) + "ew", 0, -1, -1},
		} {
			if needle, at := set.Next([]byte(test.text), test.from); needle != test.needle || at != test.at {
				t.Errorf("%s: Next(%q, %d) = %d, %d; want %d, %d", name, test.text, test.from, needle, at, test.needle, test.at)
			}
		}
	}
}

func TestEmptySet(t *testing.T) {
	if needle, at := New().Next([]byte("text"), 0); needle != -1 || at != -1 {
		t.Errorf("Next of no needles = %d, %d", needle, at)
	}
}

// TestNextIsPlain compares all occurrences with those of the plain search, in texts made of the needles' own bytes.
func TestNextIsPlain(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 1000 {
		alphabet := []byte("eyJIAwo0k\x00\x80\xffQ1")[:2+random.IntN(12)]
		needles := make([]string, 1+random.IntN(50))
		for i := range needles {
			needles[i] = string(randomBytes(random, alphabet, MinNeedle+random.IntN(MaxNeedle-MinNeedle+1)))
			if random.IntN(2) == 0 {
				needles[i] = needles[i][:min(len(needles[i]), 2+random.IntN(3))]
			}
		}
		text := randomBytes(random, alphabet, random.IntN(300))
		for i := range text {
			if random.IntN(3) == 0 {
				text[i] = byte(random.Uint32())
			}
		}
		for name, set := range sets(needles...) {
			compare(t, name, set, needles, text)
		}
	}
}

func randomBytes(random *rand.Rand, alphabet []byte, n int) []byte {
	text := make([]byte, n)
	for i := range text {
		text[i] = alphabet[random.IntN(len(alphabet))]
	}
	return text
}

func compare(t *testing.T, name string, set *Set, needles []string, text []byte) {
	t.Helper()
	for from := 0; from <= len(text); {
		needle, at := set.Next(text, from)
		wantNeedle, wantAt := nextPlain(needles, text, from)
		if needle != wantNeedle || at != wantAt {
			t.Fatalf("%s: Next(%q, %d) of %q = %d, %d; want %d, %d", name, text, from, needles, needle, at, wantNeedle, wantAt)
		}
		if at < 0 {
			break
		}
		from = at + 1
	}
	compareHits(t, name, set, text)
}

// compareHits compares Hits, a few at a time, with Next.
func compareHits(t *testing.T, name string, set *Set, text []byte) {
	t.Helper()
	buffer := make([]Hit, 0, 1+len(text)%7)
	from := 0
	for {
		hits := set.Hits(buffer, text, from)
		for _, hit := range hits {
			if needle, at := set.Next(text, from); needle != hit.Needle || at != hit.At {
				t.Fatalf("%s: a hit of %q is %v; Next(%d) = %d, %d", name, text, hit, from, needle, at)
			}
			from = hit.At + 1
		}
		if len(hits) < cap(buffer) {
			break
		}
	}
	if needle, at := set.Next(text, from); needle >= 0 || at >= 0 {
		t.Fatalf("%s: no hit of %q; Next(%d) = %d, %d", name, text, from, needle, at)
	}
}

// TestLongNeedleBehindItsFront has the first eight bytes of a longer needle in front of it.
func TestLongNeedleBehindItsFront(t *testing.T) {
	for name, set := range sets("0x79, 0x4") {
		if needle, at := set.Next([]byte("0x6b, 0x79, 0x3d, 0x79, 0x4a, 0x68, 0x62, 0x47"), 0); needle != 0 || at != 18 {
			t.Errorf("%s: %d at %d, want 0 at 18", name, needle, at)
		}
	}
}

func FuzzNext(f *testing.F) {
	f.Add([]byte("eyJ\newo\new"), []byte("xxeyJhewoew"))
	f.Add([]byte("ab"), bytes.Repeat([]byte("aab"), 40))
	f.Fuzz(func(t *testing.T, list, text []byte) {
		var needles []string
		for _, needle := range strings.Split(string(list), "\n") {
			if len(needle) >= MinNeedle && len(needle) <= MaxNeedle {
				needles = append(needles, needle)
			}
		}
		if len(needles) > 100 || len(text) > 1000 {
			t.Skip()
		}
		for name, set := range sets(needles...) {
			compare(t, name, set, needles, text)
		}
	})
}

func BenchmarkNext(b *testing.B) {
	few := []string{"eyI", "eyJ", "eyK", "eyL", "eyA", "ewo", "ew0", "ewk"}
	many := append([]string{
		"IHs", "CXs", "Cns", "DXs", "CB7", "SB7", "iB7", "Al7", "Ap7", "A17", "Ql7", "Qp7", "Q17", "gl7", "gp7", "g17",
		"ZXlK", "V5S", "leU", "ZXdv", "e\x00y\x00J", "65794a", "65794A", "=65=79", "%65%79", "&#101;", "\\u0065", "H4sIA",
	}, few...)
	random := rand.New(rand.NewPCG(1, 2))
	line := "2024-05-06T07:08:09.123Z INFO http.server request served method=GET path=/api/v1/users/%d status=200 bytes=5120 key=Key%d\n"
	var text bytes.Buffer
	for text.Len() < 1<<20 {
		fmt.Fprintf(&text, line, random.IntN(100000), random.IntN(100))
	}
	base64 := randomBytes(random, []byte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"), 1<<20)
	noise := make([]byte, 1<<20)
	for i := range noise {
		noise[i] = byte(random.Uint32())
	}
	texts := []struct {
		name string
		text []byte
	}{
		{"text", text.Bytes()}, {"base64", base64}, {"noise", noise},
		{"adversarial", bytes.Repeat([]byte("eyJ"), 1<<20/3)}, {"everybyte", bytes.Repeat([]byte("e"), 1<<20)},
	}
	for _, test := range texts {
		for _, size := range []struct {
			name    string
			needles []string
		}{{"few", few}, {"many", many}} {
			if test.name == "everybyte" {
				size.needles = append([]string{"ee"}, size.needles...)
			}
			for kind, set := range sets(size.needles...) {
				b.Run(test.name+"/"+kind+"/"+size.name, func(b *testing.B) {
					b.SetBytes(int64(len(test.text)))
					b.ReportAllocs()
					buffer := make([]Hit, 0, 64)
					for b.Loop() {
						for from := 0; from < len(test.text); {
							hits := set.Hits(buffer, test.text, from)
							if len(hits) < cap(buffer) {
								break
							}
							from = hits[len(hits)-1].At + 1
						}
					}
				})
			}
		}
		b.Run(test.name+"/IndexByte", func(b *testing.B) {
			run(b, test.text, func(from int) int { return plus(bytes.IndexByte(test.text[from:], 'J'), from) })
		})
		b.Run(test.name+"/Index", func(b *testing.B) {
			run(b, test.text, func(from int) int { return plus(bytes.Index(test.text[from:], []byte("eyJ")), from) })
		})
	}
}

func plus(at, from int) int {
	if at < 0 {
		return at
	}
	return at + from
}

func run(b *testing.B, text []byte, next func(from int) int) {
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		for from := 0; from < len(text); {
			at := next(from)
			if at < 0 {
				break
			}
			from = at + 1
		}
	}
}
