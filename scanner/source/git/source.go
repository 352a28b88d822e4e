package git

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jwtleak/jwtleak/detectors"
	"github.com/jwtleak/jwtleak/scanner/fault"
	"github.com/jwtleak/jwtleak/scanner/finding"
	"github.com/jwtleak/jwtleak/scanner/source"
	"github.com/jwtleak/jwtleak/scanner/source/git/history"
)

// A History says how much of a repository's past is read.
type History string

// How much of the past is read.
const (
	// HistoryAll is every object, whether a reference leads to it or not.
	HistoryAll History = "all"
	// HistoryReachable is every object that a reference leads to.
	HistoryReachable History = "reachable"
	// HistoryNone is the present alone: what HEAD and the index have, and the working tree.
	HistoryNone History = "none"
)

// A FilesFunc reads the files below root as plain files, as source/fs does, without looking for repositories among them.
// Files and directories for which skip returns true are left out; it is called with root joined with the way down, for
// a directory before it is entered. The texts' places are finding.FilePlace.
type FilesFunc func(ctx context.Context, jobs int, root string, skip func(path string) bool, visitor source.Visitor) error

// Options say what of a repository is read, and how.
type Options struct {
	// Target is what the user named, for the places.
	Target string
	// History is HistoryAll where empty.
	History History
	// Range, where not empty, has only what these commits bring in read: A..B, A...B, or revisions separated by spaces,
	// those to be left out with ^ in front (gitrevisions(7)).
	Range string
	// RangeRef, where set, is what is known elsewhere to lead to the near end of Range where nothing here does: the
	// reference of a pull request on its server.
	RangeRef string
	// Now, where set, is the clock that times in Range such as main@{yesterday} count from, and says the local zone.
	Now func() time.Time
	// Staged has only what the index brings in over HEAD read.
	Staged bool
	// Hook is what git tells of the repository where it runs this as a hook.
	Hook Hook
	// Candidate says where a token may begin. A blob without a candidate is not shown.
	Candidate detectors.Prefilter
	// Container, where set, says by the beginning of a blob whether it is one that has texts inside, which is shown
	// whether it has a candidate or not.
	Container func(prefix []byte) bool
	// ContainerNames are the ends of names that say by themselves that a blob is a container, such as ".br".
	ContainerNames []string
	// Wanted, where set, says which paths are read, '/'-separated and relative to the root of the tree. What has no path,
	// such as a commit's message, is always read. Files looks after its own.
	Wanted func(path string) bool
	// Shared, where set, is shared with other sources of the scan.
	Shared *Shared
	// Within are the directories that the parts of the repository, and those of others that it borrows objects from, must
	// lie in. They may lie anywhere where it is empty: whoever names a repository means it with what it needs.
	Within []string
	// Files, where set, reads the working tree and what lies beside the objects in the .git directory.
	Files FilesFunc
	// LeftOut, where set, is told of what belongs to the repository, is not read and is no problem, and why: the files of
	// other work trees, files in Git LFS, and submodules that are not checked out.
	LeftOut func(path, reason string)
}

// A Source is a git repository.
type Source struct {
	location Location
	options  Options
	depth    int // of repositories that this one lies in
}

var _ source.Source = (*Source)(nil)

// Open returns the source of the repository at path, which Find must know as one.
func Open(path string, options Options) (*Source, error) {
	location, ok, err := Find(path)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, fmt.Errorf("%s: %w", path, errNotRepository)
	}
	return OpenAt(location, options)
}

// OpenAt returns the source of the repository at a location that Find or Discover returned.
func OpenAt(location Location, options Options) (*Source, error) {
	switch options.History {
	case "":
		options.History = HistoryAll
	case HistoryAll, HistoryReachable, HistoryNone:
	default:
		return nil, fmt.Errorf("history mode %q: not one of all, reachable, none", options.History)
	}
	if options.Candidate == nil {
		return nil, errors.New("open a repository: no prefilter given")
	}
	if options.Range != "" && options.Staged {
		return nil, errors.New("a range and the index can't be scanned at once")
	}
	if options.Staged && location.Bundle != "" {
		return nil, fmt.Errorf("%s: a bundle or pack has no index, so it has no --staged", location.Bundle)
	}
	if err := location.checkWithin(options.Within); err != nil {
		return nil, err
	}
	options.Hook = options.Hook.in(location)
	if options.Shared == nil {
		options.Shared = &Shared{}
	}
	if location.WorkTree != "" {
		options.Shared.open(location.WorkTree)
	}
	return &Source{location: location, options: options}, nil
}

// name is what places call the repository: the work tree that its .git directory lies in, since the paths of its trees
// are relative to that; the directory itself where there is none; or the bundle.
func (s *Source) name() string {
	dir := filepath.Clean(s.location.CommonDir)
	switch {
	case s.location.Bundle != "":
		return s.location.Bundle
	case filepath.Base(dir) == ".git":
		return filepath.ToSlash(filepath.Dir(dir))
	}
	return filepath.ToSlash(dir)
}

