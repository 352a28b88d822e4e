package container

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/jwtleak/jwtleak/scanner/finding"
)

// An image of a CD or DVD (ISO 9660, ECMA-119): sixteen sectors for whatever boots from it, then descriptors, and somewhere behind
// them directories and files, each in one piece of up to 4 GiB or in several.
const (
	isoDescriptor = 16 * isoSector
	isoSector     = 2048
	isoMagic      = "\x01CD001\x01" // the primary descriptor
	isoRoot       = 156             // where in it the record of the root is
	isoRecord     = 33              // bytes of a record in front of the name
)

// mayBeISO reports whether a text may be an image by its first bytes: there is nothing, or a boot sector.
func mayBeISO(prefix []byte, size int64) bool {
	return size >= isoDescriptor+isoSector && len(prefix) >= 512 &&
		(string(prefix[510:512]) == "\x55\xaa" || len(bytes.TrimLeft(prefix[:512], "\x00")) == 0)
}

func isISO(at io.ReaderAt) bool {
	var magic [len(isoMagic)]byte
	n, _ := at.ReadAt(magic[:], isoDescriptor)
	return n == len(magic) && string(magic[:]) == isoMagic
}

// iso shows the files of t, and what of it is in none of them.
func (w *walker) iso(ctx context.Context, t *text) error {
	w.containers++
	image := &isoImage{walker: w, of: t, near: windowOf(t), seen: map[int64]bool{}, left: t.size}
	failure := image.open()
	for failure == nil && len(image.directories) > 0 {
		next := image.directories[0]
		image.directories = image.directories[1:]
		var err error
		if failure, err = image.directory(ctx, next); err != nil {
			return err
		}
	}
	if failure == nil && image.lost > 0 {
		failure = fmt.Errorf("%s beyond its end", finding.CountOf(image.lost, "file or directory goes", "files or directories go"))
	}
	if failure == nil && image.scattered > 0 {
		failure = fmt.Errorf("%s in pieces that lie apart, each read by itself", finding.CountOf(image.scattered, "file is", "files are"))
	}
	if failure != nil {
		if err := w.problem(t, ISO, failure); err != nil {
			return err
		}
	}
	return gaps(t.size, image.covered, func(gap span) error { return w.leaf(ctx, t.piece("(outside the files)", gap)) })
}

var errDirectories = errors.New("directories overlap, of which the rest is not read")

// An isoImage is an image that is being read.
type isoImage struct {
	walker      *walker
	of          *text
	near        io.ReaderAt
	block       int64
	directories []isoFile
	seen        map[int64]bool // where directories begin that were met
	covered     []span
	left        int64 // bytes that directories may still take
	lost        int
	begun       *isoFile // a file that goes on with the next record
	scattered   int      // files whose pieces lie apart
}

// An isoFile is a file or directory.
type isoFile struct {
	path string
	at   span
	time time.Time
	flag byte
}

const (
	isoIsDirectory = 0x02
	isoGoesOn      = 0x80 // the next record has another piece: one holds no more than 4 GiB
)

// open finds the root.
func (i *isoImage) open() error {
	var descriptor [isoSector]byte
	if n, _ := i.near.ReadAt(descriptor[:], isoDescriptor); n < len(descriptor) {
		return io.ErrUnexpectedEOF
	}
	i.block = int64(binary.LittleEndian.Uint16(descriptor[128:]))
	if i.block < 512 || i.block > isoSector || i.block&(i.block-1) != 0 {
		return errors.New("broken descriptor")
	}
	root := i.file("", descriptor[isoRoot:isoRoot+isoRecord+1])
	root.path = ""
	i.directories = append(i.directories, root)
	return nil
}

// file reads a record of a directory.
func (i *isoImage) file(directory string, record []byte) isoFile {
	start := int64(binary.LittleEndian.Uint32(record[2:])) * i.block
	f := isoFile{at: span{start, start + int64(binary.LittleEndian.Uint32(record[10:]))}, flag: record[25]}
	if d := record[18:25]; d[1] >= 1 && d[1] <= 12 {
		f.time = time.Date(1900+int(d[0]), time.Month(d[1]), int(d[2]), int(d[3]), int(d[4]), int(d[5]), 0, time.UTC).
			Add(-15 * time.Minute * time.Duration(int8(d[6])))
	}
	end := isoRecord + int(record[32])
	if end > len(record) {
		return f
	}
	name, _, _ := strings.Cut(string(record[isoRecord:end]), ";")
	if rock := rockName(record[min(len(record), end+(end&1)):]); rock != "" {
		name = rock
	}
	f.path = directory + name
	return f
}

// rockName returns the name that the Rock Ridge extension has for a file, in the fields behind its record.
func rockName(fields []byte) (name string) {
	for len(fields) >= 5 {
		size := int(fields[2])
		if size < 4 || size > len(fields) {
			break
		}
		if string(fields[:2]) == "NM" && size > 5 {
			name += string(fields[5:size])
		}
		fields = fields[size:]
	}
	return name
}

