package pack

import (
	"bytes"
	"context"
	"slices"
	"sync"

	"github.com/jwtleak/jwtleak/scanner/source/git/history"
)

// A naming gathers the names of the objects of a pack of which the offsets alone are known.
type naming struct {
	mu    sync.Mutex
	names []history.Name // by entry
	// waiting are the deltas whose base, which they refer to by its name, has not been met.
	waiting map[history.Name][]int32
	// known are the offsets of the named, where there are such deltas.
	known map[history.Name]int64
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
	for _, delta := range n.waiting[name] {
		p.entries[delta].parent, p.entries[delta].next = entry, p.entries[entry].child
		p.entries[entry].child = delta
	}
	delete(n.waiting, name)
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
func (s *Store) borrowed(waiting map[history.Name][]int32, not *pack) (roots []int32) {
	for base, deltas := range waiting {
		if s.hasBut(base, not) {
			roots = append(roots, deltas...)
			delete(waiting, base)
		}
	}
	return roots
}

// nameless returns the entries that depend on no name, and the deltas of each name.
func (p *pack) nameless(s *Store) (roots []int32, waiting map[history.Name][]int32) {
	waiting = map[history.Name][]int32{}
	w := newWorker(s, p)
	for i := range p.entries {
		switch p.entries[i].parent {
		case noParent:
			roots = append(roots, int32(i))
		case outside:
			if h, err := p.header(w.reader, p.entries[i].offset); err == nil {
				waiting[h.name] = append(waiting[h.name], int32(i))
			}
		}
	}
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
	slices.SortFunc(order, func(a, b int32) int { return bytes.Compare(n.names[a].Bytes(), n.names[b].Bytes()) })
	order = slices.CompactFunc(order, func(a, b int32) bool { return n.names[a] == n.names[b] })
	x := &index{nameSize: p.nameSize, names: make([]byte, 0, len(order)*p.nameSize), offsets: make([]int64, 0, len(order))}
	for _, i := range order {
		x.names = append(x.names, n.names[i].Bytes()...)
		x.offsets = append(x.offsets, p.entries[i].offset)
	}
	return x, x.check()
}
