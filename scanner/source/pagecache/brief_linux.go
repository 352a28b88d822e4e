//go:build linux && (amd64 || arm64)

package pagecache

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// resolveCached is RESOLVE_CACHED of openat2(2).
const resolveCached = 0x20

// Openat is openat(2) without a mode. What the kernel has all names of in its cache is opened without telling the scheduler, and
// brief is true: so can Fstat and Close do with it. Else it is opened in the usual way, as where the kernel is older than 5.12.
func Openat(dir int, name string, flags int) (fd int, brief bool, err error) {
	path, err := unix.BytePtrFromString(name)
	if err != nil {
		return -1, false, err
	}
	how := unix.OpenHow{Flags: uint64(flags), Resolve: resolveCached}                                    //nolint:gosec // flags are bits
	opened, _, failed := unix.RawSyscall6(unix.SYS_OPENAT2, uintptr(dir), uintptr(unsafe.Pointer(path)), //nolint:gosec // as unix.Openat2 has it
		uintptr(unsafe.Pointer(&how)), unsafe.Sizeof(how), 0, 0) //nolint:gosec // the same
	if failed == 0 {
		return int(opened), true, nil //nolint:gosec // a descriptor
	}
	fd, err = unix.Openat(dir, name, flags, 0)
	return fd, false, err
}

// Fstat is fstat(2).
func Fstat(fd int, brief bool, stat *unix.Stat_t) error {
	if !brief {
		return unix.Fstat(fd, stat)
	}
	if _, _, failed := unix.RawSyscall(unix.SYS_FSTAT, uintptr(fd), uintptr(unsafe.Pointer(stat)), 0); failed != 0 { //nolint:gosec // as unix.Fstat has it
		return failed
	}
	return nil
}

// Close is close(2) of what was opened for reading.
func Close(fd int, brief bool) error {
	if !brief {
		return unix.Close(fd)
	}
	if _, _, failed := unix.RawSyscall(unix.SYS_CLOSE, uintptr(fd), 0, 0); failed != 0 {
		return failed
	}
	return nil
}
