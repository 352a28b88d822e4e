package encoding_test

import (
	"encoding/hex"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/jwtleak/jwtleak/detectors"
	"github.com/jwtleak/jwtleak/detectors/encoding"
)

// TestBehindWhatIsKnown finds a token in what is wrapped several times over, of which the beginning is shown for the sake of what follows
// alone, as is the block behind one in a long run.
func TestBehindWhatIsKnown(t *testing.T) {
	hexed := func(s string) string { return hex.EncodeToString([]byte(s)) }
	long := strings.Repeat("words ", 3000) // which is more than is undone at once
	for name, wrap := range map[string]func(s string) string{
		"hexadecimal of UTF-16 of base64":      func(s string) string { return hexed(utf16Text(std(s), false)) },
		"hexadecimal of base64 of hexadecimal": func(s string) string { return hexed(std(hexed(s))) },
		"base64, four deep":                    func(s string) string { return std(std(std(std(s)))) },
		"base64 of hexadecimal of base64":      func(s string) string { return std(hexed(std(s))) },
		"UTF-16 of hexadecimal of base64":      func(s string) string { return utf16Text(hexed(std(hexed(s))), false) },
		"UTF-16, big endian":                   func(s string) string { return utf16Text(hexed(std(hexed(s))), true) },
		"hexadecimal in lines":                 func(s string) string { return fold(hexed(std(hexed(s))), 64, "\n") },
		"hexadecimal in narrow lines":          func(s string) string { return fold(hexed(std(hexed(s))), 20, "\n") },
		"base64 in lines":                      func(s string) string { return fold(std(hexed(std(hexed(s)))), 76, "\r\n") },
		"base64 in narrow lines":               func(s string) string { return fold(std(hexed(std(hexed(s)))), 20, "\n") },
		"base64 in JSON, in narrow lines":      func(s string) string { return fold(std(hexed(std(hexed(s)))), 20, `\n`) },
		"UTF-16 in narrow lines of base64":     func(s string) string { return fold(std(utf16Text(hexed(long+s), false)), 20, "\n") },
		"base64 in indented lines":             func(s string) string { return fold(std(hexed(std(hexed(s)))), 76, "\n    ") },
		"base64 in narrow, indented lines":     func(s string) string { return fold(std(hexed(std(hexed(s)))), 30, "\n    ") },
		"base64 in JSON, in lines":             func(s string) string { return fold(std(hexed(std(hexed(s)))), 76, `\n`) },
	} {
		lost := 0
		rounds := encoding.Rounds(100)
		for round := range rounds {
			r := rand.New(rand.NewPCG(54, uint64(round)))
			token := mint{r}.token()
			text := wrap(filler(r, 2000) + " " + token + " " + filler(r, 300))
			known := r.IntN(len(text) / 2)
			found := false
			allowance := detectors.Allowance{Known: known}
			encoding.New().DetectWithin(&allowance, len(text), []byte(text), true, func(m detectors.Match) { found = found || m.Token == token })
			if !found {
				lost++
			}
		}
		if lost > 0 {
			t.Errorf("%s: %d of %d lost", name, lost, rounds)
		}
	}
}
