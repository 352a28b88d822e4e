package finding

import "slices"

// Detached are the JWS with a detached payload (RFC 7515, appendix F) that a scan met, none of which is a token. They are no findings,
// and nothing is judged by them.
type Detached struct {
	// Count is in how many places they were met, of tokens as well counted as occurrences.
	Count int64 `json:"count"`
	// Places are the first of these, by place, at most MaxDetachedPlaces.
	Places []Occurrence `json:"places"`
}

// MaxDetachedPlaces is how many places of JWS with a detached payload are told.
const MaxDetachedPlaces = 10

// Add counts one.
func (d *Detached) Add(occurrence Occurrence) {
	d.Count++
	d.keep(occurrence)
}

// keep takes a place in, if it is one of the first.
func (d *Detached) keep(occurrence Occurrence) {
	at, again := slices.BinarySearchFunc(d.Places, occurrence, func(a, b Occurrence) int { return ComparePlaces(&a, &b) })
	if again || at == MaxDetachedPlaces {
		return
	}
	if len(d.Places) == MaxDetachedPlaces {
		d.Places = d.Places[:MaxDetachedPlaces-1]
	}
	d.Places = slices.Insert(d.Places, at, occurrence)
}

// Elsewhere returns them with other places, which f makes of each; nil of nil.
func (d *Detached) Elsewhere(f func(Place) Place) *Detached {
	if d == nil {
		return nil
	}
	moved := &Detached{}
	for _, place := range d.Places {
		place.Place = f(place.Place)
		moved.keep(place)
	}
	moved.Count = d.Count
	return moved
}

// Union returns those of two scans, either of which may have met none: then it is nil. Of scans that have places in common the count is
// exact where all places are told, and else the least that it can be. It changes neither.
func (d *Detached) Union(other *Detached, disjoint bool) *Detached {
	if d == nil || other == nil {
		if d == nil {
			return other
		}
		return d
	}
	all := &Detached{Places: slices.Clone(d.Places)}
	both := int64(0) // places that both tell
	for _, place := range other.Places {
		if slices.ContainsFunc(d.Places, func(known Occurrence) bool { return ComparePlaces(&known, &place) == 0 }) {
			both++
		}
		all.keep(place)
	}
	told := int64(len(d.Places)+len(other.Places)) - both
	switch {
	case disjoint:
		all.Count = d.Count + other.Count
	default:
		all.Count = max(d.Count, other.Count, told)
	}
	return all
}
