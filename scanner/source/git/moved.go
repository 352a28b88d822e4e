package git

import (
	"cmp"
	"maps"
	"slices"
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
	// by has, for each path, the commits that touch it, in order. Behind a path with a slash are those that take away the
	// name that it ends with.
	by map[string][]touch
	// outside has what commits outside of the range have, as parents, at a path that a commit of the range touches.
	outside map[pathBlob]bool
	count   int
}

// A touch is what a commit makes of a path: a blob, zero where there is none any more.
type touch struct {
	commit int32
	blob   history.Name
}

type pathBlob struct {
	path string
	blob history.Name
}

func newTouched() touched { return touched{by: map[string][]touch{}, outside: map[pathBlob]bool{}} }

// maxTouches bounds how often commits of a range touch a path. What they touch more often is read all the same, but
// what moves there counts as new.
const maxTouches = 1 << 22

// touch notes that a commit changes what is at a path.
func (s *ranging) touch(number int32, path string, blob history.Name, old []version) error {
	if s.touched.count++; s.touched.count > maxTouches {
		if s.touched.count == maxTouches+1 {
			return s.problem(s.name(), "too many changes to follow them all: some tokens that only moved may be told as new")
		}
		return nil
	}
	s.touched.by[path] = append(s.touched.by[path], touch{number, blob})
	for _, before := range old {
		if before.isOutside {
			s.touched.outside[pathBlob{path, before.object}] = true
		}
	}
	return nil
}

// heldBefore takes in the tokens that the commits that the range leaves out at its end have at paths that it touches. Of
// A...B, which names no such commit, it is those right behind the range's own.
func (s *ranging) heldBefore() error {
	for _, path := range slices.Sorted(maps.Keys(s.touched.by)) {
		for _, tree := range s.excluded {
			if err := s.holdAt(tree, path); err != nil {
				return err
			}
		}
	}
	if s.ends.symmetric == 0 {
		return nil
	}
	for _, at := range slices.SortedFunc(maps.Keys(s.touched.outside), comparePathBlobs) {
		if err := s.hold(at.path, at.blob); err != nil {
			return err
		}
	}
	return nil
}

func comparePathBlobs(a, b pathBlob) int {
	return cmp.Or(cmp.Compare(a.path, b.path), compareNames(a.blob, b.blob))
}

// A moving knows what is at touched paths before a change.
type moving interface {
	// heldBefore calls holdAt or hold for each touched path.
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

// holdAt takes in the tokens that an older tree has at a path, or, where that ends with a slash, in the names on it.
func (c *comparing) holdAt(tree history.Name, path string) error {
	if name, isName := strings.CutSuffix(path, "/"); isName {
		if has, err := c.hasPath(tree, name); !has || err != nil {
			return err
		}
		return c.holdNames(path)
	}
	blob, err := c.blobAt(tree, path)
	if err != nil || blob == (history.Name{}) {
		return err
	}
	return c.hold(path, blob)
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
