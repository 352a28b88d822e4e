package git_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/jwtleak/jwtleak/scanner/source/git"
)

// TestEachPlaceInAText tells a token at each place that a blob, a message or an index has it at, however it is read. One more of
// what was at the path before is not new.
func TestEachPlaceInAText(t *testing.T) {
	t.Parallel()
	c := newCommand(t)
	c.init()
	const twice = "secret-a\n\n  secret-b secret-a\n"
	c.commit("file", "nothing")
	c.commit("file", twice)
	c.run("commit", "-q", "--allow-empty", "-m", "note\n\nsecret-m\nand secret-m")
	const by, end = " by author@example.com in ?", " at refs/heads/main"
	blob := []string{"secret-a blob file:1:1" + by + end, "secret-a blob file:3:12" + by + end, "secret-b blob file:3:3" + by + end}
	all := append(slices.Clone(blob), "secret-m commit :8:1"+by+end, "secret-m commit :9:5"+by+end)
	if err := os.Remove(filepath.Join(c.dir, ".git", "COMMIT_EDITMSG")); err != nil {
		t.Fatal(err)
	}
	for _, isPacked := range []bool{false, true} {
		if isPacked {
			c.run("gc", "-q")
		}
		c.expect(git.Options{}, all...)
		c.expect(git.Options{Range: "main~2..main"}, all...)
		c.expect(git.Options{History: git.HistoryReachable}, all...)
		c.expect(git.Options{Wanted: func(string) bool { return true }}, all...)
		present := strings.Join(blob, "\n")
		c.expect(git.Options{History: git.HistoryNone}, strings.Split(strings.ReplaceAll(present, by, ""), "\n")...)
	}
	// One more of what is there already.
	c.write("file", twice+"secret-a secret-c\nsecret-c\n")
	c.run("add", "file")
	want := []string{"secret-c index file:4:10 unreachable", "secret-c index file:5:1 unreachable"}
	c.expect(git.Options{Staged: true}, want...)
	c.run("commit", "-q", "-m", "more")
	c.expect(git.Options{Range: "main~1..main"}, "secret-c blob file:4:10"+by+end, "secret-c blob file:5:1"+by+end)
}

// TestManyPlacesInAText tells each of many places once.
func TestManyPlacesInAText(t *testing.T) {
	t.Parallel()
	c := newCommand(t)
	c.init()
	const places = 20_000
	c.commit("a", strings.Repeat("secret-a\n", places))
	c.run("commit", "-q", "--allow-empty", "-m", "x")
	for _, options := range []git.Options{{}, {Range: "main"}} {
		r, _ := c.scan(options)
		lines := map[int64]bool{}
		for _, occurrence := range r.told["secret-a"] {
			lines[occurrence.Line] = occurrence.Offset == 9*(occurrence.Line-1)
		}
		if len(lines) != places || len(r.told["secret-a"]) != places {
			t.Errorf("%s: %d occurrences on %d lines", fmt.Sprint(options.Range), len(r.told["secret-a"]), len(lines))
		}
	}
}
