package encoding

import (
	"cmp"
	"encoding/binary"
	"math/bits"
	"slices"

	"github.com/jwtleak/jwtleak/detectors/jwt"
	"github.com/jwtleak/jwtleak/detectors/prefilter"
)

// A matcher finds many short needles in one pass: by their first two pairs of neighbours, at several places a step. It is
// immutable.
type matcher struct {
	pairs   [1 << 16]uint8        // by a pair of bytes: opens and follows
	breaks  [256]bool             // what a needle may have in front of a line break
	firsts  [256]bool             // those of them that one begins with
	ends    [256]bool             // what a line may end with that breaks a needle
	begins  [256]bool             // those that a header begins with, or base64 of one
	entries []entry               // by bucket
	fronts  []front               // of them, by bucket
	buckets [1 << hashBits]bucket // by the hash of the first three bytes
	needles []needle
	width   int
	gate    *prefilter.Gate // nil where the machine has none
}

// An entry is a needle in a bucket.
type entry struct {
	front
	needle uint16
}

// A front is the first eight bytes of needles, and which bits of them these have: all of the bytes of one, or those that several
// have in common of which there is one for each value of the others.
type front struct{ bytes, mask uint64 }

// A bucket is where needles of one hash are among the entries, and their fronts among the fronts.
type bucket struct{ entries, entriesEnd, fronts, frontsEnd uint16 }

// What a pair of bytes is to some needle.
const (
	opens   = 1  // its first two bytes
	follows = 2  // its second and third; twice opens
	inside  = 4  // any two that are neighbours in it
	headed  = 8  // two that are neighbours in how a header begins, or base64 of one
	plainly = 16 // two that are neighbours in what is looked for of a plain header
)

const (
	hashBits   = 12
	shortest   = 3
	longest    = 16
	hashFactor = 0x9e3779b1
	places     = 8 // that are looked at in a step
)

func pairAt(text []byte, i int) uint16 { return uint16(text[i]) | uint16(text[i+1])<<8 }

func hashAt(text []byte, i int) uint32 {
	return ((uint32(text[i]) | uint32(text[i+1])<<8 | uint32(text[i+2])<<16) * hashFactor) >> (32 - hashBits)
}

func newMatcher(needles []needle) *matcher {
	m := &matcher{needles: needles, entries: make([]entry, 0, len(needles))}
	m.addHeads()
	texts := make([]string, len(needles))
	hashed := make([]uint32, len(needles)) // the hash above the needle
	for i, n := range needles {
		text := []byte(n.text)
		texts[i] = n.text
		m.pairs[pairAt(text, 0)] |= opens
		m.pairs[pairAt(text, 1)] |= follows
		for k := range len(text) - 1 {
			m.pairs[pairAt(text, k)] |= inside
			if n.wrapping == plain {
				m.pairs[pairAt(text, k)] |= plainly
			}
			m.breaks[text[k]] = m.breaks[text[k]] || isSolid(text[k])
		}
		m.firsts[text[0]] = true
		m.width = max(m.width, len(text))
		hashed[i] = uint32(i) | hashAt(text, 0)<<16
	}
	for c := range m.ends {
		m.ends[c] = m.breaks[c] || besideLineEnd[c] || c == '=' || c == '}'
	}
	m.gate = prefilter.NewGate(texts)
	slices.SortFunc(hashed, func(a, b uint32) int { return cmp.Or(cmp.Compare(a>>16, b>>16), cmp.Compare(a, b)) })
	for len(hashed) > 0 {
		hash := hashed[0] >> 16
		entries, fronts := len(m.entries), len(m.fronts)
		for ; len(hashed) > 0 && hashed[0]>>16 == hash; hashed = hashed[1:] {
			if i := uint16(hashed[0]); !m.has(m.entries[entries:], &needles[i]) { //nolint:gosec // the low half is the needle
				m.entries = append(m.entries, entry{frontOf(needles[i].text), i})
			}
		}
		m.fronts = append(m.fronts, united(m.entries[entries:])...)
		m.buckets[hash] = bucket{uint16(entries), uint16(len(m.entries)), uint16(fronts), uint16(len(m.fronts))} //nolint:gosec // as many as needles at most
	}
	return m
}

