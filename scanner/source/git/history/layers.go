package history

import (
	"slices"
	"strings"
)

// A layer lies over a view in one commit and says of each token below it which introductions it comes from. Layers are
// never changed once made: where nothing changed, a commit has its parent's.
type layer struct {
	view int32
	// below has a layer for each entry of the view; nil for a blob.
	below []*layer
	// from has for each token of a blob the introductions it comes from, sorted: more than one where branches that both
	// brought it in were merged. Nil for a tree.
	from [][]int32
}

func someLayer(layers []*layer) bool {
	return slices.ContainsFunc(layers, func(l *layer) bool { return l != nil })
}

// unchanged returns the layer that all parents share, where its view is the given one.
func unchanged(view int32, above []*layer) *layer {
	if len(above) == 0 || above[0] == nil || above[0].view != view {
		return nil
	}
	for _, l := range above[1:] {
		if l != above[0] {
			return nil
		}
	}
	return above[0]
}

// distinct returns the layers, each once, without nil.
func distinct(layers []*layer) []*layer {
	var once []*layer
	seen := make(map[*layer]bool, len(layers))
	for _, l := range layers {
		if l != nil && !seen[l] {
			seen[l] = true
			once = append(once, l)
		}
	}
	return once
}

// build returns the layer of a view in a commit whose parents have the layers above at the same path.
func (a *attribution) build(commit, number int32, above []*layer) *layer {
	if number == none {
		return nil
	}
	if len(above) == 1 && above[0].view == number {
		return above[0]
	}
	if known := a.copies.of[number]; known != nil && a.copies.count > a.copies.max {
		a.copies.exhausted = true
		return known
	}
	var made *layer
	if a.views.isBlob(number) {
		made = a.buildBlob(commit, number, above)
	} else {
		made = a.buildTree(commit, number, above)
	}
	a.copies.of[number] = made
	return made
}

func (a *attribution) buildTree(commit, number int32, above []*layer) *layer {
	entries := a.views.entries(number)
	a.work += int64(len(entries) * (1 + len(above)))
	if a.exhausted() {
		return nil
	}
	a.slots += int64(len(entries))
	made := &layer{view: number, below: make([]*layer, len(entries))}
	cursors := make([]int, len(above))
	var parts []*layer
	for i, e := range entries {
		parts = parts[:0]
		for p, l := range above {
			if part := a.partAt(l, e.name, &cursors[p]); part != nil && !slices.Contains(parts, part) {
				parts = append(parts, part)
			}
		}
		a.path = append(a.path, e.name)
		made.below[i] = a.build(commit, e.child, parts)
		a.path = a.path[:len(a.path)-1]
	}
	for _, l := range above {
		if l.view == number && slices.Equal(l.below, made.below) {
			return l
		}
	}
	return made
}

// partAt returns the part of a layer under a name, going on from cursor; names are asked for in order. A name that is
// there twice is met as often as it is asked for.
func (a *attribution) partAt(l *layer, name int32, cursor *int) *layer {
	entries := a.views.entries(l.view)
	for *cursor < len(entries) && entries[*cursor].name < name {
		*cursor++
	}
	if *cursor == len(entries) || entries[*cursor].name != name {
		return nil
	}
	*cursor++
	return l.below[*cursor-1]
}

func (a *attribution) buildBlob(commit, number int32, above []*layer) *layer {
	tokens := a.blobs[number].Tokens
	a.work += int64(len(tokens) * (1 + len(above)))
	a.slots += 4 * int64(len(tokens))
	if a.exhausted() {
		return nil
	}
	made := &layer{view: number, from: make([][]int32, len(tokens))}
	brought := false
	for i, token := range tokens {
		var from []int32
		for _, l := range above {
			from = union(from, a.fromOf(l, token))
		}
		if from == nil {
			from, brought = []int32{a.introduce(commit, number, token)}, true
			if a.copies.told[number] {
				a.copies.count += 1 + int64(len(a.result.Introductions[from[0]].Path)/copyPath)
			}
		}
		made.from[i] = from
	}
	if brought {
		a.copies.told[number] = true
	}
	for _, l := range above {
		if l.view == number && slices.EqualFunc(l.from, made.from, slices.Equal[[]int32]) {
			return l
		}
	}
	return made
}

