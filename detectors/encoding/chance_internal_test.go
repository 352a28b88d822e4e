package encoding

import (
	"bytes"
	"encoding/base64"
	"math/rand/v2"
	"testing"

	"github.com/jwtleak/jwtleak/detectors/jwt"
)

// TestNeedlesByChance looks at base64 of random bytes, in which needles stand that point at nothing, and at names that begin as
// headers do: most of them may be no candidates, for each of those is looked at at length.
func TestNeedlesByChance(t *testing.T) {
	r := rand.New(rand.NewPCG(17, 3))
	d := New()
	var text bytes.Buffer
	for range 12000 {
		sum := make([]byte, 64)
		for i := range sum {
			sum[i] = byte(r.Uint32())
		}
		text.WriteString(`"integrity": "sha512-` + base64.StdEncoding.EncodeToString(sum) + `",` + "\n")
	}
	needles := 0
	for at := d.matcher().next(text.Bytes(), 0); at >= 0; at = d.matcher().next(text.Bytes(), at+1) {
		needles++
	}
	if n := len(d.candidates(nil, text.Bytes(), 0, text.Len())); needles < 200 || n > needles/3 {
		t.Errorf("%d candidates where %d needles stand by chance", n, needles)
	}
}

// TestHeadersByChance looks at random hexadecimal in capitals, in which CB7D and A17C stand, as base64 of blanks and a brace begins behind
// its first character.
func TestHeadersByChance(t *testing.T) {
	r, d := rand.New(rand.NewPCG(4, 7)), New()
	digits := make([]byte, 1<<20)
	for i := range digits {
		digits[i] = "0123456789ABCDEF"[r.IntN(16)]
	}
	needles := 0
	for at := d.matcher().next(digits, 0); at >= 0; at = d.matcher().next(digits, at+1) {
		needles++
	}
	if n := len(d.candidates(nil, digits, 0, len(digits))); needles < 50 || n > needles/10 {
		t.Errorf("%d candidates where %d needles stand by chance", n, needles)
	}
}

// TestEscapesByChance tells string literals of binary data, where each escape is a needle, from those of text.
func TestEscapesByChance(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want int
	}{
		"binary in a literal":            {`"\x32\x1a.google.protobuf.FieldOptions\x65\x00\x03\x61\xff\x64\xfe/google.protobuf.Descriptor/x"`, 0},
		"binary in percent-encoding":     {`"%32%1a.google.protobuf.FieldOptions%65%01%03%61%ff%64%fe/google.protobuf.FieldDescriptor.Type.x"`, 0},
		"binary in character references": {`"&#50;&#26;.google.protobuf.FieldOptions&#101;&#1;&#97;&#255;/google.protobuf.FieldDescriptor.Type.x"`, 0},
		"a token in a literal":           {`"\x65yJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJlc2lnbmF0dXJlc2lnbmF0dXJl"`, 1},
		"a token in percent-encoding":    {`"%65%79%4ahbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJlc2lnbmF0dXJlc2lnbmF0dXJl"`, 1},
		"a token in UTF-16 in a literal": {`"e\x00y\x00\x4a\x00h\x00b\x00G\x00c\x00i\x00O\x00i\x00J\x00I\x00U\x00z\x00I\x001\x00N\x00i\x00J\x009\x00"`, 1},
	} {
		if got := New().candidates(nil, []byte(c.text), 0, len(c.text)); min(len(got), 1) != c.want {
			t.Errorf("%s: %d candidates, want %d", name, len(got), c.want)
		}
	}
}

// TestMayStartHeader tells names from headers.
func TestMayStartHeader(t *testing.T) {
	for text, want := range map[string]bool{
		"eyInfo{}": false, "eyInfo = original.KeyInfo": false, "eyIAM. Please": false, "eyList(nil)": false, "eyInfo, of": false,
		"eyJhbGciOiJIUzI1NiJ9.": true, "eyJhb\nGciOiJIUzI1NiJ9": true, "eyJhb \\\n": true, "eyJhb  \r\n": true, "eyJhb\" +\n\"": true,
		"eyJhb%47": true, "eyJhb=\n": true, `eyJhb\u0047`: true, "eyJhb&#71;": true, "eyJhb": true, "eyJ": true,
		"ewogICJhbGciOiAiSFMyNTYiCn0.": true,
	} {
		if got := mayStartHeader([]byte(text), 0); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
	if mayStartHeader([]byte("CB7I"), jwt.GroupOf(len(jwt.Needles())-1, 0)) {
		t.Error("a group that begins in front of the text is one")
	}
}

// TestEscapedText asks of each place of random escapes, in order, whether they are of text: with what was seen before, and anew.
func TestEscapedText(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 12))
	pieces := []string{`\x65`, `\u0079`, `\x4a`, `\n`, `\x00`, `\u0000`, `\x1b`, `\`, "a", `\\x65`, " ", `\377`, "&#101;", "%65"}
	seen, texts, others := new(escapedText), 0, 0
	for range 4000 {
		var text []byte
		for range 1 + r.IntN(60) {
			text = append(text, pieces[max(r.IntN(3), r.IntN(len(pieces))*r.IntN(2))]...)
		}
		*seen = escapedText{}
		for at := 0; at < len(text); at += 1 + r.IntN(6) {
			w := []wrapping{jsonEscape, jsonEscape, jsonEscape, percent, htmlEntity}[r.IntN(5)]
			got, want := seen.mayBeTextIn(w, unitOf(w), text, at), new(escapedText).mayBeTextIn(w, unitOf(w), text, at)
			if got != want {
				t.Fatalf("at %d of %q: %v, and %v anew", at, text, got, want)
			}
			if texts++; !want {
				others++
			}
		}
	}
	if others < texts/8 || others > 7*texts/8 {
		t.Errorf("%d of %d are none of text: the test is of no use", others, texts)
	}
}
