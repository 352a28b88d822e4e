package pack

import (
	"errors"
	"io"
)

const (
	windowSize = 16 << 10
	// fewWindows are enough where some objects are read: the deltas of an object mostly lie near it.
	fewWindows = 128
	// sweptBytes is how much of a pack those who sweep it have at hand, all together. Half of it is hardly slower, and twice
	// as much hardly faster.
	sweptBytes = 32 << 20
)

// A reader has the bytes of one pack at hand, for one goroutine: windows of the file that were used lately. The pack is not
// mapped: one that is cut short meanwhile would be a fault to recover from, and where a hypervisor keeps the page tables,
// to map a page costs more than to copy it.
type reader struct {
	file    io.ReaderAt
	size    int64
	windows *windows
	scratch []byte
}

// Windows are each in the one place where it may be, by its number.
type windows struct {
	list   []window
	memory []byte // of all of them; nil where each is made when it is needed
}

type window struct {
	number     int64 // counted from the beginning of the file and from one; 0 for none
	start, end int   // what has been read of it
	bytes      []byte
}

// newReader returns a reader that has so many windows.
func newReader(p *pack, count int) *reader {
	return &reader{file: p.cached, size: p.size, windows: &windows{list: make([]window, count)}}
}

// newSweptWindows returns the windows that one of so many who sweep packs has, the largest of which has so many bytes.
func newSweptWindows(jobs int, largest int64) *windows {
	count := int(min(int64(sweptBytes/windowSize/jobs), largest/windowSize+1))
	if count <= fewWindows {
		return &windows{list: make([]window, fewWindows)}
	}
	w := &windows{list: make([]window, count), memory: largeMemory(count * windowSize)}
	for i := range w.list {
		w.list[i].bytes = w.memory[i*windowSize : (i+1)*windowSize : (i+1)*windowSize]
	}
	return w
}

// forget has what is in the windows be no pack's.
func (w *windows) forget() {
	for i := range w.list {
		w.list[i].number = 0
	}
}

// at returns the bytes from an offset on: n of them, or as many as the file has. They are valid until the next call.
func (r *reader) at(offset, n int64) ([]byte, error) {
	if offset < 0 || offset >= r.size {
		return nil, io.ErrUnexpectedEOF
	}
	n = min(n, r.size-offset)
	from := offset % windowSize
	if from+n > windowSize {
		return r.across(offset, n)
	}
	w, err := r.window(offset/windowSize, int(from))
	if err != nil {
		return nil, err
	}
	if int(from) >= w.end {
		return nil, io.ErrUnexpectedEOF // the file has been cut short
	}
	return w.bytes[from:min(w.end, int(from+n))], nil
}

// across reads what does not lie in one window.
func (r *reader) across(offset, n int64) ([]byte, error) {
	if int64(cap(r.scratch)) < n {
		r.scratch = make([]byte, n+n/4)
	}
	got, err := r.file.ReadAt(r.scratch[:n], offset)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if got == 0 {
		return nil, io.ErrUnexpectedEOF
	}
	return r.scratch[:got], nil
}

// window returns a window that has been read from start on, unless the file ends in front of that. What is asked for next of one
// is mostly behind that: what is in front of it is read when it is asked for.
func (r *reader) window(number int64, start int) (*window, error) {
	w := &r.windows.list[number%int64(len(r.windows.list))]
	if w.number == number+1 && w.start <= start {
		return w, nil
	}
	if w.bytes == nil {
		w.bytes = make([]byte, windowSize)
	}
	end := windowSize
	if w.number == number+1 {
		end = w.start
	}
	w.number = 0
	n, err := r.file.ReadAt(w.bytes[start:end], number*windowSize+int64(start))
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if w.start, w.end = start, start+n; w.end == end {
		w.number, w.end = number+1, windowSize
	}
	return w, nil
}
