package encoding_test

import (
	"encoding/base64"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/jwtleak/jwtleak/detectors/encoding"
)

// TestBrokenAtStops breaks tokens in front of their full stops and behind, and each segment at a width that these count for or not: as they
// are and escaped, with a word behind and without.
func TestBrokenAtStops(t *testing.T) {
	escapes := []string{".", "&period;", "&#46;", "%2E", `\u002e`, `\x2e`, "&amp;#46;", "%252e"}
	behind := []string{"", "\nan end\n", "alpha beta", "name=value", "dGhlIHF1aWNr", "0123456789abcdef0123456789abcdef01234567"}
	for round := range encoding.Rounds(40) {
		m := mint{rand.New(rand.NewPCG(97, uint64(round)))}
		for i, alg := range []string{"HS256", "HS384", "ES256", "ES384", "RS256", "PS512"} {
			size := []int{32, 48, 64, 96, 256, 512}[i]
			parts := []string{segment(m.header(alg, "")), segment([]byte(`{"sub":"` + filler(m.Rand, 5+m.IntN(120)) + `"}`)), segment(m.bytes(size))}
			token := strings.Join(parts, ".")
			width := []int{40, 64, 76}[m.IntN(3)]
			for how, lines := range inOrder(map[string]string{
				"in front":                parts[0] + "\n." + parts[1] + "\n." + parts[2],
				"behind":                  parts[0] + ".\n" + parts[1] + ".\n" + parts[2],
				"in front, counted":       parts[0] + "\n" + fold("."+parts[1], width, "\n") + "\n" + fold("."+parts[2], width, "\n"),
				"in front, not counted":   parts[0] + "\n." + fold(parts[1], width, "\n") + "\n." + fold(parts[2], width, "\n"),
				"behind, at a width":      fold(parts[0]+".", width, "\n") + "\n" + fold(parts[1]+".", width, "\n") + "\n" + fold(parts[2], width, "\n"),
				"behind a margin":         "  " + parts[0] + "\n  ." + fold(parts[1], width, "\n  ") + "\n  ." + fold(parts[2], width, "\n  "),
				"behind a comment's sign": "# " + parts[0] + "\n# ." + fold(parts[1], width, "\n# ") + "\n# ." + fold(parts[2], width, "\n# "),
			}) {
				stop, end := escapes[m.IntN(len(escapes))], behind[m.IntN(len(behind))]
				if stop == "." && m.IntN(4) == 0 {
					lines, stop = base64.StdEncoding.EncodeToString([]byte(lines+"\n"+end)), "base64"
				} else {
					lines = strings.ReplaceAll(lines, ".", stop) + "\n" + end
				}
				found := detect("a line\n" + lines + "\ntext of it\n")
				if len(found) != 1 || found[0].Token != token {
					t.Errorf("%s of %s, alg %s, width %d, in front of %d characters: found %d, or another", how, stop, alg, width, len(end), len(found))
				}
			}
		}
	}
}
