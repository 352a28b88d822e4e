package git_test

import (
	"slices"
	"testing"

	"github.com/jwtleak/jwtleak/scanner/source/git"
)

// TestNamedContainers has blobs that only their names tell to be containers.
func TestNamedContainers(t *testing.T) {
	t.Parallel()
	c := newCommand(t)
	c.init()
	reversed := func(text string) string {
		b := []byte(text)
		slices.Reverse(b)
		return string(b)
	}
	c.write("one.rev", reversed("secret-a"))
	c.write("other", reversed("secret-x"))
	c.write("plain", "secret-p")
	c.commit("d/two.rev", reversed("secret-b"))
	c.write("one.rev", reversed("secret-a secret-c"))
	c.remove("d/two.rev")
	c.commit("plain", "secret-p secret-q")
	c.write("three.rev", reversed("secret-d"))
	c.run("add", "-A")
	c.remove("three.rev")
	names := []string{reversedName}
	c.expect(
		git.Options{ContainerNames: names},
		"secret-a blob one.rev:1:1 by author@example.com in ? at refs/heads/main",
		"secret-b blob d/two.rev:1:1 by author@example.com in ? removed by ?",
		"secret-c blob one.rev:1:10 by author@example.com in ? at refs/heads/main",
		"secret-d index three.rev:1:1 unreachable",
		"secret-p blob plain:1:1 by author@example.com in ? at refs/heads/main",
		"secret-q blob plain:1:10 by author@example.com in ? at refs/heads/main",
	)
	c.expect(
		git.Options{ContainerNames: names, History: git.HistoryReachable, Wanted: func(path string) bool { return path != "three.rev" }},
		"secret-a blob one.rev:1:1 by author@example.com in ? at refs/heads/main",
		"secret-b blob d/two.rev:1:1 by author@example.com in ? removed by ?",
		"secret-c blob one.rev:1:10 by author@example.com in ? at refs/heads/main",
		"secret-p blob plain:1:1 by author@example.com in ? at refs/heads/main",
		"secret-q blob plain:1:10 by author@example.com in ? at refs/heads/main",
	)
	c.expect(
		git.Options{ContainerNames: names, Range: "HEAD~1.."},
		"secret-c blob one.rev:1:10 by author@example.com in ? at refs/heads/main",
		"secret-q blob plain:1:10 by author@example.com in ? at refs/heads/main",
	)
	c.expect(git.Options{ContainerNames: names, Staged: true}, "secret-d index three.rev:1:1 unreachable")
}
