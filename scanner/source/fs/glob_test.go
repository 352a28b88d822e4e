package fs

import (
	"errors"
	"math/rand/v2"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
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

// Patterns mean what they mean to git, one alone and several together.
func TestPatternsAsGitHasThem(t *testing.T) {
	git, err := exec.LookPath("git")
	if err != nil {
		t.Skip("no git to ask")
	}
	dir := t.TempDir()
	if out, err := exec.Command(git, "-C", dir, "init", "-q").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	paths := makeTree(t, dir)
	for _, lines := range slices.Concat([][]string{
		{"[!a].txt"}, {"[^a].txt"}, {"[a-b].txt"}, {`[!\^a].txt`}, {"[!a-b].txt"}, {"a/[!a].txt"}, {"[a!].txt"}, {`\[!a].txt`}, {"[!!].txt"}, {"**/[!b].txt"},
		{"**/a/b"}, {"a/**/b"}, {"a/**/b/"}, {"a/**"}, {"**/a"}, {"/a"}, {"a/"}, {"/a/"}, {"/*"}, {"/*/"}, {"*/a"}, {"**"}, {"**/"}, {"/**"}, {"a**b"}, {"a/**b"}, {"**.txt"},
		{"*", "!a"}, {"/*", "!/a"}, {"a", "!a/b"}, {"*.txt", "!a.txt", "b/a.txt"}, {"a/*", "!a/b"}, {"a ", "b\\ "}, {`\!.txt`}, {"!a", "a"}, {"a/**/a/**/b"}, {"**/**/a/b"}, {"a//b"}, {"//a"}, {"a/**/"}, {"?/b"}, {"?"}, {"a?b"},
	}, randomPatterns(60)) {
		ignored := gitIgnores(t, git, dir, lines, paths)
		wanted := Wanted(nil, lines)
		for _, path := range paths {
			if wanted(path) == ignored[path] {
				t.Errorf("%q: %s is wanted: %v, ignored by git: %v", lines, path, !ignored[path], ignored[path])
			}
		}
	}
}

// A path in git may have as many directories as an attacker likes: what is looked at grows as they do, not as their square.
func TestPatternsOnDeepPaths(t *testing.T) {
	deep := strings.Repeat("a/", 50_000) + "b"
	for _, pattern := range []string{"*.log", "vendor/", "x/**/y", "/a/*/q", "**/b/a", "a/**/b/a", "**/a/**/c", "c/**"} {
		if !Wanted(nil, []string{pattern})(deep) {
			t.Errorf("%q leaves it out", pattern)
		}
	}
	for _, pattern := range []string{"b", "**/a/b", "a/**/b", "/a/**"} {
		if Wanted(nil, []string{pattern})(deep) {
			t.Errorf("%q does not leave it out", pattern)
		}
	}
}

// makeTree makes files of a few names in directories of the same names, and returns their paths.
func makeTree(t *testing.T, dir string) (paths []string) {
	t.Helper()
	names := []string{"a", "b", "aab"}
	var fill func(in string, depth int)
	fill = func(in string, depth int) {
		if err := os.MkdirAll(filepath.Join(dir, in), 0o700); err != nil {
			t.Fatal(err)
		}
		files := []string{"a.txt", "b.txt", "!.txt", "^.txt", "-.txt"}
		for _, name := range names {
			if depth > 1 {
				fill(path.Join(in, name), depth-1)
			} else {
				files = append(files, name)
			}
		}
		for _, name := range files {
			paths = append(paths, path.Join(in, name))
			if err := os.WriteFile(filepath.Join(dir, paths[len(paths)-1]), nil, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	fill("", 3)
	return paths
}

// randomPatterns returns lists of patterns, of what they may consist of, at random but always the same.
func randomPatterns(n int) (lists [][]string) {
	random := rand.New(rand.NewPCG(4, 5))
	segments := []string{"a", "b", "aab", "*", "**", "a*", "*b", "?", "[ab]", "[!a]", "**b", "*.txt", "a.txt"}
	for range n {
		var lines []string
		for range 1 + random.IntN(3) {
			parts := make([]string, 1+random.IntN(4))
			for i := range parts {
				parts[i] = segments[random.IntN(len(segments))]
			}
			line := strings.Join(parts, "/")
			if random.IntN(4) == 0 {
				line = "/" + line
			}
			if random.IntN(4) == 0 {
				line += "/"
			}
			if random.IntN(4) == 0 {
				line = "!" + line
			}
			lines = append(lines, line)
		}
		lists = append(lists, lines)
	}
	return lists
}

func gitIgnores(t *testing.T, git, dir string, lines, paths []string) map[string]bool {
	t.Helper()
	for _, line := range lines {
		if err := CheckPattern(line); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, ".git", "info", "exclude"), []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	ask := exec.Command(git, "-C", dir, "-c", "core.excludesFile=", "check-ignore", "--no-index", "-z", "--stdin")
	ask.Stdin = strings.NewReader(strings.Join(paths, "\x00") + "\x00")
	out, err := ask.Output()
	if exit := (*exec.ExitError)(nil); err != nil && (!errors.As(err, &exit) || exit.ExitCode() > 1) { // 1 is none
		t.Fatal(err)
	}
	ignored := map[string]bool{}
	for path := range strings.SplitSeq(string(out), "\x00") {
		ignored[path] = true
	}
	return ignored
}
