package pack

import (
	"bytes"
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"

	"github.com/jwtleak/jwtleak/scanner/source/git/history"
)

// makeIndex reads a pack that has no index, or a wrong one, entry by entry, and names its objects by their content. An
// entry that can't be read ends it, since where the next one starts is not known then, but for the next place where the
// wrong index says that there is one.
func (p *pack) makeIndex(s *Store, wrong *index) (*index, error) {
	var hints []int64
	if wrong != nil {
		hints = slices.Sorted(slices.Values(wrong.offsets))
	}
	offsets, problem := p.walk(s, hints)
	p.index = &index{nameSize: p.nameSize, offsets: offsets, names: make([]byte, len(offsets)*p.nameSize)}
	named, err := p.nameAll(s)
	p.once, p.entries = sync.Once{}, nil // what was made with the offsets alone
	return named, errors.Join(problem, err)
}

// walk returns the offsets of the entries of a pack.
func (p *pack) walk(s *Store, hints []int64) (offsets []int64, problem error) {
	header := make([]byte, packHeader)
	if _, err := p.file.ReadAt(header, 0); err != nil {
		return nil, err
	}
	count := int(binary.BigEndian.Uint32(header[8:]))
	offset, end := int64(packHeader), p.size-int64(p.nameSize)
	w := newWorker(s, p)
	for len(offsets) < count && offset < end {
		offsets = append(offsets, offset) // one that can't be read counts: it is an object that can't be read
		next, err := w.skip(offset)
		if err != nil {
			problem = cmp.Or(problem, err)
			after, _ := slices.BinarySearch(hints, offset+1)
			if after == len(hints) {
				break
			}
			next = hints[after]
		}
		offset = next
	}
	if len(offsets) < count {
		problem = errors.Join(problem, fmt.Errorf("ends after %d of %d objects: %w", len(offsets), count, io.ErrUnexpectedEOF))
	}
	return offsets, problem
}

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

// nameAll computes the name of each entry of a pack whose offsets alone are known, and returns the index of those that
// could be rebuilt. Deltas that refer to a base by its name can be rebuilt once that is named: it goes round as long as
// there are more.
func (p *pack) nameAll(s *Store) (*index, error) {
	entries := p.family(s.jobs)
	n := &naming{names: make([]history.Name, len(entries)), known: map[history.Name]int64{}}
	sweep := &sweep{Store: s, SweepOptions: SweepOptions{Jobs: s.jobs}, wanted: [8]bool{Commit: true, Tree: true, Blob: true, Tag: true}, naming: n}
	roots, waiting := p.nameless(s)
	isReferred := len(waiting) > 0
	for len(roots) > 0 {
		if err := sweep.crewed(context.Background(), p, roots); err != nil {
			return nil, err
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
		if len(roots) == 0 { // what is left refers to other packs, or to nothing
			for base, deltas := range waiting {
				if s.hasBut(base, p) {
					roots = append(roots, deltas...)
					delete(waiting, base)
				}
			}
		}
	}
	return n.index(p)
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
	lost := len(n.names) - len(order)
	slices.SortFunc(order, func(a, b int32) int { return bytes.Compare(n.names[a].Bytes(), n.names[b].Bytes()) })
	order = slices.CompactFunc(order, func(a, b int32) bool { return n.names[a] == n.names[b] })
	x := &index{nameSize: p.nameSize, names: make([]byte, 0, len(order)*p.nameSize), offsets: make([]int64, 0, len(order))}
	for _, i := range order {
		x.names = append(x.names, n.names[i].Bytes()...)
		x.offsets = append(x.offsets, p.entries[i].offset)
	}
	err := x.check()
	if lost > 0 {
		err = errors.Join(err, fmt.Errorf("%d objects could not be read", lost))
	}
	return x, err
}
