package history

import (
	"slices"
	"sort"
)

// Most trees are kept as deltas, which copy nearly all of another one and put in one object's name. Of what is copied
// everything is known, so that only what stands between has to be looked at, and of an entry that many versions of a tree
// have, the tree that it came with is noted, and the versions that it was dropped in.

// A Version says how a tree was made of another one, its base.
type Version struct {
	// Base is what is known of the base, of the same job; nil where nothing is.
	Base *Noted
	// Copied are ranges of the tree that are copied from its base, in order. Not all have to be there.
	Copied []Copied
	// HasVersions says that the tree is itself the base of others. Noted is set then by AddVersion, for those.
	HasVersions bool
	Noted       *Noted
}

// A Copied is a range of what a delta makes that is the same in its base, from From on.
type Copied struct{ Start, End, From int }

// A Noted is what is known of the entries of a tree. It belongs to one job.
type Noted struct {
	gathering *gathering
	tree      uint32
	starts    []uint32 // where each entry starts in the tree, and where the last one ends
	edges     []uint32 // the number of each entry's edge, or noEdge
	own       []uint32 // the entries, by their places, that each tree is noted with that has them
}

const (
	// noEdge is the number of no edge.
	noEdge = ^uint32(0)
	// maxNoted bounds the trees whose entries are remembered, in bytes.
	maxNoted = 1 << 20
	// keptNoted is how many a gathering keeps to be used again, of not too many entries.
	keptNoted        = 16
	keptNotedEntries = 1 << 12
	// alwaysDropped is how many entries a version may drop that has fewer of its base than it drops.
	alwaysDropped = 8
)

// Release gives up what is known of a tree when no more of its versions come. It is called by the job that it belongs to.
func (n *Noted) Release() {
	if n == nil {
		return
	}
	if g := n.gathering; len(g.free) < keptNoted && cap(n.starts) <= keptNotedEntries {
		g.free = append(g.free, n)
	}
}

// Size is how many bytes of memory it takes.
func (n *Noted) Size() int {
	if n == nil {
		return 0
	}
	return 4 * (cap(n.starts) + cap(n.edges) + cap(n.own))
}

// note begins to note what is known of the entries of a tree.
func (g *gathering) note(tree uint32) *Noted {
	last := len(g.free) - 1
	if last < 0 {
		return &Noted{gathering: g, tree: tree}
	}
	n := g.free[last]
	g.free = g.free[:last]
	n.tree, n.starts, n.edges, n.own = tree, n.starts[:0], n.edges[:0], n.own[:0]
	return n
}

// add adds an entry.
func (n *Noted) add(at int, edge uint32, isOwn bool) {
	if isOwn {
		n.own = append(n.own, uint32(len(n.edges)))
	}
	n.starts = append(n.starts, uint32(at))
	n.edges = append(n.edges, edge)
}

// inherit adds entries that are as they are in the base.
func (n *Noted) inherit(base *Noted, part *treePart) {
	first, before := len(n.starts), base.starts[part.first]
	n.starts = append(n.starts, base.starts[part.first:part.last]...)
	by := uint32(part.at) - before
	for i := range n.starts[first:] {
		n.starts[first+i] += by
	}
	n.edges = append(n.edges, base.edges[part.first:part.last]...)
}

// end ends with a tree of so many bytes. What has far more room than it needs is not kept so for long.
func (n *Noted) end(size int) *Noted {
	n.starts = append(n.starts, uint32(size))
	if cap(n.starts) > 4*len(n.starts)+64 {
		n.starts, n.edges, n.own = slices.Clone(n.starts), slices.Clone(n.edges), slices.Clone(n.own)
	}
	return n
}

// within returns the entries, those from a place on and none that each tree is noted with, that lie one behind the other
// from start on, up to end; none where none starts there.
func (n *Noted) within(from int, start, end int) (first, last int) {
	if first = from; first >= len(n.edges) || n.starts[first] != uint32(start) {
		if first++; first >= len(n.edges) || n.starts[first] != uint32(start) { // the one in front of which was replaced
			first = from + sort.Search(len(n.edges)-from, func(i int) bool { return n.starts[from+i] >= uint32(start) })
			if first >= len(n.edges) || n.starts[first] != uint32(start) {
				return 0, 0
			}
		}
	}
	low, high := first, len(n.edges) // the last of starts that is not behind end
	if n.starts[high] <= uint32(end) {
		low = high
	}
	for low < high {
		middle := int(uint(low+high+1) >> 1)
		if n.starts[middle] <= uint32(end) {
			low = middle
		} else {
			high = middle - 1
		}
	}
	if len(n.own) > 0 {
		if i, _ := slices.BinarySearch(n.own, uint32(first)); i < len(n.own) {
			low = min(low, int(n.own[i]))
		}
	}
	return first, low
}

// A treePart is an entry of a tree, or some that are as they are in the base, from first to last there.
type treePart struct {
	at          int
	first, last int
	entry       rawEntry
}

