package prefilter

import "math/bits"

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
