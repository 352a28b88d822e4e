package git_test

import (
	"crypto/sha1" //nolint:gosec // git's
	"encoding/binary"
	"encoding/hex"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/jwtleak/jwtleak/scanner/source/git"
)

// TestSwappedNames has an index that gives the objects of its pack each other's names, its own checksum being right: where
// a token is told, it is told that it may be another object's.
func TestSwappedNames(t *testing.T) {
	t.Parallel()
	c := newCommand(t)
	c.init()
	c.commit("a", "secret-a")
	c.commit("b", "secret-b")
	c.reindex(func(_ []string, offsets []uint32) {
		copy(offsets, slices.Concat(offsets[1:], offsets[:1]))
	})
	r, got := c.scan(git.Options{})
	if len(got) == 0 {
		t.Error("no token is told")
	}
	expectProblem(t, r, misnamed)
}

const misnamed = "its content is not what its name says"

// TestDisorderedNames has an index with its names the other way round, in which none is found where it should be: a range
// and what is staged are found by reading the pack.
func TestDisorderedNames(t *testing.T) {
	t.Parallel()
	c := newCommand(t)
	c.init()
	c.commit("one/a", "secret-a")
	c.commit("two/b", "secret-b")
	c.write("staged", "secret-c")
	c.run("add", "staged")
	c.reindex(func(names []string, offsets []uint32) {
		slices.Reverse(names)
		slices.Reverse(offsets)
	})
	c.expect(git.Options{Range: "HEAD~1..HEAD"}, "secret-b blob two/b:1:1 by author@example.com in ? at refs/heads/main")
	c.expect(git.Options{Range: "main"}, "secret-a blob one/a:1:1 by author@example.com in ? at refs/heads/main", "secret-b blob two/b:1:1 by author@example.com in ? at refs/heads/main")
	c.expect(git.Options{Staged: true}, "secret-c index staged:1:1 unreachable")
}

// TestSwappedTrees has the trees of two directories under each other's names, so that the path of a token is another one.
func TestSwappedTrees(t *testing.T) {
	t.Parallel()
	c := newCommand(t)
	c.init()
	c.write("one/a", "secret-a")
	c.commit("two/b", "nothing")
	one, two := c.run("rev-parse", "HEAD:one"), c.run("rev-parse", "HEAD:two")
	c.reindex(func(names []string, offsets []uint32) {
		i, j := slices.Index(names, one), slices.Index(names, two)
		offsets[i], offsets[j] = offsets[j], offsets[i]
	})
	for _, options := range []git.Options{{}, {History: git.HistoryNone}, {Range: "main"}} {
		r, got := c.scan(options)
		if len(got) == 0 {
			t.Error("no token is told")
		}
		expectProblem(t, r, misnamed)
	}
}

// reindex packs all objects and changes their names and offsets in the index, which are given in the order of the names. Its own checksum is right.
func (c *command) reindex(change func(names []string, offsets []uint32)) {
	c.t.Helper()
	c.run("repack", "-a", "-d", "-q")
	found, err := filepath.Glob(filepath.Join(c.dir, ".git/objects/pack/*.idx"))
	if err != nil || len(found) != 1 {
		c.t.Fatal(found, err)
	}
	index, err := os.ReadFile(found[0])
	if err != nil {
		c.t.Fatal(err)
	}
	const fanout = 8 + 4*256
	count := int(binary.BigEndian.Uint32(index[fanout-4:]))
	names, offsets := make([]string, count), make([]uint32, count)
	table := index[fanout+24*count:][:4*count]
	for i := range count {
		names[i] = hex.EncodeToString(index[fanout+20*i:][:20])
		offsets[i] = binary.BigEndian.Uint32(table[4*i:])
	}
	change(names, offsets)
	for i, offset := range offsets {
		name, err := hex.DecodeString(names[i])
		if err != nil {
			c.t.Fatal(err)
		}
		copy(index[fanout+20*i:], name)
		binary.BigEndian.PutUint32(table[4*i:], offset)
	}
	sum := sha1.Sum(index[:len(index)-20]) //nolint:gosec // git's
	copy(index[len(index)-20:], sum[:])
	if err := os.Chmod(found[0], 0o600); err != nil {
		c.t.Fatal(err)
	}
	replace(c.t, found[0], string(index))
}
