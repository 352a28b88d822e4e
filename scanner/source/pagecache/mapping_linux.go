//go:build linux && (amd64 || arm64)

package pagecache

import (
	"os"

	"golang.org/x/sys/unix"
)

// Map maps a file from one offset to another, which is not behind its end. It returns nil where the system does not map it.
func Map(fd int, from, to int64) *Mapping {
	start := from &^ int64(os.Getpagesize()-1)
	if from >= to {
		return nil
	}
	mapped, err := unix.Mmap(fd, start, int(to-start), unix.PROT_READ, unix.MAP_SHARED)
	if err != nil {
		return nil
	}
	return &Mapping{mapped: mapped, text: mapped[from-start:], fd: fd, offset: start}
}

// Close ends the mapping. No window of it is in use any more.
func (m *Mapping) Close() error { return unix.Munmap(m.mapped) }

// letGo lets go of what is ready in front of a page.
func (w *Window) letGo(to int) bool {
	if to > w.done && unix.Madvise(w.of.mapped[w.done:to], unix.MADV_DONTNEED) != nil {
		return false
	}
	w.done = to
	return true
}

// advance makes ready what stands in front of an offset, and some more.
func (w *Window) advance(to int) bool {
	page := os.Getpagesize()
	to = max(to, min(w.ready+mappedStep, w.front+len(w.text)))
	to = min((to+page-1)&^(page-1), len(w.of.mapped))
	if !isCached(w.of.fd, w.of.offset+int64(to)-1) || unix.Madvise(w.of.mapped[w.ready:to], unix.MADV_POPULATE_READ) != nil {
		return false
	}
	w.ready = to
	return true
}

// isCached reports whether the byte of a file at an offset is there, and can be read without waiting for it.
func isCached(fd int, at int64) bool {
	var b [1]byte
	n, err := unix.Preadv2(fd, [][]byte{b[:]}, at, unix.RWF_NOWAIT)
	return n == 1 && err == nil
}
