package container

import "slices"

// mostSeen is how many things are remembered of one text. What is met beyond is told of in both forms.
const mostSeen = 1 << 14

// Seen is what was met in a text of which parts are shown again in another form. It is for one goroutine.
type Seen struct {
	places map[string][]seenPlace
	count  int
}

type seenPlace struct{ from, to int64 }

// Add remembers that a thing stands from one offset to another.
func (s *Seen) Add(thing string, from, to int64) {
	if s.count == mostSeen {
		return
	}
	if s.places == nil {
		s.places = map[string][]seenPlace{}
	}
	s.places[thing] = append(s.places[thing], seenPlace{from, to})
	s.count++
}

// Take reports whether a thing was met between two offsets, and forgets it there.
func (s *Seen) Take(thing string, from, to int64) bool {
	places := s.places[thing]
	for i, place := range places {
		if place.from < to && place.to > from {
			s.places[thing] = slices.Delete(places, i, i+1)
			s.count--
			return true
		}
	}
	return false
}
