package history

import (
	"hash/maphash"
	"slices"
	"strings"

	"github.com/jwtleak/jwtleak/scanner/fault"
)

// A Blob is a blob that has tokens.
type Blob struct {
	Name Name
	// Tokens are the distinct tokens in it, sorted, by numbers that the caller gave them.
	Tokens []int32
}

// A Tip is what a reference points to.
type Tip struct {
	Ref    string // its full name
	Object Name   // a commit, or a tag, tree or blob
	// Symbolic is set for one that only names another reference, as HEAD names the current branch.
	Symbolic bool
}

// IsBranchOrTag reports whether the tip is that of a branch, a remote's branch or a tag, or a HEAD that is detached.
// Others, such as refs/pull or refs/stash, make commits reachable but are nobody's tip.
func (t Tip) IsBranchOrTag() bool {
	if t.Symbolic {
		return false
	}
	return t.Ref == "HEAD" || t.IsWorktreeHead() || strings.HasPrefix(t.Ref, "refs/heads/") ||
		strings.HasPrefix(t.Ref, "refs/remotes/") || strings.HasPrefix(t.Ref, "refs/tags/")
}

// MainWorktreeHead is the HEAD of the main work tree where another one's is HEAD (git-worktree(1)).
const MainWorktreeHead = "main-worktree/HEAD"

// IsWorktreeHead reports whether the tip is the HEAD of another work tree: worktrees/ID/HEAD, or that of the main one.
func (t Tip) IsWorktreeHead() bool {
	if t.Ref == MainWorktreeHead {
		return true
	}
	id, ok := strings.CutSuffix(strings.TrimPrefix(t.Ref, "worktrees/"), "/HEAD")
	return ok && strings.HasPrefix(t.Ref, "worktrees/") && !strings.Contains(id, "/")
}

// An Introduction says which commit brought a token in at a path.
type Introduction struct {
	Token int32
	Path  string // from the root of the tree, '/'-separated, as it stands there
	Blob  int32  // that has the token in this commit, counted as given
	// Commit is zero where no commit has the token there: a tree that a tag names, or one that nothing names.
	Commit    Name
	Reachable bool
	// OnBranch is set where what is checked out, a branch or a tag leads to the commit.
	OnBranch bool
	// AtHead is set where what is checked out in a work tree still has it.
	AtHead bool
	// Tips are the branches and tags whose tips still have what this commit brought in, sorted, at most MaxTips.
	Tips []string
	// RemovedBy is the commit that took it out again, zero where none did.
	RemovedBy Name
}

// AtTip reports whether a branch or tag still has it.
func (i *Introduction) AtTip() bool { return len(i.Tips) > 0 }

// MaxTips is how many tips are named for one introduction.
const MaxTips = 16

// A Result is what Attribute finds.
type Result struct {
	// Introductions are ordered by commit, parents first, those without a commit last.
	Introductions []Introduction
	// Placed says of each blob whether any tree has it, so that its tokens are among the introductions.
	Placed []bool
	// ReachableBlobs says of each blob whether any reference leads to it.
	ReachableBlobs []bool
	// Cut is set where there was too much to follow: trees nested too deep or fanning out too wide, or more
	// introductions than can be told. What is told is right; what is missing has no introduction.
	Cut bool

	numbers  map[Name]int32
	reached  []bool
	onBranch []bool
	unread   map[uint64]bool // see UnreadTrees
	seed     maphash.Seed
}

// Reaches reports whether a reference leads to a commit.
func (r *Result) Reaches(commit Name) bool {
	number, ok := r.numbers[commit]
	return ok && r.reached[number]
}

// IsOnBranch reports whether what is checked out, a branch or a tag leads to a commit.
func (r *Result) IsOnBranch(commit Name) bool {
	number, ok := r.numbers[commit]
	return ok && r.onBranch[number]
}

// Attribute says for each token and path which commits brought it in: those that have it there while none of their
// parents has. The heads
// are the commits at the HEADs of the work trees; removals that the first descends from are told in front of others.
func Attribute(commits *Commits, trees *Trees, blobs []Blob, tips []Tip, heads []Name) Result {
	a := &attribution{blobs: blobs}
	var wait fault.Group
	wait.Go(func() { a.graph = commits.graph() })
	a.views = trees.views()
	wait.Wait()
	a.result.Cut = a.views.cut
	wait.Go(func() { a.unreadTrees(commits) })
	a.roots = make([]int32, len(a.graph.commits))
	for number := range a.roots {
		a.roots[number] = a.views.of(a.graph.commits[number].tree)
	}
	wait.Wait()
	a.walk(commits, tips, heads)
	a.place(commits, tips)
	a.loose()
	a.settle(commits, tips, heads)
	return a.result
}

// An attribution is one run of Attribute.
type attribution struct {
	graph  *graph
	views  *views
	blobs  []Blob
	result Result

	roots   []int32  // the view of each commit's tree
	layers  []*layer // of each commit
	origins []origin // of each introduction
	onHead  []bool   // commits that HEAD descends from
	path    []int32  // names down to where build is
	work    int64
	slots   int64 // entries of all layers made
	copies  copies
}

