package encoding_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/jwtleak/jwtleak/detectors/encoding"
)

// TestFirstEscaped escapes one or two of a token's first letters, and quotes the literal again.
func TestFirstEscaped(t *testing.T) {
	r := rand.New(rand.NewPCG(41, 1))
	token := mint{r}.token()
	for !strings.HasPrefix(token, "eyJ") {
		token = mint{r}.token()
	}
	for _, format := range []string{`\%03o`, `\x%02x`, `\u%04x`, `\u{%x}`, `\U%08x`} {
		for _, escaped := range [][2]int{{0, 1}, {1, 2}, {2, 3}, {0, 2}, {0, 3}, {1, 3}} {
			literal := token[:escaped[0]] + eachByte(token[escaped[0]:escaped[1]], format) + token[escaped[1]:]
			for quoted := range 4 {
				if quoted > 0 {
					literal = strconv.Quote(literal)
				}
				text := `a line of words: "` + literal + "\"\n"
				if !contains(detect(text), token) {
					t.Errorf("lost, letters %v by %s, quoted %d times", escaped, format, quoted)
				}
				if quoted == 0 && !contains(detect("x "+std(text)), token) {
					t.Errorf("lost in base64, letters %v by %s", escaped, format)
				}
			}
		}
	}
}

// TestReferencesWithoutSemicolon finds a token whose characters are references to their numbers that end without a semicolon, as browsers
// read them: all of them, or the full stops.
func TestReferencesWithoutSemicolon(t *testing.T) {
	for round := range encoding.Rounds(100) {
		token := mint{rand.New(rand.NewPCG(44, uint64(round)))}.token()
		for _, format := range []string{"&#%d", "&#%03d", "&#%07d", "&#x%x", "&#X%04X", "&amp;#%d", "&#%d;"} {
			whole := eachByte(token, format)
			for _, text := range []string{`<a title="` + whole + `">`, "t=" + whole + "\n", "line\n" + whole + " "} {
				if !contains(detect(text), token) {
					t.Errorf("lost in round %d by %s: %d bytes", round, format, len(text))
				}
			}
		}
		signed := token[:strings.LastIndexByte(token, '.')+1] + "a" + token[strings.LastIndexByte(token, '.')+2:]
		if !contains(detect(strings.ReplaceAll(signed, ".", "&#46")+"\n"), signed) {
			t.Errorf("lost in round %d with its full stops so", round)
		}
	}
	if found := detect("<p>a header eyJhbGciOiJIUzI1NiJ9&#46&#12345678&#46 and no more</p>"); len(found) != 0 {
		t.Errorf("found %d tokens in what has none", len(found))
	}
}

// TestEscapedSignature escapes a character of a signature, where what stands before it has the size of one already.
func TestEscapedSignature(t *testing.T) {
	r := rand.New(rand.NewPCG(42, 1))
	for _, signed := range []struct {
		size int
		alg  string
	}{{43, "HS256"}, {64, "HS384"}, {86, "ES256"}, {171, "RS256"}, {342, "RS256"}, {683, "PS512"}} {
		size, alg := signed.size, signed.alg
		signature := []byte(strings.ReplaceAll(segment([]byte(filler(r, size))), "-", "x"))[:size]
		signature[size-1] = 'A'
		for at := 20; at < size-1; at++ {
			if at%171 != 0 && at != 512 && r.IntN(6) != 0 {
				continue
			}
			signed := append([]byte(nil), signature...)
			signed[at] = '-'
			head := segment([]byte(`{"alg":"`+alg+`"}`)) + "." + segment([]byte(`{"sub":"a"}`)) + "."
			token := head + string(signed)
			for _, escape := range []string{"&#45;", "&#x2d;", "&hyphen;", "&amp;#45;", "&amp;amp;#45;", "&amp;amp;amp;#45;", "%2D", "%252D", "%25252D", `\u002d`, `\\u002d`, `\\\\u002d`, `\x2d`, `\055`, "=2D"} {
				text := "a line of words\nt=" + strings.Replace(token, "-", escape, 1) + "\nthe end\n"
				if found := detect(text); len(found) != 1 || found[0].Token != token {
					t.Errorf("lost, %s at character %d of %d", escape, at, size)
				}
			}
		}
	}
}