// compare parts a tree into entries that it has from its base, and others, up to where it is malformed.
func (g *gathering) compare(content []byte, v *Version, nameSize int) (parts []treePart, err error) {
	parts, copied, next := g.parts[:0], v.Copied, 0
	defer func() { g.parts = parts }()
	for at := 0; at < len(content); {
		for len(copied) > 0 && copied[0].End <= at {
			copied = copied[1:]
		}
		if len(copied) > 0 && copied[0].Start <= at {
			by := copied[0].From - copied[0].Start
			if first, last := v.Base.within(next, at+by, copied[0].End+by); first < last {
				parts = append(parts, treePart{at: at, first: first, last: last})
				at += int(v.Base.starts[last] - v.Base.starts[first])
				next = last
				continue
			}
		}
		entry, rest, err := nextEntry(content[at:], nameSize)
		if err != nil {
			return parts, err
		}
		parts = append(parts, treePart{at: at, entry: entry})
		at = len(content) - len(rest)
	}
	return parts, nil
}

// isLike reports whether a tree of these parts has so much of its base that it is worth noting what it drops of that.
func (n *Noted) isLike(parts []treePart) bool {
	inherited := 0
	for i := range parts {
		inherited += parts[i].last - parts[i].first
	}
	return 2*inherited+alwaysDropped >= len(n.edges)
}

// A version is a tree that has the edges of its base, but for those that it drops: in the list from drops on, up to those of
// the next version, in order.
type version struct {
	tree, base uint32
	drops      uint32
}

// derive notes that a tree of these parts is a version of another.
func (t *Trees) derive(g *gathering, tree uint32, base *Noted, parts []treePart) {
	start, next := len(g.dropped), 0
	drop := func(from, to int) {
		for _, edge := range base.edges[from:to] {
			if edge != noEdge {
				g.dropped = append(roomy(g.dropped), edge)
			}
		}
	}
	for i := range parts {
		if part := &parts[i]; part.last > 0 {
			drop(next, part.first)
			next = part.last
		}
	}
	drop(next, len(base.edges))
	if dropped := g.dropped[start:]; len(dropped) > 1 {
		slices.Sort(dropped)
	}
	g.versions = append(roomy(g.versions), version{tree: tree, base: base.tree, drops: uint32(start)})
	if g.uncounted += len(g.dropped) - start + perVersion; g.uncounted >= edgeChunk {
		g.uncounted -= edgeChunk
		t.chunks.Add(1)
	}
}

// perVersion is what a version costs besides, in edges.
const perVersion = 1

// versions are all versions, by their bases.
type versions struct {
	starts  []uint32 // by base, of its versions
	list    []version
	dropped []uint32
	ends    []uint32 // of what each drops
	stack   []uint32
}

// joinVersions joins what was gathered of versions; the numbers of trees and edges have to be moved on by so many.
func (t *Trees) joinVersions(trees int, firstTrees, firstEdges []uint32) *versions {
	v := &versions{starts: make([]uint32, trees+2)}
	total, dropped := 0, 0
	for i, g := range t.all {
		total, dropped = total+len(g.versions), dropped+len(g.dropped)
		for _, version := range g.versions {
			v.starts[version.base+firstTrees[i]+2]++
		}
	}
	for i := 1; i < len(v.starts); i++ {
		v.starts[i] += v.starts[i-1]
	}
	v.list, v.ends, v.dropped = make([]version, total), make([]uint32, total), make([]uint32, 0, dropped)
	for i, g := range t.all {
		first := uint32(len(v.dropped))
		for _, edge := range g.dropped {
			v.dropped = append(v.dropped, edge+firstEdges[i])
		}
		for k, known := range g.versions {
			end := uint32(len(g.dropped))
			if k+1 < len(g.versions) {
				end = g.versions[k+1].drops
			}
			slot := &v.starts[known.base+firstTrees[i]+1]
			v.list[*slot] = version{tree: known.tree + firstTrees[i], base: known.base + firstTrees[i], drops: known.drops + first}
			v.ends[*slot] = end + first
			*slot++
		}
		g.versions, g.dropped = nil, nil
	}
	return v
}

// having calls yield for each tree that has an edge, which came with one of them, until it returns false.
func (v *versions) having(edge, tree uint32, yield func(tree uint32) bool) {
	v.stack = append(v.stack[:0], tree)
	for len(v.stack) > 0 {
		tree := v.stack[len(v.stack)-1]
		v.stack = v.stack[:len(v.stack)-1]
		if !yield(tree) {
			return
		}
		for i := v.starts[tree]; i < v.starts[tree+1]; i++ {
			if _, dropped := slices.BinarySearch(v.dropped[v.list[i].drops:v.ends[i]], edge); !dropped {
				v.stack = append(v.stack, v.list[i].tree)
			}
		}
	}
}
