package encoding_test

import (
	"encoding/hex"
	"html"
	"math/rand/v2"
	"mime/quotedprintable"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/jwtleak/jwtleak/detectors/encoding"
)

// pieces cuts a token into items of any width: two, or at its full stops, or as many as there are.
func (m mint) pieces(token string) []string {
	switch m.IntN(4) {
	case 0:
		return strings.SplitAfter(token, ".")
	case 1:
		return strings.Split(strings.ReplaceAll(token, ".", "\n.\n"), "\n")
	case 2:
		var pieces []string
		for len(token) > 60 {
			n := 10 + m.IntN(50)
			pieces, token = append(pieces, token[:n]), token[n:]
		}
		return append(pieces, token)
	}
	n := 8 + m.IntN(len(token)-16)
	return []string{token[:n], token[n:]}
}

// TestUnevenList breaks tokens over the items of lists that are joined, and over calls that each add one, at any width.
func TestUnevenList(t *testing.T) {
	for round := range encoding.Rounds(60) {
		m := mint{rand.New(rand.NewPCG(98, uint64(round)))}
		token := m.any()
		if strings.IndexByte(token, '.') > 900 {
			continue // a full stop is not looked for so far behind
		}
		pieces := m.pieces(token)
		for name, form := range inOrder(map[string][3]string{
			"joined":          {`t = ["`, `", "`, `"].join("");`},
			"joined in lines": {"t = \"\".join([\n    '", "',\n    '", "',\n])\n"},
			"Go":              {"t := strings.Join([]string{\n\t\"", "\",\n\t\"", "\",\n}, \"\")\n"},
			"Rust":            {`const T: &str = concat!("`, `", "`, `");`},
			"SQL":             {`SELECT CONCAT('`, `','`, `');`},
			"Terraform":       {"t = join(\"\", [\n  \"", "\",\n  \"", "\",\n])\n"},
			"CloudFormation":  {`{"Fn::Join": ["", ["`, `", "`, `"]]}`},
			"PHP":             {`$t = implode('', ['`, `', '`, `']);`},
			"calls":           {"new StringBuilder()\n  .append(\"", "\")\n  .append(\"", "\")\n  .toString();\n"},
			"Lua":             {`t = "`, "\" ..\n  \"", "\"\n"},
			"OCaml":           {`let t = "`, "\" ^\n  \"", "\"\n"},
		}) {
			found := detect("text\n" + form[0] + strings.Join(pieces, form[1]) + form[2] + "\ntext\n")
			if len(found) != 1 || found[0].Token != token || !slices.Equal(found[0].Encodings, []string{"string-concat"}) {
				t.Errorf("%s, round %d, of %d items: found %d, or another", name, round, len(pieces), len(found))
			}
		}
	}
}

// TestUnevenListEscaped has such lists in a mail, in JSON, in markup and in an address, where what stands in front of the first item is not undone with
// it.
func TestUnevenListEscaped(t *testing.T) {
	mail := func(text string) string {
		var b strings.Builder
		w := quotedprintable.NewWriter(&b)
		_, _ = w.Write([]byte(text))
		_ = w.Close()
		return b.String()
	}
	for round := range encoding.Rounds(60) {
		m := mint{rand.New(rand.NewPCG(101, uint64(round)))}
		token := m.token()
		pieces := m.pieces(token)
		for name, form := range inOrder(map[string][3]string{
			"joined":    {`t = ["`, `", "`, `"].join("");`},
			"Terraform": {"t = join(\"\", [\n  \"", "\",\n  \"", "\",\n])\n"},
			"SQL":       {`SELECT CONCAT('`, `','`, `');`},
			"calls":     {"sb\n  .append(\"", "\")\n  .append(\"", "\");\n"},
			"added":     {"t = \"", "\";\nt += \"", "\";\n"},
			"concat":    {`t = "`, `" + "`, `";`},
		}) {
			list := form[0] + strings.Join(pieces, form[1]) + form[2]
			for how, text := range inOrder(map[string]string{
				"mail": mail(list), "JSON": strconv.Quote(list), "HTML": html.EscapeString(list), "address": url.PathEscape(list), "base64": std(list),
			}) {
				if found := detect("text\n" + text + "\ntext\n"); len(found) != 1 || found[0].Token != token {
					t.Errorf("%s in %s, round %d, of %d items: found %d, or another", name, how, round, len(pieces), len(found))
				}
			}
		}
	}
}

// TestTwoItems breaks tokens over two items of a list that nothing joins.
func TestTwoItems(t *testing.T) {
	for round := range encoding.Rounds(100) {
		m := mint{rand.New(rand.NewPCG(99, uint64(round)))}
		token := m.token()
		n := 8 + m.IntN(len(token)-32)
		for _, text := range []string{
			`{"a": ["` + token[:n] + `", "` + token[n:] + `"], "b": 1}`,
			"{\n  \"a\": [\n    \"" + token[:n] + "\",\n    \"" + token[n:] + "\"\n  ]\n}\n",
		} {
			if found := detect(text); len(found) != 1 || found[0].Token != token {
				t.Errorf("round %d, at %d of %d: found %d, or another", round, n, len(token), len(found))
			}
		}
	}
}

// TestStrangersInList has tokens and what is left of some in lists of what has nothing to do with them: nothing is made up of both.
func TestStrangersInList(t *testing.T) {
	for round := range encoding.Rounds(200) {
		m := mint{rand.New(rand.NewPCG(100, uint64(round)))}
		token := m.token()
		signed := token[:strings.LastIndexByte(token, '.')+1]
		strangers := []string{
			"word", "config.yaml", "sha256", "application/json", "com.example.Foo", "another1", hex.EncodeToString(m.bytes(20)), segment(m.bytes(16)),
			segment(m.header("HS256", "")), segment(m.bytes(24 + m.IntN(70))), "550e8400-e29b-41d4-a716-446655440000",
		}
		m.Shuffle(len(strangers), func(i, j int) { strangers[i], strangers[j] = strangers[j], strangers[i] })
		strangers = strangers[:1+m.IntN(3)]
		for name, first := range map[string]string{
			"whole": token, "without a signature": signed, "cut": token[:len(token)-2-m.IntN(14)], "cut before": token[:len(signed)-2-m.IntN(20)],
		} {
			for _, form := range [][3]string{{`f("`, `", "`, `")`}, {`["`, `","`, `"].join(",")`}, {"[\n  \"", "\",\n  \"", "\",\n]"}} {
				found := detect(form[0] + strings.Join(append([]string{first}, strangers...), form[1]) + form[2])
				for _, match := range found {
					if !strings.HasPrefix(first, match.Token) {
						t.Errorf("%s, round %d, of %d others: made up", name, round, len(strangers))
					}
				}
				if name == "whole" && len(found) != 1 {
					t.Errorf("round %d: found %d", round, len(found))
				}
			}
		}
	}
}
