//go:build unix && !(linux && (amd64 || arm64))

package pagecache

import "golang.org/x/sys/unix"

// Openat is openat(2) without a mode.
func Openat(dir int, name string, flags int) (fd int, brief bool, err error) {
	fd, err = unix.Openat(dir, name, flags, 0)
	return fd, false, err
}

// Fstat is fstat(2).
func Fstat(fd int, _ bool, stat *unix.Stat_t) error { return unix.Fstat(fd, stat) }

// Close is close(2).
func Close(fd int, _ bool) error { return unix.Close(fd) }
