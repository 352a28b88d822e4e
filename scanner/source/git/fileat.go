package git

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/jwtleak/jwtleak/scanner/fault"
	"github.com/jwtleak/jwtleak/scanner/finding"
	"github.com/jwtleak/jwtleak/scanner/source/git/history"
)

// FileAt returns what a file has in the commit that a revision names (gitrevisions(7)). The path is '/'-separated and from
// the root of the tree. The error of a file that is not there is fs.ErrNotExist.
func (s *Source) FileAt(ctx context.Context, revision, path string) (content []byte, err error) {
	defer fault.Contain(&err)
	told := &firstProblem{}
	r := &reading{Source: s, ctx: ctx, jobs: 1, visitor: told}
	r.configuration, _ = readConfiguration(s.location) // Read tells what is wrong with it
	r.refs = readRefs(s.location)
	r.tips = r.refs.tips()
	if r.store, err = r.openFewObjects(); err != nil {
		return nil, fmt.Errorf("open the repository %s: %w", s.name(), err)
	}
	defer r.store.Close() //nolint:errcheck // opened for reading only
	c := r.compare()
	named, err := c.resolve(revision)
	if err != nil {
		return nil, err
	}
	header, err := c.commit(named.commit)
	if err != nil {
		return nil, err
	}
	blob, err := c.blobAt(header.Tree, path)
	switch {
	case err != nil:
		return nil, err
	case told.reason != "":
		return nil, errors.New(told.reason)
	case blob == (history.Name{}):
		return nil, fs.ErrNotExist
	}
	return r.content(blob)
}

// A firstProblem is a visitor that keeps the first problem.
type firstProblem struct {
	nobody
	reason string
}

func (p *firstProblem) Problem(problem finding.Problem) error {
	if p.reason == "" {
		p.reason = problem.Reason
	}
	return nil
}
