package git_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/jwtleak/jwtleak/scanner/source/git"
)

// entries writes what a tree has: MODE NAME and an object's name each.
func (c *command) entries(modesAndObjects ...string) string {
	c.t.Helper()
	var entries strings.Builder
	for i := 0; i < len(modesAndObjects); i += 2 {
		entries.WriteString(modesAndObjects[i] + "\x00" + string(unhex(c.t, modesAndObjects[i+1])))
	}
	return entries.String()
}

// fan makes trees of which each names the next one ten times and below has a file beside the first, and returns the top.
func (c *command) fan(levels int, file, below string) string {
	c.t.Helper()
	tree := c.object("tree", c.entries("100644 file", c.object("blob", below), "100644 first", c.object("blob", file)))
	for level := range levels {
		var names []string
		for name := range 10 {
			names = append(names, fmt.Sprintf("40000 %d", name), tree)
		}
		if level == 2 {
			names = append(names, "100644 middle", c.object("blob", "secret-m"))
		}
		tree = c.object("tree", c.entries(names...))
	}
	return tree
}

// head has main lead to a commit with a tree, behind others.
func (c *command) head(tree string, parents ...string) string {
	c.t.Helper()
	arguments := []string{"commit-tree", "-m", "change", tree}
	for _, parent := range parents {
		arguments = append(arguments, "-p", parent)
	}
	commit := c.run(arguments...)
	c.run("update-ref", "refs/heads/main", commit)
	return commit
}

const tooManyPaths = "too many paths lead to the same trees to follow them all"

// TestTreesWithMorePathsThanCanBeRead has trees that name one another so often that their paths can't be gone through: each
// token in them is found, and that not all is told is a problem.
func TestTreesWithMorePathsThanCanBeRead(t *testing.T) {
	t.Parallel()
	for _, levels := range []int{6, 40} {
		t.Run(fmt.Sprint(levels), func(t *testing.T) {
			t.Parallel()
			c := newCommand(t)
			c.init()
			base := c.head(c.object("tree", c.entries("100644 base", c.object("blob", "secret-base"))))
			added := c.head(c.fan(levels, "secret-a", "secret-b"), base)
			// Then all of them have something else, and at last they are gone.
			changed := c.head(c.fan(levels, "secret-c", "secret-b secret-d"), added)
			gone := c.head(c.object("tree", c.entries("100644 base", c.object("blob", "secret-base"))), changed)
			c.expectWords(git.Options{Range: added + ".." + changed}, tooManyPaths, "c", "d")
			c.expectWords(git.Options{Range: base + ".." + gone}, tooManyPaths, "a", "b", "c", "d", "m")
			c.run("update-ref", "refs/heads/main", changed)
			c.expectWords(git.Options{History: git.HistoryNone}, tooManyPaths, "b", "c", "d", "m")
			c.write("moved", "secret-b secret-c secret-new") // what HEAD has where the index has nothing any more
			c.run("add", "moved")
			c.expectWords(git.Options{Staged: true}, tooManyPaths, "new")
		})
	}
}

// expectWords reads the repository and expects tokens at however many paths, and a problem. It returns how many occurrences
// there are.
func (c *command) expectWords(options git.Options, problem string, want ...string) int {
	c.t.Helper()
	r, lines := c.scan(options)
	times := map[string]int{}
	for _, line := range lines {
		word, _, _ := strings.Cut(strings.TrimPrefix(line, "secret-"), " ")
		times[word]++
	}
	for word, n := range times {
		if n > 2*4096 { // in two blobs
			c.t.Errorf("%v: %d occurrences of %s", called(options), n, word)
		}
		if !slices.Contains(want, word) {
			c.t.Errorf("%v: found %s", called(options), word)
		}
	}
	for _, word := range want {
		if times[word] == 0 {
			c.t.Errorf("%v: %s not found", called(options), word)
		}
	}
	expectProblem(c.t, r, problem)
	if r.stats.Blobs > 1<<20 {
		c.t.Errorf("%v: %d blobs looked at", called(options), r.stats.Blobs)
	}
	return len(lines)
}

