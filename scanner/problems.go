package scanner

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/jwtleak/jwtleak/scanner/finding"
)

// maxProblems bounds the problems that are listed; all further ones are counted.
const maxProblems = 100_000

// A problemList holds the problems of a scan, each once.
type problemList struct {
	known map[finding.Problem]struct{}
	total int
}

// add takes a problem in and reports whether it is new and to be told as it happens. Which ones are listed in the end
// does not depend on the order they came in: the first by path.
func (l *problemList) add(problem finding.Problem) bool {
	if _, ok := l.known[problem]; ok {
		return false
	}
	l.total++
	if l.known == nil {
		l.known = map[finding.Problem]struct{}{}
	}
	l.known[problem] = struct{}{}
	if len(l.known) == 2*maxProblems {
		for _, last := range l.inOrder()[maxProblems:] {
			delete(l.known, last)
		}
	}
	return l.total <= maxProblems
}

func (l *problemList) inOrder() []finding.Problem {
	return slices.SortedFunc(maps.Keys(l.known), func(a, b finding.Problem) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Reason, b.Reason))
	})
}

// sorted returns the problems by path and reason, and last how many more there were.
func (l *problemList) sorted() []finding.Problem {
	problems := l.inOrder()
	problems = slices.Clip(problems[:min(len(problems), maxProblems)])
	if more := l.total - len(problems); more > 0 {
		problems = append(problems, finding.Problem{Reason: fmt.Sprintf("%d more problems are not listed", more)})
	}
	return problems
}
