package encoding_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/jwtleak/jwtleak/detectors/encoding"
)

// notebookLines writes source code as a notebook has it: an array of its lines, line feeds and all.
func notebookLines(source, between string) string {
	var lines []string
	for _, line := range strings.SplitAfter(source, "\n") {
		lines = append(lines, strconv.Quote(line))
	}
	return `{"cell_type":"code","source": [` + between + strings.Join(lines, ","+between) + between + `]}`
}

// cellOf writes a text as source code does that puts string literals together.
func cellOf(text string, width int, quote, first, joint, last string) string {
	return "import os\nprint(\"a\", 'b')\n" + first + quote + fold(text, width, quote+joint+quote) + quote + last + "\nprint(t)"
}

// TestCellsOfNotebooks breaks tokens, and base64 of them, over adjacent string literals in a cell of a notebook.
func TestCellsOfNotebooks(t *testing.T) {
	for round := range encoding.Rounds(30) {
		r := rand.New(rand.NewPCG(131, uint64(round)))
		token := mint{r}.any()
		width := 30 + r.IntN(90)
		quote := []string{`"`, "'"}[r.IntN(2)]
		for name, joint := range map[string][3]string{
			"adjacent": {"t = (\n    ", "\n    ", "\n)"}, "continued": {"t = ", " \\\n    ", ""}, "plus": {"t = (", " +\n     ", ")"},
			"plus in front": {"t = (", "\n     + ", ")"}, "comments": {"t = (\n    ", "  # part\n    ", ")"}, "statements": {"t = ", "\nt += ", ""},
		} {
			for form, text := range map[string]string{"plain": token, "base64": std(token)} {
				if form == "base64" && width < 47 {
					width += 17 // others are found by their needles alone
				}
				source := cellOf(text, width, quote, joint[0], joint[1], joint[2])
				for layout, notebook := range map[string]string{
					"compact": notebookLines(source, ""), "in one line": notebookLines(source, " "), "printed": notebookLines(source, "\n   "),
					"CRLF": notebookLines(source, "\r\n\t"), "patch": "@@ -1 +1 @@\n+" + notebookLines(source, "\n+  "),
					"removed": "@@ -1 +1 @@\n-" + notebookLines(source, "\n-  "), "mail": "> " + notebookLines(source, "\n>   "),
				} {
					found := detect(notebook)
					if len(found) != 1 || found[0].Token != token || !slices.Equal(found[0].Encodings[:2], []string{"json-escape", "string-concat"}) {
						t.Errorf("%s, %s of width %d, %s, quotes %s, round %d: found %d, or another", name, form, width, layout, quote, round, len(found))
					} else if begins := strings.Index(notebook, text[:20]); found[0].Start != begins {
						t.Errorf("%s, %s, %s: at %d, not %d", name, form, layout, found[0].Start, begins)
					}
				}
				if quoted := strconv.Quote(notebookLines(source, "\n  ")); !contains(detect(quoted), token) {
					t.Errorf("%s, %s in JSON, round %d: lost", name, form, round)
				}
			}
		}
	}
}

// TestCellsInBlocks ends a block anywhere in the cell of a notebook.
func TestCellsInBlocks(t *testing.T) {
	token := mint{rand.New(rand.NewPCG(132, 1))}.token()
	text := []byte(strings.Repeat("text\n", 20) + notebookLines(cellOf(token, 60, "'", "t = (\n    ", "\n    ", ")"), "\n   ") + strings.Repeat("\ntext", 20))
	whole := inTwo(text, len(text))
	if len(whole) != 1 {
		t.Fatalf("found %d, not the one", len(whole))
	}
	for cut := 0; cut < len(text); cut += 1 + len(text)/encoding.Rounds(200) {
		if split := inTwo(text, cut); !slices.Equal(split, whole) {
			t.Errorf("cut at %d of %d: found %d", cut, len(text), len(split))
		}
	}
}

// TestSerializationsInCells has a JSON serialization, over several lines, in a cell: its beginning is in a line before.
func TestSerializationsInCells(t *testing.T) {
	for round := range encoding.Rounds(20) {
		r := rand.New(rand.NewPCG(133, uint64(round)))
		token := mint{r}.token()
		parts := strings.Split(token, ".")
		source := fmt.Sprintf("t = {\n  \"payload\": %q,\n  \"header\": {\n    \"x\": %q\n  },\n  \"protected\": %q,\n  \"signature\": %q\n}\n", parts[1], strings.Repeat("y", r.IntN(2000)), parts[0], parts[2])
		for _, between := range []string{"", " ", "\n  ", "\n+  "} {
			if found := detect(notebookLines(source, between)); len(found) != 1 || found[0].Token != token {
				t.Errorf("between %q, round %d: found %d, not the one", between, round, len(found))
			}
		}
	}
}

// TestNoArrayOfLines has members behind strings that end with a line feed: their names are none of a signature.
func TestNoArrayOfLines(t *testing.T) {
	token := mint{rand.New(rand.NewPCG(134, 1))}.token()
	for _, text := range []string{
		`{"out":"\"` + token + `\n","level":"info","n":1}`, "{\n \"out\": \"\\\"" + token + "\\n\",\n \"level\": \"info\"\n}\n",
		`["` + token + `\n","word words","more"]`, `["\"` + token + `\"\n","\"word\"\n","\"more\""]`, `["` + token + `\n",1]`, `["` + token + `\n","`,
	} {
		if found := detect(text); len(found) != 1 || found[0].Token != token {
			t.Errorf("%q: found %d, or another", strings.ReplaceAll(text, token, "TOKEN"), len(found))
		}
	}
}