func called(options git.Options) string {
	return strings.TrimSpace(fmt.Sprint(options.Range, " ", options.History, " ", options.Staged))
}

// TestTreeKnownFromAnotherPath has a tree of which a parent had a part at one path, and that is new at another that is no
// longer followed: its parts are read all the same.
func TestTreeKnownFromAnotherPath(t *testing.T) {
	t.Parallel()
	c := newCommand(t)
	c.init()
	kept := []string{"100644 kept", c.object("blob", "secret-kept")}
	base := c.head(c.object("tree", c.entries("40000 a", c.object("tree", c.entries(kept...)))))
	for n := range 50 {
		kept = append(kept, fmt.Sprintf("100644 new%02d", n), c.object("blob", "nothing"))
	}
	tree := c.object("tree", c.entries(kept...))
	top := c.head(c.object("tree", c.entries("40000 a", tree, "40000 b", c.fan(12, "nothing", "nothing"), "40000 c", tree, "40000 d", tree)), base)
	c.expectWords(git.Options{Range: base + ".." + top}, tooManyPaths, "kept", "m")
}

// TestTreesAtManyPaths has what legitimate repositories have: one tree at hundreds of paths, in a commit or one after the
// other. No place is lost.
func TestTreesAtManyPaths(t *testing.T) {
	t.Parallel()
	const copies, files = 600, 40
	c := newCommand(t)
	c.init()
	file := []string{"100644 a", c.object("blob", "secret-a")}
	for n := range files {
		file = append(file, fmt.Sprintf("100644 f%03d", n), c.object("blob", "nothing"))
	}
	inner := c.object("tree", c.entries(file...))
	tree := c.object("tree", c.entries("40000 inner", inner, "40000 other", inner))
	var names []string
	for n := range copies {
		names = append(names, fmt.Sprintf("40000 copy%03d", n), tree)
	}
	base := c.head(c.object("tree", ""))
	all := c.head(c.object("tree", c.entries(names...)), base)
	gone := c.head(c.object("tree", ""), all)
	for _, options := range []git.Options{{Range: base + ".." + all}, {Range: base + ".." + gone}, {}, {Range: all + ".." + gone}, {History: git.HistoryNone}} {
		want := 2 * copies
		if options.Range == all+".."+gone {
			want = 0
		}
		if options.History == git.HistoryNone {
			c.run("update-ref", "refs/heads/main", all)
		}
		r, got := c.scan(options)
		if len(got) != want || len(r.problems) > 0 {
			t.Errorf("%v: %d occurrences, want %d; problems: %v", called(options), len(got), want, r.problems)
		}
	}
}

// TestTokensAtMorePathsThanCanBeTold has thirty tokens at ten thousand paths: none is lost, and not all paths are told.
func TestTokensAtMorePathsThanCanBeTold(t *testing.T) {
	t.Parallel()
	const tokens = 30
	c := newCommand(t)
	c.init()
	var names []string
	var want []string
	for n := range tokens {
		want = append(want, fmt.Sprint("t", n))
		names = append(names, fmt.Sprintf("100644 %02d", n), c.object("blob", "secret-"+want[n]))
	}
	tree := c.object("tree", c.entries(names...))
	for range 4 {
		var names []string
		for name := range 10 {
			names = append(names, fmt.Sprintf("40000 %d", name), tree)
		}
		tree = c.object("tree", c.entries(names...))
	}
	base := c.head(c.object("tree", ""))
	top := c.head(tree, base)
	for _, options := range []git.Options{{Range: base + ".." + top}, {History: git.HistoryNone}} {
		told := c.expectWords(options, "too many paths lead to tokens to follow them all", want...)
		if told > 1<<16+17*tokens {
			t.Errorf("%s: %d occurrences", called(options), told)
		}
	}
}
