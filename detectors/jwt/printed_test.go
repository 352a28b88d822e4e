package jwt

import (
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// printings are how a serialization is printed or written: of one member, between members, and around all.
var printings = map[string]struct{ front, member, between, behind string }{
	"Go's map":          {"got map[", "%s:%s", " ", "]"},
	"Go's struct":       {"got &{", "%s:%s", " ", "}"},
	"Go's syntax":       {"got main.JWS{", `%s:"%s"`, ", ", "}"},
	"Java's map":        {"jws={", "%s=%s", ", ", "}"},
	"Java's record":     {"Jws[", "%s=%s", ", ", "]"},
	"Kotlin":            {"Jws(", "%s='%s'", ", ", ")"},
	"array of PHP":      {"$jws = array(\n", "    '%s' => '%s',\n", "", ");"},
	"print_r":           {"Array\n(\n", "    [%s] => %s\n", "", ")"},
	"var_dump":          {"array(3) {\n", "  [\"%s\"]=>\n  string(58) \"%s\"\n", "", "}"},
	"serialize":         {"a:3:{", `s:9:"%s";s:58:"%s";`, "", "}"},
	"struct of Ruby":    {"#<struct JWS ", `%s="%s"`, ", ", ">"},
	"table of Lua":      {"jws = {", `["%s"] = "%s"`, ", ", "}"},
	"YAML":              {"jws:\n", "  %s: %s\n", "", ""},
	"YAML, in quotes":   {"jws:\n", "  %s: \"%s\"\n", "", ""},
	"YAML, in one line": {"jws: {", "%s: %s", ", ", "}"},
	"XML":               {"<jws>", "<%[1]s>%[2]s</%[1]s>", "\n  ", "</jws>"},
	"TOML":              {"[jws]\n", "%s = \"%s\"\n", "", ""},
	"properties":        {"", "%s=%s\n", "", ""},
	"Clojure":           {"{", `:%s "%s"`, ", ", "}"},
	"JSON that is cut":  {"{", `"%s":"%s"`, ",", ""},
}

// randomSigned makes a token with a signature of random bytes.
func randomSigned(r *rand.Rand) string {
	signature := make([]byte, 32)
	for i := range signature {
		signature[i] = byte(r.IntN(256))
	}
	return encode(hs256) + "." + encode(fmt.Sprintf(`{"sub":"%d"}`, r.IntN(1_000_000))) + "." + base64.RawURLEncoding.EncodeToString(signature)
}

// TestPrinted has two serializations in each form, one behind the other, their members in any order.
func TestPrinted(t *testing.T) {
	for name, p := range printings {
		for round := range 60 {
			r := rand.New(rand.NewPCG(71, uint64(round)))
			names, order := []string{"protected", "payload", "signature"}, r.Perm(3)
			if round%6 == 5 {
				names = []string{"protected", "encrypted_key", "iv", "ciphertext", "tag"}
				order = r.Perm(5)
			}
			var tokens, want []string
			var text strings.Builder
			for range 2 {
				token := randomSigned(r)
				if len(names) == 5 {
					token = encrypted(fmt.Sprintf(`{"alg":"A128KW","enc":"A128GCM","kid":"%d"}`, r.IntN(1_000_000)), 24)
				}
				tokens = append(tokens, token)
				segments := strings.Split(token, ".")
				var list []string
				for _, i := range order {
					list = append(list, fmt.Sprintf(p.member, names[i], segments[i]))
				}
				text.WriteString("INFO one of them:\n" + p.front + strings.Join(list, p.between) + p.behind + "\n")
			}
			for _, match := range detect(text.String()) {
				want = append(want, match.Token)
				decodesAlone(t, match)
			}
			if strings.Join(want, " ") != strings.Join(tokens, " ") {
				t.Errorf("%s, round %d, order %v: found %d of 2, or others", name, round, order, len(want))
			}
			if round < 12 {
				compareBlocks(t, []byte(text.String()), func() int { return 1 + r.IntN(text.Len()) })
			}
		}
	}
}

// TestPrintedGeneral has several signatures of one payload.
func TestPrintedGeneral(t *testing.T) {
	r := rand.New(rand.NewPCG(72, 1))
	one := strings.Split(randomSigned(r), ".")
	two := strings.Split(randomSigned(r), ".")
	for name, text := range map[string]string{
		"Node.js": fmt.Sprintf("// { payload: '%s',\n//   signatures:\n//    [ { protected: '%s',\n//        header: { foo: 'bar' },\n//        signature: '%s' },\n//      { protected: '%s',\n//        header: { foo: 'baz' },\n//        signature:\n//         '%s' } ] }\n", one[1], one[0], one[2], two[0], two[2]),
		"Go":      fmt.Sprintf("map[payload:%s signatures:[map[protected:%s signature:%s] map[protected:%s signature:%s]]]", one[1], one[0], one[2], two[0], two[2]),
		"YAML":    fmt.Sprintf("payload: %s\nsignatures:\n- protected: %s\n  signature: %s\n- protected: %s\n  signature: %s\n", one[1], one[0], one[2], two[0], two[2]),
		"print_r": fmt.Sprintf("Array\n(\n    [payload] => %s\n    [signatures] => Array\n        (\n            [0] => Array\n                (\n                    [protected] => %s\n                    [signature] => %s\n                )\n\n            [1] => Array\n                (\n                    [protected] => %s\n                    [signature] => %s\n", one[1], one[0], one[2], two[0], two[2]),
	} {
		found := detect(text)
		if len(found) != 2 || found[0].Token != strings.Join(one, ".") || found[1].Token != two[0]+"."+one[1]+"."+two[2] {
			t.Errorf("%s: found %d of 2, or others", name, len(found))
		}
	}
}

// TestPrintedBehindCut has what is left of a serialization of which the beginning is missing, and whole ones behind it: of the members of
// different ones no token is made.
func TestPrintedBehindCut(t *testing.T) {
	r := rand.New(rand.NewPCG(75, 1))
	cut, one, two := strings.Split(randomSigned(r), "."), strings.Split(randomSigned(r), "."), strings.Split(randomSigned(r), ".")
	rest := fmt.Sprintf(`,"protected":%q,"signature":%q}`, cut[0], cut[2])
	flattened := fmt.Sprintf(`{"payload":%q,"protected":%q,"signature":%q}`, one[1], one[0], one[2])
	headerFirst := fmt.Sprintf(`{"protected":%q,"payload":%q,"signature":%q}`, one[0], one[1], one[2])
	general := fmt.Sprintf(`{"payload":%q,"signatures":[{"protected":%q,"signature":%q}]}`, one[1], one[0], one[2])
	tail := fmt.Sprintf(`},{"protected":%q,"signature":%q}],"payload":%q}`, two[0], two[2], one[1])
	front := fmt.Sprintf(`x{"signatures":[{"protected":%q,"signature":%q`, one[0], one[2])
	both := []string{strings.Join(one, "."), two[0] + "." + one[1] + "." + two[2]}
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"flattened":                {rest + "\n" + flattened, both[:1]},
		"header first":             {rest + "," + headerFirst, both[:1]},
		"general":                  {rest + " " + general, both[:1]},
		"in a line of a log":       {rest + " and " + general, both[:1]},
		"of the whole one no more": {rest + "\n" + flattened[:len(flattened)-60], nil},
		"payload behind both":      {front + tail[:len(tail)-1], both},
	} {
		var found []string
		for _, match := range detect(c.text) {
			found = append(found, match.Token)
		}
		if strings.Join(found, " ") != strings.Join(c.want, " ") {
			t.Errorf("%s: found %d of %d, or others", name, len(found), len(c.want))
		}
	}
}