// addHeads notes how a header begins, and base64 of one.
func (m *matcher) addHeads() {
	var set needleSet
	for _, head := range slices.Concat(jwt.Heads(), set.base64(jwt.Heads())) {
		m.begins[head[0]] = true
		for k := range len(head) - 1 {
			m.pairs[uint16(head[k])|uint16(head[k+1])<<8] |= headed
		}
	}
}

// has reports whether a bucket has a needle that is the same.
func (m *matcher) has(bucket []entry, n *needle) bool {
	return slices.ContainsFunc(bucket, func(e entry) bool { return m.needles[e.needle] == *n })
}

func frontOf(text string) front {
	first, mask := [8]byte{}, ^uint64(0)
	if known := copy(first[:], text); known < len(first) {
		mask = 1<<(8*known) - 1
	}
	return front{binary.LittleEndian.Uint64(first[:]), mask}
}

// united returns the fronts of a bucket. Two that differ in one bit are one without it: %250 to %257 are one, where texts that
// begin with a needle everywhere would be compared with each.
func united(bucket []entry) (fronts []front) {
	for _, e := range bucket {
		f := e.front
		for again := true; again; {
			i := slices.IndexFunc(fronts, func(other front) bool {
				return other.mask == f.mask && bits.OnesCount64(other.bytes^f.bytes) <= 1
			})
			if again = i >= 0; again {
				f.mask &^= fronts[i].bytes ^ f.bytes
				f.bytes &= f.mask
				fronts = slices.Delete(fronts, i, i+1)
			}
		}
		fronts = append(fronts, f)
	}
	return fronts
}

// next returns the first offset at or after from where a needle starts, or -1.
func (m *matcher) next(text []byte, from int) int {
	var idle idleFronts
	if m.gate != nil && len(text)-from >= prefilter.GateWord+prefilter.GateAhead {
		return m.nextGated(text, from, &idle)
	}
	i := from
	for ; i+places+shortest-1 <= len(text); i += places {
		if m.openIn((*[places + shortest - 1]byte)(text[i:])) {
			if at := m.nextIn(text, i, i+places, &idle); at >= 0 {
				return at
			}
		}
	}
	return m.nextIn(text, i, len(text)-shortest+1, &idle)
}

// nextGated is next where there are a gate and places enough for a word of it.
func (m *matcher) nextGated(text []byte, from int, idle *idleFronts) int {
	var words [gateWords]uint64
	end, count := len(text)-prefilter.GateAhead, 1 // a needle may be near
	for from < end {
		count = min(count, (end-from)/prefilter.GateWord)
		if count == 0 { // the places that are left are the last of a word
			start := end - prefilter.GateWord
			m.gate.Open(text[start:], words[:1])
			words[0] &^= 1<<(from-start) - 1
			return m.firstOpen(text, start, words[:1], idle)
		}
		m.gate.Open(text[from:], words[:count])
		if at := m.firstOpen(text, from, words[:count], idle); at >= 0 {
			return at
		}
		from += count * prefilter.GateWord
		count = len(words)
	}
	return -1
}

// gateWords is how many words of places are looked at together.
const gateWords = 4

// firstOpen returns the first of the places in words, which begin at start, where a needle starts, or -1.
func (m *matcher) firstOpen(text []byte, start int, words []uint64, idle *idleFronts) int {
	for i, word := range words {
		for ; word != 0; word &= word - 1 {
			at := start + i*prefilter.GateWord + bits.TrailingZeros64(word)
			if m.mayOpen(text, at) && m.frontStarts(text, at, idle) && m.longestAt(text, at) > 0 {
				return at
			}
		}
	}
	return -1
}

// mayOpen reports whether the pair of bytes at a place opens a needle and is followed by one that follows.
func (m *matcher) mayOpen(text []byte, at int) bool {
	return m.pairs[pairAt(text, at)]&(m.pairs[pairAt(text, at+1)]>>1)&opens != 0
}

