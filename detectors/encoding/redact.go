package encoding

import (
	"strings"

	"github.com/jwtleak/jwtleak/detectors"
	"github.com/jwtleak/jwtleak/detectors/jwt"
)

// shortestToken is how long the shortest token is, {"alg":"a"}, {} and a byte in base64 with their full stops.
const shortestToken = 22

var redactor = New()

// Redact returns s with every token in it, its wrapping and its SD-JWT disclosures included, in its redacted form. It is
// for what is printed beside findings: paths, claims, errors. A token may stand there wrapped as it may anywhere else,
// and whoever reads it can undo that as well as we can.
func Redact(s string) string {
	if len(s) < shortestToken {
		return s
	}
	text := []byte(s)
	if (candidates{redactor}).Index(text) < 0 {
		return s
	}
	var out strings.Builder
	last := 0
	redactor.Detect(text, true, func(match detectors.Match) {
		if match.Start < last { // another token of the same wrapping
			last = max(last, match.End)
			return
		}
		out.WriteString(s[last:match.Start])
		out.WriteString(jwt.Redacted(match.Token))
		last = match.End
	})
	if last == 0 {
		return s
	}
	out.WriteString(s[last:])
	return out.String()
}
