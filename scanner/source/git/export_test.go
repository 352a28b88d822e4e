package git

import (
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
