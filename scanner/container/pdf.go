package container

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"

	"github.com/jwtleak/jwtleak/scanner/finding"
)

const (
	pdfWindow     = 32 << 10 // looked at at once
	pdfDictionary = 4 << 10  // the longest dictionary of a stream that is seen whole
)

// pdf shows t as it is, then the content of each encoded stream in it, and of a page's content the text that is drawn,
// joined. Streams are found by their keyword, not by the cross-reference table: what an update has replaced is still
// there, and a table may be broken. (ISO 32000-1; section numbers are its.)
func (w *walker) pdf(ctx context.Context, t *text) error {
	w.containers++
	t.seen = &Seen{}
	if err := w.leaf(ctx, t); err != nil {
		return err
	}
	p := &pdfStreams{walker: w, of: t}
	if err := p.all(ctx); err != nil {
		return err
	}
	switch {
	case p.limit != nil:
		return w.problem(t, PDF, p.limit)
	case p.encrypted && (p.failed > 0 || p.shown > 0):
		return w.problem(t, PDF, errEncrypted)
	case p.failed > 0:
		return w.problem(t, PDF, errors.New(finding.CountOf(p.failed, "stream could not be read to its end", "streams could not be read to their end")))
	}
	return nil
}

// pdfStreams goes through the streams of a PDF file.
type pdfStreams struct {
	walker    *walker
	of        *text
	shown     int
	failed    int
	encrypted bool
	limit     error
	inflaters []*inflater // in use
}

// inflater returns an inflater that is taken back when the stream has been shown.
func (p *pdfStreams) inflater(source *tape) *inflater {
	f := p.walker.newInflater(source)
	p.inflaters = append(p.inflaters, f)
	return f
}

func (p *pdfStreams) freeInflaters() {
	for _, f := range p.inflaters {
		p.walker.freeInflater(f)
	}
	p.inflaters = p.inflaters[:0]
}

// all shows every stream.
func (p *pdfStreams) all(ctx context.Context) error {
	source := p.of.tape()
	from := 0 // in the window: what was looked at before is there for its dictionaries alone
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		window := source.peek(pdfWindow)
		p.encrypted = p.encrypted || bytes.Contains(window, []byte("/Encrypt"))
		i := bytes.Index(window[min(from, len(window)):], []byte("stream"))
		if i < 0 {
			if len(window) < pdfWindow {
				return nil
			}
			source.skip(pdfWindow - pdfDictionary)
			from = pdfDictionary - len("stream")
			continue
		}
		keyword := from + i
		s, ok := parsePDFStream(window[max(0, keyword-pdfDictionary):keyword], window[keyword:])
		from = keyword + len("stream")
		if ok {
			s.start += source.offset() + int64(keyword)
			if err := p.show(ctx, s); err != nil || p.limit != nil {
				return err
			}
			if p.past(s) {
				source.skip(s.start + s.length - source.offset())
				from = 0
				continue
			}
		}
		if step := from - pdfDictionary; step > 0 {
			source.skip(int64(step))
			from -= step
		}
	}
}

// past reports whether a stream's stated length is right, so that its bytes need not be searched for another one.
func (p *pdfStreams) past(s pdfStream) bool {
	var end [16]byte
	if s.length <= 0 || s.start+s.length > p.of.size {
		return false
	}
	n, _ := p.of.at.ReadAt(end[:], s.start+s.length)
	return bytes.HasPrefix(bytes.TrimLeft(end[:n], "\r\n "), []byte("endstream"))
}

// A pdfStream is a stream object (section 7.3.8).
type pdfStream struct {
	object  string // its number, if seen
	start   int64  // of its data
	length  int64  // as stated, 0 where that is an object of its own
	filters []string
	early   int  // /EarlyChange of LZW
	drawn   bool // may be the content of a page
	rows    pdfPredictor
}

// parsePDFStream reads the dictionary that before ends with, at the keyword that after starts with.
func parsePDFStream(before, after []byte) (s pdfStream, ok bool) {
	switch {
	case bytes.HasPrefix(after, []byte("stream\r\n")):
		s.start = 8
	case bytes.HasPrefix(after, []byte("stream\n")), bytes.HasPrefix(after, []byte("stream\r")):
		s.start = 7
	default:
		return s, false
	}
	dictionary := bytes.TrimRight(before, " \r\n\t\x00\f")
	if !bytes.HasSuffix(dictionary, []byte(">>")) {
		return s, false
	}
	if i := bytes.LastIndex(dictionary, []byte("obj")); i >= 0 {
		head := bytes.Fields(dictionary[max(0, i-24):i])
		if n := len(head); n >= 2 {
			s.object = string(head[n-2])
		}
		dictionary = dictionary[i:]
	}
	s.filters = pdfFilters(dictionary)
	if s.object == "" && s.filters == nil && len(before) == pdfDictionary && len(after) > int(s.start) && isZlib(after[s.start:]) {
		s.filters = []string{"FlateDecode"} // which is named further in front than is looked at
	}
	if len(s.filters) == 1 && s.filters[0] == "FlateDecode" && bytes.HasPrefix(after[s.start:], []byte("\xff\xd8\xff")) {
		s.filters = []string{"DCTDecode"} // a photograph, as another object says
	}
	s.rows = parsePDFPredictor(dictionary)
	s.length = pdfNumber(dictionary, "/Length")
	s.early = 1
	if i := bytes.Index(dictionary, []byte("/EarlyChange")); i >= 0 && bytes.HasPrefix(bytes.TrimSpace(dictionary[i+12:]), []byte("0")) {
		s.early = 0
	}
	s.drawn = true
	for _, other := range []string{"/Image", "/XRef", "/ObjStm", "/Length1", "/CIDFontType0C", "/Metadata"} {
		s.drawn = s.drawn && !bytes.Contains(dictionary, []byte(other))
	}
	return s, true
}

