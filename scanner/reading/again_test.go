package reading

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"github.com/jwtleak/jwtleak/detectors/encoding"
)

// TestToldOnce tells a token once that is seen through another wrapping, at about the same place, when more of the text is shown.
func TestToldOnce(t *testing.T) {
	encoded := func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }
	for _, size := range []int{6 << 10, 20 << 10, 50 << 10} {
		for _, width := range []int{64, 76, 100} {
			token := encoded(`{"alg":"HS256"}`) + "." + encoded(fmt.Sprintf(`{"sub":"%d-%d"}`, size, width)) + "." + encoded(strings.Repeat("x", 32))
			inside := `<a href="the">by serv</a> token=` + token + " " + encoded(strings.Repeat(`{"ts":"2024-01-02T03:04:42Z","level":"info"}`+"\n", 40)) + "\n"
			for len(inside) < size {
				inside += encoded(strings.Repeat(`{"msg":"login"}`, 3+len(inside)%40)) + "\n"
			}
			var text strings.Builder
			text.WriteString("  nginx:\n" + `\u007b\u0022ts\u0022:\u00222024\u002d01\u002d `)
			for lines := base64.StdEncoding.EncodeToString([]byte(inside)); lines != ""; {
				n := min(width, len(lines))
				text.WriteString(`\u000a` + lines[:n])
				lines = lines[n:]
			}
			told := gather(t, text.String(), func(found func(Sighting) error) (int64, error) {
				return Bytes(t.Context(), []byte(text.String()), encoding.New(), found)
			})
			if len(told) != 1 || told[0].Match.Token != token {
				t.Errorf("%d bytes in lines of %d: one token was told %d times: %v", size, width, len(told), places(told))
			}
		}
	}
}
