package git

import (
	"bytes"
	"os"
	"path/filepath"

	"github.com/jwtleak/jwtleak/scanner/finding"
)

// A repository may name what belongs to it and is kept elsewhere: files in Git LFS, and submodules. Nothing is wrong where
// that is not here, and a scan is complete without; that it was not looked at has to be told all the same.

// lfsPointer is what a blob begins with that stands for a file in Git LFS. It is 1024 bytes at most, and has no token.
const lfsPointer = "version https://git-lfs.github.com/spec/"

// isContainer reports whether a blob that begins like this is shown though it has no candidate, and notes whether it stands
// for a file that is kept elsewhere. It may be called by several goroutines at once.
func (r *reading) isContainer(prefix []byte) bool {
	if len(prefix) >= len(lfsPointer) && prefix[0] == lfsPointer[0] && !r.hasPointers.Load() && bytes.HasPrefix(prefix, []byte(lfsPointer)) {
		r.hasPointers.Store(true)
	}
	return r.options.Container != nil && r.options.Container(prefix)
}

// tellPointers tells of files in Git LFS.
func (r *reading) tellPointers() {
	if r.options.LeftOut == nil || !r.hasPointers.Load() {
		return
	}
	text := "files in Git LFS, which the repository has pointers to alone"
	if r.options.Files != nil && r.options.Range == "" && !r.options.Staged {
		text += ": those are read that are checked out, or lie in .git/lfs"
	}
	r.options.LeftOut(r.name(), text)
}

// tellSubmodules tells of the submodules in the index of the work tree that are not checked out there. What there is of them
// under .git/modules is read.
func (r *reading) tellSubmodules(indexes []*indexFile) {
	if r.options.LeftOut == nil || r.options.Files == nil || r.location.WorkTree == "" {
		return
	}
	absent, first := 0, ""
	for _, index := range indexes {
		if index.path != filepath.Join(r.location.GitDir, "index") {
			continue
		}
		for _, entry := range index.names {
			path := filepath.FromSlash(entry.path)
			if entry.mode != linkMode || !filepath.IsLocal(path) || !r.wants(entry.path) {
				continue
			}
			if _, err := os.Lstat(filepath.Join(r.location.WorkTree, path, ".git")); err == nil {
				continue
			}
			if absent++; absent == 1 {
				first = entry.path
			}
		}
	}
	if absent == 0 {
		return
	}
	text := finding.CountOf(absent, "submodule that is", "submodules that are") + " not checked out: " + first
	if absent > 1 {
		text += " for one"
	}
	r.options.LeftOut(r.name(), text)
}
