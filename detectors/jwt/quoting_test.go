package jwt

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/jwtleak/jwtleak/detectors"
)

// quotings write JSON, on one line or on several, as other text has it.
func quotings() map[string]func(string) string {
	margin := func(format string) func(string) string {
		return func(text string) string {
			lines := strings.Split(text, "\n")
			for i, line := range lines {
				if lines[i] = format + line; strings.Contains(format, "%") {
					lines[i] = fmt.Sprintf(format, 8+i) + line
				}
			}
			return strings.Join(lines, "\n") + "\n"
		}
	}
	quote := func(before, quote, behind string) func(string) string {
		return func(text string) string { return before + strings.ReplaceAll(text, `"`, quote) + behind }
	}
	carets := strings.NewReplacer(`\`, `^\^\`, `"`, `^\^"`, "{", "^{", "}", "^}", "[", "^[", "]", "^]", "\n", "^\n\n")
	return map[string]func(string) string{
		"added": margin("+"), "removed": margin("-"), "mail": margin("> "), "mail twice": margin("> > "), "shell": margin("# "), "C": margin("// "),
		"comment of C": margin(" * "), "SQL": margin("-- "), "ini": margin("; "), "Visual Basic": margin("' "), "indented": margin("    // "),
		"log": margin("2026-03-04T05:06:%02d.123Z INFO "), "syslog": margin("Mar  4 05:06:%02d host app[12]: "), "brackets": margin("[%02d] DEBUG - "),
		"numbers": margin("%5d  "), "grep": margin("src/a.json:%d:"), "grep -A": margin("src/a.json-%d-"), "compose": margin("app_1  | "),
		"added comment": margin("+# "), "patch in a mail": margin("> +"),
		"CSV": quote(`1,"`, `""`, "\",x\n"), "C#": quote(`s = @"`, `""`, "\";\n"), "CSV twice": quote(`1,"a,""`, `""""`, "\"\",b\"\n"), "PowerShell": quote(`$b = "`, "`\"", "\"\n"),
		"added CSV": quote(`+1,"`, `""`, "\",x\n"), "JSON in CSV": func(text string) string {
			in, _ := json.Marshal(map[string]string{"log": text})
			return `1,"` + strings.ReplaceAll(string(in), `"`, `""`) + "\",x\n"
		},
		"command": func(text string) string { return `curl --data-raw ^"` + carets.Replace(text) + "^\"\n" },
		"old command": func(text string) string {
			return `curl -d "` + strings.ReplaceAll(strings.ReplaceAll(text, `"`, `""`), "\n", "\"^\n\n\"") + "\"\n"
		},
	}
}

// quotedSerializations are JSON serializations with members that are long or nested.
func quotedSerializations() []serialized {
	one, two := strings.Split(signed(hs256, claims), "."), strings.Split(signed(`{"alg":"HS256","kid":"2"}`, claims), ".")
	jwe := strings.Split(encrypted(`{"alg":"A128KW","enc":"A128GCM"}`, 24), ".")
	long := strings.Repeat("QUJD+/", 3000)
	return []serialized{
		{fmt.Sprintf(`{"payload":%q,"header":{"kid":"a","x":[1,"}{"]},"protected":%q,"signature":%q}`, one[1], one[0], one[2]), []string{strings.Join(one, ".")}},
		{fmt.Sprintf(`{"signature":%q,"x5c":[%q,"",%q],"protected":%q,"payload":%q}`, one[2], long, long, one[0], one[1]), []string{strings.Join(one, ".")}},
		{fmt.Sprintf(`{"protected":%q,"payload":%q,"note":%q,"signature":%q}`, one[0], one[1], long, one[2]), []string{strings.Join(one, ".")}},
		{fmt.Sprintf(`[1,{"x":{"signatures":[{"signature":%q,"protected":%q},{"header":{"y":"z"},"protected":%q,"signature":%q}],"payload":%q}}]`, one[2], one[0], two[0], two[2], one[1]),
			[]string{strings.Join(one, "."), strings.Join(two, ".")}},
		{fmt.Sprintf(`{"iv":%q,"aad":%q,"ciphertext":%q,"tag":%q,"proof":{"payload":%q,"protected":%q,"signature":%q},"recipients":[{"encrypted_key":%q}],"protected":%q}`,
			jwe[2], long, jwe[3], jwe[4], one[1], one[0], one[2], jwe[1], jwe[0]), []string{strings.Join(jwe, "."), strings.Join(one, ".")}},
	}
}