// openIn reports whether at one of places a pair of bytes that opens a needle is followed by one that follows.
func (m *matcher) openIn(text *[places + shortest - 1]byte) bool {
	eight := binary.LittleEndian.Uint64(text[:])
	a, b, c, d := m.pairs[uint16(eight)], m.pairs[uint16(eight>>8)], m.pairs[uint16(eight>>16)], m.pairs[uint16(eight>>24)]
	e, f, g := m.pairs[uint16(eight>>32)], m.pairs[uint16(eight>>40)], m.pairs[uint16(eight>>48)]
	h, i := m.pairs[uint16(eight>>56)|uint16(text[8])<<8], m.pairs[uint16(text[8])|uint16(text[9])<<8]
	both := a&(b>>1) | b&(c>>1) | c&(d>>1) | d&(e>>1) | e&(f>>1) | f&(g>>1) | g&(h>>1) | h&(i>>1)
	return both&opens != 0
}

// nextIn returns the first offset from from on and before to where a needle starts, or -1. The text has two bytes more.
func (m *matcher) nextIn(text []byte, from, to int, idle *idleFronts) int {
	for at := m.nextFront(text, from, to, idle); at >= 0; at = m.nextFront(text, at+1, to, idle) {
		if m.longestAt(text, at) > 0 {
			return at
		}
	}
	return -1
}

// idleFronts are what stood last where a needle might have started and none does, by their hash: a text that is nothing but starts
// has the same often.
type idleFronts [1 << idleBits]uint64

const (
	idleBits   = 3
	idleFactor = 0x9e3779b97f4a7c15
)

// nextFront is nextIn where the front of a needle is enough.
func (m *matcher) nextFront(text []byte, from, to int, idle *idleFronts) int {
	if from >= to {
		return -1
	}
	for i, next := from, m.pairs[pairAt(text, from)]; i < to; i++ {
		this := next
		next = m.pairs[pairAt(text, i+1)]
		if this&(next>>1)&opens == 0 {
			continue
		}
		if m.frontStarts(text, i, idle) {
			return i
		}
	}
	return -1
}

// frontStarts reports whether the front of a needle is at a place.
func (m *matcher) frontStarts(text []byte, at int, idle *idleFronts) bool {
	there := frontAt(text, at)
	last := &idle[there*idleFactor>>(64-idleBits)]
	if there == *last {
		return false
	}
	if m.mayStart(there, &m.buckets[hashAt(text, at)]) {
		return true
	}
	*last = there
	return false
}

// mayStart reports whether a needle of a bucket begins with what is there.
func (m *matcher) mayStart(there uint64, b *bucket) bool {
	for _, f := range m.fronts[b.fronts:b.frontsEnd] {
		if there&f.mask == f.bytes {
			return true
		}
	}
	return false
}

// longestAt returns how long the longest needle is that starts at an offset: 0 where none does.
func (m *matcher) longestAt(text []byte, at int) (length int) {
	there := frontAt(text, at)
	for _, e := range m.entriesAt(text, at) {
		if there&e.mask == e.bytes && m.matches(text, at, e.needle) {
			length = max(length, len(m.needles[e.needle].text))
		}
	}
	return length
}

// entriesAt returns the entries of the needles that may start at an offset.
func (m *matcher) entriesAt(text []byte, at int) []entry {
	b := &m.buckets[hashAt(text, at)]
	return m.entries[b.entries:b.entriesEnd]
}

// frontAt returns the eight bytes from at on, with zeros where the text has ended.
func frontAt(text []byte, at int) uint64 {
	if at+8 <= len(text) {
		return binary.LittleEndian.Uint64(text[at:])
	}
	var front [8]byte
	copy(front[:], text[at:])
	return binary.LittleEndian.Uint64(front[:])
}

// matches reports whether a needle whose first eight bytes are there is there whole, and may start a token.
func (m *matcher) matches(text []byte, at int, i uint16) bool {
	n := &m.needles[i]
	return at+len(n.text) <= len(text) && string(text[at:at+len(n.text)]) == n.text && n.says(text[at:])
}

// each calls f for every needle that starts at an offset.
func (m *matcher) each(text []byte, at int, f func(n *needle)) {
	there := frontAt(text, at)
	for _, e := range m.entriesAt(text, at) {
		if there&e.mask == e.bytes && m.matches(text, at, e.needle) {
			f(&m.needles[e.needle])
		}
	}
}

// startsPlain reports whether a needle of plain form starts at an offset.
func (m *matcher) startsPlain(text []byte, at int) (is bool) {
	m.each(text, at, func(n *needle) { is = is || n.wrapping == plain })
	return is
}
