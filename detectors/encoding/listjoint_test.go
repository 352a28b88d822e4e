package encoding_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// TestListed breaks tokens, plain and wrapped, over the string literals of a list, and over statements that each add one.
func TestListed(t *testing.T) {
	for name, form := range map[string][3]string{
		"array":            {`t = ["`, `", "`, `"].join("")`},
		"tight array":      {`t = ['`, `','`, `'];`},
		"array in lines":   {"x := []string{\n\t\"", "\",\n\t\"", "\",\n}\n"},
		"of a patch":       {"+ t = [\n+  \"", "\",\n+  \"", "\"\n+ ]\n"},
		"arguments":        {"t = concat(\n  \"", "\",\n  \"", "\")\n"},
		"added":            {"let t = \"", "\";\nt += \"", "\";\n"},
		"added by a point": {"    $t = '", "';\n    $t .= '", "';\n"},
		"added in Basic":   {"Dim s = \"", "\"\r\ns = s & \"", "\"\r\n"},
		"appended":         {"sb.append(\"", "\");\n  sb.append(\"", "\");\n"},
	} {
		for width := 24; width < 66; width += 7 {
			token := mint{rand.New(rand.NewPCG(91, uint64(width)))}.token()
			for how, content := range inOrder(map[string]string{"plain": token, "base64": std("pw: " + token), "escaped": eachByte(token, `\x%02x`)}) {
				if how == "escaped" {
					width = width / 4 * 4
				}
				text := "text\n" + form[0] + fold(content, width, form[1]) + form[2] + "\ntext\n"
				if found := detect(text); !contains(found, token) || len(found) > 1 {
					t.Errorf("%s, %s, of a width of %d: found %d", name, how, width, len(found))
				}
			}
		}
	}
}

// TestOthersInList has lists of what is not of one token: nothing is made up of it, and those that are whole are found.
func TestOthersInList(t *testing.T) {
	for round := range 60 {
		r := rand.New(rand.NewPCG(93, uint64(round)))
		token, other := mint{r}.token(), mint{r}.token()
		cut := token[:len(token)-3-r.IntN(12)]
		for name, test := range map[string]struct {
			text  string
			known []string // what may be found
			all   bool     // or is to be
		}{
			"two":              {`["` + token + `", "` + other + `"]`, []string{token, other}, true},
			"a key behind":     {`verify("` + token + `", "s3cret")`, []string{token}, true},
			"cut, a word":      {`f("` + cut + `", "word")`, []string{cut}, false},
			"cut, more words":  {`["` + cut + `", "another", "of words"]`, []string{cut}, false},
			"members":          {`{"a":"` + cut + `","b":"word"}`, []string{cut}, false},
			"other statements": {"a = \"" + cut + "\";\nb += \"word\";\n", []string{cut}, false},
			"no string added":  {"t = \"" + cut + "\";\nt = f + \"word\";\n", []string{cut}, false},
		} {
			found := detect(test.text)
			for _, match := range found {
				if !slices.ContainsFunc(test.known, func(token string) bool { return strings.HasPrefix(token, match.Token) }) {
					t.Errorf("%s, round %d: made up", name, round)
				}
			}
			if test.all && len(found) != len(test.known) {
				t.Errorf("%s, round %d: found %d", name, round, len(found))
			}
		}
	}
}
