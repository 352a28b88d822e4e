package encoding

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/jwtleak/jwtleak/detectors"
)

// beginnings returns pieces of text, some of which are or make what is found beside runs, or nearly.
func beginnings() []string {
	header := `{"alg":"HS256","typ":"JWT"}`
	once := base64.StdEncoding.EncodeToString([]byte(header))
	twice := base64.StdEncoding.EncodeToString([]byte(once + "." + once))
	return []string{"\n", "\r\n", " ", "\t", `"`, `\`, `\n`, "%0A", "%250a", "&#10;", "=0A", "=\n", "\x00", "{", "Name", "identifierOfSome", "anIdentifierOfTwentyEightToo", "// ", "+", "-",
		once[:2] + "\n" + once[2:30], twice[:3] + "\n" + twice[3:40], once, once[:9], twice, twice[:16] + "\n" + twice[16:32] + "\n" + twice[32:48] + "\n", hex.EncodeToString([]byte(header)), "Z\x00X\x00l\x00K\x00aG", "a\x00b\x00c\x00d\x00e\x00f\x00g\x00h\x00i\x00j\x00k\x00l\x00m\x00n\x00o\x00p\x00q\x00r\x00s\x00t\x00u\x00v\x00w\x00x\x00y\x00z\x00"}
}

// TestMarksFindTheSame compares what is found by marks with what is found without, in texts of what begins it and what nearly
// does.
func TestMarksFindTheSame(t *testing.T) {
	if !hasVectors() {
		t.Skip("this machine has no vectors: nothing is marked")
	}
	r := rand.New(rand.NewPCG(4, 19))
	pieces := beginnings()
	marked, found := 0, [3]int{}
	for range 40000 {
		var text bytes.Buffer
		for range r.IntN(60) {
			text.WriteString(pieces[r.IntN(len(pieces))])
		}
		if text.Len() == 0 || r.IntN(2) == 0 {
			for text.Len() < 700 {
				text.WriteString(" plain text of words")
			}
		}
		from := r.IntN(min(text.Len(), 300))
		to := from + 1 + r.IntN(min(text.Len()-from, 300))
		var s surrounding
		if !s.mark(text.Bytes(), from, to) {
			continue
		}
		marked++
		lines, _ := nextLines(text.Bytes(), from, to)
		if got := s.nextLines(); got != lines {
			t.Errorf("lines at %d, want %d, in %q", got-from, lines-from, text.Bytes()[from:to])
		}
		broken, encoded := compiled().nextBroken(text.Bytes(), from, to), nextEncoded(text.Bytes(), from, to)
		if got := s.nextBroken(compiled()); got != broken {
			t.Errorf("a needle broken at %v, want %v, in %q", got, broken, text.Bytes()[from:to])
		}
		if got := s.nextEncoded(); got != encoded {
			t.Errorf("encoded at %v, want %v, in %q", got, encoded, text.Bytes()[from:to])
		}
		for i, at := range [3]int{lines, broken.line, encoded.at} {
			if at >= 0 {
				found[i]++
			}
		}
	}
	if marked < 10000 || min(found[0], found[1], found[2]) < 500 || max(found[0], found[1], found[2]) > 3*marked/4 {
		t.Errorf("%d were marked and %v of them have lines, needles or text: the test is of no use", marked, found)
	}
}

// TestJudgingWithoutVectors compares what is a candidate with a sieve and without, in texts whose runs are of any length.
func TestJudgingWithoutVectors(t *testing.T) {
	fast := New()
	if fast.sieve == nil {
		t.Skip("this machine has no vectors: there is nothing to compare")
	}
	slow := New()
	slow.sieve, slow.vectors = nil, false
	r, pieces, clean, chance := rand.New(rand.NewPCG(8, 2)), beginnings(), 0, 0
	for range 3000 {
		var text bytes.Buffer
		for range r.IntN(6) {
			text.WriteString(strings.Repeat(" plain text of words", r.IntN(300)))
			if r.IntN(2) == 0 {
				text.WriteString(strings.Repeat("identifierOf", r.IntN(900)))
			}
			for range r.IntN(6) { // runs one soon behind the other, some too short for one
				needle := []string{"ZXlKaGJHY2lPaUpJVXpJMU5pSjku", "", "", ""}[r.IntN(4)] // a header in base64
				text.WriteString(strings.Repeat("n", 10+r.IntN(40)) + needle + strings.Repeat("n", 10+r.IntN(30)) + strings.Repeat(" ", 1+r.IntN(3)))
			}
			if r.IntN(2) == 0 {
				text.WriteString(pieces[r.IntN(len(pieces))])
			}
		}
		got, want := fast.Prefilter().Index(text.Bytes()) < 0, slow.Prefilter().Index(text.Bytes()) < 0
		// A sieve leaves out runs without a telltale, where needles stand by chance.
		byChance := got && !want
		slow.Detect(text.Bytes(), true, func(detectors.Match) { byChance = false })
		if byChance {
			chance++
		} else if got != want {
			t.Errorf("clean: %v with a sieve, %v without: %d bytes", got, want, text.Len())
		}
		if got {
			clean++
		}
	}
	if clean < 300 || clean > 2700 || chance > 100 {
		t.Errorf("%d texts are clean, %d of them of chance needles: the test is of no use", clean, chance)
	}
}
