package container

import (
	"encoding/binary"
	"hash/crc32"
	"strings"
	"testing"
)

func TestUnopened(t *testing.T) {
	lha := "\x26\x00-lh5-" + "0123456789abc" + "\x01"
	arj := "\x60\xea\x1e\x00" + strings.Repeat("\x1e", 30)
	arj = string(binary.LittleEndian.AppendUint32([]byte(arj), crc32.ChecksumIEEE([]byte(arj[4:]))))
	for _, test := range []struct{ prefix, want string }{
		{"MSCF\x00\x00\x00\x00\x10", "cab"},
		{"MSCF is a word", ""},
		{"MSWIM\x00\x00\x00\xd0", "wim"},
		{"LZIP\x01\x0c\x00\x00", "lzip"},
		{"LZIP is a format", ""},
		{"\x89LZO\x00\r\n\x1a\n\x10", "lzop"},
		{"LRZI\x00\x06\x00\x00", "lrzip"},
		{"xar!\x00\x1c\x00\x01", "xar"},
		{"hsqs\x07\x00\x00\x00", "squashfs"},
		{"zPQ\x01\x01\x00\x00\x00", "zpaq"},
		{"\x9d\x2a\x31\x00\x00\x00\x90**ACE**", "ace"},
		{lha, "lha"},
		{lha[:10], ""},
		{"a -lh5- in a text of more than twenty bytes", ""},
		{"\x26\x00-lhd-" + lha[7:], "lha"},
		{"\x26\x00-lhz-" + lha[7:], ""},
		{"EVF\x09\x0d\x0a\xff\x00\x01", "ewf (E01)"},
		{"QFI\xfb\x00\x00\x00\x03", "qcow2"},
		{"KDMV\x01\x00\x00\x00", "vmdk"},
		{"PAR1\x15\x04\x15\x10", "parquet"},
		{"\xca\xfe\xd0\x0d\x07\x96\x00\x00", "pack200"},
		{arj, "arj"},
		{arj[:34] + "none", ""},
		{"\x60\xea\xff\xff short", ""},
		{"a log", ""},
		{"", ""},
	} {
		if got, ok := Unopened([]byte(test.prefix)); ok != (test.want != "") || ok && got != test.want {
			t.Errorf("%.20q is %q (%v), not %q", test.prefix, got, ok, test.want)
		}
	}
}
