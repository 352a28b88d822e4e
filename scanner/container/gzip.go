package container

import (
	"encoding/binary"
	"errors"
	"hash"
	"hash/adler32"
	"hash/crc32"
	"io"
	"time"
)

func gzipCodec() codec {
	return codec{suffixes: []string{".tgz", ".gz", ".gzip", ".z", ".svgz"}, open: openGzip, magic: "\x1f\x8b\x08", begins: isGzipMember}
}

// A gzipStream reads the members of a gzip file (RFC 1952, section 2.2) as one text.
type gzipStream struct {
	*inflater
	release func()
	first   gzipHeader
	start   int64 // of the member
	sum     uint32
	size    uint32
}

func (g *gzipStream) started() int64 { return g.start }

// A gzipHeader is what a member says of itself.
type gzipHeader struct {
	name, comment, extra string
	modified             time.Time
}

func openGzip(source *tape, w *walker) (io.Reader, error) {
	start := source.offset()
	first, err := readGzipHeader(source)
	if err != nil {
		return nil, err
	}
	f := w.newInflater(source)
	return &gzipStream{inflater: f, first: first, start: start, release: func() { w.freeInflater(f) }}, nil
}

func (g *gzipStream) Close() error {
	g.release()
	return nil
}

// Read implements io.Reader.
func (g *gzipStream) Read(p []byte) (int, error) {
	for {
		n, err := g.inflater.Read(p)
		g.sum = crc32.Update(g.sum, crc32.IEEETable, p[:n])
		g.size += uint32(n)
		if n > 0 || err == nil {
			return n, nil
		}
		if err != io.EOF { //nolint:errorlint // as readers tell it
			return 0, err
		}
		if err := g.next(); err != nil {
			return 0, err
		}
	}
}

// next checks the trailer of a member and goes on to the one that follows.
func (g *gzipStream) next() error {
	trailer := g.source.peek(8)
	if len(trailer) < 8 {
		return io.ErrUnexpectedEOF
	}
	sum, size := binary.LittleEndian.Uint32(trailer), binary.LittleEndian.Uint32(trailer[4:])
	if sum != g.sum || size != g.size {
		return errChecksum
	}
	g.source.skip(8)
	if len(g.source.peek(1)) == 0 {
		return io.EOF
	}
	if !isGzip(g.source.peek(4)) {
		return errTrailing
	}
	g.start = g.source.offset()
	if _, err := readGzipHeader(g.source); err != nil {
		return err
	}
	g.sum, g.size = 0, 0
	g.reset()
	return nil
}

// readGzipHeader reads the header of a member (RFC 1952, section 2.3).
func readGzipHeader(source *tape) (h gzipHeader, err error) {
	header := source.peek(10)
	if len(header) < 10 {
		return h, io.ErrUnexpectedEOF
	}
	if !isGzip(header) {
		return h, errors.New("broken header")
	}
	flags := header[3]
	if seconds := binary.LittleEndian.Uint32(header[4:]); seconds > 0 {
		h.modified = time.Unix(int64(seconds), 0)
	}
	source.skip(10)
	if flags&4 != 0 {
		length := source.peek(2)
		if len(length) < 2 {
			return h, io.ErrUnexpectedEOF
		}
		size := int(binary.LittleEndian.Uint16(length))
		source.skip(2)
		extra := make([]byte, size)
		if _, err := io.ReadFull(source, extra); err != nil {
			return h, io.ErrUnexpectedEOF
		}
		h.extra = string(extra)
	}
	for i, field := range []*string{&h.name, &h.comment} {
		if flags&(8<<i) == 0 {
			continue
		}
		if *field, err = readGzipString(source); err != nil {
			return h, err
		}
	}
	if flags&2 != 0 && !source.skip(2) {
		return h, io.ErrUnexpectedEOF
	}
	return h, nil
}

// readGzipString reads a string up to its zero byte.
func readGzipString(source *tape) (string, error) {
	var s []byte
	for len(s) < 64<<10 {
		c, err := source.ReadByte()
		if err != nil {
			return "", noEOF(err)
		}
		if c == 0 {
			return string(s), nil
		}
		s = append(s, c)
	}
	return "", errors.New("broken header")
}

// isGzipMember is isGzip with what else the writers of members put in a header: no reserved value.
func isGzipMember(b []byte) bool {
	return len(b) >= 10 && isGzip(b) && (b[8] == 0 || b[8] == 2 || b[8] == 4) && (b[9] <= 13 || b[9] == 255)
}

func isGzip(prefix []byte) bool {
	return len(prefix) >= 4 && prefix[0] == 0x1f && prefix[1] == 0x8b && prefix[2] == 8 && prefix[3]&0xe0 == 0
}

func (g *gzipStream) label() (name string, modified time.Time, notes []string) {
	return g.first.name, g.first.modified, []string{g.first.name, g.first.comment, g.first.extra}
}

func zlibCodec() codec {
	return codec{suffixes: []string{".zlib", ".zz", ".z"}, open: openZlib, weak: true}
}

// A zlibStream reads zlib data (RFC 1950).
type zlibStream struct {
	*inflater
	release func()
	sum     hash.Hash32
	ended   bool
}

func openZlib(source *tape, w *walker) (io.Reader, error) {
	if !isZlib(source.peek(2)) {
		return nil, errors.New("broken header")
	}
	source.skip(2)
	f := w.newInflater(source)
	return &zlibStream{inflater: f, release: func() { w.freeInflater(f) }, sum: adler32.New()}, nil
}

func (z *zlibStream) Close() error {
	z.release()
	return nil
}

// Read implements io.Reader.
func (z *zlibStream) Read(p []byte) (int, error) {
	if z.ended {
		return 0, io.EOF
	}
	n, err := z.inflater.Read(p)
	_, _ = z.sum.Write(p[:n])
	if err != io.EOF { //nolint:errorlint // as readers tell it
		return n, err
	}
	trailer := z.source.peek(4)
	if len(trailer) < 4 {
		return n, io.ErrUnexpectedEOF
	}
	if binary.BigEndian.Uint32(trailer) != z.sum.Sum32() {
		return n, errChecksum
	}
	z.source.skip(4)
	z.ended = true
	return n, io.EOF
}

// isZlib reports whether prefix starts with a zlib header (RFC 1950, section 2.2) of the usual window, without a
// preset dictionary.
func isZlib(prefix []byte) bool {
	return len(prefix) >= 2 && prefix[0] == 0x78 && prefix[1]&0x20 == 0 && (int(prefix[0])<<8|int(prefix[1]))%31 == 0
}

// trailingAfter reads a decoder that goes on to further streams by itself, and tells one kind of its errors as
// errTrailing.
type trailingAfter struct {
	reader io.Reader
	source *tape
	// is reports whether err, where something was decoded before, says that no further stream follows.
	is func(err error) bool
	// back is how many bytes of what follows the decoder has read by then.
	back int64
	any  bool
}

// Read implements io.Reader.
func (r *trailingAfter) Read(p []byte) (int, error) {
	n, err := r.reader.Read(p)
	if err != nil && (r.any || n > 0) && !errors.Is(err, io.EOF) && r.is(err) {
		r.source.rewind(r.source.offset() - r.back)
		err = errTrailing
	}
	r.any = r.any || n > 0
	return n, err
}
