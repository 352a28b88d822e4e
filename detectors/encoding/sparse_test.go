package encoding_test

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/jwtleak/jwtleak/detectors"
	"github.com/jwtleak/jwtleak/detectors/encoding"
)

// each writes each byte of a text with something between.
func each(s, format, between string) string {
	var list []string
	for i := range len(s) {
		list = append(list, fmt.Sprintf(format, s[i]))
	}
	return strings.Join(list, between)
}

// list breaks a list into rows of so many items.
func list(s, format, between, end string, row int) string {
	var rows []string
	for ; len(s) > row; s = s[row:] {
		rows = append(rows, each(s[:row], format, between))
	}
	return strings.Join(append(rows, each(s, format, between)), strings.TrimRight(between, " ")+end)
}

// sparseForms are wrappings that have no long run, by name, with the chain that each is.
func sparseForms(r *rand.Rand, token string) map[string][2]string {
	text := filler(r, r.IntN(20)) + " " + token
	forms := map[string][2]string{
		"xxd":             {dump(text, "%08x: ", 16, 2, "  "), "hex"},
		"hexdump -C":      {hex.Dump([]byte(text)), "hex"},
		"spaces":          {each(text, "%02x", " "), "hex"},
		"behind a number": {"n=123 " + each(text, "%02x", " "), "hex"},
		"upper case":      {each(text, "%02X", " "), "hex"},
		"colons":          {each(text, "%02x", ":"), "hex"},
		"dashes":          {each(text, "%02X", "-"), "hex"},
		"commas":          {each(text, "%02x", ","), "hex"},
		"commas, blanks":  {each(text, "%02x", ", "), "hex"},
		"C array":         {"{" + each(text, "0x%02x", ", ") + "};", "hex"},
		"C array, close":  {"{" + each(text, "0x%02x", ",") + "};", "hex"},
		"C array in rows": {"{\n\t" + list(text, "0x%02x", ", ", "\n\t", 12) + "};", "hex"},
		"colons in rows":  {"    " + list(text, "%02x", ":", "\n    ", 15), "hex"},
		"Buffer":          {`{ "type": "Buffer", "data": [` + each(text, "%d", ", ") + "] }", "decimal"},
	}
	for _, margin := range []string{"# ", "// ", "; ", "| ", "> ", "* ", " * ", "-- ", "\t", "        "} {
		for _, width := range []int{16, 20, 30, 40, 44} {
			for _, end := range []string{"\n", "\r\n"} {
				forms[fmt.Sprintf("base64, %q, %d%q", margin, width, end)] = [2]string{margin + fold(std(text), width, end+margin), "base64"}
			}
		}
		forms["hex, "+margin] = [2]string{margin + fold(hex.EncodeToString([]byte(text)), 32, "\n"+margin), "hex"}
	}
	for _, between := range []string{"\" +\n\t\"", "\"\n\"", "\" \\\n    \""} {
		forms["base64 in literals, "+between] = [2]string{`x("` + fold(std(text), 40, between) + `")`, "string-concat base64"}
	}
	for _, form := range [][2]string{
		{"%%25%02X", "percent percent"}, {`\\x%02x`, "json-escape json-escape"}, {"&amp;#%d;", "html-entity html-entity"}, {"&amp;#x%x;", "html-entity html-entity"},
	} {
		escaped, width := each(token, form[0], ""), 30+r.IntN(16)
		if form[0][0] == '\\' {
			width -= width % 5 // a line does not end between two backslashes
		}
		forms["literals, "+form[0]] = [2]string{`x("` + fold(escaped, width, "\" +\n\t\"") + `")`, "string-concat " + form[1]}
		forms["lines, "+form[0]] = [2]string{"\t" + fold(escaped, width, "\n\t"), "line-wrap " + form[1]}
	}
	return forms
}

