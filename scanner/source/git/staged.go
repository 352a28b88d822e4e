package git

import (
	"cmp"
	"slices"
	"strings"

	"github.com/jwtleak/jwtleak/scanner/finding"
	"github.com/jwtleak/jwtleak/scanner/source"
	"github.com/jwtleak/jwtleak/scanner/source/git/history"
)

// readStaged shows what the index brings in over HEAD: of each path whose blob differs, the tokens that HEAD's blob has not,
// and that did not move here from another path.
func (r *reading) readStaged() error {
	file := cmp.Or(r.options.Hook.Index, indexPath(r.location))
	index, err := r.readIndex(file)
	if err != nil {
		if err := r.problem(file, reason(err)); err != nil {
			return err
		}
	}
	slices.SortFunc(index.entries, func(a, b indexEntry) int { return cmp.Compare(a.path, b.path) })
	c := r.compare()
	head, err := c.headTree()
	if err != nil {
		return err
	}
	s := &staging{comparing: c, index: index, head: head, told: presence{}}
	c.keepTouched(s)
	if err := s.directory("", head, index.entries); err != nil {
		return err
	}
	if err := s.showChanges(); err != nil {
		return err
	}
	return c.end()
}

// headTree returns the tree of HEAD, zero where there is no commit yet.
func (c *comparing) headTree() (history.Name, error) {
	heads := c.heads()
	if len(heads) == 0 {
		return history.Name{}, nil
	}
	header, err := c.commit(heads[0])
	if err != nil {
		return history.Name{}, c.unread(heads[0], err)
	}
	return header.Tree, nil
}

// A staging compares an index with HEAD.
type staging struct {
	*comparing
	index *indexFile
	head  history.Name // its tree
	told  presence     // the tokens in names, by the path up to there
	// changed are the entries that HEAD has not, or not so; touched is what HEAD has there, and what it has and the index
	// has not.
	changed []stagedChange
	touched []pathEntry
}

type stagedChange struct {
	change
	entry indexEntry
}

// A pathEntry is an entry of a tree, and its path.
type pathEntry struct {
	path  string
	entry history.Entry
}

// maxDepth bounds how deep trees are followed, as git does (core.maxTreeDepth).
const maxDepth = 2048

// directory compares the entries below a directory, which ends with a slash, with the tree that HEAD has there. A
// directory of which the index itself says that it makes that very tree is passed over, as git does: a commit would name
// the tree and nothing else.
func (s *staging) directory(dir string, tree history.Name, entries []indexEntry) error {
	if tree != (history.Name{}) && s.index.cached[dir] == tree {
		return nil
	}
	if err := s.ctx.Err(); err != nil {
		return err
	}
	met := map[entryKey]bool{}
	for len(entries) > 0 {
		listed, err := s.tree(tree)
		if err != nil {
			return err
		}
		name, _, below := cutPath(entries[0].path[len(dir):])
		// A file that makes room for a directory is at another path.
		old := listed.find(entryKey{name: name, isTree: below, isBlob: !below})
		if old.Object != (history.Name{}) {
			met[keyOf(old)] = true
		}
		if !below || !old.IsTree() || strings.Count(dir, "/") > maxDepth {
			s.entry(entries[0], old)
			entries = entries[1:]
			continue
		}
		inner := dir + name + "/"
		end := 1
		for end < len(entries) && strings.HasPrefix(entries[end].path, inner) {
			end++
		}
		if err := s.directory(inner, old.Object, entries[:end]); err != nil {
			return err
		}
		entries = entries[end:]
	}
	return s.gone(dir, tree, met)
}

// gone notes what HEAD has in a directory and the index has not.
func (s *staging) gone(dir string, tree history.Name, met map[entryKey]bool) error {
	if how, err := s.leave(dir, tree); how == passOver || err != nil {
		return err
	}
	return s.eachEntry(tree, func(entry history.Entry) error {
		if !met[keyOf(entry)] {
			s.touched = append(s.touched, pathEntry{dir + entry.Name, entry})
		}
		return nil
	})
}

// entry notes an entry that HEAD has not, or not so.
func (s *staging) entry(entry indexEntry, old history.Entry) {
	if old.Object == entry.blob {
		return
	}
	ch := change{path: entry.path, blob: entry.blob}
	if old.IsBlob() {
		ch.old = []history.Name{old.Object}
		s.touched = append(s.touched, pathEntry{entry.path, old})
	}
	if s.wants(entry.path) {
		s.changed = append(s.changed, stagedChange{ch, entry})
	}
}

// showChanges shows what is new of what the index has.
func (s *staging) showChanges() error {
	for i := range s.changed {
		ch := &s.changed[i]
		if err := s.names(ch.entry); err != nil {
			return err
		}
		s.visitor.Count(finding.Stats{Blobs: 1})
		place := s.place(ch.blob, objectTypeIndex)
		place.Path = ch.path
		if err := s.show(&ch.change, source.Text{Place: place}); err != nil {
			return err
		}
	}
	for _, entry := range s.index.names {
		if entry.intentToAdd || !s.wants(entry.path) {
			continue // a commit would not have it
		}
		if err := s.names(entry); err != nil {
			return err
		}
	}
	return nil
}

// names shows the names on a path that HEAD has not.
func (s *staging) names(entry indexEntry) error {
	return s.newNames(s.head, entry.path, func(upTo, name string) error {
		held, err := s.older()
		if err != nil {
			return err
		}
		return s.showIndexName(entry.blob, upTo, name, func(fingerprint finding.Fingerprint) bool {
			return held[fingerprint] || !s.told.add(upTo, fingerprint)
		})
	})
}

// heldBefore implements moving.
func (s *staging) heldBefore() error {
	slices.SortFunc(s.touched, func(a, b pathEntry) int { return cmp.Compare(a.path, b.path) })
	hold := func(before indexEntry) error {
		if s.index.isAsHead(before.path) {
			return nil
		}
		return s.hold(before.path, before.blob)
	}
	for _, t := range s.touched {
		var err error
		switch {
		case t.entry.IsTree():
			err = s.below(t.path+"/", t.entry.Object, hold)
		case t.entry.IsBlob():
			err = hold(indexEntry{path: t.path, blob: t.entry.Object})
		default:
			err = hold(indexEntry{path: t.path + "/"}) // a submodule, of which the name alone is looked at
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// cutPath cuts a path behind its first name, and reports whether anything is below.
func cutPath(path string) (first, rest string, below bool) { return strings.Cut(path, "/") }
