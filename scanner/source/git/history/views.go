package history

import (
	"cmp"
	"encoding/binary"
	"hash/maphash"
	"maps"
	"slices"

	"github.com/jwtleak/jwtleak/scanner/fault"
)

// A view is what a tree shows of the blobs looked for: the entries that lead to one, all others left out. Trees that
// differ elsewhere have the same view, and so the same number: a history of many thousand trees has few views.
//
// Views are numbered behind the blobs: number n is blob n where there are as many, else view n-len(blobs).
type view struct {
	entries []viewEntry // by name; of evil trees that have a name twice, all
	paths   int64       // how many paths lead down to a blob
	depth   int32
}

type viewEntry struct {
	name  int32
	child int32
}

// none is the number of the view that is empty.
const none int32 = -1

// Bounds of what views follow. git itself refuses trees nested deeper than core.maxTreeDepth, 2048 where not set. A
// tree that names one other tree under many names, and so on down, has more paths than could ever be told.
const (
	maxDepth = 2048
	maxPaths = 1 << 20
	// maxKept bounds the entries that lead to a blob, over all trees.
	maxKept = 1 << 23
)

// views are the distinct views of all trees that lead to a blob.
type views struct {
	blobs int32
	list  []view
	names []string
	// ofTree has the number of each tree's view, by the tree's key.
	ofTree map[uint64]int32
	seed   maphash.Seed
	// read are the keys of all trees, and unread those of what trees name as one and is none of them.
	read   *keySet
	unread map[uint64]bool
	// cut is set where trees went past maxDepth or maxPaths; they count as empty.
	cut bool
}

// of returns the number of the view of a tree.
func (v *views) of(tree Name) int32 {
	if number, ok := v.ofTree[maphash.Bytes(v.seed, tree.Bytes())]; ok {
		return number
	}
	return none
}

func (v *views) isBlob(number int32) bool { return number < v.blobs }

func (v *views) entries(number int32) []viewEntry {
	if number == none || v.isBlob(number) {
		return nil
	}
	return v.list[number-v.blobs].entries
}

// A keptTree is a tree that leads to a blob.
type keptTree struct {
	key     uint64
	waiting int32 // subtrees whose view is not yet known
	number  int32
}

// A keptEntry is an entry of a kept tree that leads to a blob.
type keptEntry struct {
	parent, name, child int32 // parent and child count kept trees, but a child that is a blob is ^blob
}

// views ends the gathering and returns the views. The Trees must not be used afterwards.
func (t *Trees) views() *views {
	joined := t.join()
	kept, entries, names := joined.keep()
	v := &views{blobs: int32(len(t.blobs)), names: names, ofTree: make(map[uint64]int32, len(kept)), seed: t.seed, read: joined.read, unread: map[uint64]bool{}}
	for _, unread := range joined.unread {
		maps.Copy(v.unread, unread)
	}
	v.cut = t.cut.Load() || len(entries) >= maxKept
	v.build(kept, entries)
	return v
}

// A forest is all that was gathered, joined.
type forest struct {
	keys   []uint64
	parts  [partitions]edgeTable
	leaves []leaf
	list   []string
	// origins are those of the edges, by their numbers.
	origins  []edgeOrigin
	versions *versions
	// read are the keys of the trees, and unread those of what is named as one and is none of them.
	read   *keySet
	unread [partitions]map[uint64]bool
}

// An edgeTable has edges by child: those of one child are in the group that the bits of its key behind the first
// partitionBits choose.
type edgeTable struct {
	edges  []edge
	starts []uint32
	shift  uint
}

// of returns the edges among which those of a child are.
func (f *forest) of(child uint64) []edge {
	table := &f.parts[child>>(64-partitionBits)]
	group := child << partitionBits >> table.shift
	return table.edges[table.starts[group]:table.starts[group+1]]
}

