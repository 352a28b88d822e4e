package encoding_test

import (
	"encoding/base64"
	"encoding/hex"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/jwtleak/jwtleak/detectors"
	"github.com/jwtleak/jwtleak/detectors/encoding"
)

// TestLiteralsApart joins string literals with comments or a language's own operator between them.
func TestLiteralsApart(t *testing.T) {
	token := mint{rand.New(rand.NewPCG(21, 1))}.token()
	for _, between := range []string{
		"\" + // part two\n\t\"", "\" /* two */\n\"", "\"  # part\n  \"", "\" + /* a */ // b\n \"", "\" ||\n \"", "\" <<\n \"", "\" <>\n \"", "\" + `\n \"",
	} {
		if !contains(detect(`x = "`+fold(token, 60, between)+`";`), token) {
			t.Errorf("lost between literals joined by %q", between)
		}
	}
}

// TestRunPlace looks where base64 is said to start that has a word on the line before it.
func TestRunPlace(t *testing.T) {
	token := mint{rand.New(rand.NewPCG(22, 1))}.token()
	encoded := base64.StdEncoding.EncodeToString([]byte(token))
	for _, front := range []string{"x\n ", "a word\n", "-----BEGIN TOKEN-----\n", "token: >-\n    "} {
		found := detect(front + strings.TrimRight(fold(encoded, 64, "\n    "), "=") + "\n")
		if len(found) != 1 || found[0].Start != len(front) {
			t.Errorf("behind %q: %d found, or one elsewhere than at %d", front, len(found), len(front))
		}
	}
}

// TestEscapedBeside has a token as it is, and base64 of one, beside something that is written otherwise: what leaves their own
// bytes as they are is no wrapping of theirs.
func TestEscapedBeside(t *testing.T) {
	const binary = "\x9c\x01\xfa\x17\x80\xf3\xb2 \x07 is no text, whatever it is that begins here\xff"
	fronts := []string{
		"a=%41bc\n", "a=%41bc&token=", "%41%42%43%44%45%46%47%48:", `\u0041\u0042 `, `\u0041=`, "\\x41\n", `{"log":"a\nb token=`, "&#65;&#66;=", "&#x41;\n",
		"x=1&amp;token=", "a=41=42=43:", "https://example.com/?next=%2Fhome%2Findex&token=",
	}
	for n := 20; n < len(binary); n++ {
		fronts = append(fronts, std(binary[:n])+"\n", std(binary[:n])+"\r\n")
	}
	for round := range 20 {
		token := mint{rand.New(rand.NewPCG(27, uint64(round)))}.token()
		for _, front := range fronts {
			for chain, form := range map[string]string{"": token, "base64": strings.TrimRight(std(token), "=")} {
				for _, behind := range []string{"\n", "&b=%41", "&amp;b", `\u0020b`, " \\x41\n", "&#38;b"} {
					if chain == "base64" && strings.ContainsAny(front, "\r\n") {
						continue // which may all be one
					}
					found := detect("a line\n" + front + form + behind)
					if len(found) != 1 || found[0].Start != len("a line\n"+front) || found[0].End != found[0].Start+len(form) ||
						strings.Join(found[0].Encodings, " ") != chain {
						t.Errorf("%q between %q and %q: found %d, or with another chain or place", chain, front, behind, len(found))
					}
				}
			}
		}
	}
}

// TestHyphens takes the named references that stand for a hyphen of typography for the one of a token.
func TestHyphens(t *testing.T) {
	r := rand.New(rand.NewPCG(23, 1))
	token := mint{r}.token()
	for !strings.Contains(token, "-") {
		token = mint{r}.token()
	}
	if !contains(detect(strings.ReplaceAll(token, "-", "&hyphen;")), token) {
		t.Error("lost")
	}
}

