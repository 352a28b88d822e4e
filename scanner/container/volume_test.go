package container

import (
	"encoding/binary"
	"testing"
)

func TestVolume(t *testing.T) {
	image := func(size int, parts ...any) []byte {
		b := make([]byte, size)
		for i := 0; i < len(parts); i += 2 {
			copy(b[parts[i].(int):], parts[i+1].(string))
		}
		return b
	}
	ext := image(4096, 1024, "\x10\x00\x00\x00\x40\x00\x00\x00", 1024+56, "\x53\xef\x01\x00", 1024+76, "\x01")
	partition := "\x80\x20\x21\x00\x83\x01\x02\x03\x00\x08\x00\x00\x00\x10\x00\x00"
	dump := func(order binary.AppendByteOrder, flags uint32) []byte {
		return image(1024, 24, string(order.AppendUint32(nil, dumpMagic)), 888, string(order.AppendUint32(nil, flags)))
	}
	for _, test := range []struct {
		name string
		text []byte
		want string
	}{
		{"nothing", nil, ""},
		{"zeros", image(VolumeLength), ""},
		{"a short text", []byte("XFSB"), ""},
		{"NTFS", image(512, 0, "\xebR\x90NTFS    ", 510, "\x55\xaa"), "NTFS"},
		{"BitLocker", image(512, 0, "\xebX\x90-FVE-FS-", 510, "\x55\xaa"), "encrypted by BitLocker"},
		{"FAT", image(512, 0, "\xeb<\x90mkfs.fat", 54, "FAT16   ", 510, "\x55\xaa"), "FAT"},
		{"XFS", image(512, 0, "XFSB\x00\x00\x10\x00"), "XFS"},
		{"APFS", image(4096, 0, "\x12\x34", 32, "NXSB"), "APFS"},
		{"HFS+", image(4096, 1024, "H+\x00\x04"), "HFS+"},
		{"UDF", image(40000, 32769, "BEA01\x01"), "UDF"},
		{"Btrfs", image(VolumeLength, 65600, "_BHRfS_M"), "Btrfs"},
		{"Btrfs cut short", image(VolumeLength-1, 65600, "_BHRfS_M"), ""},
		{"ext", ext, "ext2, ext3 or ext4"},
		{"the magic of ext alone", image(4096, 1024+56, "\x53\xef"), ""},
		{"partitions", image(512, 446, partition, 510, "\x55\xaa"), "partitions"},
		{"partitions without a place", image(512, 446, partition[:8], 510, "\x55\xaa"), ""},
		{"no partition", image(512, 0, "\xfa\x31\xc0", 510, "\x55\xaa"), ""},
		{"a text with the mark of a boot sector", image(512, 0, "text", 446, "text text text", 510, "\x55\xaa"), ""},
		{"dump", dump(binary.LittleEndian, 1<<7), "dump"},
		{"dump of the other order", dump(binary.BigEndian, 1<<7|1), "dump"},
		{"dump that is not compressed", dump(binary.LittleEndian, 1), ""},
	} {
		if got, ok := Volume(test.text); ok != (test.want != "") || ok && got != test.want {
			t.Errorf("%s is %q (%v), want %q", test.name, got, ok, test.want)
		}
	}
}
