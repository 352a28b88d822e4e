package cmd

import (
	"os"
	slashpath "path"
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
	location, found, err := git.HookOf(os.Getenv).Discover(here)
	if err != nil || !found || location.WorkTree == "" {
		return start{root: filepath.ToSlash(here)}
	}
	if below, err := filepath.Rel(location.WorkTree, here); err == nil && filepath.IsLocal(below) && below != "." {
		return start{root: filepath.ToSlash(location.WorkTree), directory: filepath.ToSlash(below), repository: true}
	}
	return start{root: filepath.ToSlash(here), repository: true}
}

// told returns the root for the report, where the paths from it can't be told without: those of a target in it that is named
// by an absolute path, or by one that leads out of it and back, as ../name from inside does.
func (s start) told(targets []string) string {
	names := func(target string) bool {
		target = filepath.ToSlash(filepath.Clean(target))
		if !filepath.IsAbs(target) {
			way := slashpath.Join(s.directory, target)
			return (way == ".." || strings.HasPrefix(way, "../")) && s.holds(slashpath.Join(s.root, way))
		}
		return s.repository && s.holds(target)
	}
	if s.root == "" || !slices.ContainsFunc(targets, names) {
		return ""
	}
	return s.root
}

// holds reports whether an absolute path is that of the root or of something below.
func (s start) holds(path string) bool {
	return path == s.root || strings.HasPrefix(path, strings.TrimSuffix(s.root, "/")+"/")
}
