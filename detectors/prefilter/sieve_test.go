package prefilter

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"
)

// letters are the class of the tests: a, e, y and J.
func letters() *Classes {
	c := new(Classes)
	for half := 0; half < 32; half += 16 {
		for _, b := range []byte("aeyJ") {
			c[0][half+int(b&15)] |= 1 << (b >> 4)
			c[1][half+int(b>>4)] |= 1 << (b >> 4)
		}
	}
	return c
}

// clearPlain is Sieve.Clear, a byte at a time.
func clearPlain(needles []string, c *Classes, tells *Telltales, text []byte, from, known int) (clear, lines int) {
	inClass := func(run []byte) bool {
		for _, b := range run {
			if !c.Has(b) {
				return false
			}
		}
		return true
	}
	for ; from+clear+sieved+lookahead <= len(text); clear += sieved {
		start := from + clear
		for at := start; at < start+sieved; at++ {
			for _, needle := range needles {
				if bytes.HasPrefix(text[at:], []byte(needle)) {
					return clear, lines
				}
			}
			if (at-from)%piece == 0 && at-runBefore >= min(known, from) && inClass(text[at-runBefore:at+piece]) && tells.In(text, start) {
				return clear, lines
			}
		}
		lines += bytes.Count(text[start:start+sieved], []byte("\n"))
	}
	return clear, lines
}

func isPrintable(b byte) bool { return b >= ' ' && b <= '~' || b == '\n' || b == 0 }

func always([]byte, Hit) bool { return true }

// TestSieve compares every sieve of this machine with the plain one.
func TestSieve(t *testing.T) {
	if len(sieves(true)) == 0 {
		t.Skip("this machine has no vectors: there are no sieves")
	}
	r := rand.New(rand.NewPCG(3, 5))
	needles := []string{"eyJ", "eyI", "ewo", "%00abc"}
	set := newSet(true, needles, Dealing{Halves: "0710", Bytes: "0660"})
	class := letters()
	tables, ascii := newTables(set, class)
	tells, plain := NewTelltales(isPrintable), NewTelltales(isPrintable)
	plain.vectors = noVectors
	stopped, passed := 0, 0
	for range 20000 {
		text := bytes.Repeat([]byte("."), r.IntN(500))
		for i := range text {
			if r.IntN(20) == 0 {
				text[i] = "\n#ze\xe5\xf9"[r.IntN(6)]
			}
		}
		for range r.IntN(4) {
			what := []string{"eyJ", "%00abc", strings.Repeat("aaey", 14), strings.Repeat("ayJJ", 14)}[r.IntN(4)] // the last makes text
			at := r.IntN(len(text) + 1)
			copy(text[at:], what[:r.IntN(len(what)+1)])
		}
		from := r.IntN(min(len(text)+1, 100))
		known := max(from-r.IntN(80)+r.IntN(20), 0)
		clear, lines := clearPlain(needles, class, plain, text, from, known)
		if from+clear+sieved+lookahead <= len(text) {
			stopped++
		}
		if all, _ := clearPlain(needles, class, nil, text, from, known); all < clear {
			passed++
		}
		for i, pass := range sieves(ascii) {
			s := &Sieve{needles: set, tables: tables, starts: always, tells: tells, pass: pass}
			due := len(text) // no samples: TestMixed has those
			gotClear, gotLines, free := s.Clear(text, from, known, &due)
			if gotClear != clear || gotLines != lines {
				t.Fatalf("sieve %d: %d bytes clear and %d lines, want %d and %d, in %q", i, gotClear, gotLines, clear, lines, text)
			}
			if _, at := set.Next(text[:min(from+clear+free+2, len(text))], from); at >= 0 {
				t.Fatalf("sieve %d: %d bytes clear and %d free, but a needle is at %d, in %q", i, clear, free, at-from, text)
			}
		}
	}
	if stopped < 2000 || stopped > 19000 || passed < 500 {
		t.Errorf("%d of the texts have something in them, %d runs without a telltale: the test is of no use", stopped, passed)
	}
}

func BenchmarkSieve(b *testing.B) {
	set, class := newSet(true, []string{"eyJ", "eyI", "ewo", "ewk"}, Dealing{}), letters()
	text := bytes.Repeat([]byte("2026-05-03T10:20:30Z INFO request completed path=/api/v1/orders status=200\n"), 1<<14)
	tables, ascii := newTables(set, class)
	for i, pass := range sieves(ascii) {
		b.Run([]string{"fastest", "second", "third"}[i], func(b *testing.B) {
			s := &Sieve{needles: set, starts: always, tables: tables, pass: pass}
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				if clear, _, _ := s.Clear(text, 0, 0, new(int)); clear < len(text)-2*sieved {
					b.Fatalf("only %d bytes are clear", clear)
				}
			}
		})
	}
}

// TestTablesHaveBytesForASCIIAlone, since they are looked up by seven bits.
func TestTablesHaveBytesForASCIIAlone(t *testing.T) {
	if !hasTeddy() {
		t.Skip("this machine has no vectors: there are no tables")
	}
	more := letters()
	for half := 0; half < 32; half += 16 {
		more[0][half+9] |= 1 << 7
		more[1][half+15] |= 1 << 7
	}
	for _, test := range []struct {
		needles []string
		class   *Classes
		ascii   bool
	}{
		{[]string{"eyJ", "ey"}, letters(), true},
		{[]string{"eyJ", "e\xf9J"}, letters(), false},
		{[]string{"eyJ"}, more, false},
	} {
		if _, ascii := newTables(newSet(true, test.needles, Dealing{}), test.class); ascii != test.ascii {
			t.Errorf("%q: ASCII %v, want %v", test.needles, ascii, test.ascii)
		}
	}
}
