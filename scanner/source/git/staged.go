package git

import (
	"cmp"
	"slices"
	"strings"

	"github.com/jwtleak/jwtleak/scanner/finding"
	"github.com/jwtleak/jwtleak/scanner/source"
	"github.com/jwtleak/jwtleak/scanner/source/git/history"
)

// readStaged shows what the index brings in over HEAD: of each path whose blob differs, the tokens that HEAD's blob has not.
func (r *reading) readStaged() error {
	file := indexPath(r.location)
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
	if err := s.directory("", head, index.entries); err != nil {
		return err
	}
	for _, entry := range index.names {
		if entry.intentToAdd || !s.wants(entry.path) {
			continue // a commit would not have it
		}
		if err := s.names(entry); err != nil {
			return err
		}
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
	listed, err := s.tree(tree)
	if err != nil {
		return err
	}
	byName := make(map[string]history.Entry, len(listed))
	for _, entry := range listed {
		byName[entry.Name] = entry
	}
	for len(entries) > 0 {
		name, _, below := cutPath(entries[0].path[len(dir):])
		old, known := byName[name]
		if below && !old.IsTree() {
			old = history.Entry{} // a file that makes room for a directory is at another path
		}
		if !below || !known || !old.IsTree() || strings.Count(dir, "/") > maxDepth {
			if err := s.entry(entries[0], old); err != nil {
				return err
			}
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
	return nil
}

func (s *staging) entry(entry indexEntry, old history.Entry) error {
	ch := change{path: entry.path, blob: entry.blob}
	if old.Object == entry.blob || !s.wants(entry.path) {
		return nil
	}
	if old.IsBlob() {
		ch.old = []history.Name{old.Object}
	}
	if err := s.names(entry); err != nil {
		return err
	}
	s.visitor.Count(finding.Stats{Blobs: 1})
	place := s.place(entry.blob, objectTypeIndex)
	place.Path = entry.path
	return s.show(&ch, source.Text{Place: place})
}

// names shows the names on a path that HEAD has not.
func (s *staging) names(entry indexEntry) error {
	return s.newNames(s.head, entry.path, func(upTo, name string) error {
		return s.showIndexName(entry.blob, upTo, name, func(fingerprint finding.Fingerprint) bool {
			return !s.told.add(upTo, fingerprint)
		})
	})
}

// cutPath cuts a path behind its first name, and reports whether anything is below.
func cutPath(path string) (first, rest string, below bool) { return strings.Cut(path, "/") }
