package git_test

import (
	"context"
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

// A command runs git in a directory, where there is one: what only git makes, such as work trees and shallow clones.
type command struct {
	t   *testing.T
	dir string
}

func newCommand(t *testing.T) *command {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("no git here to make the repository with")
	}
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return &command{t: t, dir: dir}
}

// in returns the command for a directory below.
func (c *command) in(dir string) *command { return &command{t: c.t, dir: filepath.Join(c.dir, dir)} }

// run runs git and returns what it wrote, without the last line's end.
func (c *command) run(arguments ...string) string {
	c.t.Helper()
	return c.feed("", arguments...)
}

// feed is run with something on standard input.
func (c *command) feed(input string, arguments ...string) string {
	c.t.Helper()
	if err := os.MkdirAll(c.dir, 0o755); err != nil {
		c.t.Fatal(err)
	}
	cmd := exec.Command("git", arguments...) // the test's own
	cmd.Dir, cmd.Stdin = c.dir, strings.NewReader(input)
	cmd.Env = append(os.Environ(),
		"GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_TERMINAL_PROMPT=0", "HOME="+c.dir, "TZ=UTC", "LC_ALL=C",
		"GIT_AUTHOR_NAME=Author", "GIT_AUTHOR_EMAIL=author@example.com", "GIT_AUTHOR_DATE=1700000000 +0000",
		"GIT_COMMITTER_NAME=Committer", "GIT_COMMITTER_EMAIL=committer@example.com", "GIT_COMMITTER_DATE=1700000000 +0000",
		// What git does on its own behind a commit is nothing in repositories as small as these, but a program to start.
		"GIT_CONFIG_COUNT=2", "GIT_CONFIG_KEY_0=maintenance.auto", "GIT_CONFIG_VALUE_0=false",
		"GIT_CONFIG_KEY_1=protocol.file.allow", "GIT_CONFIG_VALUE_1=always",
	)
	out, err := cmd.CombinedOutput()
	if err != nil {
		c.t.Fatalf("git %s: %v\n%s", strings.Join(arguments, " "), err, out)
	}
	return strings.TrimSuffix(string(out), "\n")
}

func (c *command) write(path, content string) {
	c.t.Helper()
	path = filepath.Join(c.dir, path)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		c.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil { // as git does
		c.t.Fatal(err)
	}
}

// commit writes a file and commits all there is.
func (c *command) commit(path, content string) {
	c.t.Helper()
	c.write(path, content)
	c.run("add", "-A")
	c.run("commit", "-q", "-m", "change "+path)
}

func (c *command) init() {
	c.t.Helper()
	c.run("init", "-q", "-b", "main")
}

// A version is a commit with what it changes: a path and its content each.
type version map[string]string

// load has a branch lead to versions in a row, of which the last is checked out where there is a work tree, by few programs.
func (c *command) load(branch string, versions ...version) {
	c.t.Helper()
	var stream strings.Builder
	for _, version := range versions {
		fmt.Fprintf(&stream, "commit refs/heads/%s\nauthor Author <author@example.com> 1700000000 +0000\n"+
			"committer Committer <committer@example.com> 1700000000 +0000\ndata 7\nchange\n\n", branch)
		for path, content := range version {
			fmt.Fprintf(&stream, "M 100644 inline %s\ndata %d\n%s\n", path, len(content), content)
		}
		stream.WriteString("\n")
	}
	c.feed(stream.String(), "fast-import", "--quiet")
	c.run("checkout", "-q", "-f", branch)
}

// scan reads the repository with its files, and returns the occurrences with paths below the directory.
func (c *command) scan(options git.Options) (*recorder, []string) {
	c.t.Helper()
	options.Target, options.Candidate, options.Files = c.dir, secretPrefilter{}, readFiles
	s, err := git.Open(c.dir, options)
	if err != nil {
		c.t.Fatal(err)
	}
	r := newRecorder()
	if err := s.Read(context.Background(), 2, r); err != nil {
		c.t.Fatal(err)
	}
	var lines []string
	for _, line := range r.lines(nil) {
		lines = append(lines, strings.ReplaceAll(line, filepath.ToSlash(c.dir)+"/", ""))
	}
	return r, lines
}

func (c *command) expect(options git.Options, want ...string) {
	c.t.Helper()
	r, got := c.scan(options)
	if diff := cmp.Diff(want, got); diff != "" {
		c.t.Errorf("occurrences (-want +got):\n%s", diff)
	}
	if len(r.problems) > 0 {
		c.t.Errorf("problems: %v", r.problems)
	}
}

