package git_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/jwtleak/jwtleak/scanner/source/git"
)

// leftOut reads the repository, and returns what is told to be left out.
func (c *command) leftOut(options git.Options) (told []string) {
	c.t.Helper()
	options.LeftOut = func(path, reason string) {
		told = append(told, strings.TrimPrefix(path, filepath.ToSlash(c.dir))+": "+reason)
	}
	if r, _ := c.scan(options); len(r.problems) > 0 {
		c.t.Errorf("problems: %v", r.problems)
	}
	slices.Sort(told)
	return told
}

// TestFilesInLFS has it said, wherever it is met, that there is a pointer and not what it points to.
func TestFilesInLFS(t *testing.T) {
	t.Parallel()
	c := newCommand(t)
	c.init()
	c.commit("a", "version https://git-lfs.github.com/specification is what we read\n")
	pointer := "version https://git-lfs.github.com/spec/v1\noid sha256:" + strings.Repeat("0", 64) + "\nsize 12345\n"
	c.write("dump.log", pointer)
	const told = ": files in Git LFS, which the repository has pointers to alone"
	if got := c.leftOut(git.Options{}); len(got) > 0 {
		t.Errorf("without a pointer in git: %v", got)
	}
	c.run("add", "-A")
	if got := c.leftOut(git.Options{Staged: true}); !slices.Equal(got, []string{told}) {
		t.Errorf("staged: %v", got)
	}
	c.commit("dump.log", pointer)
	if got := c.leftOut(git.Options{Range: "HEAD~1..HEAD"}); !slices.Equal(got, []string{told}) {
		t.Errorf("in a range: %v", got)
	}
	if got := c.leftOut(git.Options{Range: "HEAD~1"}); len(got) > 0 {
		t.Errorf("not in the range: %v", got)
	}
	for range 2 {
		for _, mode := range []git.History{git.HistoryAll, git.HistoryReachable, git.HistoryNone} {
			if got := c.leftOut(git.Options{History: mode}); !slices.Equal(got, []string{told + ": those are read that are checked out, or lie in .git/lfs"}) {
				t.Errorf("%s: %v", mode, got)
			}
		}
		c.run("gc", "-q")
	}
}

// TestSubmodulesNotCheckedOut has it said how many are not here.
func TestSubmodulesNotCheckedOut(t *testing.T) {
	t.Parallel()
	c := newCommand(t)
	library, from := c.in("library"), c.in("from")
	library.init()
	library.commit("lib", "nothing")
	from.init()
	for _, path := range []string{"path/one", "two"} {
		from.run("submodule", "--quiet", "add", "../library", path)
	}
	from.run("commit", "-q", "-m", "add them")
	if got := from.leftOut(git.Options{}); len(got) > 0 {
		t.Errorf("with both: %v", got)
	}
	c.run("clone", "-q", "from", "to")
	for _, mode := range []git.History{git.HistoryAll, git.HistoryNone} {
		if got := c.in("to").leftOut(git.Options{History: mode}); !slices.Equal(got, []string{": 2 submodules that are not checked out: path/one for one"}) {
			t.Errorf("%s, with none: %v", mode, got)
		}
	}
	c.in("to").run("submodule", "--quiet", "update", "--init", "two")
	if got := c.in("to").leftOut(git.Options{}); !slices.Equal(got, []string{": 1 submodule that is not checked out: path/one"}) {
		t.Errorf("with one: %v", got)
	}
}
