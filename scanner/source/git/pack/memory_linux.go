package pack

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

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

// emptyMemory gives the pages to the system, and reports whether it has: whoever reads there reads zeros.
func emptyMemory(memory []byte) bool { return unix.Madvise(memory, unix.MADV_DONTNEED) == nil }

func releaseMemory(memory []byte) { _ = unix.Munmap(memory) } // what was made otherwise is no mapping, and stays

// fewEntries are so few that they are made as everything is.
const fewEntries = 1 << 15

// largeEntries returns so many entries and the memory that they are in, if that is none of Go's: it is zero without having been
// cleared.
func largeEntries(count int) (entries []packEntry, memory []byte) {
	if count <= fewEntries {
		return make([]packEntry, count), nil
	}
	memory = largeMemory(count * int(unsafe.Sizeof(packEntry{})))
	return unsafe.Slice((*packEntry)(unsafe.Pointer(unsafe.SliceData(memory))), count), memory //nolint:gosec // it has no pointers
}
