package container

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"math"
	"time"
)

// The compression methods (section 4.4.5).
const (
	zipStore     = 0
	zipDeflate   = 8
	zipDeflate64 = 9
	zipBzip2     = 12
	zipLZMA      = 14
	zipZstd      = 93
	zipXZ        = 95
)

// A zipEntry is what a header says of an entry.
type zipEntry struct {
	name, comment string
	flags, method uint16
	modified      time.Time
	crc           uint32
	packed, size  int64
	offset        int64 // of the local header
}

// readZipCentral reads a header of the directory (section 4.3.12).
func readZipCentral(source *tape) (e zipEntry, err error) {
	var header [zipCentralSize]byte
	if _, err := io.ReadFull(source, header[:]); err != nil {
		return e, io.ErrUnexpectedEOF
	}
	e = parseZipFields(header[8:])
	e.offset = int64(binary.LittleEndian.Uint32(header[42:]))
	var parts [3][]byte
	for i := range parts {
		parts[i] = make([]byte, binary.LittleEndian.Uint16(header[28+2*i:]))
		if _, err := io.ReadFull(source, parts[i]); err != nil {
			return e, io.ErrUnexpectedEOF
		}
	}
	e.name, e.comment = string(parts[0]), string(parts[2])
	e.extra(parts[1], true)
	return e, nil
}

// readZipLocal reads a local header (section 4.3.7), signature included.
func readZipLocal(source *tape) (e zipEntry, err error) {
	var header [zipLocalSize]byte
	if _, err := io.ReadFull(source, header[:]); err != nil {
		return e, io.ErrUnexpectedEOF
	}
	e = parseZipFields(header[6:])
	name := make([]byte, binary.LittleEndian.Uint16(header[26:]))
	extra := make([]byte, binary.LittleEndian.Uint16(header[28:]))
	if _, err := io.ReadFull(source, name); err != nil {
		return e, io.ErrUnexpectedEOF
	}
	if _, err := io.ReadFull(source, extra); err != nil {
		return e, io.ErrUnexpectedEOF
	}
	e.name = string(name)
	e.extra(extra, false)
	return e, nil
}

// parseZipFields reads what both headers have in common, from the flags to the sizes.
func parseZipFields(b []byte) zipEntry {
	le := binary.LittleEndian
	return zipEntry{
		flags: le.Uint16(b), method: le.Uint16(b[2:]), modified: dosTime(le.Uint16(b[6:]), le.Uint16(b[4:])),
		crc: le.Uint32(b[8:]), packed: int64(le.Uint32(b[12:])), size: int64(le.Uint32(b[16:])),
	}
}

// dosTime reads a time of unknown zone, taken as UTC (section 4.4.6).
func dosTime(date, clock uint16) time.Time {
	if date == 0 {
		return time.Time{}
	}
	return time.Date(1980+int(date>>9), time.Month(date>>5&15), int(date&31),
		int(clock>>11), int(clock>>5&63), int(clock&31)*2, 0, time.UTC)
}

// extra reads the zip64 sizes (section 4.5.3) and the times of Unix and Windows.
func (e *zipEntry) extra(extra []byte, central bool) {
	for len(extra) >= 4 {
		id, size := binary.LittleEndian.Uint16(extra), int(binary.LittleEndian.Uint16(extra[2:]))
		if 4+size > len(extra) {
			return
		}
		field := extra[4 : 4+size]
		extra = extra[4+size:]
		switch {
		case id == 1:
			e.zip64(field, central)
		case id == 0x5455 && size >= 5 && field[0]&1 != 0: // extended timestamp
			e.modified = time.Unix(int64(int32(binary.LittleEndian.Uint32(field[1:]))), 0).UTC()
		case id == 0x000a && size >= 16 && binary.LittleEndian.Uint16(field[4:]) == 1: // NTFS, 100 ns since 1601
			ticks := int64(binary.LittleEndian.Uint64(field[8:]))
			e.modified = time.Unix(ticks/1e7-11644473600, ticks%1e7*100).UTC()
		}
	}
}

func (e *zipEntry) zip64(field []byte, central bool) {
	values := []*int64{&e.size, &e.packed}
	if central {
		values = append(values, &e.offset)
	}
	for _, v := range values {
		if *v == math.MaxUint32 && len(field) >= 8 {
			*v = max(0, int64(binary.LittleEndian.Uint64(field)))
			field = field[8:]
		}
	}
}

// open decodes raw, the packed bytes of the entry.
func (e *zipEntry) open(raw io.Reader, w *walker) (io.Reader, error) {
	switch e.method {
	case zipStore:
		return raw, nil
	case zipDeflate:
		source, isTape := raw.(*tape)
		if !isTape {
			source = w.newTape(raw, -1)
		}
		f := w.newInflater(source)
		return &closing{f, func() {
			w.freeInflater(f)
			if !isTape {
				w.freeTape(source)
			}
		}}, nil
	case zipDeflate64:
		return newInflater64(asTape(raw)), nil
	case zipBzip2:
		return bzip2Codec().open(asTape(raw), w)
	case zipZstd:
		return zstdCodec().open(asTape(raw), w)
	case zipXZ:
		return xzCodec().open(asTape(raw), w)
	case zipLZMA:
		return e.openLZMA(asTape(raw), w)
	}
	return nil, fmt.Errorf("compression method %d is not supported", e.method)
}

func asTape(raw io.Reader) *tape {
	if source, ok := raw.(*tape); ok {
		return source
	}
	return newTape(raw, -1)
}

// openLZMA makes the header that the library expects of the one in a zip (section 5.8.8).
func (e *zipEntry) openLZMA(source *tape, w *walker) (io.Reader, error) {
	header := bytes.Clone(source.peek(9))
	if len(header) < 9 || binary.LittleEndian.Uint16(header[2:]) != 5 {
		return nil, io.ErrUnexpectedEOF
	}
	source.skip(9)
	size := uint64(e.size)
	if e.flags&2 != 0 { // ends with a marker
		size = math.MaxUint64
	}
	classic := binary.LittleEndian.AppendUint64(header[4:9:9], size)
	return openLZMA(classic, io.MultiReader(bytes.NewReader(classic), source), w)
}

// checked reads reader and says at its end whether the CRC-32 of all is the wanted one; 0 for not known.
type checked struct {
	reader io.Reader
	want   uint32
	sum    uint32
}

// Read implements io.Reader.
func (c *checked) Read(p []byte) (int, error) {
	n, err := c.reader.Read(p)
	c.sum = crc32.Update(c.sum, crc32.IEEETable, p[:n])
	if err == io.EOF && c.want != 0 && c.sum != c.want {
		return n, errChecksum
	}
	return n, err
}
