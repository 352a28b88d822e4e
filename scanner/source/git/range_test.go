package git_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/jwtleak/jwtleak/scanner/source/git"
)

// newForked makes a repository with a fork of two branches and a third, each commit with a secret of its own:
//
//	base -- shared -- left
//	    \         \-- right
//	     \-- third
func newForked(t *testing.T) *command {
	t.Helper()
	c := newCommand(t)
	c.init()
	c.commit("base", "secret-base")
	c.run("branch", "third")
	c.commit("shared", "secret-shared")
	c.run("branch", "right")
	c.run("checkout", "-q", "-b", "left")
	c.commit("left", "secret-left")
	c.run("tag", "-a", "-m", "a tag", "annotated")
	c.run("checkout", "-q", "right")
	c.commit("right", "secret-right")
	c.run("checkout", "-q", "third")
	c.commit("third", "secret-third")
	return c
}

// found reads a range and returns the secrets.
func (c *command) found(ends string) ([]string, error) {
	c.t.Helper()
	s, err := git.Open(c.dir, git.Options{Target: c.dir, Candidate: secretPrefilter{}, Range: ends})
	if err != nil {
		return nil, err
	}
	r := newRecorder()
	if err := s.Read(context.Background(), 2, r); err != nil {
		return nil, err
	}
	var words []string
	for _, line := range r.lines(nil) {
		word, _, _ := strings.Cut(strings.TrimPrefix(line, "secret-"), " ")
		words = append(words, word)
	}
	return words, nil
}

// TestRangesEqualRevList has every form of a range bring in what git lists for it: each commit adds the file of its name.
func TestRangesEqualRevList(t *testing.T) {
	t.Parallel()
	c := newForked(t)
	c.run("config", "branch.third.remote", ".")
	c.run("config", "branch.third.merge", "refs/heads/left")
	c.run("update-ref", "ORIG_HEAD", "right")
	c.run("config", "push.default", "upstream")
	c.run("config", "branch.right.remote", ".")
	c.run("config", "branch.right.merge", "refs/heads/third")
	c.run("update-ref", "refs/remotes/origin/base", "third~1")
	for _, ends := range []string{
		"left..right", "right..left", "left...right", "right...left", "third", "third left", "third ^left", "^left third right",
		"left right...third", "right...third left", "third left...right", "left...right right...third", "left...right ^third",
		"left^!", "left^@", "left~1^!", "third^! left^@", "annotated^{}..right", "annotated^{commit}..right", "annotated..right",
		"@{u}..HEAD", "@{upstream}~1..", "third@{u}..third", "..ORIG_HEAD", "ORIG_HEAD^..left", "@..left", "left..left", "left^0..right",
		"third --not left", "--not left right --not third", "left --not annotated --not right", "--not third..left", "--all", "--branches --not right",
		"--tags --not third", "HEAD --not --remotes", "left --not left^!", "third@{0}..left", "third@{1}..third", "@{1}..", "@{0}..left", "HEAD@{1}..HEAD",
		"HEAD@{2}..HEAD", "HEAD@{4}..right", "@{-1}..", "@{-2}~1..@{-1}", "@{-3}..", "HEAD..@{push}", "right@{push}..left",
		"left^-", "left^-1 right", "annotated^- third", "--not left^-", "annotated-3-g" + c.run("rev-parse", "--short", "left") + "..right",
		"x-g" + c.run("rev-parse", "--short", "right") + "~1..left", "left..x-0-g" + c.run("rev-parse", "annotated"),
		"^left^! right", "^right^- left", "left^{object}..right", ":/left", "third..:/right", ":/change", ":/!-right", ":/l.ft^-", "^:/shared right",
		"right^{/sh(a|A)red}..left", "left^{/^change.base.$}", "left^{/!-left}..left", "left^{/}~1..left", "third^{/[[:space:]]base}^!",
		":/^change.left", "right^{/ba{1}se}..right",
	} {
		t.Run(ends, func(t *testing.T) {
			c := &command{t: t, dir: c.dir}
			listed := c.run(append(append([]string{"log", "--format=%s"}, strings.Fields(ends)...), "--")...)
			want := strings.Fields(strings.ReplaceAll(listed, "change ", ""))
			slices.Sort(want)
			got, err := c.found(ends)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("commits of the range (-git +got):\n%s", diff)
			}
		})
	}
}

