package container

import (
	"encoding/binary"
	"errors"
)

// The property ids that are met on the way (7zFormat.txt: Property IDs).
const (
	sevenZipEnd           = 0x00
	sevenZipHeader        = 0x01
	sevenZipArchive       = 0x02
	sevenZipAdditional    = 0x03
	sevenZipMainStreams   = 0x04
	sevenZipFiles         = 0x05
	sevenZipPackInfo      = 0x06
	sevenZipUnpackInfo    = 0x07
	sevenZipSubStreams    = 0x08
	sevenZipSizes         = 0x09
	sevenZipDigests       = 0x0a
	sevenZipFolder        = 0x0b
	sevenZipUnpackSizes   = 0x0c
	sevenZipUnpackStreams = 0x0d
	sevenZipEncodedHeader = 0x17
)

var errSevenZipHeader = errors.New("broken header")

// A sevenZipCheck goes through a header as far as it says how much there is of anything, and finds that there is no
// more than the header has room for. Its methods panic where the header ends too early; guard is to call them.
type sevenZipCheck struct {
	input    []byte // unread
	window   int64
	memory   int64 // what the coder takes that takes most
	folders  int
	outputs  []int  // of each folder
	digested []bool // folders that have a checksum
	unpacked uint64
	files    int64
}

func (c *sevenZipCheck) byte() byte {
	b := c.input[0]
	c.input = c.input[1:]
	return b
}

// number reads a NUMBER (7zFormat.txt: REAL_UINT64 and so on).
func (c *sevenZipCheck) number() uint64 {
	first := c.byte()
	var v uint64
	for i := range 8 {
		if first&(0x80>>i) == 0 {
			return v | uint64(first&(0x80>>i-1))<<(8*i)
		}
		v |= uint64(c.byte()) << (8 * i)
	}
	return v
}

// count reads a number of things that take a byte at least, or a bit where more is said.
func (c *sevenZipCheck) count() int {
	n := c.number()
	if n > uint64(len(c.input)) {
		panic(errSevenZipHeader)
	}
	return int(n)
}

func (c *sevenZipCheck) skip(n uint64) {
	if n > uint64(len(c.input)) {
		panic(errSevenZipHeader)
	}
	c.input = c.input[n:]
}

// digests skips the checksums of n things and says which of them have one.
func (c *sevenZipCheck) digests(n int) (defined []bool) {
	if uint64(n) > 8*uint64(len(c.input)) {
		panic(errSevenZipHeader)
	}
	defined = make([]bool, n)
	all := c.byte() != 0
	count := uint64(0)
	for i := range defined {
		if defined[i] = all || c.input[i/8]&(0x80>>(i%8)) != 0; defined[i] {
			count++
		}
	}
	if !all {
		c.skip(uint64(n+7) / 8)
	}
	c.skip(4 * count)
	return defined
}

// header goes through a header up to the number of its files.
func (c *sevenZipCheck) header() error {
	if c.byte() != sevenZipHeader {
		return errSevenZipHeader
	}
	for {
		switch c.byte() {
		case sevenZipArchive:
			for c.byte() != sevenZipEnd {
				c.skip(c.number())
			}
		case sevenZipAdditional, sevenZipMainStreams:
			if err := c.streams(); err != nil {
				return err
			}
		case sevenZipFiles:
			c.files = int64(c.count())
			return nil
		case sevenZipEnd:
			return nil
		default:
			return errSevenZipHeader
		}
	}
}

// streams goes through a StreamsInfo.
func (c *sevenZipCheck) streams() error {
	c.folders, c.outputs, c.digested = 0, nil, nil
	for {
		switch c.byte() {
		case sevenZipPackInfo:
			c.number()
			c.sizesAndDigests(c.count())
		case sevenZipUnpackInfo:
			if err := c.unpackInfo(); err != nil {
				return err
			}
		case sevenZipSubStreams:
			c.subStreams()
		case sevenZipEnd:
			return nil
		default:
			return errSevenZipHeader
		}
	}
}