// join joins the gatherings, so that a tree's parents are found without a map of all trees.
func (t *Trees) join() *forest {
	f := &forest{}
	firstTrees, firstNames, firstEdges := make([]uint32, len(t.all)), make([]uint32, len(t.all)), make([]uint32, len(t.all))
	for i, g := range t.all {
		firstTrees[i], firstNames[i], firstEdges[i] = uint32(len(f.keys)), uint32(len(f.list)), uint32(len(f.origins))
		for _, l := range g.leaves {
			f.leaves = append(f.leaves, leaf{parent: l.parent + firstTrees[i], name: l.name + firstNames[i], blob: l.blob})
		}
		f.keys = append(f.keys, g.keys...)
		f.list = append(f.list, g.list...)
		for _, o := range g.origins {
			f.origins = append(roomy(f.origins), edgeOrigin{tree: o.tree + firstTrees[i], name: o.name + firstNames[i]})
		}
		g.origins = nil
	}
	f.versions = t.joinVersions(len(f.keys), firstTrees, firstEdges)
	f.read = newKeySet(f.keys)
	var wait fault.Group
	workers := max(1, len(t.all)) // as many as gathered
	for worker := range workers {
		wait.Go(func() {
			for part := worker; part < partitions; part += workers {
				f.parts[part] = t.joinPart(part, firstEdges)
				f.unread[part] = f.read.without(f.parts[part].edges)
			}
		})
	}
	wait.Wait()
	t.all = nil
	return f
}

// joinPart joins one partition of the edges, and lets go of what it was joined from.
func (t *Trees) joinPart(part int, firstEdges []uint32) edgeTable {
	total := 0
	for _, g := range t.all {
		for _, chunk := range g.edges[part] {
			total += len(chunk)
		}
	}
	bits := uint(1)
	for 1<<bits < total/4 {
		bits++
	}
	table := edgeTable{edges: make([]edge, total), starts: make([]uint32, 1<<bits+2), shift: 64 - bits}
	// Counted one place further on than where a group begins, so that filling the groups moves the places to it.
	for _, g := range t.all {
		for _, chunk := range g.edges[part] {
			for i := range chunk {
				table.starts[chunk[i].child<<partitionBits>>table.shift+2]++
			}
		}
	}
	for i := 1; i < len(table.starts); i++ {
		table.starts[i] += table.starts[i-1]
	}
	for i, g := range t.all {
		for _, chunk := range g.edges[part] {
			for _, e := range chunk {
				slot := &table.starts[e.child<<partitionBits>>table.shift+1]
				table.edges[*slot] = edge{child: e.child, number: e.number + firstEdges[i]}
				*slot++
			}
		}
		g.edges[part] = nil
	}
	return table
}

// keep follows the edges from the blobs upward, and returns the trees and entries met, with names numbered in order.
func (f *forest) keep() ([]keptTree, []keptEntry, []string) {
	var kept []keptTree
	var entries []keptEntry
	numbers := map[uint64]int32{}
	keep := func(tree uint32) int32 {
		key := f.keys[tree]
		number, ok := numbers[key]
		if !ok {
			number = int32(len(kept))
			numbers[key] = number
			kept = append(roomy(kept), keptTree{key: key, number: none})
		}
		return number
	}
	for _, l := range f.leaves {
		entries = append(roomy(entries), keptEntry{parent: keep(l.parent), name: int32(l.name), child: ^l.blob})
	}
	for done := 0; done < len(kept); done++ {
		key := kept[done].key
		for _, e := range f.of(key) {
			if e.child != key || len(entries) >= maxKept {
				continue
			}
			of := f.origins[e.number]
			f.versions.having(e.number, of.tree, func(tree uint32) bool {
				parent := keep(tree)
				kept[parent].waiting++
				entries = append(roomy(entries), keptEntry{parent: parent, name: int32(of.name), child: int32(done)})
				return len(entries) < maxKept
			})
		}
	}
	return kept, entries, renumber(entries, f.list)
}

