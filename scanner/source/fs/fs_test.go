package fs_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/jwtleak/jwtleak/scanner/finding"
	"github.com/jwtleak/jwtleak/scanner/source"
	"github.com/jwtleak/jwtleak/scanner/source/fs"
	"github.com/jwtleak/jwtleak/scanner/source/sourcetest"
)

func write(t *testing.T, root string, tree map[string]string) string {
	t.Helper()
	for name, text := range tree {
		path := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func TestSuite(t *testing.T) {
	sourcetest.Run(t, sourcetest.Options{}, func(t *testing.T, tree map[string]string) source.Source {
		return fs.New(write(t, t.TempDir(), tree), fs.Options{})
	})
	t.Run("file", func(t *testing.T) {
		sourcetest.Run(t, sourcetest.Options{Single: true}, func(t *testing.T, tree map[string]string) source.Source {
			return fs.New(filepath.Join(write(t, t.TempDir(), tree), "one"), fs.Options{})
		})
	})
}

// A reader keeps which paths it is shown, and what problems there are.
type reader struct {
	mu       sync.Mutex
	shown    map[string]int // size by path
	problems []finding.Problem
	files    int64
}

func (r *reader) Visit(_ context.Context, text source.Text) error {
	size := int64(len(text.Bytes))
	if text.Reader != nil {
		var err error
		if size, err = io.Copy(io.Discard, text.Reader); err != nil {
			return err
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	path := text.Place.(finding.FilePlace).Path
	if _, again := r.shown[path]; again {
		return errors.New(path + " is shown twice")
	}
	r.shown[path] = int(size)
	return nil
}

func (r *reader) Problem(problem finding.Problem) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.problems = append(r.problems, problem)
	return nil
}

func (r *reader) Attribute(finding.Fingerprint, string, []finding.Occurrence) error { return nil }

func (r *reader) Count(stats finding.Stats) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.files += stats.Files
}

// read returns what is shown of a directory, by path below it.
func read(t *testing.T, root string, options fs.Options) *reader {
	t.Helper()
	r := &reader{shown: map[string]int{}}
	if err := fs.New(root, options).Read(t.Context(), 3, r); err != nil {
		t.Fatal(err)
	}
	below := map[string]int{}
	for path, size := range r.shown {
		below[strings.TrimPrefix(strings.TrimPrefix(path, filepath.ToSlash(root)), "/")] = size
	}
	r.shown = below
	return r
}

// secrets is a prefilter that knows where a secret begins.
type secrets struct{}

func (secrets) Index(text []byte) int { return bytes.Index(text, []byte("secret-")) }
func (secrets) Width() int            { return len("secret-") }

// A namesReader keeps the names that it is shown, by path.
type namesReader struct {
	reader
	names map[string]string
}

func (r *namesReader) Visit(ctx context.Context, text source.Text) error {
	if !text.IsName {
		return r.reader.Visit(ctx, text)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if text.Modified.IsZero() {
		return errors.New("a name without a time")
	}
	r.names[text.Place.(finding.FilePlace).Path] = string(text.Bytes)
	return nil
}

// TestNames shows the names of whatever may have a token in it, and no others.
func TestNames(t *testing.T) {
	name := "the-name-of-a-secret-of-some-length"
	root := write(t, filepath.Join(t.TempDir(), "root-"+name), map[string]string{
		"file-" + name: "", "dir-" + name + "/short-secret-": "", "a name that has none of what is looked for": "",
		"left-out/" + name: "",
	})
	want := []string{"", "dir-" + name, "file-" + name}
	if err := os.Symlink("nowhere", filepath.Join(root, "link-"+name)); err == nil { // Windows may refuse it
		want = append(want, "link-"+name)
	}
	r := &namesReader{reader: reader{shown: map[string]int{}}, names: map[string]string{}}
	options := fs.Options{Prefilter: secrets{}, Exclude: []string{"left-out"}}
	if err := fs.New(root, options).Read(t.Context(), 3, r); err != nil {
		t.Fatal(err)
	}
	var got []string
	for path, name := range r.names {
		if filepath.Base(filepath.FromSlash(path)) != name {
			t.Errorf("%q is the name of %q", name, path)
		}
		got = append(got, strings.TrimPrefix(strings.TrimPrefix(path, filepath.ToSlash(root)), "/"))
	}
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" || len(r.shown) != 3 {
		t.Errorf("names: %s\n%d files", diff, len(r.shown))
	}
}

func paths(r *reader) []string {
	var paths []string
	for path := range r.shown {
		paths = append(paths, path)
	}
	slices.Sort(paths)
	return paths
}

func TestPatterns(t *testing.T) {
	tree := map[string]string{"a.log": "", "b.txt": "", "vendor/a.log": "", "sub/vendor/c.log": "", "sub/deep/d.log": "", "keep/b.txt": ""}
	for _, test := range []struct {
		name             string
		include, exclude []string
		want             []string
	}{
		{name: "all", want: []string{"a.log", "b.txt", "keep/b.txt", "sub/deep/d.log", "sub/vendor/c.log", "vendor/a.log"}},
		{name: "exclude a directory anywhere", exclude: []string{"vendor/"}, want: []string{"a.log", "b.txt", "keep/b.txt", "sub/deep/d.log"}},
		{name: "exclude one at the root", exclude: []string{"/vendor"}, want: []string{"a.log", "b.txt", "keep/b.txt", "sub/deep/d.log", "sub/vendor/c.log"}},
		{name: "exclude all but", exclude: []string{"*.txt", "!keep/b.txt"}, want: []string{"a.log", "keep/b.txt", "sub/deep/d.log", "sub/vendor/c.log", "vendor/a.log"}},
		{name: "include", include: []string{"*.txt"}, want: []string{"b.txt", "keep/b.txt"}},
		{name: "include a directory", include: []string{"/sub/"}, want: []string{"sub/deep/d.log", "sub/vendor/c.log"}},
		{name: "both", include: []string{"*.log"}, exclude: []string{"vendor"}, want: []string{"a.log", "sub/deep/d.log"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := read(t, write(t, t.TempDir(), tree), fs.Options{Include: test.include, Exclude: test.exclude})
			if diff := cmp.Diff(test.want, paths(r)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestSizes(t *testing.T) {
	large := strings.Repeat("x", 300<<10)
	root := write(t, t.TempDir(), map[string]string{"empty": "", "small": "x", "large": large})
	if diff := cmp.Diff(map[string]int{"empty": 0, "small": 1, "large": len(large)}, read(t, root, fs.Options{}).shown); diff != "" {
		t.Error(diff)
	}
	r := read(t, root, fs.Options{MaxFileSize: 1000})
	if len(r.shown) != 2 || len(r.problems) != 1 || !strings.HasSuffix(r.problems[0].Path, "/large") {
		t.Errorf("shown %v, problems %v; want the large file among the problems", r.shown, r.problems)
	}
}

func TestLinksAreNotFollowed(t *testing.T) {
	outside := write(t, t.TempDir(), map[string]string{"secret": "outside"})
	root := write(t, t.TempDir(), map[string]string{"file": "inside", "dir/file": "inside"})
	for name, target := range map[string]string{
		"out": outside, "outfile": filepath.Join(outside, "secret"), "in": filepath.Join(root, "file"), "loop": root, "nowhere": "nothing here",
	} {
		if err := os.Symlink(target, filepath.Join(root, name)); err != nil {
			t.Skip("symbolic links can't be made here:", err)
		}
	}
	r := read(t, root, fs.Options{})
	if diff := cmp.Diff([]string{"dir/file", "file"}, paths(r)); diff != "" || len(r.problems) > 0 {
		t.Errorf("%s, problems %v", diff, r.problems)
	}
	// A link that is itself the target is followed.
	if r := read(t, filepath.Join(root, "outfile"), fs.Options{}); len(r.shown) != 1 {
		t.Errorf("shown %v", r.shown)
	}
	if r := read(t, filepath.Join(root, "out"), fs.Options{}); len(r.shown) != 1 {
		t.Errorf("shown %v", r.shown)
	}
}

func TestTheUnreadableIsTold(t *testing.T) {
	if os.Getuid() == 0 || runtime.GOOS == "windows" {
		t.Skip("whoever runs this may read everything")
	}
	root := write(t, t.TempDir(), map[string]string{"open": "x", "closed": "x", "dir/file": "x"})
	for _, name := range []string{"closed", "dir"} {
		if err := os.Chmod(filepath.Join(root, name), 0); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() { _ = os.Chmod(filepath.Join(root, "dir"), 0o755) })
	r := read(t, root, fs.Options{})
	if len(r.problems) != 2 || len(r.shown) != 1 {
		t.Errorf("shown %v, problems %v", r.shown, r.problems)
	}
	for _, problem := range r.problems {
		if problem.Reason != "permission denied" {
			t.Errorf("reason %q", problem.Reason)
		}
	}
}

func TestRepositoriesAreReadAsSuch(t *testing.T) {
	root := write(t, t.TempDir(), map[string]string{
		"plain/file": "x", "work/.git/HEAD": "x", "work/file": "x", "bare.git/HEAD": "x", "bare.git/objects/x": "x", "broken/.git/HEAD": "x", "broken/file": "x",
		"all.bundle": "x", "no.bundle": "x", "all.pack": "x",
	})
	var mu sync.Mutex
	asked := map[string]bool{}
	r := read(t, root, fs.Options{Repository: func(dir string) (source.Source, error) {
		mu.Lock()
		defer mu.Unlock()
		asked[filepath.Base(dir)] = true
		if filepath.Base(dir) == "broken" {
			return nil, errors.New("not a git repository")
		}
		if filepath.Base(dir) == "no.bundle" {
			return nil, nil
		}
		return fs.New(filepath.Join(dir, "HEAD"), fs.Options{}), nil
	}})
	if _, ok := r.shown["all.bundle"]; ok {
		t.Error("a bundle is read as a file")
	}
	if _, ok := r.shown["no.bundle"]; !ok {
		t.Error("what is only named like a bundle is not read")
	}
	if _, ok := r.shown["work/file"]; ok {
		t.Error("the work tree is read twice")
	}
	if _, ok := r.shown["broken/file"]; !ok {
		t.Error("what is no repository is not read as files")
	}
	if _, ok := r.shown["plain/file"]; !ok {
		t.Error("plain files are not read")
	}
	for _, dir := range []string{"bare.git", "broken", "work", "all.bundle", "no.bundle", "all.pack"} {
		if !asked[dir] {
			t.Errorf("%s is not recognized as what may be a repository", dir)
		}
	}
}
