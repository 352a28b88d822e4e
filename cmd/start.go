package cmd

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/jwtleak/jwtleak/scanner/source/git"
)

// A start is where a scan was started: the root of the work tree that the user stands in, or else the directory, empty
// where that is not known; and where below the root they stand. Both are '/'-separated.
type start struct {
	root, directory string
	repository      bool
}

func startHere() start {
	here, err := os.Getwd()
	if err != nil {
		return start{}
	}
	location, found, err := git.Discover(here)
	if err != nil || !found || location.WorkTree == "" {
		return start{root: filepath.ToSlash(here)}
	}
	if below, err := filepath.Rel(location.WorkTree, here); err == nil && filepath.IsLocal(below) && below != "." {
		return start{root: filepath.ToSlash(location.WorkTree), directory: filepath.ToSlash(below), repository: true}
	}
	return start{root: filepath.ToSlash(here), repository: true}
}

// told returns the root for the report, where a target gives it away: one that is named by its absolute path in the work
// tree.
func (s start) told(targets []string) string {
	names := func(target string) bool {
		target = filepath.ToSlash(filepath.Clean(target))
		return target == s.root || strings.HasPrefix(target, strings.TrimSuffix(s.root, "/")+"/")
	}
	if !s.repository || !slices.ContainsFunc(targets, names) {
		return ""
	}
	return s.root
}
