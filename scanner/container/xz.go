package container

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"hash/crc32"
	"hash/crc64"
	"io"

	"github.com/ulikunitz/xz/lzma"
)

const xzMagic = "\xfd7zXZ\x00"

// xzCodec decodes the .xz format. The library's own reader of it takes whatever dictionary a block demands, up to
// 4 GiB; so the blocks are found here and the library decodes their LZMA2 alone. (The .xz file format, version 1.2.1;
// section numbers below are its.)
func xzCodec() codec {
	return codec{suffixes: []string{".txz", ".xz"}, magic: xzMagic, open: func(source *tape, w *walker) (io.Reader, error) {
		x := &xzReader{source: source, window: w.limits.window(), claim: claim{walker: w}}
		return x, x.streamHeader()
	}}
}

// An xzReader reads the streams of an .xz file as one text.
type xzReader struct {
	source *tape
	window int64
	claim  claim
	check  byte
	start  int64 // of the stream

	block   io.Reader // nil between blocks
	raw     *countedTape
	header  int64 // length of the block's header
	limits  [2]int64
	sum     hash.Hash
	decoded int64
}

func (x *xzReader) started() int64 { return x.start }

var errXZHeader = errors.New("broken header")

// Close gives back the memory of the dictionaries.
func (x *xzReader) Close() error {
	x.block = nil // whoever still knows the reader must not keep the dictionary
	x.claim.release()
	return nil
}

// streamHeader reads a stream header (section 2.1.1).
func (x *xzReader) streamHeader() error {
	header := bytes.Clone(x.source.peek(12))
	if len(header) < 12 || string(header[:6]) != xzMagic {
		return errXZHeader
	}
	if header[6] != 0 || header[7]&0xf0 != 0 || crc32.ChecksumIEEE(header[6:8]) != binary.LittleEndian.Uint32(header[8:]) {
		return errXZHeader
	}
	x.start = x.source.offset()
	x.source.skip(12)
	x.check = header[7]
	return nil
}

// Read implements io.Reader.
func (x *xzReader) Read(p []byte) (int, error) {
	for {
		if x.block == nil {
			if err := x.nextBlock(); err != nil {
				return 0, err
			}
		}
		n, err := x.block.Read(p)
		x.decoded += int64(n)
		if x.sum != nil {
			x.sum.Write(p[:n])
		}
		if err == io.EOF { //nolint:errorlint // as readers tell it
			if err = x.endBlock(); err == nil && n == 0 {
				continue
			}
		}
		return n, err
	}
}

// nextBlock reads block headers, indexes and stream headers until a block begins.
func (x *xzReader) nextBlock() error {
	for {
		next := x.source.peek(1)
		if len(next) == 0 {
			return io.ErrUnexpectedEOF
		}
		if next[0] != 0 {
			return x.blockHeader(4 * (int(next[0]) + 1))
		}
		if err := x.index(); err != nil {
			return err
		}
		x.source.skipZeros() // stream padding (section 2.2)
		if len(x.source.peek(1)) == 0 {
			return io.EOF
		}
		if string(x.source.peek(6)) != xzMagic {
			return errTrailing
		}
		if err := x.streamHeader(); err != nil {
			return err
		}
	}
}

// blockHeader reads a block header of size bytes (section 3.1) and opens the block.
func (x *xzReader) blockHeader(size int) error {
	header := bytes.Clone(x.source.peek(size))
	if len(header) < size {
		return io.ErrUnexpectedEOF
	}
	if crc32.ChecksumIEEE(header[:size-4]) != binary.LittleEndian.Uint32(header[size-4:]) {
		return errXZHeader
	}
	x.source.skip(int64(size))
	flags, fields := header[1], bytes.NewReader(header[2:size-4])
	x.header, x.limits = int64(size), [2]int64{-1, -1}
	for i := range x.limits {
		if flags&(0x40<<i) != 0 {
			v, err := binary.ReadUvarint(fields)
			if err != nil || v > 1<<62 {
				return errXZHeader
			}
			x.limits[i] = int64(v)
		}
	}
	if flags&3 != 0 {
		return errors.New("a filter before LZMA2 is not supported")
	}
	id, err1 := binary.ReadUvarint(fields)
	length, err2 := binary.ReadUvarint(fields)
	bits, err3 := fields.ReadByte()
	if errors.Join(err1, err2, err3) != nil || id != 0x21 || length != 1 || bits > 40 {
		return errXZHeader
	}
	return x.openBlock(bits)
}

