package git

import (
	"bytes"
	"container/heap"
	"errors"
	"slices"
	"time"

	"github.com/jwtleak/jwtleak/scanner/source/git/history"
	"github.com/jwtleak/jwtleak/scanner/source/git/pack"
)

// A walked commit is one that a commitWalk has come to.
type walked struct {
	name     history.Name
	header   history.CommitHeader
	from     sides
	behind   time.Time // the youngest date of the commit and of those just behind it
	absent   bool      // it could not be read
	finished bool      // its parents have been queued
	ordered  bool      // it has its place in the range
}

// sides says which of the range's ends lead to a commit. Each A...B has two bits of its own, that of its left end first:
// what both of them lead to is left out.
type sides uint64

const (
	fromExclude sides = 1 << iota
	fromInclude
	fromLeft // of the first A...B
)

// maxSymmetric is how many A...B a range may have: those that sides has bits for.
const maxSymmetric = 31

// isOut reports whether a commit that these ends lead to is left out.
func (from sides) isOut() bool {
	const lefts = 0x5555555555555555 &^ (fromLeft - 1)
	return from&fromExclude != 0 || from&(from>>1)&lefts != 0
}

// A commitWalk finds the commits of a range. It goes back from all ends at once, the youngest commit first, and ends
// when only commits that are left out remain: what it reads follows the size of the range.
type commitWalk struct {
	*comparing
	commits map[history.Name]*walked
	headers map[history.Name]history.CommitHeader // read ahead
	queue   walkQueue
	oldest  time.Time
	// shallows are the ends of a shallow clone, once they have been asked for.
	shallows map[history.Name]bool
}

// walkSlack is how much younger than its child's the date of a parent may be without a commit being taken for part of
// the range that is not: clocks differ.
const walkSlack = 24 * time.Hour

// walkAhead is how many generations behind a commit are looked at for its place in the queue: one with a clock that was
// years behind would otherwise hide that those behind it are left out.
const walkAhead = 4

// maxAhead is how many parents of a merge are looked at for that.
const maxAhead = 4

// rangeCommits returns the commits of a range, parents first, and the older first where that leaves a choice.
func (c *comparing) rangeCommits(r revisionRange) ([]*walked, error) {
	w := &commitWalk{comparing: c, commits: map[history.Name]*walked{}, headers: map[history.Name]history.CommitHeader{}}
	for _, end := range r.include {
		if err := w.add(end.commit, end.from); err != nil {
			return nil, err
		}
	}
	for _, end := range r.exclude {
		if err := w.add(end.commit, fromExclude); err != nil {
			return nil, err
		}
	}
	if err := w.walk(); err != nil {
		return nil, err
	}
	var in []*walked
	for _, commit := range w.commits {
		if !commit.absent && !commit.from.isOut() {
			in = append(in, commit)
		}
	}
	slices.SortFunc(in, func(a, b *walked) int {
		if order := a.header.Committed.Compare(b.header.Committed); order != 0 {
			return order
		}
		return bytes.Compare(a.name.Bytes(), b.name.Bytes())
	})
	return w.parentsFirst(in), nil
}

// parentsFirst orders commits so that each comes behind its parents. A commit that were behind itself comes once.
func (w *commitWalk) parentsFirst(commits []*walked) []*walked {
	isIn := make(map[*walked]bool, len(commits))
	for _, commit := range commits {
		isIn[commit] = true
	}
	ordered := make([]*walked, 0, len(commits))
	for _, commit := range commits {
		for stack := []*walked{commit}; len(stack) > 0; {
			top := stack[len(stack)-1]
			before := len(stack)
			if isIn[top] {
				isIn[top] = false // from now on it is on the stack, or has been ordered
				for _, name := range slices.Backward(top.header.Parents) {
					if parent := w.commits[name]; isIn[parent] {
						stack = append(stack, parent)
					}
				}
				if len(stack) > before {
					continue
				}
			}
			stack = stack[:len(stack)-1]
			if !top.ordered {
				top.ordered = true
				ordered = append(ordered, top)
			}
		}
	}
	return ordered
}

