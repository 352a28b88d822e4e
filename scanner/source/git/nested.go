package git

import (
	"cmp"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/jwtleak/jwtleak/scanner/fault"
	"github.com/jwtleak/jwtleak/scanner/finding"
)

// maxNesting bounds how deep repositories are read that lie in one another.
const maxNesting = 16

// How the names of bundles and packs end, by which they are known among files.
const (
	bundleSuffix = ".bundle"
	packSuffix   = ".pack"
)

// nestedRepositories are the repositories met below another one: clones, submodules, linked work trees.
type nestedRepositories struct {
	within []string // the directories of the outer one

	mu        sync.Mutex
	locations []Location
	problems  []finding.Problem
}

func newNested(outer Location) *nestedRepositories {
	return &nestedRepositories{within: outer.dirs()}
}

// at reports whether a path is a repository that is to be read as one, and notes it. One that only calls itself so, or
// whose .git points out of what is being scanned, is not: it is read as plain files.
func (n *nestedRepositories) at(path string) bool {
	info, err := os.Lstat(path)
	isNamed := strings.HasSuffix(path, bundleSuffix) || strings.HasSuffix(path, packSuffix)
	if err != nil || !info.IsDir() && (!info.Mode().IsRegular() || !isNamed) {
		return false
	}
	location, ok, err := Find(path)
	if !ok && err == nil {
		return false
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if err != nil {
		n.problems = append(n.problems, finding.Problem{Path: path, Reason: reason(err)})
		return false
	}
	if err := location.checkWithin(n.within); err != nil {
		n.problems = append(n.problems, finding.Problem{Path: path, Reason: err.Error()})
		return false
	}
	n.locations = append(n.locations, location)
	return true
}

// real returns the absolute path without symbolic links, as far as it can be told.
func real(path string) string {
	if absolute, err := filepath.Abs(path); err == nil {
		path = absolute
	}
	if resolved, err := filepath.EvalSymlinks(path); err == nil {
		path = resolved
	}
	return path
}

// readNested reads the repositories met below this one: each once, and of the linked work trees of this one the files
// alone, since its objects and indexes have been read.
func (r *reading) readNested(nested *nestedRepositories, present presence) error {
	for _, problem := range nested.problems {
		if err := r.visitor.Problem(problem); err != nil {
			return err
		}
	}
	nested.problems = nil
	own := real(r.location.CommonDir)
	byDir := map[string]int{}
	var others []Location
	for i := 0; i < len(nested.locations); i++ { // reading a linked work tree may add more
		location := nested.locations[i]
		dir := real(location.path())
		if dir == own {
			if location.WorkTree != "" {
				if err := r.readWorktree(location.WorkTree, nested, present); err != nil {
					return err
				}
			}
			continue
		}
		known, ok := byDir[dir]
		switch {
		case !ok:
			byDir[dir] = len(others)
			others = append(others, location)
		case others[known].WorkTree == "": // a submodule's directory under .git/modules, met by its work tree too
			others[known] = location
		}
	}
	for _, location := range others {
		if err := r.readOther(location); err != nil {
			return err
		}
	}
	return nil
}

// readOther reads another repository. One that can't be opened, or has what is faultily read, costs itself alone.
func (r *reading) readOther(location Location) error {
	return fault.Confine(func() error { return r.openOther(location) }, func(faulty *fault.Error) error {
		return r.problem(cmp.Or(location.Bundle, location.GitDir), faulty.Error())
	})
}

func (r *reading) openOther(location Location) error {
	if r.depth >= maxNesting {
		return r.problem(cmp.Or(location.Bundle, location.GitDir), "repositories nested too deep in one another: not read")
	}
	options := r.options
	if len(options.Within) == 0 {
		options.Within = r.location.dirs()
	}
	other, err := OpenAt(location, options)
	if err != nil {
		return err
	}
	other.depth = r.depth + 1
	reading, err := other.open(r.ctx, r.jobs, r.visitor)
	if err != nil {
		if r.ctx.Err() != nil {
			return err
		}
		return r.problem(cmp.Or(location.Bundle, location.GitDir), reason(err))
	}
	defer reading.store.Close() //nolint:errcheck // opened for reading only
	return reading.read()
}
