package encoding_test

import (
	"encoding/hex"
	"fmt"
	"html"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/jwtleak/jwtleak/detectors/encoding"
)

// A besideForm is a token in one wrapping or two, with nothing around it.
type besideForm struct {
	chain string
	do    func(token string) string
}

func besideForms() []besideForm {
	forms := []besideForm{{"", func(s string) string { return s }}}
	dot := func(chain, with string) {
		forms = append(forms, besideForm{chain, func(s string) string { return strings.ReplaceAll(s, ".", with) }})
	}
	dot("percent", "%2E")
	dot("percent percent", "%252E")
	dot("json-escape", `\u002e`)
	dot("json-escape", `\x2e`)
	dot("json-escape", `\056`)
	dot("html-entity", "&#46;")
	dot("html-entity", "&#x2e;")
	dot("html-entity", "&period;")
	dot("html-entity html-entity", "&amp;#46;")
	dot("quoted-printable", "=2E")
	dot("percent quoted-printable", "%3D2E")
	dot("quoted-printable percent", "=252E")
	for _, form := range [][2]string{{"percent", "%%%02x"}, {"json-escape", `\x%02x`}, {"html-entity", "&#x%x;"}} {
		forms = append(forms, besideForm{form[0], func(s string) string { return eachByte(s, form[1]) }})
	}
	return append(forms,
		besideForm{"base64", std},
		besideForm{"base64 base64", func(s string) string { return std(std(s)) }},
		besideForm{"base64 percent", func(s string) string { return std(strings.ReplaceAll(s, ".", "%2E")) }},
		besideForm{"hex", func(s string) string { return hex.EncodeToString([]byte(s)) }},
		besideForm{"string-concat base64", func(s string) string { return fold(std(s), 50, "\" +\n    \"") }},
		besideForm{"percent base64", func(s string) string { return strings.ReplaceAll(strings.ReplaceAll(std(s), "=", "%3D"), "Z", "%5A") }},
		besideForm{"string-concat", func(s string) string { return fold(s, 50, "\" +\n    \"") }},
		besideForm{"line-wrap", func(s string) string { return fold(s, 60, "\n") }},
		besideForm{"quoted-printable", func(s string) string { return fold(s, 75, "=\n") }},
		besideForm{"utf-16le", func(s string) string { return utf16Text(s, false) }},
	)
}

// A besideText is what the text around a token, and it, are written in. Some of these leave the token as it is.
type besideText struct {
	name string
	do   func(text string) string
}

func besideTexts() []besideText {
	percent := strings.NewReplacer("%", "%25", "\n", "%0A", " ", "%20", "&", "%26", "=", "%3D", `"`, "%22", `\`, "%5C")
	return []besideText{
		{"", func(s string) string { return s }},
		{"json-escape", func(s string) string { return strings.ReplaceAll(jsonSome(s), `\u002e`, ".") }},
		{"percent", percent.Replace},
		{"html-entity", html.EscapeString},
		{"quoted-printable", func(s string) string { return strings.ReplaceAll(s, "=", "=3D") }},
		{"base64", std},
		{"hex", func(s string) string { return hex.EncodeToString([]byte(s)) }},
	}
}

// wrapped returns what a token in a form looks like in a text, and the wrappings that changed it.
func (outer besideText) wrapped(form besideForm, token string) (there, chain string) {
	inner := form.do(token)
	there, chain = outer.do(inner), form.chain
	switch isPadding := strings.HasSuffix(inner, "="); {
	case isPadding && outer.do(strings.TrimRight(inner, "=")) == strings.TrimRight(inner, "="):
	case there != inner:
		chain = strings.TrimSpace(outer.name + " " + chain)
	}
	return there, chain
}

// TestDebris has tokens in each wrapping between what looks like another one, or is one of the text around it: the chain has what
// was undone of the token, and the place is that of the token.
func TestDebris(t *testing.T) {
	debris := []string{
		"", "=3D", "x=3Dy", " x=", "x=", "= ", "%20", "a%2Eb", "%3D", `\n`, `\u0020`, `a\x41b`, `\"`, `\/`, `\\`, "&amp;", "&#38;", "&quot;", "&#x2e;",
		"4142434445", "d2Vla2x5IHJlcG9ydA==", "c29tZSB3b3Jkcw", "=", "x +", `"a" +`, "> x", "# x", "// x", "key: >-", "- ", "%", "&", "%2520", "%u0020", "=\r",
	}
	apart := [][2]string{{" ", " "}, {"\n", "\n"}, {"\n", " "}, {" ", "\n"}}
	r := rand.New(rand.NewPCG(*seed, 81))
	for _, outer := range besideTexts() {
		for _, form := range besideForms() {
			if outer.name == "json-escape" && strings.HasPrefix(form.chain, outer.name) {
				continue // which is one of them, behind more backslashes
			}
			for i := range len(debris) * len(debris) {
				front, behind := debris[i/len(debris)], debris[i%len(debris)]
				if front != "" && behind != "" && r.IntN(16) > 0 || r.IntN(8) >= encoding.Rounds(8) {
					continue
				}
				by := apart[r.IntN(len(apart))]
				if form.chain == "line-wrap" {
					by[1] = " " // a word on the next line, or padding, may be the last of it
				}
				token := mint{r}.token()
				there, chain := outer.wrapped(form, token)
				before := outer.do("a line of text\n" + front + by[0])
				text := before + there + outer.do(by[1]+behind+"\nand more text\n")
				if outer.name == "base64" || outer.name == "hex" {
					text = outer.do("a line of text\n" + front + by[0] + form.do(token) + by[1] + behind + "\nand more text\n")
				}
				found := detect("x = " + text)
				where := fmt.Sprintf("%s of %.12q (%s), %q%q in front, %q%q behind", outer.name, form.do("."), chain, front, by[0], by[1], behind)
				switch {
				case len(found) != 1 || found[0].Token != token:
					t.Errorf("%s: found %d, or another token", where, len(found))
				case strings.Join(found[0].Encodings, " ") != chain:
					t.Errorf("%s: said to be in %q", where, found[0].Encodings)
				case hasRun(chain):
				case found[0].Start != len("x = "+before) || found[0].End != len("x = "+before+there):
					t.Errorf("%s: place is %+d %+d", where, found[0].Start-len("x = "+before), found[0].End-len("x = "+before+there))
				}
			}
		}
	}
}

// hasRun reports whether the place of what is so wrapped may have more in it than the token.
func hasRun(chain string) bool {
	return strings.Contains(chain, "base64") || strings.Contains(chain, "hex") || strings.Contains(chain, "line-wrap")
}
