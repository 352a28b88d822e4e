package pack

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"sync"

	"github.com/klauspost/compress/zlib"

	"github.com/jwtleak/jwtleak/scanner/source/git/history"
	"github.com/jwtleak/jwtleak/scanner/source/git/pack/inflate"
	"github.com/jwtleak/jwtleak/scanner/source/pagecache"
)

// packHeader is the length of what stands before the first entry: "PACK", the version, the number of objects.
const packHeader = 12

// A pack is one pack file.
type pack struct {
	path     string
	title    string // what problems call it, where that is not its path
	file     *os.File
	cached   io.ReaderAt // the same, read as what is in the page cache
	size     int64
	nameSize int
	index    *index
	isWalked bool // its index was made by reading it, which has told what can't be read
	// isUnfinished is set of a pack that is being written, or was when the writer died. What of it is there is read, and that
	// it has no end is no fault.
	isUnfinished bool

	once    sync.Once
	entries []packEntry // in the order of their offsets
	memory  []byte      // what they are in, if that is not Go's
}

// A packEntry is one object as the pack has it.
type packEntry struct {
	offset int64
	place  int32 // in the index
	parent int32 // the entry that it is a delta of; noParent, or outside where the base is in another pack, or loose
	child  int32 // the first entry that is a delta of it
	next   int32 // the next entry that is a delta of the same
	kind   uint8 // as in the pack; 0 for one whose header can't be read
	// front is the length of the header, in bytes, and size what it says that the stream decodes to; 0 where the header can't be
	// read, or says more than there is room for here.
	front uint8
	size  uint32
}

const (
	noEntry  = -1
	noParent = -1
	outside  = -2
	unread   = -3 // the base, and so the entry, can't be read
)

func openPack(path string, nameSize int) (*pack, error) {
	file, size, err := openRegular(path)
	if err != nil {
		return nil, err
	}
	var header [packHeader]byte
	_, err = file.ReadAt(header[:], 0)
	if err == nil && (!bytes.HasPrefix(header[:], []byte("PACK")) || binary.BigEndian.Uint32(header[4:])-2 > 1) {
		err = fmt.Errorf("no pack of version 2 or 3: %w", errCorrupt)
	}
	if err != nil {
		_ = file.Close() // opened for reading only
		return nil, err
	}
	return &pack{path: path, file: file, cached: pagecache.ReaderAt(file), size: size, nameSize: nameSize}, nil
}

func (p *pack) close() error {
	if p.memory != nil {
		releaseMemory(p.memory)
		p.entries, p.memory = nil, nil
	}
	return p.file.Close()
}

// where is what problems call the pack.
func (p *pack) where() string { return filepath.ToSlash(cmp.Or(p.title, p.path)) }

// An entryHeader is the front of an entry.
type entryHeader struct {
	offset int64
	kind   uint8
	size   int64 // of what the zlib stream decodes to
	data   int64 // where the stream starts
	base   int64 // offset of the base of an offsetDelta
	name   history.Name
}

// maxRatio is the most that DEFLATE makes of a byte.
const maxRatio = 1032

// plausible returns an error where a stream that ends at an offset, at the latest, can't have the size that it claims.
func (h entryHeader) plausible(end int64) error {
	if h.size > (end-h.data)*maxRatio {
		return fmt.Errorf("it claims to have %d bytes: %w", h.size, errCorrupt)
	}
	return nil
}

// header reads the front of the entry at an offset.
func (p *pack) header(r *reader, offset int64) (h entryHeader, err error) {
	h.offset = offset
	text, err := r.at(offset, 64)
	if err != nil {
		return h, err
	}
	if len(text) == 0 {
		return h, io.ErrUnexpectedEOF
	}
	at, shift := 1, 4
	h.kind = text[0] >> 4 & 7
	size := uint64(text[0] & 15)
	for c := text[0]; c >= 0x80; at++ {
		if at >= len(text) || shift > 57 {
			return h, errCorrupt
		}
		c = text[at]
		size |= uint64(c&0x7f) << shift
		shift += 7
	}
	if h.size = int64(size); h.size < 0 {
		return h, errCorrupt
	}
	switch h.kind {
	case uint8(Commit), uint8(Tree), uint8(Blob), uint8(Tag):
	case offsetDelta:
		distance, n := offsetDistance(text[at:])
		if n == 0 || distance <= 0 || distance > offset-packHeader {
			return h, errCorrupt
		}
		h.base = offset - distance
		at += n
	case referenceDelta:
		if len(text) < at+p.nameSize {
			return h, io.ErrUnexpectedEOF
		}
		h.name = history.NameOf(text[at : at+p.nameSize])
		at += p.nameSize
	default:
		return h, errCorrupt
	}
	h.data = offset + int64(at)
	return h, nil
}

// noteHeader notes of a header what is needed of it again.
func (e *packEntry) noteHeader(h entryHeader) {
	e.kind = h.kind
	if front := h.data - h.offset; front <= math.MaxUint8 && h.size <= math.MaxUint32 {
		e.front, e.size = uint8(front), uint32(h.size)
	}
}

// offsetDistance reads how far back the base of an offsetDelta is, and how many bytes say so; none where they can't be.
func offsetDistance(text []byte) (distance int64, n int) {
	for i, c := range text {
		if i > 8 {
			return 0, 0
		}
		distance = distance<<7 | int64(c&0x7f)
		if c < 0x80 {
			return distance, i + 1
		}
		distance++
	}
	return 0, 0
}

// heldInput is the most that is held of what is to be inflated, in bytes. The large entries of packs are few.
const heldInput = 16 << 20

// inflated decodes the stream of an entry into output, whose length is the entry's size. length is how many bytes of the
// pack the stream has at most, or negative where that is not known. It returns where the stream ends.
func (w *worker) inflated(output []byte, h entryHeader, length int64) (end int64, err error) {
	guess := length + inflate.Room // more than there is does no harm
	if length < 0 {
		guess = min(int64(len(output))+64, 16<<10)
	}
	for {
		if guess > heldInput {
			return w.inflatedInParts(output, h)
		}
		input, err := w.reader.at(h.data, guess)
		if err != nil {
			return 0, err
		}
		n, err := w.decoder.Decode(output, input)
		if err == nil {
			return h.data + int64(n), nil
		}
		if length >= 0 || err != inflate.ErrCut || int64(len(input)) < guess { //nolint:errorlint // Decode returns it as it is
			return 0, err
		}
		guess *= 4
	}
}

// inflatedInParts is inflated for what is not to be held on its way.
func (w *worker) inflatedInParts(output []byte, h entryHeader) (end int64, err error) {
	content, ended, err := w.inflating(h)
	if err != nil {
		return 0, err
	}
	if _, err := io.ReadFull(content, output); err != nil {
		return 0, err
	}
	if n, err := content.Read(make([]byte, 1)); n > 0 || !errors.Is(err, io.EOF) {
		return 0, cmp.Or(err, errCorrupt)
	}
	return ended(), nil
}

// inflating returns what an entry inflates to, as it is read from the pack, and what says, once all has been read, where its
// stream ended.
func (w *worker) inflating(h entryHeader) (content io.Reader, ended func() int64, err error) {
	section := io.NewSectionReader(w.pack.file, h.data, w.pack.size-h.data)
	input := bufio.NewReader(section)
	if content, err = zlib.NewReader(input); err != nil { // which takes no more of this than it needs
		return nil, nil, err
	}
	return content, func() int64 {
		read, _ := section.Seek(0, io.SeekCurrent) // which a section always knows
		return h.data + read - int64(input.Buffered())
	}, nil
}
