package pagecache_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/jwtleak/jwtleak/scanner/source/pagecache"
)

// What is opened, in a directory and by its path, at once or not, is what openat opens, and is closed.
func TestOpenat(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "file"), []byte("twelve bytes"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("file", filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	opened, err := os.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer opened.Close() //nolint:errcheck // opened for reading only
	for _, test := range []struct {
		name  string
		dir   int
		path  string
		flags int
		want  error
	}{
		{"in a directory", int(opened.Fd()), "file", 0, nil},
		{"by its path", unix.AT_FDCWD, filepath.Join(dir, "file"), 0, nil},
		{"a link that is followed", int(opened.Fd()), "link", 0, nil},
		{"a link", int(opened.Fd()), "link", unix.O_NOFOLLOW, unix.ELOOP},
		{"nothing", int(opened.Fd()), "nothing", 0, unix.ENOENT},
		{"a name with a zero", int(opened.Fd()), "fi\x00le", 0, unix.EINVAL},
	} {
		fd, brief, err := pagecache.Openat(test.dir, test.path, unix.O_RDONLY|unix.O_CLOEXEC|test.flags)
		if !errors.Is(err, test.want) {
			t.Errorf("%s: %v, want %v", test.name, err, test.want)
		}
		if err != nil {
			continue
		}
		for _, way := range []bool{brief, false} {
			var stat unix.Stat_t
			if err := pagecache.Fstat(fd, way, &stat); err != nil || stat.Size != 12 {
				t.Errorf("%s, brief %v: %d bytes, %v", test.name, way, stat.Size, err)
			}
		}
		if err := pagecache.Close(fd, brief); err != nil {
			t.Errorf("%s: %v", test.name, err)
		}
		if err := pagecache.Fstat(fd, brief, new(unix.Stat_t)); !errors.Is(err, unix.EBADF) {
			t.Errorf("%s: once closed it is still there: %v", test.name, err)
		}
	}
}
