package container

import (
	"encoding/binary"
	"errors"
	"io"
)

var (
	errZipBehind   = errors.New("ends as a zip does, which is not unpacked: it is too large to be held, or a stream. Unpack it, or scan it as a file")
	errTableBehind = errors.New("ends as a table of LevelDB does, whose blocks are not unpacked: scan it as a file")
)

// A Tail keeps what its reader has read last.
type Tail struct {
	reader io.Reader
	last   [2 * zipEndWindow]byte
	end    int // last[:end] is kept
	size   int64
}

// NewTail returns a Tail of a stream, of which the end is not known before it has come. It can be waited for as reader can.
func NewTail(reader io.Reader) *Tail { return &Tail{reader: reader} }

// Read implements io.Reader.
func (t *Tail) Read(p []byte) (int, error) {
	n, err := t.reader.Read(p)
	t.keep(p[:n])
	return n, err
}

// ReadSoon implements waiter.
func (t *Tail) ReadSoon(p []byte) (n int, idle bool, err error) {
	n, idle, err = readSoon(t.reader, p)
	t.keep(p[:n])
	return n, idle, err
}

// keep keeps the last of what was read, of small parts without moving what there is each time.
func (t *Tail) keep(read []byte) {
	t.size += int64(len(read))
	read = read[max(0, len(read)-zipEndWindow):]
	if t.end+len(read) > len(t.last) {
		t.end = copy(t.last[:], t.last[t.end-zipEndWindow:t.end])
	}
	t.end += copy(t.last[t.end:], read)
}

// Unopened returns what is to be told where the text has ended as a zip or a table does, nil where it has not.
func (t *Tail) Unopened() error {
	last := t.last[:t.end]
	for _, at := range placesOf(last, []byte(zipEnd)) {
		if record := last[at:]; len(record) >= zipEndSize {
			size, offset := int64(binary.LittleEndian.Uint32(record[12:])), int64(binary.LittleEndian.Uint32(record[16:]))
			comment := int(binary.LittleEndian.Uint16(record[20:]))
			fits := size+offset <= t.size-int64(len(record)) || size+offset >= 1<<32-1 // of zip64
			if size > 0 && zipEndSize+comment <= len(record) && fits {
				return errZipBehind
			}
		}
	}
	if endsTable(last) {
		return errTableBehind
	}
	return nil
}
