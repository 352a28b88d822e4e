package git

import (
	"strings"
	"testing"
)

// TestADirectoryIsTooDeep has paths that are short for their levels: each of these is held with a path of its own.
func TestADirectoryIsTooDeep(t *testing.T) {
	for dir, want := range map[string]bool{
		"":                                  false,
		strings.Repeat("d/", maxDepth):      false,
		strings.Repeat("d/", maxDepth+1):    true,
		strings.Repeat("d", maxPath):        false,
		strings.Repeat("d", maxPath) + "/d": true,
	} {
		if got := isTooDeep(dir); got != want {
			t.Errorf("a directory of %d levels and %d bytes is too deep: %v", strings.Count(dir, "/"), len(dir), got)
		}
	}
}
