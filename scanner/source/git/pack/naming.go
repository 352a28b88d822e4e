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
	fresh []int32        // the entries named since it was last looked at
	// known are the offsets of the named, where there are deltas that refer to their base by its name.
	known map[history.Name]int64
}

func (n *naming) note(entry int32, name history.Name) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.names[entry] = name
	n.fresh = append(n.fresh, entry)
}

func (n *naming) find(name history.Name) (int64, bool) {
	offset, ok := n.known[name]
	return offset, ok
}

// nameAll computes the name of each entry of a pack whose offsets alone are known, of those that can be rebuilt. Deltas
// that refer to a base by its name can be rebuilt once that is named: it goes round as long as there are more.
func (p *pack) nameAll(ctx context.Context, s *Store) (*naming, error) {
	entries := p.family(s.jobs)
	n := &naming{names: make([]history.Name, len(entries)), known: map[history.Name]int64{}}
	sweep := &sweep{Store: s, SweepOptions: SweepOptions{Jobs: s.jobs}, wanted: [8]bool{Commit: true, Tree: true, Blob: true, Tag: true}, naming: n}
	roots, waiting := p.nameless(s)
	isReferred := len(waiting) > 0
	for len(roots) > 0 || len(waiting) > 0 {
		if len(roots) == 0 { // what is left refers to other packs, or to nothing
			if roots = s.borrowed(waiting, p); len(roots) == 0 {
				break
			}
		}
		if err := sweep.crewed(ctx, p, roots); err != nil {
			return n, err
		}
		roots = roots[:0]
		for _, entry := range n.fresh {
			if isReferred {
				n.known[n.names[entry]] = entries[entry].offset
				roots = append(roots, waiting[n.names[entry]]...)
				delete(waiting, n.names[entry])
			}
		}
		n.fresh = n.fresh[:0]
	}
	return n, nil
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
