package prefilter

import (
	"math"
	"math/bits"
	"slices"
)

const (
	buckets = 8
	// compared is how many of a needle's first bytes teddy looks at.
	compared = 3
)

// Masks are the tables of teddy: for each byte compared, for its low and its high half, the buckets that have a needle
// with such a half there, a bit for each. Each table of 16 is there twice, for the two halves of a register.
type masks [compared][2][2 * 16]byte

func newMasks(dealt []bucket[shape]) *masks {
	m := new(masks)
	for bucket, members := range dealt {
		for place, halves := range members.shape {
			for half, set := range halves {
				for ; set != 0; set &= set - 1 {
					value := bits.TrailingZeros16(set)
					m[place][half][value] |= 1 << bucket
					m[place][half][value+16] |= 1 << bucket
				}
			}
		}
	}
	return m
}

// A shape is what a bucket lets through: for each byte compared, the sets of its low and high halves.
type shape [compared][2]uint16

func shapeOf(needle string) (s shape) {
	for place := range s {
		s[place] = [2]uint16{1<<16 - 1, 1<<16 - 1}
		if place < len(needle) {
			s[place] = [2]uint16{1 << (needle[place] & 15), 1 << (needle[place] >> 4)}
		}
	}
	return s
}

func (s shape) union(other shape) shape {
	for place := range s {
		s[place][0] |= other[place][0]
		s[place][1] |= other[place][1]
	}
	return s
}

// cost is how often text passes a shape by chance, in no unit.
func (s shape) cost() int {
	cost := 1
	for _, halves := range s {
		cost *= bits.OnesCount16(halves[0]) * weight(halves[1])
	}
	return cost
}

// weight says how common bytes with these high halves are: letters, digits and punctuation are what is read most.
func weight(highs uint16) int {
	const lower, upperAndDigits = 1<<6 | 1<<7, 1<<2 | 1<<3 | 1<<4 | 1<<5
	return bits.OnesCount16(highs) + 2*bits.OnesCount16(highs&(lower|upperAndDigits)) + 3*bits.OnesCount16(highs&lower)
}

// frequencies are about how often each byte stands in what is scanned, logs, sources and JSON, in thousandths.
var frequencies = func() (table [256]uint8) {
	for b := range table {
		table[b] = 1
	}
	for _, row := range []struct {
		often uint8
		bytes string
	}{
		{120, " "}, {60, "e"}, {40, "taoinsr"}, {15, "bcdfghjklmpquvwxyz"}, {25, "012"}, {15, "3456789"}, {5, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"},
		{25, "\"\n"}, {12, ",.:-/=_\t"}, {4, "!#$%&'()*+;<>?@[\\]^`{|}~"},
	} {
		for i := range len(row.bytes) {
			table[row.bytes[i]] = row.often
		}
	}
	return table
}()

// A byteShape is a shape of whole bytes, for needles of ASCII alone: for each byte compared the set of bytes, and how often
// one of them stands in text.
type byteShape [compared]struct {
	set   [2]uint64
	often int
}

func byteShapeOf(needle string) (s byteShape) {
	for place := range s {
		if place >= len(needle) {
			s[place].set, s[place].often = [2]uint64{1<<64 - 1, 1<<64 - 1}, 1000
			continue
		}
		b := needle[place]
		s[place].set[b>>6&1] = 1 << (b & 63)
		s[place].often = int(frequencies[b])
	}
	return s
}

func (s byteShape) union(other byteShape) byteShape {
	for place := range s {
		s[place].often += other[place].often
		for half, set := range other[place].set {
			for both := s[place].set[half] & set; both != 0; both &= both - 1 {
				s[place].often -= int(frequencies[half<<6+bits.TrailingZeros64(both)])
			}
			s[place].set[half] |= set
		}
	}
	return s
}

func (s byteShape) cost() int { return s[0].often * s[1].often * s[2].often }

// A former is a shape of some kind.
type former[S any] interface {
	comparable
	union(other S) S
	cost() int
}

// A bucket is some needles, and the shape of all of them.
type bucket[S former[S]] struct {
	shape   S
	needles []string
}

func (b bucket[S]) union(other bucket[S]) bucket[S] {
	return bucket[S]{b.shape.union(other.shape), slices.Concat(b.needles, other.needles)}
}

// deal puts needles into at most so many buckets, each time joining the two that let the least more through. It is the start
// of every command, so what each two would let through is kept, and for each bucket which of those behind it is best to join.
func deal[S former[S]](needles []string, shapeOf func(needle string) S, buckets int) []bucket[S] {
	dealt := make([]bucket[S], 0, len(needles))
	for _, needle := range needles {
		one := shapeOf(needle)
		if i := slices.IndexFunc(dealt, func(b bucket[S]) bool { return b.shape == one }); i >= 0 { // nothing more is let through
			dealt[i].needles = append(dealt[i].needles, needle)
			continue
		}
		dealt = append(dealt, bucket[S]{one, []string{needle}})
	}
	p := pairs[S]{buckets: dealt, costs: make([]int, len(dealt)), best: make([]pair, len(dealt))}
	for i := range p.buckets {
		p.costs[i] = p.buckets[i].shape.cost()
	}
	for i := range p.buckets {
		p.choose(i)
	}
	for len(p.buckets) > buckets {
		p.join(p.cheapest())
	}
	return p.buckets
}

// Pairs are buckets of which each two may be joined.
type pairs[S former[S]] struct {
	buckets []bucket[S]
	costs   []int  // of the buckets
	best    []pair // by the first of the two
}

// A pair is what a bucket is best joined with, of those behind it, and how much more both let through then.
type pair struct{ with, more int }

// more is how much more two let through when they are joined.
func (p *pairs[S]) more(i, j int) int {
	return p.buckets[i].shape.union(p.buckets[j].shape).cost() - p.costs[i] - p.costs[j]
}

// choose finds what a bucket is best joined with.
func (p *pairs[S]) choose(i int) {
	p.best[i] = pair{with: -1, more: math.MaxInt}
	for j := i + 1; j < len(p.buckets); j++ {
		if more := p.more(i, j); more < p.best[i].more {
			p.best[i] = pair{j, more}
		}
	}
}

func (p *pairs[S]) cheapest() (first, second int) {
	for i := range p.best {
		if p.best[i].more < p.best[first].more {
			first = i
		}
	}
	return first, p.best[first].with
}

// join joins the second of two to the first.
func (p *pairs[S]) join(first, second int) {
	p.buckets[first] = p.buckets[first].union(p.buckets[second])
	p.costs[first] = p.buckets[first].shape.cost()
	p.buckets = slices.Delete(p.buckets, second, second+1)
	p.costs, p.best = slices.Delete(p.costs, second, second+1), slices.Delete(p.best, second, second+1)
	for i := range p.best {
		switch with := p.best[i].with; {
		case i == first || with == first || with == second:
			p.choose(i)
			continue
		case with > second:
			p.best[i].with--
		}
		if i < first {
			if more := p.more(i, first); more < p.best[i].more || more == p.best[i].more && first < p.best[i].with {
				p.best[i] = pair{first, more}
			}
		}
	}
}