func (c *sevenZipCheck) sizesAndDigests(n int) {
	for {
		switch c.byte() {
		case sevenZipSizes:
			for range n {
				c.number()
			}
		case sevenZipDigests:
			c.digests(n)
		case sevenZipEnd:
			return
		default:
			panic(errSevenZipHeader)
		}
	}
}

func (c *sevenZipCheck) unpackInfo() error {
	if c.byte() != sevenZipFolder {
		return errSevenZipHeader
	}
	c.folders = c.count()
	if c.byte() != 0 { // described elsewhere
		return errSevenZipHeader
	}
	for range c.folders {
		if err := c.folder(); err != nil {
			return err
		}
	}
	for {
		switch c.byte() {
		case sevenZipUnpackSizes:
			for _, outputs := range c.outputs {
				for range outputs {
					c.unpacked = max(c.unpacked, c.number())
				}
			}
		case sevenZipDigests:
			c.digested = c.digests(c.folders)
		case sevenZipEnd:
			return nil
		default:
			return errSevenZipHeader
		}
	}
}

// folder goes through the coders of a folder and looks at what memory they ask for.
func (c *sevenZipCheck) folder() error {
	inputs, outputs := 0, 0
	coders := c.count()
	if coders > 32 {
		return errSevenZipHeader
	}
	for range coders {
		flags := c.byte()
		id := string(c.input[:flags&0xf])
		c.skip(uint64(flags & 0xf))
		in, out := 1, 1
		if flags&0x10 != 0 {
			in, out = c.count(), c.count()
		}
		if in > 32 || out > 32 {
			return errSevenZipHeader
		}
		var properties []byte
		if flags&0x20 != 0 {
			size := c.count()
			properties = c.input[:size]
			c.skip(uint64(size))
		}
		if err := c.coder(id, properties); err != nil {
			return err
		}
		inputs, outputs = inputs+in, outputs+out
	}
	if outputs == 0 || inputs < outputs-1 {
		return errSevenZipHeader
	}
	for range outputs - 1 {
		c.number()
		c.number()
	}
	if packed := inputs - (outputs - 1); packed > 1 {
		for range packed {
			c.number()
		}
	}
	c.outputs = append(c.outputs, outputs)
	return nil
}

// coder looks at how much memory a coder asks for.
func (c *sevenZipCheck) coder(id string, properties []byte) error {
	var memory int64
	switch id {
	case "\x03\x01\x01": // LZMA
		memory = int64(binary.LittleEndian.Uint32(properties[1:]))
	case "\x21": // LZMA2
		memory = int64(2|properties[0]&1) << (properties[0]/2 + 11)
	case "\x03\x04\x01": // PPMd
		memory = int64(binary.LittleEndian.Uint32(properties[1:]))
	case "\x06\xf1\x07\x01": // AES
		return errEncrypted
	}
	if memory < 0 || memory > c.window {
		return errMemory
	}
	c.memory = max(c.memory, memory)
	return nil
}

// subStreams goes through a SubStreamsInfo: how many files are in each folder, their sizes and checksums.
func (c *sevenZipCheck) subStreams() {
	files := make([]uint64, c.folders)
	for i := range files {
		files[i] = 1
	}
	for {
		switch c.byte() {
		case sevenZipUnpackStreams:
			total := uint64(0)
			for i := range files {
				files[i] = c.number()
				if total += files[i]; files[i] > uint64(len(c.input)) || total > uint64(len(c.input)) {
					panic(errSevenZipHeader)
				}
			}
		case sevenZipSizes:
			for _, n := range files {
				for i := uint64(1); i < n; i++ {
					c.number()
				}
			}
		case sevenZipDigests:
			unknown := 0
			for i, n := range files {
				if n != 1 || i >= len(c.digested) || !c.digested[i] {
					unknown += int(n)
				}
			}
			c.digests(unknown)
		case sevenZipEnd:
			return
		default:
			panic(errSevenZipHeader)
		}
	}
}
