package git

import (
	"cmp"
	"errors"
	"path/filepath"
	"slices"
	"strings"
)

// errOutside is the error of a repository that leads out of what is being scanned.
var errOutside = errors.New("its repository lies outside of what is scanned: not followed")

// checkWithin checks that the parts of a repository that are read lie in certain directories, wherever .git, commondir
// and symbolic links lead. Those that are not there lie nowhere.
func (l Location) checkWithin(dirs []string) error {
	if len(dirs) == 0 || l.Bundle != "" {
		return nil
	}
	parts := []string{
		l.GitDir, l.CommonDir, filepath.Join(l.CommonDir, "objects"), filepath.Join(l.CommonDir, "refs"),
		filepath.Join(l.CommonDir, "worktrees"), filepath.Join(l.CommonDir, "reftable"), filepath.Join(l.GitDir, "reftable"),
		filepath.Join(l.CommonDir, "packed-refs"), filepath.Join(l.CommonDir, "config"),
		filepath.Join(l.GitDir, "HEAD"), filepath.Join(l.GitDir, "index"),
	}
	for _, part := range parts {
		if !isWithin(dirs, part) {
			return errOutside
		}
	}
	return nil
}

// isWithin reports whether a path lies in one of some directories when symbolic links are followed.
func isWithin(dirs []string, path string) bool {
	path = real(path)
	return slices.ContainsFunc(dirs, func(dir string) bool {
		below, err := filepath.Rel(real(dir), path)
		return err == nil && below != ".." && !strings.HasPrefix(below, ".."+string(filepath.Separator))
	})
}

// within returns what pack.Options.Within is to be: nil where the objects may lie anywhere.
func (s *Source) within() func(path string) bool {
	if len(s.options.Within) == 0 {
		return nil
	}
	return func(path string) bool { return isWithin(s.options.Within, path) }
}

// dirs returns the directories of a repository.
func (l Location) dirs() []string {
	dirs := []string{cmp.Or(l.WorkTree, l.GitDir), l.GitDir, l.CommonDir}
	return slices.DeleteFunc(dirs, func(dir string) bool { return dir == "" })
}