// TestReferencesCalledLikeObjects has the name of an object stand for that, as in git, whatever a reference that is called so leads
// to: who may push one would have a pull request pass.
func TestReferencesCalledLikeObjects(t *testing.T) {
	t.Parallel()
	c := newForked(t)
	left, base := strings.TrimSpace(c.run("rev-parse", "left")), strings.TrimSpace(c.run("rev-parse", "third~1"))
	for _, planted := range [][2]string{{"refs/heads/" + left, base}, {"refs/tags/" + left, base}, {"refs/heads/" + base, left}} {
		c.run("update-ref", planted[0], planted[1])
		got, err := c.found(base + ".." + left)
		if diff := cmp.Diff([]string{"left", "shared"}, got); diff != "" || err != nil {
			t.Errorf("%s: %v, commits of the range (-git +got):\n%s", planted[0], err, diff)
		}
		c.run("update-ref", "-d", planted[0])
	}
}

// TestPreviousBranchCalledLikeATag has @{-1} be what its name stands for, which is the tag that is called so, as in git.
func TestPreviousBranchCalledLikeATag(t *testing.T) {
	t.Parallel()
	c := newForked(t)
	c.run("tag", "right", "third~1")
	if want := c.run("rev-parse", "third~1"); c.run("rev-parse", "-q", "--verify", "refs/tags/right") != want {
		t.Fatal("the tag is another")
	}
	got, err := c.found("@{-1}..left")
	if diff := cmp.Diff([]string{"left", "shared"}, got); diff != "" || err != nil {
		t.Errorf("%v, commits of the range (-git +got):\n%s", err, diff)
	}
}

// TestFaultyRanges has ranges that name nothing fail, and say why.
func TestFaultyRanges(t *testing.T) {
	t.Parallel()
	c := newForked(t)
	for ends, want := range map[string]string{
		"..":                                "neither side of the dots names a commit",
		"...":                               "neither side of the dots names a commit",
		" ":                                 "no commit to start from",
		"^left":                             "no commit to start from",
		"nowhere..left":                     `revision "nowhere": no such reference or object`,
		"left..nowhere":                     `revision "nowhere": no such reference or object`,
		"left..12ab":                        `revision "12ab": no such reference or object`,
		"left~9..right":                     "has no parent 1",
		"left^2..right":                     "has no parent 2",
		"left@{9}..right":                   "the log of refs/heads/left has 2 entries only",
		"left@{noon}..right":                `revision "left@{noon}": of what stands in @{} a number, upstream, push and a time are understood`,
		"left@{2 days ago..right":           `revision "left@{2 days ago": @{ without }`,
		"left@{2001-01-01}..right":          "the log of refs/heads/left only goes back to 2023-11-14T22:13:20Z",
		"left@{1..right":                    `revision "left@{1": @{ without }`,
		"left@{-1}..right":                  "@{-N} has no name in front",
		"@{-9}..right":                      "the log of HEAD has no such checkout",
		"nowhere@{1}..right":                `revision "nowhere@{1}": no such reference or object`,
		"left@{push}..right":                `no place to push to of the branch "left"`,
		"left --reflog":                     `"--reflog" is not understood`,
		"third --not left...right":          "three dots behind --not are not understood",
		"left@{u}..right":                   `no upstream of the branch "left"`,
		"left^{/x}..HEAD":                   `revision "left^{/x}": no commit has such a message`,
		":/x":                               `revision ":/x": no commit has such a message: no such reference or object`,
		":/(":                               "missing closing )",
		`:/\w`:                              `revision ":/\\w": what a message has: error parsing regexp: invalid escape sequence`,
		":/!x":                              "behind ! in what a message has only - and ! are understood",
		"left^{/x..HEAD":                    `"^{/x" in a revision is not understood`,
		strings.Repeat("0", 40) + "..left":  "nothing but zeros is no commit: of a branch that is new take all that no other has",
		"..HEAD":                            "from HEAD to HEAD there is no commit: one side of the dots names none",
		"@..":                               "from HEAD to HEAD there is no commit",
		"HEAD...":                           "from HEAD to HEAD there is no commit",
		"nowhere..never":                    "range \"nowhere..never\": revision \"nowhere\": no such reference or object",
		"left:base..HEAD":                   "it names a file of a commit, and no commit",
		":base..HEAD":                       "it names a file in the index, and no commit",
		"left^-9":                           "has no parent 9",
		"left..v1-1-gabcdefx":               "no such reference or object",
		"left..right^!":                     `"^!" in a revision is not understood`,
		strings.Repeat("left...right ", 40): "more than 31 times three dots",
	} {
		if got, err := c.found(ends); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: found %v, error %v, want %q", ends, got, err, want)
		}
	}
}

