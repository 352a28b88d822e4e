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

// reindex packs all objects and changes their offsets in the index, whose names are given in order. Its own checksum is right.
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
		binary.BigEndian.PutUint32(table[4*i:], offset)
	}
	sum := sha1.Sum(index[:len(index)-20]) //nolint:gosec // git's
	copy(index[len(index)-20:], sum[:])
	if err := os.Chmod(found[0], 0o600); err != nil {
		c.t.Fatal(err)
	}
	replace(c.t, found[0], string(index))
}
