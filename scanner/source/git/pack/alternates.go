package pack

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

const (
	// maxAlternates bounds the object directories that a repository borrows from.
	maxAlternates = 64
	// maxAlternatesFile bounds the file that names them, in bytes.
	maxAlternatesFile = 1 << 20
)

// addDirs adds an object directory, one of what was pushed where there is one, and, breadth first, those that their info/alternates
// name.
func (s *Store) addDirs(within func(string) bool, first, pushed string) {
	if within != nil && leadsOut(first, within) {
		s.problem(first, errOutside)
		return
	}
	s.dirs = []string{first}
	if pushed != "" {
		s.dirs = append(s.dirs, pushed)
	}
	for i := 0; i < len(s.dirs); i++ {
		dir := s.dirs[i]
		list, err := readRegular(filepath.Join(dir, "info", "alternates"), maxAlternatesFile)
		if err != nil {
			if !errors.Is(err, fs.ErrNotExist) {
				s.problem(filepath.Join(dir, "info", "alternates"), err)
			}
			continue
		}
		for line := range bytes.Lines(list) {
			path := strings.TrimRight(string(line), "\r\n")
			if path == "" || path[0] == '#' {
				continue
			}
			if unquoted, err := strconv.Unquote(path); err == nil && path[0] == '"' {
				path = unquoted // as git quotes what has special characters
			}
			if !filepath.IsAbs(path) {
				path = filepath.Join(dir, path)
			}
			path = filepath.Clean(path)
			if slices.Contains(s.dirs, path) {
				continue
			}
			if within != nil && (!within(path) || leadsOut(path, within)) {
				s.problem(path, errOutside)
				continue
			}
			if info, err := os.Stat(path); err != nil || !info.IsDir() {
				s.problem(path, errors.New("an alternate object directory that is not there"))
				continue
			}
			if len(s.dirs) >= maxAlternates {
				s.problem(path, fmt.Errorf("not read: more than %d alternate object directories", maxAlternates))
				continue
			}
			s.dirs = append(s.dirs, path)
		}
	}
}

// errOutside is the error of objects that a link or the list of alternates leads to, away from what may be read.
var errOutside = errors.New("an object directory outside of what is scanned: not followed")

// leadsOut reports whether a symbolic link in an object directory leads to where nothing may be read.
func leadsOut(dir string, within func(string) bool) bool {
	for _, dir := range []string{dir, filepath.Join(dir, "pack"), filepath.Join(dir, "info")} {
		entries, err := os.ReadDir(dir)
		if err != nil {
			continue // which is told where it is read
		}
		for _, entry := range entries {
			if entry.Type()&fs.ModeSymlink != 0 && !within(filepath.Join(dir, entry.Name())) {
				return true
			}
		}
	}
	return false
}
