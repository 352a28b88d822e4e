package pack

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"fmt"
	"io"
	"math/bits"
	"sort"

	"github.com/jwtleak/jwtleak/scanner/fault"
	"github.com/jwtleak/jwtleak/scanner/source/git/history"
)

// An index says where the objects of a pack are (gitformat-pack(5), ".idx"). Its objects are in the order of their names.
type index struct {
	nameSize int
	names    []byte // one after the other
	offsets  []int64
	// starts has, for each value of so many first bits of a name, the place of the first name that has them or more. The
	// 256 values that the file has it for leave too much to search where every name in every tree is looked for.
	starts []int32
	bits   int
	// peek, where set, stands for all of the above.
	peek *peek
}

func (x *index) len() int {
	if x.peek != nil {
		return x.peek.len()
	}
	return len(x.offsets)
}

func (x *index) name(i int) []byte {
	if x.peek != nil {
		return x.peek.name(i)
	}
	return x.names[i*x.nameSize : (i+1)*x.nameSize]
}

// offset returns where in the pack the object at a place is.
func (x *index) offset(i int) int64 {
	if x.peek != nil {
		return x.peek.offset(i)
	}
	return x.offsets[i]
}

// find returns the place of a name, or -1.
func (x *index) find(name []byte) int {
	if len(name) != x.nameSize {
		return -1
	}
	low, high := 0, x.len()
	if x.peek != nil {
		low, high = x.peek.near(name)
	} else if x.starts != nil {
		first := binary.BigEndian.Uint32(name) >> (32 - x.bits)
		low, high = int(x.starts[first]), int(x.starts[first+1])
	}
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

// approach reads what finding each of the names will read first. Where one is found at a time, memory is waited for twice a
// name; here the reads don't depend on one another, and are waited for together. The sum is of no use but to have them made.
//
//go:noinline
func (x *index) approach(names []history.Name) (sum int) {
	if x.starts == nil || x.len() == 0 {
		return 0
	}
	for len(names) > 0 {
		var places [16]int32
		few := names[:min(len(names), len(places))]
		for i := range few {
			places[i] = x.starts[binary.BigEndian.Uint32(few[i].Bytes())>>(32-x.bits)]
		}
		for i := range few {
			sum += int(x.names[min(int(places[i]), x.len()-1)*x.nameSize])
		}
		names = names[len(few):]
	}
	return sum
}

// search returns the place of the first name that is not less than some bytes.
func (x *index) search(least []byte) int {
	return sort.Search(x.len(), func(i int) bool { return bytes.Compare(x.name(i), least) >= 0 })
}

// maxIndex bounds an index, in bytes: that of a pack with 40 million objects.
const maxIndex = 2 << 30

// readIndex reads the .idx file of a pack, of version 1 or 2. One that is not of this pack, as it is now, is an error.
func readIndex(path string, p *pack) (*index, error) {
	content, err := readRegular(path, maxIndex)
	if err != nil {
		return nil, err
	}
	sound := make(chan bool, 1)
	go func() { sound <- endsWithChecksum(content, p.nameSize) }() // of a million names it takes as long as to parse them
	x, err := parseIndex(content, p.nameSize)
	if isSound := <-sound; err == nil && !isSound {
		err = fmt.Errorf("its checksum is another: %w", errCorrupt) // an offset may lead into the midst of an entry, and cut that
	}
	if err != nil {
		return nil, err
	}
	if sum := content[max(0, len(content)-2*p.nameSize):]; !p.isOf(x.len(), sum[:min(len(sum), p.nameSize)]) {
		return nil, fmt.Errorf("is not of this pack, or the pack is not whole: %w", errCorrupt)
	}
	end := p.size - int64(p.nameSize)
	for _, offset := range x.offsets {
		if offset < packHeader || offset >= end {
			return nil, fmt.Errorf("names an offset outside of the pack: %w", errCorrupt)
		}
	}
	return x, nil
}

// endsWithChecksum reports whether the last bytes of an index are the checksum of those before (gitformat-pack(5)).
func endsWithChecksum(content []byte, nameSize int) bool {
	end := len(content) - nameSize
	if end < 0 {
		return false
	}
	h := newSum(nameSize)
	_, _ = h.Write(content[:end]) // which does not fail
	return bytes.Equal(h.Sum(nil), content[end:])
}

// isOf reports whether a pack says that it has so many objects and that its checksum is this one, as its index has it.
// The checksum itself is not computed: that would take longer than the sweep.
func (p *pack) isOf(count int, sum []byte) bool {
	var header [packHeader]byte
	trailer := make([]byte, p.nameSize)
	if _, err := p.file.ReadAt(header[:], 0); err != nil || p.size < packHeader+int64(p.nameSize) {
		return false
	}
	if _, err := p.file.ReadAt(trailer, p.size-int64(p.nameSize)); err != nil {
		return false
	}
	return int(binary.BigEndian.Uint32(header[8:])) == count && bytes.Equal(trailer, sum)
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
	x.names, x.offsets = content[:count*x.nameSize], make([]int64, count)
	var wait fault.Group // both take as long, and nothing else can begin
	var wrong error
	wait.Go(func() { wrong = x.parseOffsets(content[count*(x.nameSize+4):]) })
	disorder := x.check()
	wait.Wait()
	return cmp.Or(wrong, disorder)
}

// parseOffsets takes the table of the offsets, and behind it that of those that have more than 31 bits.
func (x *index) parseOffsets(offsets []byte) error {
	large := offsets[len(x.offsets)*4:]
	for i := range x.offsets {
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
	return nil
}

// check holds the names to their order, which finding one depends on, and notes where each of their beginnings starts.
func (x *index) check() error {
	for i := 1; i < x.len(); i++ {
		if bytes.Compare(x.name(i-1), x.name(i)) >= 0 {
			return fmt.Errorf("out of order: %w", errCorrupt)
		}
	}
	x.bits = min(max(bits.Len(uint(x.len()))-2, 1), 20)
	x.starts = make([]int32, 1<<x.bits+1)
	for i := range x.len() {
		x.starts[binary.BigEndian.Uint32(x.name(i))>>(32-x.bits)+1]++
	}
	for i := range 1 << x.bits {
		x.starts[i+1] += x.starts[i]
	}
	return nil
}
