package prefilter

import (
	"encoding/binary"
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
	// heads are the needles: for each hash of two bytes the first needle that starts so, and then those that further ones
	// of the same hash lead to, by index.
	heads   []head
	masks   *masks // for teddy; nil where the machine hasn't it
	skips   *skips // where masks is nil
	dealing Dealing
}

// New compiles needles, each of MinNeedle to MaxNeedle bytes. They are the programmer's, so one of another length panics.
func New(needles ...string) *Set {
	return newSet(hasTeddy(), needles, Dealing{})
}

// NewDealt is New for needles that were dealt before, which takes a command's start no time, and may be done as well as it can be.
func NewDealt(needles []string, dealing Dealing) *Set {
	return newSet(hasTeddy(), needles, dealing)
}

func newSet(teddy bool, needles []string, dealing Dealing) *Set {
	s := &Set{needles: append([]string(nil), needles...), dealing: dealing}
	for _, needle := range s.needles {
		if len(needle) < MinNeedle || len(needle) > MaxNeedle {
			panic(fmt.Sprintf("prefilter: needle %q is not %d to %d bytes long", needle, MinNeedle, MaxNeedle))
		}
		s.width = max(s.width, len(needle))
	}
	s.heads = newHeads(s.needles)
	if teddy {
		s.masks = newMasks(dealt(s.needles, shapeOf, buckets, dealing.Halves))
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
	// What stood where none did, and tells that none does: text that is made to pass has the same again and again.
	var idle uint64
	for ; passed != 0 && len(dst) < cap(dst); passed &= passed - 1 {
		at := base + bits.TrailingZeros32(passed)
		var front uint64
		if at+8 <= len(text) {
			if front = binary.LittleEndian.Uint64(text[at:]); front == idle && front != 0 {
				continue
			}
		}
		if needle := s.match(text, at); needle >= 0 {
			dst = append(dst, Hit{Needle: needle, At: at})
		} else if !s.mayGoOn(front) {
			idle = front
		}
	}
	return dst
}

// mayGoOn reports whether a needle that is longer begins with eight bytes.
func (s *Set) mayGoOn(front uint64) bool {
	for h := uint16(hash(byte(front), byte(front>>8))); ; {
		head := &s.heads[h]
		if head.long && front&head.mask == head.front {
			return true
		}
		if h = head.next; h == 0 {
			return false
		}
	}
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

// A head is what a needle is known by: its first eight bytes, little end first, and which of them it has.
type head struct {
	front, mask uint64
	needle      uint16
	long        bool   // it has more
	next        uint16 // the head to compare with if this one is another's; 0 for none
}

const hashes = 1 << 8

func newHeads(needles []string) []head {
	heads := make([]head, hashes, hashes+len(needles))
	for i := range heads {
		heads[i].front = 1 // with an empty mask: nothing is like it
	}
	for i, needle := range needles {
		var front, known [8]byte
		for k := range copy(front[:], needle) {
			known[k] = 0xff
		}
		one := head{
			front: binary.LittleEndian.Uint64(front[:]), mask: binary.LittleEndian.Uint64(known[:]),
			needle: uint16(i), long: len(needle) > len(front), //nolint:gosec // needles are few
		}
		last := &heads[hash(needle[0], needle[1])]
		if last.mask == 0 {
			*last = one
			continue
		}
		for last.next != 0 {
			last = &heads[last.next]
		}
		last.next = uint16(len(heads)) //nolint:gosec // needles are few
		heads = append(heads, one)
	}
	return heads
}

// match returns the first needle that starts at a place, or -1.
func (s *Set) match(text []byte, at int) int {
	if len(text)-at < 8 {
		return s.matchAtEnd(text[min(at, len(text)):])
	}
	front := binary.LittleEndian.Uint64(text[at:])
	for h := uint16(hash(byte(front), byte(front>>8))); ; {
		head := &s.heads[h]
		if front&head.mask == head.front && (!head.long || hasPrefix(text[at:], s.needles[head.needle])) {
			return int(head.needle)
		}
		if h = head.next; h == 0 {
			return -1
		}
	}
}

// matchAtEnd is match for what is left of a text, fewer bytes than a head has.
func (s *Set) matchAtEnd(rest []byte) int {
	for i, needle := range s.needles {
		if hasPrefix(rest, needle) {
			return i
		}
	}
	return -1
}

func hasPrefix(text []byte, needle string) bool {
	return len(text) >= len(needle) && string(text[:len(needle)]) == needle
}

func hash(a, b byte) byte { return a*31 + b }

// Index returns the offset of the first occurrence of any needle in text, or -1.
func (s *Set) Index(text []byte) int {
	_, at := s.Next(text, 0)
	return at
}

// Width is the length in bytes of the longest needle, 0 where there is none.
func (s *Set) Width() int { return s.width }