// TestRangeWithinAShallowClone has all of a range cloned, and nothing behind it.
func TestRangeWithinAShallowClone(t *testing.T) {
	t.Parallel()
	from := newForked(t)
	c := newCommand(t)
	c.run("clone", "-q", "--depth", "2", "-b", "left", "file://"+from.dir, ".")
	r, _ := c.scan(git.Options{Range: "HEAD~1..HEAD"})
	if len(r.problems) > 0 {
		t.Errorf("problems: %v", r.problems)
	}
	whole, _ := c.scan(git.Options{Range: "HEAD"})
	expectProblem(t, whole, "a shallow clone: the parents of 1 commit in the range were not cloned, "+c.run("rev-parse", "HEAD~1")+" for one: what came before was not read")
	if len(whole.problems) != 1 {
		t.Errorf("of the parents that were not cloned is told more than once: %v", whole.problems)
	}
}

// TestRangeOfShallowClone says what to do where the other end was not cloned.
func TestRangeOfShallowClone(t *testing.T) {
	t.Parallel()
	from := newForked(t)
	c := newCommand(t)
	c.run("clone", "-q", "--depth", "1", "-b", "left", "file://"+from.dir, ".")
	if got, err := c.found(from.run("rev-parse", "left~1") + "..HEAD"); err == nil || !strings.Contains(err.Error(), "object not found: a shallow clone, fetch more of its history") {
		t.Errorf("an object's name: found %v, error %v", got, err)
	}
	if got, err := c.found("HEAD~1..HEAD"); err == nil || !strings.Contains(err.Error(), `revision "HEAD~1": object not found: a shallow clone, fetch more of its history`) {
		t.Errorf("a parent: found %v, error %v", got, err)
	}
	if got, err := c.found("right..HEAD"); err == nil || !strings.Contains(err.Error(), "no such reference or object: a shallow clone, fetch more of its history") {
		t.Errorf("a branch: found %v, error %v", got, err)
	}
}

// TestUpstreamsAsMapped finds what a branch follows where its remote's references are kept.
func TestUpstreamsAsMapped(t *testing.T) {
	t.Parallel()
	from := newForked(t)
	c := newCommand(t)
	c.run("clone", "-q", "-b", "left", "file://"+from.dir, ".")
	c.commit("own", "secret-own")
	for _, fetch := range []string{"+refs/heads/*:refs/remotes/origin/*", "refs/heads/left:refs/remotes/origin/left", "+refs/heads/l*:refs/remotes/origin/l*"} {
		c.run("config", "remote.origin.fetch", fetch)
		got, err := c.found("@{u}..")
		if err != nil || !slices.Equal(got, []string{"own"}) {
			t.Errorf("with %s: found %v, error %v", fetch, got, err)
		}
	}
	c.run("config", "remote.origin.fetch", "+refs/heads/r*:refs/remotes/origin/r*")
	if got, err := c.found("@{u}.."); err == nil {
		t.Errorf("with what the remote's branch is not kept by: found %v", got)
	}
}