// copies are what one commit has at several paths at once.
type copies struct {
	of        map[int32]*layer // the last one of each view that was built in a commit
	told      map[int32]bool   // the blobs that the commit brought in at a path
	count     int64            // of introductions by a commit that had brought in the blob at another path already
	max       int64
	exhausted bool
}

// An origin is what is known of an introduction while the walk goes on.
type origin struct {
	commit  int32 // noCommit where none
	removed [removalKinds]int32
	atHead  bool
}

const noCommit int32 = -1

// The kinds of removal, the one that is told first in front.
const (
	removedOnHead   = iota // by a commit that HEAD descends from, and all whose parents had the token
	removedAside           // the same by another commit
	mergedAwayHead         // by a merge one of whose parents did not have the token
	mergedAwayAside        // the same by another
	removalKinds
)

// maxWork bounds the entries looked at, maxSlots those kept, and maxIntroductions what is told.
const (
	maxWork          = 1 << 29
	maxSlots         = 1 << 24
	maxIntroductions = 1 << 21
)

// A blob is told at each path that a commit brings it in at, but trees that name one another under many names have more
// paths than anybody wants to be told, and each takes memory: over all commits, maxCopies and copiesOfEach for each view
// and blob; of long paths each copyPath bytes count as one more. What else such a commit has counts as what it has at one of
// the paths that are told.
const (
	maxCopies    = 1 << 16
	copiesOfEach = 16
	copyPath     = 256
)

// walk goes over the commits, parents first.
func (a *attribution) walk(commits *Commits, tips []Tip, heads []Name) {
	a.onHead = make([]bool, len(a.graph.commits))
	if len(heads) > 0 {
		if number, ok := a.graph.numbers[heads[0]]; ok {
			a.onHead = a.graph.ancestors([]int32{number})
		}
	}
	a.layers = make([]*layer, len(a.graph.commits))
	a.copies.max = maxCopies + copiesOfEach*int64(len(a.blobs)+len(a.views.list))
	var above []*layer
	for _, number := range a.graph.order {
		above = above[:0]
		for _, parent := range a.graph.parents[number] {
			above = append(above, a.layers[parent])
		}
		a.layers[number] = a.step(number, above)
		if a.exhausted() {
			a.result.Cut = true
			break
		}
	}
	a.tagged(commits, tips)
	a.result.Cut = a.result.Cut || a.copies.exhausted
}

// step returns the layer of a commit, and notes what it brought in and removed.
func (a *attribution) step(number int32, above []*layer) *layer {
	root := a.roots[number]
	if same := unchanged(root, above); same != nil || root == none && !someLayer(above) {
		return same
	}
	a.copies.of, a.copies.told = map[int32]*layer{}, map[int32]bool{}
	made := a.build(number, root, distinct(above))
	a.remove(number, above, made)
	return made
}

// tagged takes in trees that a reference or tag names directly, as though by a commit without a name.
func (a *attribution) tagged(commits *Commits, tips []Tip) {
	names := map[Name][]string{}
	var objects []Name
	for _, tip := range tips {
		object := commits.Peel(tip.Object)
		if a.views.of(object) == none {
			continue
		}
		if _, ok := names[object]; !ok {
			objects = append(objects, object)
			names[object] = nil
		}
		if tip.IsBranchOrTag() {
			names[object] = append(names[object], tip.Ref)
		}
	}
	for _, object := range objects {
		if a.exhausted() {
			a.result.Cut = true
			return
		}
		first := len(a.origins)
		a.copies.of, a.copies.told = map[int32]*layer{}, map[int32]bool{}
		made := a.build(noCommit, a.views.of(object), nil)
		for i := first; i < len(a.origins); i++ {
			a.result.Introductions[i].Reachable, a.result.Introductions[i].OnBranch = true, len(names[object]) > 0
		}
		a.atTip(made, names[object])
	}
}

func (a *attribution) exhausted() bool {
	return a.work > maxWork || a.slots > maxSlots || len(a.origins) > maxIntroductions
}

// place says which blobs are in a tree of a commit or tag, and which of those can be reached.
func (a *attribution) place(commits *Commits, tips []Tip) {
	a.result.Placed = make([]bool, len(a.blobs))
	a.result.ReachableBlobs = make([]bool, len(a.blobs))
	var from, branches []int32
	var roots []int32
	for _, tip := range tips {
		object := commits.Peel(tip.Object)
		if number, ok := a.graph.numbers[object]; ok {
			from = append(from, number)
			if tip.IsBranchOrTag() || tip.Ref == "HEAD" {
				branches = append(branches, number)
			}
		} else if root := a.views.of(object); root != none {
			roots = append(roots, root)
		}
	}
	reached := a.graph.ancestors(from)
	a.result.numbers, a.result.reached, a.result.onBranch = a.graph.numbers, reached, a.graph.ancestors(branches)
	for number, yes := range reached {
		if yes {
			roots = append(roots, a.roots[number])
		}
	}
	a.markBlobs(roots, a.result.ReachableBlobs)
	for _, number := range a.graph.order {
		roots = append(roots, a.roots[number])
	}
	a.markBlobs(roots, a.result.Placed)
	byName := make(map[Name]int32, len(a.blobs))
	for i, blob := range a.blobs {
		byName[blob.Name] = int32(i)
	}
	for _, tip := range tips { // a tag may name a blob
		if number, ok := byName[commits.Peel(tip.Object)]; ok {
			a.result.ReachableBlobs[number] = true
		}
	}
	for i := range a.origins {
		if commit := a.origins[i].commit; commit != noCommit {
			a.result.Introductions[i].Reachable, a.result.Introductions[i].OnBranch = reached[commit], a.result.onBranch[commit]
		}
	}
}

