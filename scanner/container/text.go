package container

import (
	"bufio"
	"bytes"
	"io"
	"time"
)

// A text is a piece of input on its way through the walker: held in memory, readable at any offset, or a stream.
type text struct {
	chain    []string
	name     string
	depth    int // containers around it
	modified time.Time

	held   []byte      // where it is in memory
	at     io.ReaderAt // where it can be read at any offset; also set for a held one
	size   int64       // -1 where not known
	reader io.Reader   // where it can only be read in order

	stream *bufio.Reader // over reader, once looked into
}

func (t *text) hold(data []byte) {
	if data == nil {
		data = []byte{}
	}
	t.held, t.at, t.size = data, bytes.NewReader(data), int64(len(data))
}

// prefix returns the first bytes, up to SniffLength, leaving them unread.
func (t *text) prefix() []byte {
	switch {
	case t.held != nil:
		return t.held[:min(len(t.held), SniffLength)]
	case t.at != nil:
		buffer := make([]byte, min(t.size, SniffLength))
		n, _ := t.at.ReadAt(buffer, 0)
		return buffer[:n]
	default:
		if t.stream == nil {
			t.stream = bufio.NewReaderSize(t.reader, 64<<10)
		}
		prefix, _ := t.stream.Peek(SniffLength)
		return prefix
	}
}

// sequence returns a reader of the text from its start, for a text that can be read at any offset; of a stream, from
// where it was read to.
func (t *text) sequence() *bufio.Reader {
	if t.at != nil {
		return bufio.NewReaderSize(io.NewSectionReader(t.at, 0, t.size), 64<<10)
	}
	if t.stream == nil {
		t.stream = bufio.NewReaderSize(t.reader, 64<<10)
	}
	return t.stream
}

// inside returns a text that an entry called name of t holds.
func (t *text) inside(name string) *text {
	chain := append(t.chain[:len(t.chain):len(t.chain)], name)
	return &text{chain: chain, name: name, depth: t.depth + 1, modified: t.modified, size: -1}
}
