package cmd

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"github.com/jwtleak/jwtleak/scanner"
	"github.com/jwtleak/jwtleak/scanner/finding"
	"github.com/jwtleak/jwtleak/scanner/source/git"
)

// heeds returns what says whether a comment beside a token may accept it, or nil where none may. All that is scanned must
// be files of the repository that the user works in: a stream, or a directory of logs, has lines that anybody could have had
// written. Of the repository, the comments are obeyed in files that it tracks, in its index, and in commits that what is
// checked out, a branch or a tag leads to. What else is in it, and is not another repository, anybody may have put there.
func (o *policyOptions) heeds(ctx context.Context, targets []string) func(finding.Place) scanner.Heed {
	if _, own := o.ownPolicy(targets); !own || slices.ContainsFunc(targets, isStream) {
		return nil
	}
	here, err := os.Getwd()
	if err != nil {
		return nil
	}
	location, found, err := git.HookOf(os.Getenv).Discover(here)
	if err != nil || !found || location.WorkTree == "" {
		return nil
	}
	own := &ownRepository{workTree: resolved(location.WorkTree), commonDir: resolved(location.CommonDir), known: map[string]bool{}}
	own.tracked = sync.OnceValue(func() func(string) bool {
		if repository, err := git.OpenAt(location, git.Options{Candidate: detector().Prefilter()}); err == nil {
			if tracked, err := repository.Tracked(ctx); err == nil {
				return tracked
			}
		}
		return func(string) bool { return false }
	})
	return own.heeds
}

// isStream reports whether a target is standard input or can only be read in order, as a pipe.
func isStream(target string) bool {
	if target == "-" {
		return true
	}
	info, err := os.Stat(target)
	return err != nil || !info.Mode().IsRegular() && !info.IsDir()
}

// An ownRepository is the one that the user stands in. The paths are absolute, links followed.
type ownRepository struct {
	workTree, commonDir string
	tracked             func() func(path string) bool

	mu    sync.Mutex
	known map[string]bool // by path as places have it: whether a repository is this one
}

func (r *ownRepository) heeds(place finding.Place) scanner.Heed {
	switch at := place.(type) {
	case finding.GitPlace:
		switch {
		case !r.is(at.Repository, git.Find):
			return scanner.Ignored
		case at.OnBranch || at.ObjectType == "index":
			return scanner.Obeyed
		}
		return scanner.Heard
	case finding.FilePlace:
		path := resolved(filepath.FromSlash(at.Path))
		below, err := filepath.Rel(r.workTree, path)
		switch {
		case err != nil || !filepath.IsLocal(below) || !r.is(filepath.Dir(path), git.Discover):
			return scanner.Ignored
		case r.tracked()(filepath.ToSlash(below)):
			return scanner.Obeyed
		}
		return scanner.Heard
	default:
		return scanner.Ignored
	}
}

// is reports whether the repository that is found from a path is this one.
func (r *ownRepository) is(path string, find func(string) (git.Location, bool, error)) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	is, again := r.known[path]
	if !again {
		location, found, err := find(filepath.FromSlash(path))
		is = err == nil && found && location.Bundle == "" && resolved(location.CommonDir) == r.commonDir
		r.known[path] = is
	}
	return is
}

// resolved returns the absolute path, links followed; "" where that can't be told.
func resolved(path string) string {
	absolute, err := filepath.Abs(path)
	if err != nil {
		return ""
	}
	if absolute, err = filepath.EvalSymlinks(absolute); err != nil {
		return ""
	}
	return absolute
}
