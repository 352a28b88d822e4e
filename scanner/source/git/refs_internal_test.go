package git

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestReadRefs(t *testing.T) {
	t.Parallel()
	one, two := strings.Repeat("1", 40), strings.Repeat("2", 40)
	dir := t.TempDir()
	for path, content := range map[string]string{
		"HEAD":                     "ref: refs/heads/main\n",
		"refs/heads/main":          one + "\n",
		"refs/heads/deep/er":       two,
		"refs/heads/evil\x1b[31m":  two,
		"refs/heads/loop":          "ref: refs/heads/pool",
		"refs/heads/pool":          "ref: refs/heads/loop",
		"refs/heads/nowhere":       "ref: refs/heads/none",
		"refs/heads/noted":         one + " and a note",
		"refs/remotes/origin/HEAD": "ref: refs/remotes/origin/gone",
		"worktrees/x/HEAD":         "ref: refs/heads/unborn",
		"refs/heads/torn":          one[:20],
		"refs/heads/empty":         "",
		"refs/heads/main.lock":     two,
		"refs/heads/zero":          strings.Repeat("0", 40),
		"packed-refs": "# pack-refs with: peeled fully-peeled sorted \n" + two + " refs/heads/main\n" +
			two + " refs/tags/v1\n^" + one + "\nnonsense\n",
		"worktrees/w/HEAD":          two,
		"worktrees/w/refs/bisect/x": one,
	} {
		path = filepath.Join(dir, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("refs/heads/deep/er", filepath.Join(dir, "refs", "heads", "link")); err != nil {
		t.Fatal(err)
	}
	table := readRefs(Location{GitDir: dir, CommonDir: dir})
	var got []string
	for _, tip := range table.tips() {
		got = append(got, fmt.Sprintf("%q %.1s %v", tip.Ref, tip.Object, tip.IsBranchOrTag()))
	}
	want := []string{
		`"HEAD" 1 false`,
		`"refs/heads/deep/er" 2 true`,
		`"refs/heads/evil\x1b[31m" 2 true`,
		`"refs/heads/link" 2 false`,
		`"refs/heads/main" 1 true`,
		`"refs/heads/noted" 1 true`,
		`"refs/tags/v1" 2 true`,
		`"worktrees/w/HEAD" 2 true`,
		`"worktrees/w/refs/bisect/x" 1 false`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("tips (-want +got):\n%s", diff)
	}
	var problems []string
	for _, problem := range table.problems {
		relative, _ := filepath.Rel(dir, problem.Path)
		if !filepath.IsAbs(problem.Path) {
			relative = problem.Path
		}
		problems = append(problems, filepath.ToSlash(relative)+": "+problem.Reason)
	}
	want = []string{
		"packed-refs: lines that are no references: 1",
		"refs/heads/empty: not a reference: neither an object's name nor the name of another reference",
		"refs/heads/torn: not a reference: neither an object's name nor the name of another reference",
		"refs/heads/loop: symbolic references go in a circle, or too far",
		"refs/heads/nowhere: a symbolic reference to one that is not there",
		"refs/heads/pool: symbolic references go in a circle, or too far",
		"refs/heads/zero: names no object: nothing but zeros",
	}
	if diff := cmp.Diff(want, problems); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
}

// TestPackedRefsCut has packed-refs that end in the middle of a line, and one overwritten with zeros.
func TestPackedRefsCut(t *testing.T) {
	const object = "1111111111111111111111111111111111111111"
	for content, want := range map[string]string{
		"# pack-refs with: peeled \n" + object + " refs/heads/main\n": "",
		"":                         "",
		"# pack-refs wi":           "its last line has no end: references may be missing",
		object + " refs/heads/mai": "its last line has no end: references may be missing",
		object + " refs/heads/ma\x00\x00\x00\x00\x00\n": "lines that are no references: 1",
		object + " main\n": "lines that are no references: 1",
	} {
		table := &refTable{values: map[string]string{}}
		table.parsePacked("packed-refs", "", strings.NewReader(content))
		got := ""
		if len(table.problems) > 0 {
			got = table.problems[0].Reason
		}
		if got != want || len(table.problems) > 1 {
			t.Errorf("%q: %v, want %q", content, table.problems, want)
		}
	}
}
