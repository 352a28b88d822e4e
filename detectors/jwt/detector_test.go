package jwt

import (
	"testing"

	"github.com/jwtleak/jwtleak/detectors"
)

func TestSmoke(t *testing.T) {
	token := "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c"
	for _, text := range []string{token, "x" + token + ".", "jwt_" + token + "\\n", "a.b." + token + "." + token, token + token} {
		n := 0
		Detector{}.Detect([]byte(text), true, func(m detectors.Match) {
			n++
			if m.Token != token {
				t.Errorf("another token")
			}
		})
		if n == 0 {
			t.Errorf("none")
		}
	}
}
