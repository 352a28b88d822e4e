package git

import (
	"cmp"
	"encoding/binary"
	"slices"
	"strings"

	"github.com/jwtleak/jwtleak/scanner/finding"
)

// A token that stands in one text more than once is told at each place: whoever mends line 3 is to see line 40. Most stand there
// once, so that the others are held apart from them, in some bytes each.

const (
	// maxRepeats bounds what is held of places besides the first, in bytes, over all texts, and maxRepeatsOfEach how many
	// are of one token in one text.
	maxRepeats       = 64 << 20
	maxRepeatsOfEach = 1 << 20
	// maxRepeatsTold bounds how many are told: those of a blob are told at each path, for each commit that brings it in.
	maxRepeatsTold = 1 << 22
	// toldAtOnce is how many occurrences are handed on at once.
	toldAtOnce = 1 << 12
)

// spots are the places of one token in one text, where there are several.
type spots struct {
	text   []byte // what each differs from the one before by, as they came
	last   spot
	count  int
	open   bool // some are not allowed by a comment
	isFull bool // there are more
}

// A spot is one of them.
type spot struct {
	offset, line, column, character int64
	way                             int64 // counted as repeats.ways
	allowed                         bool
}

// A way is how a token is wrapped, and through which containers.
type way struct{ container, encodings []string }

// repeats hold the places of tokens that stand in a text more than once. Whoever calls them sees to it that no other does.
type repeats struct {
	numbers map[string]int64
	ways    []way
	size    int
	isCut   bool // there were too many: none is told but the first of each text
	isFull  bool // there were too many in one text
	told    int
}

// add adds a place.
func (r *repeats) add(s *spots, at *finding.Occurrence) {
	s.open = s.open || !at.Allowed
	if r.isCut {
		s.text = nil
		return
	}
	if s.count == maxRepeatsOfEach {
		s.isFull, r.isFull = true, true
		return
	}
	next := spot{at.Offset, at.Line, at.Column, at.CharacterColumn, r.wayOf(at), at.Allowed}
	before := len(s.text)
	for _, difference := range []int64{
		next.offset - s.last.offset, next.line - s.last.line, next.column - s.last.column,
		next.character - s.last.character, next.way - s.last.way,
	} {
		s.text = binary.AppendVarint(s.text, difference)
	}
	allowed := byte(0)
	if next.allowed {
		allowed = 1
	}
	s.text = append(s.text, allowed)
	s.last = next
	s.count++
	r.size += len(s.text) - before
	r.isCut = r.size > maxRepeats
}

// wayOf returns the number of a way.
func (r *repeats) wayOf(at *finding.Occurrence) int64 {
	key := strings.Join(at.Container, "\x00") + "\x00\x00" + strings.Join(at.Encodings, "\x00")
	number, ok := r.numbers[key]
	if !ok {
		if r.numbers == nil {
			r.numbers = map[string]int64{}
		}
		number = int64(len(r.ways))
		r.numbers[key] = number
		r.ways = append(r.ways, way{at.Container, at.Encodings})
		r.size += 2*len(key) + 128
	}
	return number
}

// of returns the places in their order, each once.
func (r *repeats) of(s *spots) []spot {
	all := make([]spot, 0, s.count)
	var at spot
	for text := s.text; len(text) > 0; text = text[1:] {
		for _, field := range []*int64{&at.offset, &at.line, &at.column, &at.character, &at.way} {
			difference, n := binary.Varint(text)
			*field += difference
			text = text[n:]
		}
		at.allowed = text[0] == 1
		all = append(all, at)
	}
	compare := func(a, b spot) int {
		if a.way == b.way {
			return cmp.Compare(a.offset, b.offset)
		}
		return cmp.Or(slices.Compare(r.ways[a.way].container, r.ways[b.way].container), cmp.Compare(a.offset, b.offset))
	}
	slices.SortFunc(all, func(a, b spot) int {
		return cmp.Or(compare(a, b), slices.Compare(r.ways[a.way].encodings, r.ways[b.way].encodings))
	})
	return slices.CompactFunc(all, func(a, b spot) bool { return compare(a, b) == 0 })
}

// at returns an occurrence as it is at a place.
func (r *repeats) at(place spot, occurrence finding.Occurrence) finding.Occurrence {
	occurrence.Offset, occurrence.Line, occurrence.Column, occurrence.CharacterColumn = place.offset, place.line, place.column, place.character
	occurrence.Container, occurrence.Encodings = r.ways[place.way].container, r.ways[place.way].encodings
	occurrence.Allowed = place.allowed
	return occurrence
}

// comparePlaces orders the places of a token in a text.
func comparePlaces(a, b *finding.Occurrence) int {
	return cmp.Or(slices.Compare(a.Container, b.Container), cmp.Compare(a.Offset, b.Offset))
}

// A telling tells the occurrences of one token, some at once.
type telling struct {
	*reading
	fingerprint finding.Fingerprint
	repeats     *repeats
	batch       []finding.Occurrence
	hasTold     bool
}

// tell tells an occurrence at each of its places.
func (t *telling) tell(occurrence finding.Occurrence, places *spots) error {
	if places == nil {
		t.batch = append(t.batch, occurrence)
		return nil
	}
	room := maxRepeatsTold - t.repeats.told
	if t.repeats.isCut || room <= 0 {
		occurrence.Allowed = occurrence.Allowed && !places.open
		t.batch, t.repeats.isFull = append(t.batch, occurrence), true
		return nil
	}
	all := t.repeats.of(places)
	t.repeats.told += len(all)
	for _, place := range all {
		t.batch = append(t.batch, t.repeats.at(place, occurrence))
		if len(t.batch) >= toldAtOnce {
			if err := t.flush(); err != nil {
				return err
			}
		}
	}
	return nil
}

// flush hands on what is left. The first of it takes the place of what was told of the token before.
func (t *telling) flush() error {
	if len(t.batch) == 0 {
		return nil
	}
	repository := t.name()
	if t.hasTold {
		repository = ""
	}
	batch := t.batch
	t.batch, t.hasTold = nil, true
	return t.visitor.Attribute(t.fingerprint, repository, batch)
}

// tellRepeats tells where there were too many places to tell them all.
func (r *reading) tellRepeats(held *repeats) error {
	if !held.isCut && !held.isFull {
		return nil
	}
	return r.problem(r.name(), "tokens are repeated too often in the same texts to tell every place: some are not told")
}