func (w *commitWalk) walk() error {
	for w.queue.Len() > 0 {
		if err := w.ctx.Err(); err != nil {
			return err
		}
		if !slices.ContainsFunc(w.queue, func(c *walked) bool { return !c.from.isOut() }) &&
			(w.oldest.IsZero() || w.queue[0].behind.Before(w.oldest.Add(-walkSlack))) {
			return nil
		}
		next := heap.Pop(&w.queue).(*walked) // it holds nothing else
		next.finished = true
		if !next.from.isOut() && (w.oldest.IsZero() || next.header.Committed.Before(w.oldest)) {
			w.oldest = next.header.Committed
		}
		for _, parent := range next.header.Parents {
			if w.isCutOff(next.name, parent) {
				w.commits[parent] = &walked{name: parent, absent: true}
				if !next.from.isOut() {
					w.cut[next.name] = true
				}
				continue
			}
			if err := w.add(parent, next.from); err != nil {
				return err
			}
		}
	}
	return nil
}

// isCutOff reports whether a parent was left out of a shallow clone on purpose. Behind a commit that the range leaves out too
// nothing of the range is missing with it.
func (w *commitWalk) isCutOff(commit, parent history.Name) bool {
	if known := w.commits[parent]; known != nil && !known.absent {
		return false
	}
	if _, err := w.header(parent); !errors.Is(err, pack.ErrNotFound) {
		return false
	}
	if w.shallows == nil {
		w.shallows = w.shallow()
	}
	return w.shallows[commit]
}

// add notes that an end leads to a commit, and to all behind it that have been walked already.
func (w *commitWalk) add(name history.Name, from sides) error {
	stack := []history.Name{name}
	for len(stack) > 0 {
		name, stack = stack[len(stack)-1], stack[:len(stack)-1]
		commit, ok := w.commits[name]
		if !ok {
			commit = &walked{name: name}
			w.commits[name] = commit
			header, err := w.header(name)
			if err != nil {
				commit.absent = true
				if err := w.unread(name, err); err != nil {
					return err
				}
				continue
			}
			commit.header, commit.from = header, from
			commit.behind = w.youngest(name, walkAhead)
			heap.Push(&w.queue, commit)
			continue
		}
		if commit.from|from == commit.from {
			continue
		}
		commit.from |= from
		if commit.finished {
			stack = append(stack, commit.header.Parents...)
		}
	}
	return nil
}

// header reads the headers of a commit, or has read them.
func (w *commitWalk) header(name history.Name) (history.CommitHeader, error) {
	if header, ok := w.headers[name]; ok {
		return header, nil
	}
	header, err := w.commit(name)
	if err == nil {
		w.headers[name] = header
	}
	return header, err
}

// youngest returns the youngest date of a commit and of those so many generations behind it, as far as they can be read.
func (w *commitWalk) youngest(name history.Name, generations int) time.Time {
	header, err := w.header(name)
	if err != nil {
		return time.Time{} // which is told where the walk comes to it
	}
	date := header.Committed
	if generations == 0 {
		return date
	}
	for _, parent := range header.Parents[:min(len(header.Parents), maxAhead)] {
		if behind := w.youngest(parent, generations-1); behind.After(date) {
			date = behind
		}
	}
	return date
}

// A walkQueue has the youngest commit first.
type walkQueue []*walked

func (q walkQueue) Len() int           { return len(q) }
func (q walkQueue) Less(i, j int) bool { return q[i].behind.After(q[j].behind) }
func (q walkQueue) Swap(i, j int)      { q[i], q[j] = q[j], q[i] }

// Push implements heap.Interface.
func (q *walkQueue) Push(x any) { *q = append(*q, x.(*walked)) } // see walk

// Pop implements heap.Interface.
func (q *walkQueue) Pop() any {
	last := (*q)[len(*q)-1]
	*q = (*q)[:len(*q)-1]
	return last
}
