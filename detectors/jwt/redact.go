package jwt

import "strings"

// redactedLen is how much of a token's header may be shown, in characters.
const redactedLen = 12

// Redacted returns the beginning of a token's header, at most 12 characters, and an ellipsis.
func Redacted(compact string) string {
	header, _, _ := strings.Cut(compact, ".")
	return header[:min(len(header), redactedLen)] + "..."
}
