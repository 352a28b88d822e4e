package fs

import "strings"

// patterns are what the user wants to have read and left out, in the form of gitignore(5).
type patterns struct {
	include, exclude []pattern
}

func newPatterns(include, exclude []string) patterns {
	return patterns{include: parsePatterns(include), exclude: parsePatterns(exclude)}
}

// Wanted returns what says by the path of a file, '/'-separated and relative to its tree, whether patterns have it read;
// nil where there are none.
func Wanted(include, exclude []string) func(path string) bool {
	p := newPatterns(include, exclude)
	if p.none() {
		return nil
	}
	return func(path string) bool { return !p.leavesOut(path, false) }
}

// none reports whether there are no patterns, so that nothing is left out.
func (p patterns) none() bool { return p.include == nil && p.exclude == nil }

// leavesOut reports whether a path, relative and '/'-separated, is left out. A directory is left out by an exclusion
// alone: what is to be included may lie in any.
func (p patterns) leavesOut(path string, isDir bool) bool {
	if p.none() {
		return false
	}
	parts := strings.Split(path, "/")
	if matches(p.exclude, parts, isDir) {
		return true
	}
	return p.include != nil && !isDir && !matches(p.include, parts, false)
}
