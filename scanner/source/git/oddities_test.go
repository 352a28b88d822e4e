package git_test

import (
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/jwtleak/jwtleak/scanner/source/git"
)

// object writes a loose object without asking whether it is well formed, and returns its name.
func (c *command) object(kind, content string) string {
	c.t.Helper()
	cmd := exec.Command("git", "hash-object", "-t", kind, "-w", "--literally", "--stdin") //nolint:gosec // the test's own
	cmd.Dir, cmd.Stdin = c.dir, strings.NewReader(content)
	out, err := cmd.Output()
	if err != nil {
		c.t.Fatalf("git hash-object: %v", err)
	}
	return strings.TrimSpace(string(out))
}

func (c *command) remove(path string) {
	c.t.Helper()
	if err := os.Remove(filepath.Join(c.dir, path)); err != nil {
		c.t.Fatal(err)
	}
}

// TestMalformedMessages has a commit and a tag whose headers can't be read, and a token below them.
func TestMalformedMessages(t *testing.T) {
	t.Parallel()
	c := newCommand(t)
	c.init()
	c.object("commit", "nothing of a header\n\nsecret-c\n")
	c.object("tag", "nothing of a header\n\nsecret-t\n")
	r, got := c.scan(git.Options{})
	want := []string{"secret-c commit :3:1 by  in ? unreachable", "secret-t tag :3:1 unreachable"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("occurrences (-want +got):\n%s", diff)
	}
	if len(r.problems) != 2 {
		t.Errorf("problems: %v", r.problems)
	}
	expectProblem(t, r, "malformed commit or tag")
}

// TestTaggedBlob has blobs that tags name, one of them by way of another tag.
func TestTaggedBlob(t *testing.T) {
	t.Parallel()
	c := newCommand(t)
	c.init()
	c.run("tag", "light", c.object("blob", "secret-a"))
	c.run("tag", "-a", "-m", "first", "inner", c.object("blob", "secret-b"))
	c.run("tag", "-a", "-m", "second", "outer", "inner")
	c.run("update-ref", "refs/other/blob", c.object("blob", "secret-c"))
	c.expect(
		git.Options{},
		"secret-a blob :1:1 at refs/tags/light",
		"secret-b blob :1:1 at refs/tags/inner,refs/tags/outer",
		"secret-c blob :1:1",
	)
}

// TestTreesThatNameOneAnother has trees of which each names the next one ten times. A few more of
// them would have more paths than can be told.
func TestTreesThatNameOneAnother(t *testing.T) {
	t.Parallel()
	c := newCommand(t)
	c.init()
	c.write("file", "secret-a")
	c.run("add", "file")
	tree := c.run("write-tree")
	for range 4 {
		var entries strings.Builder
		for name := range 10 {
			fmt.Fprintf(&entries, "40000 %d\x00%s", name, unhex(t, tree))
		}
		tree = c.object("tree", entries.String())
	}
	c.run("update-ref", "refs/heads/main", c.run("commit-tree", "-m", "many", tree))
	c.run("rm", "-q", "--cached", "file")
	c.remove("file")
	for _, options := range []git.Options{{Range: "main"}, {History: git.HistoryNone}} {
		r, got := c.scan(options)
		if len(got) != 4096 {
			t.Errorf("%d occurrences", len(got))
		}
		expectProblem(t, r, "is at more than 4096 paths")
	}
}

func unhex(t *testing.T, digits string) []byte {
	t.Helper()
	raw, err := hex.DecodeString(digits)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// TestObjectsTurnedBlobs flips the bit of an entry in a pack that makes a blob of a commit, the tip of a branch and one that
// is a parent, or of a tree, a commit's own and one below: what can no longer be told is a problem.
func TestObjectsTurnedBlobs(t *testing.T) {
	t.Parallel()
	const unreadTree = "1 object that is named as a tree could not be read as such"
	for _, test := range []struct {
		revision string
		bit      byte
		problem  string // "" for the one of commits, with its name
	}{{"main", 2, ""}, {"main~1", 2, ""}, {"main^{tree}", 1, unreadTree}, {"main~1^{tree}", 1, unreadTree}, {"main:below", 1, unreadTree}} {
		c := newCommand(t)
		c.init()
		c.commit("a", "secret-a")
		c.commit("b", "secret-b")
		c.commit("below/c", "nothing")
		object := c.run("rev-parse", test.revision)
		c.run("repack", "-a", "-d", "-q", "-f", "--depth=0")
		packs, err := filepath.Glob(filepath.Join(c.dir, ".git", "objects", "pack", "*.pack"))
		if err != nil || len(packs) != 1 {
			t.Fatalf("packs %v, error %v", packs, err)
		}
		offset := -1
		for line := range strings.Lines(c.run("verify-pack", "-v", packs[0])) {
			if fields := strings.Fields(line); fields[0] == object {
				if offset, err = strconv.Atoi(fields[4]); err != nil {
					t.Fatal(err)
				}
			}
		}
		content, err := os.ReadFile(packs[0])
		if err != nil {
			t.Fatal(err)
		}
		content[offset] ^= test.bit << 4
		if err := os.Chmod(packs[0], 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(packs[0], content, 0o600); err != nil {
			t.Fatal(err)
		}
		r, _ := c.scan(git.Options{})
		if test.problem == "" {
			test.problem = "1 object that is named as a commit could not be read as such, " + object + " for one"
		}
		expectProblem(t, r, test.problem)
	}
}
