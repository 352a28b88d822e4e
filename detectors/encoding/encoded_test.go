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

// TestThreeDeep finds a token in three wrappings for whose chain there is no needle: the outer ones are known by the text
// that comes out.
func TestThreeDeep(t *testing.T) {
	hexed := func(s string) string { return hex.EncodeToString([]byte(s)) }
	for name, wrap := range map[string]func(s string) string{
		"base64 of hexadecimal of base64":       func(s string) string { return std("a: " + hexed(std(s))) },
		"hexadecimal of base64 of hexadecimal":  func(s string) string { return hexed(std(hexed(s))) },
		"hexadecimal behind 0x":                 func(s string) string { return "0x" + hexed(std(hexed(s))) },
		"base64 of hexadecimal of escapes":      func(s string) string { return std(hexed(eachByte(s, `\u%04x`))) },
		"base64 with escapes in it":             func(s string) string { return strings.ReplaceAll(std(std(hexed(s))), "M", "%4D") },
		"UTF-16 of base64 of base64":            func(s string) string { return utf16Text(std(std(s)), false) },
		"UTF-16 of hexadecimal of escapes":      func(s string) string { return utf16Text(hexed(eachByte(s, "&#%d;")), true) },
		"base64 in lines of base64 of UTF-16":   func(s string) string { return fold(std(std(utf16Text(s, false))), 76, "\r\n") },
		"base64 behind a path":                  func(s string) string { return "session/" + base64.URLEncoding.EncodeToString([]byte(hexed(std(s)))) },
		"base64 of words, base64, hexadecimal":  func(s string) string { return std(strings.Repeat("some words ", 3000) + std(hexed(s))) },
		"base64, four deep, of text each time":  func(s string) string { return std("a " + std("b "+std("c "+std("d "+s)))) },
		"base64 of hexadecimal, six of each":    func(s string) string { return std(hexed(std(hexed(std(hexed(s)))))) },
		"base64 of JSON of base64 of JSON":      func(s string) string { return std(`{"a":"` + std(`{"b":"`+std(`{"c":"`+s+`"}`)+`"}`) + `"}`) },
		"hexadecimal in UTF-16 in hexadecimal":  func(s string) string { return hexed(utf16Text(hexed(s), true)) },
		"base64 of two lines of hexadecimal":    func(s string) string { return std("first\n" + hexed(std(s)) + "\nlast\n") },
		"escapes of hexadecimal of hexadecimal": func(s string) string { return eachByte(hexed(hexed(s)), `\x%02x`) },
	} {
		for round := range 20 {
			r := rand.New(rand.NewPCG(31, uint64(round)))
			token := mint{r}.token()
			text := filler(r, r.IntN(300)) + " " + wrap(token) + " " + filler(r, r.IntN(300))
			if !isCandidate(text) {
				t.Errorf("%s: no candidate in round %d", name, round)
			}
			if !contains(detect(text), token) {
				t.Errorf("%s: lost in round %d", name, round)
			}
		}
	}
}

// TestHexThatIsBase64 has hexadecimal in lines that begin with what is text in base64 too: 3d3d3d, which is www.
func TestHexThatIsBase64(t *testing.T) {
	token := mint{rand.New(rand.NewPCG(18, 0))}.token()
	for _, sign := range []string{"=", "-", "5", "v", "\x00"} {
		for front := range 40 {
			text := strings.Repeat(sign, front) + token
			if !contains(detect("a line\n"+fold(hex.EncodeToString([]byte(text)), 60, "\n")+"\n"), token) {
				t.Errorf("behind %d of %q: lost", front, sign)
			}
		}
	}
}

// TestLongHeaders wraps tokens whose header is longer than what is undone at first, a certificate or a long name in it: base64
// has no full stop then to see that it is a token's.
func TestLongHeaders(t *testing.T) {
	r := rand.New(rand.NewPCG(17, 0))
	certificate := make([]byte, 900)
	for i := range certificate {
		certificate[i] = byte(r.IntN(256))
	}
	claims := "." + segment([]byte(`{"iss":"https://issuer.example"}`)) + "."
	for _, header := range []string{
		`{"x5c":["` + std(string(certificate[:300])) + `"],"alg":"HS256"}`,
		`{"x5c":["` + std(string(certificate)) + `"],"alg":"HS256"}`,
		"{\n  \"x5c\": [\n    \"" + std(string(certificate)) + "\"\n  ],\n  \"alg\": \"HS256\"\n}",
		`{"kid":"` + strings.Repeat("name ", 100) + `","alg":"HS256"}`,
	} {
		token := segment([]byte(header)) + claims + segment(certificate[:32])
		for i, w := range wraps() {
			for _, outer := range []wrap{{"", func(_ *rand.Rand, s string) string { return s }}, wraps()[0], wraps()[2]} {
				text := "text " + outer.do(r, w.do(r, token)) + " text"
				if !contains(detect(text), token) {
					t.Errorf("%s#%d in %q: lost with a header of %d bytes", w.name, i, outer.name, len(header))
				}
			}
		}
	}
}

