package encoding_test

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
)

// TestAlphabet names the alphabet of base64 by the characters that a token is in, padded or not, whatever stands on the next line.
func TestAlphabet(t *testing.T) {
	const chars = "?>?>~~ "
	text := []byte(sampleIO + chars)
	line := base64.RawStdEncoding.EncodeToString([]byte(sampleIO))
	for _, test := range []struct{ text, want string }{
		{"v=" + base64.URLEncoding.EncodeToString(append([]byte(chars), text...)) + "\n", "[base64url]"},
		{"v=" + base64.URLEncoding.EncodeToString(append([]byte(chars+"."), text...)) + "\n", "[base64url]"},
		{"v=" + base64.StdEncoding.EncodeToString(append([]byte(chars), text...)) + "\n", "[base64]"},
		{"v=" + line + "\n2026-02-12T03:11:31Z INFO\n", "[base64]"},
		{"-----BEGIN TOKEN-----\n" + fold(line, 64, "\n") + "\n-----END TOKEN-----\n", "[base64]"},
	} {
		found := detect(test.text)
		if len(found) != 1 || fmt.Sprint(found[0].Encodings) != test.want {
			t.Errorf("%.20s: found %d, want one in %s", strings.ReplaceAll(test.text, sampleIO, "..."), len(found), test.want)
		}
	}
}
