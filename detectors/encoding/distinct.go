package encoding

import (
	"slices"
	"strings"

	"github.com/jwtleak/jwtleak/detectors"
	"github.com/jwtleak/jwtleak/detectors/jwt"
)

// distinct sorts the matches of a text by place, and leaves one of those that are the same token at one place: the one with the
// fewest wrappings. Two that differ in nothing but how far the signature goes are the same token as well, of which one
// was cut off or runs on into what stands behind it. Two with other signatures are two tokens, though all else be the same:
// in base64 both have the place of the whole run.
func distinct(found []detectors.Match, text []byte) []detectors.Match {
	if len(found) < 2 {
		return found
	}
	slices.SortStableFunc(found, byPlace)
	kept := found[:0]
	last := map[string]int{} // by what the same token begins with: the index in kept of the last one
	for _, match := range found {
		beginnings := beginningsOf(match.Token)
		same := -1
		for _, beginning := range beginnings {
			if i, ok := last[beginning]; ok && kept[i].End > match.Start && areOne(kept[i].Token, match.Token) {
				same = i
				break
			}
		}
		if same < 0 {
			same = len(kept)
			kept = append(kept, match)
		} else if better(match, kept[same], text) {
			kept[same] = match
		}
		for _, beginning := range beginnings {
			last[beginning] = same
		}
	}
	slices.SortStableFunc(kept, byPlace)
	return kept
}

// beginningsOf returns what a token is looked for by, the longest first: with the beginning of its signature, of which there
// may be many with one header and payload, and without.
func beginningsOf(token string) []string {
	const some = 8
	front := strings.LastIndexByte(token, '.') + 1
	if len(token) < front+some {
		return []string{token[:front]}
	}
	return []string{token[:front+some], token[:front]}
}

// areOne reports whether two tokens with the same header and payload differ in nothing but how far their signatures go.
func areOne(a, b string) bool { return strings.HasPrefix(a, b) || strings.HasPrefix(b, a) }

func byPlace(a, b detectors.Match) int {
	if a.Start != b.Start {
		return a.Start - b.Start
	}
	return len(a.Encodings) - len(b.Encodings)
}

// better reports whether of two matches that overlap and begin with the same header and payload a tells more.
func better(a, b detectors.Match, text []byte) bool {
	if a.Token == b.Token {
		return len(a.Encodings) < len(b.Encodings)
	}
	switch whole := jwt.HasWholeSignature(a.Token); {
	case whole != jwt.HasWholeSignature(b.Token):
		return whole
	case !whole:
	case a.Encodings == nil && isLines(b) && endsAll(text, a.End) && jwt.EndsSignature(a.Token):
		return true // and what the other has more is the word behind, on the next line
	case b.Encodings == nil && isLines(a) && endsAll(text, b.End) && jwt.EndsSignature(b.Token):
		return false
	default: // a longer signature has the size of a larger key, and by no chance
		return len(a.Token) > len(b.Token)
	}
	if len(a.Encodings) != len(b.Encodings) {
		return len(a.Encodings) < len(b.Encodings)
	}
	return len(a.Token) > len(b.Token)
}

// endsAll reports whether a line ends at a place, and what was written as one.
func endsAll(text []byte, i int) bool { return endsThere(text, i) && !isParted(text, i) }

// isLines reports whether a token was joined from lines.
func isLines(match detectors.Match) bool {
	return len(match.Encodings) > 0 && match.Encodings[0] == nameLineWrap
}
