package pagecache

import "os"

// A Mapping is a file as it lies in the page cache, to be looked at without a copy. Any number of goroutines may take windows of it.
type Mapping struct {
	mapped []byte // text, from the start of its first page on
	text   []byte
	fd     int
	offset int64 // of mapped in the file
}

// mappedStep is how much of a window is made ready at once, in bytes: each time has the price of a system call.
const mappedStep = 2 << 20

// A Window is a part of a mapping, for one goroutine. What the bytes are may change while they are looked at, and where the file is cut
// they are gone: who reads them calls debug.SetPanicOnFault, and expects the panic.
type Window struct {
	of          *Mapping
	text        []byte
	front       int // where the text starts in what is mapped
	keep        int // how much may be ready behind what is done with
	done, ready int // offsets in what is mapped, of pages: what lies between them counts as the memory of the process
}

// Window returns the text from one offset to another. It keeps so many bytes in the memory of the process, and what is needed at once.
func (m *Mapping) Window(from, to int64, keep int) *Window {
	front := len(m.mapped) - len(m.text) + int(from)
	start := front &^ (os.Getpagesize() - 1)
	return &Window{of: m, text: m.text[from:to], front: front, keep: keep, done: start, ready: start}
}

// Text returns the part of the file. It is of no use once the mapping is closed.
func (w *Window) Text() []byte { return w.text }

// Ready makes the text ready up to an offset in it; what is in front of another one is done with. It reports false where the system does
// not have all of that in its memory: to wait for it while a goroutine reads it would hold up whatever else is to run on the thread.
func (w *Window) Ready(done, to int) bool {
	if w.front+to <= w.ready {
		return true
	}
	if done += w.front; done-w.done > w.keep && !w.letGo(done&^(os.Getpagesize()-1)) {
		return false
	}
	return w.advance(w.front + to)
}

// Close lets go of all that is ready.
func (w *Window) Close() { _ = w.letGo(w.ready) }