// Location returns where the repository is.
func (s *Source) Location() Location { return s.location }

// Read implements source.Source. A fault that no object, pack or repository met below can be charged with is its error.
func (s *Source) Read(ctx context.Context, jobs int, visitor source.Visitor) (err error) {
	defer func() {
		if recovered := recover(); recovered != nil {
			err = fmt.Errorf("read the repository %s: %w", s.name(), fault.Of(recovered))
		}
	}()
	r, err := s.open(ctx, jobs, visitor)
	if err != nil {
		return err
	}
	defer r.store.Close() //nolint:errcheck // opened for reading only
	return r.read()
}

func (r *reading) read() error {
	defer r.tellPointers()
	switch {
	case r.options.Staged:
		return r.readStaged()
	case r.options.Range != "":
		return r.readRange()
	case r.options.History == HistoryNone:
		return r.readPresent()
	default:
		return r.readAll()
	}
}

// A reading is one run of Read.
type reading struct {
	*Source
	ctx           context.Context // lives as long as the call of Read that it was given to
	jobs          int
	visitor       source.Visitor
	store         objectStore
	configuration configuration
	refs          *refTable
	tips          []history.Tip
	prerequisites []history.Name // of a bundle: commits that it builds on
	inRefNames    map[finding.Fingerprint]bool
	leftOut       sync.Map // the paths that are not wanted
	hasPointers   atomic.Bool
}

func (s *Source) open(ctx context.Context, jobs int, visitor source.Visitor) (*reading, error) {
	r := &reading{Source: s, ctx: ctx, jobs: jobs, visitor: visitor}
	load := r.loadDirectory
	if s.location.Bundle != "" {
		load = r.loadBundle
	}
	if err := load(); err != nil {
		return nil, fmt.Errorf("open the repository %s: %w", s.name(), err)
	}
	if r.tips == nil {
		r.tips = r.refs.tips()
	}
	if err := errors.Join(r.tellRefs(), r.tellUnknown()); err != nil {
		r.store.Close() //nolint:errcheck // opened for reading only
		return nil, err
	}
	return r, nil
}

// tellRefs tells of the references that can't be read, and forgets them.
func (r *reading) tellRefs() error {
	for _, problem := range r.refs.problems {
		if err := r.visitor.Problem(problem); err != nil {
			return err
		}
	}
	r.refs.problems = nil
	return nil
}

// loadDirectory opens a repository that is a directory.
func (r *reading) loadDirectory() error {
	var err error
	r.configuration, err = readConfiguration(r.location)
	if err != nil {
		if err := r.problem(filepath.Join(r.location.CommonDir, "config"), reason(err)); err != nil {
			return err
		}
	}
	if r.options.Staged || r.options.Range != "" {
		r.refs = readFewRefs(r.location)
		r.store, err = r.openFewObjects()
	} else {
		var wait fault.Group
		wait.Go(func() {
			r.refs = readRefs(r.location)
			r.tips = r.refs.tips()
		})
		r.store, err = r.openObjects()
		wait.Wait()
	}
	return err
}

// wants reports whether a path is to be read, and counts those that are not.
func (r *reading) wants(path string) bool {
	if path == "" || r.options.Wanted == nil || r.options.Wanted(path) {
		return true
	}
	if _, again := r.leftOut.LoadOrStore(path, struct{}{}); !again && !r.hasFile(path) {
		r.visitor.Count(finding.Stats{LeftOut: 1})
	}
	return false
}

// hasFile reports whether a path is one in the working tree too, where that is read: who reads it counts it.
func (r *reading) hasFile(path string) bool {
	if r.options.Files == nil || r.location.WorkTree == "" || r.options.Range != "" || r.options.Staged || !filepath.IsLocal(filepath.FromSlash(path)) {
		return false
	}
	_, err := os.Lstat(filepath.Join(r.location.WorkTree, filepath.FromSlash(path)))
	return err == nil
}

// isQuiet reports whether the sweep must not tell what it meets, because what is wanted is known only afterwards.
func (r *reading) isQuiet() bool {
	return r.options.History == HistoryReachable || r.options.Wanted != nil
}

// The lengths of object names in bytes.
const (
	sha1Size   = 20
	sha256Size = 32
)

// nameSize is the length of this repository's object names.
func (r *reading) nameSize() int {
	if r.configuration.objectFormat == "sha256" {
		return sha256Size
	}
	return sha1Size
}

func (r *reading) faulty(name history.Name, err error) error {
	return r.problem(r.name(), fmt.Sprintf("object %s: %v", name, err))
}

func (r *reading) problem(path, reason string) error {
	return r.visitor.Problem(finding.Problem{Path: path, Reason: reason})
}