// TestSparse looks for what no long run points at.
func TestSparse(t *testing.T) {
	lost, all := map[string]int{}, 0
	for round := range 60 { // with the race detector, too: of fewer, what is lost may be a larger share
		r := rand.New(rand.NewPCG(31, uint64(round)))
		token := mint{r}.token()
		for !strings.HasPrefix(token, "eyJ") {
			token = mint{r}.token()
		}
		for name, form := range sparseForms(r, token) {
			text := "a line of words\n" + form[0] + "\n\nthe end\n"
			found := detect(text)
			all++
			if !contains(found, token) || strings.Join(found[0].Encodings, " ") != form[1] {
				lost[name]++
			}
			if contains(found, token) && !isCandidate(text) {
				t.Errorf("%s: no candidate", name)
			}
		}
	}
	// What is not found has both the header's and the payload's needle broken by the end of a row.
	few := 0
	for name, n := range lost {
		few += n
		if n > 6 {
			t.Errorf("%s: %d lost of 60", name, n)
		}
	}
	if few*100 > all {
		t.Errorf("%d lost of %d", few, all)
	}
}

// formatHex writes a dump as PowerShell's Format-Hex does.
func formatHex(text string) string {
	lines := "\r\n           Path: C:\\token.txt\r\n\r\n           00 01 02 03 04 05 06 07 08 09 0A 0B 0C 0D 0E 0F\r\n\r\n"
	for at := 0; at < len(text); at += 16 {
		row := text[at:min(at+16, len(text))]
		lines += fmt.Sprintf("%08X   %-47s  %s\r\n", at, each(row, "%02X", " "), row)
	}
	return lines
}

// dumpsInside are dumps inside other wrappings, by name.
func dumpsInside(text string) map[string]string {
	quote := func(text string) string {
		quoted, _ := json.Marshal(map[string]string{"dump": text})
		return string(quoted)
	}
	hexdump, xxd := hex.Dump([]byte(text)), dump(text, "%08x: ", 16, 2, "  ")
	return map[string]string{
		"Format-Hex in UTF-16LE": "\xff\xfe" + utf16Text(formatHex(text), false),
		"Format-Hex in UTF-16BE": "\xfe\xff" + utf16Text(formatHex(text), true),
		"xxd in UTF-16LE":        "\xff\xfe" + utf16Text(xxd, false),
		"hexdump in JSON":        quote(hexdump),
		"xxd in JSON":            quote(xxd),
		"Format-Hex in JSON":     quote(formatHex(text)),
		"hexdump in JSON twice":  quote(quote(hexdump)),
		"hexdump in base64":      "data:\n  dump: " + std(hexdump) + "\n",
		"xxd in MIME":            fold(std(xxd), 76, "\r\n") + "\n",
		"JSON in base64":         "data:\n  dump: " + std(quote(hexdump)) + "\n",
	}
}

// TestDumpInside has dumps that are quoted, encoded or in UTF-16.
func TestDumpInside(t *testing.T) {
	for round := range encoding.Rounds(100) {
		r := rand.New(rand.NewPCG(65, uint64(round)))
		token := mint{r}.any()
		for name, text := range dumpsInside(filler(r, r.IntN(300)) + " " + token + "\n") {
			for _, front := range []string{"", "a line of words\n"} {
				if found := detect(front + text); len(found) != 1 || found[0].Token != token || !slices.Contains(found[0].Encodings, "hex") {
					t.Errorf("%s, %d: found %d, or not as it is", name, round, len(found))
				}
				if !isCandidate(front + text) {
					t.Errorf("%s, %d: no candidate", name, round)
				}
			}
		}
	}
}

// TestSparseBlocks detects them in two blocks.
func TestSparseBlocks(t *testing.T) {
	r := rand.New(rand.NewPCG(32, 1))
	texts := dumpsInside("a line of words " + sampleIO + "\n")
	for name, form := range sparseForms(r, sampleIO) {
		texts[name] = form[0]
	}
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		text := []byte("a line of words\n" + texts[name] + "\n\nthe end\n")
		var whole []string
		encoding.New().Detect(text, true, func(m detectors.Match) { whole = append(whole, describe(m)) })
		for cut := 0; cut < len(text); cut += (1 + r.IntN(9)) * 8 / encoding.Rounds(8) {
			if split := inTwo(text, cut); !slices.Equal(split, whole) {
				t.Errorf("%s, cut at %d: %q, whole: %q", name, cut, split, whole)
			}
		}
	}
}

