package git

import (
	"cmp"
	"maps"
	"slices"
	"sort"
	"strings"

	"github.com/jwtleak/jwtleak/scanner/finding"
	"github.com/jwtleak/jwtleak/scanner/source"
	"github.com/jwtleak/jwtleak/scanner/source/git/history"
)

// A token that the older side has at a path that is touched is not new, at whatever path it is then: it moves there, with
// its file or without, or is there once more. What is at paths that nobody touches is not looked at, so that a copy of it
// is new: time follows the size of the change.

// A touched has the paths that the commits of a range touch.
type touched struct {
	// by has, for each path, where in all the last touch of it is. Behind a path with a slash are those that take away the
	// name that it ends with.
	by  map[string]int32
	all []touch
	// outside has what commits outside of the range have, as parents, at a path that a commit of the range touches.
	outside map[pathObject]bool
	weight  int
	isCut   bool // there were too many
}

// A touch is what a commit makes of a path: a blob, zero where there is none any more.
type touch struct {
	commit int32
	before int32 // the touch of the path before this one, counted from 1; 0 where there is none
	blob   history.Name
}

func newTouched() touched { return touched{by: map[string]int32{}, outside: map[pathObject]bool{}} }

// of returns the touches of a path, in order.
func (t *touched) of(path string) []touch {
	var touches []touch
	for at := t.by[path]; at > 0; at = t.all[at-1].before {
		touches = append(touches, t.all[at-1])
	}
	slices.Reverse(touches)
	return touches
}

// maxTouches bounds how often commits of a range touch a path; of long paths each touchedBytes count as one more. What
// they touch more often is read all the same, but what moves there counts as new.
const (
	maxTouches   = 1 << 22
	touchedBytes = 64
)

// touch notes that a commit changes what is at a path.
func (s *ranging) touch(number int32, path string, blob history.Name, old []version) error {
	if s.touched.isCut {
		return nil
	}
	before := s.touched.by[path]
	if s.touched.weight++; before == 0 {
		s.touched.weight += len(path) / touchedBytes
	}
	if s.touched.weight > maxTouches {
		s.touched.isCut = true
		return s.problem(s.name(), "too many changes to follow them all: some tokens that only moved may be told as new")
	}
	s.touched.all = append(s.touched.all, touch{number, before, blob})
	s.touched.by[path] = int32(len(s.touched.all)) //nolint:gosec // at most maxTouches
	for _, before := range old {
		if before.isOutside {
			s.touched.outside[pathObject{path, before.object}] = true
		}
	}
	return nil
}

// heldBefore takes in the tokens that the commits that the range leaves out at its end have at paths that it touches. Of
// A...B, which names no such commit, it is those right behind the range's own.
func (s *ranging) heldBefore() error {
	paths := slices.AppendSeq(make([]string, 0, len(s.touched.by)), maps.Keys(s.touched.by))
	slices.Sort(paths)
	walked := map[pathObject]bool{}
	for _, tree := range s.excluded {
		if err := s.holdBelow("", tree, paths, walked); err != nil {
			return err
		}
	}
	if s.ends.symmetric == 0 {
		return nil
	}
	for _, at := range slices.SortedFunc(maps.Keys(s.touched.outside), comparePathObjects) {
		if err := s.hold(at.path, at.object); err != nil {
			return err
		}
	}
	return nil
}

func comparePathObjects(a, b pathObject) int {
	return cmp.Or(cmp.Compare(a.path, b.path), compareNames(a.object, b.object))
}

// A moving knows what is at touched paths before a change.
type moving interface {
	// heldBefore takes in what is held at each touched path.
	heldBefore() error
}

// older returns the tokens that what is older has at touched paths.
func (c *comparing) older() (map[finding.Fingerprint]bool, error) {
	if c.held != nil || c.moving == nil {
		return c.held, nil
	}
	c.held = map[finding.Fingerprint]bool{}
	return c.held, c.moving.heldBefore()
}

// holdBelow takes in the tokens that an older tree has at the paths below a directory, which ends with a slash, or, where a
// path ends with one, in the names on it. The paths are sorted. Of trees that have the same in a directory one is walked.
func (c *comparing) holdBelow(dir string, tree history.Name, paths []string, walked map[pathObject]bool) error {
	if err := c.ctx.Err(); err != nil || walked[pathObject{dir, tree}] {
		return err
	}
	walked[pathObject{dir, tree}] = true
	for len(paths) > 0 {
		listed, err := c.tree(tree)
		if err != nil {
			return err
		}
		name, _, below := cutPath(paths[0][len(dir):])
		if !below {
			if blob := listed.find(entryKey{name: name, isBlob: true}).Object; blob != (history.Name{}) {
				err = c.hold(paths[0], blob)
			}
			if err != nil {
				return err
			}
			paths = paths[1:]
			continue
		}
		inner := dir + name + "/"
		end := sort.Search(len(paths), func(i int) bool { return paths[i] > inner && !strings.HasPrefix(paths[i], inner) })
		within := paths[:end]
		paths = paths[end:]
		if within[0] == inner {
			if listed.has(name) {
				err = c.holdNames(inner)
			}
			within = within[1:]
		}
		if below := listed.find(entryKey{name: name, isTree: true}).Object; below != (history.Name{}) && len(within) > 0 && err == nil {
			err = c.holdBelow(inner, below, within, walked)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// hold takes in the tokens in an older blob and in the names on the path to it.
func (c *comparing) hold(path string, blob history.Name) error {
	if err := c.holdNames(path); err != nil || strings.HasSuffix(path, "/") {
		return err
	}
	tokens, err := c.tokens(blob, path)
	for fingerprint := range tokens {
		c.held[fingerprint] = true
	}
	return err
}

// holdNames takes in the tokens in the names on a path.
func (c *comparing) holdNames(path string) error {
	return c.eachTelling(path, func(upTo, name string) error {
		place := c.place(history.Name{}, objectTypeTree)
		place.Path = upTo
		return c.visitor.Visit(c.ctx, source.Text{Place: place, Bytes: []byte(name), IsName: true, Known: func(fingerprint finding.Fingerprint) bool {
			c.held[fingerprint] = true
			return true
		}})
	})
}