func TestWorkingTree(t *testing.T) {
	t.Parallel()
	c := newCommand(t)
	c.init()
	c.write(".gitignore", "ignored\n")
	c.write("changed", "secret-a\n")
	c.commit("same", "secret-b\n")
	c.write("changed", "more\nsecret-a\nsecret-c\n")
	c.write("untracked/file", "secret-d")
	c.write("ignored", "secret-e secret-a")
	c.write("staged", "secret-f")
	c.run("add", "staged")
	c.write(".git/hooks/pre-commit", "secret-g")
	c.run("config", "http.https://example.com/.extraheader", "Authorization: Bearer secret-h")
	c.write(".git/objects/info/some", "secret-i")
	c.write(".git/objects/ab/tmp_obj_1", "secret-j")
	c.write(".git/objects/pack/pack-1.keep", "secret-k")
	c.write(".git/objects/pack/pack-1.rev", "secret-x")
	c.expect(
		git.Options{},
		"secret-a blob changed:1:1 by author@example.com in ? at refs/heads/main",
		"secret-a file ignored",
		"secret-b blob same:1:1 by author@example.com in ? at refs/heads/main",
		"secret-c file changed",
		"secret-d file untracked/file",
		"secret-e file ignored",
		"secret-f index staged:1:1 unreachable",
		"secret-g file .git/hooks/pre-commit",
		"secret-h file .git/config",
		"secret-i file .git/objects/info/some",
		"secret-j file .git/objects/ab/tmp_obj_1",
		"secret-k file .git/objects/pack/pack-1.keep",
	)
}

func TestBeyondReferences(t *testing.T) {
	t.Parallel()
	c := newCommand(t)
	c.init()
	c.commit("a", "secret-a")
	c.run("tag", "-a", "-m", "release secret-t", "v1")
	c.run("notes", "add", "-m", "secret-n")
	c.write("a", "secret-s")
	c.run("stash", "-q")
	c.commit("b", "secret-b")
	c.run("reset", "-q", "--hard", "HEAD~1")
	c.run("commit", "-q", "--allow-empty", "-m", "with secret-m")
	c.run("reset", "-q", "--hard", "HEAD~1")
	c.write("loose", "secret-l")
	c.run("hash-object", "-w", "loose")
	if err := os.Remove(filepath.Join(c.dir, "loose")); err != nil {
		t.Fatal(err)
	}
	annotated := c.run("rev-parse", "HEAD")
	want := []string{
		"secret-a blob a:1:1 by author@example.com in ? at refs/heads/main,refs/tags/v1",
		"secret-b blob b:1:1 by author@example.com in ? unreachable",
		"secret-l blob :1:1 unreachable",
		"secret-m commit :6:6 by author@example.com in ? unreachable",
		"secret-m file .git/COMMIT_EDITMSG",
		"secret-m file .git/logs/HEAD",
		"secret-m file .git/logs/refs/heads/main",
		"secret-n blob " + annotated + ":1:1 by author@example.com in ?",
		"secret-s blob a:1:1 by author@example.com in ?",
		"secret-t tag :6:9 at refs/tags/v1",
	}
	c.expect(git.Options{}, want...)
	c.run("gc", "-q") // which forgets reflogs as old as these
	want = slices.DeleteFunc(want, func(line string) bool { return strings.Contains(line, "logs/") })
	c.expect(git.Options{}, want...)
}

func TestLinkedWorktree(t *testing.T) {
	t.Parallel()
	c := newCommand(t)
	main := c.in("main")
	main.init()
	main.commit("a", "secret-a")
	main.run("worktree", "add", "-q", "-b", "other", "inside")
	main.run("worktree", "add", "-q", "--detach", "../outside")
	for _, dir := range []string{"inside", "../outside"} {
		tree := main.in(dir)
		tree.commit("b", "secret-b")
		tree.write("c", "secret-c")
	}
	var leftOut []string
	tell := func(path, _ string) { leftOut = append(leftOut, path) }
	main.expect(
		git.Options{LeftOut: tell},
		"secret-a blob a:1:1 by author@example.com in ? at refs/heads/main,refs/heads/other,worktrees/outside/HEAD",
		"secret-b blob b:1:1 by author@example.com in ? at refs/heads/other,worktrees/outside/HEAD",
		"secret-c file inside/c",
	)
	c.in("outside").expect(
		git.Options{LeftOut: tell},
		"secret-a blob a:1:1 by author@example.com in ? at HEAD,refs/heads/main,refs/heads/other",
		"secret-b blob b:1:1 by author@example.com in ? at HEAD,refs/heads/other",
		"secret-c file c",
	)
	if want := []string{c.in("outside").dir, main.dir, main.in("inside").dir}; !slices.Equal(leftOut, want) {
		t.Errorf("left out %q, want %q", leftOut, want)
	}
}

// TestSharedRepository has two targets that are work trees of one repository.
func TestSharedRepository(t *testing.T) {
	t.Parallel()
	c := newCommand(t)
	main := c.in("main")
	main.init()
	main.commit("a", "secret-a")
	main.run("worktree", "add", "-q", "-b", "other", "../outside")
	outside := c.in("outside")
	outside.commit("b", "secret-b")
	outside.write("b", "secret-b secret-c")
	shared := &git.Shared{}
	open := func(c *command) {
		if _, err := git.Open(c.dir, git.Options{Candidate: secretPrefilter{}, Shared: shared}); err != nil {
			t.Fatal(err)
		}
	}
	open(main)
	open(outside) // as for a scan, in front of reading any
	main.expect(
		git.Options{Shared: shared, LeftOut: func(path, _ string) { t.Errorf("%s left out, which is a target", path) }},
		"secret-a blob a:1:1 by author@example.com in ? at refs/heads/main,refs/heads/other",
		"secret-b blob b:1:1 by author@example.com in ? at refs/heads/other",
	)
	outside.expect(git.Options{Shared: shared}, "secret-c file b")
}

