package git

import (
	"context"
	"path/filepath"

	"github.com/jwtleak/jwtleak/scanner/finding"
	"github.com/jwtleak/jwtleak/scanner/source/git/history"
	"github.com/jwtleak/jwtleak/scanner/source/git/pack"
)

// An objectStore has the objects of a repository: a *pack.Store, or one that does more on the way.
type objectStore interface {
	Sweep(ctx context.Context, options pack.SweepOptions) error
	Read(name history.Name) (pack.Object, error)
	Stream(name history.Name) (object pack.Object, done func() error, err error)
	Has(name history.Name) bool
	Missing(names []history.Name) []history.Name
	HasPromisor() bool
	Abbreviated(digits string) []history.Name
	Close() error
}

// openObjects opens the objects of a repository that is a directory, all of which are to be read.
func (r *reading) openObjects() (objectStore, error) { return r.openPacks(false) }

// openFewObjects opens the objects of a repository that is a directory, of which a few are to be read.
func (r *reading) openFewObjects() (objectStore, error) {
	store, err := r.openPacks(true)
	if err != nil {
		return nil, err
	}
	return &peekingStore{objectStore: store, whole: r.openObjects}, nil
}

func (r *reading) openPacks(peek bool) (objectStore, error) {
	return pack.Open(r.ctx, filepath.Join(r.location.CommonDir, "objects"),
		pack.Options{NameSize: r.nameSize(), Jobs: r.jobs, Within: r.within(), Peek: peek, Pushed: r.options.Hook.Objects})
}

// A peekingStore has objects looked up without the indexes of packs being read. Where one is not found or not what its name
// says, the fault may be the index's, and the packs are opened once more, with indexes that are read and checked, or made.
// It is for one goroutine.
type peekingStore struct {
	objectStore
	whole   func() (objectStore, error)
	isWhole bool
}

// turn opens the packs once more, if that has not been done, and reports whether there is something to be tried again.
func (s *peekingStore) turn() bool {
	if s.isWhole {
		return false
	}
	s.isWhole = true
	whole, err := s.whole()
	if err != nil {
		return false // what was not found stays so
	}
	_ = s.Close() // opened for reading only
	s.objectStore = whole
	return true
}

// Read implements objectStore.
func (s *peekingStore) Read(name history.Name) (pack.Object, error) {
	object, err := s.objectStore.Read(name)
	if (err != nil || object.CheckName() != nil) && s.turn() {
		return s.objectStore.Read(name)
	}
	return object, err
}

// Stream implements objectStore.
func (s *peekingStore) Stream(name history.Name) (object pack.Object, done func() error, err error) {
	object, done, err = s.objectStore.Stream(name)
	if (err != nil || object.CheckName() != nil) && s.turn() {
		return s.objectStore.Stream(name)
	}
	return object, done, err
}

// Has implements objectStore.
func (s *peekingStore) Has(name history.Name) bool {
	return s.objectStore.Has(name) || s.turn() && s.objectStore.Has(name)
}

// Abbreviated implements objectStore.
func (s *peekingStore) Abbreviated(digits string) []history.Name {
	names := s.objectStore.Abbreviated(digits)
	if len(names) == 0 && s.turn() {
		names = s.objectStore.Abbreviated(digits)
	}
	return names
}

// Sweep implements objectStore.
func (s *peekingStore) Sweep(ctx context.Context, options pack.SweepOptions) error {
	s.turn()
	return s.objectStore.Sweep(ctx, options)
}

// sweep calls visit for each object of the given types, but for blobs without a candidate, from many goroutines.
func (r *reading) sweep(types []pack.Type, visit func(pack.Object) error) error {
	return r.store.Sweep(r.ctx, pack.SweepOptions{
		Jobs: r.jobs, Types: types, Candidate: r.options.Candidate, Container: r.isContainer,
		Visit:   visit,
		Passed:  func(blobs int64) { r.visitor.Count(finding.Stats{Blobs: blobs}) },
		Problem: func(path, reason string) { _ = r.problem(path, reason) }, // what fails here fails the next Visit too
	})
}