// largeToken returns a token with a claim of so many bytes in base64.
func largeToken(size int) string {
	random := mint{rand.New(rand.NewPCG(19, 0))}.bytes(max(size, 32))
	claims := `{"iss":"https://issuer.example","x":"` + segment(random[:size]) + `"}`
	return segment([]byte(`{"alg":"HS256"}`)) + "." + segment([]byte(claims)) + "." + segment(random[:32])
}

// TestLargeTokens wraps tokens with a long claim of base64, and shows them whole and in parts: what it takes to see that they
// go on leaves enough to undo them to their end. Under the race detector, where this took half of the package's time, they are an
// eighth as long.
func TestLargeTokens(t *testing.T) {
	token := func(size int) string { return largeToken(encoding.Rounds(size)) }
	for name, test := range map[string]struct{ token, text string }{
		"base64":           {token(40_000), std("x " + token(40_000) + " y")},
		"UTF-16":           {token(20_000), utf16Text(`{"a":"`+token(20_000)+`"}`, true)},
		"base64 of JSON":   {token(10_000), std(`{"a":"` + strings.Repeat("y", 20_000) + `","b":"` + token(10_000) + `"}`)},
		"base64 of base64": {token(10_000), std(std(`{"b":"` + token(10_000) + `"}`))},
		"base64 in lines":  {token(500_000), fold(std("Bearer "+token(500_000)), 76, "\n") + "\n"},
		"in JSON":          {token(200_000), `{"x":"` + strings.ReplaceAll(fold(std(token(200_000)), 76, "\n"), "\n", `\n`) + `"}`},
		"escaped":          {token(300_000), `"` + eachByte(token(300_000), `\u%04x`) + `"`},
		"percent":          {token(300_000), eachByte(token(300_000), "%%%02X")},
		"entities":         {token(200_000), eachByte(token(200_000), "&#%d;")},
		"quoted-printable": {token(500_000), quotedPrintable(token(500_000))},
		"hex in lines":     {token(300_000), fold(hex.EncodeToString([]byte(token(300_000))), 64, "\n")},
		"literals":         {token(500_000), `"` + fold(token(500_000), 60, "\" +\n\"") + `"`},
	} {
		told := 0
		found := 0
		see := func(m detectors.Match) {
			if m.Token == test.token {
				found++
			}
		}
		skipped := func(string) { told++ }
		encoding.New().DetectBounded([]byte(test.text), true, see, skipped)
		if found != 1 || told > 0 {
			t.Errorf("%s: found %d times, told %d", name, found, told)
		}
		found, told = 0, 0
		allowance := detectors.Allowance{}
		growth := 1 + len(test.token)>>16 // of halves, so that little is shown again and again, as in a file
		for from, to, seen := 0, 64<<10, 0; from < len(test.text); to += max(64<<10, (to-from)*growth/2) {
			to = min(to, len(test.text))
			from += encoding.New().DetectBoundedWithin(&allowance, to-seen, []byte(test.text[from:to]), to == len(test.text), see, skipped)
			seen = to
		}
		if found != 1 || told > 0 {
			t.Errorf("%s, in parts: found %d times, told %d", name, found, told)
		}
	}
}

