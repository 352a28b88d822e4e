//go:build unix && !linux

package pagecache

import "golang.org/x/sys/unix"

// Pread is pread(2).
func Pread(fd int, b []byte, at int64) (int, error) { return unix.Pread(fd, b, at) }
