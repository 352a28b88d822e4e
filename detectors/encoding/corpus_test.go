package encoding_test

import (
	"encoding/base64"
	"encoding/hex"
	"flag"
	"fmt"
	"html"
	"iter"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/jwtleak/jwtleak/detectors"
)

var update = flag.Bool("update", false, "write the corpus of wrapped tokens anew")

const corpusDir = "../../testdata/wrapped"

// Published samples.
const (
	// RFC 7515, appendix A.1.
	sampleHS256 = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFt" +
		"cGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
	// RFC 7515, appendix A.3.
	sampleES256 = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0" +
		"cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"
	// RFC 7519, section 6.1.
	sampleNone = "eyJhbGciOiJub25lIn0.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ."
	// The sample of jwt.io.
	sampleIO = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ." +
		"SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c"
)

// A form is one way to find a token in, and the chain of wrappings that it is.
type form struct {
	file, chain, token, text string
}

// inOrder goes through a table by name: where what is random is drawn for each, it is the same in each run.
func inOrder[V any](table map[string]V) iter.Seq2[string, V] {
	return func(yield func(string, V) bool) {
		for _, name := range slices.Sorted(maps.Keys(table)) {
			if !yield(name, table[name]) {
				return
			}
		}
	}
}

func std(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }

func forms() []form {
	dots := func(s, with string) string { return strings.ReplaceAll(s, ".", with) }
	return slices.Concat(base64Forms(), lineForms(), literalForms(), []form{
		{"plain.txt", "", sampleIO, "Authorization: Bearer " + sampleIO + "\n"},
		{"percent-dots.txt", "percent", sampleIO, "GET /callback?token=" + dots(sampleIO, "%2E") + "&state=1 HTTP/1.1\n"},
		{"percent-twice.txt", "percent percent", sampleIO, "Location: /login?next=%252Fcb%253Ftoken%253D" + dots(sampleIO, "%252E") + "%2526x\n"},
		{"percent-all.txt", "percent", sampleIO, "q=" + eachByte(sampleIO, "%%%02x") + "\n"},
		{"json-dots.txt", "json-escape", sampleIO, `{"token":"` + dots(sampleIO, `\u002e`) + "\"}\n"},
		{"json-all.txt", "json-escape", sampleIO, `{"token":"` + eachByte(sampleIO, `\u%04x`) + "\"}\n"},
		{"json-twice.txt", "json-escape json-escape", sampleIO, `{"log":"{\"token\":\"` + dots(sampleIO, `\\u002e`) + "\\\"}\"}\n"},
		{"quoted-log.txt", "", sampleIO, `msg="{\"authorization\":\"Bearer ` + sampleIO + "\\\"}\"\n"},
		{"source-hex.txt", "json-escape", sampleIO, `const char t[] = "` + dots(sampleIO, `\x2e`) + "\";\n"},
		{"source-hex-all.txt", "json-escape", sampleIO, `const char t[] = "` + eachByte(sampleIO, `\x%02x`) + "\";\n"},
		{"quoted-printable.txt", "quoted-printable", sampleIO, "Your token: " + quotedPrintable("token="+sampleIO) + "\r\nBye\r\n"},
		{"html-dots.txt", "html-entity", sampleIO, "<code>" + dots(sampleIO, "&#46;") + "</code>\n"},
		{"html-named.txt", "html-entity", sampleIO, "<code>" + dots(sampleIO, "&period;") + "</code>\n"},
		{"html-all.txt", "html-entity", sampleIO, "<code>" + eachByte(sampleIO, "&#x%x;") + "</code>\n"},
		{"html-attribute.txt", "", sampleIO, html.EscapeString(`{"t":"`+sampleIO+`"}`) + "\n"},
		{"utf-16le.bin", "utf-16le", sampleIO, "\xff\xfe" + utf16Text("token: "+sampleIO+"\r\n", false)},
		{"utf-16be.bin", "utf-16be", sampleIO, "\xfe\xff" + utf16Text("token: "+sampleIO+"\r\n", true)},
		{"utf-16le-odd.bin", "utf-16le", sampleIO, "\x01\x02\x03" + utf16Text(sampleIO, false) + "\xee\xff"},
		{"hex.sql", "hex", sampleIO, `INSERT INTO sessions VALUES (1, X'` + hex.EncodeToString([]byte(sampleIO)) + "');\n"},
		{"hex-0x.sql", "hex", sampleIO, "INSERT INTO sessions VALUES (1, 0x" + strings.ToUpper(hex.EncodeToString([]byte(sampleIO))) + ");\n"},
		{"hex-bytea.sql", "hex", sampleIO, `1	\\x` + hex.EncodeToString([]byte(`{"t":"`+sampleIO+`"}`)) + "\n"},
		{"powershell.txt", "base64 utf-16le", sampleIO, "powershell -EncodedCommand " + std(utf16Text("$t = '"+sampleIO+"'", false)) + "\n"},
		{"percent-base64.txt", "percent base64", sampleES256, "SAML=" + percentSome(fold(std("<a>"+sampleES256+"</a>"), 76, "\r\n")) + "\n"},
	})
}

