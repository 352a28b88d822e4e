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

// jsonWith returns JSON of about a size that has a token at its beginning, in the middle and at its end.
func jsonWith(size int, tokens [3]string) string {
	random := rand.New(rand.NewPCG(7, 7))
	var text strings.Builder
	text.WriteString(`{"items":[`)
	for i, token := range tokens {
		fmt.Fprintf(&text, `{"token":"%s"}`, token)
		for i < 2 && text.Len() < (i+1)*size/2 {
			fmt.Fprintf(&text, `,{"id":%d,"name":"user %d","tags":["a","b"],"note":"says \"hi\"\nbye"}`, random.Uint32(), random.IntN(1000))
		}
		if i < 2 {
			text.WriteString(",")
		}
	}
	text.WriteString("]}")
	return text.String()
}

// mailLines breaks a text as mail is.
func mailLines(text, feed string) string {
	var broken strings.Builder
	for ; len(text) > 76; text = text[76:] {
		broken.WriteString(text[:76] + feed)
	}
	return broken.String() + text
}

// TestSignatureFarInFront has JSON serializations in lines of base64 whose header stands far behind what else they are made of.
func TestSignatureFarInFront(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 15))
	for _, gap := range []int{0, 1000, 5000, 20_000, 45_000} {
		for name, feed := range inOrder(map[string]string{"lines": "\n", "lines of a margin": "\n  ", "lines of mail": "\r\n"}) {
			token := mint{r}.token()
			segments := strings.Split(token, ".")
			for order, json := range map[string]string{
				"signature": fmt.Sprintf(`{"signature": %q, "x": %q, "protected": %q, "payload": %q}`, segments[2], strings.Repeat("ab ", gap/3), segments[0], segments[1]),
				"payload": fmt.Sprintf(`{"payload": %q, "x": %q, "signatures": [{"protected": %q, "signature": %q}]}`,
					segments[1], strings.Repeat("ab ", gap/3), segments[0], segments[2]),
			} {
				found := detect("data:\n" + strings.TrimLeft(feed, "\r\n") + mailLines(std(json), feed) + "\n")
				if len(found) != 1 || found[0].Token != token {
					t.Errorf("%s first, %d bytes further on a header, in %s: %d tokens found", order, gap, name, len(found))
				}
			}
		}
	}
}

// TestLargeJSON undoes base64 of JSON whole, in lines or in one that goes on, however many times over: it begins as a header does, and is
// like one to its end.
func TestLargeJSON(t *testing.T) {
	encode, lines := std, mailLines
	var tokens [3]string
	for i := range tokens {
		payload := base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, `{"sub":"user %d"}`, i))
		tokens[i] = "eyJhbGciOiJIUzI1NiJ9." + payload + "." + base64.RawURLEncoding.EncodeToString(make([]byte, 32))
	}
	for _, test := range []struct {
		name string
		wrap func(text string) string
	}{
		{"a line and another", func(text string) string { return "data:\n" + encode(text) + "\nend\n" }},
		{"a line behind text", func(text string) string { return "data: " + encode(text) + "\nend\n" }},
		{"lines", func(text string) string { return "data:\n" + lines(encode(text), "\n") + "\n\nend\n" }},
		{"lines behind a margin", func(text string) string { return "data: |\n  " + lines(encode(text), "\n  ") + "\n" }},
		{"lines of base64 of base64", func(text string) string { return lines(encode(encode(text)), "\r\n") }},
		{"lines of base64 of lines", func(text string) string { return lines(encode(lines(encode(text), "\n")), "\n") }},
		{"base64 of lines", func(text string) string { return encode(lines(encode(text), "\n")) + "\nend\n" }},
		{"three times", func(text string) string { return encode(encode(encode(text))) }},
	} {
		const size = 3 << 19
		found := map[string]int{}
		encoding.New().DetectBounded([]byte(test.wrap(jsonWith(size, tokens))), true, func(m detectors.Match) { found[m.Token]++ },
			func(reason string) { t.Errorf("%s: %s", test.name, reason) })
		for i, token := range tokens {
			if found[token] != 1 {
				t.Errorf("%s: token %d was found %d times", test.name, i, found[token])
			}
		}
	}
}