// openBlock opens an LZMA2 block with the dictionary that bits stands for (section 5.3.1).
func (x *xzReader) openBlock(bits byte) (err error) {
	dictionary := int64(2|bits&1) << (bits/2 + 11)
	if x.limits[1] >= 0 {
		dictionary = min(dictionary, x.limits[1]) // no distance is larger than the block
	}
	if dictionary > x.window {
		return fmt.Errorf("%w: a dictionary of %d MiB", errMemory, dictionary>>20)
	}
	if err := x.claim.raise(dictionary); err != nil {
		return err
	}
	x.raw = &countedTape{tape: x.source}
	x.block, err = lzma.Reader2Config{DictCap: int(max(dictionary, lzma.MinDictCap))}.NewReader2(x.raw)
	x.decoded = 0
	switch x.check { // section 2.1.1.2; others are of known length, and passed over
	case 1:
		x.sum = crc32.NewIEEE()
	case 4:
		x.sum = crc64.New(crc64.MakeTable(crc64.ECMA))
	case 10:
		x.sum = sha256.New()
	default:
		x.sum = nil
	}
	return err
}

// endBlock reads a block's padding and check (sections 3.3 and 3.4).
func (x *xzReader) endBlock() error {
	x.block = nil
	if (x.limits[0] >= 0 && x.raw.read != x.limits[0]) || (x.limits[1] >= 0 && x.decoded != x.limits[1]) {
		return errors.New("a block has another size than its header says")
	}
	x.source.skip(-x.raw.read & 3)
	sizes := [16]int{0, 4, 4, 4, 8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64}
	want := bytes.Clone(x.source.peek(sizes[x.check]))
	if !x.source.skip(int64(sizes[x.check])) {
		return io.ErrUnexpectedEOF
	}
	if x.sum == nil {
		return nil
	}
	got := x.sum.Sum(nil)
	if x.check != 10 { // CRCs are stored the other way round
		for i, j := 0, len(got)-1; i < j; i, j = i+1, j-1 {
			got[i], got[j] = got[j], got[i]
		}
	}
	if !bytes.Equal(got, want) {
		return errChecksum
	}
	return nil
}

// index reads an index and a stream footer (sections 4 and 2.1.2).
func (x *xzReader) index() error {
	raw := &countedTape{tape: x.source}
	_, _ = raw.ReadByte() // the indicator
	records, err := binary.ReadUvarint(raw)
	for i := uint64(0); i < 2*records && err == nil; i++ {
		_, err = binary.ReadUvarint(raw)
	}
	if err != nil {
		return fmt.Errorf("index: %w", io.ErrUnexpectedEOF)
	}
	if !x.source.skip(-raw.read&3 + 4 + 12) {
		return io.ErrUnexpectedEOF
	}
	return nil
}

// A countedTape counts what is read of a tape.
type countedTape struct {
	tape *tape
	read int64
}

func (c *countedTape) Read(p []byte) (int, error) {
	n, err := c.tape.Read(p)
	c.read += int64(n)
	return n, err
}

func (c *countedTape) ReadByte() (byte, error) {
	b, err := c.tape.ReadByte()
	if err == nil {
		c.read++
	}
	return b, err
}

// unxz returns the text of a short stream. Its memory is taken off the budget; release gives back what was claimed.
func (w *walker) unxz(ctx context.Context, stream []byte) (text []byte, release func(), err error) {
	var reader io.Reader
	err = guard(func() (err error) {
		reader, err = xzCodec().open(newTape(bytes.NewReader(stream), int64(len(stream))), w)
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	release = func() {
		if closer, ok := reader.(io.Closer); ok {
			_ = guard(closer.Close) // nothing is lost by it
		}
	}
	output := &decoded{ctx: ctx, reader: reader, budget: w.budget}
	most := w.limits.MaxMemory / 4 // it is copied while it grows
	text, err = io.ReadAll(io.LimitReader(output, most+1))
	switch {
	case err != nil:
	case int64(len(text)) > most:
		err = errMemory
	default:
		err = output.failure()
	}
	if err != nil {
		release()
		return nil, nil, err
	}
	return text, release, nil
}
