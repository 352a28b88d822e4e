//go:build unix

package fs_test

import (
	"net"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"golang.org/x/sys/unix"

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
