package triage

import "github.com/jwtleak/jwtleak/scanner/finding"

// PlaceFacts are what severity needs of where a token was: the most open of the places. The zero value is that of a
// token whose place is not known; it is judged as one in a file.
type PlaceFacts struct{ openness openness }

// openness says how open a place is, the least open first.
type openness uint8

const (
	openUnknown     openness = iota // nothing known yet
	openUnreachable                 // in a repository's objects, and no ref reaches it
	openHistory                     // a ref reaches it, but no tip has it any more
	openFile                        // a file, standard input, a working tree
	openTip                         // in what a branch or tag has now
)

// With returns the more open of two.
func (p PlaceFacts) With(other PlaceFacts) PlaceFacts {
	return PlaceFacts{max(p.openness, other.openness)}
}

// PlaceOf returns the place of an occurrence.
func PlaceOf(occurrence finding.Occurrence) PlaceFacts {
	switch place := occurrence.Place.(type) {
	case finding.GitPlace:
		switch {
		case place.ObjectType == "index":
			return PlaceFacts{openFile} // about to be committed
		case place.AtTip:
			return PlaceFacts{openTip}
		case place.Reachable:
			return PlaceFacts{openHistory}
		default:
			return PlaceFacts{openUnreachable}
		}
	case finding.FilePlace, finding.StdinPlace:
		return PlaceFacts{openFile}
	default:
		return PlaceFacts{}
	}
}
