package git_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jwtleak/jwtleak/scanner/source/git"
)

// newLogged makes a repository of four commits of a day each, the last of them today, and returns their names.
func newLogged(t *testing.T) (c *command, commits []string, days []time.Time) {
	t.Helper()
	c = newCommand(t)
	c.init()
	for i := range 4 {
		c.commit("file", fmt.Sprintf("secret-%d", i))
		commits = append(commits, c.run("rev-parse", "HEAD"))
		days = append(days, time.Now().AddDate(0, 0, i-3).Add(-time.Hour))
	}
	return c, commits, days
}

// TestTimesInRanges has references be at a time what git says that they were, in logs that are files and in reftables.
func TestTimesInRanges(t *testing.T) {
	t.Parallel()
	c, commits, days := newLogged(t)
	var log strings.Builder
	var entries [][5]string
	before := strings.Repeat("0", 40)
	for i, commit := range commits {
		message := "commit: " + fmt.Sprint(i)
		fmt.Fprintf(&log, "%s %s A <a@example.com> %d +0000\t%s\n", before, commit, days[i].Unix(), message)
		for _, ref := range []string{"HEAD", "refs/heads/main"} {
			entries = append(entries, [5]string{ref, before, commit, fmt.Sprint(days[i].Unix()), message})
		}
		before = commit
	}
	c.write(".git/logs/refs/heads/main", log.String())
	c.write(".git/logs/HEAD", log.String())
	want := map[string]string{}
	for _, rev := range []string{
		"main@{yesterday}", "main@{now}", "main@{2.days.ago}", "main@{2 days ago}", "HEAD@{1 day 30 minutes ago}", "@{25 hours ago}",
		fmt.Sprintf("main@{%d}", days[1].Unix()), "main@{" + days[2].Format(time.RFC3339) + "}", "main@{" + days[2].Add(-time.Second).Format(time.RFC1123Z) + "}",
		"main@{0}", "main@{2}", "@{1}", "HEAD@{3}",
	} {
		want[rev] = c.run("rev-parse", rev)
	}
	check := func(how string) {
		t.Helper()
		for rev, want := range want {
			if got, err := git.Resolve(c.dir, rev); err != nil || got != want {
				t.Errorf("%s: %s is %s, %v, want %s", how, rev, got, err, want)
			}
		}
		if _, err := git.Resolve(c.dir, "main@{5 days ago}"); err == nil || !strings.Contains(err.Error(), "only goes back to") {
			t.Errorf("%s: a time before the log: %v", how, err)
		}
		c.expect(
			git.Options{Range: "main@{2 days ago}..main"},
			"secret-2 blob file:1:1 by author@example.com in ? removed by ?", "secret-3 blob file:1:1 by author@example.com in ? at refs/heads/main",
		)
	}
	check("files")
	git.WriteReftable(t, filepath.Join(c.dir, ".git"), map[string]string{"HEAD": "ref: refs/heads/main", "refs/heads/main": commits[3]}, entries)
	check("reftables")
}

// TestReftablesOfWorktrees has a linked work tree whose HEAD and log are in a reftable of its own.
func TestReftablesOfWorktrees(t *testing.T) {
	t.Parallel()
	c, commits, _ := newLogged(t)
	main := filepath.Join(c.dir, ".git")
	c.run("worktree", "add", "-q", "--detach", "linked", commits[1])
	c.run("reflog", "expire", "--expire=now", "--all")
	git.WriteReftable(t, main, map[string]string{"HEAD": "ref: refs/heads/main", "refs/heads/main": commits[2]}, [][5]string{
		{"HEAD", commits[1], commits[0], "1700000000", "reset: moving"},
		{"HEAD", commits[0], commits[2], "1700000000", "commit: in the main one, secret-main"},
	})
	git.WriteReftable(t, filepath.Join(main, "worktrees", "linked"), map[string]string{"HEAD": commits[1]}, [][5]string{
		{"HEAD", commits[3], commits[1], "1700000000", "checkout: moving from main to secret-linked"},
	})
	c.write(".git/HEAD", "ref: refs/heads/.invalid\n") // as git has it there, so that older ones keep out
	c.write(".git/worktrees/linked/HEAD", "ref: refs/heads/.invalid\n")
	linked := c.in("linked")
	for rev, want := range map[string]string{"HEAD": commits[1], "HEAD@{0}": commits[1], "HEAD@{1}": commits[3], "main": commits[2], "main-worktree/HEAD": commits[2]} {
		if got, err := git.Resolve(linked.dir, rev); err != nil || got != want {
			t.Errorf("in the linked one, %s is %s, %v, want %s", rev, got, err, want)
		}
	}
	for rev, want := range map[string]string{"HEAD": commits[2], "HEAD@{1}": commits[0], "worktrees/linked/HEAD": commits[1]} {
		if got, err := git.Resolve(c.dir, rev); err != nil || got != want {
			t.Errorf("%s is %s, %v, want %s", rev, got, err, want)
		}
	}
	r, got := c.scan(git.Options{})
	want := []string{
		"secret-0 blob file:1:1 by author@example.com in ? removed by ?",
		"secret-1 blob file:1:1 by author@example.com in ? at worktrees/linked/HEAD removed by ?",
		"secret-2 blob file:1:1 by author@example.com in ? at refs/heads/main",
		"secret-3 blob file:1:1 by author@example.com in ? unreachable",
		"secret-linked file .git/reftable",
		"secret-main file .git/reftable",
	}
	for _, line := range want {
		if !strings.Contains(strings.Join(got, "\n"), line) {
			t.Errorf("occurrences: %q, without %q", got, line)
		}
	}
	if len(r.problems) > 0 {
		t.Errorf("problems: %v", r.problems)
	}
}
