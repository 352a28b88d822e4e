package report

import (
	slashpath "path"
	"strings"

	"github.com/jwtleak/jwtleak/scanner/finding"
)

// Covered returns what finds the target of a newer scan that a place lies in which an older one told of, however the two
// name it, and the path of the place below that target, or in its repository: what patterns are held against. Nothing says
// that two streams of standard input are the same.
func Covered(newer, older finding.Scan) func(finding.Occurrence) (target finding.Target, path string, ok bool) {
	now, before := originOf(newer), originOf(older)
	rooted := func(path string) []string { // by what the newer knows of the root too, of which the older may tell nothing
		path = before.path(path)
		paths := []string{slashpath.Clean(origin{root: now.root}.path(path))}
		if before.root != "" && before.root != now.root && !isAbsolute(path) { // started elsewhere, or of another clone
			paths = append(paths, slashpath.Clean(origin{root: now.root}.path(slashpath.Join(before.root, path))))
		}
		return paths
	}
	targets := rootedTargets(newer)
	for i := range targets {
		targets[i].Path = slashpath.Clean(targets[i].Path)
		if targets[i].Kind == (finding.GitPlace{}).Kind() && slashpath.Base(targets[i].Path) == ".git" {
			targets[i].Path = slashpath.Dir(targets[i].Path) // which is the same repository
		}
	}
	return func(occurrence finding.Occurrence) (finding.Target, string, bool) {
		switch at := occurrence.Place.(type) {
		case finding.FilePlace:
			for _, path := range rooted(at.Path) {
				for _, target := range targets {
					if below, ok := pathBelow(target, path); ok {
						return target, below, true
					}
				}
			}
		case finding.GitPlace:
			for _, repository := range rooted(at.Repository) {
				for _, target := range targets {
					if _, ok := pathBelow(target, repository); ok {
						return target, at.Path, true
					}
				}
			}
		}
		return finding.Target{}, "", false
	}
}

// pathBelow returns a clean path from a target, "" for the target itself, if it lies there.
func pathBelow(target finding.Target, path string) (string, bool) {
	switch {
	case isStream(target):
		return "", false
	case path == target.Path:
		return "", true
	case target.Path == ".":
		return path, !isAbsolute(path) && !leadsOut(path)
	}
	return strings.CutPrefix(path, strings.TrimSuffix(target.Path, "/")+"/")
}
