package git_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/jwtleak/jwtleak/scanner/source/git"
)

func TestBundle(t *testing.T) {
	t.Parallel()
	c := newCommand(t)
	from := c.in("from")
	from.init()
	from.commit("a", "secret-a")
	from.commit("b", "secret-b")
	from.run("bundle", "create", "-q", "../all.bundle", "--all")
	from.run("bundle", "create", "-q", "../last.bundle", "HEAD~1..main")
	c.in("all.bundle").expect(
		git.Options{},
		"secret-a blob a:1:1 by author@example.com in ? at HEAD,refs/heads/main",
		"secret-b blob b:1:1 by author@example.com in ? at HEAD,refs/heads/main",
	)
	r, got := c.in("last.bundle").scan(git.Options{})
	want := []string{"secret-b blob b:1:1 by author@example.com in ? at refs/heads/main"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("a bundle of the last commit (-want +got):\n%s", diff)
	}
	expectProblem(t, r, "a bundle of what came after 1 commit, which it does not have")
	if _, err := git.Open(filepath.Join(c.dir, "all.bundle"), git.Options{Candidate: secretPrefilter{}, Staged: true}); err == nil {
		t.Error("a bundle has an index")
	}
	c.write("torn.bundle", "# v2 git bundle\n")
	s, err := git.Open(filepath.Join(c.dir, "torn.bundle"), git.Options{Candidate: secretPrefilter{}})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Read(context.Background(), 1, newRecorder()); err == nil || !strings.Contains(err.Error(), "malformed bundle header") {
		t.Errorf("a bundle without a pack: %v", err)
	}
}

// TestSeveralBundles reads each bundle of a scan, and the repository beside them.
func TestSeveralBundles(t *testing.T) {
	t.Parallel()
	c := newCommand(t)
	shared := &git.Shared{}
	for _, name := range []string{"a", "b"} {
		from := c.in(name)
		from.init()
		from.commit("file", "secret-"+name)
		from.run("bundle", "create", "-q", "../"+name+".bundle", "--all")
	}
	for _, name := range []string{"a.bundle", "b.bundle", "b"} {
		want := "secret-" + name[:1] + " blob file:1:1 by author@example.com in ? at refs/heads/main"
		if name != "b" {
			want = strings.Replace(want, "at ", "at HEAD,", 1)
		}
		c.in(name).expect(git.Options{Shared: shared}, want)
	}
}

// TestPackAlone reads a pack that was taken out of its repository: named, below a directory that is not under version control,
// and in a working tree; with its index and without, of either object format.
func TestPackAlone(t *testing.T) {
	t.Parallel()
	for _, format := range []string{"sha1", "sha256"} {
		for _, isIndexed := range []bool{true, false} {
			t.Run(fmt.Sprint(format, " ", isIndexed), func(t *testing.T) {
				t.Parallel()
				c := newCommand(t)
				from := c.in("from")
				from.run("init", "-q", "-b", "main", "--object-format="+format)
				for i := range 3 {
					from.commit("file", strings.Repeat("lines that make deltas\n", 50)+fmt.Sprint("secret-", i))
				}
				from.run("repack", "-a", "-d", "-q")
				to := c.in("to")
				to.init()
				for _, file := range from.packs("*") {
					content, err := os.ReadFile(file)
					if err != nil {
						t.Fatal(err)
					}
					if isIndexed || strings.HasSuffix(file, ".pack") {
						to.write("found/"+filepath.Base(file), string(content))
					}
				}
				var want []string
				for i := range 3 {
					line := fmt.Sprintf("secret-%d blob file:51:1 by author@example.com in ?", i)
					if i < 2 {
						line += " removed by ?"
					}
					want = append(want, line+" unreachable")
				}
				to.expect(git.Options{}, want...)
				name := strings.TrimPrefix(from.packs("*.pack")[0], filepath.Join(from.dir, ".git/objects/pack")+"/")
				alone := to.in("found/" + name)
				alone.expect(git.Options{}, want...)
				for _, history := range []git.History{git.HistoryNone, git.HistoryReachable} {
					if r, got := alone.scan(git.Options{History: history}); len(got) > 0 || len(r.problems) != 1 {
						t.Errorf("%s: %q, problems %v", history, got, r.problems)
					}
				}
			})
		}
	}
}

