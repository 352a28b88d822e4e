package container

import (
	"bytes"
	"encoding/ascii85"
	"encoding/hex"
	"errors"
	"io"

	"github.com/klauspost/compress/lzw"
)

// pdfTape is the size of a filter's tape: streams are many and mostly short.
const pdfTape = 4 << 10

var errPDFFilter = errors.New("a filter of images, or an unknown one")

// undo undoes one filter (ISO 32000-1, section 7.4).
func (p *pdfStreams) undo(filter string, source io.Reader, earlyChange int) (io.Reader, error) {
	switch filter {
	case "FlateDecode", "Fl":
		return &lateError{reader: &pdfFlate{source: newTape(source, pdfTape), streams: p}}, nil
	case "LZWDecode", "LZW":
		reader := lzw.NewReader(source, lzw.MSB, 8)
		if aldus, ok := reader.(*lzw.Reader); ok {
			aldus.SetAldusCompatible(earlyChange == 1)
		}
		return reader, nil
	case "ASCII85Decode", "A85":
		return ascii85.NewDecoder(&untilTilde{source: newTape(source, pdfTape)}), nil
	case "ASCIIHexDecode", "AHx":
		return hex.NewDecoder(&hexDigits{source: newTape(source, pdfTape)}), nil
	case "Crypt":
		return source, nil // by the identity filter: any other makes the whole file encrypted
	case "RunLengthDecode", "RL":
		return &runLength{source: newTape(source, pdfTape)}, nil
	}
	return nil, errPDFFilter
}

// pdfFlate decodes zlib data without asking for the checksum at its end: what stands there is not always right.
type pdfFlate struct {
	source   *tape
	inflater *inflater
	streams  *pdfStreams
}

// Read implements io.Reader.
func (f *pdfFlate) Read(p []byte) (int, error) {
	if f.inflater == nil {
		for { // some writers put a line end too many in front
			next := f.source.peek(2)
			if len(next) < 2 {
				return 0, io.ErrUnexpectedEOF
			}
			if next[0] != '\r' && next[0] != '\n' {
				break
			}
			f.source.skip(1)
		}
		f.source.skip(2)
		f.inflater = f.streams.inflater(f.source)
	}
	return f.inflater.Read(p)
}

// lateError passes an error on after what was read with it.
type lateError struct {
	reader io.Reader
	err    error
}

func (l *lateError) Read(p []byte) (int, error) {
	if l.err != nil {
		return 0, l.err
	}
	n, err := l.reader.Read(p)
	if n > 0 {
		l.err, err = err, nil
	}
	return n, err
}

// untilTilde reads ASCII85 up to its end.
type untilTilde struct{ source *tape }

func (u *untilTilde) Read(p []byte) (n int, err error) {
	if len(bytes.TrimLeft(u.source.peek(2), "<~")) == 0 {
		u.source.skip(2)
	}
	for n < len(p) {
		c, err := u.source.ReadByte()
		if err != nil || c == '~' {
			return n, io.EOF
		}
		p[n] = c
		n++
	}
	return n, nil
}

// hexDigits reads hexadecimal up to its end, without white space, an even number of digits.
type hexDigits struct {
	source *tape
	odd    bool
	ended  bool
}

func (h *hexDigits) Read(p []byte) (n int, err error) {
	for n < len(p) && !h.ended {
		c, err := h.source.ReadByte()
		switch {
		case err != nil || c == '>':
			h.ended = true
			if h.odd {
				p[n], h.odd = '0', false
				n++
			}
		case c >= '0' && c <= '9', c >= 'a' && c <= 'f', c >= 'A' && c <= 'F':
			p[n], h.odd = c, !h.odd
			n++
		}
	}
	if n == 0 && h.ended {
		return 0, io.EOF
	}
	return n, nil
}

// runLength decodes byte-oriented run-length encoding.
type runLength struct {
	source  *tape
	literal int // bytes left to copy
	repeat  int // times left to repeat again
	again   byte
}

func (r *runLength) Read(p []byte) (n int, err error) {
	for n < len(p) {
		switch {
		case r.repeat > 0:
			p[n] = r.again
			r.repeat--
			n++
		case r.literal > 0:
			if p[n], err = r.source.ReadByte(); err != nil {
				return n, io.ErrUnexpectedEOF
			}
			r.literal--
			n++
		default:
			length, err := r.source.ReadByte()
			if err != nil || length == 128 {
				return n, io.EOF
			}
			if length < 128 {
				r.literal = int(length) + 1
				continue
			}
			if r.again, err = r.source.ReadByte(); err != nil {
				return n, io.ErrUnexpectedEOF
			}
			r.repeat = 257 - int(length)
		}
	}
	return n, nil
}

// untilStream reads a stream that is not encoded, up to the next keyword, of its own end or of another stream's start:
// so each byte is read as one stream's alone.
type untilStream struct{ source *tape }

func (u *untilStream) Read(p []byte) (int, error) {
	const keyword = "stream"
	next := u.source.peek(max(len(keyword), min(len(p), pdfTape/2)))
	if len(next) == 0 || bytes.HasPrefix(next, []byte(keyword)) {
		return 0, io.EOF
	}
	n := len(next)
	if i := bytes.Index(next, []byte(keyword)); i > 0 {
		n = i
	} else if n > len(keyword) {
		n -= len(keyword) - 1
	}
	n = copy(p, next[:min(n, len(p))])
	u.source.skip(int64(n))
	return n, nil
}
