package encoding_test

import (
	"fmt"
	"html"
	"math/rand/v2"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestSerializations puts JSON serializations into literals: each needs what stands in front of its header undone too.
func TestSerializations(t *testing.T) {
	for round := range 40 {
		r := rand.New(rand.NewPCG(17, uint64(round)))
		token := mint{r}.token()
		var segments [3]string
		copy(segments[:], strings.Split(token, "."))
		members := []string{
			`"protected":"` + segments[0] + `"`, `"payload":"` + segments[1] + `"`, `"signature":"` + segments[2] + `"`,
			`"header": {"kid": "a1", "x": ["` + strings.Repeat("y", r.IntN(200)) + `"]}`,
		}
		r.Shuffle(len(members), func(i, k int) { members[i], members[k] = members[k], members[i] })
		flat := "{" + strings.Join(members, [...]string{",", ",\n  ", ", "}[r.IntN(3)]) + "}"
		general := `{"payload":"` + segments[1] + `", "signatures": [{"signature":"` + segments[2] + `","protected":"` + segments[0] + `"}]}`
		message := "got " + strings.Repeat("word ", 10+r.IntN(100))
		for _, serialization := range []string{flat, general} {
			quoted := `{"log":` + strconv.Quote(message+serialization) + "}"
			escaped := strings.ReplaceAll(url.QueryEscape(serialization), "+", "%20")
			for name, test := range map[string]struct {
				text  string
				chain []string
			}{
				"JSON":             {quoted, []string{"json-escape"}},
				"JSON twice":       {strconv.Quote(quoted), []string{"json-escape", "json-escape"}},
				"percent":          {"GET /?body=" + escaped + "&x=1", []string{"percent"}},
				"percent twice":    {"GET /?body=" + url.QueryEscape(escaped), []string{"percent", "percent"}},
				"form":             {"body=" + url.QueryEscape(serialization), []string{"percent"}},
				"HTML":             {"<pre>" + message + html.EscapeString(serialization) + "</pre>", []string{"html-entity"}},
				"HTML attribute":   {`<a data-x="` + strings.ReplaceAll(serialization, `"`, "&quot;") + `">`, []string{"html-entity"}},
				"base64":           {std(message + serialization), []string{"base64"}},
				"base64 of JSON":   {std(quoted), []string{"base64", "json-escape"}},
				"escapes alone":    {`"` + eachByte(serialization, `\u%04x`) + `"`, []string{"json-escape"}},
				"octal alone":      {`"` + eachByte(serialization, `\%03o`) + `"`, []string{"json-escape"}},
				"entities alone":   {eachByte(serialization, "&#%d;"), []string{"html-entity"}},
				"UTF-16LE":         {utf16Text(message+serialization, false), []string{"utf-16le"}},
				"UTF-16BE":         {utf16Text(message+serialization, true), []string{"utf-16be"}},
				"base64 of UTF-16": {std(utf16Text(message+serialization, true)), []string{"base64", "utf-16be"}},
				"mail":             {strings.ReplaceAll(quotedPrintable(message+serialization), "\r\n", "\n"), []string{"quoted-printable"}},
				"doubled quotes":   {`a,"` + std(quoted) + `"" b`, []string{"base64", "json-escape"}},
				"percent in JSON":  {`{"url":"https://a.example/?b=` + escaped + `"}`, []string{"percent"}},
			} {
				found := detect("line\n" + test.text + "\nline\n")
				if !contains(found, token) || !slices.Equal(found[0].Encodings, test.chain) && name != "mail" {
					t.Errorf("%s, round %d: found %d, not by %q", name, round, len(found), test.chain)
				}
			}
		}
	}
}

// TestSegmentsOnLines breaks tokens at their full stops, of which segments are longer than the one before, and behind.
func TestSegmentsOnLines(t *testing.T) {
	const header, payload = "eyJhbGciOiJSUzI1NiJ9", "eyJpc3MiOiJqb2UifQ"
	key, tag := segment([]byte(strings.Repeat("signed", 43)[:256])), segment([]byte("sixteen bytes of"))
	signed := header + "." + payload + "." + key
	direct := "ewogICJhbGciOiAiZGlyIiwgImVuYyI6ICJBMjU2R0NNIgp9..MDEyMzQ1Njc4OWFi." + strings.Repeat("c3", 60) + "." + tag
	unsigned := "eyJhbGciOiJub25lIn0." + segment([]byte(`{"iss":"https://issuer.example"}`)) + "."
	for name, test := range map[string]struct{ text, token string }{
		"behind a full stop":           {strings.ReplaceAll(signed, ".", ".\n"), signed},
		"before a full stop":           {strings.ReplaceAll(signed, ".", "\n."), signed},
		"full stops on lines":          {strings.ReplaceAll(signed, ".", "\r\n.\r\n"), signed},
		"a standard's way":             {header + "\n.\n" + payload + "\n.\n" + fold(key, 64, "\n"), signed},
		"JWE without a key":            {strings.ReplaceAll(direct, ".", ".\n"), direct},
		"JWE without a key, before":    {strings.ReplaceAll(direct, ".", "\n."), direct},
		"with a margin":                {"    " + strings.ReplaceAll(signed, ".", ".\n    "), signed},
		"unsigned, in lines":           {fold(unsigned, 40, "\n"), unsigned},
		"unsigned, in lines of YAML":   {"token: >-\n  " + fold(unsigned, 30, "\n  "), unsigned},
		"literals with prefixes":       {`u8"` + fold(signed, 60, `" u8"`) + `"`, signed},
		"wide literals with prefixes":  {`L"` + fold(signed, 60, "\"\n  L\"") + `"`, signed},
		"UTF-16BE behind a line's end": {"\n" + utf16Text(direct, true), direct},
	} {
		if text := "text\n" + test.text + "\nnext: 1\n"; !contains(detect(text), test.token) {
			t.Errorf("%s: lost", name)
		}
	}
}

// TestContinuedByUnderscore has literals in lines that are continued as in Visual Basic, each of which breaks the header somewhere.
func TestContinuedByUnderscore(t *testing.T) {
	token := mint{rand.New(rand.NewPCG(63, 1))}.token()
	for front := range 60 {
		text := "x = \"" + fold(strings.Repeat("w", front)+"/"+token, 60, "\" & _\r\n    \"") + "\"\r\n"
		if !contains(detect(text), token) {
			t.Errorf("behind %d characters: lost", front)
		}
	}
}

// TestNoTagBehind cuts a JWE behind its last full stop: the word on the next line is no tag of it.
func TestNoTagBehind(t *testing.T) {
	for round := range 20 {
		token := mint{rand.New(rand.NewPCG(73, uint64(round)))}.encrypted()
		tag := strings.LastIndexByte(token, '.') + 1
		for _, next := range []string{"INFO", "another_line_of_it", "word word"} {
			if found := detect("Bearer " + token[:tag] + "\n" + next + "\n"); len(found) > 0 {
				t.Errorf("before %q: found %d", next, len(found))
			}
		}
		if !contains(detect("Bearer "+token[:tag]+"\n"+token[tag:]+"\n"), token) {
			t.Errorf("the tag on the next line is lost")
		}
	}
}

// TestWordBehind puts words of all lengths on the line behind a token: none is taken for more of its signature.
func TestWordBehind(t *testing.T) {
	signed := "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UifQ." + segment([]byte(strings.Repeat("signed", 43)[:256]))
	for length := range 800 {
		for _, word := range []string{"word", "bravo", "ey"} {
			words := strings.Repeat(word, length)[:length]
			found := detect(strings.Repeat(word, 90) + "\n" + signed + "\n" + words + "\n" + signed + "\n" + words + "\n")
			if len(found) != 2 || found[0].Token != signed || found[1].Token != signed {
				t.Fatalf("with %d characters of %q behind, found %d tokens, not the two", length, word, len(found))
			}
		}
	}
}

// TestQuotesOfOtherKinds has the full stops of a token in literals with other quotes than the segments.
func TestQuotesOfOtherKinds(t *testing.T) {
	for round := range 50 {
		token := mint{rand.New(rand.NewPCG(51, uint64(round)))}.token()
		for _, q := range []string{`"'`, `'"`, "\"`", "'`", "`\""} {
			for _, operator := range []string{" + ", "+", " . ", " +\n    ", "\n  || ", " & _\r\n\t"} {
				stop := q[:1] + operator + q[1:] + "." + q[1:] + operator + q[:1]
				text := "x = " + q[:1] + strings.ReplaceAll(token, ".", stop) + q[:1]
				for name, text := range map[string]string{"source": text, "JSON": `{"x":` + strconv.Quote(text) + "}", "base64": std(text), "HTML": "<p>" + html.EscapeString(text) + "</p>"} {
					if !contains(detect(text), token) {
						t.Errorf("quotes %s joined by %q in %s: lost in round %d", q, operator, name, round)
					}
				}
			}
		}
		if found := detect("echo '" + token + "'\"word\"\n"); len(found) != 1 || found[0].Token != token {
			t.Errorf("found %d tokens in front of other quotes, not the one", len(found))
		}
	}
}

// TestLiteralsInLiterals has the lines of a source, and its literals, inside a literal: what is between two of them is escaped.
func TestLiteralsInLiterals(t *testing.T) {
	for round := range 50 {
		r := rand.New(rand.NewPCG(52, uint64(round)))
		token, width := mint{r}.token(), 24+r.IntN(60)
		for _, joint := range []string{"'\n    '", "' +\n  '", "'\r\n  . '", "'\n\t|| '", "' & _\n    '", "' \\\n '", "' + \".\" + '"} {
			source := "t = '" + fold(token, width, joint) + "'"
			if strings.Contains(joint, ".\"") {
				source = "t = '" + strings.ReplaceAll(token, ".", joint) + "'"
			}
			escaped := func(all bool, format string) string {
				var b strings.Builder
				for i := range len(source) {
					if c := source[i]; c < ' ' || c == '\\' || c == '"' || all && strings.IndexByte("+|_&. ", c) >= 0 {
						fmt.Fprintf(&b, format, c)
					} else {
						b.WriteByte(c)
					}
				}
				return b.String()
			}
			for name, text := range map[string]string{
				"JSON":              `{"x":` + strconv.Quote(source) + "}",
				"JSON twice":        strconv.Quote(`{"x":` + strconv.Quote(source) + "}"),
				"C":                 `"` + escaped(false, `\x%02x`) + `"`,
				"JavaScript":        `"` + escaped(true, `\u%04X`) + `"`,
				"octal":             `"` + escaped(true, `\%03o`) + `"`,
				"a URL":             "?x=" + escaped(true, "%%%02X"),
				"HTML":              "<p>" + escaped(false, "&#%d;") + "</p>",
				"HTML, operators":   "<p>" + escaped(true, "&#x%x;") + "</p>",
				"a URL inside JSON": `{"x":"?x=` + escaped(true, "%%%02x") + `"}`,
			} {
				if !contains(detect("line\n"+text+"\nline\n"), token) {
					t.Errorf("%s, literals of %d joined by %q: lost in round %d", name, width, joint, round)
				}
			}
		}
	}
}

// TestLinesOfNotebooks has the lines of an output in an array, as a notebook has them.
func TestLinesOfNotebooks(t *testing.T) {
	for round := range 60 {
		r := rand.New(rand.NewPCG(97, uint64(round)))
		token := mint{r}.any()
		for form, text := range map[string]string{
			"quoted-printable": strings.ReplaceAll(quotedPrintable("see https://host.example/?t="+token+" there"), "\r", ""),
			"MIME":             fold(std("words "+token), 76, "\n"), "lines": fold(token, 60, "\n"),
		} {
			var lines []string
			for _, line := range strings.SplitAfter("out:\n"+text+"\nthe end", "\n") {
				lines = append(lines, strconv.Quote(line))
			}
			notebook := "{\n \"text\": [\n  " + strings.Join(lines, ",\n  ") + "\n ]\n}\n"
			if found := detect(notebook); len(found) != 1 || !contains(found, token) {
				t.Errorf("%s, round %d: found %d, or another", form, round, len(found))
			}
		}
	}
}

// TestUTF32OfSerializations finds a JSON serialization in UTF-32, the beginning of which stands in front of its header.
func TestUTF32OfSerializations(t *testing.T) {
	r := rand.New(rand.NewPCG(57, 1))
	for _, big := range []bool{false, true} {
		for front := range 40 {
			token := mint{r}.token()
			segments := strings.Split(token, ".")
			text := strings.Repeat("word\n ", front)[:front] + `{"payload":"` + segments[1] + `","protected":"` + segments[0] + `","signature":"` + segments[2] + `"}` + "\n"[:front%2]
			var wide []byte
			for _, c := range []byte(text) {
				if unit := []byte{c, 0, 0, 0}; !big {
					wide = append(wide, unit...)
				} else {
					wide = append(wide, 0, 0, 0, c)
				}
			}
			if !contains(detect(string(wide)), token) {
				t.Errorf("big endian %t, behind %d characters: lost", big, front)
			}
		}
	}
}