// printedOver returns JSON as it is printed over several lines.
func printedOver(text string) string {
	var value json.RawMessage = []byte(text)
	lines, _ := json.MarshalIndent(value, "", "  ")
	return string(lines)
}

// TestQuotedSerializations reads JSON serializations in other text than JSON: behind margins, and with quotes that are written otherwise.
func TestQuotedSerializations(t *testing.T) {
	other := signed(hs256, `{"sub":"other"}`)
	for name, quoted := range quotings() {
		for n, serialization := range quotedSerializations() {
			for form, text := range map[string]string{"printed": printedOver(serialization.text), "on a line": serialization.text} {
				text := "Bearer " + other + "\ntext { in \"front\"\n" + quoted(text) + "text behind\n" + other + "\n"
				var found []string
				Detector{}.Detect([]byte(text), true, func(m detectors.Match) {
					if found = append(found, m.Token); m.Token != other && (text[m.Start] != '{' || text[m.End-1] != '}') {
						t.Errorf("%s, %s, %d: it begins or ends with something else than a brace", name, form, n)
					}
				})
				want := append([]string{other, other}, serialization.want...)
				slices.Sort(found)
				if slices.Sort(want); !slices.Equal(found, want) {
					t.Errorf("%s, %s, %d: found %d, not the %d", name, form, n, len(found), len(want))
				}
			}
		}
	}
}

// TestHeldQuoted holds, wherever a text is cut in a serialization that is written so, all of it.
func TestHeldQuoted(t *testing.T) {
	for name, quoted := range quotings() {
		if name == "JSON in CSV" || name == "old command" {
			continue // what is cut there may be told by what is behind alone
		}
		for n, serialization := range quotedSerializations()[:2] {
			front := strings.Repeat("a line of text\n", 5)
			text := front + quoted(printedOver(serialization.text))
			open := len(front) + strings.IndexByte(text[len(front):], '{')
			for cut := open + 1; cut < strings.LastIndexByte(text, '}'); cut += 1 + 101*n {
				parts := PartsOf([]byte(text[:cut]), func(string) {})
				if begun := parts.Begun(); begun > open && cut > open+len("{ \n")+longestMargin {
					t.Errorf("%s, %d: cut at %d, behind %q: begun at %d, not %d", name, n, cut, text[max(cut-30, 0):cut], begun, open)
					break
				}
			}
		}
	}
}

// TestPatchedSerialization has a serialization that a patch changes: both are read, each without the lines of the other.
func TestPatchedSerialization(t *testing.T) {
	one, two := signed(hs256, claims), signed(hs256, `{"sub":"new"}`)
	a, b := strings.Split(one, "."), strings.Split(two, ".")
	note := `   "note": "` + strings.Repeat("y", 5000) + `",` + "\n"
	for name, text := range map[string]string{
		"one after the other": fmt.Sprintf(" {\n-  \"payload\": %q,\n-  \"protected\": %q,\n-  \"signature\": %q,\n+  \"payload\": %q,\n+  \"protected\": %q,\n+  \"signature\": %q,\n%s   \"header\": {\n     \"kid\": \"x\"\n   }\n }\n", a[1], a[0], a[2], b[1], b[0], b[2], note),
		"in turn":             fmt.Sprintf(" {\n%s-  \"payload\": %q,\n+  \"payload\": %q,\n   \"header\": {\n     \"kid\": \"x\"\n   },\n   \"protected\": %q,\n-  \"signature\": %q\n\\ No newline\n+  \"signature\": %q\n }\n", note, a[1], b[1], a[0], a[2], b[2]),
		"header kept first":   fmt.Sprintf(" {\n   \"protected\": %q,\n   \"header\": {\n     \"kid\": \"x\"\n   },\n-  \"payload\": %q,\n-  \"signature\": %q\n+  \"payload\": %q,\n+  \"signature\": %q\n }\n", a[0], a[1], a[2], b[1], b[2]),
	} {
		var found []string
		Detector{}.Detect([]byte("@@ -1 +1 @@\n"+text), true, func(m detectors.Match) { found = append(found, m.Token) })
		slices.Sort(found)
		want := []string{one, two}
		slices.Sort(want)
		if found = slices.Compact(found); !slices.Equal(found, want) {
			t.Errorf("%s: found %d, not the two", name, len(found))
		}
	}
}

