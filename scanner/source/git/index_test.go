package git_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/jwtleak/jwtleak/scanner/source/git"
)

// TestIndexForms stages the same in every form that git writes an index in.
func TestIndexForms(t *testing.T) {
	t.Parallel()
	for _, form := range []struct {
		name string
		make func(c *command)
	}{
		{"as it is", func(*command) {}},
		{"version 4", func(c *command) { c.run("update-index", "--index-version", "4") }},
		{"split", func(c *command) { c.run("update-index", "--split-index") }},
		{"split, of version 4", func(c *command) {
			c.run("update-index", "--index-version", "4")
			c.run("update-index", "--split-index")
		}},
		{"sparse", func(c *command) {
			c.run("sparse-checkout", "init", "--cone", "--sparse-index")
			c.run("sparse-checkout", "set", "in")
		}},
	} {
		for _, objects := range []string{"sha1", "sha256"} {
			t.Run(form.name+" "+objects, func(t *testing.T) {
				t.Parallel()
				c := newCommand(t)
				c.run("init", "-q", "-b", "main", "--object-format="+objects)
				for i := range 100 {
					c.write(fmt.Sprintf("in/dir%d/file%d", i%7, i), fmt.Sprint("nothing ", i))
				}
				c.write("out/of/it", "nothing")
				c.commit("in/file", "secret-a")
				form.make(c)
				c.write("in/dir3/file3", "secret-b")
				c.write("in/dir5/new", "secret-c")
				c.run("add", "-A", "in")
				c.run("rm", "-q", "--cached", "in/dir6/file6")
				c.run("reset", "-q", "--soft", "HEAD")
				c.run("checkout-index", "-f", "-a")
				c.remove("in/dir3/file3")
				c.remove("in/dir5/new")
				staged := []string{"secret-b index in/dir3/file3:1:1 unreachable", "secret-c index in/dir5/new:1:1 unreachable"}
				c.expect(git.Options{Staged: true}, staged...)
				c.expect(git.Options{}, append([]string{"secret-a blob in/file:1:1 by author@example.com in ? at refs/heads/main"}, staged...)...)
			})
		}
	}
}

// TestSparseIndexBesideHead has a directory in a sparse index that HEAD has not, or not so.
func TestSparseIndexBesideHead(t *testing.T) {
	t.Parallel()
	c := newCommand(t)
	c.init()
	c.write("in/a", "nothing")
	c.commit("out/of/it", "nothing")
	c.commit("out/of/it", "secret-a")
	c.run("sparse-checkout", "init", "--cone", "--sparse-index")
	c.run("sparse-checkout", "set", "in")
	c.run("reset", "-q", "--soft", "HEAD~1")
	c.expect(git.Options{Staged: true}, "secret-a index out/of/it:1:1 unreachable")
	c.expect(
		git.Options{},
		"secret-a blob out/of/it:1:1 by author@example.com in ? unreachable",
		"secret-a index out/of/it:1:1 unreachable",
	)
}

// TestSplitIndex stages at random, with an index that is split again and again, and compares with what git lists.
func TestSplitIndex(t *testing.T) {
	t.Parallel()
	c := newCommand(t)
	c.init()
	c.run("config", "splitIndex.maxPercentChange", "100")
	random := rand.New(rand.NewPCG(31, 1)) //nolint:gosec // not a secret
	c.write("first", "nothing")
	for round := range 12 {
		if round%4 == 0 {
			c.run("update-index", "--split-index")
		}
		for range 1 + random.IntN(10) {
			c.write(fmt.Sprintf("d%d/f%d", random.IntN(4), random.IntN(40)), fmt.Sprint("text ", random.IntN(5)))
		}
		c.run("add", "-A")
		if round%3 == 2 {
			c.run("rm", "-q", "-r", "--cached", "--ignore-unmatch", fmt.Sprintf("d%d", random.IntN(4)))
		}
		want := c.run("ls-files", "--format=%(objectname) %(path)")
		if got := git.ListIndex(t, c.dir); got != want {
			t.Fatalf("round %d: the index has\n%s\nand git lists\n%s", round, got, want)
		}
	}
}