// fromOf returns where a token of a blob's layer comes from; nil where it is not there, or the layer is a tree's.
func (a *attribution) fromOf(l *layer, token int32) []int32 {
	if !a.views.isBlob(l.view) {
		return nil
	}
	i, ok := slices.BinarySearch(a.blobs[l.view].Tokens, token)
	if !ok {
		return nil
	}
	return l.from[i]
}

// union returns the sorted union of two sorted lists: one of them itself where it has all.
func union(x, y []int32) []int32 {
	switch {
	case len(x) == 0:
		return y
	case len(y) == 0 || slices.Equal(x, y):
		return x
	}
	both := slices.Concat(x, y)
	slices.Sort(both)
	return slices.Compact(both)
}

// introduce notes that a commit brought a token in at the path where build is.
func (a *attribution) introduce(commit, blob, token int32) int32 {
	var path strings.Builder
	for i, name := range a.path {
		if i > 0 {
			path.WriteByte('/')
		}
		path.WriteString(a.views.names[name])
		if path.Len() > maxPathLength {
			break
		}
	}
	o := origin{commit: commit}
	for kind := range o.removed {
		o.removed[kind] = noCommit
	}
	a.origins = append(a.origins, o)
	a.result.Introductions = append(a.result.Introductions, Introduction{Token: token, Path: path.String(), Blob: blob})
	return int32(len(a.origins) - 1)
}

// remove notes the introductions that are in the parents' layers and not in the commit's own. A stash removes nothing.
func (a *attribution) remove(commit int32, above []*layer, made *layer) {
	if a.graph.stashed[commit] {
		return
	}
	if len(above) == 1 {
		a.lost(above[0], made, func(o int32) { a.removed(o, commit, true) })
		return
	}
	times := map[int32]int{}
	for _, l := range above {
		a.lost(l, made, func(o int32) { times[o]++ })
	}
	for o, n := range times {
		a.removed(o, commit, n == len(above))
	}
}

func (a *attribution) removed(o, commit int32, byAll bool) {
	kind := removedAside
	switch {
	case byAll && a.onHead[commit]:
		kind = removedOnHead
	case a.onHead[commit]:
		kind = mergedAwayHead
	case !byAll:
		kind = mergedAwayAside
	}
	if a.origins[o].removed[kind] == noCommit {
		a.origins[o].removed[kind] = commit
	}
}

// lost calls yield for each introduction in the layer before whose token is not at its path in the layer after.
func (a *attribution) lost(before, after *layer, yield func(o int32)) {
	switch {
	case before == nil || before == after || after != nil && before.view == after.view:
	case a.views.isBlob(before.view):
		for i, token := range a.blobs[before.view].Tokens {
			a.work++
			if after != nil && a.fromOf(after, token) != nil {
				continue
			}
			for _, o := range before.from[i] {
				yield(o)
			}
		}
	default:
		cursor := 0
		for i, e := range a.views.entries(before.view) {
			a.work++
			var part *layer
			if after != nil && !a.views.isBlob(after.view) {
				part = a.partAt(after, e.name, &cursor)
			}
			if before.below[i] != nil {
				a.lost(before.below[i], part, yield)
			}
		}
	}
}

// eachOrigin calls yield for each introduction that a layer has.
func (a *attribution) eachOrigin(l *layer, yield func(o int32)) {
	if l == nil {
		return
	}
	a.work++
	for _, from := range l.from {
		for _, o := range from {
			yield(o)
		}
	}
	for _, below := range l.below {
		a.eachOrigin(below, yield)
	}
}