// TestPushEqualsGit finds where a branch is pushed to in every way that git can be told.
func TestPushEqualsGit(t *testing.T) {
	t.Parallel()
	from := newForked(t)
	c := newCommand(t)
	c.run("clone", "-q", "-b", "left", "file://"+from.dir, ".")
	c.run("remote", "add", "fork", "file://"+from.dir)
	c.run("fetch", "-q", "fork")
	c.run("checkout", "-q", "-b", "own", "--track", "origin/right")
	c.run("branch", "-f", "right", "origin/third")
	c.run("update-ref", "refs/remotes/fork/own", "origin/left")
	read, err := os.ReadFile(filepath.Join(c.dir, ".git", "config"))
	if err != nil {
		t.Fatal(err)
	}
	before := string(read)
	for _, config := range [][]string{
		nil,
		{"push.default=current"},
		{"push.default=upstream"},
		{"push.default=nothing"},
		{"push.default=matching"},
		{"branch.own.pushRemote=fork"},
		{"remote.pushDefault=fork"},
		{"remote.pushDefault=fork", "branch.own.pushRemote=origin"},
		{"remote.pushDefault=fork", "push.default=current"},
		{"remote.origin.push=refs/heads/own:refs/heads/third"},
		{"remote.origin.push=refs/heads/x:refs/heads/third"},
		{"remote.fork.push=+refs/heads/o*:refs/heads/t*", "remote.pushDefault=fork"},
		{"branch.own.merge=refs/heads/own", "push.default=simple"},
		{"remote.pushDefault=nowhere"},
	} {
		t.Run(strings.Join(config, " "), func(t *testing.T) {
			c := &command{t: t, dir: c.dir}
			c.write(".git/config", before)
			for _, setting := range config {
				key, value, _ := strings.Cut(setting, "=")
				c.run("config", key, value)
			}
			want := c.run("for-each-ref", "--format=%(push)", "refs/heads/own")
			commit, err := git.Resolve(c.dir, "own@{push}")
			switch {
			case want == "" && err == nil:
				t.Errorf("found %s, where git finds none", commit)
			case want != "":
				if known := c.run("for-each-ref", "--format=%(objectname)", want); commit != known {
					t.Errorf("found %q, error %v, want %q, that of %s", commit, err, known, want)
				}
			}
		})
	}
}

// TestClocksBehind has commits whose clocks were decades behind between what a range leaves out and the commits that it
// must leave out for that.
func TestClocksBehind(t *testing.T) {
	t.Parallel()
	c := newCommand(t)
	c.init()
	tree := c.run("mktree")
	at := func(time int, secret string, parents ...string) string {
		var commit strings.Builder
		fmt.Fprintf(&commit, "tree %s\n", tree)
		for _, parent := range parents {
			fmt.Fprintf(&commit, "parent %s\n", parent)
		}
		fmt.Fprintf(&commit, "author A <a@example.com> %d +0000\ncommitter A <a@example.com> %[1]d +0000\n\nsecret-%s\n", time, secret)
		c.write("commit", commit.String())
		return c.run("hash-object", "-t", "commit", "-w", "commit")
	}
	const now, day = 1700000000, 24 * 60 * 60
	old := at(now, "old")
	shared := at(now+day, "shared", old)
	behind := at(1000, "behind1", shared)
	behind = at(2000, "behind2", behind)
	left := at(now+9*day, "left", behind)
	right := at(now+10*day, "right", shared)
	for range 20 { // more of what is left out, by which the walk could think that it is done
		left = at(now+9*day, "left", left)
	}
	for ends, want := range map[string][]string{
		left + ".." + right: {"right"}, left + "..." + right + " ^" + left: {"right"}, "^" + left + " " + behind: nil,
	} {
		got, err := c.found(ends)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: found %v, want %v, error %v", ends, got, want, err)
		}
	}
}

// TestMessagesAtTheEndsOfARange has the message of the commit that a branch ends at be at that tip, as where all is read.
func TestMessagesAtTheEndsOfARange(t *testing.T) {
	t.Parallel()
	c := newCommand(t)
	c.init()
	for _, message := range []string{"no", "with secret-a", "with secret-b"} {
		c.run("commit", "-q", "--allow-empty", "-m", message)
	}
	c.run("tag", "v1")
	want := []string{
		"secret-a commit :6:6 by author@example.com in ?",
		"secret-b commit :6:6 by author@example.com in ? at refs/heads/main,refs/tags/v1",
	}
	_, whole := c.scan(git.Options{})
	whole = slices.DeleteFunc(whole, func(line string) bool { return strings.Contains(line, " file ") })
	_, inRange := c.scan(git.Options{Range: "HEAD~2..v1 main"})
	for told, got := range map[string][]string{"all": whole, "a range": inRange} {
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", told, diff)
		}
	}
}
