//go:build unix && !linux

package fs

import "golang.org/x/sys/unix"

func pread(fd int, b []byte, at int64) (int, error) { return unix.Pread(fd, b, at) }
