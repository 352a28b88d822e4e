package pack

import (
	"os"
	"strconv"

	"golang.org/x/sys/unix"
)

// maxMapping bounds a mapping, in bytes. There is room for it where addresses have 64 bits.
const maxMapping = 1 << 40

// newMapping maps the first size bytes of a file, or returns nil where that can't be done.
func newMapping(file *os.File, size int64) *mapping {
	if size <= 0 || size > maxMapping || strconv.IntSize < 64 {
		return nil
	}
	bytes, err := unix.Mmap(int(file.Fd()), 0, int(size), unix.PROT_READ, unix.MAP_SHARED)
	if err != nil {
		return nil
	}
	return mappingOf(bytes)
}

func (m *mapping) close() error { return unix.Munmap(m.bytes) }

// letGo has the system take back what is there of a mapping. What of it is read again is there again.
func letGo(bytes []byte) { _ = unix.Madvise(bytes, unix.MADV_DONTNEED) } // where it can't, more memory is in use
