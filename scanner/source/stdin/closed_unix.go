//go:build unix

package stdin

import (
	"io"
	"os"

	"golang.org/x/sys/unix"
)

// isClosed reports whether a stream is what stands in for a standard input that was closed: Go's runtime opens the null device
// for reading and writing in its place, as do those who start a program without any (docker run without -i). What a shell is
// told to read from it (</dev/null) is opened for reading alone, and is a text that is empty.
func isClosed(stream io.Reader) bool {
	file, ok := stream.(*os.File)
	if !ok {
		return false
	}
	raw, err := file.SyscallConn() // Fd would make it block
	if err != nil {
		return false
	}
	is := false
	err = raw.Control(func(fd uintptr) {
		var given, null unix.Stat_t
		if unix.Fstat(int(fd), &given) != nil || given.Mode&unix.S_IFMT != unix.S_IFCHR || unix.Stat(os.DevNull, &null) != nil {
			return
		}
		flags, err := unix.FcntlInt(fd, unix.F_GETFL, 0)
		is = err == nil && flags&unix.O_ACCMODE == unix.O_RDWR && given.Rdev == null.Rdev
	})
	return err == nil && is
}
