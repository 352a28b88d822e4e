package prefilter

import (
	"fmt"
	"math/bits"
)

// The lengths a needle may have, in bytes. One of two bytes costs more false alarms than longer ones do.
const (
	MinNeedle = 2
	MaxNeedle = 16
)

// A Set is a compiled set of needles. It is immutable: any number of goroutines may use it at once.
type Set struct {
	needles []string
	width   int
	// starts are the indices, ascending, of the needles whose first two bytes have a hash.
	starts [256][]uint16
	masks  *masks // for teddy; nil where the machine hasn't it
	skips  *skips // where masks is nil
}

// New compiles needles, each of MinNeedle to MaxNeedle bytes. They are the programmer's, so one of another length panics.
func New(needles ...string) *Set {
	return newSet(hasTeddy(), needles)
}

func newSet(teddy bool, needles []string) *Set {
	s := &Set{needles: append([]string(nil), needles...)}
	for i, needle := range s.needles {
		if len(needle) < MinNeedle || len(needle) > MaxNeedle {
			panic(fmt.Sprintf("prefilter: needle %q is not %d to %d bytes long", needle, MinNeedle, MaxNeedle))
		}
		s.width = max(s.width, len(needle))
		start := hash(needle[0], needle[1])
		s.starts[start] = append(s.starts[start], uint16(i))
	}
	if teddy {
		s.masks = newMasks(s.needles)
	} else {
		s.skips = newSkips(s.needles)
	}
	return s
}

// A Hit is one occurrence of a needle.
type Hit struct {
	Needle int // its index in the arguments of New
	At     int // the offset of its first byte
}

// Next returns the first occurrence of a needle that starts at or after from: the needle's index in the arguments of
// New, and the offset of its first byte in text. Where several start at one offset it is the lowest index. There being
// none, both are -1.
func (s *Set) Next(text []byte, from int) (needle, at int) {
	var one [1]Hit
	if hits := s.Hits(one[:0], text, from); len(hits) > 0 {
		return hits[0].Needle, hits[0].At
	}
	return -1, -1
}

// Hits returns in dst what calls of Next would, each from behind the last hit: as many as dst has capacity for, fewer
// where text has no more. Where needles are dense it is several times as fast.
func (s *Set) Hits(dst []Hit, text []byte, from int) []Hit {
	dst, from = dst[:0], max(from, 0)
	if len(s.needles) == 0 || len(text)-from < MinNeedle || cap(dst) == 0 {
		return dst
	}
	if s.masks == nil {
		return s.hitsSkipping(dst, text, from)
	}
	whole := (len(text) - from - lookahead) &^ (lanes - 1)
	for end := from + whole; from < end; from += lanes {
		block, passed := teddy(s.masks, &text[from], end-from)
		if from += block; passed == 0 {
			break
		}
		if dst = s.confirm(dst, text, from, passed); len(dst) == cap(dst) {
			return dst
		}
	}
	return s.hitsInTail(dst, text, from)
}

// confirm appends those of the places from base on that passed and have a needle, as many as there is room for.
func (s *Set) confirm(dst []Hit, text []byte, base int, passed uint32) []Hit {
	for ; passed != 0 && len(dst) < cap(dst); passed &= passed - 1 {
		at := base + bits.TrailingZeros32(passed)
		if needle := s.match(text, at); needle >= 0 {
			dst = append(dst, Hit{Needle: needle, At: at})
		}
	}
	return dst
}

// What teddy takes: so many places at once, reading so many bytes beyond the last of them.
const (
	lanes     = 32
	lookahead = 2
)

// hitsInTail is Hits for the end of a text, too short for teddy to read without passing it.
func (s *Set) hitsInTail(dst []Hit, text []byte, from int) []Hit {
	var padded [2*lanes + lookahead]byte
	n := copy(padded[:], text[from:])
	for start := 0; start < n; start += lanes {
		_, passed := teddy(s.masks, &padded[start], lanes)
		dst = s.confirm(dst, text, from+start, passed)
	}
	return dst
}

// match returns the first needle that starts at a place, or -1.
func (s *Set) match(text []byte, at int) int {
	if at+MinNeedle > len(text) {
		return -1
	}
	for _, i := range s.starts[hash(text[at], text[at+1])] {
		if needle := s.needles[i]; len(text)-at >= len(needle) && string(text[at:at+len(needle)]) == needle {
			return int(i)
		}
	}
	return -1
}

func hash(a, b byte) byte { return a*31 + b }

// Index returns the offset of the first occurrence of any needle in text, or -1.
func (s *Set) Index(text []byte) int {
	_, at := s.Next(text, 0)
	return at
}

// Width is the length in bytes of the longest needle, 0 where there is none.
func (s *Set) Width() int { return s.width }
