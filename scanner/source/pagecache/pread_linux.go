package pagecache

import (
	"runtime"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Pread is pread(2), but what is in the page cache is read without telling the scheduler. What is not would hold up whatever else
// is to run on the thread: so it is asked for as what must not be waited for (RWF_NOWAIT), and waited for in the usual way where
// the system says that it is not there, or that the file system knows no such thing. It is a twentieth of the scan of a
// directory, and of the sweep of a pack.
func Pread(fd int, b []byte, at int64) (int, error) {
	if len(b) == 0 {
		return 0, nil
	}
	one := unix.Iovec{Base: unsafe.SliceData(b)}
	one.SetLen(len(b))
	n, _, failed := unix.RawSyscall6(unix.SYS_PREADV2, uintptr(fd), uintptr(unsafe.Pointer(&one)), 1, //nolint:gosec // as unix.Preadv2 has it
		uintptr(at), uintptr(uint64(at)>>32), unix.RWF_NOWAIT) //nolint:gosec // low and high half, where a word is half of it
	runtime.KeepAlive(b)
	if failed == 0 && n > 0 {
		return int(n), nil //nolint:gosec // at most what was asked for
	}
	return unix.Pread(fd, b, at)
}