// renumber numbers the names of entries anew, by their order, and returns them: gathering numbered them as they came,
// which is different each time.
func renumber(entries []keptEntry, list []string) []string {
	numbers := make([]int32, len(list))
	for _, e := range entries {
		numbers[e.name] = 1
	}
	var names []string
	for i, used := range numbers {
		if used == 1 {
			names = append(names, list[i])
		}
	}
	slices.Sort(names)
	names = slices.Compact(names)
	for i, used := range numbers {
		if used == 1 {
			number, _ := slices.BinarySearch(names, list[i])
			numbers[i] = int32(number)
		}
	}
	for i := range entries {
		entries[i].name = numbers[entries[i].name]
	}
	return names
}

// build numbers the views of the kept trees from the blobs upward.
func (v *views) build(kept []keptTree, entries []keptEntry) {
	below := groupBy(len(kept), entries, func(e keptEntry) int32 { return e.parent })
	above := groupBy(len(kept), entries, func(e keptEntry) int32 { return e.child })
	known := map[string]int32{}
	var ready []int32
	for i := range kept {
		if kept[i].waiting == 0 {
			ready = append(ready, int32(i))
		}
	}
	var scratch []viewEntry
	var key []byte
	// A tree that were part of itself would never be ready: its name can't be right, and it is left out.
	for len(ready) > 0 {
		tree := ready[len(ready)-1]
		ready = ready[:len(ready)-1]
		scratch = scratch[:0]
		for _, e := range below.of(tree) {
			child := ^e.child
			if e.child >= 0 {
				child = kept[e.child].number
			}
			if child != none {
				scratch = append(scratch, viewEntry{name: e.name, child: child})
			}
		}
		kept[tree].number = v.number(scratch, known, &key)
		v.ofTree[kept[tree].key] = kept[tree].number
		for _, e := range above.of(tree) {
			if kept[e.parent].waiting--; kept[e.parent].waiting == 0 {
				ready = append(ready, e.parent)
			}
		}
	}
}

// number returns the number of the view with these entries, a new one where there is none yet.
func (v *views) number(entries []viewEntry, known map[string]int32, key *[]byte) int32 {
	if len(entries) == 0 {
		return none
	}
	slices.SortFunc(entries, func(a, b viewEntry) int { return cmp.Or(cmp.Compare(a.name, b.name), cmp.Compare(a.child, b.child)) })
	entries = slices.Compact(entries) // a tree that was gathered twice
	*key = (*key)[:0]
	for _, e := range entries {
		*key = binary.LittleEndian.AppendUint32(*key, uint32(e.name))
		*key = binary.LittleEndian.AppendUint32(*key, uint32(e.child))
	}
	if number, ok := known[string(*key)]; ok {
		return number
	}
	made := view{entries: slices.Clone(entries)}
	for _, e := range entries {
		paths, depth := int64(1), int32(0)
		if !v.isBlob(e.child) {
			paths, depth = v.list[e.child-v.blobs].paths, v.list[e.child-v.blobs].depth
		}
		made.paths += paths
		made.depth = max(made.depth, depth+1)
	}
	number := none
	if made.paths > maxPaths || made.depth > maxDepth {
		v.cut = true
	} else {
		number = v.blobs + int32(len(v.list))
		v.list = append(v.list, made)
	}
	known[string(*key)] = number
	return number
}

// A grouping has entries by one of their sides.
type grouping struct {
	starts  []int32
	entries []keptEntry
}

func (g *grouping) of(tree int32) []keptEntry { return g.entries[g.starts[tree]:g.starts[tree+1]] }

// groupBy groups entries by side, leaving out those where it is negative.
func groupBy(trees int, entries []keptEntry, side func(keptEntry) int32) *grouping {
	g := &grouping{starts: make([]int32, trees+1)}
	for _, e := range entries {
		if s := side(e); s >= 0 {
			g.starts[s+1]++
		}
	}
	for i := 1; i < len(g.starts); i++ {
		g.starts[i] += g.starts[i-1]
	}
	g.entries = make([]keptEntry, g.starts[trees])
	next := slices.Clone(g.starts)
	for _, e := range entries {
		if s := side(e); s >= 0 {
			g.entries[next[s]] = e
			next[s]++
		}
	}
	return g
}
