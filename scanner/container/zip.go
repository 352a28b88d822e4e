package container

import (
	"bytes"
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"slices"
)

// The signatures and lengths of zip's records (APPNOTE.TXT 6.3.10, section 4.3).
const (
	zipLocal       = "PK\x03\x04"
	zipCentral     = "PK\x01\x02"
	zipEnd         = "PK\x05\x06"
	zip64End       = "PK\x06\x06"
	zip64Locator   = "PK\x06\x07"
	zipDescriptor  = "PK\x07\x08"
	zipLocalSize   = 30
	zipCentralSize = 46
	zipEndSize     = 22
)

var errZipDirectory = errors.New("the directory at the end is missing or broken, the entries are read in order")

// zip shows the files of t: by the directory at its end where t can be held, else in order. The directory is read here
// and not by a library: it may have millions of entries, which a library holds all at once, and what no entry covers
// is to be shown too.
func (w *walker) zip(ctx context.Context, t *text) error {
	release, ok, err := w.hold(t)
	if err != nil {
		return err
	}
	w.containers++
	if !ok {
		return w.zipInOrder(ctx, t, t.tape())
	}
	defer release()
	directory, ok := findZipDirectory(t.at, t.size)
	if !ok {
		if err := w.problem(t, Zip, errZipDirectory); err != nil {
			return err
		}
		return w.zipInOrder(ctx, t, t.tape())
	}
	return w.zipByDirectory(ctx, t, directory)
}

// A zipDirectory says where the central directory lies.
type zipDirectory struct {
	base       int64 // what all offsets count from: the length of what was put in front of the archive
	start, end int64
	comment    []byte
	after      int64 // end of the archive
}

// findZipDirectory looks for the end record in the last 64 KiB (section 4.3.16).
func findZipDirectory(at io.ReaderAt, size int64) (zipDirectory, bool) {
	for _, window := range []int64{zipEndSize, 1<<16 + zipEndSize} { // mostly there is no comment
		window = min(window, size)
		tail := make([]byte, window)
		if n, _ := at.ReadAt(tail, size-window); int64(n) < window {
			return zipDirectory{}, false
		}
		for _, i := range slices.Backward(placesOf(tail, []byte(zipEnd))) {
			if d, ok := parseZipEnd(at, size-window+int64(i), tail[i:]); ok {
				return d, true
			}
		}
	}
	return zipDirectory{}, false
}

// placesOf returns where a signature stands. It looks forwards, which vectors are for: each executable is searched.
func placesOf(text, signature []byte) (places []int) {
	for at := 0; ; at++ {
		i := bytes.Index(text[at:], signature)
		if i < 0 {
			return places
		}
		at += i
		places = append(places, at)
	}
}

func parseZipEnd(at io.ReaderAt, position int64, record []byte) (zipDirectory, bool) {
	if len(record) < zipEndSize {
		return zipDirectory{}, false
	}
	comment := int(binary.LittleEndian.Uint16(record[20:]))
	if zipEndSize+comment > len(record) {
		return zipDirectory{}, false
	}
	d := zipDirectory{comment: record[zipEndSize : zipEndSize+comment], after: position + int64(zipEndSize+comment)}
	size, offset := int64(binary.LittleEndian.Uint32(record[12:])), int64(binary.LittleEndian.Uint32(record[16:]))
	d.end = position
	var locator [20]byte
	if n, _ := at.ReadAt(locator[:], position-20); n == 20 && string(locator[:4]) == zip64Locator {
		if s, o, p, ok := parseZip64End(at, int64(binary.LittleEndian.Uint64(locator[8:])), position-20); ok {
			size, offset, d.end = s, o, p
		}
	}
	d.start = d.end - size
	d.base = d.start - offset
	if size < 0 || offset < 0 || d.start < 0 || d.base < 0 {
		return zipDirectory{}, false
	}
	if size == 0 {
		return d, true
	}
	var magic [4]byte
	n, _ := at.ReadAt(magic[:], d.start)
	return d, n == 4 && string(magic[:]) == zipCentral
}

// parseZip64End reads the zip64 end record, which lies at offset, or right in front of its locator where the archive
// was moved (section 4.3.14).
func parseZip64End(at io.ReaderAt, offset, locator int64) (size, start, position int64, ok bool) {
	for _, position := range []int64{offset, locator - 56} {
		var record [56]byte
		if n, _ := at.ReadAt(record[:], position); position < 0 || n < len(record) || string(record[:4]) != zip64End {
			continue
		}
		size, start = int64(binary.LittleEndian.Uint64(record[40:])), int64(binary.LittleEndian.Uint64(record[48:]))
		return size, start, position, size <= position
	}
	return 0, 0, 0, false
}

