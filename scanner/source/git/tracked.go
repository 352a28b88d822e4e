package git

import (
	"context"
	"fmt"

	"github.com/jwtleak/jwtleak/scanner/finding"
	"github.com/jwtleak/jwtleak/scanner/source"
)

// Tracked returns what reports whether a path, '/'-separated from the root of the work tree, is that of a file in its
// index. Of an index that can't be read to its end, what can be read is tracked.
func (s *Source) Tracked(ctx context.Context) (func(path string) bool, error) {
	r := &reading{Source: s, ctx: ctx, jobs: 1, visitor: nobody{}}
	r.configuration, _ = readConfiguration(s.location) // Read tells what is wrong with it
	r.refs = readFewRefs(s.location)
	r.tips = r.refs.tips()
	var err error
	if r.store, err = r.openFewObjects(); err != nil {
		return nil, fmt.Errorf("open the repository %s: %w", s.name(), err)
	}
	defer r.store.Close()                          //nolint:errcheck // opened for reading only
	index, _ := r.readIndex(indexPath(s.location)) // likewise
	paths := make(map[string]bool, len(index.entries))
	for _, entry := range index.entries {
		paths[entry.path] = true
	}
	for _, entry := range index.names {
		paths[entry.path] = entry.intentToAdd
	}
	return func(path string) bool { return paths[path] || index.isAsHead(path) }, nil
}

// nobody is a visitor of whom nothing is expected.
type nobody struct{}

func (nobody) Visit(context.Context, source.Text) error { return nil }
func (nobody) Problem(finding.Problem) error            { return nil }
func (nobody) Attribute(finding.Fingerprint, string, []finding.Occurrence) error {
	return nil
}
func (nobody) Count(finding.Stats) {}
