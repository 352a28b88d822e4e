//go:build unix

package fs_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jwtleak/jwtleak/scanner/source"
	"github.com/jwtleak/jwtleak/scanner/source/fs"
)

// TestWhatTakesADirectorysPlaceIsNotFollowed has a link take the place of a directory between when its name is read and when it
// is opened.
func TestWhatTakesADirectorysPlaceIsNotFollowed(t *testing.T) {
	for name, test := range map[string]struct {
		replaced     string
		shown, fails int
	}{
		"itself":     {"above/below", 0, 1},
		"one on way": {"above", 1, 0},
	} {
		t.Run(name, func(t *testing.T) {
			outside := write(t, t.TempDir(), map[string]string{"file": "outside", "below/file": "outside"})
			root := write(t, t.TempDir(), map[string]string{"above/below/file": "inside!"})
			r := read(t, root, fs.Options{Skip: func(path string) bool {
				if filepath.Base(path) == "below" {
					place := filepath.Join(root, test.replaced)
					if err := os.Rename(place, filepath.Join(t.TempDir(), "moved")); err != nil {
						t.Error(err)
					}
					if err := os.Symlink(outside, place); err != nil {
						t.Error(err)
					}
				}
				return false
			}})
			if len(r.shown) != test.shown || len(r.problems) != test.fails {
				t.Errorf("shown %v, problems %v", r.shown, r.problems)
			}
			for path, size := range r.shown {
				if size != len("inside!") {
					t.Errorf("%s has %d bytes: it is the one outside", path, size)
				}
			}
		})
	}
}

// TestPathsLongerThanTheSystemTakes reads a file whose path is longer than a system call takes (PATH_MAX).
func TestPathsLongerThanTheSystemTakes(t *testing.T) {
	dir := t.TempDir()
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close() //nolint:errcheck // opened for reading only
	path := strings.Repeat(strings.Repeat("d", 100)+"/", 60)
	if err := root.MkdirAll(path, 0o755); err != nil {
		t.Skip("such a path can't be made here:", err)
	}
	if err := root.WriteFile(path+"file", []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if r := read(t, dir, fs.Options{}); r.shown[path+"file"] != 1 || len(r.problems) > 0 {
		t.Errorf("shown %d, problems %d; want the file", len(r.shown), len(r.problems))
	}
}

// TestMoreDirectoriesThanAreHeldOpen has more of them wait than are held open.
func TestMoreDirectoriesThanAreHeldOpen(t *testing.T) {
	tree := map[string]string{}
	for depth := range 300 {
		tree[strings.Repeat("a/", depth)+"b/file"] = "x"
		tree[strings.Repeat("a/", depth)+"z/file"] = "x"
	}
	r := read(t, write(t, t.TempDir(), tree), fs.Options{})
	if len(r.shown) != len(tree) || len(r.problems) > 0 {
		t.Errorf("%d files shown of %d, problems %v", len(r.shown), len(tree), r.problems)
	}
}

// TestARepositoryAmongManyEntries has a directory whose entries are not read at once.
func TestARepositoryAmongManyEntries(t *testing.T) {
	tree := map[string]string{"work/.git/HEAD": "x", "plain/file": "x"}
	for i := range 3000 {
		tree[fmt.Sprintf("work/%d", i)] = "x"
	}
	root := write(t, t.TempDir(), tree)
	r := read(t, root, fs.Options{Repository: func(dir string) (source.Source, error) {
		return fs.New(filepath.Join(dir, ".git", "HEAD"), fs.Options{}), nil
	}})
	if len(r.shown) != 2 {
		t.Errorf("%d files shown, want the repository's and the plain one", len(r.shown))
	}
}

// A meeting has whoever reads a file first wait until another does.
type meeting struct {
	reader
	arrived atomic.Int32
	both    chan struct{}
}

func (m *meeting) Visit(ctx context.Context, text source.Text) error {
	switch m.arrived.Add(1) {
	case 1:
		select {
		case <-m.both:
		case <-time.After(time.Minute):
			return errors.New("nobody else reads a file of the directory")
		}
	case 2:
		close(m.both)
	}
	return m.reader.Visit(ctx, text)
}

// TestTheFilesOfOneDirectoryAreReadByAll has one directory with all the files.
func TestTheFilesOfOneDirectoryAreReadByAll(t *testing.T) {
	root := write(t, t.TempDir(), map[string]string{"1": "x", "2": "x", "3": "x", "4": "x"})
	m := &meeting{reader: reader{shown: map[string]int{}}, both: make(chan struct{})}
	if err := fs.New(root, fs.Options{}).Read(t.Context(), 2, m); err != nil || len(m.shown) != 4 {
		t.Errorf("%d files shown, %v", len(m.shown), err)
	}
}
