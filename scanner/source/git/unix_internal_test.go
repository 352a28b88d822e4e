//go:build unix

package git

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"
)

// TestReadRefsPipe has a pipe in the place of packed-refs, which must not be waited for.
func TestReadRefsPipe(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := unix.Mkfifo(filepath.Join(dir, "packed-refs"), 0o600); err != nil {
		t.Skip("no pipes here")
	}
	table := readRefs(Location{GitDir: dir, CommonDir: dir})
	if len(table.problems) != 2 || // there is no HEAD either
		!strings.Contains(table.problems[0].Reason, "not a regular file") {
		t.Errorf("problems: %v", table.problems)
	}
}

// TestReadRefsLinks has symbolic links among the references.
func TestReadRefsLinks(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	heads := filepath.Join(dir, "refs", "heads")
	if err := os.MkdirAll(heads, 0o755); err != nil {
		t.Fatal(err)
	}
	object := strings.Repeat("1", 40)
	for name, content := range map[string]string{"main": object + "\n", "secret": "root:x:0:0\n"} {
		if err := os.WriteFile(filepath.Join(heads, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, target := range map[string]string{
		"symbolic": "refs/heads/main", "beside": "main", "nowhere": "gone", "circle": ".", "other": "secret",
	} {
		if err := os.Symlink(target, filepath.Join(heads, name)); err != nil {
			t.Fatal(err)
		}
	}
	table := readRefs(Location{GitDir: dir, CommonDir: dir})
	want := map[string]string{
		"refs/heads/main": object, "refs/heads/beside": object, "refs/heads/symbolic": "ref: refs/heads/main",
	}
	if diff := cmp.Diff(want, table.values); diff != "" {
		t.Errorf("references (-want +got):\n%s", diff)
	}
	if len(table.problems) != 5 { // nowhere, circle, other, secret, and no HEAD
		t.Errorf("problems: %v", table.problems)
	}
}
