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
	if len(prefix) < least || strings.IndexByte("ML\x89xhz7\x60EQKvPOGS\xca", prefix[0]) < 0 && prefix[7] != '*' && prefix[2] != '-' {
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
	} {
		if len(prefix) > format.at && bytes.HasPrefix(prefix[format.at:], []byte(format.magic)) {
			return format.name, true
		}
	}
	if isArj(prefix) {
		return "arj", true
	}
	return "lha", isLha(prefix)
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
