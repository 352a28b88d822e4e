package prefilter

import (
	"bytes"
	"math/bits"
	"slices"
)

// Classes says by the two halves of a byte whether it is of a class: where the entries have a bit in common. Each table of
// 16, the first for the low half, is there twice, for the two halves of a register.
type Classes [2][2 * 16]byte

// Has reports whether a byte is of the class.
func (c *Classes) Has(b byte) bool { return c[0][b&15]&c[1][b>>4] != 0 }

// A Sieve passes over what most texts are made of: what has neither a needle nor a run of bytes of a class with a telltale in it. It
// reads each byte once for both, and for the lines, where three searches one after the other read it three times. It is immutable: any
// number of goroutines may use it at once.
type Sieve struct {
	needles *Set
	tables  *tables
	starts  func(text []byte, hit Hit) bool
	tells   *Telltales
	pass    sieve
}

// Tables are what sieves look bytes up in.
type tables struct {
	masks   masks
	classes Classes
	// bytes has the same for each byte of ASCII, for the one that is looked at and the two behind it: the buckets, of
	// which there is one less, and for the first of the three inClass, if it is of the class.
	bytes [compared][1 << 7]byte
}

// mixedSample is what a sieve returns instead of runs, which have only the highest bits of each byte.
const mixedSample = 1

// inClass is the bit of a byte of the class.
const inClass = 1 << (buckets - 1)

// newTables returns the tables, and whether they have bytes: where a needle or the class has more than ASCII, none are made.
func newTables(needles *Set, class *Classes) (t *tables, ascii bool) {
	t = &tables{masks: *needles.masks, classes: *class}
	for b := range 1 << 8 {
		if !class.Has(byte(b)) {
			continue
		}
		if b >= len(t.bytes[0]) {
			return t, false
		}
		t.bytes[0][b] = inClass
	}
	if slices.ContainsFunc(needles.needles, func(needle string) bool { return !isASCII(needle[:min(len(needle), compared)]) }) {
		return t, false
	}
	for i, bucket := range dealt(needles.needles, byteShapeOf, buckets-1, needles.dealing.Bytes) {
		for _, needle := range bucket.needles {
			for place := range t.bytes {
				t.let(place, needle, 1<<i)
			}
		}
	}
	return t, true
}

func isASCII(text string) bool {
	for i := range len(text) {
		if text[i] >= 1<<7 {
			return false
		}
	}
	return true
}

// let lets a needle's byte at a place through to a bucket; any byte where the needle is shorter.
func (t *tables) let(place int, needle string, bucket byte) {
	if place < len(needle) {
		t.bytes[place][needle[place]] |= bucket
		return
	}
	for b := range t.bytes[place] {
		t.bytes[place][b] |= bucket
	}
}

// A sieve looks at n bytes from text on, n at least sieved, and reads n+lookahead. It returns how many of them, a multiple
// of sieved, are clear, and how many of those are line feeds; of the sieved bytes that follow where a needle may start, a
// bit for each, whether there is a run, and which of them are not of the class. Before says the same of the sieved bytes in
// front of text; the last 16 of them matter. Where those that follow are a sample that is mixed, runs is mixedSample, and no more is
// said of them. The first sample is due at an offset, a multiple of sieved, then one each Sampled bytes, and where it stops, the next
// no sooner than next says.
type sieve func(t *tables, text *byte, n int, before uint64, due int) (clear, lines int, passed, runs, wrong uint64, next int)

const (
	sieved    = 64 // how many bytes a sieve takes at a time
	piece     = 8  // a run is runPieces of these, one after the other
	runPieces = 5
	runBefore = (runPieces - 1) * piece // as many of them may stand in front of a place
)

// NewSieve returns a sieve of a set's needles, of those that start something by what is around them, and of runs of a class that have
// telltales, or nil where the machine has no vectors for it.
func NewSieve(needles *Set, starts func(text []byte, hit Hit) bool, class *Classes, tells *Telltales) *Sieve {
	if needles.masks == nil {
		return nil
	}
	tables, ascii := newTables(needles, class)
	able := sieves(ascii)
	if len(able) == 0 {
		return nil
	}
	return &Sieve{needles: needles, tables: tables, starts: starts, tells: tells, pass: able[0]}
}

// Clear returns how many bytes of text are clear from an offset on, and how many of those are line feeds. Nothing starts with a needle
// in them, and no five of their pieces of 8 bytes, next to each other, are all of the class, the four in front of them counted in, but for
// runs that have no telltale; so no run of 47 bytes of the class that has one ends in them. What follows may be clear too: there is too
// little left to look at, or it is not sure to be. No needle starts in the next free bytes of it either. Runs count from where others are
// known to end.
//
// Due is where a sample is due: by then, and then in each Sampled bytes, one is looked at, and is not mixed, or not near a line break, or
// not among others that all are; it is set to where the next is. Where it stops at one that is mixed, free is -1.
func (s *Sieve) Clear(text []byte, from, known int, due *int) (clear, lines, free int) {
	at, before := from, s.before(text, from, known)
	for at+sieved+lookahead <= len(text) {
		first := max(*due-at, 0) &^ (sieved - 1)
		passed, n, passing, runs, wrong, next := s.pass(s.tables, &text[at], len(text)-at-lookahead, before, first)
		*due = at + next
		at, lines, before = at+passed, lines+n, wrong
		if passing|runs == 0 || s.needleIn(text, at, passing) {
			break
		}
		if runs == mixedSample {
			if mayBeBroken(text, at) && AmongMixed(text, at) {
				return at - from, lines, -1
			}
			*due = at + Sampled
			continue
		} else if runs != 0 && s.tells.In(text, at) {
			return at - from, lines, sieved
		}
		lines += bytes.Count(text[at:at+sieved], []byte{'\n'})
		at += sieved
	}
	return at - from, lines, 0
}

// Tells reports whether a telltale is in a run of the class, which Clear may have stopped at for another reason: what is near such a run
// does not depend on where it stops.
func (s *Sieve) Tells(text []byte, start, end int) bool {
	for ; start < end; start += sieved {
		if len(text) < sieved || s.tells.In(text, min(start, len(text)-sieved)) {
			return true
		}
	}
	return false
}

// before says which of the bytes in front of a place are not of the class. It matters for those alone that are of a run that
// goes on at the place; in front of where it counts from none are of the class.
func (s *Sieve) before(text []byte, at, first int) (wrong uint64) {
	length := 0
	if at < len(text) && s.tables.classes.Has(text[at]) {
		for length < min(at-first, runBefore) && s.tables.classes.Has(text[at-length-1]) {
			length++
		}
	}
	return 1<<(sieved-length) - 1
}

// needleIn reports whether a needle starts at one of the places from at on that may have one, and something with it.
func (s *Sieve) needleIn(text []byte, at int, passing uint64) bool {
	for ; passing != 0; passing &= passing - 1 {
		hit := Hit{At: at + bits.TrailingZeros64(passing)}
		if hit.Needle = s.needles.match(text, hit.At); hit.Needle >= 0 && s.starts(text, hit) {
			return true
		}
	}
	return false
}