// TestPrintedInComment has a long value on a line of its own, as who formats sources puts it.
func TestPrintedInComment(t *testing.T) {
	r := rand.New(rand.NewPCG(78, 1))
	token := encrypted(`{"alg":"RSA-OAEP-256","enc":"A256GCM"}`, 256)
	segments := strings.Split(token, ".")
	names := []string{"protected", "encrypted_key", "iv", "ciphertext", "tag"}
	for round := range 20 {
		text := " * const jwe = {\n"
		for _, i := range r.Perm(len(names)) {
			between := " "
			if names[i] == "encrypted_key" {
				text += " *   aad: 'VGhlIEZlbGxv',\n"
				between = "\n *     "
			}
			text += " *   " + names[i] + ":" + between + "'" + segments[i] + "',\n"
		}
		if found := detect(text + " *   aad: 'VGhlIEZlbGxv',\n * }\n"); len(found) != 1 || found[0].Token != token {
			t.Errorf("round %d: found %d, or another", round, len(found))
		}
	}
}

// TestPrintedOfTwo has what is left of one serialization and a whole one, in any two forms and orders, one behind the other: what is found is
// the token of the whole one.
func TestPrintedOfTwo(t *testing.T) {
	names := []string{"protected", "payload", "signature"}
	for first, a := range printings {
		for second, b := range printings {
			for round := range 6 {
				r := rand.New(rand.NewPCG(76, uint64(round)))
				write := func(p struct{ front, member, between, behind string }, token string, missing int) string {
					var list []string
					for _, i := range r.Perm(len(names)) {
						if i != missing {
							list = append(list, fmt.Sprintf(p.member, names[i], strings.Split(token, ".")[i]))
						}
					}
					return p.front + strings.Join(list, p.between) + p.behind
				}
				left, whole := randomSigned(r), randomSigned(r)
				texts := []string{write(a, left, round%3), write(b, whole, -1)}
				if round >= 3 {
					texts = []string{write(b, whole, -1), write(a, left, round%3)}
				}
				text := "INFO two of them:\n" + strings.Join(texts, "\nINFO and\n") + "\n"
				if found := detect(text); len(found) != 1 || found[0].Token != whole {
					t.Errorf("%s and %s, round %d: found %d, or another", first, second, round, len(found))
				}
				compareBlocks(t, []byte(text), func() int { return 1 + r.IntN(len(text)) })
			}
		}
	}
}

