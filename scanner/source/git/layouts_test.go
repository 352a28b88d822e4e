package git_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/jwtleak/jwtleak/scanner/source/git"
)

// newVaried makes a repository with a token in each of many commits, on two branches, and one that no reference leads to.
func newVaried(t *testing.T) *command {
	t.Helper()
	c := newCommand(t).in("repository")
	c.init()
	var versions []version
	for i := range 12 {
		versions = append(versions, version{
			"file":                   fmt.Sprintf("%s\nsecret-%d\n", strings.Repeat("a line that all versions have\n", 20), i),
			fmt.Sprintf("d/%d", i%3): fmt.Sprint(i),
		})
	}
	c.load("main", versions...)
	c.run("checkout", "-q", "-b", "gone")
	c.commit("only", "secret-gone")
	c.run("checkout", "-q", "main")
	c.run("branch", "-q", "-D", "gone")
	if err := os.RemoveAll(filepath.Join(c.dir, ".git/logs")); err != nil {
		t.Fatal(err)
	}
	return c
}

// packs returns the files of the repository's objects that match a pattern, at least one.
func (c *command) packs(pattern string) []string {
	c.t.Helper()
	found, err := filepath.Glob(filepath.Join(c.dir, ".git/objects/pack", pattern))
	if err != nil || len(found) == 0 {
		c.t.Fatalf("no %s: %v", pattern, err)
	}
	return found
}

// fails reports whether git can't do something, as an older one can't.
func (c *command) fails(arguments ...string) bool {
	cmd := exec.Command("git", arguments...) // the test's own
	cmd.Dir = c.dir
	return cmd.Run() != nil
}

// TestLayoutsOfObjects finds the same however the objects are kept, in a scan of all, of a range, and of what is present.
func TestLayoutsOfObjects(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(c *command){
		"index of version 1": func(c *command) {
			c.run("repack", "-a", "-d", "-q", "--keep-unreachable")
			for _, pack := range c.packs("*.pack") {
				index := strings.TrimSuffix(pack, ".pack") + ".idx"
				if err := os.Remove(index); err != nil {
					c.t.Fatal(err)
				}
				c.run("index-pack", "--index-version=1", "-o", index, pack)
				content, err := os.ReadFile(index)
				if err != nil || bytes.HasPrefix(content, []byte("\xfftOc")) {
					c.t.Fatalf("not of version 1: %v", err)
				}
			}
		},
		"large offsets": func(c *command) {
			c.run("repack", "-a", "-d", "-q", "--keep-unreachable")
			for _, pack := range c.packs("*.pack") {
				index := strings.TrimSuffix(pack, ".pack") + ".idx"
				if err := os.Remove(index); err != nil {
					c.t.Fatal(err)
				}
				c.run("index-pack", "--index-version=2,0x40", "-o", index, pack)
			}
		},
		"a cruft pack": func(c *command) {
			if c.fails("repack", "--cruft", "-d", "-q") {
				c.t.Skip("this git makes no cruft packs")
			}
			c.packs("*.mtimes")
		},
		"a multi-pack-index": func(c *command) {
			c.run("repack", "-d", "-q")
			c.commit("more", "nothing")
			c.run("reset", "-q", "--hard", "HEAD~1")
			c.run("repack", "-d", "-q", "-k")
			c.run("multi-pack-index", "write")
			c.packs("multi-pack-index")
		},
		"a pack that is kept": func(c *command) {
			c.run("repack", "-a", "-d", "-q", "--keep-unreachable")
			for _, pack := range c.packs("*.pack") {
				c.write(".git/objects/pack/"+strings.TrimSuffix(filepath.Base(pack), ".pack")+".keep", "")
			}
			c.run("gc", "-q", "--prune=never")
		},
		"a chain of alternates in a circle": func(c *command) {
			c.run("repack", "-a", "-d", "-q", "--keep-unreachable")
			next, _ := filepath.Split(c.dir)
			last := c.dir
			for i := range 3 {
				dir := filepath.Join(next, fmt.Sprint("lends", i))
				c.run("init", "-q", "--bare", dir)
				borrow(c.t, last, dir)
				last = dir
			}
			borrow(c.t, last, c.dir)
			for _, file := range c.packs("*") { // what the first had, the last has now
				if err := os.Rename(file, filepath.Join(last, "objects/pack", filepath.Base(file))); err != nil {
					c.t.Fatal(err)
				}
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newVaried(t)
			before := map[string][]string{}
			ways := map[string]git.Options{"all": {}, "range": {Range: "main~5..main"}, "present": {History: git.HistoryNone}}
			for way, options := range ways {
				_, before[way] = c.scan(options)
			}
			if len(before["all"]) != 13 {
				t.Fatalf("occurrences: %q", before["all"])
			}
			change(c)
			for way, options := range ways {
				r, got := c.scan(options)
				if diff := cmp.Diff(before[way], got); diff != "" {
					t.Errorf("%s (-before +after):\n%s", way, diff)
				}
				if len(r.problems) > 0 {
					t.Errorf("%s: problems %v", way, r.problems)
				}
			}
		})
	}
}

