package encoding

import (
	"bytes"
	"math/bits"

	"github.com/jwtleak/jwtleak/detectors/prefilter"
)

// Beside each long run, line breaks, text in another form and lines of it are looked for, one after the other, and mostly in
// vain. What they begin with is marked for all of them at once, where there are vectors.

// marks say something of 64 bytes, a bit for each.
type marks struct {
	feeds   uint64 // line feeds
	zeros   uint64
	signs   uint64 // of a line break that may be escaped: see hasSign, which has fewer
	sextets uint64 // characters of base64
}

const (
	marked    = 64 // bytes
	mostMarks = 8
)

// What runs counts with.
const (
	_ = uint(narrowest-8) + uint(8-narrowest)
	_ = uint(leastEncoded-28) + uint(28-leastEncoded)
)

// markBytes are what the bytes are compared with, each as often as there are in a vector.
type markBytes struct {
	feed, backslash, equals, percent, ampersand, nought, two, hash [blockSize]byte
	sextets                                                        prefilter.Classes
}

var markedBytes = func() (m markBytes) {
	for i := range blockSize {
		m.feed[i], m.backslash[i], m.equals[i], m.percent[i], m.ampersand[i] = '\n', '\\', '=', '%', '&'
		m.nought[i], m.two[i], m.hash[i] = '0', '2', '#'
	}
	m.sextets = sextetClasses
	return m
}()

// A surrounding is a part of a text with its marks.
type surrounding struct {
	text     []byte
	from, to int
	start    int // of the marks
	count    int
	marks    [mostMarks]marks
}

// mark marks text[from:to] and what is beside it. It reports false where that is too much.
func (s *surrounding) mark(text []byte, from, to int) bool {
	start := from - mostFeed
	count := (to + max(mostFeed, leastEncoded) - start + marked - 1) / marked
	if from >= to || count > mostMarks {
		return false
	}
	s.text, s.from, s.to, s.start, s.count = text, from, to, start, count
	if start < 0 || start+count*marked >= len(text) {
		s.markEdge()
		return true
	}
	markVector(&markedBytes, &text[start], &s.marks[0], count)
	return true
}

// markEdge marks what begins in front of the text or ends behind it, as if it went on with blanks: most messages of commits are as
// short, and so is most of what a delta adds.
func (s *surrounding) markEdge() {
	room := blanks
	end := s.start + s.count*marked + 1
	copy(room[max(-s.start, 0):], s.text[max(s.start, 0):min(end, len(s.text))])
	markVector(&markedBytes, &room[0], &s.marks[0], s.count)
}

// blanks are as many as mark reads at most.
var blanks = [mostMarks*marked + 1]byte(bytes.Repeat([]byte{' '}, mostMarks*marked+1))

// nextFeed returns where the first line feed from i on is, or -1 where there is none before to.
func (s *surrounding) nextFeed(i, to int) int {
	for word := (i - s.start) / marked; i < to; word++ {
		if feeds := s.marks[word].feeds >> ((i - s.start) % marked); feeds != 0 {
			if i += bits.TrailingZeros64(feeds); i < to {
				return i
			}
			return -1
		}
		i = s.start + (word+1)*marked
	}
	return -1
}

// nextBroken is the matcher's.
func (s *surrounding) nextBroken(m *matcher) brokenNeedle {
	none := brokenNeedle{line: -1, start: -1}
	for line := s.nextFeed(s.from, s.to); line >= 0; line = s.nextFeed(line+1, s.to) {
		found, ok := m.across(s.text, line)
		if ok {
			return found
		}
		none.far = none.far || found.far
	}
	return none
}

// nextLines is the function of that name.
func (s *surrounding) nextLines() (at int) {
	for i := range s.count {
		if s.marks[i].signs != 0 {
			at, _ = nextLines(s.text, s.from, s.to)
			return at
		}
	}
	last, behindFeed := s.to+mostFeed, uint64(0)
	for i := range s.count {
		feeds := s.marks[i].feeds
		starts := feeds<<1 | behindFeed
		if starts != 0 {
			starts &= s.runs(i).eight // lines that are not narrower than narrowest
		}
		for behindFeed = feeds >> (marked - 1); starts != 0; starts &= starts - 1 {
			start := s.start + i*marked + bits.TrailingZeros64(starts)
			if start <= max(s.from, 1) || start > last || !mayBeNarrow(s.text[start:]) {
				continue
			}
			switch at, by := linesAt(s.text, start); {
			case by == plain, at < s.from:
			case at < s.to:
				return at
			default:
				return -1
			}
		}
	}
	return -1
}

// nextEncoded is the function of that name.
func (s *surrounding) nextEncoded() encodedText {
	for i := range s.count {
		if s.marks[i].zeros != 0 { // of UTF-16, it may be
			return nextEncoded(s.text, s.from, s.to)
		}
	}
	at := s.from
	if at > 0 && sextets[s.text[at-1]] < 64 {
		at = s.sextetsEnd(at)
	}
	for at = s.nextEnough(at); at >= 0 && at < s.to; {
		end := s.sextetsEnd(at)
		if found := encodedIn(s.text[:min(end, at+encodedAhead)], at); found.at >= 0 {
			found.end = end
			return found
		}
		at = s.nextEnough(end)
	}
	return encodedText{at: -1}
}

// nextEnough returns where the first run of leastEncoded characters of base64 begins, from i on, or -1. None of a longer one is in
// front of i.
func (s *surrounding) nextEnough(i int) int {
	for word := (i - s.start) / marked; word < s.count; word++ {
		starts := s.runs(word).enough
		if first := i - s.start - word*marked; first > 0 {
			starts = starts >> first << first
		}
		if starts != 0 {
			return s.start + word*marked + bits.TrailingZeros64(starts)
		}
	}
	return -1
}

// sextetsEnd is runEnd.
func (s *surrounding) sextetsEnd(i int) int {
	for word := (i - s.start) / marked; word < s.count; word++ {
		others := ^s.marks[word].sextets
		if first := i - s.start - word*marked; first > 0 {
			others = others >> first << first
		}
		if others != 0 {
			return s.start + word*marked + bits.TrailingZeros64(others)
		}
	}
	return runEnd(s.text, s.start+s.count*marked)
}

// runs says where in a word runs of characters of base64 begin: of narrowest, and of leastEncoded, or go on for as many.
func (s *surrounding) runs(word int) (from struct{ eight, enough uint64 }) {
	this, next := s.marks[word].sextets, uint64(0)
	if word+1 < s.count {
		next = s.marks[word+1].sextets
	}
	two, nextTwo := this&(this>>1|next<<63), next&(next>>1)
	four, nextFour := two&(two>>2|nextTwo<<62), nextTwo&(nextTwo>>2)
	eight, nextEight := four&(four>>4|nextFour<<60), nextFour&(nextFour>>4)
	sixteen := eight & (eight>>8 | nextEight<<56)
	from.eight = eight
	from.enough = sixteen & (eight>>16 | nextEight<<48) & (four>>24 | nextFour<<40)
	return from
}
