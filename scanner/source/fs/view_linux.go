package fs

import (
	"os"
	"runtime/debug"

	"golang.org/x/sys/unix"
)

// View implements reading.Viewer by mmap(2), a part at a time, so that no more of a file counts as memory of the process
// than is in view. All of its pages are asked for at once: to fault them in one by one takes longer than to copy them. A
// page that is not there any more, since the file was cut, or can't be read from its disk, is a fault that ends the look.
func (d *descriptor) View(from, to int64, look func(text []byte)) (whole bool) {
	start := from &^ int64(os.Getpagesize()-1)
	if from >= to || to-start > 1<<30 {
		return false
	}
	memory, err := unix.Mmap(d.fd, start, int(to-start), unix.PROT_READ, unix.MAP_SHARED|unix.MAP_POPULATE)
	if err != nil {
		return false
	}
	defer func() { _ = unix.Munmap(memory) }() // it was mapped
	return lookedAt(memory[from-start:], look)
}

// lookedAt shows memory that may cease to be there.
func lookedAt(memory []byte, look func(text []byte)) (whole bool) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if whole {
			return
		}
		reason := recover()
		if _, isFault := reason.(interface{ Addr() uintptr }); !isFault {
			panic(reason)
		}
	}()
	look(memory)
	return true
}
