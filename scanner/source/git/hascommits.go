package git

import (
	"context"
	"fmt"

	"github.com/jwtleak/jwtleak/scanner/source/git/history"
)

// HasCommits reports whether the repository has the objects of all these full names, which a shallow clone may not.
func (s *Source) HasCommits(ctx context.Context, names ...string) (bool, error) {
	r := &reading{Source: s, ctx: ctx, jobs: 1}
	if s.location.Bundle != "" {
		return false, nil
	}
	r.configuration, _ = readConfiguration(s.location) // Read tells what is wrong with it
	store, err := r.openFewObjects()
	if err != nil {
		return false, fmt.Errorf("open the repository %s: %w", s.name(), err)
	}
	defer store.Close() //nolint:errcheck // opened for reading only
	for _, text := range names {
		name, err := history.ParseName(text)
		if err != nil {
			return false, err
		}
		if !store.Has(name) {
			return false, nil
		}
	}
	return true, nil
}
