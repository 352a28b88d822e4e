package git

import (
	"slices"
	"testing"

	"github.com/jwtleak/jwtleak/scanner/source/git/history"
)

// TestAddTipReadsAnObjectOnce adds a reference to an object that another has led to: with no store to read from.
func TestAddTipReadsAnObjectOnce(t *testing.T) {
	t.Parallel()
	var tag history.Name
	ends := []revision{{refs: []string{"refs/tags/one"}}}
	tip := history.Tip{Ref: "refs/tags/two", Object: tag}
	if err := new(comparing).addTip(tip, &ends, fromInclude, map[history.Name]int{tag: 0}); err != nil {
		t.Fatal(err)
	}
	if want := []string{"refs/tags/one", "refs/tags/two"}; len(ends) != 1 || !slices.Equal(ends[0].refs, want) {
		t.Errorf("ends %+v, want one with %q", ends, want)
	}
}
