package encoding_test

import (
	"encoding/base64"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/jwtleak/jwtleak/detectors"
	"github.com/jwtleak/jwtleak/detectors/encoding"
)

// TestEscapedInMail names quoted-printable first where a mail is broken into lines, whatever is written in it.
func TestEscapedInMail(t *testing.T) {
	r := rand.New(rand.NewPCG(29, 3))
	for name, dot := range map[string]string{"html-entity": "&#46;", "json-escape": `\u002e`, "percent": "%2E"} {
		for _, front := range []string{"<p>your token ", `<a href="x"> "`, "", strings.Repeat("word ", 11)} {
			for range 20 {
				token := mint{r}.token()
				text := "Content-Transfer-Encoding: quoted-printable\r\n\r\n" + quotedPrintable(front+strings.ReplaceAll(token, ".", dot)+" and more") + "\r\n"
				var found []detectors.Match
				encoding.New().Detect([]byte(text), true, func(m detectors.Match) { found = append(found, m) })
				if len(found) != 1 || found[0].Token != token || !slices.Equal(found[0].Encodings, []string{"quoted-printable", name}) {
					t.Errorf("%s behind %q: %d are found, the first wrapped in %v", name, front, len(found), encodingsOf(found))
				}
			}
		}
	}
}

func encodingsOf(found []detectors.Match) []string {
	if len(found) == 0 {
		return nil
	}
	return found[0].Encodings
}

// TestQuotedInHTML has a token, as it is and in base64, in the lines of a mail that is quoted, as an archive shows it.
func TestQuotedInHTML(t *testing.T) {
	for _, margin := range []string{"&gt; ", "&gt;", "&gt; &gt; ", "&gt;&gt; "} {
		for round := range 60 {
			r := rand.New(rand.NewPCG(31, uint64(round)))
			token := mint{r}.token()
			for form, text := range inOrder(map[string]string{
				"plain":  "token=" + token,
				"base64": base64.StdEncoding.EncodeToString([]byte("user: a\nauthorization: Bearer " + token + "\n")),
			}) {
				lines := margin + fold(text, 48+r.IntN(29), "\n"+margin)
				if !contains(detect("<pre>\n"+lines+"\n</pre>\n"), token) {
					t.Errorf("%s behind %q: lost in round %d", form, margin, round)
				}
			}
		}
	}
}

// TestSoftBreaksInNeedles has base64 of text in soft lines of all widths, of which what a token begins with may be broken in each.
func TestSoftBreaksInNeedles(t *testing.T) {
	for width := 8; width <= 40; width++ {
		for round := range 16 {
			r := rand.New(rand.NewPCG(uint64(width), uint64(round)))
			token := mint{r}.token()
			end := []string{"=\n", "=\r\n"}[round%2]
			text := fold(std(filler(r, 20+r.IntN(60))+" "+token+"\n"+filler(r, r.IntN(400))), width, end)
			found := detect([]string{"", "data: ", "  "}[round%3] + text + "\n\nthe end\n")
			if !contains(found, token) || len(found) > 1 || found[0].Encodings[0] != "quoted-printable" {
				t.Errorf("of a width of %d, round %d: found %d", width, round, len(found))
			}
		}
	}
}
