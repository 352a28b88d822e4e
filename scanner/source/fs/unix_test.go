//go:build unix

package fs_test

import (
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/jwtleak/jwtleak/scanner/reading"
	"github.com/jwtleak/jwtleak/scanner/source/fs"
)

func TestPipesSocketsAndDevicesAreLeftOut(t *testing.T) {
	root := write(t, t.TempDir(), map[string]string{"file": "x"})
	if err := unix.Mkfifo(filepath.Join(root, "pipe"), 0o644); err != nil {
		t.Fatal(err)
	}
	t.Chdir(root) // the name of a socket must be short
	listener, err := net.Listen("unix", "socket")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	if r := read(t, root, fs.Options{}); len(r.shown) != 1 || len(r.problems) != 0 {
		t.Errorf("shown %v, problems %v", r.shown, r.problems)
	}
	// Named outright, a pipe without a writer does not hang either.
	if r := read(t, filepath.Join(root, "pipe"), fs.Options{}); len(r.shown) != 0 {
		t.Errorf("shown %v", r.shown)
	}
}

func TestWhatTakesTheFilesPlaceIsTold(t *testing.T) {
	for name, replace := range map[string]func(path string) error{
		"pipe": func(path string) error { return unix.Mkfifo(path, 0o600) },
		"link": func(path string) error { return os.Symlink("/dev/null", path) },
	} {
		t.Run(name, func(t *testing.T) {
			root := write(t, t.TempDir(), map[string]string{"file": "x"})
			r := read(t, root, fs.Options{Skip: func(path string) bool { // asked when the file was met, and not read yet
				if err := errors.Join(os.Remove(path), replace(path)); err != nil {
					t.Error(err)
				}
				return false
			}})
			if len(r.shown) != 0 || len(r.problems) != 1 || r.problems[0].Reason != "not a regular file any more" {
				t.Errorf("shown %v, problems %v", r.shown, r.problems)
			}
		})
	}
}

func TestKernelFileSystemsAreLeftOutAndNamed(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("linux alone mounts them among files")
	}
	if _, err := os.Stat("/proc/self/mountinfo"); err != nil {
		t.Skip("no /proc here")
	}
	var named []string
	read(t, "/", fs.Options{
		Exclude: []string{"/*", "!/proc"}, // nothing but /proc would be read
		LeftOut: func(path, _ string) { named = append(named, path) },
	})
	if len(named) != 1 || named[0] != "/proc" {
		t.Errorf("named %v, want /proc", named)
	}
}

// What is in memory, and what is hidden among devices, is data.
func TestDataBelowKernelFileSystemsIsRead(t *testing.T) {
	if !isMounted(t, "/dev/shm") {
		t.Skip("nothing is mounted at /dev/shm")
	}
	file, err := os.CreateTemp("/dev/shm", "test")
	if err != nil {
		t.Skip(err)
	}
	t.Cleanup(func() { _ = os.Remove(file.Name()) })
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	var named []string
	r := read(t, "/", fs.Options{
		Exclude: []string{"/*", "!/dev", "/dev/shm/*", "!" + file.Name()},
		LeftOut: func(path, _ string) { named = append(named, path) },
	})
	if _, ok := r.shown[strings.TrimPrefix(file.Name(), "/")]; !ok || len(r.shown) != 1 {
		t.Errorf("shown %v, want %s; named %v", r.shown, file.Name(), named)
	}
}

func isMounted(t *testing.T, point string) bool {
	t.Helper()
	table, err := os.ReadFile("/proc/self/mountinfo")
	return err == nil && strings.Contains(string(table), " "+point+" ")
}

func TestHolesAreKnownOnLinux(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sparse")
	if err := os.WriteFile(path, []byte("data"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(path, 1<<30); err != nil {
		t.Fatal(err)
	}
	m := &meddler{look: func(r io.Reader) {
		sparse, ok := r.(reading.Sparse)
		if !ok {
			t.Fatal("a file is no reading.Sparse")
		}
		if sparse.IsHole(0, 1<<30) {
			t.Error("data is called a hole")
		}
		if runtime.GOOS == "linux" && !sparse.IsHole(512<<20, 1<<30) {
			t.Skip("the file system of the test tells of no holes")
		}
		if err := os.Truncate(path, 768<<20); err != nil {
			t.Fatal(err)
		}
		if sparse.IsHole(512<<20, 1<<30) {
			t.Error("what was cut off is called a hole")
		}
	}}
	if err := fs.New(path, fs.Options{}).Read(t.Context(), 1, m); err != nil {
		t.Fatal(err)
	}
}