// TestContinued continues lines of uneven width with a backslash.
func TestContinued(t *testing.T) {
	for round := range 200 {
		r := rand.New(rand.NewPCG(43, uint64(round)))
		token := mint{r}.token()
		var b strings.Builder
		for rest := token; ; {
			width := 16 + r.IntN(70)
			if width >= len(rest) {
				b.WriteString(rest)
				break
			}
			if next := rest[width]; next == 'x' || next == 'u' {
				continue // the backslash may be that of an escape, with the line broken inside it
			}
			b.WriteString(rest[:width] + "\\\n")
			rest = rest[width:]
		}
		if text := fmt.Sprintf("TOKEN=%s\nexport TOKEN\n", b.String()); !contains(detect(text), token) {
			t.Errorf("lost in round %d", round)
		}
	}
}

// TestBackslashAtBreak breaks escaped text where a backslash ends a line: one that continues it, one of the text, or both.
func TestBackslashAtBreak(t *testing.T) {
	for round := range encoding.Rounds(1000) {
		r := rand.New(rand.NewPCG(47, uint64(round)))
		token := mint{r}.token()
		twice, width := strings.ReplaceAll(token, ".", `\\u002e`), 16+r.IntN(12)
		first := (strings.IndexByte(twice, '\\') + 1) % width // so long a first line has a later one end between the two
		texts := map[string]string{"continued, where it looks escaped": fold(sprinkle(r, token, `\u%04x`), 40+r.IntN(50), "\\\n")}
		if first >= 4 {
			texts["between two backslashes"] = twice[:first] + "\n" + fold(twice[first:], width, "\n")
		}
		for name, text := range texts {
			if !contains(detect("TOKEN: "+text+"\n\nEnd.\n"), token) {
				t.Errorf("%s: lost in round %d", name, round)
			}
		}
	}
}

// TestMarginsInEscapes has a margin cut in two where what is undone is looked at for the first time: the token goes on.
func TestMarginsInEscapes(t *testing.T) {
	for _, margin := range []string{"\r\n# ", "\n// ", "\n-- ", "\n * ", "\n>  ", "\r\n; ", "\n\t"} {
		signature := make([]byte, 512)
		for i := range signature {
			signature[i] = byte(37*i + 11)
		}
		token := segment([]byte(`{"alg":"PS512"}`)) + "." + segment([]byte(`{"sub":"7","exp":1900000000}`)) + "." + segment(signature)
		for width := 24; width < 80; width++ {
			if found := detect("x=" + eachByte(margin+fold(token, width, margin), "%%%02X") + " words\n"); len(found) != 1 || !contains(found, token) {
				t.Errorf("margin %q, %d characters a line: found %d, or not all of it", margin, width, len(found))
			}
		}
	}
}

// TestSoftBreaksBehindMargins has quoted-printable text quoted, in a comment and in a patch.
func TestSoftBreaksBehindMargins(t *testing.T) {
	for _, margin := range []string{"> ", "> > ", ">", "// ", "# ", "; ", "-- ", "+", "-"} {
		for round := range 20 {
			token := mint{rand.New(rand.NewPCG(74, uint64(round)))}.token()
			for _, text := range []string{quotedPrintable("Hello,\nit is https://a.example/?token=" + token + "&x=1\nBye."), quotedPrintable(token)} {
				text = margin + strings.ReplaceAll(strings.ReplaceAll(text, "\r", ""), "\n", "\n"+margin)
				if strings.Count(text, "\n") > 2 && !contains(detect("a line\n"+text+"\nthe end\n"), token) {
					t.Errorf("behind %q: lost in round %d", margin, round)
				}
			}
		}
	}
}

