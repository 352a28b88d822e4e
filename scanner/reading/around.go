package reading

import (
	"io"
	"slices"
)

// Before returns what stands in front of the token, of whatever lines, for who looks for a record that goes over several: as
// many bytes as room has, as far as the text is at hand, which is maxFront for certain. It is valid as long as LineStart is,
// and as long as room is left alone. Of a large file it is read again, so it is not for every sighting.
func (s *Sighting) Before(room []byte) []byte {
	most := len(room)
	if s.text.reader != nil {
		from := max(0, s.Offset-int64(most))
		return s.text.read(from, room[:s.Offset-from])
	}
	before := lastOf(s.text.block[:s.text.start], most)
	if missing := most - len(before); missing > 0 && len(s.text.front) > 0 {
		before = slices.Concat(lastOf(s.text.front, missing), before)
	}
	return before
}

// After is Before for what stands behind the token, of which nothing is at hand for certain.
func (s *Sighting) After(room []byte) []byte {
	if s.text.reader != nil {
		return s.text.read(s.Offset+int64(s.Match.End), room)
	}
	after := s.text.block[s.text.start+s.Match.End:]
	return after[:min(len(after), len(room))]
}

// maxFront is how much is kept of what stands in front of a block, in bytes: an entry of a journal has some thirty fields,
// each on a line of its own, and a command line among them may be long.
const maxFront = 16 << 10

// surroundings is the text around a token: a block, and the end of what was in front of it, or a reader of all of it.
type surroundings struct {
	front, block []byte
	start        int // of the token in the block
	reader       io.ReaderAt
}

// read fills room with the text as far as that can be read.
func (t surroundings) read(from int64, room []byte) []byte {
	n, _ := t.reader.ReadAt(room, from) // whoever reads the file itself tells of its errors
	return room[:n]
}

// passed takes in text that is done with, as what stands in front of what follows.
func (p *pass) passed(text []byte) {
	last := lastOf(text, maxFront)
	if missing := maxFront - len(last); missing < len(p.front) {
		p.front = append(p.front[:0], p.front[len(p.front)-missing:]...)
	}
	p.front = append(p.front, last...)
}

func lastOf(text []byte, most int) []byte { return text[max(0, len(text)-most):] }
