package git_test

import (
	"context"
	"testing"
	"time"

	"github.com/go-git/go-billy/v5/util"
	gogit "github.com/go-git/go-git/v5"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/object"
	"github.com/google/go-cmp/cmp"

	"github.com/jwtleak/jwtleak/scanner/source/git"
)

// A workshop is a repository under construction.
type workshop struct {
	t     *testing.T
	dir   string
	repo  *gogit.Repository
	tree  *gogit.Worktree
	names map[string]string // what the test calls a commit, by its object's name
	clock time.Time
}

func newWorkshop(t *testing.T) *workshop {
	t.Helper()
	w := &workshop{t: t, dir: t.TempDir(), names: map[string]string{}, clock: time.Unix(1700000000, 0).UTC()}
	var err error
	w.repo, err = gogit.PlainInit(w.dir, false)
	w.check(err)
	w.tree, err = w.repo.Worktree()
	w.check(err)
	return w
}

func (w *workshop) check(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// write writes a file of the working tree.
func (w *workshop) write(path, content string) {
	w.t.Helper()
	w.check(util.WriteFile(w.tree.Filesystem, path, []byte(content), 0o644))
}

// add writes a file and stages it.
func (w *workshop) add(path, content string) {
	w.t.Helper()
	w.write(path, content)
	_, err := w.tree.Add(path)
	w.check(err)
}

// commit commits what is staged under a name of the test's.
func (w *workshop) commit(name string) plumbing.Hash {
	w.t.Helper()
	return w.commitWith(name, name+"\n")
}

func (w *workshop) commitWith(name, message string) plumbing.Hash {
	w.t.Helper()
	w.clock = w.clock.Add(time.Minute)
	author := &object.Signature{Name: "Name of " + name, Email: name + "@example.com", When: w.clock}
	hash, err := w.tree.Commit(message, &gogit.CommitOptions{Author: author, AllowEmptyCommits: true})
	w.check(err)
	w.names[hash.String()] = name
	return hash
}

// scan reads the repository and returns the occurrences.
func (w *workshop) scan(options git.Options) (*recorder, []string) {
	w.t.Helper()
	options.Target, options.Candidate = w.dir, secretPrefilter{}
	s, err := git.Open(w.dir, options)
	w.check(err)
	r := newRecorder()
	w.check(s.Read(context.Background(), 2, r))
	return r, r.lines(w.names)
}

func (w *workshop) expect(options git.Options, want ...string) {
	w.t.Helper()
	r, got := w.scan(options)
	if diff := cmp.Diff(want, got); diff != "" {
		w.t.Errorf("occurrences (-want +got):\n%s", diff)
	}
	if len(r.problems) > 0 {
		w.t.Errorf("problems: %v", r.problems)
	}
}

func TestRead(t *testing.T) {
	t.Parallel()
	w := newWorkshop(t)
	w.add("a.txt", "one\n  secret-a\n")
	w.add("dir/b.txt", "secret-b")
	w.commit("first")
	w.add("a.txt", "zero\none\n  secret-a\n")
	_, err := w.tree.Remove("dir/b.txt")
	w.check(err)
	w.commit("second")
	w.commitWith("third", "with secret-c in the message\n")
	w.add("new.txt", "secret-a secret-d\n")
	w.expect(
		git.Options{},
		"secret-a blob a.txt:2:3 by first@example.com in first at refs/heads/master",
		"secret-a index new.txt:1:1 unreachable",
		"secret-b blob dir/b.txt:1:1 by first@example.com in first removed by second",
		"secret-c commit :6:6 by third@example.com in third at refs/heads/master",
		"secret-d index new.txt:1:10 unreachable",
	)
	w.expect(
		git.Options{History: git.HistoryNone},
		"secret-a blob a.txt:3:3 at refs/heads/master",
		"secret-a index new.txt:1:1 unreachable",
		"secret-d index new.txt:1:10 unreachable",
	)
	w.expect(
		git.Options{Staged: true},
		"secret-a index new.txt:1:1 unreachable",
		"secret-d index new.txt:1:10 unreachable",
	)
}

func TestReadReachable(t *testing.T) {
	t.Parallel()
	w := newWorkshop(t)
	w.add("a", "secret-a")
	first := w.commit("first")
	w.add("a", "secret-b")
	w.add("b", "secret-a")
	w.commitWith("second", "secret-c")
	w.check(w.tree.Reset(&gogit.ResetOptions{Commit: first, Mode: gogit.HardReset}))
	w.expect(
		git.Options{},
		"secret-a blob a:1:1 by first@example.com in first at refs/heads/master",
		"secret-a blob b:1:1 by second@example.com in second unreachable",
		"secret-b blob a:1:1 by second@example.com in second unreachable",
		"secret-c commit :6:1 by second@example.com in second unreachable",
	)
	w.expect(
		git.Options{History: git.HistoryReachable},
		"secret-a blob a:1:1 by first@example.com in first at refs/heads/master",
	)
}

func TestReadWanted(t *testing.T) {
	t.Parallel()
	w := newWorkshop(t)
	w.add("a", "secret-a secret-b")
	w.commit("first")
	w.add("b", "secret-b secret-c")
	w.commitWith("second", "secret-d")
	w.add("c", "secret-e secret-b")
	onlyB := func(path string) bool { return path == "b" }
	b := []string{
		"secret-b blob b:1:1 by second@example.com in second at refs/heads/master",
		"secret-c blob b:1:10 by second@example.com in second at refs/heads/master",
		"secret-d commit :6:1 by second@example.com in second at refs/heads/master",
	}
	w.expect(git.Options{Wanted: onlyB}, b...)
	w.expect(git.Options{Wanted: onlyB, Range: "HEAD"}, b...)
	w.expect(git.Options{Wanted: onlyB, Staged: true})
	w.expect(git.Options{Wanted: onlyB, History: git.HistoryNone}, "secret-b blob b:1:1 at refs/heads/master", "secret-c blob b:1:10 at refs/heads/master")
}

func TestReadRange(t *testing.T) {
	t.Parallel()
	w := newWorkshop(t)
	w.add("old", "secret-a")
	w.add("d/moved", "secret-b")
	first := w.commit("first")
	w.add("old", "secret-c")
	w.commit("second")
	w.add("old", "secret-a secret-c") // first had secret-a here
	w.add("new", "secret-a")
	_, err := w.tree.Move("d/moved", "d/e/here")
	w.check(err)
	w.commitWith("third", "also secret-d\n")
	w.add("later", "secret-e")
	last := w.commit("fourth")
	// secret-a is at one more path in the end; first has it at a path that is touched.
	all := []string{
		"secret-c blob old:1:1 by second@example.com in second at refs/heads/master",
		"secret-d commit :6:6 by third@example.com in third",
		"secret-e blob later:1:1 by fourth@example.com in fourth at refs/heads/master",
	}
	for _, test := range []struct {
		ends string
		want []string
	}{
		{first.String() + "..", all},
		{first.String()[:8] + "..HEAD~3", nil},
		{"HEAD~3.." + last.String()[:12], all},
		{"HEAD~1..master", all[2:]},
		{"master ^HEAD^", all[2:]},
		{"HEAD~2...HEAD~1", []string{
			"secret-a blob new:1:1 by third@example.com in third",
			"secret-a blob old:1:1 by third@example.com in third",
			"secret-d commit :6:6 by third@example.com in third",
		}},
		{"HEAD..HEAD~2", nil},
	} {
		t.Run(test.ends, func(t *testing.T) {
			w := *w
			w.t = t
			w.expect(git.Options{Range: test.ends}, test.want...)
		})
	}
}