// TestPrintedInRow has serializations with nothing between them, of which the text has all, or not the beginning of the first.
func TestPrintedInRow(t *testing.T) {
	r := rand.New(rand.NewPCG(77, 1))
	var tokens []string
	text := ""
	for range 40 {
		token := strings.Split(randomSigned(r), ".")
		tokens = append(tokens, strings.Join(token, "."))
		text += fmt.Sprintf("INFO payload=%s\nINFO protected=%s\nINFO signature=%s\n", token[1], token[0], token[2])
	}
	for _, cut := range []int{0, 1, 2} {
		text, want := text, tokens
		for range cut {
			_, text, _ = strings.Cut(text, "\n")
			want = tokens[1:]
		}
		var found []string
		for _, match := range detect(text) {
			found = append(found, match.Token)
		}
		if strings.Join(found, " ") != strings.Join(want, " ") {
			t.Errorf("without %d lines: found %d of %d, or others", cut, len(found), len(want))
		}
		compareBlocks(t, []byte(text), func() int { return 1 + r.IntN(4000) })
	}
}

// TestListed has the segments of a token as those of a list.
func TestListed(t *testing.T) {
	for _, form := range []struct{ front, between, behind string }{
		{`["`, `", "`, `"].join(".")`}, {`'.'.join(['`, `', '`, `'])`}, {"strings.Join([]string{\n\t\"", "\",\n\t\"", "\",\n}, \".\")"}, {"got [", " ", "]"}, {`["`, `","`, `"]`},
		{`%w[`, " ", `].join(".")`}, {"[`", "`, `", "`].join('.')"},
		{"b'.'.join([b'", "', b'", "'])"}, {"parts:\n  - ", "\n  - ", "\nend: 1"},
	} {
		for round := range 60 {
			r := rand.New(rand.NewPCG(73, uint64(round)))
			token := randomSigned(r)
			if round%6 == 5 {
				token = encrypted(`{"alg":"A128KW","enc":"A128GCM"}`, 24)
			}
			if round%6 == 4 && strings.Contains(form.between, ",") {
				token = encrypted(`{"alg":"dir","enc":"A128GCM"}`, 0)
			}
			text := "a line\n" + form.front + strings.ReplaceAll(token, ".", form.between) + form.behind + "\n"
			if found := detect(text); len(found) != 1 || found[0].Token != token {
				t.Errorf("%q, round %d: found %d", form.front, round, len(found))
			}
			compareBlocks(t, []byte(text), func() int { return 1 + r.IntN(len(text)) })
		}
	}
}

