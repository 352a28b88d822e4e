package fs

import (
	"strings"

	"github.com/go-git/go-git/v5/plumbing/format/gitignore"
)

// patterns are what the user wants to have read and left out, in the form of gitignore(5).
type patterns struct {
	include, exclude gitignore.Matcher // nil where there are none
}

func newPatterns(options Options) patterns {
	return patterns{include: matcher(options.Include), exclude: matcher(options.Exclude)}
}

func matcher(lines []string) gitignore.Matcher {
	if len(lines) == 0 {
		return nil
	}
	parsed := make([]gitignore.Pattern, len(lines))
	for i, line := range lines {
		parsed[i] = gitignore.ParsePattern(line, nil)
	}
	return gitignore.NewMatcher(parsed)
}

// leavesOut reports whether a path, relative and '/'-separated, is left out. A directory is left out by an exclusion
// alone: what is to be included may lie in any.
func (p patterns) leavesOut(path string, isDir bool) bool {
	if p.include == nil && p.exclude == nil {
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
