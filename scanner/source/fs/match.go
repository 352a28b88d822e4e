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

// fits reports whether segments stand for a whole path. What follows the last anyDirectories stands at its end, and is looked
// at first: this is asked for each directory on the way to a file, of which in git there may be thousands.
func fits(segments, parts []string) bool {
	last := len(segments) - 1
	for last >= 0 && segments[last] != anyDirectories {
		last--
	}
	tail := segments[last+1:]
	rest := len(parts) - len(tail)
	if rest < 0 || !areNamed(tail, parts[rest:]) {
		return false
	}
	if last < 0 {
		return rest == 0
	}
	end := begin(segments[:last], parts[:rest])
	return end >= 0 && (end < rest || len(tail) > 0)
}

// begin returns how many parts it takes at least for segments to stand for the first of them, or -1. Where those between two
// anyDirectories are found first, whatever comes later could be found behind any other place as well.
func begin(segments, parts []string) int {
	end := 0
	for first := true; len(segments) > 0; first = false {
		count := slices.Index(segments, anyDirectories)
		if count < 0 {
			count = len(segments)
		}
		for end+count > len(parts) || !areNamed(segments[:count], parts[end:end+count]) {
			if first || end+count >= len(parts) {
				return -1
			}
			end++
		}
		end += count
		segments = segments[min(count+1, len(segments)):]
	}
	return end
}

func areNamed(segments, names []string) bool {
	for i, segment := range segments {
		if named, err := path.Match(segment, names[i]); err != nil || !named {
			return false
		}
	}
	return true
}
