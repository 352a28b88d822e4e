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

// directory compares a directory, which ends with a slash, with what the parents have there. The tree is zero where the
// commit has no such directory any more.
func (s *ranging) directory(number int32, dir string, tree history.Name, parents []version) error {
	if hasObject(parents, tree) {
		return nil // nothing in it that a parent has not
	}
	if ok, err := s.enter(dir); !ok {
		return err
	}
	entries, err := s.tree(tree)
	if err != nil {
		return err
	}
	olds := make([]map[string]history.Entry, len(parents))
	for i, parent := range parents {
		if olds[i], err = s.byName(parent.object); err != nil {
			return err
		}
	}
	for _, entry := range entries {
		old := versionsLike(entry, parents, olds)
		s.newName(number, dir+entry.Name, entry.Name, tree, olds)
		switch {
		case hasObject(old, entry.Object):
		case entry.IsTree():
			err = s.directory(number, dir+entry.Name+"/", entry.Object, old)
		case entry.IsBlob():
			err = s.blob(number, dir+entry.Name, entry.Object, old)
		}
		if err != nil {
			return err
		}
	}
	return s.gone(number, dir, entries, parents, olds)
}

// versionsLike returns what the parents have under an entry's name, where it is of the same kind.
func versionsLike(entry history.Entry, parents []version, olds []map[string]history.Entry) (old []version) {
	for i, names := range olds {
		if before := names[entry.Name]; before.Object != (history.Name{}) && before.IsTree() == entry.IsTree() && before.IsBlob() == entry.IsBlob() {
			old = append(old, version{before.Object, parents[i].isOutside})
		}
	}
	return old
}

// gone notes what all parents have in a directory and a commit has not.
func (s *ranging) gone(number int32, dir string, entries []history.Entry, parents []version, olds []map[string]history.Entry) error {
	if len(parents) == 0 {
		return nil
	}
	listed, err := s.tree(parents[0].object)
	if err != nil {
		return err
	}
	here := make(map[string]history.Entry, len(entries))
	for _, entry := range entries {
		here[entry.Name] = entry
	}
	for _, entry := range listed {
		now, isThere := here[entry.Name]
		if isThere && now.IsTree() == entry.IsTree() && now.IsBlob() == entry.IsBlob() {
			continue
		}
		old := versionsLike(entry, parents, olds)
		if len(old) < len(parents) {
			continue
		}
		if !isThere && s.mayTell(entry.Name) {
			if err := s.touch(number, dir+entry.Name+"/", history.Name{}, old); err != nil {
				return err
			}
		}
		switch {
		case entry.IsTree():
			err = s.directory(number, dir+entry.Name+"/", history.Name{}, old)
		case entry.IsBlob():
			err = s.touch(number, dir+entry.Name, history.Name{}, old)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (c *comparing) byName(tree history.Name) (map[string]history.Entry, error) {
	entries, err := c.tree(tree)
	names := make(map[string]history.Entry, len(entries))
	for _, entry := range entries {
		names[entry.Name] = entry
	}
	return names, err
}

// A rangeName is a name that a commit puts in a tree and that may have a token.
type rangeName struct {
	commit     int32
	path, name string
	tree       history.Name
}

// newName notes a name that a commit puts in a tree, if it may have a token and no parent has anything there.
func (s *ranging) newName(number int32, path, name string, tree history.Name, olds []map[string]history.Entry) {
	if !s.mayTell(name) || !s.wants(path) {
		return
	}
	for _, names := range olds {
		if _, ok := names[name]; ok {
			return
		}
	}
	s.names = append(s.names, rangeName{number, path, name, tree})
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
	shown := newTokenSet()
	known := func(fingerprint finding.Fingerprint) bool { return held[fingerprint] || !shown.add(fingerprint) }
	return s.visitor.Visit(s.ctx, source.Text{Place: place, Bytes: []byte(n.name), IsName: true, Known: known, Sighted: s.sightedIn(n.commit)})
}
