package container

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"os/exec"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/s2"
	"github.com/klauspost/compress/snappy"
	"github.com/pierrec/lz4/v4"
	"github.com/ulikunitz/xz/lzma"
)

// rar4Of returns a RAR 2.9 archive with stored files.
func rar4Of(name string, data []byte, encrypted bool) []byte {
	le := binary.LittleEndian
	block := func(kind byte, flags uint16, body, data []byte) []byte {
		header := []byte{kind}
		header = le.AppendUint16(header, flags)
		header = le.AppendUint16(header, uint16(7+len(body)))
		header = append(header, body...)
		out := le.AppendUint16(nil, uint16(crc32.ChecksumIEEE(header)))
		return append(append(out, header...), data...)
	}
	var file []byte
	file = le.AppendUint32(file, uint32(len(data)))
	file = le.AppendUint32(file, uint32(len(data)))
	file = append(file, 3)
	file = le.AppendUint32(file, crc32.ChecksumIEEE(data))
	file = le.AppendUint32(file, 0x58210000)
	file = append(file, 29, 0x30)
	file = le.AppendUint16(file, uint16(len(name)))
	file = le.AppendUint32(file, 0o100644)
	file = append(file, name...)
	flags := uint16(0x8000)
	if encrypted {
		flags |= 4
	}
	out := []byte("Rar!\x1a\x07\x00")
	out = append(out, block(0x73, 0, make([]byte, 6), nil)...)
	out = append(out, block(0x74, flags, file, data)...)
	return append(out, block(0x7b, 0x4000, nil, nil)...)
}

// rar5Of returns a RAR 5 archive with a stored file.
func rar5Of(name string, data []byte) []byte {
	block := func(body, data []byte) []byte {
		header := append(binary.AppendUvarint(nil, uint64(len(body))), body...)
		out := binary.LittleEndian.AppendUint32(nil, crc32.ChecksumIEEE(header))
		return append(append(out, header...), data...)
	}
	file := []byte{2, 2}
	file = binary.AppendUvarint(file, uint64(len(data)))
	file = append(file, 4)
	file = binary.AppendUvarint(file, uint64(len(data)))
	file = append(file, 0)
	file = binary.LittleEndian.AppendUint32(file, crc32.ChecksumIEEE(data))
	file = append(file, 0, 1, byte(len(name)))
	file = append(file, name...)
	out := []byte("Rar!\x1a\x07\x01\x00")
	out = append(out, block([]byte{1, 0, 0}, nil)...)
	out = append(out, block(file, data)...)
	return append(out, block([]byte{5, 0, 0}, nil)...)
}

func cpioOf(magic string, name string, data []byte) []byte {
	var b bytes.Buffer
	entry := func(name string, data []byte) {
		if magic == "070707" {
			fmt.Fprintf(&b, "070707%06o%06o%06o%06o%06o%06o%06o%011o%06o%011o%s\x00", 0, 1, 0o100644, 0, 0, 1, 0, 0, len(name)+1, len(data), name)
			b.Write(data)
			return
		}
		fmt.Fprintf(&b, "%s%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X", magic, 1, 0o100644, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(name)+1, 0)
		b.WriteString(name + "\x00")
		b.Write(make([]byte, -b.Len()&3))
		b.Write(data)
		b.Write(make([]byte, -b.Len()&3))
	}
	entry(name, data)
	entry("TRAILER!!!", nil)
	return b.Bytes()
}

// binaryCpioOf makes an archive in the old binary format.
func binaryCpioOf(order binary.AppendByteOrder, name string, data []byte) (archive []byte) {
	for _, entry := range []struct {
		name string
		data []byte
	}{{name, data}, {"TRAILER!!!", nil}} {
		for _, v := range []int{0o070707, 0, 1, 0o100644, 0, 0, 1, 0, 0, 0, len(entry.name) + 1, len(entry.data) >> 16, len(entry.data)} {
			archive = order.AppendUint16(archive, uint16(v))
		}
		archive = append(archive, entry.name+"\x00"...)
		archive = append(archive, make([]byte, len(archive)&1)...)
		archive = append(archive, entry.data...)
		archive = append(archive, make([]byte, len(archive)&1)...)
	}
	return archive
}

func rpmOf(payload []byte) []byte {
	header := func(data string) []byte {
		h := []byte("\x8e\xad\xe8\x01\x00\x00\x00\x00")
		h = binary.BigEndian.AppendUint32(h, 1)
		h = binary.BigEndian.AppendUint32(h, uint32(len(data)))
		return append(append(h, make([]byte, 16)...), data...)
	}
	out := append([]byte("\xed\xab\xee\xdb\x03\x00"), make([]byte, 90)...)
	out = append(out, header("signature")...)
	out = append(out, make([]byte, -len(out)&7)...)
	return append(append(out, header("a script")...), payload...)
}

