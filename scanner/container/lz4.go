package container

import (
	"encoding/binary"
	"errors"
	"io"

	"github.com/pierrec/lz4/v4"
)

// An lz4Reader reads the frames of an LZ4 file as one text: of the current format, of the legacy one, and skippable ones, in
// any order (LZ4 frame format, version 1.6.4). Each is shown to the library alone: it takes what follows a legacy frame,
// which has no end of its own, for another block of it.
type lz4Reader struct {
	skippable
	source *tape
	frame  *lz4Frame // nil between frames
	reader *lz4.Reader
	some   bool  // a frame was read
	start  int64 // of the frame
}

func (r *lz4Reader) started() int64 { return r.start }

func openLZ4(source *tape, _ *walker) (io.Reader, error) {
	return &lz4Reader{source: source, reader: lz4.NewReader(nil)}, nil
}

// Read implements io.Reader.
func (r *lz4Reader) Read(p []byte) (int, error) {
	for {
		if r.frame == nil {
			if err := r.next(); err != nil {
				return 0, err
			}
		}
		n, err := r.reader.Read(p)
		if errors.Is(err, io.EOF) {
			err = nil
			if !r.frame.ended {
				return n, io.ErrUnexpectedEOF
			}
			r.frame, r.some = nil, true
		}
		if n > 0 || err != nil {
			return n, err
		}
	}
}

// next opens the next frame, and keeps what is in the skippable ones in front of it.
func (r *lz4Reader) next() error {
	for {
		header := r.source.peek(8)
		switch {
		case len(header) == 0:
			return io.EOF
		case len(header) >= 4 && isLZ4(header):
			r.frame, r.start = &lz4Frame{source: r.source}, r.source.offset()
			r.reader.Reset(r.frame)
			return nil
		case len(header) == 8 && isSkippable(header):
			r.source.skip(8)
			if err := r.skipFrame(int64(binary.LittleEndian.Uint32(header[4:]))); err != nil {
				return err
			}
			r.some = true
		case r.some:
			return errTrailing
		default:
			return lz4.ErrInvalidFrame
		}
	}
}

func (r *lz4Reader) skipFrame(size int64) error {
	for size > 0 {
		next := r.source.peek(int(min(size, tapeSize/2)))
		if len(next) == 0 {
			return io.ErrUnexpectedEOF
		}
		r.keep(next)
		size -= int64(len(next))
		r.source.skip(int64(len(next)))
	}
	r.keep([]byte("\n"))
	return nil
}

func isLZ4(magic []byte) bool {
	return string(magic[:4]) == "\x04\x22\x4d\x18" || string(magic[:4]) == lz4Legacy
}

const (
	lz4Legacy = "\x02\x21\x4c\x18"
	// maxLegacyBlock is the most that 8 MiB, the size of a legacy frame's blocks, may come to.
	maxLegacyBlock = 8<<20 + 8<<20/255 + 16
)

// An lz4Frame reads the bytes of one frame.
type lz4Frame struct {
	source *tape
	left   int64 // bytes up to the next header of a block
	begun  bool
	legacy bool
	flags  byte
	last   bool // nothing follows what is left
	ended  bool
}

// Read implements io.Reader.
func (f *lz4Frame) Read(p []byte) (int, error) {
	if f.left == 0 && !f.ended { // else nothing is waited for any more
		f.advance()
	}
	if f.ended {
		return 0, io.EOF
	}
	if f.left == 0 {
		return 0, io.ErrUnexpectedEOF
	}
	n, err := f.source.Read(p[:min(int64(len(p)), f.left)])
	if f.left -= int64(n); f.left == 0 && f.last {
		f.ended = true
	}
	return n, err
}

// advance finds out how far it is to the next header.
func (f *lz4Frame) advance() {
	if !f.begun {
		f.begin()
		return
	}
	header := f.source.peek(4)
	switch {
	case f.last, f.legacy && len(header) == 0:
		f.ended = true
		return
	case len(header) < 4:
		f.left = int64(len(header))
		return
	}
	size := int64(binary.LittleEndian.Uint32(header))
	switch {
	case f.legacy:
		f.left = 4 + size
		f.ended = size > maxLegacyBlock || isLZ4(header) || isSkippable(header)
	case size == 0: // the end mark
		f.left, f.last = 4+f.sum(1<<2), true
	default:
		f.left = 4 + size&^(1<<31) + f.sum(1<<4)
	}
}

// begin reads the frame's descriptor.
func (f *lz4Frame) begin() {
	header := f.source.peek(5)
	f.begun = true
	switch {
	case len(header) >= 4 && string(header[:4]) == lz4Legacy:
		f.legacy, f.left = true, 4
	case len(header) == 5:
		f.flags = header[4]
		f.left = 4 + 3
		if f.flags&(1<<3) != 0 {
			f.left += 8
		}
		if f.flags&1 != 0 {
			f.left += 4
		}
	default:
		f.left = int64(len(header))
	}
}

// sum is the length of a checksum that is there where a flag is set.
func (f *lz4Frame) sum(flag byte) int64 {
	if f.flags&flag != 0 {
		return 4
	}
	return 0
}