// TestNarrowLines breaks base64 and hexadecimal into lines too narrow to tell what they are of, each broken anywhere, by line breaks
// in every spelling.
func TestNarrowLines(t *testing.T) {
	doubled := func(s string) string { return strings.ReplaceAll(s, `\`, `\\`) }
	for name, line := range map[string]struct{ start, feed, end string }{
		"lines":                       {"", "\n", ""},
		"lines of Windows":            {"", "\r\n", ""},
		"JSON":                        {`{"x":"`, `\n`, `\n"}`},
		"JSON of lines of Windows":    {`{"x":"`, `\r\n`, `\r\n"}`},
		"JSON twice":                  {`{"x":"`, doubled(`\n`), `"}`},
		"JSON three times":            {`{"x":"`, doubled(doubled(`\r\n`)), `"}`},
		"hexadecimal escapes":         {`"`, `\x0a`, `"`},
		"hexadecimal escapes, quoted": {`"`, doubled(`\x0d\x0A`), `"`},
		"Unicode escapes":             {`"`, `\u000a`, `"`},
		"octal escapes":               {`"`, `\015\012`, `"`},
		"percent-encoding":            {"?x=", "%0A", ""},
		"percent-encoding twice":      {"?x=", "%250d%250a", "&y=1"},
		"entities":                    {"<p>", "&#10;", "</p>"},
		"entities of XML":             {"<p>", "&#xD;&#xA;", "</p>"},
	} {
		for width := 10; width <= 40; width += 6 / encoding.Rounds(6) {
			for round := range encoding.Rounds(6) {
				r := rand.New(rand.NewPCG(53, uint64(100*width+round)))
				token := mint{r}.any()
				text := filler(r, r.IntN(30)) + " " + token + "\n"
				for kind, encoded := range map[string]string{"base64": std(text), "hexadecimal": strings.ToUpper(hex.EncodeToString([]byte(text)))} {
					text := "line\n" + line.start + fold(encoded, width, line.feed) + line.end + "\nline\n"
					if !isCandidate(text) {
						t.Errorf("%s in %s of width %d: no candidate in round %d", kind, name, width, round)
					}
					if !contains(detect(text), token) {
						t.Errorf("%s in %s of width %d: lost in round %d", kind, name, width, round)
					}
				}
			}
		}
	}
}

// TestLinesBehindLines has base64 in lines behind lines of other widths: the first of them is no last line of those, for all that it is
// shorter.
func TestLinesBehindLines(t *testing.T) {
	for _, width := range []int{64, 76} {
		for _, between := range []int{70, 77, 90, 300} {
			for round := range 20 {
				r := rand.New(rand.NewPCG(61, uint64(round)))
				first, second := mint{r}.token(), mint{r}.token()
				found := detect(std("token="+first) + "\n" + std(string(mint{r}.bytes(between)))[:between] + "\n" +
					fold(std("Authorization: Bearer "+second), width, "\n") + "\n")
				if !contains(found, first) || !contains(found, second) {
					t.Errorf("lines of %d behind one of %d: lost", width, between)
				}
			}
		}
	}
}

// TestLinesBehindText has lines right behind one of base64 that is text, and far longer: with padding and without, as many characters
// as a group has or not.
func TestLinesBehindText(t *testing.T) {
	for _, width := range []int{64, 76} {
		for _, size := range []int{2400, 2401, 2402, 7000} {
			for name, front := range map[string]string{
				"words":      strings.Repeat("connection closed by the peer, ", size)[:size],
				"JSON":       `{"a":"` + strings.Repeat("0123456789abcdef", size)[:size] + `"}`,
				"of a token": `{"access_token":"` + largeToken(size) + `"}`,
			} {
				for round := range 5 {
					token := mint{rand.New(rand.NewPCG(67, uint64(round+1)))}.token()
					for _, lines := range []string{std(`{"access_token":"` + token + `"}`), std("Bearer " + token), token} {
						for _, line := range []string{std(front), base64.RawStdEncoding.EncodeToString([]byte(front))} {
							if !contains(detect(line+"\n"+fold(lines, width, "\n")+"\n"), token) {
								t.Errorf("lines of %d behind %d bytes of %s: lost in round %d", width, size, name, round)
							}
						}
					}
				}
			}
		}
	}
}

// TestEncodedLineAtEnd has a token that no needle tells of, in base64 that begins as a header does and whose line ends the text.
func TestEncodedLineAtEnd(t *testing.T) {
	for round := range 20 {
		token := mint{rand.New(rand.NewPCG(66, uint64(round)))}.any()
		inner := token
		for level := range 5 {
			inner = std(strings.Repeat("x", (round+level)%3) + inner)
		}
		for _, end := range []string{"", "\n", "\r\n", "\n  "} {
			if !contains(detect("a: "+std(`{"deep":"`+inner+`"}`)+end), token) {
				t.Errorf("%d, before %q: lost", round, end)
			}
		}
	}
}

// TestEncodedBehindScript has MIME of a text that has a character beyond ASCII at first, and wrapped twice in the same line a token: that
// the line is text shows further on.
func TestEncodedBehindScript(t *testing.T) {
	for round := range 20 {
		token := mint{rand.New(rand.NewPCG(98, uint64(round)))}.any()
		for _, width := range []int{64, 76} {
			text := fold(std("Hello \u00e9,\r\nthe link is "+std(hex.EncodeToString([]byte(token)))+"\r\nBye"), width, "\r\n")
			if found := detect("Subject: a\r\n\r\n" + text + "\r\n"); len(found) != 1 || !contains(found, token) {
				t.Errorf("lines of %d, round %d: found %d, or another", width, round, len(found))
			}
		}
	}
}

// TestWideBehindWord has base64 of base64 in UTF-16 right behind a character of single bytes, which may be one of base64 as well.
func TestWideBehindWord(t *testing.T) {
	for i, front := range []string{"", "A", "AB", "7", "\x00A", "\xffA", " ", "{", "z\x00A", "password A"} {
		for _, isBig := range []bool{false, true} {
			for round := range 6 {
				r := rand.New(rand.NewPCG(uint64(i), uint64(round)))
				token := mint{r}.token()
				text := front + utf16Text(std(std("pw: "+token)), isBig)
				if found := detect(text); !contains(found, token) || len(found) > 1 {
					t.Errorf("behind %q, big end first %t: found %d", front, isBig, len(found))
				}
			}
		}
	}
}
