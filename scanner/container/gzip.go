package container

import (
	"errors"
	"io"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zlib"
)

func gzipCodec() codec {
	return codec{suffixes: []string{".tgz", ".gz", ".gzip", ".z", ".svgz"}, open: openGzip}
}

// A gzipStream reads the members of a gzip file (RFC 1952, section 2.2) as one text.
type gzipStream struct {
	concatenation
	first gzip.Header
}

func openGzip(source *tape, _ Limits) (io.Reader, error) {
	member, err := gzip.NewReader(source)
	if err != nil {
		return nil, err
	}
	member.Multistream(false)
	g := &gzipStream{first: member.Header}
	g.source, g.reader = source, member
	g.next = func(source *tape) (io.Reader, error) {
		if !isGzip(source.peek(4)) {
			return nil, nil
		}
		if err := member.Reset(source); err != nil {
			return nil, err
		}
		member.Multistream(false)
		return member, nil
	}
	return g, nil
}

func isGzip(prefix []byte) bool {
	return len(prefix) >= 4 && prefix[0] == 0x1f && prefix[1] == 0x8b && prefix[2] == 8 && prefix[3]&0xe0 == 0
}

func (g *gzipStream) label() (name string, modified time.Time, notes []string) {
	return g.first.Name, g.first.ModTime, []string{g.first.Name, g.first.Comment, string(g.first.Extra)}
}

func zlibCodec() codec {
	return codec{suffixes: []string{".zlib", ".zz", ".z"}, open: openZlib, weak: true}
}

func openZlib(source *tape, _ Limits) (io.Reader, error) {
	reader, err := zlib.NewReader(source)
	if err != nil {
		return nil, err
	}
	return &concatenation{source: source, reader: reader, next: func(*tape) (io.Reader, error) { return nil, nil }}, nil
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
