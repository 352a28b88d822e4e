package fs

import (
	"strings"

	"github.com/go-git/go-git/v5/plumbing/format/gitignore"
)

// patterns are what the user wants to have read and left out, in the form of gitignore(5).
type patterns struct {
	include, exclude gitignore.Matcher // nil where there are none
}

func newPatterns(include, exclude []string) patterns {
	return patterns{include: matcher(include), exclude: matcher(exclude)}
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

func matcher(lines []string) gitignore.Matcher {
	if len(lines) == 0 {
		return nil
	}
	parsed := make([]gitignore.Pattern, len(lines))
	for i, line := range lines {
		if plain, err := goPattern(line); err == nil {
			line = plain
		}
		parsed[i] = gitignore.ParsePattern(line, nil)
	}
	return gitignore.NewMatcher(parsed)
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
	if p.exclude != nil && p.exclude.Match(parts, isDir) {
		return true
	}
	if p.include == nil || isDir {
		return false
	}
	if p.include.Match(parts, false) {
		return false
	}
	for i := 1; i < len(parts); i++ {
		if p.include.Match(parts[:i], true) {
			return false
		}
	}
	return true
}
