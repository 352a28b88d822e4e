package encoding

import (
	"slices"
	"strings"

	"github.com/jwtleak/jwtleak/detectors"
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
	if whole := wholeSignature(a.Token); whole != wholeSignature(b.Token) {
		return whole
	}
	if len(a.Encodings) != len(b.Encodings) {
		return len(a.Encodings) < len(b.Encodings)
	}
	return len(a.Token) > len(b.Token)
}

// wholeSignature reports whether a token's last segment is as long as some algorithm's signature or tag.
func wholeSignature(token string) bool {
	size := (len(token) - strings.LastIndexByte(token, '.') - 1) * 6 / 8
	switch size {
	case 16, 24, 32, 48, 64, 96, 114, 132, 256, 384, 512, 1024:
		return true
	}
	return false
}
