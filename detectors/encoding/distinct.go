package encoding

import (
	"slices"
	"strings"

	"github.com/jwtleak/jwtleak/detectors"
	"github.com/jwtleak/jwtleak/detectors/jwt"
)

// distinct sorts matches by place, and leaves one of those that are the same token at one place: the one with the
// fewest wrappings. Two that differ in nothing but how far the signature goes are the same token as well, of which one
// was cut off or runs on into what stands behind it.
func distinct(found []detectors.Match) []detectors.Match {
	if len(found) < 2 {
		return found
	}
	slices.SortStableFunc(found, byPlace)
	kept := found[:0]
	last := map[string]int{} // by header and payload: the index in kept of the last one
	for _, match := range found {
		key := match.Token[:strings.LastIndexByte(match.Token, '.')]
		i, ok := last[key]
		if !ok || kept[i].End <= match.Start {
			last[key] = len(kept)
			kept = append(kept, match)
			continue
		}
		if better(match, kept[i]) {
			kept[i] = match
		}
	}
	slices.SortStableFunc(kept, byPlace)
	return kept
}

func byPlace(a, b detectors.Match) int {
	if a.Start != b.Start {
		return a.Start - b.Start
	}
	return len(a.Encodings) - len(b.Encodings)
}

// better reports whether of two matches that overlap and begin with the same header and payload a tells more.
func better(a, b detectors.Match) bool {
	if a.Token == b.Token {
		return len(a.Encodings) < len(b.Encodings)
	}
	switch whole := jwt.HasWholeSignature(a.Token); {
	case whole != jwt.HasWholeSignature(b.Token):
		return whole
	case !whole:
	case a.Encodings == nil && isLines(b) && jwt.EndsSignature(a.Token):
		return true // and what the other has more is the word behind, on the next line
	case b.Encodings == nil && isLines(a) && jwt.EndsSignature(b.Token):
		return false
	default: // a longer signature has the size of a larger key, and by no chance
		return len(a.Token) > len(b.Token)
	}
	if len(a.Encodings) != len(b.Encodings) {
		return len(a.Encodings) < len(b.Encodings)
	}
	return len(a.Token) > len(b.Token)
}

// isLines reports whether a token was joined from lines.
func isLines(match detectors.Match) bool {
	return len(match.Encodings) > 0 && match.Encodings[0] == nameLineWrap
}
