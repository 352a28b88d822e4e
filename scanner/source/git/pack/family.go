package pack

import (
	"math/bits"
	"sync"

	"github.com/jwtleak/jwtleak/scanner/fault"
)

// family reads the headers of all entries, once, in as many goroutines, and links each delta to its base.
func (p *pack) family(jobs int) []packEntry {
	p.once.Do(func() {
		p.entries, p.memory = largeEntries(p.index.len())
		p.enter(byOffset(p.index.offsets, p.size), jobs)
		named := p.readHeaders(jobs)
		// Backwards, so that the deltas of one base are in the order of the pack.
		for i := len(p.entries) - 1; i >= 0; i-- {
			if parent := p.entries[i].parent; parent >= 0 {
				p.entries[i].next = p.entries[parent].child
				p.entries[parent].child = int32(i)
			}
		}
		if named {
			p.breakCircles()
		}
	})
	return p.entries
}

// enter makes the entries, of which each has its place, in as many goroutines.
func (p *pack) enter(places []int32, jobs int) {
	var group fault.Group
	for job := range jobs {
		group.Go(func() {
			for i := len(places) * job / jobs; i < len(places)*(job+1)/jobs; i++ {
				p.entries[i] = packEntry{offset: p.index.offsets[places[i]], place: places[i], parent: noParent, child: noEntry, next: noEntry}
			}
		})
	}
	group.Wait()
}

// byOffset returns the places of an index in the order of their offsets, all of which are below end. It sorts by digits,
// lowest first: comparing a million offsets takes ten times as long.
func byOffset(offsets []int64, end int64) []int32 {
	const digit = 11
	places, sorted := make([]int32, len(offsets)), make([]int32, len(offsets))
	for i := range places {
		places[i] = int32(i)
	}
	for shift := 0; shift < bits.Len64(uint64(end)); shift += digit {
		var starts [1<<digit + 1]int32
		for _, offset := range offsets {
			starts[offset>>shift&(1<<digit-1)+1]++
		}
		for i := range 1 << digit {
			starts[i+1] += starts[i]
		}
		for _, place := range places {
			start := &starts[offsets[place]>>shift&(1<<digit-1)]
			sorted[*start] = place
			*start++
		}
		places, sorted = sorted, places
	}
	return places
}

// readHeaders notes the kind and the base of each entry, and reports whether one names its base.
func (p *pack) readHeaders(jobs int) (named bool) {
	byPlace := sync.OnceValue(func() []int32 {
		named = true
		return p.places()
	})
	var group fault.Group
	for job := range jobs {
		group.Go(func() {
			r := newReader(p, 1) // from one entry to the next, which nothing leads back from
			for i := len(p.entries) * job / jobs; i < len(p.entries)*(job+1)/jobs; i++ {
				p.readHeader(r, i, byPlace)
			}
		})
	}
	group.Wait()
	return named
}

func (p *pack) readHeader(r *reader, i int, byPlace func() []int32) {
	e := &p.entries[i]
	h, err := p.header(r, e.offset)
	if err != nil || i > 0 && e.offset == p.entries[i-1].offset {
		e.parent = unread
		return
	}
	e.noteHeader(h)
	switch h.kind {
	case offsetDelta:
		if e.parent = p.before(i, h.base); e.parent == noEntry {
			e.parent = unread
		}
	case referenceDelta:
		e.parent = outside
		if place := p.index.find(h.name.Bytes()); place >= 0 {
			e.parent = byPlace()[place]
		}
	}
}

// breakCircles marks as unread the entries that no root leads to: those that are deltas of one another.
func (p *pack) breakCircles() {
	met := make([]bool, len(p.entries))
	var left []int32
	for i := range p.entries {
		if p.entries[i].parent < 0 {
			left = append(left, int32(i))
		}
	}
	for len(left) > 0 {
		last := left[len(left)-1]
		left = left[:len(left)-1]
		met[last] = true
		for child := p.entries[last].child; child != noEntry; child = p.entries[child].next {
			left = append(left, child)
		}
	}
	for i := range p.entries {
		if !met[i] {
			p.entries[i].parent, p.entries[i].child = unread, noEntry
		}
	}
}

// before returns the entry at an offset that is before that of another, or noEntry. As a rule it is not far.
func (p *pack) before(i int, offset int64) int32 {
	low, high, step := i, i, 1
	for low > 0 && p.entries[low].offset > offset {
		high = low
		low = max(0, low-step)
		step *= 2
	}
	for low < high {
		middle := int(uint(low+high) >> 1)
		if p.entries[middle].offset < offset {
			low = middle + 1
		} else {
			high = middle
		}
	}
	if p.entries[low].offset != offset {
		return noEntry
	}
	return int32(low)
}

// places returns the entry of each place of the index.
func (p *pack) places() []int32 {
	places := make([]int32, len(p.entries))
	for i := range p.entries {
		places[p.entries[i].place] = int32(i) // the rest of the entry may be written to at the same time
	}
	return places
}