// TestSoftBreaksBehindPrefixes has such text indented, in a comment of lines with a star, numbered and in logs.
func TestSoftBreaksBehindPrefixes(t *testing.T) {
	all := prefixes()
	for _, margin := range []string{"    ", "\t", " * "} {
		all[margin] = func(int) string { return margin }
	}
	for name, prefix := range all {
		for round := range 20 {
			token := mint{rand.New(rand.NewPCG(96, uint64(round)))}.any()
			text := quotedPrintable("Hello,\nit is https://a.example/?token=" + token + "&x=1\nBye.")
			if text = prefixed(strings.ReplaceAll(text, "\r", ""), prefix); !contains(detect("a line\n"+text+"the end\n"), token) {
				t.Errorf("%s: lost in round %d", name, round)
			}
		}
	}
}

// TestBracedEscapes writes all of a token in escapes with braces.
func TestBracedEscapes(t *testing.T) {
	for _, format := range []string{`\u{%x}`, `\u{%X}`, `\u{%04x}`, `\u{%06x}`} {
		for round := range 20 {
			token := mint{rand.New(rand.NewPCG(75, uint64(round)))}.any()
			if text := `let token = "` + eachByte(token, format) + `";`; !contains(detect(text), token) || !isCandidate(text) {
				t.Errorf("%s: lost in round %d", format, round)
			}
		}
	}
}

// TestStrewnEscapes writes some characters of a token in escapes, others not: with braces no run is long.
func TestStrewnEscapes(t *testing.T) {
	for _, format := range []string{`\u{%x}`, `\u{%06X}`, `\x{%x}`, `\\u{%x}`, `%%u%04x`, "&#X%X;", `\x%02x`, `\%03o`, `\U%08x`} {
		for round := range 60 {
			r := rand.New(rand.NewPCG(76, uint64(round)))
			token, share := mint{r}.any(), [...]float64{0.02, 0.1, 0.3, 0.6, 0.9}[round%5]
			var text strings.Builder
			for i := range len(token) {
				if c := token[i]; i == round%3 || r.Float64() < share {
					fmt.Fprintf(&text, format, c)
				} else {
					text.WriteByte(c)
				}
			}
			if text := `let token = "` + text.String() + `";`; !contains(detect(text), token) || !isCandidate(text) {
				t.Errorf("%s: lost in round %d", format, round)
			}
		}
	}
}

// TestDeepLogs looks for large tokens in JSON logs of logs: each level of quotes doubles the backslashes, and is searched for all
// that may be in it.
func TestDeepLogs(t *testing.T) {
	for _, test := range []struct {
		name   string
		size   int // of the claims
		levels int
		do     func(s string) string
	}{
		{"every byte escaped", 4000, 4, func(s string) string { return eachByte(s, `\x%02x`) }},
		{"some bytes escaped", 4000, 5, func(s string) string { return sprinkle(rand.New(rand.NewPCG(1, 2)), s, `\u%04x`) }},
		{"quoted-printable", 600, 6, func(s string) string { return strings.ReplaceAll(quotedPrintable(s), ".", "=2E") }},
	} {
		for levels := 1; levels <= test.levels; levels++ {
			r := rand.New(rand.NewPCG(41, uint64(levels)))
			token := segment([]byte(`{"alg":"RS256"}`)) + "." + segment([]byte(`{"sub":"`+strings.Repeat("a", test.size)+`"}`)) + "." + segment(mint{r}.bytes(256))
			text := test.do(token)
			for range levels {
				line, err := json.Marshal(map[string]any{"level": "info", "log": text})
				if err != nil {
					t.Fatal(err)
				}
				text = string(line)
			}
			if !contains(detect(text), token) {
				t.Errorf("%s: lost %d levels deep", test.name, levels)
			}
		}
	}
}
