package reading

import (
	"context"
	"encoding/base64"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/jwtleak/jwtleak/detectors/encoding"
)

// sampleToken is that of RFC 7519, section 6.1, which is unsigned.
const sampleToken = "eyJhbGciOiJub25lIn0.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ."

// TestLongRunInParts has a token deep in base64 of a mail in UTF-16: a run that is longer than what is shown of it at once, and that is
// such text from where it begins, wherever a part ends.
func TestLongRunInParts(t *testing.T) {
	for round := range uint64(100) {
		r := rand.New(rand.NewPCG(6, round))
		words := func(size int) string { return testWords(r, size) }
		packed := base64.StdEncoding.EncodeToString([]byte(words(20000+r.IntN(20000)) + "token " + sampleToken + "\n" + words(20000)))
		var text strings.Builder
		text.WriteString(words(r.IntN(3000)))
		for _, c := range words(r.IntN(2000)) + "body: " + inLines(packed, 75, "=\n") + "\n" {
			text.WriteString(string(c) + "\x00")
		}
		found := 0
		_, err := Bytes(context.Background(), []byte(text.String()), encoding.New(), func(s Sighting) error {
			if s.Match.Token == sampleToken {
				found++
			}
			return nil
		})
		if err != nil || found != 1 {
			t.Errorf("round %d: found %d times, %v", round, found, err)
		}
	}
}

func inLines(text string, width int, end string) string {
	var lines strings.Builder
	for ; len(text) > width; text = text[width:] {
		lines.WriteString(text[:width] + end)
	}
	return lines.String() + text
}
