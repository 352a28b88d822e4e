package pack

import "golang.org/x/sys/unix"

// largeMemory returns memory that is used for long and all over: in pages as large as the system has, so that few have to
// be found. Whoever has no use for it any more gives it to releaseMemory.
func largeMemory(size int) []byte {
	memory, err := unix.Mmap(-1, 0, size, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_PRIVATE|unix.MAP_ANON)
	if err != nil {
		return make([]byte, size)
	}
	_ = unix.Madvise(memory, unix.MADV_HUGEPAGE) // where it has none, small ones do
	return memory
}

func releaseMemory(memory []byte) { _ = unix.Munmap(memory) } // what was made otherwise is no mapping, and stays