// TestWideAtFirst reads UTF-16 from its first byte on, where that is the zero one and escaped twice.
func TestWideAtFirst(t *testing.T) {
	token := mint{rand.New(rand.NewPCG(24, 1))}.token()
	for _, format := range []string{`\x%02x`, `\u%04x`, "%%%02x", "&#%d;"} {
		found := detect("a line\n" + eachByte(quotedPrintable(utf16Text(token, true)), format) + " the end\n")
		if len(found) != 1 || found[0].Token != token || found[0].Encodings[2] != "utf-16be" {
			t.Errorf("%s: found %d, or another token", format, len(found))
		}
	}
}

// TestFarInside hides a token far inside base64 of what has needles of its own by chance.
func TestFarInside(t *testing.T) {
	for round := range 300 {
		r := rand.New(rand.NewPCG(25, uint64(round)))
		token := mint{r}.token()
		noise := make([]byte, 4000)
		for i := range noise {
			noise[i] = byte(r.Uint32())
		}
		text := std(std(string(noise)) + " " + token + " " + std(string(noise)))
		if found := detect(text + "\n"); len(found) != 1 || found[0].Token != token || found[0].End != len(strings.TrimRight(text, "=")) && found[0].End != len(text) {
			t.Errorf("round %d: found %d, or not to the end", round, len(found))
		}
	}
}

// TestRunInBlocks looks where base64 is said to start that a block ends in.
func TestRunInBlocks(t *testing.T) {
	token := mint{rand.New(rand.NewPCG(26, 1))}.token()
	text := []byte("a line\n" + std(strings.Repeat("words and ", 200)+token) + "\nthe end\n")
	d := encoding.New()
	for cut := 0; cut < len(text); cut += 7 {
		var starts []int
		done := d.Detect(text[:cut], false, func(m detectors.Match) { starts = append(starts, m.Start) })
		d.Detect(text[done:], true, func(m detectors.Match) { starts = append(starts, done+m.Start) })
		if len(starts) != 1 || starts[0] != len("a line\n") {
			t.Errorf("cut at %d: found at %v", cut, starts)
		}
	}
}

// TestPlaceInLongRun looks where tokens are said to be that lie in base64 or hexadecimal of megabytes: each where it is, and
// no more of the run is held back than tells that it is long.
func TestPlaceInLongRun(t *testing.T) {
	token := mint{rand.New(rand.NewPCG(27, 1))}.token()
	inside := strings.Repeat("words and ", 20_000) + token + strings.Repeat(" words and", 20_000) + " " + token + strings.Repeat(" words and", 20_000)
	for name, test := range map[string]struct {
		text   string
		decode func(s string) string
	}{
		"base64": {std(inside), func(s string) string { b, _ := base64.StdEncoding.DecodeString(s); return string(b) }},
		"hex":    {hex.EncodeToString([]byte(inside)), func(s string) string { b, _ := hex.DecodeString(s); return string(b) }},
	} {
		found := detect(test.text)
		if len(found) != 2 {
			t.Fatalf("%s: found %d, want 2", name, len(found))
		}
		for _, match := range found {
			if place := test.text[match.Start:match.End]; match.Token != token || len(place) > 2*len(token)+4 || !strings.Contains(test.decode(place), token) {
				t.Errorf("%s: one is said to be at %d to %d", name, match.Start, match.End)
			}
		}
		cut := found[1].Start
		if done := encoding.New().Detect([]byte(test.text[:cut]), false, func(detectors.Match) {}); cut-done > 16<<10 {
			t.Errorf("%s: %d bytes are held", name, cut-done)
		}
	}
}

// TestPlaceBehindEscape has base64 behind what is an escape and digits, which is its own first line when that is undone.
func TestPlaceBehindEscape(t *testing.T) {
	token := mint{rand.New(rand.NewPCG(33, 3))}.token()
	for _, front := range []string{"retry id=00d971ea\n ", "retry %00d971ea\n ", `retry \x00d971ea` + "\n ", "retry &#0;d971ea\n "} {
		found := detect(front + std("token "+token+" behind") + "\n")
		if len(found) != 1 || found[0].Token != token || found[0].Start != len(front) {
			t.Errorf("behind %q: found %d, or not at %d", front, len(found), len(front))
		}
	}
}