func TestSubmodule(t *testing.T) {
	t.Parallel()
	c := newCommand(t)
	library := c.in("library")
	library.init()
	library.commit("lib", "secret-a")
	c.in("main").init()
	main := c.in("main")
	main.run("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", "../library", "path/library")
	main.run("commit", "-q", "-m", "add the library")
	main.in("path/library").write("new", "secret-b")
	clone := main.in("clone")
	clone.init()
	clone.commit("own", "secret-c")
	clone.write("untracked", "secret-d")
	main.expect(
		git.Options{},
		"secret-a blob lib:1:1 by author@example.com in ? at refs/heads/main,refs/remotes/origin/main",
		"secret-b file path/library/new",
		"secret-c blob own:1:1 by author@example.com in ? at refs/heads/main",
		"secret-d file clone/untracked",
	)
	// Without its work tree, the submodule's repository is still there.
	main.run("submodule", "--quiet", "deinit", "-f", "path/library")
	main.expect(
		git.Options{},
		"secret-a blob lib:1:1 by author@example.com in ? at refs/heads/main,refs/remotes/origin/main",
		"secret-c blob own:1:1 by author@example.com in ? at refs/heads/main",
		"secret-d file clone/untracked",
	)
}

func TestShallowAndPartialClones(t *testing.T) {
	t.Parallel()
	c := newCommand(t)
	from := c.in("from")
	from.init()
	from.commit("a", "secret-a")
	from.commit("b", "secret-b")
	from.commit("a", "nothing")
	from.run("config", "uploadpack.allowFilter", "true")
	c.run("clone", "-q", "--depth", "1", "file://"+filepath.ToSlash(from.dir), "shallow")
	r, got := c.in("shallow").scan(git.Options{})
	want := []string{"secret-b blob b:1:1 by author@example.com in ? at refs/heads/main,refs/remotes/origin/main"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("shallow (-want +got):\n%s", diff)
	}
	expectProblem(t, r, "a shallow clone: what lies behind 1 of its commits was not cloned")

	c.run("clone", "-q", "--bare", "--filter=blob:none", "file://"+filepath.ToSlash(from.dir), "partial")
	r, got = c.in("partial").scan(git.Options{})
	if len(got) > 0 {
		t.Errorf("partial clone: %v", got)
	}
	expectProblem(t, r, "3 objects are missing")
	expectProblem(t, r, "partial clone")
	r, _ = c.in("partial").scan(git.Options{Range: "HEAD~1.."})
	expectProblem(t, r, "and its remote has what was left out; what is told as new may have been there before")
}

func expectProblem(t *testing.T, r *recorder, part string) {
	t.Helper()
	for _, problem := range r.problems {
		if strings.Contains(problem.Reason, part) {
			return
		}
	}
	t.Errorf("no problem says %q: %v", part, r.problems)
}

func TestSHA256(t *testing.T) {
	t.Parallel()
	c := newCommand(t)
	c.run("init", "-q", "-b", "main", "--object-format=sha256")
	c.commit("d/a", "secret-a")
	c.commit("d/a", "secret-b")
	want := []string{
		"secret-a blob d/a:1:1 by author@example.com in ? at refs/tags/v1 removed by ?",
		"secret-b blob d/a:1:1 by author@example.com in ? at refs/heads/main",
	}
	c.run("tag", "-a", "-m", "one", "v1", "HEAD~1")
	for range 2 {
		r, got := c.scan(git.Options{})
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("occurrences (-want +got):\n%s", diff)
		}
		if len(r.problems) != 0 {
			t.Errorf("problems: %v", r.problems)
		}
		c.run("gc", "-q")
	}
}

// TestReftable has references in reftables, with a git that makes them.
func TestReftable(t *testing.T) {
	t.Parallel()
	c := newCommand(t)
	if out, err := exec.Command("git", "init", "-q", "-b", "main", "--ref-format=reftable", filepath.Join(c.dir, "main")).CombinedOutput(); err != nil { //nolint:gosec // the test's own
		t.Skipf("this git makes no reftables: %s", out)
	}
	main := c.in("main")
	main.commit("a", "secret-a")
	main.run("tag", "-a", "-m", "one", "v1")
	main.run("commit", "-q", "--allow-empty", "-m", "with secret-m")
	main.run("reset", "-q", "--hard", "HEAD~1")
	main.run("worktree", "add", "-q", "--detach", "../other")
	c.in("other").commit("b", "secret-b")
	main.expect(
		git.Options{},
		"secret-a blob a:1:1 by author@example.com in ? at refs/heads/main,refs/tags/v1,worktrees/other/HEAD",
		"secret-b blob b:1:1 by author@example.com in ? at worktrees/other/HEAD",
		"secret-m commit :6:6 by author@example.com in ? unreachable",
		"secret-m file .git/COMMIT_EDITMSG",
		"secret-m file .git/reftable",
		"secret-m file .git/reftable",
	)
}