// borrow has a repository, bare or not, borrow the objects of another.
func borrow(t *testing.T, from, lender string) {
	t.Helper()
	objects := func(dir string) string {
		if below := filepath.Join(dir, ".git", "objects"); isThere(below) {
			return below
		}
		return filepath.Join(dir, "objects")
	}
	if err := os.WriteFile(filepath.Join(objects(from), "info", "alternates"), []byte(objects(lender)+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
}

func isThere(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// TestPromisorPacks has the objects of a partial clone that its remote has sent on demand, and tells of the others alone.
func TestPromisorPacks(t *testing.T) {
	t.Parallel()
	from := newVaried(t)
	from.run("config", "uploadpack.allowFilter", "true")
	from.run("config", "uploadpack.allowAnySHA1InWant", "true")
	c := newCommand(t).in("clone")
	c.run("clone", "-q", "--filter=blob:none", "file://"+filepath.ToSlash(from.dir), ".")
	c.packs("*.promisor")
	c.run("config", "gc.auto", "0")
	r, got := c.scan(git.Options{})
	if len(got) != 1 || !strings.HasPrefix(got[0], "secret-11 blob file:22:1 ") { // what was checked out
		t.Errorf("occurrences: %q", got)
	}
	expectProblem(t, r, "this is a partial clone, and its remote has what was left out")
	c.run("checkout", "-q", "HEAD~3")
	r, got = c.scan(git.Options{})
	if len(got) != 2 {
		t.Errorf("occurrences: %q", got)
	}
	expectProblem(t, r, "this is a partial clone")
	c.run("fetch", "-q", "--refetch", "--filter=blob:limit=1g")
	if r, got = c.scan(git.Options{}); len(got) != 12 || len(r.problems) > 0 {
		t.Errorf("occurrences: %q, problems %v", got, r.problems)
	}
}

// TestUnfinishedPack has what is there of a pack whose writer died, as after a fetch that was broken off: the texts are
// read, and that what they belong to has not come is no fault.
func TestUnfinishedPack(t *testing.T) {
	t.Parallel()
	from, c := newVaried(t), newCommand(t)
	from.run("repack", "-a", "-d", "-q")
	c.init()
	content, err := os.ReadFile(from.packs("*.pack")[0])
	if err != nil {
		t.Fatal(err)
	}
	c.write(".git/objects/pack/tmp_pack_abc123", string(content[:len(content)-100]))
	r, got := c.scan(git.Options{})
	if len(got) == 0 || len(r.problems) > 0 {
		t.Errorf("occurrences: %q, problems %v", got, r.problems)
	}
	for _, line := range got {
		if !strings.HasSuffix(line, " unreachable") {
			t.Errorf("occurrence: %s", line)
		}
	}
}

// TestMissingOfIndexes tells of a blob that an index alone has and that is gone, and of a pack whose index alone is left.
func TestMissingOfIndexes(t *testing.T) {
	t.Parallel()
	c := newVaried(t)
	c.write("staged", "secret-staged")
	c.run("add", "staged")
	name := c.run("rev-parse", ":staged")
	c.remove(".git/objects/" + name[:2] + "/" + name[2:])
	c.remove("staged")
	r, _ := c.scan(git.Options{})
	expectProblem(t, r, "object "+name+" is missing")
	c.run("rm", "-q", "--cached", "staged")

	if c.fails("repack", "--cruft", "-d", "-q") {
		t.Skip("this git makes no cruft packs")
	}
	cruft := strings.TrimSuffix(c.packs("*.mtimes")[0], ".mtimes")
	if err := os.Remove(cruft + ".pack"); err != nil {
		t.Fatal(err)
	}
	r, _ = c.scan(git.Options{})
	expectProblem(t, r, "the index of a pack that is not there")
}

// TestCopiesOfObjects has objects in packs, loose and in an alternate at once: each is told once.
func TestCopiesOfObjects(t *testing.T) {
	t.Parallel()
	c := newVaried(t)
	_, want := c.scan(git.Options{})
	c.run("repack", "-a", "-q", "-k") // and the loose ones stay
	c.run("clone", "-q", "--bare", "--no-hardlinks", ".", "../lends")
	borrow(t, c.dir, filepath.Join(filepath.Dir(c.dir), "lends"))
	r, got := c.scan(git.Options{})
	if !slices.Equal(got, want) || len(r.problems) > 0 {
		t.Errorf("occurrences: %q, problems %v, want %q", got, r.problems, want)
	}
}
