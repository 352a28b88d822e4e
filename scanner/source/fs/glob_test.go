package fs

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestCheckPattern(t *testing.T) {
	for pattern, want := range map[string]string{
		"*.log": "", "vendor/": "", "/a/**/b": "", "!keep": "", `\!x`: "", `a\ `: "", "[a-z]": "", "[!a-z]": "", "[^a]": "", `[\]]`: "", `[a\-b]`: "", "[ä-ö]": "", "[[]": "",
		"": "empty", " ": "empty", "/": "empty", "!": "empty", "a[": "syntax", "[]": "syntax", "[a": "syntax", `a\`: "syntax", "[a/b]": "syntax", "[-a]": "syntax", "[a-]": "syntax",
		"[z-a]": "ends before", "x[!a-c9-0]": "ends before", "[[:alpha:]]": "by name", "[a[:digit:]]": "by name",
	} {
		err := CheckPattern(pattern)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", pattern, err, want)
		}
	}
}

// Patterns mean what they mean to git.
func TestPatternsAsGitHasThem(t *testing.T) {
	git, err := exec.LookPath("git")
	if err != nil {
		t.Skip("no git to ask")
	}
	dir := t.TempDir()
	if out, err := exec.Command(git, "-C", dir, "init", "-q").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	paths := []string{"a.txt", "b.txt", "!.txt", "^.txt", "dir/a.txt", "dir/b.txt", "-.txt"}
	for _, pattern := range []string{
		"[!a].txt", "[^a].txt", "[a-b].txt", `[!\^a].txt`, "[!a-b].txt", "dir/[!a].txt", "[a!].txt", `\[!a].txt`, "[!!].txt", "**/[!b].txt",
	} {
		if err := CheckPattern(pattern); err != nil {
			t.Errorf("%s: %v", pattern, err)
			continue
		}
		if err := os.WriteFile(filepath.Join(dir, ".gitignore"), []byte(pattern+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		wanted := Wanted(nil, []string{pattern})
		for _, path := range paths {
			ignored := exec.Command(git, "-C", dir, "check-ignore", "-q", "--no-index", "--", path).Run() == nil
			if wanted(path) == ignored {
				t.Errorf("%s: %s is wanted: %v, ignored by git: %v", pattern, path, !ignored, ignored)
			}
		}
	}
}
