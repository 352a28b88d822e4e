package pack

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"slices"
	"sync"

	"github.com/jwtleak/jwtleak/scanner/source/git/history"
	"github.com/jwtleak/jwtleak/scanner/source/git/pack/inflate"
)

// packHeader is the length of what stands before the first entry: "PACK", the version, the number of objects.
const packHeader = 12

// A pack is one pack file.
type pack struct {
	path     string
	file     *os.File
	size     int64
	nameSize int
	index    *index

	once    sync.Once
	entries []packEntry // in the order of their offsets
}

// A packEntry is one object as the pack has it.
type packEntry struct {
	offset int64
	place  int32 // in the index
	parent int32 // the entry that it is a delta of; noParent, or outside where the base is in another pack, or loose
	child  int32 // the first entry that is a delta of it
	next   int32 // the next entry that is a delta of the same
	kind   uint8 // as in the pack; 0 for one whose header can't be read
}

const (
	noEntry  = -1
	noParent = -1
	outside  = -2
	unread   = -3 // the base, and so the entry, can't be read
)

func openPack(path string, nameSize int) (*pack, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	info, err := file.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = errCorrupt
	}
	var header [packHeader]byte
	if err == nil {
		_, err = file.ReadAt(header[:], 0)
	}
	if err == nil && (!bytes.HasPrefix(header[:], []byte("PACK")) || binary.BigEndian.Uint32(header[4:])-2 > 1) {
		err = fmt.Errorf("no pack of version 2 or 3: %w", errCorrupt)
	}
	if err != nil {
		_ = file.Close() // opened for reading only
		return nil, err
	}
	return &pack{path: path, file: file, size: info.Size(), nameSize: nameSize}, nil
}

// An entryHeader is the front of an entry.
type entryHeader struct {
	offset int64
	kind   uint8
	size   int64 // of what the zlib stream decodes to
	data   int64 // where the stream starts
	base   int64 // offset of the base of an offsetDelta
	name   history.Name
}

// header reads the front of the entry at an offset.
func (p *pack) header(r *reader, offset int64) (entryHeader, error) {
	h := entryHeader{offset: offset}
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

// family reads the headers of all entries, once, and links each delta to its base.
func (p *pack) family() []packEntry {
	p.once.Do(func() {
		p.entries = make([]packEntry, p.index.len())
		for i, offset := range p.index.offsets {
			p.entries[i] = packEntry{offset: offset, place: int32(i), parent: noParent, child: noEntry, next: noEntry}
		}
		slices.SortFunc(p.entries, func(a, b packEntry) int { return cmp.Compare(a.offset, b.offset) })
		named := p.readHeaders()
		// Backwards, so that the deltas of one base are in the order of the pack.
		for i := len(p.entries) - 1; i >= 0; i-- {
			if parent := p.entries[i].parent; parent >= 0 {
				p.entries[i].next = p.entries[parent].child
				p.entries[parent].child = int32(i)
			}
		}
		if named {
			p.breakCircles()
		}
	})
	return p.entries
}

// readHeaders notes the kind and the base of each entry, and reports whether one names its base.
func (p *pack) readHeaders() (named bool) {
	var byPlace []int32
	r := newReader(p.file, p.size)
	for i := range p.entries {
		e := &p.entries[i]
		h, err := p.header(r, e.offset)
		if err != nil || i > 0 && e.offset == p.entries[i-1].offset {
			e.parent = unread
			continue
		}
		e.kind = h.kind
		switch h.kind {
		case offsetDelta:
			if e.parent = p.at(h.base); e.parent == noEntry {
				e.parent = unread
			}
		case referenceDelta:
			if byPlace == nil {
				byPlace = p.places()
			}
			e.parent = outside
			if place := p.index.find(h.name.Bytes()); place >= 0 {
				e.parent = byPlace[place]
			}
		}
	}
	return byPlace != nil
}

// breakCircles marks as unread the entries that no root leads to: those that are deltas of one another.
func (p *pack) breakCircles() {
	met := make([]bool, len(p.entries))
	var left []int32
	for i := range p.entries {
		if p.entries[i].parent < 0 {
			left = append(left, int32(i))
		}
	}
	for len(left) > 0 {
		last := left[len(left)-1]
		left = left[:len(left)-1]
		met[last] = true
		for child := p.entries[last].child; child != noEntry; child = p.entries[child].next {
			left = append(left, child)
		}
	}
	for i := range p.entries {
		if !met[i] {
			p.entries[i].parent, p.entries[i].child = unread, noEntry
		}
	}
}

// at returns the entry at an offset, or noEntry.
func (p *pack) at(offset int64) int32 {
	i, ok := slices.BinarySearchFunc(p.entries, offset, func(e packEntry, offset int64) int {
		return cmp.Compare(e.offset, offset)
	})
	if !ok {
		return noEntry
	}
	return int32(i)
}

// places returns the entry of each place of the index.
func (p *pack) places() []int32 {
	places := make([]int32, len(p.entries))
	for i, e := range p.entries {
		places[e.place] = int32(i)
	}
	return places
}

// inflated decodes the stream of an entry into output, whose length is the entry's size. length is how many bytes of the
// pack the stream has at most, or negative where that is not known. It returns where the stream ends.
func (w *worker) inflated(output []byte, h entryHeader, length int64) (int64, error) {
	guess := length + inflate.Room // more than there is does no harm
	if length < 0 {
		guess = min(int64(len(output))+64, 16<<10)
	}
	for {
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
