package pack

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/jwtleak/jwtleak/scanner/source/git/history"
)

// An index says where the objects of a pack are (gitformat-pack(5), ".idx"). Its objects are in the order of their names.
type index struct {
	nameSize int
	names    []byte // one after the other
	offsets  []int64
}

func (x *index) len() int { return len(x.offsets) }

func (x *index) name(i int) []byte { return x.names[i*x.nameSize : (i+1)*x.nameSize] }

// find returns the place of a name, or -1.
func (x *index) find(name []byte) int {
	if len(name) != x.nameSize {
		return -1
	}
	low, high := 0, x.len()
	for low < high {
		middle := int(uint(low+high) >> 1)
		if bytes.Compare(x.name(middle), name) < 0 {
			low = middle + 1
		} else {
			high = middle
		}
	}
	if low < x.len() && bytes.Equal(x.name(low), name) {
		return low
	}
	return -1
}

// maxIndex bounds an index, in bytes: that of a pack with 40 million objects.
const maxIndex = 2 << 30

// readIndex reads an .idx file of version 1 or 2.
func readIndex(path string, nameSize int, packSize int64) (*index, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > maxIndex {
		return nil, errCorrupt
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	x, err := parseIndex(content, nameSize)
	if err != nil {
		return nil, err
	}
	end := packSize - int64(nameSize)
	for _, offset := range x.offsets {
		if offset < packHeader || offset >= end {
			return nil, fmt.Errorf("names an offset outside of the pack: %w", errCorrupt)
		}
	}
	return x, nil
}

func parseIndex(content []byte, nameSize int) (*index, error) {
	version2 := bytes.HasPrefix(content, []byte("\xfftOc"))
	if version2 {
		if len(content) < 8 || binary.BigEndian.Uint32(content[4:]) != 2 {
			return nil, fmt.Errorf("of an unknown version: %w", errCorrupt)
		}
		content = content[8:]
	}
	if len(content) < 1024 {
		return nil, io.ErrUnexpectedEOF
	}
	count := int(binary.BigEndian.Uint32(content[1020:]))
	content = content[1024:]
	x := &index{nameSize: nameSize}
	if version2 {
		return x, x.parse2(content, count)
	}
	if len(content)/(4+nameSize) < count {
		return nil, io.ErrUnexpectedEOF
	}
	x.names, x.offsets = make([]byte, 0, count*nameSize), make([]int64, count)
	for i := range count {
		entry := content[i*(4+nameSize):]
		x.offsets[i] = int64(binary.BigEndian.Uint32(entry))
		x.names = append(x.names, entry[4:4+nameSize]...)
	}
	return x, x.check()
}

func (x *index) parse2(content []byte, count int) error {
	if len(content)/(x.nameSize+8) < count {
		return io.ErrUnexpectedEOF
	}
	x.names = content[:count*x.nameSize]
	offsets := content[count*(x.nameSize+4):]
	large := offsets[count*4:]
	x.offsets = make([]int64, count)
	for i := range count {
		offset := binary.BigEndian.Uint32(offsets[i*4:])
		if offset < 1<<31 {
			x.offsets[i] = int64(offset)
			continue
		}
		at := int(offset&^(1<<31)) * 8
		if at+8 > len(large) {
			return io.ErrUnexpectedEOF
		}
		value := binary.BigEndian.Uint64(large[at:])
		if value>>62 != 0 {
			return errCorrupt
		}
		x.offsets[i] = int64(value)
	}
	return x.check()
}

// check holds the names to their order, which finding one depends on.
func (x *index) check() error {
	for i := 1; i < x.len(); i++ {
		if bytes.Compare(x.name(i-1), x.name(i)) >= 0 {
			return fmt.Errorf("out of order: %w", errCorrupt)
		}
	}
	return nil
}

// makeIndex reads a pack that has no index, entry by entry, and names its objects by their content. An entry that can't
// be read ends it: where the next one starts is not known then. What was read until there is indexed.
func (p *pack) makeIndex(s *Store) (x *index, problem error) {
	header := make([]byte, packHeader)
	if _, err := p.file.ReadAt(header, 0); err != nil {
		return nil, err
	}
	count := int(binary.BigEndian.Uint32(header[8:]))
	offset, end := int64(packHeader), p.size-int64(p.nameSize)
	w := newWorker(s, p)
	var offsets []int64
	for len(offsets) < count && offset < end {
		head, err := p.header(w.reader, offset)
		if err != nil {
			problem = err
			break
		}
		next, err := w.skip(head)
		if err != nil {
			problem = err
			break
		}
		offsets = append(offsets, offset)
		offset = next
	}
	if problem == nil && len(offsets) < count {
		problem = io.ErrUnexpectedEOF
	}
	p.index = &index{nameSize: p.nameSize, offsets: offsets, names: make([]byte, len(offsets)*p.nameSize)}
	named, err := p.nameAll(s)
	return named, errors.Join(problem, err)
}

// nameAll computes the name of each entry of a pack whose offsets alone are known, and returns the index of those that
// could be rebuilt. Deltas that refer to a base by its name can be rebuilt once that is named, so it goes on as long as
// there are more.
func (p *pack) nameAll(s *Store) (*index, error) {
	type named struct {
		name   history.Name
		offset int64
	}
	var all []named
	known := map[history.Name]int64{}
	left := slices.Clone(p.index.offsets)
	w := newWorker(s, p)
	w.byName = func(name history.Name) (int64, bool) { offset, ok := known[name]; return offset, ok }
	for progress := true; progress && len(left) > 0; {
		progress = false
		var missing []int64
		for _, offset := range left {
			object, err := w.readAt(offset)
			if err != nil {
				missing = append(missing, offset)
				continue
			}
			name := nameOf(object.Type, object.Bytes, p.nameSize)
			known[name] = offset
			all = append(all, named{name, offset})
			progress = true
		}
		left = missing
	}
	slices.SortFunc(all, func(a, b named) int { return bytes.Compare(a.name.Bytes(), b.name.Bytes()) })
	all = slices.CompactFunc(all, func(a, b named) bool { return a.name == b.name })
	x := &index{nameSize: p.nameSize}
	for _, one := range all {
		x.names = append(x.names, one.name.Bytes()...)
		x.offsets = append(x.offsets, one.offset)
	}
	if len(left) > 0 {
		return x, fmt.Errorf("%d objects could not be read", len(left))
	}
	return x, nil
}
