package encoding

import (
	"encoding/base64"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/jwtleak/jwtleak/detectors"
)

// TestCost undoes little of what only looks like a token, and holds none of it back but the end of a run.
func TestCost(t *testing.T) {
	const size = 1 << 16
	r := rand.New(rand.NewPCG(31, 1))
	random := make([]byte, size)
	for i := range random {
		random[i] = byte(r.Uint32())
	}
	for _, test := range []struct {
		name, text string
		most       int // what is spent for a hundred bytes of text
	}{
		{"base64 of no text", base64.StdEncoding.EncodeToString(random), 10},
		{"escapes that are none", strings.Repeat(`eyJ\`, size/4), 1750},
		{"percent signs", strings.Repeat("%25", size/3), 0},
		{"base64 in base64 in base64", encodedTimes(string(random[:size/3]), 3), 430},
		{"base64 in lines in base64 in lines", encodedInPlainLines(strings.Repeat("a word or two, ", size/300), 15), 530},
		{"zero bytes in a string literal", strings.Repeat("PK\\x03\\x04"+strings.Repeat(`\x00`, 20), size/90), 400},
		{"zero bytes in JSON", strings.Repeat(`\u0000`, size/6), 150},
		{"escapes of no text", strings.Repeat("\\u0000\\u0012\u00e9abcdefgh", size/24), 0},
		{"comments in a URL", strings.Repeat("%23!%5Ballow(unused)%5D%0A%0Afn+main()+%7B%0A", size/46), 0},
		{"base64 in base64, one a line", "lines:\n" + strings.Repeat(encodedTimes("a word or two, and some more of them ", 2)+"\n", size/70), 10},
		{"base64 in base64 in base64, with blanks between", "words: " + strings.Repeat(encodedTimes("a word or two, and some more of them ", 3)+" ", size/93), 10},
		{"base64 in base64 in JSON", strings.Repeat(`{"data":"`+encodedTimes("a word or two, and some more of them ", 2)+"\"}\n", size/82), 10},
		{"base64 in base64, one a line, in base64", encodedTimes(strings.Repeat(encodedTimes("a word or two, and some more of them ", 2)+"\n", size/93), 1), 120},
		{"base64 in base64 in escaped lines", strings.Join(inLinesOf(encodedTimes(strings.Repeat("a word or two, ", size/54), 2), 24), `\n`), 520},
		{"base64 in base64 in lines escaped twice", strings.Join(inLinesOf(encodedTimes(strings.Repeat("a word or two, ", size/54), 2), 64), `\\r\\n`), 720},
		{"percent signs encoded over and over again", strings.Repeat("%"+strings.Repeat("25", 30)+"2e", size/63), 60},
		{"base64 of text behind keys", strings.Repeat("    tls.crt: "+encodedTimes(strings.Repeat("a word or two, ", 60), 1)+"\n", size/1200), 185},
		{"narrow lines of base64 of text behind a margin", "    " + strings.Join(inLinesOf(encodedTimes(strings.Repeat("a word or two, ", size/25), 1), 30), "\n    ") + "\n", 720},
		{"narrow lines of base64 of no text behind a margin", "    " + strings.Join(inLinesOf(encodedTimes(string(random[:size/2]), 1), 30), "\n    ") + "\n", 0},
	} {
		const budget = 1 << 30
		bounds := &bounds{budget: budget, granted: len(test.text), skipped: func(string) {}}
		done := New().detect([]byte(test.text), false, func(detectors.Match) {}, bounds)
		if spent := 100 * (budget - bounds.budget) / len(test.text); spent > test.most {
			t.Errorf("%s: spent %d for a hundred bytes, want at most %d", test.name, spent, test.most)
		} else {
			t.Logf("%s: %d", test.name, spent)
		}
		if len(test.text)-done > 2*heldEdge+maxRunBack {
			t.Errorf("%s: held from %d of %d on", test.name, done, len(test.text))
		}
	}
}

func inLinesOf(text string, width int) (lines []string) {
	for ; len(text) > width; text = text[width:] {
		lines = append(lines, text[:width])
	}
	return append(lines, text)
}

// encodedInPlainLines is what programs make that wrap base64, so many times over.
func encodedInPlainLines(text string, times int) string {
	for range times {
		var lines strings.Builder
		for encoded := base64.StdEncoding.EncodeToString([]byte(text)); encoded != ""; {
			n := min(len(encoded), 76)
			lines.WriteString(encoded[:n] + "\n")
			encoded = encoded[n:]
		}
		text = lines.String()
	}
	return text
}

// TestZerosOnce looks once at a row of escaped zero bytes, wherever in it a needle stands: in a text that was wrapped each of
// them is one. What the row was is no text any more when it is asked for again.
func TestZerosOnce(t *testing.T) {
	row := []byte(strings.Repeat(`\x00`, 100))
	s := &scan{text: row}
	if s.mayBeEscapedText(jsonEscape, 0) {
		t.Error("a row of zero bytes may be text")
	}
	copy(row[40:], strings.Repeat(`\x61`, 10))
	if s.mayBeEscapedText(jsonEscape, 40) {
		t.Error("a row that was passed over was looked at again")
	}
}
