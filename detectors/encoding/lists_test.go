package encoding_test

import (
	"encoding/base64"
	"encoding/hex"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/jwtleak/jwtleak/detectors"
	"github.com/jwtleak/jwtleak/detectors/encoding"
)

// TestLists finds each token of a list, wrapped all in the same way, a line each, and has nothing to tell: lines of one width
// must not be taken for one text that is broken, again and again.
func TestLists(t *testing.T) {
	count := encoding.Rounds(1500)
	base := func(_ *rand.Rand, s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }
	for name, wrap := range map[string]func(r *rand.Rand, s string) string{
		"base64":            base,
		"base64 twice":      func(r *rand.Rand, s string) string { return base(r, base(r, s)) },
		"base64 of JSON":    func(r *rand.Rand, s string) string { return base(r, `{"k":1,"access_token":"`+s+`"}`) },
		"base64 over lines": func(r *rand.Rand, s string) string { return fold(base(r, s), 76, "\n") + "\n" },
		"hexadecimal":       func(_ *rand.Rand, s string) string { return hex.EncodeToString([]byte(s)) },
		"percent":           func(_ *rand.Rand, s string) string { return eachByte(s, "%%%02x") },
		"escapes":           func(_ *rand.Rand, s string) string { return eachByte(s, `\u%04x`) },
		"entities":          func(_ *rand.Rand, s string) string { return eachByte(s, "&#%d;") },
		"quoted-printable":  func(_ *rand.Rand, s string) string { return quotedPrintable("Bearer " + s + "\n") },
	} {
		for _, front := range []string{"", "2026-01-01 INFO value="} {
			r := rand.New(rand.NewPCG(17, 1))
			var list strings.Builder
			want := map[string]bool{}
			for range count {
				token := mint{r}.token()
				want[token] = true
				list.WriteString(front + wrap(r, token) + "\n")
			}
			told := map[string]bool{}
			encoding.New().DetectBounded([]byte(list.String()), true,
				func(m detectors.Match) { delete(want, m.Token) }, func(reason string) { told[reason] = true })
			if len(want) > 0 || len(told) > 0 {
				t.Errorf("%s behind %q: %d of %d lost, told %v", name, front, len(want), count, told)
			}
		}
	}
}
