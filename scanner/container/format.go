package container

import (
	"bytes"
	"context"
)

// A Format is a kind of container.
type Format uint8

// The formats. ChromiumBody is a file of Chromium's block-file cache, which has a body without headers, in Brotli perhaps.
// SnappyBlock is a value that Chromium's IndexedDB keeps in a file of its own. Attached is a text, as mail is, that has containers in
// base64. Executable stands for what may have an archive at its
// end: a self-extracting archive, a zipapp, or anything that ends as a zip does.
const (
	None Format = iota
	Gzip
	Zlib
	Zstd
	Bzip2
	XZ
	LZ4
	Brotli
	Snappy
	LZMA
	Compress
	Zip
	Tar
	Ar
	Cpio
	RPM
	SevenZip
	RAR
	PDF
	SQLite
	SQLiteWAL
	LevelDB
	LevelDBLog
	SnappyBlock
	MozLZ4
	Journal
	SimpleCache
	FirefoxCache
	ChromiumBody
	BlockFile
	ISO
	Zisofs
	Attached
	Pcap
	Kafka
	HTTP
	Executable
)

// SniffLength is how many bytes Recognise looks at, at most: a tar header.
const SniffLength = 512

// String returns the format's usual name.
func (f Format) String() string {
	names := [...]string{
		"none", "gzip", "zlib", "zstd", "bzip2", "xz", "lz4", "brotli", "snappy", "lzma", "compress",
		"zip", "tar", "ar", "cpio", "rpm", "7z", "rar", "pdf", "sqlite", "sqlite-wal", "leveldb", "leveldb-log", "snappy-block", "mozlz4", "journal", "simple-cache", "firefox-cache", "brotli", "block-file", "iso9660", "zisofs", "attached", "pcap", "kafka", "http", "executable",
	}
	return names[f]
}

// sure reports whether a text recognised as f is one, bar damage.
func (f Format) sure() bool {
	return f != Zlib && f != LZMA && f != Brotli && f != ChromiumBody && f != LevelDBLog && f != Attached && f != HTTP && f != Executable
}

// open shows what is in t, which was recognised as format.
func (w *walker) open(ctx context.Context, t *text, format Format) error {
	switch format {
	case Gzip:
		return w.compressed(ctx, t, format, gzipCodec())
	case Zlib:
		return w.compressed(ctx, t, format, zlibCodec())
	case Zstd:
		return w.compressed(ctx, t, format, zstdCodec())
	case Bzip2:
		return w.compressed(ctx, t, format, bzip2Codec())
	case XZ:
		return w.compressed(ctx, t, format, xzCodec())
	case LZ4:
		return w.compressed(ctx, t, format, lz4Codec())
	case Brotli:
		return w.compressed(ctx, t, format, brotliCodec())
	case Snappy:
		return w.compressed(ctx, t, format, snappyCodec())
	case LZMA:
		return w.compressed(ctx, t, format, lzmaCodec())
	case Zip:
		return w.zip(ctx, t)
	case Tar:
		return w.tar(ctx, t)
	case Compress:
		return w.compressed(ctx, t, format, compressCodec())
	case Ar:
		return w.ar(ctx, t)
	case Cpio:
		return w.cpio(ctx, t)
	case RPM:
		return w.rpm(ctx, t)
	case RAR:
		return w.rar(ctx, t)
	case LevelDBLog:
		return w.levelDBLog(ctx, t)
	case MozLZ4:
		return w.compressed(ctx, t, format, mozLZ4Codec())
	case Attached:
		return w.attached(ctx, t)
	case ChromiumBody:
		return w.compressed(ctx, t, format, chromiumBodyCodec())
	case Pcap:
		return w.pcap(ctx, t)
	case HTTP:
		return w.http(ctx, t)
	case Executable:
		return w.executable(ctx, t)
	default:
		return w.openHeld(ctx, t, format)
	}
}

