package git_test

import (
	"crypto/sha1" //nolint:gosec // git's
	"encoding/binary"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/jwtleak/jwtleak/scanner/finding"
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
	c.run("repack", "-a", "-d", "-q")
	found, err := filepath.Glob(filepath.Join(c.dir, ".git/objects/pack/*.idx"))
	if err != nil || len(found) != 1 {
		t.Fatal(found, err)
	}
	index, err := os.ReadFile(found[0])
	if err != nil {
		t.Fatal(err)
	}
	const fanout = 8 + 4*256
	count := int(binary.BigEndian.Uint32(index[fanout-4:]))
	offsets := index[fanout+24*count:][:4*count]
	copy(offsets, slices.Concat(offsets[4:], offsets[:4]))
	sum := sha1.Sum(index[:len(index)-20]) //nolint:gosec // git's
	copy(index[len(index)-20:], sum[:])
	if err := os.Chmod(found[0], 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(found[0], index, 0o600); err != nil {
		t.Fatal(err)
	}
	r, got := c.scan(git.Options{})
	if len(got) == 0 {
		t.Error("no token is told")
	}
	isTold := slices.ContainsFunc(r.problems, func(p finding.Problem) bool {
		return strings.Contains(p.Reason, "its content is not what its name says")
	})
	if !isTold {
		t.Errorf("problems: %v", r.problems)
	}
}
