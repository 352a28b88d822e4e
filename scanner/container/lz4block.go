package container

import (
	"encoding/binary"
	"io"
)

// mozLZ4 is what begins the files that Mozilla's programs compress, sessions and lists of search engines among them: behind it
// stand the length of the text and one block of LZ4.
const mozLZ4 = "mozLz40\x00"

func mozLZ4Codec() codec {
	return codec{suffixes: []string{".mozlz4", ".lz4", "lz4"}, open: func(source *tape, _ *walker) (io.Reader, error) {
		header := source.peek(len(mozLZ4) + 4)
		if len(header) < len(mozLZ4)+4 {
			return nil, io.ErrUnexpectedEOF
		}
		size := binary.LittleEndian.Uint32(header[len(mozLZ4):])
		source.skip(int64(len(header)))
		return &lz4BlockReader{source: source, left: int64(size)}, nil
	}}
}

// lz4Back is how far a match of LZ4 goes back at most, in bytes.
const lz4Back = 1 << 16

// An lz4BlockReader reads a block of LZ4 whose text has a known length (LZ4 block format), of any length: it keeps no more of it
// than matches may go back. A library needs all of it in memory, and of a block that is damaged tells nothing.
type lz4BlockReader struct {
	source     *tape
	left       int64  // bytes of text that are still to be decoded
	buffer     []byte // what was decoded last
	start, end int    // buffer[start:end] is unread
	literals   int64  // bytes left of the literals at hand
	match      int64  // bytes left of the match at hand, or behind these literals before its length is read on
	back       int    // how far it goes back
	within     bool   // of a sequence: the literals were begun, and the match is to follow
	err        error
}

// Read implements io.Reader.
func (r *lz4BlockReader) Read(p []byte) (int, error) {
	if r.start == r.end {
		if r.left == 0 && r.err == nil {
			r.err = io.EOF
			if len(r.source.peek(1)) > 0 {
				r.err = errTrailing
			}
		}
		if r.err != nil {
			return 0, r.err
		}
		r.fill()
		if r.start == r.end {
			return 0, r.err
		}
	}
	n := copy(p, r.buffer[r.start:r.end])
	r.start += n
	return n, nil
}

// fill decodes until the buffer is full, or to the end.
func (r *lz4BlockReader) fill() {
	if r.buffer == nil {
		r.buffer = make([]byte, min(2*lz4Back, r.left))
	}
	if r.end > lz4Back {
		copy(r.buffer, r.buffer[r.end-lz4Back:r.end])
		r.end = lz4Back
	}
	r.start = r.end
	for r.end < len(r.buffer) && r.left > 0 && r.err == nil {
		switch {
		case r.literals > 0:
			r.literal()
		case r.within && r.match >= 0 && r.back > 0:
			r.copyMatch()
		case r.within:
			r.beginMatch()
		default:
			r.sequence()
		}
	}
}

// sequence reads what begins one: the length of its literals, and the first part of that of its match.
func (r *lz4BlockReader) sequence() {
	token, err := r.source.ReadByte()
	if err != nil {
		r.err = io.ErrUnexpectedEOF
		return
	}
	r.within, r.back, r.match = true, 0, int64(token&15)
	r.literals = r.length(int64(token >> 4))
}

// length reads on a length whose first part is 15.
func (r *lz4BlockReader) length(length int64) int64 {
	if length < 15 {
		return length
	}
	for length <= r.left {
		c, err := r.source.ReadByte()
		if err != nil {
			r.err = io.ErrUnexpectedEOF
			return 0
		}
		if length += int64(c); c < 255 {
			return length
		}
	}
	r.err = errBlock
	return 0
}

func (r *lz4BlockReader) literal() {
	if r.literals > r.left {
		r.err = errBlock
		return
	}
	room := r.buffer[r.end:min(int64(len(r.buffer)), int64(r.end)+r.literals)]
	n, err := r.source.Read(room)
	r.decoded(n)
	r.literals -= int64(n)
	if err != nil {
		r.err = io.ErrUnexpectedEOF
	}
}

// beginMatch reads how far a match goes back, and the rest of its length.
func (r *lz4BlockReader) beginMatch() {
	low, err := r.source.ReadByte()
	high, err2 := r.source.ReadByte()
	if err != nil || err2 != nil {
		r.err = io.ErrUnexpectedEOF
		return
	}
	r.back = int(low) | int(high)<<8
	const least = 4
	if r.match = r.length(r.match) + least; r.back == 0 || r.back > r.end || r.match > r.left {
		r.err = errBlock
	}
}

func (r *lz4BlockReader) copyMatch() {
	n := int(min(r.match, int64(len(r.buffer)-r.end)))
	for done := 0; done < n; { // what is copied may be what the match itself has made
		done += copy(r.buffer[r.end+done:r.end+n], r.buffer[r.end-r.back:r.end+done])
	}
	r.decoded(n)
	if r.match -= int64(n); r.match == 0 {
		r.within = false
	}
}

func (r *lz4BlockReader) decoded(n int) {
	r.end += n
	r.left -= int64(n)
}
