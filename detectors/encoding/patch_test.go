package encoding_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// patchForms are forms of a token over several lines, by name.
func patchForms(r *rand.Rand, token string) map[string]string {
	width := []int{44, 60, 64, 76, 200}[r.IntN(5)]
	return map[string]string{
		"lines":                "token:\n" + fold(token, width, "\n") + "\n",
		"indented":             "token: >-\n  " + fold(token, width, "\n  ") + "\nnext: 1\n",
		"base64":               "data:\n" + fold(std("Bearer "+token), width, "\n") + "\n",
		"base64, indented":     "data:\n  token: >-\n    " + fold(std(token), width, "\n    ") + "\n",
		"operator at the end":  "const t = \"" + fold(token, width, "\" +\n  \"") + "\";\n",
		"operator in front":    "const t = \"" + fold(token, width, "\"\n  + \"") + "\";\n",
		"no operator":          "t = (\"" + fold(token, width, "\"\n  \"") + "\")\n",
		"full stop":            "$t = \"" + fold(token, width, "\" .\n  \"") + "\";\n",
		"backslash":            "t=\"" + fold(token, width, "\\\n") + "\"\n",
		"base64 in literals":   "t = atob(\"" + fold(std(token), width, "\" +\n\t\"") + "\")\n",
		"commented":            "// " + fold(token, width, "\n// ") + "\n",
		"hexadecimal in lines": "x\n" + fold(fmt.Sprintf("%x", token), width, "\n") + "\nend\n",
	}
}

// TestPatch finds in the lines that a patch removes what it finds in those that it adds.
func TestPatch(t *testing.T) {
	for round := range 60 {
		r := rand.New(rand.NewPCG(91, uint64(round)))
		token := mint{r}.token()
		for name, form := range patchForms(r, token) {
			for _, end := range []string{"\n", "\r\n"} {
				for _, sign := range []string{"+", "-"} {
					lines := strings.ReplaceAll(strings.TrimSuffix(form, "\n"), "\n", end+sign)
					text := "--- a/x\n+++ b/x\n@@ -1,9 +1 @@" + end + " a line" + end + sign + lines + end + " another" + end
					found := detect(text)
					if len(found) != 1 || found[0].Token != token {
						t.Errorf("%s behind %q, round %d: found %d, or another", name, sign, round, len(found))
					}
				}
			}
		}
	}
}

// TestDashBeginsLine has lines of a token that begin with a dash of its own.
func TestDashBeginsLine(t *testing.T) {
	for width := 30; width < 90; width++ {
		r := rand.New(rand.NewPCG(92, uint64(width)))
		for dashes := range 4 {
			token := []byte(segment([]byte(`{"alg":"RS512","typ":"JWT"}`)) + "." + segment([]byte(`{"sub":"a"}`)) + "." + segment(mint{r}.bytes(512)))
			signature := strings.LastIndexByte(string(token), '.') + 1
			first := (signature/width + 2) * width
			for i := range dashes {
				token[first+i*width] = '-'
			}
			for _, end := range []string{"\n", "\r\n"} {
				if found := detect("token:" + end + fold(string(token), width, end) + end); len(found) != 1 || found[0].Token != string(token) {
					t.Errorf("%d dashes in lines of %d: found %d, or another", dashes, width, len(found))
				}
			}
		}
	}
}

// TestPatchOfDumps has dumps and lists of numbers in the lines of a patch. Both needles of a token may be broken by the ends of rows:
// that of a dump's line is none behind a sign.
func TestPatchOfDumps(t *testing.T) {
	const rounds = 100
	for _, sign := range []string{"+", "-"} {
		lost := map[string]int{}
		for round := range rounds {
			r := rand.New(rand.NewPCG(93, uint64(round)))
			token := mint{r}.token()
			for !strings.HasPrefix(token, "eyJ") {
				token = mint{r}.token()
			}
			for name, form := range dumpsOf("a line of words " + filler(r, r.IntN(40)) + " " + token + "\n") {
				if name == "od -c" || name == "od -b" || name == "hexdump" {
					continue // of which nothing but the offsets tells
				}
				lines := strings.ReplaceAll(strings.TrimSuffix(form, "\n"), "\n", "\n"+sign)
				if found := detect("@@ -1,9 +1 @@\n a line\n" + sign + lines + "\n another\n"); len(found) != 1 || found[0].Token != token {
					lost[name]++
				}
			}
		}
		for name, n := range lost {
			if n > rounds/20 {
				t.Errorf("%s behind %q: %d lost of %d", name, sign, n, rounds)
			}
		}
	}
}

// TestQuotedTwice has the lines of a mail that quotes another, which quotes a third.
func TestQuotedTwice(t *testing.T) {
	for round := range 30 {
		r := rand.New(rand.NewPCG(94, uint64(round)))
		token := mint{r}.token()
		for name, form := range patchForms(r, token) {
			if name == "commented" {
				continue
			}
			for _, sign := range []string{"> > ", ">> ", ">>", "> > > "} {
				for _, end := range []string{"\n", "\r\n"} {
					lines := strings.ReplaceAll(strings.TrimSuffix(form, "\n"), "\n", end+sign)
					if found := detect("On Monday:" + end + sign + lines + end + "the end" + end); len(found) != 1 || found[0].Token != token {
						t.Errorf("%s behind %q, round %d: found %d, or another", name, sign, round, len(found))
					}
				}
			}
		}
	}
}

// TestCommentedLiterals has string literals over lines that are commented out.
func TestCommentedLiterals(t *testing.T) {
	for round := range 30 {
		r := rand.New(rand.NewPCG(95, uint64(round)))
		token := mint{r}.token()
		for name, form := range map[string]string{
			"operator at the end": "const t = \"" + fold(token, 60, "\" +\n  \"") + "\";\n",
			"operator in front":   "const t = \"" + fold(token, 60, "\"\n  + \"") + "\";\n",
			"no operator":         "t = (\"" + fold(token, 60, "\"\n  \"") + "\")\n",
			"base64":              "t = atob(\"" + fold(std(token), 60, "\" +\n\t\"") + "\")\n",
		} {
			for _, sign := range []string{"# ", "// ", "//", " * ", "-- ", "; ", "+// ", "-# "} {
				for _, end := range []string{"\n", "\r\n"} {
					lines := strings.ReplaceAll(strings.TrimSuffix(form, "\n"), "\n", end+sign)
					if found := detect("a line" + end + sign + lines + end + "the end" + end); len(found) != 1 || found[0].Token != token {
						t.Errorf("%s behind %q, round %d: found %d, or another", name, sign, round, len(found))
					}
				}
			}
		}
	}
}
