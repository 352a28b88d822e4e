package prefilter

import (
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

func newMasks(dealt []bucket) *masks {
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

// A bucket is some needles, and the shape of all of them.
type bucket struct {
	shape
	needles []string
}

func (b bucket) union(other bucket) bucket {
	return bucket{b.shape.union(other.shape), slices.Concat(b.needles, other.needles)}
}

// deal puts needles into at most so many buckets, each time joining the two that let the least through together. What each
// two would let through is kept: it is the start of every command.
func deal(needles []string, buckets int) []bucket {
	dealt := make([]bucket, len(needles))
	for i, needle := range needles {
		dealt[i] = bucket{shapeOf(needle), []string{needle}}
	}
	return joined(dealt, buckets)
}

// joined returns buckets joined to at most so many.
func joined(dealt []bucket, buckets int) []bucket {
	more := make([][]int, len(dealt)) // by the two joined, the first one's index first
	for i := range more {
		more[i] = make([]int, len(dealt))
	}
	join := func(i, j int) {
		more[i][j] = dealt[i].shape.union(dealt[j].shape).cost() - dealt[i].cost() - dealt[j].cost()
	}
	for i := range dealt {
		for j := i + 1; j < len(dealt); j++ {
			join(i, j)
		}
	}
	for len(dealt) > buckets {
		first, second := cheapest(more)
		dealt[first] = dealt[first].union(dealt[second])
		dealt, more = slices.Delete(dealt, second, second+1), slices.Delete(more, second, second+1)
		for i := range more {
			more[i] = slices.Delete(more[i], second, second+1)
		}
		for i := range dealt {
			if i != first {
				join(min(i, first), max(i, first))
			}
		}
	}
	return dealt
}

// cheapest returns the indices of the two that let the least more through.
func cheapest(more [][]int) (first, second int) {
	first, second = 0, 1
	for i, row := range more {
		for j := i + 1; j < len(row); j++ {
			if row[j] < more[first][second] {
				first, second = i, j
			}
		}
	}
	return first, second
}
