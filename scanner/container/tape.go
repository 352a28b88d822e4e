package container

import (
	"bufio"
	"io"
)

// tapeSize is the buffer of a tape, and so how far it can be wound back. It begins as firstTape: most entries of archives
// are small, and a buffer costs more to clear than they do to read.
const (
	tapeSize  = 64 << 10
	firstTape = 4 << 10
)

// A tape reads a text in order, knows where it is, and can be wound back a little: a decoder that breaks off may have
// read further than what it decoded.
type tape struct {
	source     io.Reader
	buffer     []byte
	most       int   // how large buffer may become
	start, end int   // buffer[start:end] is unread
	base       int64 // offset in the text of buffer[0]
	err        error // of source, told once all before it is read
	live       bool  // what has come is wanted before more is waited for
}

var (
	_ io.Reader     = (*tape)(nil)
	_ io.ByteReader = (*tape)(nil)
)

// newTape returns a tape of source, a text of size bytes, or of any length where size is negative.
func newTape(source io.Reader, size int64) *tape {
	most := mostOf(size)
	return &tape{source: source, buffer: make([]byte, min(most, firstTape)), most: most}
}

// mostOf returns how large the buffer of a tape may become.
func mostOf(size int64) int {
	if size >= 0 && size < tapeSize {
		return int(max(1<<10, size+1))
	}
	return tapeSize
}

// newTape is newTape with the buffer of one that is free, of which freeTape takes it back: nobody may know of what it has then.
func (w *walker) newTape(source io.Reader, size int64) *tape {
	last := len(w.tapes) - 1
	if last < 0 {
		return newTape(source, size)
	}
	t := w.tapes[last]
	w.tapes = w.tapes[:last]
	*t = tape{source: source, buffer: t.buffer, most: mostOf(size)}
	return t
}

func (w *walker) freeTape(t *tape) {
	t.source = nil
	w.tapes = append(w.tapes, t)
}

// offset returns how many bytes of the text lie before the next one read.
func (t *tape) offset() int64 { return t.base + int64(t.start) }

// rewind goes back to offset, or as near to it as the buffer reaches.
func (t *tape) rewind(offset int64) {
	t.start = int(min(int64(t.end), max(0, offset-t.base)))
}

// room makes room behind what is unread, and reports whether there is some. It keeps at least the last byte read, for windings
// back of short magics it keeps more.
func (t *tape) room() bool {
	const keep = 64
	if t.end == len(t.buffer) && t.end < t.most {
		t.buffer = append(make([]byte, 0, min(4*t.end, t.most)), t.buffer...)
		t.buffer = t.buffer[:cap(t.buffer)]
	}
	if t.end == len(t.buffer) {
		from := max(0, t.start-keep)
		if from == 0 {
			t.err = bufio.ErrBufferFull
			return false
		}
		copy(t.buffer, t.buffer[from:t.end])
		t.base += int64(from)
		t.start, t.end = t.start-from, t.end-from
	}
	return true
}

// fill reads once from source.
func (t *tape) fill() {
	if !t.room() {
		return
	}
	for range 100 {
		n, err := t.source.Read(t.buffer[t.end:])
		t.end += n
		if t.err = err; n > 0 || err != nil {
			return
		}
	}
	t.err = io.ErrNoProgress
}

// Read implements io.Reader.
func (t *tape) Read(p []byte) (int, error) {
	if t.start == t.end && len(p) > 0 {
		if t.err != nil {
			return 0, t.err
		}
		if t.fill(); t.start == t.end {
			return 0, t.err
		}
	}
	n := copy(p, t.buffer[t.start:t.end])
	t.start += n
	return n, nil
}

// ReadByte implements io.ByteReader.
func (t *tape) ReadByte() (byte, error) {
	for t.start == t.end {
		if t.err != nil {
			return 0, t.err
		}
		t.fill()
	}
	c := t.buffer[t.start]
	t.start++
	return c, nil
}

// peek returns the next n bytes, or what is left if that is less, without reading them. n is at most half of tapeSize.
// What it returns is valid until the next call.
func (t *tape) peek(n int) []byte {
	for t.end-t.start < n && t.err == nil {
		t.fill()
	}
	return t.buffer[t.start:min(t.end, t.start+n)]
}

// front is peek, but of a live text returns no more than what has come.
func (t *tape) front(n int) []byte {
	if t.live {
		return t.buffer[t.start:min(t.end, t.start+n)]
	}
	return t.peek(n)
}

// short reports whether all that is left is in the buffer. It reads no further than half of the buffer to know, unless the
// text is known to have room in it.
func (t *tape) short() bool {
	for t.err == nil && (t.end-t.start < t.most/2 || t.most < tapeSize && t.end < t.most) {
		t.fill()
	}
	return t.err == io.EOF //nolint:errorlint // as readers tell it
}

// skip reads n bytes, or all that is left, and reports whether there were n.
func (t *tape) skip(n int64) bool {
	for n > 0 {
		if t.start == t.end && len(t.peek(1)) == 0 {
			return false
		}
		step := int(min(n, int64(t.end-t.start)))
		t.start += step
		n -= int64(step)
	}
	return true
}

// skipZeros reads padding.
func (t *tape) skipZeros() {
	for {
		next := t.peek(1)
		if len(next) == 0 || next[0] != 0 {
			return
		}
		t.start++
	}
}
