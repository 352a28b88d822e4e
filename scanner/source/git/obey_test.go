package git_test

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/jwtleak/jwtleak/scanner/source/git"
)

// TestNothingIsObeyed scans a repository in which everything that git would run makes a file, and finds none.
func TestNothingIsObeyed(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("the traps are shell scripts")
	}
	c := newCommand(t)
	c.init()
	c.commit("a.txt", "secret-a\n")
	marks := t.TempDir()
	trap := filepath.Join(t.TempDir(), "trap")
	script := "#!/bin/sh\n: > '" + marks + "'/\"$$\"\ncat\n"
	if err := os.WriteFile(trap, []byte(script), 0o755); err != nil { // it is to be run
		t.Fatal(err)
	}
	for _, hook := range []string{"pre-commit", "post-checkout", "post-index-change", "fsmonitor-watchman", "reference-transaction", "pre-auto-gc"} {
		lay(t, c.dir, ".git/hooks/"+hook+"="+script)
		if err := os.Chmod(filepath.Join(c.dir, ".git", "hooks", hook), 0o755); err != nil { // it is to be run
			t.Fatal(err)
		}
	}
	elsewhere := t.TempDir()
	lay(t, elsewhere, "out.txt=secret-o", "included=[core]\n\tfsmonitor = "+trap+"\n\tpager = "+trap+"\n")
	c.write(".gitattributes", "*.txt filter=trap diff=trap merge=trap\n")
	c.write("a.txt", "secret-a\nchanged\n")
	config := filepath.Join(c.dir, ".git", "config")
	old, err := os.ReadFile(config) // the test's own
	if err != nil {
		t.Fatal(err)
	}
	traps := string(old) + `
[include]
	path = ` + elsewhere + `/included
[includeIf "gitdir:/"]
	path = ` + elsewhere + `/included
[core]
	fsmonitor = ` + trap + `
	hooksPath = ` + filepath.Join(c.dir, ".git", "hooks") + `
	sshCommand = ` + trap + `
	gitProxy = ` + trap + `
	askPass = ` + trap + `
	pager = ` + trap + `
	editor = ` + trap + `
	alternateRefsCommand = ` + trap + `
	attributesFile = ` + elsewhere + `/attributes
[filter "trap"]
	clean = ` + trap + `
	smudge = ` + trap + `
	process = ` + trap + `
	required = true
[diff "trap"]
	textconv = ` + trap + `
	command = ` + trap + `
[merge "trap"]
	driver = ` + trap + `
[credential]
	helper = ` + trap + `
[gpg]
	program = ` + trap + `
[uploadpack]
	packObjectsHook = ` + trap + `
[remote "origin"]
	url = ext::` + trap + `
	promisor = true
	partialclonefilter = blob:none
[extensions]
	partialClone = origin
	unheardOf = true
[alias]
	status = !` + trap + `
[safe]
	directory = /nowhere
`
	if err := os.WriteFile(config, []byte(traps), 0o600); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"secret-a blob a.txt:1:1 by author@example.com in ? at refs/heads/main",
	}
	for _, options := range []git.Options{{}, {History: git.HistoryReachable}} {
		c.expect(options, want...)
	}
	c.expect(git.Options{Staged: true})
	c.expect(git.Options{Range: "HEAD"}, want...)
	left, err := os.ReadDir(marks)
	if err != nil || len(left) > 0 {
		t.Fatalf("%d commands of the repository's configuration were run, %v", len(left), err)
	}
	// The traps do work: git itself steps into one.
	if err := os.WriteFile(config, []byte(string(old)+"[core]\n\tfsmonitor = "+trap+"\n[filter \"trap\"]\n\tclean = "+trap+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c.run("status")
	if left, err = os.ReadDir(marks); err != nil || len(left) == 0 {
		t.Errorf("git itself ran none of the commands, %v: the test proves nothing", err)
	}
}

// TestWorktreeElsewhere has a configuration that names another directory as the working tree.
func TestWorktreeElsewhere(t *testing.T) {
	t.Parallel()
	c := newCommand(t)
	c.init()
	c.commit("a", "secret-a")
	elsewhere := t.TempDir()
	lay(t, elsewhere, "out=secret-o")
	c.run("config", "core.worktree", elsewhere)
	c.expect(git.Options{}, "secret-a blob a:1:1 by author@example.com in ? at refs/heads/main")
}
