package scanner

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"sync"

	"github.com/jwtleak/jwtleak/detectors/encoding"
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

// A LeftOut gathers what sources leave out by design, for the report: its Add is what Reading.LeftOut and Options.LeftOut
// have in common. It may be used by any number of goroutines at once.
type LeftOut struct {
	mu   sync.Mutex
	list problemList
}

// Add takes in a path that is left out, and why, and reports whether it is new.
func (l *LeftOut) Add(path, reason string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.list.add(finding.Problem{Path: encoding.Redact(path), Reason: encoding.Redact(reason)})
}

// sorted returns what was left out by path; none where l is nil.
func (l *LeftOut) sorted() []finding.Problem {
	if l == nil {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.list.sorted()
}
