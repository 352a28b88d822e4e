package scanner

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/jwtleak/jwtleak/scanner/finding"
)

// maxProblems bounds the problems that are listed; all further ones are counted.
const maxProblems = 10_000

// A problemList holds the problems of a scan, each once.
type problemList struct {
	known map[finding.Problem]struct{}
	total int
}

// add takes a problem in and reports whether it is new and listed.
func (l *problemList) add(problem finding.Problem) bool {
	if _, ok := l.known[problem]; ok {
		return false
	}
	l.total++
	if len(l.known) >= maxProblems {
		return false
	}
	if l.known == nil {
		l.known = map[finding.Problem]struct{}{}
	}
	l.known[problem] = struct{}{}
	return true
}

// sorted returns the problems by path and reason, and last how many more there were.
func (l *problemList) sorted() []finding.Problem {
	problems := make([]finding.Problem, 0, len(l.known)+1)
	for problem := range l.known {
		problems = append(problems, problem)
	}
	slices.SortFunc(problems, func(a, b finding.Problem) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Reason, b.Reason))
	})
	if more := l.total - len(l.known); more > 0 {
		problems = append(problems, finding.Problem{Reason: fmt.Sprintf("%d more problems are not listed", more)})
	}
	return problems
}
