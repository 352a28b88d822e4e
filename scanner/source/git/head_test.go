package git_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/jwtleak/jwtleak/scanner/source/git"
)

// TestFewReferencesAreNeeded has what is wrong with other references cost nothing of what is staged or in a range, wherever
// the branch of HEAD is kept.
func TestFewReferencesAreNeeded(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(c *command){
		"loose":  func(*command) {},
		"packed": func(c *command) { c.run("pack-refs", "--all") },
		"packed, with an empty directory in its place": func(c *command) {
			c.run("pack-refs", "--all")
			mkdir(c.t, filepath.Join(c.dir, ".git/refs/heads/main"))
		},
		"by way of another": func(c *command) { c.run("symbolic-ref", "HEAD", "refs/heads/alias") },
		"detached":          func(c *command) { c.run("checkout", "-q", "--detach") },
		"a damaged packed-refs": func(c *command) {
			c.run("pack-refs", "--all")
			appendTo(c.t, filepath.Join(c.dir, ".git/packed-refs"), "zzz refs/heads/other\n")
		},
		"an empty other reference":  func(c *command) { c.write(".git/refs/heads/other", "") },
		"another reference astray":  func(c *command) { c.write(".git/refs/heads/other", strings.Repeat("1", 40)) },
		"others that go in circles": func(c *command) { c.write(".git/refs/heads/other", "ref: refs/heads/other") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCommand(t)
			c.init()
			c.commit("a", "secret-a")
			c.run("symbolic-ref", "refs/heads/alias", "refs/heads/main")
			c.write("b", "secret-b")
			c.run("add", "b")
			change(c)
			c.expect(git.Options{Staged: true}, "secret-b index b:1:1 unreachable")
			c.expect(git.Options{Range: "main"}, "secret-a blob a:1:1 by author@example.com in ? at refs/heads/main")
		})
	}
}

// TestDamagedIndexOfPack has a range and the index find what they need, though it is not where the index of the pack says.
func TestDamagedIndexOfPack(t *testing.T) {
	t.Parallel()
	c := newCommand(t)
	c.init()
	var versions []version
	for i := range 20 {
		versions = append(versions, version{fmt.Sprintf("dir%d/file", i): fmt.Sprintf("secret-%d", i)})
	}
	c.load("main", versions...)
	c.run("gc", "-q")
	indexes, err := filepath.Glob(filepath.Join(c.dir, ".git/objects/pack/*.idx"))
	if err != nil || len(indexes) != 1 {
		t.Fatal(indexes, err)
	}
	whole, err := os.ReadFile(indexes[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(indexes[0], 0o600); err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 2))
	_, want := c.scan(git.Options{Range: "HEAD~19..HEAD"})
	const names = 8 + 1024
	for range 60 {
		content := slices.Clone(whole)
		content[names+random.IntN(len(content)-names-40)] ^= byte(1 + random.IntN(255))
		replace(t, indexes[0], string(content))
		s, err := git.Open(c.dir, git.Options{Target: c.dir, Candidate: secretPrefilter{}, Range: "HEAD~19..HEAD"})
		if err != nil {
			t.Fatal(err)
		}
		r := newRecorder()
		if err := s.Read(context.Background(), 2, r); err == nil && len(r.problems) == 0 && !slices.Equal(r.lines(nil), want) {
			t.Errorf("occurrences: %q, and no problem, want %q", r.lines(nil), want)
		}
		if r, got := c.scan(git.Options{Staged: true}); len(got) > 0 && len(r.problems) == 0 {
			t.Errorf("staged: %q, and no problem", got)
		}
	}
}