// zipByDirectory shows the entries that the directory lists, and then what none of them covers.
func (w *walker) zipByDirectory(ctx context.Context, t *text, d zipDirectory) error {
	names := w.notes(t)
	covered := []span{{d.start, d.after}}
	directory := newTape(io.NewSectionReader(t.at, d.start, d.end-d.start), d.end-d.start)
	near := windowOf(t)
	for string(directory.peek(4)) == zipCentral {
		e, failure := readZipCentral(directory)
		if failure == nil {
			failure = w.entry()
		}
		if failure != nil {
			if err := w.problem(t, Zip, failure); err != nil {
				return err
			}
			break
		}
		if err := names.add(ctx, e.name, e.comment); err != nil {
			return err
		}
		e.offset += d.base
		end, err := w.zipEntryAt(ctx, t, near, e)
		if err != nil {
			return err
		}
		covered = append(covered, span{e.offset, end})
	}
	if err := names.add(ctx, string(d.comment)); err != nil {
		return err
	}
	if err := names.show(ctx); err != nil {
		return err
	}
	return w.zipGaps(ctx, t, near, covered)
}

// A span is the bytes from start to end of a text.
type span struct{ start, end int64 }

// zipGaps shows what of t none of the spans covers: what was put in front, deleted entries, what was appended.
func (w *walker) zipGaps(ctx context.Context, t *text, near io.ReaderAt, covered []span) error {
	return gaps(t.size, covered, func(gap span) error { return w.zipGap(ctx, t, near, gap) })
}

// gaps calls each with what of a text of a size none of the spans covers.
func gaps(size int64, covered []span, each func(gap span) error) error {
	slices.SortFunc(covered, func(a, b span) int { return cmp.Compare(a.start, b.start) })
	covered = append(covered, span{size, size})
	at := int64(0)
	for _, s := range covered {
		if start := min(s.start, size); start > at {
			if err := each(span{at, start}); err != nil {
				return err
			}
		}
		at = max(at, s.end)
	}
	return nil
}

func (w *walker) zipGap(ctx context.Context, t *text, near io.ReaderAt, gap span) error {
	head := make([]byte, min(24, gap.end-gap.start))
	_, _ = near.ReadAt(head, gap.start)
	if n := int64(len(head)); n == gap.end-gap.start && (n == 12 || n == 20 || string(head[:min(4, n)]) == zipDescriptor) {
		return nil // a data descriptor
	}
	if string(head[:min(4, len(head))]) == zipDescriptor {
		gap.start += 16
	}
	rest := t.labelled(gapLabel)
	rest.at, rest.size = io.NewSectionReader(t.at, gap.start, gap.end-gap.start), gap.end-gap.start
	if t.held != nil {
		rest.hold(t.held[gap.start:gap.end])
	}
	if string(rest.prefix(4)) == zipLocal {
		rest.depth = t.depth
		return w.zipInOrder(ctx, rest, rest.tape())
	}
	if gap.start == 0 {
		return w.text(ctx, rest) // what the archive was put behind
	}
	return w.leaf(ctx, rest)
}

// zipEntryAt shows an entry that lies at e.offset, by what reads t in small parts, and returns where it ends.
func (w *walker) zipEntryAt(ctx context.Context, t *text, near io.ReaderAt, e zipEntry) (end int64, err error) {
	child := t.inside(e.name).dated(e.modified)
	var local [zipLocalSize]byte
	if n, _ := near.ReadAt(local[:], e.offset); n < len(local) || string(local[:4]) != zipLocal {
		return e.offset, w.problem(child, Zip, errors.New("the entry is not where the directory says"))
	}
	data := e.offset + zipLocalSize + int64(binary.LittleEndian.Uint16(local[26:])) +
		int64(binary.LittleEndian.Uint16(local[28:]))
	e.packed = min(e.packed, max(0, t.size-data)) // an archive that is cut short
	end = data + e.packed
	if e.packed == 0 && e.size == 0 {
		return end, nil
	}
	return end, w.zipContent(ctx, child, e, io.NewSectionReader(near, data, e.packed))
}

// zipContent shows the content of an entry, whose packed bytes raw has.
func (w *walker) zipContent(ctx context.Context, child *text, e zipEntry, raw io.Reader) error {
	if e.flags&1 != 0 {
		return w.problem(child, Zip, errEncrypted)
	}
	var reader io.Reader
	failure := guard(func() (err error) { reader, err = e.open(raw, w); return err })
	if failure != nil {
		return w.problem(child, Zip, failure)
	}
	if closer, ok := reader.(io.Closer); ok {
		defer guard(closer.Close) //nolint:errcheck // nothing is lost by it
	}
	content := w.contentAhead
	if e.method == zipStore {
		content, child.size = w.content, e.packed
	}
	failure, err := content(ctx, child, &checked{reader: reader, want: e.crc})
	if failure == nil || err != nil {
		return err
	}
	return w.problem(child, Zip, failure)
}
