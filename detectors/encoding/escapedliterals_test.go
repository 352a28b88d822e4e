package encoding_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// literals are what may stand between two string literals.
var literals = []string{`" "`, "\"\n    \"", `" + "`, "\" +\n\t\"", `"+"`, "\"\n  + \"", "\" \\\n  \"", `" . "`, "\" & _\r\n  \"", "\"\n  u8\"", `' '`, "'\n  '"}

// TestEscapedLiterals looks for tokens of which each character is escaped, in string literals that are too short for a long run.
func TestEscapedLiterals(t *testing.T) {
	for name, format := range map[string]string{"u": `\u%04x`, "x": `\x%02x`, "X": `\x%02X`, "octal": `\%03o`, "u twice": `\\u%04x`, "percent twice": "%%%02X"} {
		for i, between := range literals {
			for _, width := range []int{18, 24, 36, 42} {
				r := rand.New(rand.NewPCG(uint64(width), uint64(i)))
				token := mint{r}.token()
				escaped := eachByte(token, format)
				if name == "percent twice" {
					escaped = eachByte(escaped, format)
				}
				unit := len(fmt.Sprintf(format, 'e'))
				text := "x = " + between[:1] + fold(escaped, max(width/unit, 1)*unit, between) + between[:1] + ";\n"
				if name == "percent twice" && width < 27 {
					continue // the needle is broken in each
				}
				if found := detect("text\n" + text); !contains(found, token) || len(found) > 1 {
					t.Errorf("%s, %q between literals of %d: found %d", name, between, width, len(found))
				}
				if !isCandidate("text\n" + text) {
					t.Errorf("%s, %q between literals of %d: no candidate", name, between, width)
				}
			}
		}
	}
}

// TestBrokenInEscapedLiterals has what a token begins with broken by the end of each literal, behind a word, and base64 in them.
func TestBrokenInEscapedLiterals(t *testing.T) {
	for front := range 6 {
		token := mint{rand.New(rand.NewPCG(81, uint64(front)))}.token()
		for _, content := range []string{strings.Repeat("w", front) + "/" + token, std(strings.Repeat("w", front) + " " + token)} {
			for _, format := range []string{`\u%04x`, `\x%02x`} {
				unit := len(fmt.Sprintf(format, 'e'))
				for _, units := range []int{1, 2, 3} {
					text := `print("log ` + fold(eachByte(content, format), units*unit, "\" +\n \"") + `")`
					if !contains(detect(text), token) {
						t.Errorf("%s, %d in a literal, behind %d: lost", format, units, front)
					}
				}
			}
		}
	}
}
