package encoding_test

import (
	"encoding/json"
	"fmt"
	"html"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/jwtleak/jwtleak/detectors"
)

// feedsAs returns what writes a string literal whose line breaks are written so.
func feedsAs(feed string) func(string) string {
	return func(s string) string {
		s = strings.NewReplacer("\r\n", feed, "\n", feed, `\`, `\\`, `"`, `\"`).Replace(s)
		return `s = "` + s + `"`
	}
}

func asJSON(s string) string {
	b, _ := json.Marshal(map[string]string{"data": s})
	return string(b)
}

// lineEscapes are what escapes the breaks of lines, and by what that is told.
var lineEscapes = []struct {
	name  string
	do    func(string) string
	chain []string
}{
	{"JSON", asJSON, []string{"json-escape"}},
	{"JSON with slashes escaped", func(s string) string { return strings.ReplaceAll(asJSON(s), "/", `\/`) }, []string{"json-escape"}},
	{"JSON in JSON", func(s string) string { return asJSON(asJSON(s)) }, []string{"json-escape", "json-escape"}},
	{`\n`, feedsAs(`\n`), []string{"json-escape"}},
	{`\x0a`, feedsAs(`\x0a`), []string{"json-escape"}},
	{`\u000a`, feedsAs(`\u000a`), []string{"json-escape"}},
	{`\012`, feedsAs(`\012`), []string{"json-escape"}},
	{"HTML", func(s string) string {
		return `<p title="` + strings.NewReplacer("\r", "&#13;", "\n", "&#10;").Replace(html.EscapeString(s)) + `">`
	}, []string{"html-entity"}},
	{"HTML with greater-than signs", func(s string) string {
		return `<p title="` + strings.NewReplacer(`"`, "&quot;", "\r", "&#xD;", "\n", "&#xA;").Replace(s) + `">`
	}, []string{"html-entity"}},
	{"UTF-16LE", func(s string) string { return "\xff\xfe" + utf16Text(s, false) }, []string{"utf-16le"}},
	{"UTF-16BE", func(s string) string { return "\xfe\xff" + utf16Text(s, true) }, []string{"utf-16be"}},
}

// TestFramedInEscapes looks for tokens in base64 in narrow lines that have something besides, and whose breaks are escaped.
func TestFramedInEscapes(t *testing.T) {
	for i, escapes := range lineEscapes {
		for j, frame := range frames {
			for _, end := range []string{"\n", "\r\n"} {
				r := rand.New(rand.NewPCG(uint64(i), uint64(j)))
				width := 14 + r.IntN(28)
				if strings.HasPrefix(escapes.name, "UTF-16") {
					width = 9 + r.IntN(15)
				}
				if strings.HasPrefix(escapes.name, "HTML") || escapes.name == "JSON in JSON" {
					width = 26 + r.IntN(16) // of quotes there is much
				}
				token := mint{r}.token()
				text, chain := std(filler(r, r.IntN(200))+"\ntoken: "+token+"\n"+filler(r, 250)), slices.Clone(escapes.chain)
				if r.IntN(2) == 0 {
					text, chain = std(text), append(chain, "base64")
				}
				text = "some words in front" + end + framedText(text, frame[0], frame[1], end, width) + "the end" + end
				whole := escapes.do(text)
				if !strings.HasPrefix(escapes.name, "UTF-16") {
					whole = filler(r, r.IntN(3000)) + "\n" + whole + "\n" + filler(r, r.IntN(3000))
				}
				checkFramed(t, fmt.Sprintf("%s of lines of a width of %d, between %q and %q", escapes.name, width, frame[0], frame[1]+end), whole, token, append(chain, "base64"))
			}
		}
	}
}

// checkFramed checks that a token is found once, by which wrappings, and that a candidate is there.
func checkFramed(t *testing.T, name, text, token string, chain []string) {
	t.Helper()
	found := slices.DeleteFunc(detect(text), func(m detectors.Match) bool { return m.Token != token })
	if len(found) != 1 {
		t.Errorf("%s: found %d times", name, len(found))
		return
	}
	got := slices.DeleteFunc(slices.Clone(found[0].Encodings), func(name string) bool { return name == "string-concat" })
	if !slices.Equal(got, chain) {
		t.Errorf("%s: found in %q, want %q", name, found[0].Encodings, chain)
	}
	if !isCandidate(text) {
		t.Errorf("%s: no candidate", name)
	}
}

// TestFewFramedInEscapes looks for tokens in so few lines that only a needle in one of them points at it.
func TestFewFramedInEscapes(t *testing.T) {
	for i, escapes := range lineEscapes[:9] {
		for j, frame := range frames {
			r := rand.New(rand.NewPCG(uint64(i), uint64(j)))
			token := mint{r}.token()
			for !strings.HasPrefix(token, "eyJ") || frame[0] == "; " { // the needle is that of the commonest header, and the first line has to have a margin
				token, frame = mint{r}.token(), frames[0]
			}
			text := escapes.do(framedText(std(token), frame[0], frame[1], "\n", 24+r.IntN(20)))
			if !contains(detect(text), token) {
				t.Errorf("%s between %q and %q: not found", escapes.name, frame[0], frame[1])
			}
		}
	}
}

// TestFramedInEscapesInterrupted looks for a token far on in lines behind others that are like them, and that a line between which is none
// of them ends, or something in front that is of no literal.
func TestFramedInEscapesInterrupted(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 9))
	token := mint{r}.token()
	lines := framedText(std(filler(r, 2000)), " * ", "", "\n", 36)
	far := framedText(std(std(filler(r, 10000)+" "+token+" "+filler(r, 400))), " * ", "", "\n", 36)
	for name, text := range map[string]string{
		"another line": asJSON(lines + "and so on\n" + far),
		"a line feed":  `"data": ` + "\"some \\\n" + strings.TrimPrefix(asJSON("\n"+far), `{"data":"`),
	} {
		if !contains(detect(filler(r, 1000)+"\n"+text), token) {
			t.Errorf("behind %s: not found", name)
		}
	}
}
