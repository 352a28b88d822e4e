package git

import (
	"slices"

	"github.com/jwtleak/jwtleak/scanner/finding"
	"github.com/jwtleak/jwtleak/scanner/source"
	"github.com/jwtleak/jwtleak/scanner/source/git/history"
)

// A version is what a parent of a commit has where that has something else.
type version struct {
	object history.Name
	// isOutside is set where the parent is none of the range's commits.
	isOutside bool
}

func hasObject(versions []version, object history.Name) bool {
	return slices.ContainsFunc(versions, func(v version) bool { return v.object == object })
}

// directory compares a directory, which ends with a slash, with what the parents have there.
func (s *ranging) directory(number int32, dir string, tree history.Name, parents []version) error {
	if hasObject(parents, tree) {
		return nil // nothing in it that a parent has not
	}
	how, err := s.enter(dir, tree, len(parents) == 0)
	if how == passOver || err != nil {
		return err
	}
	if how == goIntoAsNew {
		parents = nil
	}
	err = s.eachEntry(tree, func(entry history.Entry) error {
		olds, err := s.listings(parents)
		if err != nil {
			return err
		}
		old := versionsLike(entry, parents, olds)
		if err := s.newName(number, dir+entry.Name, entry.Name, tree, olds); err != nil {
			return err
		}
		switch {
		case hasObject(old, entry.Object):
		case entry.IsTree():
			return s.directory(number, dir+entry.Name+"/", entry.Object, old)
		case entry.IsBlob():
			return s.blob(number, dir+entry.Name, entry.Object, old)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return s.gone(number, dir, tree, parents)
}

// listings returns the entries that parents have.
func (c *comparing) listings(parents []version) ([]*listing, error) {
	if len(parents) == 0 {
		return nil, nil
	}
	listings := make([]*listing, len(parents))
	for i, parent := range parents {
		var err error
		if listings[i], err = c.tree(parent.object); err != nil {
			return nil, err
		}
	}
	return listings, nil
}

// versionsLike returns what the parents have under an entry's name, where it is of the same kind.
func versionsLike(entry history.Entry, parents []version, olds []*listing) (old []version) {
	for i, listed := range olds {
		if before := listed.find(keyOf(entry)); before.Object != (history.Name{}) {
			old = append(old, version{before.Object, parents[i].isOutside})
		}
	}
	return old
}

// gone notes what all parents have in a directory and a commit has not. Its tree is zero where it has no such directory
// any more.
func (s *ranging) gone(number int32, dir string, tree history.Name, parents []version) error {
	if len(parents) == 0 {
		return nil
	}
	if how, err := s.leave(dir, parents[0].object); how == passOver || err != nil {
		return err
	}
	return s.eachEntry(parents[0].object, func(entry history.Entry) error {
		here, err := s.tree(tree)
		if err != nil || here.find(keyOf(entry)).Object != (history.Name{}) {
			return err
		}
		olds, err := s.listings(parents)
		if err != nil {
			return err
		}
		old := versionsLike(entry, parents, olds)
		if len(old) < len(parents) {
			return nil
		}
		if s.mayTell(entry.Name) && !here.has(entry.Name) {
			if err := s.touch(number, dir+entry.Name+"/", history.Name{}, old); err != nil {
				return err
			}
		}
		switch {
		case entry.IsTree():
			return s.gone(number, dir+entry.Name+"/", history.Name{}, old)
		case entry.IsBlob():
			return s.touch(number, dir+entry.Name, history.Name{}, old)
		}
		return nil
	})
}

// A rangeName is a name that a commit puts in a tree and that may have a token.
type rangeName struct {
	commit     int32
	path, name string
	tree       history.Name
}

// newName notes a name that a commit puts in a tree, if it may have a token and no parent has anything there.
func (s *ranging) newName(number int32, path, name string, tree history.Name, olds []*listing) error {
	if !s.mayTell(name) || !s.wants(path) || slices.ContainsFunc(olds, func(l *listing) bool { return l.has(name) }) {
		return nil
	}
	if often, err := s.isNameTooOften(tree, name); often || err != nil {
		return err
	}
	s.names = append(s.names, rangeName{number, path, name, tree})
	return nil
}

// showName shows a name, if what the range leaves out has nothing there.
func (s *ranging) showName(n *rangeName) error {
	for _, out := range s.excluded {
		if has, err := s.hasPath(out, n.path); has || err != nil {
			return err
		}
	}
	held, err := s.older()
	if err != nil {
		return err
	}
	place := s.attributed(n.commit, n.tree, objectTypeTree)
	place.Path = n.path
	known := func(fingerprint finding.Fingerprint) bool { return held[fingerprint] }
	return s.visitor.Visit(s.ctx, source.Text{Place: place, Bytes: []byte(n.name), IsName: true, Known: known, Sighted: s.sightedIn(n.commit)})
}
