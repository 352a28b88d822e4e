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
	Has(name history.Name) bool
	HasPromisor() bool
	Abbreviated(digits string) []history.Name
	Close() error
}

// openObjects opens the objects of a repository that is a directory.
func (r *reading) openObjects() (objectStore, error) {
	return pack.Open(r.ctx, filepath.Join(r.location.CommonDir, "objects"),
		pack.Options{NameSize: r.nameSize(), Jobs: r.jobs, Within: r.within()})
}

// sweep calls visit for each object of the given types, but for blobs without a candidate, from many goroutines.
func (r *reading) sweep(types []pack.Type, visit func(pack.Object) error) error {
	return r.store.Sweep(r.ctx, pack.SweepOptions{
		Jobs: r.jobs, Types: types, Candidate: r.options.Candidate, Container: r.options.Container,
		Visit:   visit,
		Passed:  func(blobs int64) { r.visitor.Count(finding.Stats{Blobs: blobs}) },
		Problem: func(path, reason string) { _ = r.problem(path, reason) }, // what fails here fails the next Visit too
	})
}
