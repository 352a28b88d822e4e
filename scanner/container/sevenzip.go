package container

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"

	"github.com/bodgit/sevenzip"
)

const sevenZipStart = 32 // bytes of the start header (7zFormat.txt: SignatureHeader)

var errSevenZipUnfinished = errors.New("the writing of it was not finished: it does not say where its directory is")

// sevenZip shows the files of t.
func (w *walker) sevenZip(ctx context.Context, t *text) error {
	w.containers++
	claim := claim{walker: w}
	defer claim.release()
	archive, end, failure := w.openSevenZip(t, &claim)
	if failure != nil {
		return w.broken(ctx, t, SevenZip, nil, sevenZipError(failure))
	}
	names := w.notes(t)
	failure, err := w.sevenZipEntries(ctx, t, archive, names)
	if err = errors.Join(err, names.show(ctx)); err != nil {
		return err
	}
	if failure != nil {
		if err := w.problem(t, SevenZip, sevenZipError(failure)); err != nil {
			return err
		}
	}
	if end >= t.size {
		return nil
	}
	return w.trailing(ctx, t, newTape(io.NewSectionReader(t.at, end, t.size-end), t.size-end))
}

// openSevenZip opens t once its header is found to ask for nothing that it has not. The library allocates what a header
// says, and a header may say four thousand million files.
func (w *walker) openSevenZip(t *text, claim *claim) (archive *sevenzip.Reader, end int64, err error) {
	start := make([]byte, sevenZipStart)
	if n, _ := t.at.ReadAt(start, 0); n < len(start) {
		return nil, 0, io.ErrUnexpectedEOF
	}
	offset, size := binary.LittleEndian.Uint64(start[12:]), binary.LittleEndian.Uint64(start[20:])
	if offset > uint64(t.size) || size > uint64(t.size) || sevenZipStart+offset+size > uint64(t.size) {
		return nil, 0, io.ErrUnexpectedEOF
	}
	if size > uint64(w.limits.MaxMemory/4) {
		return nil, 0, errMemory
	}
	end = int64(sevenZipStart + offset + size)
	if size == 0 && t.size > end && binary.LittleEndian.Uint32(start[8:]) == 0 {
		return nil, 0, errSevenZipUnfinished
	}
	if size == 0 {
		return &sevenzip.Reader{}, end, nil
	}
	header := make([]byte, size)
	if n, _ := t.at.ReadAt(header, int64(sevenZipStart+offset)); n < len(header) {
		return nil, 0, io.ErrUnexpectedEOF
	}
	if header[0] == sevenZipEncodedHeader {
		if header, err = w.sevenZipHeader(t, int64(offset), header); err != nil {
			return nil, 0, err
		}
	}
	check := sevenZipCheck{input: header, window: w.limits.window()}
	if err := guard(check.header); err != nil {
		return nil, 0, err
	}
	if err := claim.raise(check.memory); err != nil {
		return nil, 0, err
	}
	if check.files > w.limits.MaxMemory/256 { // about what the library takes for each
		return nil, 0, errMemory
	}
	registerDeflate64()
	archive, err = newSevenZip(t.at, int64(offset), header)
	return archive, end, err
}

// registerDeflate64 has the library decode what it leaves out. It keeps a table that is its own, and takes the same again.
func registerDeflate64() {
	sevenzip.RegisterDecompressor([]byte("\x04\x01\x09"), func(_ []byte, _ uint64, packed []io.ReadCloser) (io.ReadCloser, error) {
		if len(packed) != 1 {
			return nil, errSevenZipHeader
		}
		return &closing{newInflater64(newTape(packed[0], -1)), func() { _ = packed[0].Close() }}, nil
	})
}

