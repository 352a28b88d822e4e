package git

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/go-git/go-git/v5/plumbing/format/index"

	"github.com/jwtleak/jwtleak/scanner/source/git/history"
)

// An indexFile is what an index has (gitformat-index(5)): for each path the blob that the next commit is to have there.
type indexFile struct {
	path    string
	entries []indexEntry
	// cached has the name of the tree that a directory's entries make, where the index knows ("Cache tree"); paths end
	// with a slash, but that of the root is empty.
	cached map[string]history.Name
}

type indexEntry struct {
	path string
	blob history.Name
}

// The modes of entries that name no blob: a commit of a submodule, and a directory left out of a sparse index.
const (
	linkMode = 0o160000
	treeMode = 0o040000
)

// readIndex reads an index. Where it can't be read to its end, the entries until there are returned beside the error.
// An index that is not there is empty.
func readIndex(path string) (*indexFile, error) {
	read := &indexFile{path: path}
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return read, nil
	}
	if err != nil {
		return read, fmt.Errorf("read the index: %w", err)
	}
	if !info.Mode().IsRegular() {
		return read, errors.New("read the index: not a regular file")
	}
	file, err := os.Open(path)
	if err != nil {
		return read, fmt.Errorf("read the index: %w", err)
	}
	defer file.Close() //nolint:errcheck // opened for reading only
	content, err := io.ReadAll(file)
	if err != nil {
		return read, fmt.Errorf("read the index: %w", err)
	}
	return read, read.decode(content)
}

// decode reads the content of an index file.
func (f *indexFile) decode(content []byte) error {
	decoded := &index.Index{}
	err := index.NewDecoder(bytes.NewReader(content)).Decode(decoded)
	for _, entry := range decoded.Entries {
		if entry.Mode != linkMode && entry.Mode != treeMode && !entry.IntentToAdd {
			f.entries = append(f.entries, indexEntry{path: entry.Name, blob: history.NameOf(entry.Hash[:])})
		}
	}
	if decoded.Cache != nil {
		f.cached = cachedTrees(decoded.Cache.Entries)
	}
	if errors.Is(err, index.ErrUnknownExtension) {
		return errors.New("read the index: a split or sparse index is not read whole")
	}
	if err != nil && !isUnhashed(content, err) {
		return fmt.Errorf("read the index: %w", err)
	}
	return nil
}

// cachedTrees returns the trees of the cache by their directories. The list has each tree in front of those below it,
// with the number of these; a tree that is not valid any more has a negative number of entries.
func cachedTrees(list []index.TreeEntry) map[string]history.Name {
	cached := make(map[string]history.Name, len(list))
	type level struct {
		dir  string
		left int // trees below dir that are still to come
	}
	var above []level
	for i, entry := range list {
		for len(above) > 0 && above[len(above)-1].left == 0 {
			above = above[:len(above)-1]
		}
		dir := ""
		if i > 0 {
			if len(above) == 0 {
				break // more than the root has
			}
			last := &above[len(above)-1]
			last.left--
			dir = last.dir + entry.Path + "/"
		}
		if entry.Entries >= 0 {
			cached[dir] = history.NameOf(entry.Hash[:])
		}
		if entry.Trees > 0 && len(above) <= maxDepth {
			above = append(above, level{dir: dir, left: entry.Trees})
		}
	}
	return cached
}

// isUnhashed reports whether the index failed its checksum only because it was written without one (index.skipHash).
func isUnhashed(content []byte, err error) bool {
	return errors.Is(err, index.ErrInvalidChecksum) && bytes.HasSuffix(content, make([]byte, 20))
}

// readIndex reads one index of the repository.
func (r *reading) readIndex(path string) (*indexFile, error) {
	if r.nameSize() != sha1Size {
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
			return &indexFile{}, nil
		}
		return &indexFile{}, errors.New("the index of a SHA-256 repository is not read yet")
	}
	return readIndex(path)
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
