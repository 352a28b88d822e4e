package pack

import (
	"cmp"
	"context"
	"slices"
	"sync"

	"github.com/jwtleak/jwtleak/scanner/source/git/history"
)

// A naming gathers the names of the objects of a pack of which the offsets alone are known.
type naming struct {
	mu    sync.Mutex
	names []history.Name // by entry
	// waiting are the deltas whose base, which they refer to by its name, has not been met, by that name.
	waiting []waitingDelta
	// known are the offsets of the named, where there are such deltas.
	known map[history.Name]int64
}

// A waitingDelta is an entry that is a delta, and the name of its base. One that waits no more is noEntry. A map from names to
// lists of entries would take seven times as much, of which a pack may be made to need millions.
type waitingDelta struct {
	base  history.Name
	entry int32
}

// waitingFor returns the deltas of a base.
func waitingFor(waiting []waitingDelta, base history.Name) []waitingDelta {
	first, _ := slices.BinarySearchFunc(waiting, base, func(delta waitingDelta, base history.Name) int {
		return delta.base.Compare(base)
	})
	if first == len(waiting) || waiting[first].base != base {
		return nil
	}
	return run(waiting[first:])
}

// run returns the deltas at the beginning that have the base of the first.
func run(waiting []waitingDelta) []waitingDelta {
	end := 1
	for end < len(waiting) && waiting[end].base == waiting[0].base {
		end++
	}
	return waiting[:end]
}

// note takes in the name of an object that was just made, and makes those its deltas that have waited for it. They are
// gone on with as any others: to look for what has become possible in rounds would take one for each link of a chain.
func (n *naming) note(p *pack, entry int32, name history.Name) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.names[entry] != (history.Name{}) {
		return
	}
	n.names[entry] = name
	if n.known == nil {
		return
	}
	n.known[name] = p.entries[entry].offset
	deltas := waitingFor(n.waiting, name)
	for i := range deltas {
		if delta := deltas[i].entry; delta != noEntry {
			p.entries[delta].parent, p.entries[delta].next = entry, p.entries[entry].child
			p.entries[entry].child = delta
			deltas[i].entry = noEntry
		}
	}
}

func (n *naming) find(name history.Name) (int64, bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	offset, ok := n.known[name]
	return offset, ok
}

// nameAll computes the name of each entry of a pack whose offsets alone are known, of those that can be rebuilt. What
// refers to a base in another pack comes last.
func (p *pack) nameAll(ctx context.Context, s *Store) (*naming, error) {
	entries := p.family(s.jobs)
	n := &naming{names: make([]history.Name, len(entries))}
	sweep := &sweep{Store: s, SweepOptions: SweepOptions{Jobs: s.jobs}, wanted: [8]bool{Commit: true, Tree: true, Blob: true, Tag: true}, naming: n}
	roots, waiting := p.nameless(s)
	if len(waiting) > 0 {
		n.waiting, n.known = waiting, map[history.Name]int64{}
	}
	for {
		if err := sweep.crewed(ctx, p, roots); err != nil {
			return n, err
		}
		if roots = s.borrowed(n.waiting, p); len(roots) == 0 {
			return n, nil
		}
	}
}

// borrowed takes from waiting the deltas whose base is elsewhere than in a pack, and returns them.
func (s *Store) borrowed(waiting []waitingDelta, not *pack) (roots []int32) {
	for len(waiting) > 0 {
		deltas := run(waiting)
		waiting = waiting[len(deltas):]
		if deltas[0].entry == noEntry || !s.hasBut(deltas[0].base, not) {
			continue
		}
		for i := range deltas {
			roots = append(roots, deltas[i].entry)
			deltas[i].entry = noEntry
		}
	}
	return roots
}

// nameless returns the entries that depend on no name, and the deltas of those that do by the name of the base.
func (p *pack) nameless(s *Store) (roots []int32, waiting []waitingDelta) {
	w := newWorker(s, p)
	for i := range p.entries {
		switch p.entries[i].parent {
		case noParent:
			roots = append(roots, int32(i))
		case outside:
			if h, err := p.header(w.reader, p.entries[i].offset); err == nil {
				waiting = append(waiting, waitingDelta{h.name, int32(i)})
			}
		}
	}
	slices.SortFunc(waiting, func(a, b waitingDelta) int { return cmp.Or(a.base.Compare(b.base), cmp.Compare(a.entry, b.entry)) })
	return roots, waiting
}

// index returns the index of the named.
func (n *naming) index(p *pack) (*index, error) {
	order := make([]int32, 0, len(n.names))
	for i, name := range n.names {
		if name != (history.Name{}) {
			order = append(order, int32(i))
		}
	}
	slices.SortFunc(order, func(a, b int32) int { return n.names[a].Compare(n.names[b]) })
	order = slices.CompactFunc(order, func(a, b int32) bool { return n.names[a] == n.names[b] })
	x := &index{nameSize: p.nameSize, names: make([]byte, 0, len(order)*p.nameSize), offsets: make([]int64, 0, len(order))}
	for _, i := range order {
		x.names = append(x.names, n.names[i].Bytes()...)
		x.offsets = append(x.offsets, p.entries[i].offset)
	}
	return x, x.check()
}
