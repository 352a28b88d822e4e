package container

import (
	"errors"
	"io"
)

// compressCodec decodes what compress(1) writes: LZW with codes that grow from 9 bits on, packed in groups of eight.
// No library at hand reads it.
func compressCodec() codec {
	return codec{suffixes: []string{".taz", ".z"}, weak: true, open: func(source *tape, _ *walker) (io.Reader, error) {
		header := source.peek(3)
		if len(header) < 3 {
			return nil, io.ErrUnexpectedEOF
		}
		z := &lzwReader{source: source, maxBits: uint(header[2] & 0x1f), block: header[2]&0x80 != 0}
		source.skip(3)
		z.reset()
		return z, nil
	}}
}

const (
	lzwClear   = 256 // in block mode: start with a new table
	lzwMinBits = 9
)

// An lzwReader decodes LZW.
type lzwReader struct {
	source  *tape
	maxBits uint
	block   bool

	width    uint // of a code now
	held     uint64
	bits     uint // in held
	inGroup  int  // codes read of a group of eight of one width
	next     int  // the first code not in the table
	last     int  // the code before, -1 for none
	first    byte // of what last stands for
	prefix   [1 << 16]uint16
	suffix   [1 << 16]byte
	stack    [1 << 16]byte
	output   []byte // decoded and unread, within stack
	finished bool
}

func (z *lzwReader) reset() {
	z.width, z.last, z.next = lzwMinBits, -1, 256
	if z.block {
		z.next = 257
	}
	for i := range 256 {
		z.suffix[i] = byte(i)
	}
}

// Read implements io.Reader.
func (z *lzwReader) Read(p []byte) (n int, err error) {
	for n < len(p) {
		if len(z.output) == 0 {
			if z.finished {
				break
			}
			if err := z.decode(); err != nil {
				return n, err
			}
			continue
		}
		k := copy(p[n:], z.output)
		z.output = z.output[k:]
		n += k
	}
	if n == 0 && z.finished && len(p) > 0 {
		return 0, io.EOF
	}
	return n, nil
}

// code reads the next code; false at the end.
func (z *lzwReader) code() (int, bool) {
	for z.bits < z.width {
		b, err := z.source.ReadByte()
		if err != nil {
			return 0, false
		}
		z.held |= uint64(b) << z.bits
		z.bits += 8
	}
	code := int(z.held & (1<<z.width - 1))
	z.held >>= z.width
	z.bits -= z.width
	z.inGroup = (z.inGroup + 1) & 7
	return code, true
}

// align skips the rest of the group of eight codes, which is filled up whenever the width changes.
func (z *lzwReader) align() {
	for z.inGroup != 0 {
		if _, ok := z.code(); !ok {
			return
		}
	}
}

// decode reads a code and makes output what it stands for.
func (z *lzwReader) decode() error {
	if z.next > 1<<z.width-1 && z.width < z.maxBits {
		z.align()
		z.width++
	}
	code, ok := z.code()
	switch {
	case !ok:
		z.finished = true
		return nil
	case z.block && code == lzwClear:
		z.align()
		z.reset()
		return nil
	case code > z.next || (z.last < 0 && code > 255) || (code == z.next && z.next >= 1<<z.maxBits):
		return errors.New("broken code")
	}
	at, top := code, len(z.stack)
	if code == z.next { // what the table is about to hold
		top--
		z.stack[top] = z.first
		at = z.last
	}
	for at > 255 {
		top--
		z.stack[top] = z.suffix[at]
		at = int(z.prefix[at])
	}
	top--
	z.stack[top] = byte(at)
	z.first = byte(at)
	if z.last >= 0 && z.next < 1<<z.maxBits {
		z.prefix[z.next], z.suffix[z.next] = uint16(z.last), z.first
		z.next++
	}
	z.last = code
	z.output = z.stack[top:]
	return nil
}
