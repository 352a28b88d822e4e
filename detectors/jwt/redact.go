package jwt

import (
	"strings"

	"github.com/jwtleak/jwtleak/detectors"
)

// redactedLen is how much of a token's header may be shown, in characters.
const redactedLen = 12

// Redacted returns the beginning of a token's header, at most 12 characters, and an ellipsis.
func Redacted(compact string) string {
	header, _, _ := strings.Cut(compact, ".")
	return header[:min(len(header), redactedLen)] + "..."
}

// Redact returns s with every token in it, and its SD-JWT disclosures, in its redacted form. It is for what is printed
// beside findings: paths, claims, errors.
func Redact(s string) string {
	var out strings.Builder
	last := 0
	Detector{}.Detect([]byte(s), true, func(match detectors.Match) {
		out.WriteString(s[last:match.Start])
		out.WriteString(Redacted(match.Token))
		last = match.End
	})
	if last == 0 {
		return s
	}
	out.WriteString(s[last:])
	return out.String()
}
