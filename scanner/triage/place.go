package triage

import "github.com/jwtleak/jwtleak/scanner/finding"

// PlaceFacts are what severity needs of where a token was: the most open of the places, least open first. The zero value
// is that of a token whose place is not known yet.
type PlaceFacts uint8

// How open a place is.
const (
	PlaceUnknown     PlaceFacts = iota // nothing known yet
	PlaceUnreachable                   // in a repository's objects, and no ref reaches it
	PlaceHistory                       // a ref reaches it, but no tip has it any more
	PlaceFile                          // a file, standard input, a working tree
	PlaceTip                           // in what a branch or tag has now
)

// With returns the more open of two.
func (p PlaceFacts) With(other PlaceFacts) PlaceFacts { return max(p, other) }

// PlaceOf returns the place of an occurrence.
func PlaceOf(occurrence finding.Occurrence) PlaceFacts {
	switch place := occurrence.Place.(type) {
	case finding.GitPlace:
		switch {
		case place.AtTip:
			return PlaceTip
		case place.Reachable:
			return PlaceHistory
		default:
			return PlaceUnreachable
		}
	case finding.FilePlace, finding.StdinPlace:
		return PlaceFile
	default:
		return PlaceUnknown
	}
}
