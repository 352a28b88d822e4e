package prefilter

import (
	"bytes"
	"encoding/base64"
	"math/rand/v2"
	"testing"
)

// mixedText returns words, and lines of base64 among them that have a margin.
func mixedText(r *rand.Rand, size int) []byte {
	var text []byte
	for len(text) < size {
		if r.IntN(8) > 0 {
			text = append(text, "the quick brown fox jumps over the lazy dog\n"[r.IntN(44):]...)
			continue
		}
		data, end := make([]byte, 30), []string{"\n", "\n", `\n`, "\u00e9 "}[r.IntN(4)]
		for range r.IntN(12) {
			for i := range data {
				data[i] = byte(r.Uint32())
			}
			text = append(append(text, "    \n  \t  "[r.IntN(4):]...), base64.StdEncoding.EncodeToString(data)[:6+r.IntN(30)]...)
			text = append(text, end...)
		}
	}
	text = text[:size]
	for range size / 100 {
		text[r.IntN(size)] = "@AZ[`az{\x7f\x80\xff"[r.IntN(11)] // what is at the ends of letters
	}
	return text
}

// TestMixed compares the samples that are found to be mixed with what Mixed says, and where every sieve stops.
func TestMixed(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 19))
	set, class := newSet(hasTeddy(), []string{"eyJ", "%00abc"}, Dealing{}), letters()
	mixed, all := 0, 0
	for range 2000 {
		text := mixedText(r, r.IntN(3000))
		from := r.IntN(len(text) + 1)
		to := from + r.IntN(len(text)+1-from)
		want := -1
		for at := (from + Sampled - 1) / Sampled * Sampled; at < to && at+SampleSize <= len(text) && want < 0; at += Sampled {
			if Mixed(text[at:]) != mixedPlain(text[at:at+SampleSize]) {
				t.Fatalf("a sample of %q is mixed: %v", text[at:at+SampleSize], Mixed(text[at:]))
			}
			if all++; Mixed(text[at:]) {
				want = at
				mixed++
			}
		}
		if got := NextMixed(text, from, to); got != want {
			t.Errorf("from %d to %d of %d bytes: the first mixed sample is at %d, want %d", from, to, len(text), got, want)
		}
		if !hasTeddy() {
			continue
		}
		tables, ascii := newTables(set, class)
		for i, pass := range sieves(ascii) {
			checkSamples(t, &Sieve{needles: set, starts: always, tables: tables, pass: pass}, text, i)
		}
	}
	if mixed < 300 || all-mixed < 300 {
		t.Errorf("%d of %d samples are mixed: the test is of no use", mixed, all)
	}
}

// TestAmongMixed compares what is said of the samples around one with all of those that begin in Sampled bytes with it.
func TestAmongMixed(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 20))
	among, alone := 0, 0
	for range 300 {
		text := mixedText(r, SampleSize+r.IntN(1500))
		isMixed := make([]bool, len(text)-SampleSize+1)
		inARow, all := 0, make([]bool, len(isMixed)) // the samples that are among Sampled mixed ones
		for i := range isMixed {
			if isMixed[i] = Mixed(text[i:]); !isMixed[i] {
				inARow = 0
				continue
			}
			if inARow++; inARow >= Sampled {
				for k := range Sampled {
					all[i-k] = true
				}
			}
		}
		for i := range isMixed {
			switch got := AmongMixed(text, i); {
			case !isMixed[i]:
			case all[i] && !got:
				t.Fatalf("the sample at %d of %d is among those that are all mixed, and is said not to be", i, len(text))
			case all[i]:
				among++
			case !got:
				alone++
			}
		}
	}
	if among < 300 || alone < 300 {
		t.Errorf("%d samples are among others that are mixed, %d are not: the test is of no use", among, alone)
	}
}

// checkSamples goes through a text with a sieve: wherever as many places as are sampled all begin with what is mixed, it stops.
func checkSamples(t *testing.T, s *Sieve, text []byte, number int) {
	t.Helper()
	for at, due := 0, 0; at < len(text); {
		sampled := due - Sampled
		clear, lines, free := s.Clear(text, at, 0, &due)
		stop := at + clear
		if free < 0 && !Mixed(text[stop:]) || lines != bytes.Count(text[at:stop], []byte("\n")) {
			t.Fatalf("sieve %d stops at %d of %d, with %d lines", number, stop, len(text), lines)
		}
		if due < sampled+Sampled || due > stop+Sampled {
			t.Fatalf("sieve %d stops at %d, and the next sample is due at %d", number, stop, due)
		}
		last := due - 1
		if free < 0 {
			last = stop - 1
		}
		for inARow, i := 0, max(sampled+1, 0); i <= min(last, len(text)-SampleSize); i++ {
			if inARow++; !Mixed(text[i:]) {
				inARow = 0
			}
			if inARow == Sampled && i+SampleSize+lookahead <= len(text) {
				t.Fatalf("sieve %d passes from %d to %d, with mixed samples up to %d", number, at, stop, i)
			}
		}
		if at = stop + sieved; free < 0 || due < at {
			due = at
		}
	}
}

// TestNoSampleOfOneLine passes over base64 in one long line, all of which is mixed, and stops where a line break may be, as such or not.
func TestNoSampleOfOneLine(t *testing.T) {
	if !hasTeddy() {
		t.Skip("this machine has no vectors: there are no sieves")
	}
	r, data := rand.New(rand.NewPCG(8, 1)), make([]byte, 6000)
	for i := range data {
		data[i] = byte(r.Uint32())
	}
	line := base64.RawURLEncoding.EncodeToString(data)
	set, class := newSet(true, []string{"%00abc"}, Dealing{}), letters()
	tables, ascii := newTables(set, class)
	for i, pass := range sieves(ascii) {
		s := &Sieve{needles: set, starts: always, tables: tables, pass: pass}
		if clear, _, free := s.Clear([]byte(line), 0, 0, new(int)); clear < len(line)-2*sieved {
			t.Errorf("sieve %d stops at %d of %d, %d free", i, clear, len(line), free)
		}
		for _, sign := range []string{"\n", `\n`, "&#10;", "%0A", "=0A", "\x00"} {
			var lines []byte
			for k := 0; k+40 < len(line); k += 40 {
				lines = append(append(lines, line[k:k+40]...), sign...)
			}
			if clear, _, free := s.Clear(lines, 0, 0, new(int)); free >= 0 {
				t.Errorf("sieve %d stops at %d of lines that end with %q, %d free", i, clear, sign, free)
			}
		}
	}
}