// TestFaultyHead tells of a HEAD that leads nowhere by its path.
func TestFaultyHead(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change func(c *command)
		want   string
	}{
		"out of the references": {func(c *command) { c.write(".git/HEAD", "ref: ../../secret\n") }, "a symbolic reference to what is no reference"},
		"in circles": {func(c *command) {
			c.write(".git/HEAD", "ref: refs/heads/x\n")
			c.write(".git/refs/heads/x", "ref: refs/heads/x\n")
		}, "symbolic references go in a circle"},
		"not there": {func(c *command) {
			if err := os.Remove(filepath.Join(c.dir, ".git/HEAD")); err != nil {
				c.t.Fatal(err)
			}
		}, "what is checked out is not known"},
		"empty":             {func(c *command) { c.write(".git/HEAD", "") }, "not a reference"},
		"of something else": {func(c *command) { c.write(".git/HEAD", "HTTP/1.1 200 OK\n") }, "not a reference"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCommand(t)
			c.init()
			c.commit("a", "secret-a")
			test.change(c)
			for _, options := range []git.Options{{}, {Staged: true}, {History: git.HistoryNone}} {
				r, _ := c.scan(options)
				expectProblem(t, r, test.want)
				if path := filepath.ToSlash(filepath.Join(c.dir, ".git")); !strings.HasPrefix(filepath.ToSlash(r.problems[0].Path), path) {
					t.Errorf("%+v: a problem with %s, want one below %s", options, r.problems[0].Path, path)
				}
			}
		})
	}
}

// TestHeadToNowhere tells of a HEAD whose branch is not there where the present alone is read, unless nothing was committed yet.
func TestHeadToNowhere(t *testing.T) {
	t.Parallel()
	c := newCommand(t)
	c.init()
	c.write("a", "secret-a")
	c.run("add", "a")
	c.expect(git.Options{History: git.HistoryNone}, "secret-a index a:1:1 unreachable")
	c.expect(git.Options{History: git.HistoryReachable}, "secret-a index a:1:1 unreachable")
	c.run("commit", "-q", "-m", "one")
	c.write(".git/HEAD", "ref: refs/heads/maim\n")
	r, _ := c.scan(git.Options{History: git.HistoryNone})
	expectProblem(t, r, "leads to no commit, though there are some")
	c.expect(git.Options{}, "secret-a blob a:1:1 by author@example.com in ? at refs/heads/main", "secret-a index a:1:1 unreachable")
	r, _ = c.scan(git.Options{History: git.HistoryReachable})
	expectProblem(t, r, "leads to no commit, though there are some")
	c.remove(".git/refs/heads/main")
	r, _ = c.scan(git.Options{History: git.HistoryReachable})
	expectProblem(t, r, "no reference that leads to any")
}

// TestBareWithoutHead reads the objects of a bare repository, packed or loose, whatever has become of its HEAD.
func TestBareWithoutHead(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change func(c *command)
		want   string
	}{
		"not there":         {func(c *command) { c.remove("HEAD") }, "what is checked out is not known"},
		"empty":             {func(c *command) { c.write("HEAD", "") }, "not a reference"},
		"of something else": {func(c *command) { c.write("HEAD", "HTTP/1.1 200 OK\n") }, "not a reference"},
	} {
		for _, isPacked := range []bool{true, false} {
			t.Run(fmt.Sprint(name, " ", isPacked), func(t *testing.T) {
				t.Parallel()
				c := newCommand(t)
				from := c.in("from")
				from.init()
				from.commit("a", "secret-a")
				c.run("clone", "-q", "--bare", "from", "x")
				bare := c.in("x")
				if isPacked {
					bare.run("gc", "-q")
				}
				test.change(bare)
				r, got := bare.scan(git.Options{})
				expectProblem(t, r, test.want)
				if want := []string{"secret-a blob a:1:1 by author@example.com in ? at refs/heads/main"}; !slices.Equal(got, want) {
					t.Errorf("occurrences: %q, want %q", got, want)
				}
			})
		}
	}
}

func mkdir(t *testing.T, dir string) {
	t.Helper()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
}

func appendTo(t *testing.T, path, text string) {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	replace(t, path, string(content)+text)
}
