package jwt

import "github.com/jwtleak/jwtleak/detectors"

// A reader reads one header that may begin at a place: base64 and JSON (RFC 8259) at once, so that what is no header is
// left at the first character that shows it, mostly the fourth.
//
// It takes numbers and literals loosely; encoding/json has the last word. That is on purpose a pushdown automaton that
// looks only at the top of its stack: see [readers] for what follows from that.
type reader struct {
	start int // offset of the header's first character
	open  int // offset of the group of four with the opening brace
	pos   int // offset of the next group

	state   state
	key     bool // the string being read is a key
	closing bool // the last byte but white space closed an object

	depth   int
	objects []uint64 // a bit for each level: the level is an object, not an array
	marks   []int    // where the groups of four begin in which each so many levels were opened
}

type state uint8

const (
	wantValue      state = iota // where a value must follow
	wantValueOrEnd              // after [
	wantKey                     // after , in an object
	wantKeyOrEnd                // after {
	wantColon
	wantComma // after a value: , or the end of what it is in
	inScalar  // in a number or a literal
	inString
	inEscape
	complete // after the object
)

// A progress says how far a reader has come.
type progress uint8

const (
	reading  progress = iota // as far as it was told to
	dead                     // this is no header
	ended                    // the run of base64 characters has ended in a way that a header may
	exceeded                 // the text has ended
)

// advance reads on to limit, or to the end of the run. A reader that is not reading afterwards is of no further use,
// but for the place where it ended.
func (r *reader) advance(text []byte, limit int) progress {
	limit = min(limit, r.start+detectors.MaxHeld)
	for r.pos < limit {
		if r.pos+4 > len(text) {
			return r.finish(text)
		}
		group := text[r.pos : r.pos+4 : r.pos+4]
		a, b, c, d := sextets[group[0]], sextets[group[1]], sextets[group[2]], sextets[group[3]]
		if a|b|c|d >= 64 {
			return r.finish(text)
		}
		x, y, z := a<<2|b>>4, b<<4|c>>2, c<<6|d
		r.pos += 4
		if r.state == inString && plain(x) && plain(y) && plain(z) {
			continue
		}
		if !r.feed(x) || !r.feed(y) || !r.feed(z) || r.isTooDeep() {
			return dead
		}
	}
	switch {
	case r.pos-r.start >= detectors.MaxHeld:
		return dead
	case r.pos >= len(text):
		return exceeded
	}
	return reading
}

// finish reads the last characters of the run, fewer than four.
func (r *reader) finish(text []byte) progress {
	end := runEnd(text[:min(r.pos+4, len(text))], r.pos)
	if end == len(text) {
		return exceeded
	}
	last, ok := appendDecoded(make([]byte, 0, 3), text[r.pos:end])
	if !ok {
		return dead
	}
	for _, b := range last {
		if !r.feed(b) {
			return dead
		}
	}
	r.pos = end
	if r.state == complete || r.closing {
		return ended
	}
	return dead
}

// plain reports whether a byte inside a string has no meaning but itself.
func plain(b byte) bool { return b >= 0x20 && b != '"' && b != '\\' }

// plainAtOnce is how many bytes plainEnd mostly looks at together.
const plainAtOnce = 4

// plainEnd returns where the bytes end, from i on, that have no meaning but themselves inside a string.
func plainEnd(text []byte, i int) int {
	for ; i+4 <= len(text); i += 4 {
		if part := text[i : i+4 : i+4]; !plain(part[0]) || !plain(part[1]) || !plain(part[2]) || !plain(part[3]) {
			break
		}
	}
	for i < len(text) && plain(text[i]) {
		i++
	}
	return i
}

// feed takes the next byte and reports whether the text can still be an object.
func (r *reader) feed(b byte) bool {
	switch r.state {
	case inString:
		return r.feedString(b)
	case inEscape:
		r.state = inString
		switch b {
		case '"', '\\', '/', 'b', 'f', 'n', 'r', 't', 'u':
			return true
		}
		return false
	case inScalar:
		if isScalar(b) {
			return true
		}
		r.state = wantComma
	}
	if b == ' ' || b == '\n' || b == '\r' || b == '\t' {
		return true
	}
	r.closing = false
	return r.feedStructure(b)
}

func (r *reader) feedString(b byte) bool {
	switch {
	case b == '\\':
		r.state = inEscape
	case b == '"' && r.key:
		r.state = wantColon
	case b == '"':
		r.state = wantComma
	default:
		return b >= 0x20
	}
	return true
}

func (r *reader) feedStructure(b byte) bool {
	switch r.state {
	case wantValueOrEnd:
		if b == ']' {
			return r.pop()
		}
		return r.feedValue(b)
	case wantValue:
		return r.feedValue(b)
	case wantKeyOrEnd, wantKey:
		if b == '}' && r.state == wantKeyOrEnd {
			return r.pop()
		}
		r.state, r.key = inString, true
		return b == '"'
	case wantColon:
		r.state = wantValue
		return b == ':'
	case wantComma:
		switch object := r.inObject(); {
		case b == ',' && object:
			r.state = wantKey
		case b == ',':
			r.state = wantValue
		case b == '}' && object, b == ']' && !object:
			return r.pop()
		default:
			return false
		}
		return true
	}
	return false
}

func (r *reader) feedValue(b byte) bool {
	switch {
	case b == '{':
		r.push(true)
		r.state = wantKeyOrEnd
	case r.depth == 0:
		return false
	case b == '[':
		r.push(false)
		r.state = wantValueOrEnd
	case b == '"':
		r.state, r.key = inString, false
	case isScalar(b):
		r.state = inScalar
	default:
		return false
	}
	return true
}

// isScalar reports whether a byte can stand in a number or a literal.
func isScalar(b byte) bool {
	return b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b == '-' || b == '+' || b == '.' || b == 'E'
}

// markedLevels is how many levels lie between two of which it is known where they begin.
const markedLevels = 1 << 10

func (r *reader) push(object bool) {
	if r.depth%markedLevels == 0 && r.depth > 0 {
		r.marks = append(r.marks[:r.depth/markedLevels-1], r.pos-4)
	}
	word, bit := r.depth/64, uint64(1)<<(r.depth%64)
	if word == len(r.objects) {
		r.objects = append(r.objects, 0)
	}
	if object {
		r.objects[word] |= bit
	} else {
		r.objects[word] &^= bit
	}
	r.depth++
}

// isTooDeep reports whether r is deeper than any header that it covers may be, one of which begins within maxLevels: so it is
// no header, nor has it one to find.
func (r *reader) isTooDeep() bool { return r.depth > 2*maxLevels }

func (r *reader) pop() bool {
	r.closing = r.inObject()
	r.depth--
	r.state = wantComma
	if r.depth == 0 {
		r.state = complete
	}
	return true
}

// inObject reports whether what is open at the top is an object.
func (r *reader) inObject() bool {
	return r.objects[(r.depth-1)/64]>>((r.depth-1)%64)&1 != 0
}
