package container

import (
	"compress/bzip2"
	"encoding/binary"
	"errors"
	"io"
	"path"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/s2"
	"github.com/ulikunitz/xz/lzma"
)

// closing is a reader with something to be released at the end.
type closing struct {
	io.Reader
	release func()
}

func (c *closing) Close() error {
	c.Reader = &failed{io.EOF} // which must not be kept by whoever still knows of c
	c.release()
	return nil
}

func bzip2Codec() codec {
	return codec{suffixes: []string{".tbz2", ".tbz", ".bz2", ".bz"}, magic: "BZh", begins: isBzip2, open: func(source *tape, _ *walker) (io.Reader, error) {
		return &trailingAfter{
			reader: bzip2.NewReader(source), source: source, back: 2,
			is: func(err error) bool { return err == bzip2.StructuralError("bad magic value in continuation file") }, //nolint:errorlint // a value
		}, nil
	}}
}

func lz4Codec() codec {
	return codec{suffixes: []string{".lz4"}, open: openLZ4, magic: "\x04\x22\x4d\x18"}
}

// snappyCodec decodes the Snappy framing format, and S2's.
func snappyCodec() codec {
	return codec{suffixes: []string{".sz", ".snappy", ".s2"}, open: func(source *tape, _ *walker) (io.Reader, error) {
		return s2.NewReader(source, s2.ReaderMaxBlockSize(4<<20), s2.ReaderAllocBlock(64<<10)), nil
	}}
}

// brotliCodec decodes Brotli (RFC 7932), which has no magic at all.
func brotliCodec() codec {
	return codec{suffixes: []string{".br"}, weak: true, named: true, open: func(source *tape, w *walker) (io.Reader, error) {
		decoder := w.brotliDecoder()
		release := func() { w.brotlis = append(w.brotlis, decoder) }
		return &closing{&brotliReader{decoder}, release}, decoder.Reset(source)
	}}
}

// brotliDecoder returns a decoder that is free, or a new one. Four bytes may ask for a window of 16 MiB, and something that is no
// stream for nothing else, time and again; a decoder keeps the one that it has.
func (w *walker) brotliDecoder() *brotli.Reader {
	last := len(w.brotlis) - 1
	if last < 0 {
		return brotli.NewReader(nil)
	}
	decoder := w.brotlis[last]
	w.brotlis = w.brotlis[:last]
	return decoder
}

// chromiumBodyCodec decodes a body that may be in Brotli, though nothing tells: its headers are in another file. What comes to a
// text is one.
func chromiumBodyCodec() codec {
	c := brotliCodec()
	c.named, c.text = false, true
	return c
}

// A brotliReader tells errBehind of what the library finds behind the stream, which it has read by then.
type brotliReader struct{ *brotli.Reader }

// Read implements io.Reader.
func (r *brotliReader) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	if err != nil && err.Error() == "brotli: excessive input" { // a value that is not exported
		err = errBehind
	}
	return n, err
}

// lzmaCodec decodes the format of lzma-utils, before xz.
func lzmaCodec() codec {
	return codec{suffixes: []string{".tlz", ".lzma"}, weak: true, says: saysLZMA, open: func(source *tape, w *walker) (io.Reader, error) {
		return openLZMA(source.peek(lzma.HeaderLen), source, w)
	}}
}

// openLZMA decodes what reader has, that starts with header.
func openLZMA(header []byte, reader io.Reader, w *walker) (io.Reader, error) {
	claim := claim{walker: w}
	if len(header) == lzma.HeaderLen {
		dictionary, size := binary.LittleEndian.Uint32(header[1:]), binary.LittleEndian.Uint64(header[5:])
		if err := claim.raise(int64(min(uint64(dictionary), size))); err != nil {
			return nil, err
		}
	}
	source := &breaking{Reader: reader, bytes: lzma.ByteReader(reader)}
	decoder, err := lzma.ReaderConfig{DictCap: int(w.limits.window())}.NewReader(source)
	if err != nil {
		claim.release()
		return nil, err
	}
	return &closing{&lzmaReader{decoder: decoder, source: source}, claim.release}, nil
}

// An lzmaReader tells of a failure behind all that was decoded before. The library fills its dictionary, which may take all
// of a text, and where it fails at that it keeps what it has.
type lzmaReader struct {
	decoder *lzma.Reader
	source  *breaking
	failure error
}

// Read implements io.Reader.
func (r *lzmaReader) Read(p []byte) (int, error) {
	n, err := r.decoder.Read(p)
	if err == nil || err == io.EOF && r.failure == nil { //nolint:errorlint // as readers tell it
		return n, err
	}
	if r.failure == nil {
		r.failure = err
		r.source.broken = true // so that it decodes no further when it is asked for what it has
		if n == 0 {
			n, _ = r.decoder.Read(p)
		}
	}
	if n > 0 {
		return n, nil
	}
	return 0, r.failure
}

// A breaking reader has nothing more once it is broken.
type breaking struct {
	io.Reader
	bytes  io.ByteReader // of the same
	broken bool
}

var errBroken = errors.New("broken off before")

// ReadByte implements io.ByteReader.
func (b *breaking) ReadByte() (byte, error) {
	if b.broken {
		return 0, errBroken
	}
	return b.bytes.ReadByte()
}

// saysLZMA reports whether a header is beyond doubt one of the format: by the name of the text, or by a size that is left
// open as xz leaves it. One with a size that is small numbers might also begin a table of them.
func saysLZMA(prefix []byte, name string) bool {
	return isNamedLzma(prefix, name) || isLzma(prefix) && string(prefix[5:13]) == "\xff\xff\xff\xff\xff\xff\xff\xff"
}

// isNamedLzma reports whether a text is called by a suffix of the format and may begin one, whatever the settings that it was
// written with.
func isNamedLzma(prefix []byte, name string) bool {
	const mostProperties = 9*5*5 - 1
	suffix := strings.ToLower(path.Ext(name))
	return (suffix == ".lzma" || suffix == ".tlz") && len(prefix) >= 14 && prefix[0] <= mostProperties && prefix[13] == 0
}

// isLzma reports whether prefix is a header as the usual tools write it: lc=3 lp=0 pb=2, a dictionary of 2^n or
// 2^n+2^(n-1) bytes, and a size that is unknown or below 256 GiB.
func isLzma(prefix []byte) bool {
	if len(prefix) < 14 || prefix[0] != 0x5d || prefix[13] != 0 {
		return false
	}
	dictionary := uint32(prefix[1]) | uint32(prefix[2])<<8 | uint32(prefix[3])<<16 | uint32(prefix[4])<<24
	if dictionary < 1<<12 {
		return false
	}
	for dictionary&1 == 0 {
		dictionary >>= 1
	}
	if dictionary != 1 && dictionary != 3 {
		return false
	}
	if string(prefix[5:13]) == "\xff\xff\xff\xff\xff\xff\xff\xff" {
		return true
	}
	return string(prefix[10:13]) == "\x00\x00\x00"
}