// TestPrintedNot has what is like a serialization that is printed, and no token.
func TestPrintedNot(t *testing.T) {
	parts := strings.Split(randomSigned(rand.New(rand.NewPCG(74, 1))), ".")
	header, payload, signature := parts[0], parts[1], parts[2]
	jwe := strings.Split(encrypted(`{"alg":"A128KW","enc":"A128GCM"}`, 24), ".")
	for name, text := range map[string]string{
		"a word for a signature":          fmt.Sprintf("protected: %s\npayload: %s\nsignature: missing\n", header, payload),
		"half a signature":                fmt.Sprintf("protected: %s\npayload: %s\nsignature: %s\n", header, payload, signature[:20]),
		"no signature":                    fmt.Sprintf("protected: %s\npayload: %s\n", header, payload),
		"no payload":                      fmt.Sprintf("protected: %s\nsignature: %s\n", header, signature),
		"payload of no JSON":              fmt.Sprintf("protected: %s\npayload: AAAA\nsignature: %s\n", header, signature),
		"other names":                     fmt.Sprintf("head: %s\nbody: %s\nsum: %s\n", header, payload, signature),
		"far from each other":             fmt.Sprintf("protected: %s\n%s\npayload: %s\nsignature: %s\n", header, strings.Repeat("some text ", 20), payload, signature),
		"two of three":                    fmt.Sprintf("[%q, %q]", header, payload),
		"a list of others":                fmt.Sprintf("[%q, %q, %q]", header, payload, "a.js"),
		"a JWE without its key":           fmt.Sprintf("protected: %s\niv: %s\nciphertext: %s\ntag: %s\n", jwe[0], jwe[2], jwe[3], jwe[4]),
		"another order":                   fmt.Sprintf("[%q, %q, %q, %q, %q]", jwe[0], jwe[4], jwe[3], jwe[1], jwe[4]),
		"a JWE of JSON without its key":   fmt.Sprintf(`{"protected":%q,"iv":%q,"ciphertext":%q,"tag":%q}`, jwe[0], jwe[2], jwe[3], jwe[4]),
		"a ciphertext that is cut":        fmt.Sprintf("protected: %s\nencrypted_key: %s\niv: %s\ntag: %s\nciphertext: %s", jwe[0], jwe[1], jwe[2], jwe[4], jwe[3]),
		"a ciphertext with an ellipsis":   fmt.Sprintf("protected: %s\nencrypted_key: %s\niv: %s\ntag: %s\nciphertext: %s...\n", jwe[0], jwe[1], jwe[2], jwe[4], jwe[3]),
		"a list of headers":               fmt.Sprintf("%s %s %s", header, header, signature),
		"segments of two lists":           fmt.Sprintf("[%s], %s\n%s", header, payload, signature),
		"a field with a signature's name": fmt.Sprintf("payload=%s signature=none protected=%s signature=%s", payload, header, signature),
		"ellipsis":                        fmt.Sprintf("[%s... %s... %s...]", header[:20], payload[:9], signature[:9]),
	} {
		if found := detect(text); len(found) != 0 {
			t.Errorf("%s: found %d", name, len(found))
		}
	}
}