// markBlobs marks the blobs that the views lead to.
func (a *attribution) markBlobs(roots []int32, blobs []bool) {
	seen := make([]bool, len(a.views.list))
	stack := slices.Clone(roots)
	for len(stack) > 0 {
		number := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		switch {
		case number == none:
		case a.views.isBlob(number):
			blobs[number] = true
		case !seen[number-a.views.blobs]:
			seen[number-a.views.blobs] = true
			for _, e := range a.views.entries(number) {
				stack = append(stack, e.child)
			}
		}
	}
}

// loose gives the blobs that only trees of no commit have a path from the topmost of those trees: the first by its bytes.
func (a *attribution) loose() {
	leads := make([]bool, len(a.views.list)) // to a blob not placed yet
	for i, v := range a.views.list {
		leads[i] = slices.ContainsFunc(v.entries, func(e viewEntry) bool {
			if a.views.isBlob(e.child) {
				return !a.result.Placed[e.child]
			}
			return leads[e.child-a.views.blobs] // which has a lower number, having been made first
		})
	}
	paths := map[int32]string{}
	for i := len(a.views.list) - 1; i >= 0; i-- {
		if !leads[i] {
			continue
		}
		above := paths[a.views.blobs+int32(i)]
		for _, e := range a.views.list[i].entries {
			path := join(above, a.views.names[e.name])
			if known, ok := paths[e.child]; len(path) <= maxPathLength && (!ok || path < known) {
				paths[e.child] = path
			}
		}
	}
	for blob := range a.blobs {
		path, ok := paths[int32(blob)]
		if !ok || a.result.Placed[blob] {
			continue
		}
		a.result.Placed[blob] = true
		for _, token := range a.blobs[blob].Tokens {
			a.origins = append(a.origins, origin{commit: noCommit})
			a.result.Introductions = append(a.result.Introductions, Introduction{Token: token, Path: path, Blob: int32(blob)})
		}
	}
}

// maxPathLength bounds a path that is put together from names in trees, in bytes.
const maxPathLength = 1 << 16

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "/" + name
}

// settle says which tips still have what was brought in, and which commit removed it.
func (a *attribution) settle(commits *Commits, tips []Tip, heads []Name) {
	for i, head := range heads {
		if number, ok := a.graph.numbers[head]; ok {
			a.eachOrigin(a.layers[number], func(o int32) {
				a.result.Introductions[o].AtHead = true
				a.origins[o].atHead = a.origins[o].atHead || i == 0
			})
		}
	}
	names := map[*layer][]string{}
	var layers []*layer
	for _, tip := range tips {
		number, ok := a.graph.numbers[commits.Peel(tip.Object)]
		if !ok || !tip.IsBranchOrTag() || a.layers[number] == nil {
			continue
		}
		l := a.layers[number]
		if names[l] == nil {
			layers = append(layers, l)
		}
		names[l] = append(names[l], tip.Ref)
	}
	for _, l := range layers {
		a.atTip(l, names[l])
	}
	for i := range a.origins {
		told := &a.result.Introductions[i]
		if o := &a.origins[i]; o.commit != noCommit {
			told.Commit = a.graph.commits[o.commit].name
			told.RemovedBy = a.removedBy(o, told.AtTip())
		}
	}
}

// atTip notes the tips that have a layer.
func (a *attribution) atTip(l *layer, names []string) {
	names = mergeTips(nil, names)
	if len(names) == 0 {
		return
	}
	a.eachOrigin(l, func(o int32) {
		told := &a.result.Introductions[o]
		told.Tips = mergeTips(told.Tips, names)
	})
}

// mergeTips returns the first MaxTips of both lists, sorted; one of them itself where it has all.
func mergeTips(tips, names []string) []string {
	if len(tips) == 0 && len(names) <= MaxTips && slices.IsSorted(names) {
		return names
	}
	merged := slices.Concat(tips, names)
	slices.Sort(merged)
	merged = slices.Compact(merged)
	return slices.Clip(merged[:min(len(merged), MaxTips)])
}

// removedBy chooses the commit to name. One that HEAD does not descend from is named only where no tip has the token:
// a branch that takes it out and is not merged has not removed it.
func (a *attribution) removedBy(o *origin, atTip bool) Name {
	if o.atHead {
		return Name{}
	}
	for kind, commit := range o.removed {
		onHead := kind == removedOnHead || kind == mergedAwayHead
		if commit != noCommit && (onHead || !atTip) {
			return a.graph.commits[commit].name
		}
	}
	return Name{}
}