// TestNotQuoted has members of two objects, or of none, behind margins.
func TestNotQuoted(t *testing.T) {
	one := strings.Split(signed(hs256, claims), ".")
	for _, text := range []string{
		fmt.Sprintf("+{\n+  \"payload\": %q,\n+  \"header\": {}\n+}\n+{\n+  \"protected\": %q,\n+  \"x\": [],\n+  \"signature\": %q\n+}\n", one[1], one[0], one[2]),
		fmt.Sprintf("# {\n#   \"payload\": %q,\n#   \"header\": {},\n// \"protected\": %q,\n#   \"x\": [],\n#   \"signature\": %q\n# }\n", one[1], one[0], one[2]),
		fmt.Sprintf("1,\"{\"\"payload\"\": \"\"%s\"\", \"\"x\"\": {}}\",\"{\"\"protected\"\": \"\"%s\"\", \"\"y\"\": [], \"\"signature\"\": \"\"%s\"\"}\"\n", one[1], one[0], one[2]),
	} {
		Detector{}.Detect([]byte(text), true, func(m detectors.Match) { t.Errorf("found one in %.40q", text) })
	}
}

// TestManyQuoted has so many in one text that what they cost together shows.
func TestManyQuoted(t *testing.T) {
	var rows, list, signers []string
	var want []string
	for i := range 300 {
		token := signed(hs256, fmt.Sprintf(`{"sub":"%d"}`, i))
		parts := strings.Split(token, ".")
		object := fmt.Sprintf(`{"payload":%q,"header":{"n":%d},"protected":%q,"signature":%q}`, parts[1], i, parts[0], parts[2])
		want, list, rows = append(want, token), append(list, object), append(rows, `1,"`+strings.ReplaceAll(object, `"`, `""`)+"\",2\n")
		signers = append(signers, fmt.Sprintf(`{"header":{"n":%d},"protected":%q,"signature":%q}`, i, parts[0], parts[2]))
	}
	slices.Sort(want)
	payload := strings.Split(want[0], ".")[1]
	general := `{"payload":"` + payload + `","signatures":[` + strings.Join(signers, ",") + "]}"
	for name, quoted := range quotings() {
		for form, text := range map[string]string{"rows": strings.Join(rows, ""), "list": quoted("[" + strings.Join(list, ",\n") + "]"), "printed list": quoted(printedOver("[" + strings.Join(list, ",") + "]")),
			"general": quoted(printedOver(general))} {
			count := 0
			var found []string
			Detector{}.DetectBounded([]byte(text), true, func(m detectors.Match) { found = append(found, m.Token); count++ }, func(reason string) { t.Errorf("%s, %s: %s", name, form, reason) })
			slices.Sort(found)
			if form == "general" {
				if count != len(signers) {
					t.Errorf("%s, %s: found %d of %d", name, form, count, len(signers))
				}
			} else if !slices.Equal(slices.Compact(found), want) {
				t.Errorf("%s, %s: found %d, of %d", name, form, len(found), len(want))
			}
		}
	}
}