func arOf(name, content string) string {
	out := fmt.Sprintf("%-16s%-12d%-6d%-6d%-8s%-10d`\n%s", name, 0, 0, 0, "100644", len(content), content)
	if len(content)%2 == 1 {
		out += "\n"
	}
	return out
}

// lzwOf compresses as compress(1) does, with a clear code once the table is full.
func lzwOf(data []byte, maxBits uint) []byte {
	out := []byte{0x1f, 0x9d, 0x80 | byte(maxBits)}
	table := map[string]int{}
	var held uint64
	var bits, width uint = 0, 9
	group, next := 0, 257
	put := func(code int) {
		held |= uint64(code) << bits
		for bits += width; bits >= 8; bits -= 8 {
			out = append(out, byte(held))
			held >>= 8
		}
		group = (group + 1) & 7
	}
	align := func() {
		for group != 0 {
			put(0)
		}
	}
	code := func(s string) int {
		if len(s) == 1 {
			return int(s[0])
		}
		return table[s]
	}
	s := ""
	for _, c := range data {
		longer := s + string([]byte{c})
		if _, ok := table[longer]; ok || len(longer) == 1 {
			s = longer
			continue
		}
		put(code(s))
		s = string([]byte{c})
		if next < 1<<maxBits {
			table[longer] = next
			if next++; next > 1<<width && width < maxBits {
				align()
				width++
			}
			continue
		}
		put(lzwClear)
		align()
		clear(table)
		width, next = 9, 257
	}
	if s != "" {
		put(code(s))
	}
	if bits > 0 {
		out = append(out, byte(held))
	}
	return out
}

func written(t testing.TB, data []byte, open func(io.Writer) (io.WriteCloser, error)) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := open(&b)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestArchives reads archives and streams made here, whole and without a problem.
func TestArchives(t *testing.T) {
	text := readable(100_000)
	longName := bytes.Repeat([]byte("n"), 200)
	for _, test := range []struct {
		name, outer, chain string
		data               []byte
	}{
		{"rar 4", "a.rar", "dir/a.log", rar4Of("dir/a.log", text, false)},
		{"rar 5", "a.rar", "a.log", rar5Of("a.log", text)},
		{"rar in a program", "a.exe", "(archive) > a.log", append([]byte("MZ a program"), rar5Of("a.log", text)...)},
		{"cpio newc", "a.cpio", "a.log", cpioOf("070701", "a.log", text)},
		{"cpio crc", "a.cpio", "a.log", cpioOf("070702", "a.log", text)},
		{"cpio odc", "a.cpio", "a.log", cpioOf("070707", "a.log", text)},
		{"rpm", "a.rpm", "payload > a.log", rpmOf(gzipped(cpioOf("070701", "a.log", text)))},
		{"deb", "a.deb", "data.tar.gz > a.log", []byte("!<arch>\n" + arOf("debian-binary", "2.0\n") + arOf("data.tar.gz/", string(gzipped(tarred("a.log", text)))))},
		{"ar, GNU name", "a.a", "a-name-that-is-too-long.o", []byte("!<arch>\n" + arOf("//", "a-name-that-is-too-long.o/\n") + arOf("/0", string(text)))},
		{"ar, BSD name", "a.a", "a-name-that-is-too-long.o", []byte("!<arch>\n" + arOf("#1/25", "a-name-that-is-too-long.o"+string(text)))},
		{"compress", "a.log.Z", "a.log", lzwOf(text, 16)},
		{"compress, 12 bits", "a.log.Z", "a.log", lzwOf(text, 12)},
		{"snappy", "a.log.sz", "a.log", written(t, text, func(w io.Writer) (io.WriteCloser, error) { return snappy.NewBufferedWriter(w), nil })},
		{"s2", "a.log.s2", "a.log", written(t, text, func(w io.Writer) (io.WriteCloser, error) { return s2.NewWriter(w), nil })},
		{"brotli", "a.log.br", "a.log", written(t, text, func(w io.Writer) (io.WriteCloser, error) { return brotli.NewWriter(w), nil })},
		{"lz4", "a.log.lz4", "a.log", written(t, text, func(w io.Writer) (io.WriteCloser, error) { return lz4.NewWriter(w), nil })},
		{"two lz4", "a.log.lz4", "a.log", func() []byte {
			half := func(b []byte) []byte {
				return written(t, b, func(w io.Writer) (io.WriteCloser, error) { return lz4.NewWriter(w), nil })
			}
			return append(half(text[:50_000]), half(text[50_000:])...)
		}()},
		{"lzma", "a.log.lzma", "a.log", written(t, text, func(w io.Writer) (io.WriteCloser, error) { return lzma.NewWriter(w) })},
		{"lzma, other settings", "a.log.lzma", "a.log", written(t, text, func(w io.Writer) (io.WriteCloser, error) {
			return lzma.WriterConfig{Properties: &lzma.Properties{LC: 4, LP: 0, PB: 2}}.NewWriter(w)
		})},
		{"zlib", "a.log.zz", "a.log", []byte(deflated(string(text)))},
		{"tar, PAX name", "a.tar", string(longName), tarred(string(longName), text)},
		{"tar, GNU", "a.tar", string(longName), written(t, text, func(w io.Writer) (io.WriteCloser, error) {
			z := tar.NewWriter(w)
			return z, z.WriteHeader(&tar.Header{Name: string(longName), Size: int64(len(text)), Format: tar.FormatGNU})
		})},
		{"zip, stored", "a.zip", "a.log", func() []byte {
			var b bytes.Buffer
			z := zip.NewWriter(&b)
			f, _ := z.CreateHeader(&zip.FileHeader{Name: "a.log", Method: zip.Store, CRC32: crc32.ChecksumIEEE(text)})
			_, _ = f.Write(text)
			_ = z.Close()
			return b.Bytes()
		}()},
		{"word processor", "a.docx", "word/document.xml", zipped("word/document.xml", text)},
		{"image archive", "a.tar", "layer.tar > etc/a.log", tarred("layer.tar", tarred("etc/a.log", text))},
		{"image layout", "a.tar", "blobs/sha256/0a > etc/a.log", tarred("blobs/sha256/0a", gzipped(tarred("etc/a.log", text)))},
	} {
		for _, way := range ways {
			t.Run(test.name+"/"+way.name, func(t *testing.T) {
				if test.name == "rar in a program" && way.name == "stream" {
					t.Skip("a program in a stream of unknown length is not looked through")
				}
				input := way.input(test.data)
				input.Name = test.outer
				found := walk(t, input, Limits{})
				whole := ""
				for _, leaf := range found.leaves {
					if leaf.text == string(text) {
						whole += leaf.chain + ";"
					}
				}
				if whole != test.chain+";" || len(found.problems) > 0 {
					t.Errorf("shown whole at %q, want %q\n%s", whole, test.chain, found)
				}
			})
		}
	}
}

