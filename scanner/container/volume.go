package container

import (
	"bytes"
	"encoding/binary"
)

// VolumeLength is how much of the beginning of a text Volume looks at, in bytes: as far as the superblock of Btrfs.
const VolumeLength = 65600 + 8

// MayBeVolume reports whether a text may be the image of a disk or of a file system, by its first SniffLength bytes: it begins
// with zeros, a boot sector, or a magic.
func MayBeVolume(prefix []byte) bool {
	if len(prefix) < SniffLength {
		return false
	}
	return prefix[0] == 0 && len(bytes.TrimLeft(prefix[:SniffLength], "\x00")) == 0 || isBootSector(prefix) ||
		string(prefix[:4]) == "XFSB" || string(prefix[32:36]) == "NXSB" ||
		binary.LittleEndian.Uint32(prefix[24:]) == dumpMagic || binary.BigEndian.Uint32(prefix[24:]) == dumpMagic
}

func isBootSector(prefix []byte) bool { return prefix[510] == 0x55 && prefix[511] == 0xaa }

// dumpMagic is that of dump(8), which writes it in either byte order.
const dumpMagic = 60012

// volumes are told by what stands at a place, the one inside a partition before the table of these.
var volumes = [...]struct {
	at          int
	magic, name string
}{
	{3, "-FVE-FS-", "encrypted by BitLocker"},
	{3, "NTFS    ", "NTFS"},
	{3, "EXFAT   ", "exFAT"},
	{54, "FAT12   ", "FAT"},
	{54, "FAT16   ", "FAT"},
	{82, "FAT32   ", "FAT"},
	{0, "XFSB\x00\x00", "XFS"},
	{32, "NXSB", "APFS"},
	{536, "LVM2 001", "LVM"},
	{1024, "H+\x00\x04", "HFS+"},
	{1024, "HX\x00\x05", "HFS+"},
	{1024, "\x10\x20\xf5\xf2", "F2FS"},
	{1024, "\xe2\xe1\xf5\xe0", "EROFS"},
	{32768 + 1, "BEA01\x01", "UDF"},
	{65536 + 64, "_BHRfS_M", "Btrfs"},
}

// Volume returns the name of the file system, or of what holds some, that a text is an image of, where it begins as one:
// VolumeLength bytes of it, or all if there are fewer. Walk does not open it. What is stored in it as it is stands in it like in
// any text, but not what is compressed, encrypted or in pieces.
func Volume(beginning []byte) (name string, ok bool) {
	if !MayBeVolume(beginning) {
		return "", false
	}
	for _, volume := range volumes {
		if len(beginning) > volume.at && bytes.HasPrefix(beginning[volume.at:], []byte(volume.magic)) {
			return volume.name, true
		}
	}
	switch {
	case isExt(beginning):
		return "ext2, ext3 or ext4", true
	case isPartitioned(beginning):
		return "partitions", true
	}
	return "dump", isPackedDump(beginning)
}

// isExt reports whether there is a superblock of ext2 or of what has followed it, with a size of its blocks and a state that can
// be: its magic is short.
func isExt(beginning []byte) bool {
	const superblock, least = 1024, 204
	if len(beginning) < superblock+least {
		return false
	}
	block := beginning[superblock:]
	return block[56] == 0x53 && block[57] == 0xef && binary.LittleEndian.Uint32(block) > 0 && binary.LittleEndian.Uint32(block[4:]) > 0 &&
		binary.LittleEndian.Uint32(block[24:]) <= 6 && binary.LittleEndian.Uint32(block[76:]) <= 1
}

// isPartitioned reports whether a boot sector has a table of partitions: one of them at least, and none that can't be. That of GPT
// has one, over all of the disk.
func isPartitioned(beginning []byte) bool {
	const table, size = 446, 16
	if !isBootSector(beginning) {
		return false
	}
	some := false
	for i := range 4 {
		entry := beginning[table+i*size:][:size]
		if entry[0]&0x7f != 0 {
			return false
		}
		if entry[4] == 0 {
			continue
		}
		if binary.LittleEndian.Uint32(entry[8:]) == 0 || binary.LittleEndian.Uint32(entry[12:]) == 0 {
			return false
		}
		some = true
	}
	return some
}

// isPackedDump reports whether a text is what dump(8) writes with its blocks compressed; else they are as they are.
func isPackedDump(beginning []byte) bool {
	const magic, flags, compressed = 24, 888, 1 << 7
	if len(beginning) < flags+4 {
		return false
	}
	for _, order := range []binary.ByteOrder{binary.LittleEndian, binary.BigEndian} {
		if order.Uint32(beginning[magic:]) == dumpMagic {
			return order.Uint32(beginning[flags:])&compressed != 0
		}
	}
	return false
}