// openHeld is open for the formats that are read at any offset: what comes as a stream is held, and broken where it is too large for
// that.
func (w *walker) openHeld(ctx context.Context, t *text, format Format) error {
	var show func(ctx context.Context, t *text) error
	switch format {
	case SevenZip:
		show = w.sevenZip
	case PDF:
		show = w.pdf
	case SQLite, SQLiteWAL:
		show = func(ctx context.Context, t *text) error { return w.sqlite(ctx, t, format) }
	case LevelDB:
		show = w.levelDB
	case SnappyBlock:
		show = w.snappyBlock
	case Journal:
		show = w.journal
	case SimpleCache:
		show = w.simpleCache
	case FirefoxCache:
		show = w.firefoxCache
	case BlockFile:
		show = w.blockFile
	case ISO:
		show = w.iso
	case Kafka:
		show = w.kafka
	case HTTP:
		show = w.httpHeld
	case Zisofs:
		show = w.zisofs
	default:
		return w.leaf(ctx, t)
	}
	release, ok, err := w.hold(t)
	if err != nil {
		return err
	}
	if !ok {
		return w.broken(ctx, t, format, nil, errMemory)
	}
	defer release()
	return show(ctx, t)
}

// Recognise says whether a text is a container, from its first bytes (SniffLength of them, or all if there are fewer)
// and its name. It allocates nothing. A text that is recognised may yet turn out to be something else; Walk copes.
func Recognise(prefix []byte, name string) (Format, bool) {
	if len(prefix) < 4 {
		return None, false
	}
	format := byMagic(prefix)
	if format == None && isTar(prefix) {
		format = Tar
	}
	if format == None && len(name) > 3 && (name[len(name)-3:] == ".br" || name[len(name)-3:] == ".BR") {
		format = Brotli
	}
	switch {
	case format != None:
	case isNamedLzma(prefix, name):
		format = LZMA
	case isAttached(prefix):
		format = Attached
	case isHTTP(prefix):
		format = HTTP
	case isLog(prefix):
		format = LevelDBLog
	case isTableName(name) && isTableHead(prefix):
		format = LevelDB
	case isChromiumBodyName(name):
		format = ChromiumBody
	}
	return format, format != None
}

// magics are the formats that have one of their own, by its first byte.
func byMagic(prefix []byte) Format {
	has := func(magic string) bool { return len(prefix) >= len(magic) && string(prefix[:len(magic)]) == magic }
	switch prefix[0] {
	case 0x1f:
		switch {
		case isGzip(prefix):
			return Gzip
		case prefix[1] == 0x9d && prefix[2]&0x60 == 0 && prefix[2]&0x1f >= 9 && prefix[2]&0x1f <= 16:
			return Compress
		}
	case 'x':
		if isZlib(prefix) {
			return Zlib
		}
	case 0x28:
		if has("\x28\xb5\x2f\xfd") {
			return Zstd
		}
	case 'B':
		if has("BZh") && isBzip2(prefix) {
			return Bzip2
		}
	case 0:
		if isKafka(prefix) {
			return Kafka
		}
	case 0xd4, 0xa1, 0x0a:
		if isPcap(prefix) {
			return Pcap
		}
	case 0xfd:
		if has(xzMagic) {
			return XZ
		}
	case 0x04, 0x02:
		if has("\x04\x22\x4d\x18") || has("\x02\x21\x4c\x18") {
			return LZ4
		}
	case 0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57, 0x58, 0x59, 0x5a, 0x5b, 0x5c, 0x5d, 0x5e, 0x5f:
		return byMagicP(prefix, has)
	case 0xff:
		if has("\xff\x06\x00\x00sNaPpY") || has("\xff\x06\x00\x00S2sTwO") {
			return Snappy
		}
		if has(packedMark) {
			return SnappyBlock
		}
	case '!':
		if has("!<arch>\n") {
			return Ar
		}
	case '0':
		if has(simpleMagic) {
			return SimpleCache
		}
		if has("070701") || has("070702") || has("070707") {
			return Cpio
		}
	case 0xc3:
		if isBlockFile(prefix) {
			return BlockFile
		}
	case 0xc7, 0x71:
		if isBinaryCpio(prefix) {
			return Cpio
		}
	case 0xed:
		if has("\xed\xab\xee\xdb") {
			return RPM
		}
	case '7':
		switch {
		case has("7z\xbc\xaf\x27\x1c"):
			return SevenZip
		case has(zisofsMagic):
			return Zisofs
		case has("7\x7f\x06\x82\x00\x2d\xe2\x18"), has("7\x7f\x06\x83\x00\x2d\xe2\x18"):
			return SQLiteWAL
		}
	case 'm', 'L':
		switch {
		case has(mozLZ4):
			return MozLZ4
		case has(journalMagic):
			return Journal
		}
	case '%':
		if has("%PDF-") {
			return PDF
		}
	case 'M', '#', 0x7f, 0xcf, 0xce:
		if isPcap(prefix) { // with nanoseconds
			return Pcap
		}
		if has("MZ") || has("#!") || has("\x7fELF") || has("\xcf\xfa\xed\xfe") || has("\xce\xfa\xed\xfe") {
			return Executable
		}
	}
	return None
}