func base64Forms() []form {
	return []form{
		{"base64.yaml", "base64", sampleIO, "kind: Secret\ndata:\n  token: " + std(sampleIO) + "\n"},
		{"base64-one-before.txt", "base64", sampleIO, "data:text/plain;base64," + std("x"+sampleIO) + "\n"},
		{"base64-two-before.txt", "base64", sampleIO, "Authorization: Basic " + std("u:"+sampleIO) + "\n"},
		{"base64-json.txt", "base64", sampleES256, "session=" + std(`{"access_token":"`+sampleES256+`","n":1}`) + "; Path=/\n"},
		{"base64-unpadded.txt", "base64", sampleNone, "v=" + strings.TrimRight(std("a "+sampleNone), "=") + "\n"},
		{"base64url.txt", "base64url", sampleHS256, "v=" + base64.RawURLEncoding.EncodeToString([]byte("?>?>~~ "+sampleHS256)) + "\n"},
		{"base64-twice.txt", "base64 base64", sampleIO, "token: " + std(std(sampleIO)) + "\n"},
		{"base64-three-times.txt", "base64 base64 base64", sampleIO, "token: " + std("x"+std("yz"+std(sampleIO))) + "\n"},
		{"base64-six-times.txt", "base64 base64 base64 base64 base64 base64", sampleIO, "token: " + std(std(std(std(std(std(sampleIO)))))) + "\n"},
		{"base64-mime.eml", "base64", sampleIO, "Content-Transfer-Encoding: base64\r\n\r\n" + fold(std("Dear user,\r\nyour token is "+sampleIO+"\r\n"), 76, "\r\n") + "\r\n"},
		{"base64-pem.txt", "base64", sampleIO, "-----BEGIN TOKEN-----\n" + fold(std("token "+sampleIO), 64, "\n") + "\n-----END TOKEN-----\n"},
		{"base64-pem-in-json.txt", "json-escape base64", sampleIO, `{"pem":"` + fold(std("token "+sampleIO), 64, `\n`) + "\\n\"}\n"},
		{"base64-ruby.yaml", "base64", sampleIO, "token: !binary |\n  " + fold(std(sampleIO), 60, "\n  ") + "\n"},
		{"base64-hex.txt", "base64 hex", sampleIO, "blob " + std(hex.EncodeToString([]byte(sampleIO))) + "\n"},
	}
}

func lineForms() []form {
	return []form{
		{"wrapped-64.txt", "line-wrap", sampleIO, fold(sampleIO, 64, "\n") + "\n\nThe end.\n"},
		{"wrapped-30.txt", "line-wrap", sampleIO, fold(sampleIO, 30, "\n") + "\n\nThe end.\n"},
		{"folded.yaml", "line-wrap", sampleIO, "token: >-\n  " + fold(sampleIO, 78, "\n  ") + "\nnext: 1\n"},
		{"Comment.java", "line-wrap", sampleIO, "// " + fold(sampleIO, 70, "\n// ") + "\nclass Session {}\n"},
		{"comment.sh", "line-wrap", sampleIO, "# " + fold(sampleIO, 70, "\n# ") + "\nset -e\n"},
		{"quoted-mail.txt", "line-wrap", sampleIO, "> " + fold(sampleIO, 70, "\n> ") + "\nWhat is that?\n"},
		{"continued.sh", "line-wrap", sampleIO, "TOKEN=" + fold(sampleIO, 60, "\\\n") + "\n"},
		{"concat-plus.js", "string-concat", sampleIO, "const t = '" + fold(sampleIO, 60, "' +\n  '") + "';\n"},
		{"concat-nothing.py", "string-concat", sampleIO, "T = (\"" + fold(sampleIO, 60, "\"\n     \"") + "\")\n"},
		{"concat-backslash.py", "string-concat", sampleIO, "T = \"" + fold(sampleIO, 60, "\" \\\n    \"") + "\"\n"},
		{"concat-plus-before.java", "string-concat", sampleIO, "String t = \"" + fold(sampleIO, 50, "\"\n    + \"") + "\";\n"},
	}
}

