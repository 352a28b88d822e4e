package jwt

import "bytes"

// ellipses are what stands in place of the rest of something: in a log, in documentation.
var ellipses = [...]string{
	"...", "…", `\u2026`, "&hellip;", "%E2%80%A6", "***", "[...", "[…", "<...", "(...",
	"[redacted", "<redacted", "[truncated", "<truncated", "(truncated", "[snip", "<snip", "[cut",
}

// longestEllipsis is how many bytes the longest of them has.
const longestEllipsis = len("[truncated")

// isElided reports whether an ellipsis stands at a place, behind the beginning of a signature or tag of so many characters: that is no
// token then, but an example of one, or what is left. More says that the text ends before that is known.
func (s *search) isElided(at, length int, sizes []int) (elided, more bool) {
	rest := s.text[at:min(len(s.text), at+longestEllipsis)]
	if len(rest) == 0 || sizes == nil || length == 0 || hasSize(length, sizes) || derEnd(s.text[at-length:at]) {
		return false, false
	}
	for _, ellipsis := range ellipses {
		switch {
		case len(rest) >= len(ellipsis) && bytes.EqualFold(rest[:len(ellipsis)], []byte(ellipsis)):
			return true, false
		case at+len(rest) == len(s.text) && !s.atEOF && bytes.EqualFold(rest, []byte(ellipsis[:min(len(rest), len(ellipsis))])):
			more = true
		}
	}
	return false, more
}