// pdfNumber returns the number that key has in dictionary, 0 for none or for a reference.
func pdfNumber(dictionary []byte, key string) int64 {
	for {
		i := bytes.Index(dictionary, []byte(key))
		if i < 0 {
			return 0
		}
		dictionary = dictionary[i+len(key):]
		value := bytes.TrimLeft(dictionary, " \r\n\t")
		if len(value) == len(dictionary) { // /Length1
			continue
		}
		digits := len(value) - len(bytes.TrimLeft(value, "0123456789"))
		n, err := strconv.ParseInt(string(value[:digits]), 10, 62)
		reference := bytes.Fields(value[digits:min(len(value), digits+16)])
		if err != nil || len(reference) >= 2 && bytes.HasPrefix(reference[1], []byte("R")) {
			return 0
		}
		return n
	}
}

// pdfFilters returns the names under /Filter, in the order in which they are to be undone (section 7.4).
func pdfFilters(dictionary []byte) (filters []string) {
	i := bytes.Index(dictionary, []byte("/Filter"))
	if i < 0 {
		return nil
	}
	value := bytes.TrimLeft(dictionary[i+len("/Filter"):], " \r\n\t")
	if len(value) == 0 {
		return nil
	}
	if value[0] == '[' {
		value, _, _ = bytes.Cut(value[1:], []byte("]"))
	} else if end := bytes.IndexAny(value[1:], "/ \r\n\t>[<("); end >= 0 {
		value = value[:end+1]
	}
	for _, name := range bytes.Split(value, []byte("/")) {
		switch name = bytes.TrimSpace(name); {
		case len(name) == 0:
		case name[0] >= '0' && name[0] <= '9':
			filters = append(filters, "FlateDecode") // most likely, of what another object names
		default:
			filters = append(filters, string(pdfUnescape(name)))
		}
	}
	return filters
}

// pdfUnescape undoes #xx in a name (section 7.3.5).
func pdfUnescape(name []byte) []byte {
	out := name[:0:0]
	for i := 0; i < len(name); i++ {
		if name[i] == '#' && i+2 < len(name) {
			if c, err := strconv.ParseUint(string(name[i+1:i+3]), 16, 8); err == nil {
				out = append(out, byte(c))
				i += 2
				continue
			}
		}
		out = append(out, name[i])
	}
	return out
}

// show shows the decoded content of s, and what is drawn by it.
func (p *pdfStreams) show(ctx context.Context, s pdfStream) error {
	defer p.freeInflaters()
	if len(s.filters) == 0 && !s.drawn {
		return nil
	}
	name := "object " + s.object
	if s.object == "" {
		name = fmt.Sprintf("stream at %d", s.start)
	}
	if p.limit = p.walker.entry(); p.limit != nil {
		return nil
	}
	seen, at := p.of.seen, s.start // where a stream stands as it is, it was shown with the file
	if len(s.filters) > 0 {
		reader, ok := p.decode(s)
		if !ok {
			return nil // an image, in a format of its own
		}
		p.shown++
		read := &ending{reader: reader}
		child := p.of.labelled(name)
		if s.drawn {
			seen, at = &Seen{}, 0
			child.seen = seen
		}
		failure, err := p.walker.contentAhead(ctx, child, read)
		if err != nil {
			return err
		}
		if errors.Is(failure, errExpansion) {
			p.limit = failure
			return nil
		}
		if failure != nil {
			p.failed++
		}
		s.drawn = s.drawn && read.some
	}
	if !s.drawn {
		return nil
	}
	reader, ok := p.decode(s)
	if !ok {
		return nil
	}
	drawn := &pdfText{source: newTape(&decoded{ctx: ctx, reader: reader, budget: p.walker.budget}, pdfTape)}
	child := p.of.labelled(name + ", text")
	child.reader, child.seen = drawn, seen
	child.origin = func(from, to int64) (start, end int64, ok bool) {
		start, end, ok = drawn.origin(from, to)
		return at + start, at + end, ok
	}
	if drawn.empty() {
		return ctx.Err()
	}
	if err := p.walker.leaf(ctx, child); err != nil {
		return err
	}
	return ctx.Err()
}

// decode returns the data of s with its filters undone; false where one of them is that of an image.
func (p *pdfStreams) decode(s pdfStream) (reader io.Reader, ok bool) {
	end, known := p.of.size, p.past(s)
	if known {
		end = s.start + s.length
	}
	reader = io.NewSectionReader(p.of.at, s.start, end-s.start)
	if len(s.filters) == 0 && !known {
		return &untilStream{source: newTape(reader, pdfTape)}, true
	}
	for i, filter := range s.filters {
		var err error
		if reader, err = p.undo(filter, reader, s.early); err != nil {
			return nil, false
		}
		if i == len(s.filters)-1 && s.rows.kind > 1 {
			reader = &pdfRows{source: reader, predictor: s.rows}
		}
	}
	return reader, true
}
