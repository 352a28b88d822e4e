package git

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/jwtleak/jwtleak/scanner/finding"
	"github.com/jwtleak/jwtleak/scanner/source/git/history"
)

// What becomes of a token that the range brought in, whether it is still there at the end or which commit of the range
// takes it away again, is told by following it from commit to commit, at its path alone: what they touch there has been
// noted.

// An arrival is a token that a commit of the range brings in at a path.
type arrival struct {
	commit     int32
	token      finding.Fingerprint
	occurrence *finding.Occurrence
	removedBy  *walked // all of whose parents had it
	mergedAway *walked // one of whose parents did not have it
	atEnd      bool    // a commit that the range starts from still has it
	tips       []string
}

// maxFollowed bounds how many commits are looked at, over all paths.
const maxFollowed = 1 << 26

// followAll says of the occurrences that were met which tips still have them, or which commit of the range removed them.
func (s *ranging) followAll() error {
	arrivals := map[string][]arrival{}
	for fingerprint, met := range s.met {
		for i := range met {
			place, ok := met[i].occurrence.Place.(finding.GitPlace)
			if !ok || place.Path == "" {
				continue
			}
			path := place.Path
			if place.ObjectType == objectTypeTree {
				path += "/"
			}
			arrivals[path] = append(arrivals[path], arrival{
				commit: met[i].commit, token: fingerprint, occurrence: &met[i].occurrence,
			})
		}
	}
	looked := 0
	for _, path := range slices.Sorted(maps.Keys(arrivals)) {
		at := arrivals[path]
		slices.SortFunc(at, func(a, b arrival) int {
			return cmp.Or(cmp.Compare(a.commit, b.commit), compareFingerprints(a.token, b.token))
		})
		f := &following{ranging: s, path: path, arrivals: at, first: at[0].commit}
		looked += len(s.commits) - int(f.first)
		isCut := looked > maxFollowed || s.touched.isCut || s.entered.isCut || s.left.isCut
		if !isCut {
			if err := f.follow(); err != nil {
				return err
			}
		}
		if err := f.tell(isCut); err != nil {
			return err
		}
	}
	return nil
}

// A following follows the tokens at one path.
type following struct {
	*ranging
	path     string
	arrivals []arrival // by commit
	first    int32     // commit that has one
	// alive has, for each commit from the first on, the arrivals that its version of the path still has, sorted.
	alive [][]int32
}

func (f *following) follow() error {
	touches := f.touched.of(f.path)
	f.alive = make([][]int32, len(f.commits)-int(f.first))
	next := int32(0) // arrival
	for number := f.first; int(number) < len(f.commits); number++ {
		for len(touches) > 0 && touches[0].commit < number {
			touches = touches[1:]
		}
		var touch *touch
		if len(touches) > 0 && touches[0].commit == number {
			touch = &touches[0]
		}
		alive, err := f.step(number, touch)
		if err != nil {
			return err
		}
		for ; int(next) < len(f.arrivals) && f.arrivals[next].commit == number; next++ {
			alive = append(slices.Clone(alive), next)
		}
		f.alive[number-f.first] = alive
	}
	return nil
}

// tell tells of the arrivals which tips still have them and, where none of what the range starts from has, which commit
// removed it. Where they were not followed, each tip that has the token at the path counts.
func (f *following) tell(isCut bool) error {
	for _, end := range f.ends.include {
		number, ok := f.numbers[end.commit]
		if !ok {
			continue
		}
		still := f.of(number)
		if isCut {
			has, err := f.has(number, nil)
			if err != nil {
				return err
			}
			for i := range f.arrivals {
				if has(f.arrivals[i].token) {
					still = append(still, int32(i))
				}
			}
		}
		for _, i := range still {
			f.arrivals[i].atEnd = true
			f.arrivals[i].tips = append(f.arrivals[i].tips, end.refs...)
		}
	}
	for i := range f.arrivals {
		a := &f.arrivals[i]
		place, ok := a.occurrence.Place.(finding.GitPlace)
		if !ok {
			continue
		}
		slices.Sort(a.tips)
		place.Tips = slices.Compact(a.tips)
		place.AtTip = len(place.Tips) > 0
		if by := cmp.Or(a.removedBy, a.mergedAway); by != nil && !a.atEnd {
			place.RemovedBy = by.name.String()
		}
		a.occurrence.Place = place
	}
	return nil
}

// of returns what a commit of the range has.
func (f *following) of(number int32) []int32 {
	if number < f.first || f.alive == nil {
		return nil
	}
	return f.alive[number-f.first]
}

// step returns which of what its parents have a commit has still, and notes what it takes away. A stash takes nothing away.
func (f *following) step(number int32, touch *touch) ([]int32, error) {
	before, above := f.above(number)
	if len(before) == 0 || touch == nil && !slices.ContainsFunc(above, func(a []int32) bool { return !slices.Equal(a, before) }) {
		return before, nil
	}
	has, err := f.has(number, touch)
	if err != nil {
		return nil, err
	}
	var alive []int32
	for _, i := range before {
		a := &f.arrivals[i]
		switch {
		case has(a.token):
			alive = append(alive, i)
		case f.stashed[number]:
		case slices.ContainsFunc(above, func(a []int32) bool { return !slices.Contains(a, i) }):
			a.mergedAway = cmp.Or(a.mergedAway, f.commits[number])
		default:
			a.removedBy = cmp.Or(a.removedBy, f.commits[number])
		}
	}
	return alive, nil
}

// above returns what each parent of a commit has, and what any of them has, sorted.
func (f *following) above(number int32) (before []int32, above [][]int32) {
	for i, name := range f.commits[number].header.Parents {
		var alive []int32
		if parent, ok := f.numbers[name]; ok {
			alive = f.of(parent)
		}
		above = append(above, alive)
		if i == 0 || len(before) == 0 {
			before = alive
		} else if len(alive) > 0 && !slices.Equal(before, alive) {
			before = slices.Concat(before, alive)
			slices.Sort(before)
			before = slices.Compact(before)
		}
	}
	return before, above
}

// has returns a function that reports whether a commit has a token at the path.
func (f *following) has(number int32, touch *touch) (func(finding.Fingerprint) bool, error) {
	tree := f.commits[number].header.Tree
	if path, isName := strings.CutSuffix(f.path, "/"); isName {
		has, err := f.hasPath(tree, path)
		return func(finding.Fingerprint) bool { return has }, err
	}
	var blob history.Name
	if touch != nil {
		blob = touch.blob
	} else {
		var err error
		if blob, err = f.blobAt(tree, f.path); err != nil {
			return nil, err
		}
	}
	tokens, err := f.tokens(blob, f.path)
	return func(token finding.Fingerprint) bool { return tokens[token] }, err
}

// markStashes marks the commits of the range that stashes consist of.
func (s *ranging) markStashes() {
	headers := func(name history.Name) (history.CommitHeader, bool) {
		number, ok := s.numbers[name]
		if !ok {
			return history.CommitHeader{}, false
		}
		return s.commits[number].header, true
	}
	s.stashed = make([]bool, len(s.commits))
	for i, commit := range s.commits {
		if parents := commit.header.Parents; history.IsStash(parents, headers) {
			s.stashed[i], s.stashed[s.numbers[parents[1]]] = true, true
		}
	}
}
