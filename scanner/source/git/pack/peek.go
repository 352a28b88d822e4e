package pack

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
)

// A peek looks names up in the .idx file of a pack without reading it whole: who asks for a few objects of a large
// repository pays for these. What is wrong with the file elsewhere is not noticed.
type peek struct {
	nameSize int
	version2 bool
	fanout   [257]uint32 // behind each first byte of a name, how many names begin with it or less; 0 in front of them all

	mu   sync.Mutex
	file *os.File
	// windows has the parts of the file that were used lately, by their number: names that are looked for one after the
	// other are each somewhere else, but half of the way to them is the same.
	windows map[int64][]byte
}

const (
	indexHead = 8 // of version 2, in front of the fan-out
	fanoutLen = 256 * 4

	peekWindow  = 4 << 10
	peekWindows = 512
)

// peekIndex opens the .idx file of a pack, of version 1 or 2. One that is not of this pack, as it is now, is an error.
func peekIndex(path string, p *pack) (*index, error) {
	file, size, err := openRegular(path)
	if err != nil {
		return nil, err
	}
	k := &peek{nameSize: p.nameSize, file: file, windows: map[int64][]byte{}}
	if err := k.readHead(p, size); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return &index{nameSize: p.nameSize, peek: k}, nil
}

func (k *peek) readHead(p *pack, size int64) error {
	head := make([]byte, indexHead+fanoutLen)
	if _, err := k.file.ReadAt(head, 0); err != nil {
		return fmt.Errorf("its head: %w", err)
	}
	entry := int64(4 + k.nameSize)
	if k.version2 = bytes.HasPrefix(head, []byte("\xfftOc")); k.version2 {
		if binary.BigEndian.Uint32(head[4:]) != 2 {
			return fmt.Errorf("of an unknown version: %w", errCorrupt)
		}
		head = head[indexHead:]
		entry += 4
	}
	for i := range 256 {
		k.fanout[i+1] = binary.BigEndian.Uint32(head[4*i:])
		if k.fanout[i+1] < k.fanout[i] {
			return fmt.Errorf("out of order: %w", errCorrupt)
		}
	}
	sums := 2 * int64(k.nameSize)
	if size < k.start()+int64(k.len())*entry+sums {
		return io.ErrUnexpectedEOF
	}
	sum := make([]byte, k.nameSize)
	if _, err := k.file.ReadAt(sum, size-sums); err != nil {
		return fmt.Errorf("its checksums: %w", err)
	}
	if !p.isOf(k.len(), sum) {
		return fmt.Errorf("is not of this pack, or the pack is not whole: %w", errCorrupt)
	}
	return nil
}

// start is where the names begin.
func (k *peek) start() int64 {
	if k.version2 {
		return indexHead + fanoutLen
	}
	return fanoutLen
}

func (k *peek) len() int { return int(k.fanout[256]) }

// near returns between which places a name stands, if it is there. Names are as good as random, so that those between the
// places that the fan-out gives are looked at only about where the name should be among them.
func (k *peek) near(name []byte) (low, high int) {
	low, high = int(k.fanout[name[0]]), int(k.fanout[int(name[0])+1])
	const around = 128
	guess := low + int(uint64(high-low)*uint64(binary.BigEndian.Uint32(name[1:]))>>32)
	if at := guess - around; at > low && bytes.Compare(k.name(at), name) <= 0 {
		low = at
	}
	if at := guess + around; at < high && bytes.Compare(k.name(at), name) > 0 {
		high = at
	}
	return low, high
}

// name returns the name at a place, or nil where it can't be read.
func (k *peek) name(i int) []byte {
	at := k.start() + int64(i)*int64(k.nameSize)
	if !k.version2 {
		at = k.start() + int64(i)*int64(4+k.nameSize) + 4
	}
	return k.at(at, k.nameSize)
}

// offset returns where in the pack the object at a place is, or -1 where that can't be read.
func (k *peek) offset(i int) int64 {
	if !k.version2 {
		return int64(number(k.at(k.start()+int64(i)*int64(4+k.nameSize), 4)))
	}
	offsets := k.start() + int64(k.len())*int64(4+k.nameSize)
	offset := number(k.at(offsets+4*int64(i), 4))
	if offset < 1<<31 {
		return int64(offset)
	}
	return int64(number(k.at(offsets+4*int64(k.len())+8*int64(offset&^(1<<31)), 8)))
}

// number reads a number of 4 or 8 bytes. What is not there is one that no pack has.
func number(text []byte) uint64 {
	switch len(text) {
	case 4:
		return uint64(binary.BigEndian.Uint32(text))
	case 8:
		return binary.BigEndian.Uint64(text)
	}
	return 1<<64 - 1
}

// at returns n bytes of the file, at most a window, or nil where they can't be read.
func (k *peek) at(offset int64, n int) []byte {
	k.mu.Lock()
	defer k.mu.Unlock()
	if offset < 0 {
		return nil
	}
	var text []byte
	for number := offset / peekWindow; len(text) < n; number++ {
		window := k.window(number)
		from := max(0, int(offset-number*peekWindow))
		if from >= len(window) {
			return nil // the file ends there
		}
		text = append(text, window[from:min(len(window), from+n-len(text))]...)
	}
	return text
}

func (k *peek) window(number int64) []byte {
	if window, ok := k.windows[number]; ok {
		return window
	}
	if len(k.windows) >= peekWindows {
		clear(k.windows)
	}
	window := make([]byte, peekWindow)
	n, _ := k.file.ReadAt(window, number*peekWindow) // what could not be read is not there
	k.windows[number] = window[:n]
	return window[:n]
}