// TestDumpsOfLogs has dumps of lines in which numbers stand in front of a token, so that the column of text begins with what
// looks like one more byte; as several programs write them, and for every place where a line may break.
func TestDumpsOfLogs(t *testing.T) {
	for round := range encoding.Rounds(4) {
		r := rand.New(rand.NewPCG(58, uint64(round)))
		token := mint{r}.any()
		for front := range 32 {
			for _, log := range []string{
				"2026-05-01 12:30:05 10 20 ad " + token + " 10 20\n",
				`10.0.0.1 - - [01/May/2026:12:30:05 +0000] "GET /?token=` + token + ` HTTP/1.1" 200 512` + "\r\n",
				"a1 b2 c3 d4 e5 f6 a7 b8 c9 " + token + " aa bb cc dd\n",
			} {
				log = strings.Repeat([]string{"=", "ad ", "10 "}[round%3], front)[:front] + log
				for name, text := range map[string]string{
					"xxd":          dump(log, "%08x: ", 16, 2, "  "),
					"xxd -g1":      dump(log, "%08x: ", 16, 1, "  "),
					"xxd -g1 -c32": dump(log, "%08x: ", 32, 1, "  "),
					"xxd -g4":      dump(log, "%08x: ", 16, 4, "  "),
					"xxd -g8 -c24": dump(log, "%08x: ", 24, 8, "  "),
					"hexdump -C":   hex.Dump([]byte(log)),
					"od -A x":      dump(log, "%06x ", 16, 1, "  >"),
					"od -A d":      dump(log, "%07d ", 16, 1, "  >"),
					"od":           dump(log, "%07o ", 16, 1, "  >"),
					"tcpdump":      dump(log, "\t0x%04x:  ", 16, 2, "  "),
				} {
					text = "a line\n" + text + "the end\n"
					if found := detect(text); len(found) != 1 || found[0].Token != strings.TrimRight(token, "=") || strings.Join(found[0].Encodings, " ") != "hex" {
						t.Errorf("%s, %d characters in front: found %d in round %d, or another", name, front, len(found), round)
					}
					if !isCandidate(text) {
						t.Errorf("%s: no candidate", name)
					}
				}
			}
		}
	}
}

// TestRowsOfNumbers has lists of numbers that a row may break behind the first character of the header.
func TestRowsOfNumbers(t *testing.T) {
	token := mint{rand.New(rand.NewPCG(59, 1))}.token()
	for !strings.HasPrefix(token, "eyJ") {
		token = mint{rand.New(rand.NewPCG(59, 2))}.token()
	}
	for front := range 16 {
		text := strings.Repeat("=", front) + token
		for name, text := range map[string]string{
			"xxd -i":  "face it\n  " + list(text, "0x%02x", ", ", "\n  ", 12) + "\n",
			"od -A n": "face it\n " + strings.ReplaceAll(list(text, "%02x", " ", "\n", 16), "\n", "\n ") + "\n",
			"colons":  "face it:\n    " + list(text, "%02x", ":", "\n    ", 15) + "\n",
		} {
			if !contains(detect(text), token) && !isBrokenTwice(token, front, map[string]int{"xxd -i": 12, "od -A n": 16, "colons": 15}[name]) {
				t.Errorf("%s, %d characters in front: lost", name, front)
			}
		}
	}
}

// dump writes bytes as xxd does, in lines and so many together, with the offset in front and the text behind, something between.
func dump(text, offset string, width, group int, between string) string {
	var b strings.Builder
	for at := 0; at < len(text); at += width {
		line := text[at:min(at+width, len(text))]
		var digits strings.Builder
		for i := range len(line) {
			if i > 0 && i%group == 0 {
				digits.WriteByte(' ')
			}
			fmt.Fprintf(&digits, "%02x", line[i])
		}
		fmt.Fprintf(&b, offset+"%-*s%s%s\n", at, 2*width+width/group-1, digits.String(), between, strings.NewReplacer("\n", ".", "\r", ".").Replace(line))
	}
	return b.String()
}

// isBrokenTwice reports whether rows break both the header and the payload behind the second of their first characters.
func isBrokenTwice(token string, front, row int) bool {
	return (front+2)%row == 0 && (front+strings.IndexByte(token, '.')+3)%row == 0
}
