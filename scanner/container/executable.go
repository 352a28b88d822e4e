package container

import (
	"bytes"
	"context"
	"encoding/binary"
	"hash/crc32"
	"io"
)

// executable shows t, a program or script, and the archive that it may carry: a self-extracting one, a zipapp.
func (w *walker) executable(ctx context.Context, t *text) error {
	if t.at == nil && t.depth == 0 && isPlain(t.prefix(SniffLength)) {
		return w.unheld(ctx, t) // a stream of text may be without an end
	}
	release, ok, err := w.hold(t)
	if err != nil {
		return err
	}
	if !ok {
		return w.unheld(ctx, t)
	}
	defer release()
	if d, ok := findZipDirectory(t.at, t.size); ok && d.end > d.start {
		w.containers++
		return w.zipByDirectory(ctx, t, d)
	}
	if err := w.leaf(ctx, t); err != nil {
		return err
	}
	at := findArchive(t)
	if at < 0 {
		return nil
	}
	archive := t.labelled("(archive)")
	archive.depth = t.depth
	if t.held != nil {
		archive.hold(t.held[at:])
	} else {
		archive.at, archive.size = io.NewSectionReader(t.at, at, t.size-at), t.size-at
	}
	return w.text(ctx, archive)
}

// unheld shows t, which can be read in order alone, and tells where it turns out to end as a zip does.
func (w *walker) unheld(ctx context.Context, t *text) error {
	end := NewTail(t.tape())
	t.reader, t.stream = end, nil
	if err := w.leaf(ctx, t); err != nil {
		return err
	}
	if failure := end.Unopened(); failure != nil {
		return w.problem(t, Executable, failure)
	}
	return nil
}

// findArchive returns where in the first megabyte of a program a 7z or RAR archive starts, -1 for nowhere. A program
// that unpacks such archives holds their magics too; so the header behind one must be sound.
func findArchive(t *text) int64 {
	prefix := t.prefix(1 << 20)
	if bytes.HasPrefix(prefix, []byte("#!")) {
		return -1
	}
	for _, a := range []struct {
		magic string
		sound func(archive []byte) bool
	}{
		{"7z\xbc\xaf\x27\x1c", isSevenZip},
		{"Rar!\x1a\x07\x00\xcf\x90\x73", func([]byte) bool { return true }}, // the first header's checksum is in it
		{"Rar!\x1a\x07\x01\x00", isRAR5},
	} {
		for at := 0; ; at++ {
			i := bytes.Index(prefix[at:], []byte(a.magic))
			if i < 0 {
				break
			}
			if at += i; a.sound(prefix[at:]) {
				return int64(at)
			}
		}
	}
	return -1
}

// isSevenZip reports whether the start header's checksum holds.
func isSevenZip(archive []byte) bool {
	return len(archive) >= sevenZipStart &&
		crc32.ChecksumIEEE(archive[12:sevenZipStart]) == binary.LittleEndian.Uint32(archive[8:])
}

// isRAR5 reports whether the first header's checksum holds.
func isRAR5(archive []byte) bool {
	if len(archive) < 8+4+1 {
		return false
	}
	size, n := binary.Uvarint(archive[12:])
	if n <= 0 || size > 1<<10 || 12+n+int(size) > len(archive) {
		return false
	}
	return crc32.ChecksumIEEE(archive[12:12+n+int(size)]) == binary.LittleEndian.Uint32(archive[8:])
}