// TestBundleProblems has what a bundle can't give told under the name that the user knows it by.
func TestBundleProblems(t *testing.T) {
	t.Parallel()
	c := newCommand(t)
	c.init()
	for _, line := range []string{"secret-a", "nothing", "secret-b"} {
		c.commit("file", strings.Repeat("many lines that stay as they are\n", 50)+line)
	}
	c.run("bundle", "create", "-q", "part.bundle", "HEAD~1..main")
	path := filepath.Join(c.dir, "part.bundle")
	s, err := git.Open(path, git.Options{Candidate: secretPrefilter{}})
	if err != nil {
		t.Fatal(err)
	}
	r := newRecorder()
	if err := s.Read(t.Context(), 2, r); err != nil {
		t.Fatal(err)
	}
	for _, problem := range r.problems {
		if problem.Path != filepath.ToSlash(path) || strings.Contains(problem.Reason, "\n") {
			t.Errorf("problem %+v", problem)
		}
	}
	expectProblem(t, r, "a bundle of what came after 1 commit")
	expectProblem(t, r, "could not be read")
}

// TestFilteredBundle has a bundle without blobs, as git bundle create --filter makes it: their number is told, and why they are
// not there.
func TestFilteredBundle(t *testing.T) {
	t.Parallel()
	c := newCommand(t)
	c.init()
	c.commit("a", "secret-a")
	c.commit("b", "secret-b")
	name := c.feed(c.run("rev-list", "--objects", "--filter=blob:none", "--all")+"\n", "pack-objects", "-q", "part")
	pack, err := os.ReadFile(filepath.Join(c.dir, "part-"+name+".pack"))
	if err != nil {
		t.Fatal(err)
	}
	header := "# v3 git bundle\n@object-format=sha1\n@filter=blob:none\n" + c.run("rev-parse", "main") + " refs/heads/main\n\n"
	path := filepath.Join(t.TempDir(), "part.bundle")
	replace(t, path, header+string(pack))
	s, err := git.Open(path, git.Options{Candidate: secretPrefilter{}})
	if err != nil {
		t.Fatal(err)
	}
	r := newRecorder()
	if err := s.Read(t.Context(), 2, r); err != nil {
		t.Fatal(err)
	}
	expectProblem(t, r, "2 objects are missing, ")
	expectProblem(t, r, "for one: the bundle was made with a filter, which left them out")
	if len(r.problems) != 1 {
		t.Errorf("problems: %v", r.problems)
	}
}

// TestBundleOfUnknownVersion has a bundle of a version to come fail, and not read as a file in which nothing is found.
func TestBundleOfUnknownVersion(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "later.bundle")
	replace(t, path, "# v4 git bundle\n\nPACK")
	s, err := git.Open(path, git.Options{Candidate: secretPrefilter{}})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Read(t.Context(), 2, newRecorder()); err == nil || !strings.Contains(err.Error(), "neither version 2 nor 3") {
		t.Errorf("error %v", err)
	}
}

// TestBundleInWorktree has a bundle among the files of a work tree.
func TestBundleInWorktree(t *testing.T) {
	t.Parallel()
	c := newCommand(t)
	from := c.in("from")
	from.init()
	from.commit("a", strings.Repeat("nothing\n", 100)+"secret-a")
	main := c.in("main")
	main.init()
	main.commit("b", "secret-b")
	from.run("bundle", "create", "-q", "../main/backup.bundle", "--all")
	main.write("no.bundle", "secret-c")
	main.expect(
		git.Options{},
		"secret-a blob a:101:1 by author@example.com in ? at HEAD,refs/heads/main",
		"secret-b blob b:1:1 by author@example.com in ? at refs/heads/main",
		"secret-c file no.bundle",
	)
}