// newSevenZip opens an archive of the packed streams of at and another header.
func newSevenZip(at io.ReaderAt, packed int64, header []byte) (archive *sevenzip.Reader, err error) {
	start := make([]byte, sevenZipStart)
	copy(start, "7z\xbc\xaf\x27\x1c\x00\x04")
	binary.LittleEndian.PutUint64(start[12:], uint64(packed))
	binary.LittleEndian.PutUint64(start[20:], uint64(len(header)))
	binary.LittleEndian.PutUint32(start[28:], crc32.ChecksumIEEE(header))
	binary.LittleEndian.PutUint32(start[8:], crc32.ChecksumIEEE(start[12:]))
	whole := &patched{at: at, head: start, tail: header, tailAt: sevenZipStart + packed}
	err = guard(func() (err error) {
		archive, err = sevenzip.NewReader(whole, whole.tailAt+int64(len(header)))
		return err
	})
	return archive, err
}

// sevenZipHeader decodes a header that is itself compressed: by the library, as the one file of an archive.
func (w *walker) sevenZipHeader(t *text, packed int64, encoded []byte) ([]byte, error) {
	check := sevenZipCheck{input: encoded[1:], window: w.limits.window()}
	if err := guard(check.streams); err != nil {
		return nil, err
	}
	if check.unpacked > uint64(w.limits.MaxMemory/4) || check.folders != 1 {
		return nil, errMemory
	}
	streams := encoded[1 : len(encoded)-len(check.input)]
	header := append([]byte{sevenZipHeader, sevenZipMainStreams}, streams...)
	header = append(header, sevenZipFiles, 1, sevenZipEnd, sevenZipEnd)
	archive, err := newSevenZip(t.at, packed, header)
	if err != nil {
		return nil, err
	}
	var decoded []byte
	err = guard(func() error {
		file, err := archive.File[0].Open()
		if err != nil {
			return err
		}
		decoded, err = io.ReadAll(io.LimitReader(file, int64(check.unpacked)+1))
		return errors.Join(err, file.Close())
	})
	if err == nil && len(decoded) == 0 {
		err = io.ErrUnexpectedEOF
	}
	return decoded, err
}

func (w *walker) sevenZipEntries(ctx context.Context, t *text, archive *sevenzip.Reader, names *notes) (failure, err error) {
	for _, file := range archive.File {
		if failure := w.entry(); failure != nil {
			return failure, nil
		}
		if err := names.add(ctx, file.Name); err != nil {
			return nil, err
		}
		if file.FileInfo().IsDir() || file.UncompressedSize == 0 {
			continue
		}
		child := t.inside(file.Name).dated(file.Modified)
		var content io.ReadCloser
		failure := guard(func() (err error) { content, err = file.Open(); return err })
		if failure == nil {
			failure, err = w.contentAhead(ctx, child, content)
			_ = guard(content.Close) // a shared stream goes back for the next file
			if err != nil {
				return nil, err
			}
		}
		switch {
		case errors.Is(failure, errExpansion):
			return failure, nil
		case failure != nil:
			if err := w.problem(child, SevenZip, sevenZipError(failure)); err != nil {
				return nil, err
			}
		}
	}
	return nil, nil
}

// sevenZipError names what the library's errors stand for in the words of all formats.
func sevenZipError(err error) error {
	var read *sevenzip.ReadError
	if errors.As(err, &read) && read.Encrypted {
		return errEncrypted
	}
	return err
}

// A patched is a text with another head and tail.
type patched struct {
	at     io.ReaderAt
	head   []byte
	tail   []byte
	tailAt int64
}

// ReadAt implements io.ReaderAt.
func (p *patched) ReadAt(b []byte, offset int64) (n int, err error) {
	if offset < int64(len(p.head)) {
		n = copy(b, p.head[offset:])
	}
	if middle := min(int64(len(b)), p.tailAt-offset); int64(n) < middle {
		k, err := p.at.ReadAt(b[n:middle], offset+int64(n))
		if n += k; int64(n) < middle {
			return n, err
		}
	}
	if n < len(b) {
		k, _ := bytes.NewReader(p.tail).ReadAt(b[n:], offset+int64(n)-p.tailAt)
		n += k
	}
	if n < len(b) {
		return n, io.EOF
	}
	return n, nil
}
