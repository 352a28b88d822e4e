package container

import (
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/klauspost/compress/snappy"
)

// BenchmarkTenGzips walks ten compressed logs on two goroutines, beside what ripgrep takes for them.
func BenchmarkTenGzips(b *testing.B) {
	text := logText(50 << 20)
	directory := b.TempDir()
	paths := make([]string, 10)
	packed := gzipped(text)
	for i := range paths {
		paths[i] = filepath.Join(directory, strconv.Itoa(i)+".log.gz")
		if err := os.WriteFile(paths[i], packed, 0o600); err != nil {
			b.Fatal(err)
		}
	}
	b.Run("ours", func(b *testing.B) {
		b.SetBytes(int64(10 * len(text)))
		b.ReportAllocs()
		for b.Loop() {
			walkParallel(b, paths)
		}
	})
	b.Run("rg", func(b *testing.B) {
		if _, err := exec.LookPath("rg"); err != nil {
			b.Skip("rg is not installed")
		}
		b.SetBytes(int64(10 * len(text)))
		for b.Loop() {
			_ = exec.CommandContext(b.Context(), "rg", append([]string{"-z", "-c", "eyJ"}, paths...)...).Run()
		}
	})
}

func walkParallel(b *testing.B, paths []string) {
	b.Helper()
	work := make(chan string)
	var group sync.WaitGroup
	for range 2 {
		group.Go(func() {
			look := &lookout{make([]byte, 256<<10)}
			for path := range work {
				file, err := os.Open(path)
				if err != nil {
					b.Error(err)
					continue
				}
				if _, err := Walk(context.Background(), Input{Name: path, Reader: struct{ io.Reader }{file}, Size: -1}, Limits{}, look); err != nil {
					b.Error(err)
				}
				_ = file.Close()
			}
		})
	}
	for _, path := range paths {
		work <- path
	}
	close(work)
	group.Wait()
}

// FuzzWalk walks any bytes: it never fails, shows no more than the limits allow, and shows text that is in none of
// the formats, and carries no zip, whole.
func FuzzWalk(f *testing.F) {
	text := readable(300)
	for _, seed := range [][]byte{
		text, gzipped(text), zipped("a.log", text), tarred("a.log", text), gzipped(tarred("a", zipped("b", text))),
		[]byte(deflated(string(text))), zstdOf(f, text), sqliteFile(512, text, bytes.Repeat(text, 10)),
		pdfFile(flateStream("BT (a) Tj [(b) 3 (c)] TJ ET"), [2]string{"/Filter/LZWDecode", "\x80\x0b\x60\x50"}),
		append(text, gzipped(text)...), overlapping(nil), sparseTar(nil), xzDictionary(nil), sevenZipDictionary(nil),
		[]byte("!<arch>\na.log/          0           0     0     644     5         `\nhello\n"),
		[]byte("070707000000000000100644000000000000000001000000000000000000000000200000000005a\x00hello"),
		[]byte("Rar!\x1a\x07\x00\xcf\x90\x73\x00\x00\x0d\x00\x00\x00\x00\x00\x00\x00"),
		[]byte("Rar!\x1a\x07\x01\x00\x33\x92\xb5\xe5\x0a\x01\x05\x06\x00\x05\x01\x01\x80\x80\x00"),
		[]byte("BZh91AY&SY\x17\x72\x45\x38\x50\x90\x00\x00\x00\x00"), []byte("\x04\x22\x4d\x18\x64\x40\xa7"),
		[]byte("\xff\x06\x00\x00sNaPpY\x01\x05\x00\x00"), []byte("\x5d\x00\x00\x80\x00\xff\xff\xff\xff\xff\xff\xff\xff\x00"),
		[]byte("\x1f\x9d\x90\x61\xc4\x8c"), []byte("\xed\xab\xee\xdb\x03\x00"), append([]byte("MZ"), zipped("a", text)...),
		levelDBTableOf(f, blockSnappy, storedBlocks()...), levelDBTableOf(f, blockRaw, storedBlocks()...), levelDBTableOf(f, blockZstd, storedBlocks()...),
		levelDBLogOf(levelDBEntry{"a", "b"}, levelDBEntry{"c", string(readable(40000))}, levelDBEntry{"last", secret}),
		journalOf(f, false), journalOf(f, true), mozLZ4Of(f, text), sqliteFile(512, snappy.Encode(nil, bytes.Repeat(text, 3))),
		simpleCacheOf("https://a.example/", "br", brotliOf(text)), firefoxCacheOf(4, "https://a.example/", "br", brotliOf(text)),
		isoOf(gzipped(text), zisofsOf(text)), zisofsOf(bytes.Repeat(text, 200)),
		append([]byte(packedMark), snappy.Encode(nil, text)...),
	} {
		f.Add(seed, "a")
	}
	f.Add([]byte("\x8b\x02\x80hello\x03"), "a.br")
	f.Add(brotliOf(text), "f_00001a")
	block := append([]byte(blockFileMagic), make([]byte, blockFileHead-len(blockFileMagic))...)
	block[13] = 4
	f.Add(append(append(append(block, brotliOf(text)...), make([]byte, 1024-len(brotliOf(text)))...), gzipped(text)...), "data_2")
	limits := Limits{MaxDepth: 3, FreeExpansion: 1 << 20, MaxExpansion: 20, MaxEntries: 200, MaxMemory: 1 << 20}
	f.Fuzz(func(t *testing.T, data []byte, name string) {
		if len(data) > 1<<16 {
			return
		}
		for _, way := range ways {
			c := &collector{}
			input := way.input(data)
			input.Name = name
			if _, err := Walk(t.Context(), input, limits, c); err != nil {
				t.Fatalf("%s: %v", way.name, err)
			}
			allowed := max(limits.FreeExpansion, limits.MaxExpansion*int64(len(data)))
			if c.bytes > allowed+int64(len(data))*1000+(4<<20) {
				t.Fatalf("%s: %d bytes shown of %d", way.name, c.bytes, len(data))
			}
			format, ok := Recognise(data[:min(len(data), SniffLength)], name)
			_, ends := RecogniseEnd(data, name, data, nil, 0)
			carries := ends || bytes.Contains(data, []byte("PK\x05\x06")) // a zip, maybe, behind anything
			if !ok && !carries && (len(c.leaves) != 1 || c.leaves[0].text != string(data)) {
				t.Fatalf("%s: a plain text is not shown as it is", way.name)
			}
			if ok && strings.Contains(format.String(), " ") {
				t.Fatal("a format has no name")
			}
		}
	})
}
