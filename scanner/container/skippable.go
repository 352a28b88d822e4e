package container

import (
	"bytes"
	"encoding/binary"
	"io"
	"sync"
)

const (
	skippableLabel = "(skippable frames)"
	// maxSkippable is how many bytes of skippable frames are kept of one stream: mostly they have an index of some bytes.
	maxSkippable = 4 << 20
)

// skippable keeps what is in the skippable frames of a stream (RFC 8878, section 3.1.2), to be shown once it was read.
type skippable struct {
	mu     sync.Mutex
	kept   bytes.Buffer
	missed int64 // bytes that were not kept
}

// An asideStream is a stream with skippable frames.
type asideStream interface {
	// aside returns what was in them so far, and how many bytes more there were.
	aside() (kept []byte, missed int64)
}

func (s *skippable) aside() (kept []byte, missed int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return bytes.Clone(s.kept.Bytes()), s.missed
}

func (s *skippable) keep(data []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := min(len(data), maxSkippable-s.kept.Len())
	s.kept.Write(data[:n])
	s.missed += int64(len(data) - n)
}

// isSkippable reports whether a frame that starts with these four bytes is one.
func isSkippable(magic []byte) bool {
	return magic[0]&0xf0 == 0x50 && string(magic[1:4]) == "\x2a\x4d\x18"
}

// A zstdFrames reader passes on what it reads, and follows the frames in it as far as it takes to know which are skippable
// (RFC 8878, section 3.1).
type zstdFrames struct {
	skippable
	source io.Reader
	state  zstdState
	header []byte // what has come of the header that is being read
	left   int64  // bytes of the content that are still to come
	summed bool   // a checksum follows the last block
}

type zstdState uint8

const (
	zstdMagic   zstdState = iota // a frame's header
	zstdAside                    // a skippable frame's content
	zstdBlock                    // a block's header
	zstdContent                  // a block's content
	zstdLast                     // that of the last block, and the checksum
	zstdUnknown                  // nothing that is followed
)

// Read implements io.Reader.
func (z *zstdFrames) Read(p []byte) (int, error) {
	n, err := z.source.Read(p)
	for data := p[:n]; len(data) > 0 && z.state != zstdUnknown; {
		data = data[z.follow(data):]
	}
	return n, err
}

// follow takes in bytes of data and returns how many.
func (z *zstdFrames) follow(data []byte) int {
	switch z.state {
	case zstdMagic, zstdBlock:
		z.header = append(z.header, data[0])
		if z.state == zstdMagic {
			z.frameHeader()
		} else {
			z.blockHeader()
		}
		return 1
	}
	n := int(min(z.left, int64(len(data))))
	if z.state == zstdAside {
		z.keep(data[:n])
	}
	if z.left -= int64(n); z.left == 0 {
		z.ended()
	}
	return n
}

// ended goes on behind a content.
func (z *zstdFrames) ended() {
	switch z.state {
	case zstdAside:
		z.keep([]byte("\n"))
		z.state = zstdMagic
	case zstdContent:
		z.state = zstdBlock
	default:
		z.state = zstdMagic
	}
	z.header = z.header[:0]
}

// goOn goes on to a content of so many bytes.
func (z *zstdFrames) goOn(state zstdState, left int64) {
	if z.state, z.left = state, left; left == 0 {
		z.ended()
	}
}

func (z *zstdFrames) frameHeader() {
	h := z.header
	switch {
	case len(h) < 5:
	case isSkippable(h):
		if len(h) == 8 {
			z.goOn(zstdAside, int64(binary.LittleEndian.Uint32(h[4:])))
		}
	case string(h[:4]) != "\x28\xb5\x2f\xfd":
		z.state = zstdUnknown
	default:
		descriptor := h[4]
		single := descriptor>>5&1 != 0
		size := 5 + []int{0, 1, 2, 4}[descriptor&3] + []int{0, 2, 4, 8}[descriptor>>6]
		if !single {
			size++ // a window
		} else if descriptor>>6 == 0 {
			size++ // a size of one byte
		}
		if len(h) == size {
			z.state, z.header, z.summed = zstdBlock, h[:0], descriptor&4 != 0
		}
	}
}

func (z *zstdFrames) blockHeader() {
	h := z.header
	if len(h) < 3 {
		return
	}
	header := int64(h[0]) | int64(h[1])<<8 | int64(h[2])<<16
	size := header >> 3
	switch header >> 1 & 3 {
	case 1: // one byte, repeated
		size = 1
	case 3:
		z.state = zstdUnknown
		return
	}
	if header&1 == 0 {
		z.goOn(zstdContent, size)
		return
	}
	if z.summed {
		size += 4
	}
	z.goOn(zstdLast, size)
}
