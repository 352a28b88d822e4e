package jwt

import "github.com/jwtleak/jwtleak/detectors"

// mostStructure is how many bytes outside of strings may stand between the beginning of a JSON serialization and the
// protected header or payload that points at it. That the way back is so short is what lets the text be held, at the end
// of a block, from where any serialization may begin.
const mostStructure = 4 << 10

// An enclosure is what enclosing returned for a place.
type enclosure struct {
	of, open    int
	first       int // in front of which nothing was looked at
	given, took int // of what may stand outside of strings
}

// Enclosures are the last of objects that are beside each other, at some levels: those of lists in each other, as a general serialization
// has. Later ones take the place of those that are beside them.
type enclosures [4]enclosure

func (e *enclosures) add(one enclosure) {
	last := 0
	for last < len(e)-1 && (e[last].given == 0 || e[last].open != one.open) {
		last++
	}
	copy(e[1:last+1], e[:last])
	e[0] = one
}

// of returns the one of an object that begins at a place.
func (e *enclosures) of(open int) (one enclosure, ok bool) {
	for i := range e {
		if e[i].of == open {
			return e[i], e[i].given > 0
		}
	}
	return one, false
}

// enclosing returns where the object or array opens that what starts at i is directly in, walking back over valid JSON,
// or -1. It takes what it has walked over from structure, and stops where nothing is left. Where it comes past an object that
// it was asked for, beside what starts at i, it goes no way twice.
func (s *search) enclosing(i int, structure *int) int {
	first := max(s.lowestOf(i), i-detectors.MaxHeld)
	asked := enclosure{of: i, open: -1, first: first, given: *structure}
	defer func(from int) {
		s.spent += from - i
		if asked.took = asked.given - *structure; from < len(s.text) && s.text[from] == '{' && (i >= first || from >= s.told.end) {
			s.enclosed.add(asked)
		}
	}(i)
	depth := 0
	for i--; i >= first && *structure > 0; i-- {
		*structure--
		switch structural[s.text[i]] {
		case isFlat:
		case isQuote:
			var ok bool
			if i, ok = s.stringStart(i, first, '"'); !ok {
				s.atFront = s.atFront || i < 0
				return -1
			}
		case isClosing:
			depth++
		case isOpening:
			if depth == 0 {
				asked.open = i
				return i
			}
			if depth--; depth > 0 {
				continue
			}
			if before, ok := s.enclosed.of(i); ok && *structure <= before.given && (before.open >= 0 || before.first <= first) {
				if *structure -= before.took; *structure > 0 && before.open >= first {
					asked.open = before.open
				}
				*structure = max(*structure, 0)
				return asked.open
			}
		default:
			return -1
		}
	}
	s.atFront = s.atFront || i < 0
	return -1
}
