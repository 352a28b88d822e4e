package encoding_test

import (
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/jwtleak/jwtleak/detectors"
	"github.com/jwtleak/jwtleak/detectors/encoding"
)

// numbersOf writes bytes as numbers, so many on a line.
func numbersOf(text, format, separator, feed string, row int) string {
	var list strings.Builder
	for i, c := range []byte(text) {
		switch {
		case i == 0:
		case i%row == 0:
			list.WriteString(strings.TrimRight(separator, " ") + feed)
		default:
			list.WriteString(separator)
		}
		fmt.Fprintf(&list, format, c)
	}
	return list.String()
}

// TestNumbersBehindWords finds a token in a list of numbers wherever a line of it breaks the header, and whatever stands in front of the
// list: words and numbers that consist of its characters are none of it.
func TestNumbersBehindWords(t *testing.T) {
	r := rand.New(rand.NewPCG(23, 5))
	for _, front := range []string{"", "x\n", "200\n", "7\n", "abc\n", "payload \n", "size: 200\n", "int n=7;\n", "20 \n", "0x\n", "max 0x1\n", "1,2,3\n"} {
		for before := range 12 {
			token := mint{r}.token()
			text := front + "  " + numbersOf(strings.Repeat("%", before)+token, "0x%02x", ", ", "\n  ", 12) + "\n"
			if found := tokensIn(text); len(found) != 1 || found[0] != token {
				t.Errorf("behind %q and %d bytes: found %d tokens", front, before, len(found))
			}
		}
	}
}

// TestNumbersBehindSigns finds a token in a list of bytes right behind a sign that is a character of base64, but of no word.
func TestNumbersBehindSigns(t *testing.T) {
	token := mint{rand.New(rand.NewPCG(23, 6))}.token()
	for _, front := range []string{"/", "path/", "key_", "+", "-", "="} {
		for _, separator := range []string{":", " ", "-"} {
			text := "a line\n" + front + numbersOf(token, "%02x", separator, "", len(token)) + "\n"
			if found := tokensIn(text); len(found) != 1 || found[0] != token {
				t.Errorf("behind %q, %q between: found %d tokens", front, separator, len(found))
			}
		}
	}
}

// TestNumbersOfNoText has no candidate in lists of numbers in which a header seems to begin, and that go on with what is no text, as the
// names do in what generated code describes itself with.
func TestNumbersOfNoText(t *testing.T) {
	for _, form := range [][2]string{{"0x%02x", ", "}, {"0x%02x", ","}, {"%02x", ":"}, {"%02x", " "}, {"%02x", ","}} {
		text := "var described = []byte{" + numbersOf("R\x03keyB\xe2\x02\n6com.google", form[0], form[1], "\n\t", 100) + "}\n"
		if at := encoding.New().Prefilter().Index([]byte(text)); at >= 0 {
			t.Errorf("a candidate is at %d of %q", at, text)
		}
	}
}

// TestNumbersBroken finds a token in lists of numbers whose lines end anywhere in the header: that of a JWE is the only place that tells.
func TestNumbersBroken(t *testing.T) {
	const header, rest = `{"alg":"dir","enc":"A128GCM"}`, "..AAAAAAAAAAAAAAAA.BBBBBBBB.CCCCCCCCCCCCCCCCCCCCCA"
	token := base64.RawURLEncoding.EncodeToString([]byte(header)) + rest
	for _, form := range []struct{ format, separator, feed string }{
		{"0x%02x", ", ", "\n  "},
		{"0x%02x", ", ", "\r\n\t"},
		{"0x%02X", ",", "\n"},
		{"%02x", " ", "\n"},
		{"%02x", " ", " \n"},
		{"%02x", " ", "\r\n "},
		{"%02X", ":", "\n    "},
	} {
		for before := range 16 {
			text := "list\n" + numbersOf(strings.Repeat("%", before)+token, form.format, form.separator, form.feed, 16) + "\n"
			if found := tokensIn(text); len(found) != 1 || found[0] != token {
				t.Errorf("%q between %q, %q: behind %d bytes %d tokens are found", form.separator, form.format, form.feed, before, len(found))
			}
		}
	}
}

func tokensIn(text string) (tokens []string) {
	encoding.New().Detect([]byte(text), true, func(m detectors.Match) { tokens = append(tokens, m.Token) })
	return tokens
}
