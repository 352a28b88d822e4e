package prefilter

import (
	"math"
	"slices"
)

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

// A Dealing says for each needle which bucket it is in, by a digit: of Buckets, which tell bytes by their two halves each, and of one less,
// which tell them as a whole. Where there are not as many digits as needles, these are dealt when they are compiled.
type Dealing struct{ Halves, Bytes string }

// Buckets is how many there are by halves.
const Buckets = buckets

// dealt puts needles into the buckets that their digits say, or deals them where there is not one for each.
func dealt[S former[S]](needles []string, shapeOf func(needle string) S, buckets int, digits string) []bucket[S] {
	if len(digits) != len(needles) {
		return deal(needles, shapeOf, buckets)
	}
	all := make([]bucket[S], buckets)
	for i, needle := range needles {
		into := &all[digits[i]-'0']
		if shape := shapeOf(needle); len(into.needles) == 0 {
			into.shape = shape
		} else {
			into.shape = into.shape.union(shape)
		}
		into.needles = append(into.needles, needle)
	}
	return all
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
	joined, other := &p.buckets[first], p.buckets[second]
	joined.shape, joined.needles = joined.shape.union(other.shape), append(joined.needles, other.needles...)
	p.costs[first] = joined.shape.cost()
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
