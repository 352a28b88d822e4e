package report

import (
	"cmp"

	"github.com/jwtleak/jwtleak/scanner/finding"
)

// A standing says how much of what is there now a place is, the most first.
type standing int

const (
	standsAtHead standing = iota // what is checked out has it
	standsHere                   // a file, standard input, the index
	standsAtTip                  // what another branch or tag has
	standsBehind                 // what a reference leads to, and no branch or tag has any more
	standsLoose                  // what no reference leads to
)

func standingOf(occurrence finding.Occurrence) standing {
	at, ok := occurrence.Place.(finding.GitPlace)
	switch {
	case ok && at.AtHead:
		return standsAtHead
	case !ok || at.ObjectType == "index":
		return standsHere
	case at.AtTip:
		return standsAtTip
	case at.Reachable:
		return standsBehind
	default:
		return standsLoose
	}
}

// compareListed orders occurrences as reports list them, so that the first is where to look for the token: those that are
// there now, by place; then those of the past, the youngest commit first.
func compareListed(a, b finding.Occurrence) int {
	here, there := standingOf(a), standingOf(b)
	if here != there || here <= standsAtTip {
		return cmp.Or(int(here-there), comparePlaces(a, b))
	}
	at, _ := a.Place.(finding.GitPlace) // others stand here
	other, _ := b.Place.(finding.GitPlace)
	return cmp.Or(other.AuthoredAt.Compare(at.AuthoredAt), comparePlaces(a, b))
}
