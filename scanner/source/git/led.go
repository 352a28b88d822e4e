package git

import (
	"container/heap"
	"time"

	"github.com/jwtleak/jwtleak/scanner/finding"
	"github.com/jwtleak/jwtleak/scanner/source/git/history"
)

// tellBranches notes whether branches lead to the range, where a comment on a line makes that matter.
func (s *ranging) tellBranches() error {
	if !s.hasAllowed() {
		return nil
	}
	if err := s.readAllRefs(); err != nil {
		return err
	}
	isLed, err := s.isLed()
	if err != nil || !isLed {
		return err
	}
	for _, met := range s.met {
		for i := range met {
			if place, ok := met[i].occurrence.Place.(finding.GitPlace); ok {
				place.OnBranch = true
				met[i].occurrence.Place = place
			}
		}
	}
	return nil
}

func (s *ranging) hasAllowed() bool {
	for _, met := range s.met {
		for i := range met {
			if met[i].occurrence.Allowed || met[i].spots != nil {
				return true
			}
		}
	}
	return false
}

// isLed reports whether what is checked out, a branch or a tag leads to each near end of the range. It goes back from
// those, the youngest commit first, and no further than the ends are old.
func (s *ranging) isLed() (bool, error) {
	wanted := map[history.Name]bool{}
	var oldest time.Time
	for _, end := range s.ends.include {
		header, err := s.comparing.commit(end.commit)
		if err != nil {
			return false, nil //nolint:nilerr // it has been told
		}
		if wanted[end.commit] = true; oldest.IsZero() || header.Committed.Before(oldest) {
			oldest = header.Committed
		}
	}
	var queue walkQueue
	queued := map[history.Name]bool{}
	add := func(name history.Name) {
		if queued[name] {
			return
		}
		queued[name] = true
		if header, err := s.comparing.commit(name); err == nil && !header.Committed.Before(oldest.Add(-walkSlack)) {
			heap.Push(&queue, &walked{name: name, header: header, behind: header.Committed})
		}
	}
	for _, tip := range s.tips {
		if tip.IsBranchOrTag() || tip.Ref == "HEAD" {
			if commit, err := s.peel(tip.Object); err == nil { // else it is a tree or a blob, or not there
				add(commit)
			}
		}
	}
	for len(wanted) > 0 && queue.Len() > 0 {
		if err := s.ctx.Err(); err != nil {
			return false, err
		}
		next := heap.Pop(&queue).(*walked) // it holds nothing else
		delete(wanted, next.name)
		for _, parent := range next.header.Parents {
			add(parent)
		}
	}
	return len(wanted) == 0, nil
}