// directory shows the files in a directory, and notes the directories. The failure is a limit.
func (i *isoImage) directory(ctx context.Context, d isoFile) (failure, err error) {
	if d.at.end > i.of.size {
		i.lost++
		d.at.end = i.of.size
	}
	if d.at.start >= d.at.end || i.seen[d.at.start] {
		return nil, nil
	}
	i.seen[d.at.start] = true
	if i.left -= d.at.end - d.at.start; i.left < 0 {
		return errDirectories, nil
	}
	prefix := d.path
	if len(prefix) > maxName { // as long as a path is shown
		prefix = prefix[:maxName] + "..."
	}
	if prefix != "" {
		prefix += "/"
	}
	var room [256]byte
	for at := d.at.start; at < d.at.end; {
		n, _ := i.near.ReadAt(room[:], at)
		record := room[:min(int64(n), int64(room[0]), d.at.end-at)]
		if len(record) <= isoRecord { // the rest of a sector is empty
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			at = (at/isoSector + 1) * isoSector
			continue
		}
		at += int64(len(record))
		if record[32] == 1 && record[isoRecord] <= 1 { // itself and its parent
			continue
		}
		if failure := i.walker.entry(); failure != nil {
			return failure, nil
		}
		f := i.file(prefix, record)
		if f.flag&isoIsDirectory != 0 {
			i.directories = append(i.directories, f)
			continue
		}
		if failure, err := i.showAll(ctx, i.joined(f)); failure != nil || err != nil {
			return failure, err
		}
	}
	return i.showAll(ctx, i.rest())
}

// joined returns what a record makes whole: the file itself, with the pieces of it that were met before. They lie one behind
// the other where nobody means ill; those that do not are shown each by itself.
func (i *isoImage) joined(f isoFile) (whole []isoFile) {
	if i.begun != nil && i.begun.path == f.path && i.begun.at.end == f.at.start {
		f.at.start, i.begun = i.begun.at.start, nil
	}
	if i.begun != nil {
		i.scattered++
	}
	whole = i.rest()
	if f.flag&isoGoesOn != 0 {
		i.begun = &f
		return whole
	}
	return append(whole, f)
}

// rest returns the file that was to go on, if there is one.
func (i *isoImage) rest() (begun []isoFile) {
	if i.begun != nil {
		begun, i.begun = []isoFile{*i.begun}, nil
	}
	return begun
}

func (i *isoImage) showAll(ctx context.Context, files []isoFile) (failure, err error) {
	for _, f := range files {
		if failure, err := i.show(ctx, f); failure != nil || err != nil {
			return failure, err
		}
	}
	return nil, nil
}

// show shows a file.
func (i *isoImage) show(ctx context.Context, f isoFile) (failure, err error) {
	if f.at.end > i.of.size {
		i.lost++
		f.at.end = i.of.size
	}
	size := f.at.end - f.at.start
	if size <= 0 {
		return nil, nil
	}
	if !i.walker.budget.spend(int(size)) { // files may share their bytes
		return errExpansion, nil
	}
	i.covered = append(i.covered, f.at)
	child := i.of.piece(i.of.inside(f.path).name, f.at).dated(f.time)
	return nil, i.walker.text(ctx, child)
}

// A file of zisofs is compressed in blocks, behind a table of where each begins. (libisofs' doc/zisofs_format.txt)
const (
	zisofsMagic = "\x37\xe4\x53\x96\xc9\xdb\xd6\x07"
	zisofsHead  = 16
)

// zisofs shows what is in t, a file that was compressed for an image.
func (w *walker) zisofs(ctx context.Context, t *text) error {
	w.containers++
	head := t.prefix(zisofsHead)
	if len(head) < zisofsHead || head[13] < 9 || head[13] > 20 {
		return w.broken(ctx, t, Zisofs, nil, errors.New("broken header"))
	}
	size := int64(binary.LittleEndian.Uint32(head[8:]))
	z := &zisofsReader{walker: w, of: t, near: windowOf(t), table: 4 * int64(head[12]), block: 1 << head[13], left: size}
	failure, err := w.content(ctx, t.content("", nil), z)
	if failure == nil || err != nil {
		return err
	}
	return w.broken(ctx, t, Zisofs, nil, failure)
}

type zisofsReader struct {
	walker *walker
	of     *text
	near   io.ReaderAt
	table  int64 // where the next block's place stands
	block  int64 // bytes of text of each
	left   int64
	reader io.Reader // of the block at hand
}

// Read implements io.Reader.
func (z *zisofsReader) Read(p []byte) (int, error) {
	for {
		if z.reader == nil {
			if z.left == 0 {
				return 0, io.EOF
			}
			if err := z.next(); err != nil {
				return 0, err
			}
		}
		n, err := z.reader.Read(p)
		z.left -= int64(n)
		if errors.Is(err, io.EOF) {
			z.reader, err = nil, nil
		}
		if n > 0 || err != nil {
			return n, err
		}
	}
}

// next goes on to the next block. One that has no bytes is of zeros.
func (z *zisofsReader) next() error {
	var places [8]byte
	if n, _ := z.near.ReadAt(places[:], z.table); n < len(places) {
		return io.ErrUnexpectedEOF
	}
	z.table += 4
	start, end := int64(binary.LittleEndian.Uint32(places[:])), int64(binary.LittleEndian.Uint32(places[4:]))
	if start > end || end > z.of.size {
		return errBlock
	}
	size := min(z.block, z.left)
	if start == end {
		z.reader = bytes.NewReader(make([]byte, size))
		return nil
	}
	reader, err := zlibCodec().open(newTape(io.NewSectionReader(z.of.at, start, end-start), end-start), z.walker)
	z.reader = &whole{reader: io.LimitReader(reader, size), left: size}
	return err
}

// A whole reader is cut short where it ends before so many bytes.
type whole struct {
	reader io.Reader
	left   int64
}

// Read implements io.Reader.
func (r *whole) Read(p []byte) (int, error) {
	n, err := r.reader.Read(p)
	if r.left -= int64(n); r.left > 0 && errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}