// TestCompressTool has gzip read what the test writes as compress does: the two agree on the format.
func TestCompressTool(t *testing.T) {
	if _, err := exec.LookPath("gzip"); err != nil {
		t.Skip("gzip is not installed")
	}
	text := readable(300_000)
	for _, bits := range []uint{10, 12, 16} {
		command := exec.CommandContext(t.Context(), "gzip", "-dc")
		command.Stdin = bytes.NewReader(lzwOf(text, bits))
		if output, err := command.Output(); err != nil || !bytes.Equal(output, text) {
			t.Errorf("%d bits: gzip read %d bytes of %d: %v", bits, len(output), len(text), err)
		}
	}
}

// TestEncrypted tells of what is encrypted, and shows what is not.
func TestEncrypted(t *testing.T) {
	text := readable(10_000)
	for _, test := range []struct {
		name string
		data func() []byte
	}{
		{"rar", func() []byte { return rar4Of("a.log", text, true) }},
		{"7z", func() []byte { return run(t, text, "a.7z", "7z", "a", "-ppassword", "a.7z", "log.txt") }},
		{"7z with its names", func() []byte { return run(t, text, "a.7z", "7z", "a", "-ppassword", "-mhe", "a.7z", "log.txt") }},
		{"zip", func() []byte { return run(t, text, "a.zip", "7z", "a", "-ppassword", "a.zip", "log.txt") }},
		{"zip, AES", func() []byte {
			return run(t, text, "a.zip", "7z", "a", "-ppassword", "-mem=AES256", "a.zip", "log.txt")
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			data := test.data()
			for _, way := range ways {
				found := walk(t, way.input(data), Limits{})
				if len(found.problems) != 1 || !bytes.Contains([]byte(found.problems[0]), []byte("encrypted")) {
					t.Errorf("%s: one problem wanted, that it is encrypted\n%s", way.name, found)
				}
			}
		})
	}
}

// TestZipInOrder reads a zip in a stream that is larger than what may be held.
func TestZipInOrder(t *testing.T) {
	text := readable(300_000)
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range []string{"a", "b", "empty", "c"} {
		f, _ := z.Create(name)
		if name != "empty" {
			_, _ = f.Write(text)
		}
	}
	raw, _ := z.CreateRaw(&zip.FileHeader{
		Name: "stored", Method: zip.Store, CRC32: crc32.ChecksumIEEE(text),
		CompressedSize64: uint64(len(text)), UncompressedSize64: uint64(len(text)),
	})
	_, _ = raw.Write(text)
	_ = z.SetComment("the comment")
	_ = z.Close()
	found := walk(t, ways[2].input(b.Bytes()), Limits{MaxMemory: 10_000})
	for _, name := range []string{"a", "b", "c", "stored"} {
		times := 0
		for _, leaf := range found.leaves {
			if leaf.chain == name && leaf.text == string(text) {
				times++
			}
		}
		if times != 1 {
			t.Errorf("%s shown %d times, want once", name, times)
		}
	}
	if _, ok := found.find("the comment"); !ok || len(found.problems) > 0 {
		t.Errorf("comment seen: %v\n%s", ok, found)
	}
}
