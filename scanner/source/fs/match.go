package fs

import (
	"path"
	"slices"
	"strings"
)

// A pattern is one of gitignore(5).
type pattern struct {
	segments  []string // each as package path takes it, or anyDirectories
	negated   bool     // what it matches is not what those before it matched
	directory bool     // it matches directories alone
}

// anyDirectories is the segment that stands for any number of directories, and at the end for whatever is inside.
const anyDirectories = "**"

func parsePatterns(lines []string) (patterns []pattern) {
	for _, line := range lines {
		patterns = append(patterns, parsePattern(line))
	}
	return patterns
}

func parsePattern(line string) (p pattern) {
	if plain, err := goPattern(line); err == nil {
		line = plain
	}
	line, p.negated = strings.CutPrefix(line, "!")
	if !strings.HasSuffix(line, `\ `) {
		line = strings.TrimRight(line, " ")
	}
	line, p.directory = strings.CutSuffix(line, "/")
	if !strings.Contains(line, "/") { // a name, in whatever directory
		line = anyDirectories + "/" + line
	}
	p.segments = strings.Split(strings.TrimPrefix(line, "/"), "/")
	if last := len(p.segments) - 1; p.directory && last > 0 && p.segments[last] == anyDirectories {
		p.segments[last] = "*" // a directory that is inside
	}
	return p
}

// matches reports whether patterns match a path, or a directory that it lies in. For each of these the last pattern that
// fits decides; what lies in a directory that they match is not had back by a negated one.
func matches(patterns []pattern, parts []string, isDir bool) bool {
	for end := 1; end <= len(parts); end++ {
		directory := end < len(parts) || isDir
		for _, p := range slices.Backward(patterns) {
			if p.directory && !directory || !fits(p.segments, parts[:end]) {
				continue
			}
			if !p.negated {
				return true
			}
			break
		}
	}
	return false
}

// fits reports whether segments stand for a whole path. Of what anyDirectories may stand for only the last one's choice has
// to be thought over again: where those before it found their segments first, whatever comes later could have as well.
func fits(segments, parts []string) bool {
	again, from := -1, 0
	i, k := 0, 0
	for k < len(parts) {
		switch {
		case i < len(segments) && segments[i] == anyDirectories:
			if i++; i == len(segments) {
				return true
			}
			again, from = i, k
			continue
		case i < len(segments) && isNamed(segments[i], parts[k]):
			i, k = i+1, k+1
			continue
		case again < 0:
			return false
		}
		from++
		i, k = again, from
	}
	return i == len(segments)
}

func isNamed(segment, name string) bool {
	named, err := path.Match(segment, name)
	return err == nil && named
}
