package reading

// A toldPlace is where a token was told.
type toldPlace struct {
	start, end int64
	token      string
}

// toldPlaces are those of the tokens that were told of a part of a text which is shown again: with more of the text there, the run
// that one is in may be seen to go on further, and begin elsewhere.
type toldPlaces []toldPlace

// has reports whether a token was told whose place has a part in common with that of a sighting.
func (t toldPlaces) has(sighting *Sighting) bool {
	end := sighting.Offset + int64(sighting.Match.End)
	for i := range t {
		if t[i].start < end && sighting.Offset < t[i].end && t[i].token == sighting.Match.Token {
			return true
		}
	}
	return false
}

func (t *toldPlaces) add(sighting *Sighting) {
	*t = append(*t, toldPlace{sighting.Offset, sighting.Offset + int64(sighting.Match.End), sighting.Match.Token})
}

// forget forgets what ends in front of an offset.
func (t *toldPlaces) forget(front int64) {
	kept := (*t)[:0]
	for _, place := range *t {
		if place.end > front {
			kept = append(kept, place)
		}
	}
	clear((*t)[len(kept):])
	*t = kept
}
