package git

import (
	"context"
	"slices"
	"strings"
	"testing"
)

// ListIndex returns the entries of a repository's index by their paths, a line each.
func ListIndex(t *testing.T, dir string) string {
	t.Helper()
	location, _, err := Find(dir)
	if err != nil {
		t.Fatal(err)
	}
	r := &reading{Source: &Source{location: location}, refs: &refTable{}}
	read, err := r.readIndex(indexPath(location))
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, entry := range read.entries {
		lines = append(lines, entry.blob.String()+" "+entry.path)
	}
	slices.SortFunc(lines, func(a, b string) int { return strings.Compare(a[41:], b[41:]) })
	return strings.Join(lines, "\n")
}

// Resolve returns the name of the commit that a revision names.
func Resolve(dir, revision string) (string, error) {
	location, _, err := Find(dir)
	if err != nil {
		return "", err
	}
	s, err := OpenAt(location, Options{Candidate: noPrefilter{}})
	if err != nil {
		return "", err
	}
	r, err := s.open(context.Background(), 1, nil)
	if err != nil {
		return "", err
	}
	defer r.store.Close() //nolint:errcheck // opened for reading only
	found, err := r.compare().resolve(revision)
	return found.commit.String(), err
}

// noPrefilter finds nothing.
type noPrefilter struct{}

func (noPrefilter) Index([]byte) int { return -1 }
func (noPrefilter) Width() int       { return 1 }
