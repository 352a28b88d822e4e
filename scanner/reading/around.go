package reading

import (
	"io"
	"slices"
)

// MaxAround bounds what Sighting.Around returns of either side, in bytes: an entry of a journal has some thirty fields, each
// on a line of its own.
const MaxAround = 4 << 10

// Around returns what stands in front of the token and behind it, of whatever lines, for who looks for a record that goes
// over several: at most MaxAround bytes each, as far as the text is at hand. It is valid as long as LineStart is. Of a large
// file it is read again, so it is not for every sighting.
func (s *Sighting) Around() (before, after []byte) {
	if s.text.reader != nil {
		from := max(0, s.Offset-MaxAround)
		return s.text.read(from, s.Offset-from), s.text.read(s.Offset+int64(s.Match.End), MaxAround)
	}
	before = lastOf(s.text.block[:s.text.start])
	if missing := MaxAround - len(before); missing > 0 && len(s.text.front) > 0 {
		before = slices.Concat(s.text.front[max(0, len(s.text.front)-missing):], before)
	}
	after = s.text.block[s.text.start+s.Match.End:]
	return before, after[:min(len(after), MaxAround)]
}

// surroundings is the text around a token: a block, and the end of what was in front of it, or a reader of all of it.
type surroundings struct {
	front, block []byte
	start        int // of the token in the block
	reader       io.ReaderAt
}

// read returns so much of the text as can be read.
func (t surroundings) read(from, size int64) []byte {
	text := make([]byte, size)
	n, _ := t.reader.ReadAt(text, from) // whoever reads the file itself tells of its errors
	return text[:n]
}

// passed takes in text that is done with, as what stands in front of what follows.
func (p *pass) passed(text []byte) {
	last := lastOf(text)
	if missing := MaxAround - len(last); missing < len(p.front) {
		p.front = append(p.front[:0], p.front[len(p.front)-missing:]...)
	}
	p.front = append(p.front, last...)
}

func lastOf(text []byte) []byte { return text[max(0, len(text)-MaxAround):] }
