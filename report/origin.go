package report

import (
	slashpath "path"
	"strings"

	"github.com/jwtleak/jwtleak/scanner/finding"
)

// An origin is where the paths of a report begin, as finding.Scan has it. Consumers that show a repository's files want
// them from its root.
type origin struct{ root, directory string }

// originOf returns the origin of a scan. What a saved report has in its place that leads elsewhere is none.
func originOf(scan finding.Scan) origin {
	start := origin{root: strings.TrimSuffix(scan.Root, "/"), directory: slashpath.Clean(scan.Directory)}
	if !isAbsolute(start.root) || slashpath.Clean(start.root) != start.root {
		start.root = ""
	}
	if start.directory == "." || isAbsolute(start.directory) || leadsOut(start.directory) {
		start.directory = ""
	}
	return start
}

// leadsOut reports whether a clean relative path leads out of where it begins.
func leadsOut(path string) bool { return path == ".." || strings.HasPrefix(path, "../") }

// path returns a path from the root: relative where it lies below it as far as is known, absolute where it is elsewhere.
func (o origin) path(path string) string {
	path = strings.TrimPrefix(path, "./")
	switch {
	case isAbsolute(path):
		return o.below(path, path)
	case o.directory != "":
		path = slashpath.Join(o.directory, path)
	}
	if o.root != "" && leadsOut(slashpath.Clean(path)) { // and perhaps back
		return o.below(slashpath.Join(o.root, path), path)
	}
	return path
}

// below returns an absolute path from the root, or what it is otherwise called where it does not lie there.
func (o origin) below(absolute, otherwise string) string {
	if o.root == "" {
		return otherwise
	}
	if slashpath.Clean(absolute) == o.root {
		return "."
	}
	if below, ok := strings.CutPrefix(absolute, o.root+"/"); ok {
		return below
	}
	return otherwise
}

// target returns the path of a target from the root. A repository that the scan was started inside of is named by '.',
// wherever in it that was.
func (o origin) target(target finding.Target) string {
	switch {
	case target.Kind == (finding.StdinPlace{}).Kind():
		return target.Path
	case target.Kind == (finding.GitPlace{}).Kind() && target.Path == ".":
		return "."
	}
	return o.path(target.Path)
}

// pathWords is the function pathWords with the path from the root.
func (o origin) pathWords(occurrence finding.Occurrence) string {
	switch at := occurrence.Place.(type) {
	case finding.FilePlace:
		return o.path(at.Path)
	case finding.GitPlace:
		at.Repository = o.path(at.Repository)
		return gitPathWords(at)
	default:
		return pathWords(occurrence)
	}
}