// isBzip2 reports whether what starts with its magic goes on as a stream does: with a block, or with its end.
func isBzip2(prefix []byte) bool {
	return len(prefix) >= 10 && prefix[3] >= '1' && prefix[3] <= '9' &&
		(string(prefix[4:10]) == "1AY&SY" || string(prefix[4:10]) == "\x17rE8P\x90")
}

// byMagicP is byMagic for first bytes from 'P' to '_', which a skippable frame may start with.
func byMagicP(prefix []byte, has func(string) bool) Format {
	switch {
	case has("PK\x03\x04"), has("PK\x05\x06"), has("PK\x07\x08PK\x03\x04"), has("PK00PK\x03\x04"):
		return Zip
	case has("Rar!\x1a\x07\x00"), has("Rar!\x1a\x07\x01\x00"):
		return RAR
	case has("SQLite format 3\x00"):
		return SQLite
	case isLzma(prefix):
		return LZMA
	case string(prefix[1:4]) == "\x2a\x4d\x18":
		return afterSkippable(prefix)
	}
	return None
}

// afterSkippable says which format's skippable frames prefix starts with: LZ4 and Zstandard have them in common, and
// the latter writes them in front.
func afterSkippable(prefix []byte) Format {
	for len(prefix) >= 8 && prefix[0]&0xf0 == 0x50 && string(prefix[1:4]) == "\x2a\x4d\x18" {
		size := uint64(prefix[4]) | uint64(prefix[5])<<8 | uint64(prefix[6])<<16 | uint64(prefix[7])<<24
		if 8+size > uint64(len(prefix)) {
			break
		}
		prefix = prefix[8+size:]
	}
	if bytes.HasPrefix(prefix, []byte("\x04\x22\x4d\x18")) || bytes.HasPrefix(prefix, []byte("\x02\x21\x4c\x18")) {
		return LZ4
	}
	return Zstd
}

// isTar reports whether prefix starts with a tar header whose checksum holds (POSIX.1-1988 ustar, GNU, and V7, which
// has no magic). One whose first entry has no name must have one.
func isTar(prefix []byte) bool {
	const at, size = 148, 8
	if len(prefix) < 512 || prefix[0] == 0 && string(prefix[257:262]) != "ustar" {
		return false
	}
	want, digits := int64(0), 0
	for _, c := range prefix[at : at+size] {
		switch {
		case c >= '0' && c <= '7':
			want, digits = want<<3|int64(c-'0'), digits+1
		case c != ' ' && c != 0:
			return false
		}
	}
	if digits == 0 {
		return false
	}
	var unsigned, signed int64
	for i, c := range prefix[:512] {
		if i >= at && i < at+size {
			c = ' '
		}
		unsigned += int64(c)
		signed += int64(int8(c)) // historic tars sum signed bytes
	}
	return want == unsigned || want == signed
}
