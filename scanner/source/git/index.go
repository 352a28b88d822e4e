package git

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"slices"

	"github.com/jwtleak/jwtleak/scanner/source/git/history"
)

// An indexFile is what an index has (gitformat-index(5)): for each path the blob that the next commit is to have there.
type indexFile struct {
	path    string
	entries []indexEntry
	// names are the entries that name no blob: submodules, and what was only announced (git add --intent-to-add).
	names []indexEntry
	// cached has the name of the tree that a directory's entries make, where the index knows ("Cache tree"); paths end
	// with a slash, but that of the root is empty.
	cached map[string]history.Name
	// asHead are the directories of a sparse index, ending with a slash, that a HEAD has just so: their entries are not
	// here.
	asHead map[string]bool
}

// isAsHead reports whether a path lies in one of the directories that a HEAD has just so.
func (x *indexFile) isAsHead(path string) bool {
	if len(x.asHead) == 0 {
		return false
	}
	for at, c := range []byte(path) {
		if c == '/' && x.asHead[path[:at+1]] {
			return true
		}
	}
	return false
}

type indexEntry struct {
	path        string
	blob        history.Name
	mode        uint32
	intentToAdd bool
}

// The modes of entries that name no blob: a commit of a submodule, and a directory left out of a sparse index, which is
// named by its tree.
const (
	linkMode = 0o160000
	treeMode = 0o040000
)

// readIndex reads an index, with the one that it builds on. Where it can't be read to its end, the entries until there are
// returned beside the error. An index that is not there is empty.
func (r *reading) readIndex(path string) (*indexFile, error) {
	read := &indexFile{path: path}
	content, err := readWhole(path)
	if errors.Is(err, fs.ErrNotExist) {
		return read, nil
	}
	if err != nil {
		return read, fmt.Errorf("read the index: %w", err)
	}
	parsed, err := parseIndex(content, r.nameSize())
	entries := parsed.all
	if parsed.link != nil && parsed.link.base != (history.Name{}) && err == nil {
		var base []indexEntry
		if base, err = r.readSharedIndex(filepath.Dir(path), parsed.link.base); err == nil {
			entries, err = parsed.over(base)
		}
	}
	if err != nil {
		err = fmt.Errorf("read the index: %w", err)
	}
	read.cached = parsed.cached
	for _, entry := range entries {
		switch {
		case entry.path == "":
		case entry.mode == linkMode || entry.intentToAdd:
			read.names = append(read.names, entry)
		default:
			read.entries = append(read.entries, entry)
		}
	}
	return read, errors.Join(err, r.expand(read))
}

// readSharedIndex reads the index that a split one builds on.
func (r *reading) readSharedIndex(dir string, name history.Name) ([]indexEntry, error) {
	if bytes.Equal(name.Bytes(), make([]byte, r.nameSize())) {
		return nil, nil
	}
	content, err := readWhole(filepath.Join(dir, "sharedindex."+name.String()))
	if err != nil {
		return nil, fmt.Errorf("the index that it builds on: %w", err)
	}
	if !bytes.HasSuffix(content, name.Bytes()) {
		return nil, errors.New("the index that it builds on is another one")
	}
	parsed, err := parseIndex(content, r.nameSize())
	if err == nil && parsed.link != nil {
		err = errIndex
	}
	return parsed.all, err
}

// readWhole reads a regular file of any size.
func readWhole(path string) ([]byte, error) {
	file, err := openRegular(path)
	if err != nil {
		return nil, err
	}
	defer file.Close() //nolint:errcheck // opened for reading only
	content, err := io.ReadAll(file)
	if err != nil {
		return nil, fmt.Errorf("read: %w", err)
	}
	return content, nil
}

// expand puts, in the place of each directory of a sparse index, what is in it. A directory that a HEAD has just so says
// nothing that the HEAD does not.
func (r *reading) expand(index *indexFile) error {
	if !slices.ContainsFunc(index.entries, func(e indexEntry) bool { return e.mode == treeMode }) {
		return nil
	}
	c := r.compare()
	entries := index.entries[:0:0]
	index.asHead = map[string]bool{}
	var failed error
	for _, entry := range index.entries {
		if entry.mode != treeMode {
			entries = append(entries, entry)
			continue
		}
		isKnown, err := c.isInHead(entry)
		switch {
		case err != nil:
		case isKnown:
			index.asHead[entry.path] = true
		default:
			err = c.below(entry.path, entry.blob, func(below indexEntry) error {
				entries = append(entries, below)
				return nil
			})
		}
		failed = errors.Join(failed, err)
	}
	index.entries = entries
	return errors.Join(failed, c.end())
}

// isInHead reports whether a HEAD has the directory that an entry of a sparse index stands for.
func (c *comparing) isInHead(entry indexEntry) (bool, error) {
	for _, head := range c.heads() {
		header, err := c.commit(head)
		if err != nil {
			continue // which is told where the HEAD is read
		}
		tree := header.Tree
		for path := entry.path; path != ""; {
			listed, err := c.tree(tree)
			if err != nil {
				return false, err
			}
			var first string
			first, path, _ = cutPath(path)
			tree = listed.find(entryKey{name: first, isTree: true}).Object
		}
		if tree == entry.blob {
			return true, nil
		}
	}
	return false, nil
}

// below calls yield for each blob of a tree, as an entry of an index.
func (c *comparing) below(dir string, tree history.Name, yield func(indexEntry) error) error {
	if how, err := c.enter(dir, tree, true); how == passOver || err != nil {
		return err
	}
	return c.eachEntry(tree, func(e history.Entry) error {
		switch {
		case e.IsTree():
			return c.below(dir+e.Name+"/", e.Object, yield)
		case e.IsBlob():
			return yield(indexEntry{path: dir + e.Name, blob: e.Object})
		}
		return nil
	})
}

func indexPath(location Location) string { return filepath.Join(location.GitDir, "index") }

// readIndexes reads the index of every work tree.
func (r *reading) readIndexes() ([]*indexFile, error) {
	if r.location.Bundle != "" {
		return nil, nil
	}
	paths := []string{indexPath(r.location)}
	if r.location.GitDir != r.location.CommonDir {
		paths = append(paths, filepath.Join(r.location.CommonDir, "index"))
	}
	for _, id := range worktreeIDs(r.location) {
		if path := filepath.Join(r.location.CommonDir, "worktrees", id, "index"); path != paths[0] {
			paths = append(paths, path)
		}
	}
	var indexes []*indexFile
	for _, path := range paths {
		read, err := r.readIndex(path)
		if err != nil {
			if err := r.problem(path, reason(err)); err != nil {
				return nil, err
			}
		}
		indexes = append(indexes, read)
	}
	return indexes, nil
}
