package fs

import (
	iofs "io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"
)

// A directory is one that is being walked. What lies in it is opened by its name in it and not by its path, where the system
// can: the names on the way are not looked up again for each file, none of them can meanwhile have become a link that leads
// out, and no path is too long.
type directory struct {
	path       string
	file       *os.File
	descriptor int
	uses       atomic.Int32
	open       *atomic.Int32 // how many directories of the walk are open
}

// newDirectory returns an open directory, to be closed by done, and counts it among the open ones.
func newDirectory(path string, file *os.File, open *atomic.Int32) *directory {
	d := &directory{path: path, file: file, descriptor: int(file.Fd()), open: open} //nolint:gosec // it was made from an int
	open.Add(1)
	return d.use()
}

// use has the directory stay open for one more, who is to call done.
func (d *directory) use() *directory {
	if d != nil {
		d.uses.Add(1)
	}
	return d
}

func (d *directory) done() {
	if d != nil && d.uses.Add(-1) == 0 {
		_ = d.file.Close() // opened for reading only
		d.open.Add(-1)
	}
}

// join returns the path of what has a name in the directory. In none the name is the path.
func (d *directory) join(name string) string {
	if d == nil {
		return name
	}
	if os.IsPathSeparator(d.path[len(d.path)-1]) {
		return d.path + name
	}
	return d.path + string(filepath.Separator) + name
}

// marks are what every repository has one of: .git, or objects where it is bare.
var marks = [...]string{".git", "objects"}

// mayBeRepository looks for the marks of a repository among the entries, and where these are not all, in the directory.
func (d *directory) mayBeRepository(entries []iofs.DirEntry, areAll bool) bool {
	if areAll {
		return slices.ContainsFunc(entries, func(e iofs.DirEntry) bool { return slices.Contains(marks[:], e.Name()) })
	}
	return slices.ContainsFunc(marks[:], func(name string) bool {
		_, err := os.Lstat(d.join(name))
		return err == nil
	})
}
