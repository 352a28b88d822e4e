package encoding

import (
	"cmp"
	"encoding/binary"
	"slices"
)

// A matcher finds many short needles in one pass: by their first two pairs of neighbours, at several places a step. It is
// immutable.
type matcher struct {
	pairs   [1 << 16]uint8        // by a pair of bytes: opens and follows
	breaks  [256]bool             // what a needle may have in front of a line break
	firsts  [256]bool             // those of them that one begins with
	entries []entry               // by bucket
	ends    [1 << hashBits]uint16 // of the buckets among them; each begins where the one before ends
	needles []needle
	width   int
}

// An entry is a needle in a bucket: its first eight bytes, and which of them it has.
type entry struct {
	front, mask uint64
	needle      uint16
}

// What a pair of bytes is to some needle.
const (
	opens   = 1 // its first two bytes
	follows = 2 // its second and third; twice opens
	inside  = 4 // any two that are neighbours in it
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
	hashed := make([]uint32, len(needles)) // the hash above the needle
	for i, n := range needles {
		text := []byte(n.text)
		m.pairs[pairAt(text, 0)] |= opens
		m.pairs[pairAt(text, 1)] |= follows
		for k := range len(text) - 1 {
			m.pairs[pairAt(text, k)] |= inside
			m.breaks[text[k]] = m.breaks[text[k]] || isSolid(text[k])
		}
		m.firsts[text[0]] = true
		m.width = max(m.width, len(text))
		hashed[i] = uint32(i) | hashAt(text, 0)<<16
	}
	slices.SortFunc(hashed, func(a, b uint32) int { return cmp.Or(cmp.Compare(a>>16, b>>16), cmp.Compare(a, b)) })
	hash, first := uint32(0), 0 // of the bucket that is being filled
	for _, h := range hashed {
		if h>>16 != hash {
			hash, first = h>>16, len(m.entries)
		}
		if i := uint16(h); !m.has(m.entries[first:], &needles[i]) { //nolint:gosec // the low half is the needle
			m.entries = append(m.entries, entryOf(needles[i].text, i))
			m.ends[hash]++
		}
	}
	for bucket := range len(m.ends) - 1 {
		m.ends[bucket+1] += m.ends[bucket]
	}
	return m
}

// has reports whether a bucket has a needle that is the same.
func (m *matcher) has(bucket []entry, n *needle) bool {
	return slices.ContainsFunc(bucket, func(e entry) bool { return m.needles[e.needle] == *n })
}

func entryOf(text string, needle uint16) entry {
	front, mask := [8]byte{}, ^uint64(0)
	if known := copy(front[:], text); known < len(front) {
		mask = 1<<(8*known) - 1
	}
	return entry{binary.LittleEndian.Uint64(front[:]), mask, needle}
}

// bucket returns the entries of the needles that may start at a place.
func (m *matcher) bucket(text []byte, at int) []entry {
	hash, first := hashAt(text, at), uint16(0)
	if hash > 0 {
		first = m.ends[hash-1]
	}
	return m.entries[first:m.ends[hash]]
}

// next returns the first offset at or after from where a needle starts, or -1.
func (m *matcher) next(text []byte, from int) int {
	i := from
	for ; i+places+shortest-1 <= len(text); i += places {
		if m.openIn((*[places + shortest - 1]byte)(text[i:])) {
			if at := m.nextIn(text, i, i+places); at >= 0 {
				return at
			}
		}
	}
	return m.nextIn(text, i, len(text)-shortest+1)
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
func (m *matcher) nextIn(text []byte, from, to int) int {
	for i := from; i < to; i++ {
		if m.pairs[pairAt(text, i)]&opens != 0 && m.pairs[pairAt(text, i+1)]&follows != 0 && m.startsAt(text, i) {
			return i
		}
	}
	return -1
}

func (m *matcher) startsAt(text []byte, at int) bool {
	if at+shortest > len(text) {
		return false
	}
	front := frontAt(text, at)
	for _, e := range m.bucket(text, at) {
		if front&e.mask == e.front && m.matches(text, at, e.needle) {
			return true
		}
	}
	return false
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
	front := frontAt(text, at)
	for _, e := range m.bucket(text, at) {
		if front&e.mask == e.front && m.matches(text, at, e.needle) {
			f(&m.needles[e.needle])
		}
	}
}

// startsPlain reports whether a needle of plain form starts at an offset.
func (m *matcher) startsPlain(text []byte, at int) (is bool) {
	m.each(text, at, func(n *needle) { is = is || n.wrapping == plain })
	return is
}
