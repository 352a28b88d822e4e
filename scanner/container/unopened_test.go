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
		{"LUKS\xba\xbe\x00\x02", "encrypted by LUKS"},
		{"LUKS is a format", ""},
		{"Salted__\x01\x02\x03\x04\x05\x06\x07\x08", "encrypted by OpenSSL"},
		{"PGDMP\x01\x0e\x00\x04\x08", "dump of PostgreSQL"},
		{"REDIS0011\xfa\x09redis-ver", "dump of Redis"},
		{"\x41\xd8\x01\x00\x01\x00\x00\x00\x9a", "WiredTiger (MongoDB)"},
		{"ORC\x1a\x05\x00\x0b\x02\x10", "orc"},
		{"ORC is a format for tables", ""},
		{"\x3f\xd7\x6c\x17\x1cLucene90StoredFieldsFastData\x00\x00\x00\x01", "stored fields of Lucene (Elasticsearch)"},
		{"\x3f\xd7\x6c\x17\x14Lucene90CompoundData\x00\x00\x00\x01", "stored fields of Lucene (Elasticsearch)"},
		{"\x3f\xd7\x6c\x17\x19Lucene90DocValuesMetadata\x00", ""},
		{"? what is this", ""},
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