// literalForms are escapes in short string literals and in lines, and other forms of which the text is longer than what it says.
func literalForms() []form {
	literals := func(format string, width int) string {
		return `t = ("` + fold(eachByte(sampleIO, format), width, "\"\n     \"") + "\")\n"
	}
	return []form{
		{"octal.c", "json-escape", sampleIO, `const char t[] = "` + eachByte(sampleIO, `\%03o`) + "\";\n"},
		{"octal-base64.txt", "base64 json-escape", sampleIO, "v=" + std(`"`+eachByte(sampleIO, `\%03o`)+`"`) + "\n"},
		{"octal-hex.txt", "hex json-escape", sampleIO, "v=" + hex.EncodeToString([]byte(`"`+eachByte(sampleIO, `\%03o`)+`"`)) + "\n"},
		{"literals-percent.py", "string-concat percent", sampleIO, literals("%%%02x", 12)},
		{"literals-html.py", "string-concat html-entity", sampleIO, literals("&#x%x;", 18)},
		{"literals-hex.py", "string-concat json-escape", sampleIO, literals(`\x%02x`, 16)},
		{"literals-utf-16.bin", "utf-16le string-concat json-escape", sampleIO, "\xff\xfe" + utf16Text(literals(`\x%02x`, 40), false)},
		{"wrapped-percent.txt", "line-wrap percent", sampleIO, strings.ReplaceAll(fold(sampleIO, 64, "\n"), ".", "%2E") + "\n\nThe end.\n"},
		{"form-margin.txt", "percent base64", sampleIO, "yaml=" + url.QueryEscape("token: !binary |\n  "+fold(std(sampleIO), 60, "\n  ")+"\n") + "\n"},
	}
}

// negatives are texts without a token.
func negatives() map[string]string {
	header, payload, _ := strings.Cut(sampleIO, ".")
	payload, _, _ = strings.Cut(payload, ".")
	return map[string]string{
		"truncated.md":      "Authorization: Bearer eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9...\n",
		"header.txt":        header + "\n",
		"header-base64.txt": std("the header "+header+" and no more than that, however long") + "\n",
		"placeholder.txt":   header + ".<payload>.<signature>\n" + header + ".xxxxxxxx.yyyyyyyy\n" + header + "." + payload + "\n",
		"dotted.py":         "settings.error_encoding_error_handler = eyJ.foo.bar\n",
		"no-alg.txt":        segment([]byte(`{"typ":"JWT"}`)) + "." + payload + ".c2lnbmF0dXJlc2lnbmF0dXJlc2lnbmF0dXJl\n" + std(segment([]byte(`{"typ":"JWT"}`))+"."+payload+".c2ln") + "\n",
		"source-map.js":     "//# sourceMappingURL=data:application/json;base64," + std(`{"version":3,"sources":["a.js"],"names":[],"mappings":"AAAA,CAAC"}`) + "\n",
		"random.txt":        "eyJqz8Fq0xkd93kfLQ.eyJmZ0dk83kd0fLQpwqk.Zm9vYmFyYmF6\n",
		"prose.txt":         "heyJude\nyJ\neyJ \nThe monkeyJ said: ZXlK, V5S and leUo.\n",
		"wrapped-prose.txt": header + "\n" + payload + "\nare the two halves of it\n",
		"percent.txt":       strings.Repeat("%25", 3000) + "\n",
	}
}

func TestCorpus(t *testing.T) {
	if *update {
		writeCorpus(t)
	}
	manifest, err := os.ReadFile(filepath.Join(corpusDir, "manifest.txt"))
	if err != nil {
		t.Fatal(err)
	}
	count := 0
	for line := range strings.Lines(string(manifest)) {
		fields := strings.Fields(line)
		if len(fields) == 0 || fields[0] == "#" {
			continue
		}
		count++
		text, err := os.ReadFile(filepath.Join(corpusDir, fields[0]))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, m := range detect(string(text)) {
			got = append(got, describe(m))
		}
		if want := strings.Join(fields[1:], " "); strings.Join(got, ", ") != want {
			t.Errorf("%s: found %q, want %q", fields[0], strings.Join(got, ", "), want)
		}
	}
	if want := len(forms()) + len(negatives()); count != want {
		t.Errorf("the manifest has %d files, the tables %d: run with -update", count, want)
	}
}

func describe(m detectors.Match) string {
	return strings.Join(append([]string{id(m.Token)}, m.Encodings...), " ")
}

func writeCorpus(t *testing.T) {
	t.Helper()
	if err := os.MkdirAll(filepath.Join(corpusDir, "negatives"), 0o755); err != nil {
		t.Fatal(err)
	}
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(corpusDir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	manifest := "# file, id of the token that it holds, wrappings from the outermost on; none of these: no token\n"
	for _, f := range forms() {
		write(f.file, f.text)
		manifest += strings.TrimRight(fmt.Sprintf("%s %s %s", f.file, id(f.token), f.chain), " ") + "\n"
	}
	texts := negatives()
	var names []string
	for name, text := range texts {
		write(filepath.Join("negatives", name), text)
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		manifest += "negatives/" + name + "\n"
	}
	write("manifest.txt", manifest)
}
