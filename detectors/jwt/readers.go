package jwt

import "slices"

// Readers are the headers that are being read at once, all in one run of base64 characters.
//
// That they are few is what keeps hostile text linear. Take two that begin at the same place modulo four, so that they
// see the same bytes. Where the later one begins at a place at which the earlier one awaits a value, the two go in step
// from there: the later one's stack is the top of the earlier one's, so whatever ends the earlier one ends the later
// one too, unless it has come to its end before, and then it was no header, since the run went on. So the later one
// need not be read; only where the run ends with the later one's brace is it looked for again (innermost). Where the
// later one begins inside a string of the earlier one, each is from then on inside a string where the other is not. And
// where it begins at any other place, the earlier one ends there. So at most two are read in each of four places.
type readers struct {
	live []*reader
	idle []*reader
	done []*reader
	deep bool // one was left for being too deep
}

// begin reads a header whose opening group is at open, unless one that is being read covers it.
func (rs *readers) begin(text []byte, open, from int) {
	for _, r := range rs.live {
		if (open-r.open)%4 == 0 && r.pos == open && (r.state == wantValue || r.state == wantValueOrEnd) && r.depth <= maxLevels {
			return
		}
	}
	var r *reader
	if n := len(rs.idle); n > 0 {
		r, rs.idle = rs.idle[n-1], rs.idle[:n-1]
	} else {
		r = new(reader)
	}
	*r = reader{start: spaceStart(text, open, from), open: open, pos: open, objects: r.objects, marks: r.marks[:0]}
	if r.advance(text, open+1) == dead {
		rs.idle = append(rs.idle, r)
		return
	}
	rs.live = append(rs.live, r)
}

// advance reads on to limit. It returns those that have ended, the first by place first, and where the first of those
// begins that have come to the end of the text, or -1.
func (rs *readers) advance(text []byte, limit int) (done []*reader, cut int) {
	cut = -1
	kept, done := rs.live[:0], rs.done[:0]
	for _, r := range rs.live {
		switch r.advance(text, limit) {
		case reading:
			kept = append(kept, r)
		case exceeded:
			kept = append(kept, r)
			begun := r.begun(text)
			rs.deep = rs.deep || begun > r.start
			if cut < 0 || begun < cut {
				cut = begun
			}
		case ended:
			done = append(done, r)
		case dead:
			rs.deep = rs.deep || r.isTooDeep()
			rs.idle = append(rs.idle, r)
		}
	}
	rs.live = kept
	if len(done) > 1 {
		slices.SortFunc(done, func(a, b *reader) int { return a.start - b.start })
	}
	rs.done = done
	rs.idle = append(rs.idle, done...)
	return done, cut
}

// plausible looks at a header's first characters, without the state of a reader: most needles in text and in random
// base64 stand for nothing, and are told by these.
func plausible(text []byte) bool {
	may, length := MayBeHeader(text)
	const shortest = 12 // a header with alg takes 14 characters
	return may && (length < 0 || length >= shortest)
}

// MayBeHeader looks at the first characters of what may be a header of a token, 20 at most, and reports whether it may be one as far as
// they are characters of base64: groups of four, length of them in all, or less than none where they are as many as are looked at.
func MayBeHeader(text []byte) (may bool, length int) {
	const ahead = 5 // groups of four
	state := wantValue
	for i := 0; i < 4*ahead; i += 4 {
		if i+4 > len(text) {
			return true, -1
		}
		group := text[i : i+4 : i+4]
		a, b, c, d := sextets[group[0]], sextets[group[1]], sextets[group[2]], sextets[group[3]]
		if a|b|c|d >= 64 {
			return true, i
		}
		for _, b := range [3]byte{a<<2 | b>>4, b<<4 | c>>2, c<<6 | d} {
			switch state {
			case inString:
				if plain(b) {
					continue
				}
				if b != '"' {
					return b == '\\', -1
				}
				state = wantColon
			case wantColon:
				if !isSpace(b) {
					return b == ':', -1
				}
			default:
				switch {
				case isSpace(b):
				case b == '{' && state == wantValue:
					state = wantKey
				case b == '"' && state == wantKey:
					state = inString
				default:
					return false, -1
				}
			}
		}
	}
	return true, -1
}

func trimSpace(text []byte) []byte {
	for len(text) > 0 && isSpace(text[0]) {
		text = text[1:]
	}
	return text
}

// reset leaves all headers.
func (rs *readers) reset() {
	rs.idle = append(rs.idle, rs.live...)
	rs.live = rs.live[:0]
}

// spaceStart returns where the groups of four that encode white space alone and end at open begin.
func spaceStart(text []byte, open, from int) int {
	for open-4 >= from && isSpaceGroup(text[open-4:open]) {
		open -= 4
	}
	return open
}

func isSpaceGroup(group []byte) bool {
	var space [3]byte
	decoded, ok := appendDecoded(space[:0], group)
	return ok && isSpace(decoded[0]) && isSpace(decoded[1]) && isSpace(decoded[2])
}

func isSpace(b byte) bool { return b == ' ' || b == '\n' || b == '\r' || b == '\t' }

// begun returns about where the first header begins that r may yet come to the end of: itself, or what is in it, where it is
// deeper than a header may be.
func (r *reader) begun(text []byte) int {
	levels := (r.depth - maxLevels) / markedLevels
	if levels <= 0 {
		return r.start
	}
	return spaceStart(text, r.marks[levels-1], r.start)
}

// innermost returns where a header begins that is the last value closed in what r has read, up to the end of its run.
func (r *reader) innermost(text []byte) (start int, ok bool) {
	decoded, _ := appendDecoded(nil, text[r.open:r.pos])
	again, brace := reader{}, -1
	for i, b := range decoded {
		before := again.depth
		if !again.feed(b) {
			return 0, false
		}
		if again.depth > before && before == r.depth {
			brace = i
		}
	}
	for brace > 0 && brace%3 != 0 && isSpace(decoded[brace-1]) {
		brace--
	}
	if brace <= 0 || brace%3 != 0 {
		return 0, false
	}
	return spaceStart(text, r.open+brace/3*4, r.open), true
}
