package container

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"strings"
)

// Unopened returns the name of a format that packs texts and that Walk does not open, where a text begins as one. What is
// in it was not read, which is to be said.
func Unopened(prefix []byte) (name string, ok bool) {
	const least = 8
	if len(prefix) < least || strings.IndexByte("ML\x89xhz7\x60EQKvPOGS\xcaR?Ac", prefix[0]) < 0 && prefix[7] != '*' && prefix[2] != '-' {
		return "", false // as nearly all are: this is asked of every object in git
	}
	for _, format := range [...]struct {
		at          int
		magic, name string
	}{
		{0, "MSCF\x00\x00\x00\x00", "cab"},
		{0, "MSWIM\x00\x00\x00", "wim"},
		{0, "LZIP\x01", "lzip"},
		{0, "\x89LZO\x00\r\n\x1a\n", "lzop"},
		{0, "LRZI\x00", "lrzip"},
		{0, "xar!\x00\x1c", "xar"},
		{0, "hsqs", "squashfs"},
		{0, "zPQ\x01", "zpaq"},
		{0, "zPQ\x02", "zpaq"},
		{0, "7kSt\xa0\x31\x83\xd3\x8c\xb2\x28\xb0\xd3zPQ", "zpaq"},
		{7, "**ACE**", "ace"},
		{0, "EVF\x09\x0d\x0a\xff\x00", "ewf (E01)"},
		{0, "EVF2\x0d\x0a\x81\x00", "ewf (Ex01)"},
		{0, "QFI\xfb\x00\x00\x00", "qcow2"},
		{0, "KDMV", "vmdk"},
		{0, "vhdxfile", "vhdx"},
		{0, "PAR1\x15", "parquet"},
		{0, "Obj\x01", "avro"},
		{0, "GRZipII\x00", "grzip"},
		{0, "SZDD\x88\xf0\x27\x33", "szdd"},
		{0, "\xca\xfe\xd0\x0d", "pack200"},
		{0, "LUKS\xba\xbe\x00", "encrypted by LUKS"},
		{0, "Salted__", "encrypted by OpenSSL"},
		{0, "conectix\x00\x00\x00", "vhd"},
		{0, "PGDMP\x01", "dump of PostgreSQL"},
		{0, "REDIS00", "dump of Redis"},
		{0, "\x41\xd8\x01\x00\x01\x00\x00\x00", "WiredTiger (MongoDB)"},
	} {
		if len(prefix) > format.at && bytes.HasPrefix(prefix[format.at:], []byte(format.magic)) {
			return format.name, true
		}
	}
	if isArj(prefix) {
		return "arj", true
	}
	switch {
	case isORC(prefix):
		return "orc", true
	case isLucene(prefix):
		return "stored fields of Lucene (Elasticsearch)", true
	}
	return "lha", isLha(prefix)
}

// isORC reports whether a text begins as one of Apache ORC does: with three letters, and then with what is compressed, or numbers,
// none of which is a text's.
func isORC(prefix []byte) bool {
	return string(prefix[:3]) == "ORC" && !isPlain(prefix[:min(len(prefix), 64)])
}

// isLucene reports whether a text begins as a file of Lucene's does that has whole documents, compressed, or may hold such files. (Lucene's
// CodecUtil)
func isLucene(prefix []byte) bool {
	const magic = "\x3f\xd7\x6c\x17"
	if string(prefix[:4]) != magic {
		return false
	}
	codec := prefix[5:min(len(prefix), 5+int(prefix[4]))]
	return bytes.Contains(codec, []byte("StoredFields")) && !bytes.Contains(codec, []byte("Index")) || bytes.Contains(codec, []byte("CompoundData"))
}

// isArj reports whether a text begins with the main header of ARJ, whose checksum stands behind it.
func isArj(prefix []byte) bool {
	if prefix[0] != 0x60 || prefix[1] != 0xea {
		return false
	}
	size := int(binary.LittleEndian.Uint16(prefix[2:]))
	return size >= 30 && size+8 <= len(prefix) &&
		crc32.ChecksumIEEE(prefix[4:4+size]) == binary.LittleEndian.Uint32(prefix[4+size:])
}

// isLha reports whether a text begins with a header of LHA: its method, and the level that it is of. What it tells may be of a
// folder or a text that is only stored: others follow.
func isLha(prefix []byte) bool {
	if len(prefix) <= 20 || prefix[6] != '-' || prefix[20] > 3 {
		return false
	}
	method := string(prefix[2:6])
	switch method[:3] {
	case "-lh":
		return method[3] >= '0' && method[3] <= '7' || method[3] == 'd'
	case "-lz":
		return method[3] == 's' || method[3] == '4' || method[3] == '5'
	}
	return false
}
