package container

import (
	"archive/tar"
	"bytes"
	"compress/flate"
	"compress/zlib"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"archive/zip"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
	"github.com/pierrec/lz4/v4"
	"github.com/ulikunitz/xz"
)

// zeros compresses n zero bytes.
func zeros(t testing.TB, n int64) []byte {
	t.Helper()
	var b bytes.Buffer
	z, err := zstd.NewWriter(&b, zstd.WithEncoderConcurrency(1))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.CopyN(z, zeroReader{}, n); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

type zeroReader struct{}

func (zeroReader) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// A counter reads all it is shown and keeps none of it.
type counter struct {
	leaves, bytes int64
	problems      []string
}

func (c *counter) Leaf(_ context.Context, leaf Leaf) error {
	c.leaves++
	if leaf.Reader == nil {
		c.bytes += int64(len(leaf.Bytes))
		return nil
	}
	n, err := io.Copy(struct{ io.Writer }{io.Discard}, struct{ io.Reader }{leaf.Reader})
	c.bytes += n
	return err
}

func (c *counter) Problem(chain []string, reason string) error {
	c.problems = append(c.problems, strings.Join(chain, " > ")+": "+reason)
	return nil
}

var tight = Limits{MaxDepth: 5, FreeExpansion: 16 << 20, MaxExpansion: 10, MaxEntries: 1000, MaxMemory: 4 << 20}

func TestBombs(t *testing.T) {
	for _, test := range []struct {
		name    string
		data    func(t *testing.T) []byte
		problem string
	}{
		{"zstd of zeros", func(t *testing.T) []byte { return zeros(t, 40<<20) }, "unpacking stopped"},
		{"gzip of zeros", func(*testing.T) []byte { return bytes.Repeat(gzipped(make([]byte, 1<<20)), 24) }, "unpacking stopped"},
		{"many entries that share their bytes", overlapping, "unpacking stopped"},
		{"layers of zips", layers, "unpacking stopped"},
		{"entries without end", manyEntries, "unpacking stopped after"},
		{"sparse tar", sparseTar, "unpacking stopped"},
		{"tar that says it is long", func(*testing.T) []byte { return tarred("a", make([]byte, 1<<20))[:4096] }, "cut short"},
		{"deeper than the limit", deep, "nested deeper"},
		{"zip that holds itself", quine, "nested deeper"},
		{"zstd of one segment that says it is large", func(*testing.T) []byte {
			return []byte("\x28\xb5\x2f\xfd\xe0\x00\x00\x00\x00\x08\x00\x00\x00\x23\x03\x00x") // 32 GiB
		}, "zstd"},
		{"zstd of a large window", func(*testing.T) []byte {
			return []byte("\x28\xb5\x2f\xfd\x00\xb0\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00") // 4 GiB
		}, "zstd"},
		{"xz of a large dictionary", xzDictionary, "needs more memory"},
		{"lzma of a large dictionary", func(*testing.T) []byte {
			return append([]byte("\x5d\x00\x00\x00\x40\xff\xff\xff\xff\xff\xff\xff\xff\x00"), make([]byte, 100)...) // 1 GiB
		}, "lzma: needs more memory"},
		{"7z of a large dictionary", sevenZipDictionary, "needs more memory"},
		{"7z of many files", sevenZipFilesBomb, "7z"},
	} {
		data := test.data(t)
		for _, way := range ways {
			t.Run(test.name+"/"+way.name, func(t *testing.T) {
				c := &counter{}
				var before, after runtime.MemStats
				runtime.ReadMemStats(&before)
				if _, err := Walk(t.Context(), way.input(data), tight, c); err != nil {
					t.Fatal(err)
				}
				runtime.ReadMemStats(&after)
				limit := max(tight.FreeExpansion, tight.MaxExpansion*int64(len(data)))
				if c.bytes > limit+int64(len(data))*8+(1<<20) {
					t.Errorf("%d bytes shown, the limit is %d", c.bytes, limit)
				}
				if grown := after.TotalAlloc - before.TotalAlloc; grown > 400<<20 {
					t.Errorf("%d MiB allocated", grown>>20)
				}
				told := 0
				for _, problem := range c.problems {
					if strings.Contains(problem, test.problem) {
						told++
					}
				}
				if told != 1 {
					t.Errorf("%q told %d times, want once: %q", test.problem, told, c.problems[:min(5, len(c.problems))])
				}
			})
		}
	}
}

// overlapping returns a zip all of whose directory entries lead to the same local entry.
func overlapping(*testing.T) []byte {
	var packed bytes.Buffer
	z, _ := flate.NewWriter(&packed, 9)
	content := make([]byte, 1<<20)
	_, _ = z.Write(content)
	_ = z.Close()
	le := binary.LittleEndian
	fields := func(b []byte) []byte {
		b = le.AppendUint16(b, 20)
		b = le.AppendUint16(b, 0)
		b = le.AppendUint16(b, zipDeflate)
		b = le.AppendUint32(b, 0)
		b = le.AppendUint32(b, crc32.ChecksumIEEE(content))
		b = le.AppendUint32(b, uint32(packed.Len()))
		b = le.AppendUint32(b, uint32(len(content)))
		b = le.AppendUint16(b, 1)
		return le.AppendUint16(b, 0)
	}
	data := append(fields([]byte(zipLocal)), 'a')
	data = append(data, packed.Bytes()...)
	start := len(data)
	for range 500 {
		data = fields(append(data, zipCentral+"\x14\x00"...))
		data = append(data, make([]byte, 14)...)
		data = append(data, 'a')
	}
	end := len(data)
	data = append(data, zipEnd+"\x00\x00\x00\x00"...)
	data = le.AppendUint16(data, 500)
	data = le.AppendUint16(data, 500)
	data = le.AppendUint32(data, uint32(end-start))
	data = le.AppendUint32(data, uint32(start))
	return le.AppendUint16(data, 0)
}

func zipOf(n int, data []byte) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := range n {
		f, _ := z.Create(fmt.Sprint(i))
		_, _ = f.Write(data)
	}
	_ = z.Close()
	return b.Bytes()
}

// layers is 42.zip in small: archives of archives of archives.
func layers(*testing.T) []byte {
	data := zipOf(1, make([]byte, 1<<20))
	for range 3 {
		data = zipOf(16, data)
	}
	return data
}

func manyEntries(*testing.T) []byte {
	return bytes.Repeat(tarred("a", nil)[:512], 2000)
}

func sparseTar(*testing.T) []byte {
	var b bytes.Buffer
	z := tar.NewWriter(&b)
	_ = z.WriteHeader(&tar.Header{
		Name: "GNUSparseFile.0/a", Size: 512, Mode: 0o644, Format: tar.FormatPAX,
		PAXRecords: map[string]string{"VENDOR.x": "y"},
	})
	_ = z.Close()
	// The writer writes no sparse files: an old GNU one by hand.
	header := make([]byte, 512)
	copy(header, "a")
	copy(header[100:], "0000644\x000000000\x000000000\x00")
	copy(header[124:], "00000000000\x0000000000000\x00        S")
	copy(header[257:], "ustar  \x00")
	copy(header[386:], "77777777777\x0000000000000\x00") // a sparse entry: offset, no bytes
	copy(header[483:], "77777777777\x00")                // the real size
	sum := 0
	for _, c := range header {
		sum += int(c)
	}
	copy(header[148:], fmt.Sprintf("%06o\x00 ", sum))
	return append(header, make([]byte, 1024)...)
}

func deep(*testing.T) []byte {
	data := []byte(secret)
	for range 8 {
		data = zipOf(1, data)
	}
	return data
}

// quine returns a gzip that starts with many gzips of itself, as far down as the limit reaches and further.
func quine(*testing.T) []byte {
	data := []byte("seed")
	for range 20 {
		data = gzipped(data)
	}
	return data
}

func xzDictionary(*testing.T) []byte {
	header := []byte("\xfd7zXZ\x00\x00\x01")
	header = binary.LittleEndian.AppendUint32(header, crc32.ChecksumIEEE(header[6:8]))
	block := []byte{2, 0, 0x21, 1, 40, 0, 0, 0}
	block = binary.LittleEndian.AppendUint32(block, crc32.ChecksumIEEE(block))
	return append(append(header, block...), make([]byte, 100)...)
}

func sevenZipArchiveOf(packed, header []byte) []byte {
	start := make([]byte, 32)
	copy(start, "7z\xbc\xaf\x27\x1c\x00\x04")
	binary.LittleEndian.PutUint64(start[12:], uint64(len(packed)))
	binary.LittleEndian.PutUint64(start[20:], uint64(len(header)))
	binary.LittleEndian.PutUint32(start[28:], crc32.ChecksumIEEE(header))
	binary.LittleEndian.PutUint32(start[8:], crc32.ChecksumIEEE(start[12:]))
	return append(append(start, packed...), header...)
}

func sevenZipDictionary(*testing.T) []byte {
	return sevenZipArchiveOf([]byte("packed"), []byte{
		sevenZipHeader, sevenZipMainStreams,
		sevenZipPackInfo, 0, 1, sevenZipSizes, 6, sevenZipEnd,
		sevenZipUnpackInfo, sevenZipFolder, 1, 0, 1, 0x21, 0x21, 1, 38, sevenZipUnpackSizes, 100, sevenZipEnd,
		sevenZipEnd, sevenZipFiles, 1, sevenZipEnd, sevenZipEnd,
	})
}

func sevenZipFilesBomb(*testing.T) []byte {
	return sevenZipArchiveOf(nil, []byte{sevenZipHeader, sevenZipFiles, 0xf0, 0xff, 0xff, 0xff, 0xff, sevenZipEnd, sevenZipEnd})
}

// TestDepth finds a secret as deep as is allowed, and tells of one a level deeper.
func TestDepth(t *testing.T) {
	data := []byte(secret)
	for depth := 1; depth <= 7; depth++ {
		if depth%2 == 0 {
			data = tarred(fmt.Sprintf("%d.gz", depth), data)
		} else {
			data = gzipped(data)
		}
		for limit := 1; limit <= 7; limit++ {
			found := walk(t, Input{Name: "a.gz", Bytes: data}, Limits{MaxDepth: limit})
			_, ok := found.find(secret)
			if want := depth <= limit; ok != want || (len(found.problems) == 0) != want {
				t.Errorf("depth %d, limit %d: found %v\n%s", depth, limit, ok, found)
			}
		}
	}
}

// TestNothingMissed finds what a container's format does not cover.
func TestNothingMissed(t *testing.T) {
	text := readable(200_000)
	note := []byte("note: " + secret + "\n")
	corrupt := func(data []byte) []byte {
		data = bytes.Clone(data)
		for i := len(data) / 2; i < len(data)/2+50; i++ {
			data[i] ^= 0x55
		}
		return data
	}
	plain := []byte("nothing to see\n")
	noise := inflateTexts()["noise"]
	commented := append(zipped("n", note), "comment"...)
	commented[len(commented)-len("comment")-2] = byte(len("comment"))
	garbage := []byte("\x01\x02 what a crash has left\n")
	cut := func(data []byte, n int) []byte { return data[:len(data)-n] }
	for _, test := range []struct {
		name, outer, chain string
		data               []byte
		problems           int
	}{
		{"gzip of two members", "a.gz", "a", append(gzipped(plain), gzipped(note)...), 0},
		{"gzip, then zeros, then text", "a.gz", trailingLabel, append(append(gzipped(plain), make([]byte, 70_000)...), note...), 0},
		{"gzip, then text", "a.gz", trailingLabel, append(gzipped(plain), note...), 0},
		{"gzip, then zip", "a.gz", trailingLabel + " > n", append(gzipped(plain), zipped("n", note)...), 0},
		{"gzip broken, then text", "a.gz", "", append(corrupt(gzipped(text[:50_000])), append(make([]byte, 80_000), note...)...), 1},
		{"gzip broken, then gzip", "a.gz", trailingLabel, append(corrupt(gzipped(text[:50_000])), gzipped(note)...), 1},
		{"gzip long and broken, then gzip", "a.gz", trailingLabel, append(corrupt(gzipped(logText(400_000))), gzipped(note)...), 1},
		{"gzip cut short, then gzip", "a.gz", trailingLabel, slices.Concat(cut(gzipped(text[:50_000]), 500), gzipped(note)), 1},
		{"lz4 cut short, then lz4", "a.lz4", trailingLabel, slices.Concat(cut(lz4Of(t, noise), 500), lz4Of(t, note)), 1},
		{"gzip, garbage, gzip", "a.gz", trailingLabel, slices.Concat(gzipped(plain), garbage, gzipped(note)), 0},
		{"gzip, much garbage, gzip", "a.gz", trailingLabel, slices.Concat(gzipped(plain), noise, noise, gzipped(note)), 0},
		{"zstd, garbage, zstd", "a.zst", trailingLabel, slices.Concat(zstdOf(t, plain), garbage, zstdOf(t, note)), 0},
		{"lz4, garbage, lz4", "a.lz4", trailingLabel, slices.Concat(lz4Of(t, plain), garbage, lz4Of(t, note)), 0},
		{"xz, garbage, xz", "a.xz", trailingLabel, slices.Concat(xzOf(t, plain), garbage, xzOf(t, note)), 0},
		{"xz broken, then xz", "a.xz", trailingLabel, slices.Concat(cut(xzOf(t, text[:50_000]), 500), xzOf(t, note)), 1},
		{"zstd broken, then zstd", "a.zst", trailingLabel, slices.Concat(cut(zstdOf(t, noise), 500), zstdOf(t, note)), 1},
		{"gzip and garbage, many times", "a.gz", "a", bytes.Repeat(slices.Concat(gzipped(note), garbage), 150), 1},
		{"cpio, old binary", "a.cpio", "n.gz", binaryCpioOf(binary.LittleEndian, "n.gz", gzipped(note)), 0},
		{"cpio, old binary, other order", "a", "odd", binaryCpioOf(binary.BigEndian, "odd", gzipped(slices.Concat(note, noise))), 0},
		{"two cpios", "a", trailingLabel + " > n", slices.Concat(binaryCpioOf(binary.LittleEndian, "p", plain), cpioOf("070701", "n", note)), 0},
		{"binary, zip with a comment", "a.bin", "n", slices.Concat(make([]byte, 1000), commented), 0},
		{"7z that was not finished", "a.7z", "", slices.Concat([]byte("7z\xbc\xaf\x27\x1c\x00\x04"), make([]byte, 24), note), 1},
		{"gzip by magic only", "a.txt", "", append([]byte("\x1f\x8b\x08\x00 is how gzip starts\n"), note...), 1},
		{"zlib by magic only", "a.txt", "", append([]byte("x^2 + y^2\n"), note...), 0},
		{"zstd, then text", "a.zst", trailingLabel, append(zeros(t, 1000), note...), 0},
		{"zstd, then zstd", "a.zst", "a", append(zeros(t, 1000), zstdOf(t, note)...), 0},
		{"zip by magic only", "a.txt", "", append([]byte("PK\x03\x04 is how zip starts\n"), note...), 2},
		{"text in front of zip", "a.zip", "n", append([]byte("#!/bin/sh\n"), zipped("n", note)...), 0},
		{"zip, text in front", "a.sh", gapLabel, append(append([]byte("#!/bin/sh\n"), note...), zipped("n", plain)...), 0},
		{"zip, then text", "a.zip", trailingOrGap, append(zipped("n", plain), note...), 0},
		{"zip without a directory", "a.zip", "n", zipped("n", note)[:len(note)+60], 2},
		{"zip entry name", "a.zip", notesLabel, zipped(secret, plain), 0},
		{"zip comment", "a.zip", notesLabel, zipComment(secret), 0},
		{"tar entry name", "a.tar", notesLabel, tarred("dir/"+secret, nil), 0},
		{"tar, then tar", "a.tar", trailingLabel + " > n", append(tarred("p", plain), tarred("n", note)...), 0},
		{"tar, then text", "a.tar", trailingLabel, append(tarred("p", plain), note...), 0},
		{"tar broken, then text", "a.tar", "(unread data)", append(tarred("p", plain)[:1024], bytes.Repeat(note, 20)...), 1},
		{"zstd, in a skippable frame", "a.zst", skippableLabel, append(zstdOf(t, plain), skippableOf(note)...), 0},
		{"zstd behind skippable frames", "a.zst", "a", slices.Concat(skippableOf(nil), skippableOf(text[:30_000]), zstdOf(t, note)), 0},
		{"zstd, skippable frames, text", "a.zst", trailingLabel, slices.Concat(zstdOf(t, text[:1000]), skippableOf(plain), note), 0},
		{"lz4 behind a skippable frame", "a.lz4", "a", slices.Concat(skippableOf(text[:100]), lz4Of(t, note)), 0},
		{"lz4, in a skippable frame", "a.lz4", skippableLabel, slices.Concat(lz4Of(t, plain), skippableOf(note)), 0},
		{"lz4 legacy, then lz4", "a.lz4", "a", slices.Concat(lz4Of(t, text[:10_000], lz4.LegacyOption(true)), lz4Of(t, note)), 0},
		{"lz4, then lz4 legacy", "a.lz4", "a", slices.Concat(lz4Of(t, text[:10_000]), lz4Of(t, note, lz4.LegacyOption(true))), 0},
		{"lz4 with all checksums, then text", "a.lz4", trailingLabel,
			append(lz4Of(t, text[:10_000], lz4.BlockChecksumOption(true), lz4.SizeOption(10_000)), note...), 0},
		{"lz4 legacy, then text", "a.lz4", trailingLabel, append(lz4Of(t, plain, lz4.LegacyOption(true)), note...), 0},
		{"lz4 cut short", "a.lz4", "a", cut(lz4Of(t, slices.Concat(note, noise), lz4.BlockSizeOption(lz4.Block64Kb)), 20), 1},
		{"brotli, then text", "a.br", "", append(brotliOf(plain), note...), 0},
		{"brotli and what follows", "a.br", "a", append(brotliOf(note), "what follows"...), 0},
		{"brotli cut short", "a.br", "a", cut(brotliOf(slices.Concat(note, noise[:300])), 20), 1},
		{"text called brotli", "a.br", "", note, 0},
		{"zlib cut short", "a", "a", cut(zlibOf(slices.Concat(note, noise[:300])), 20), 1},
		{"gzip name", "a.gz", notesLabel, gzipNamed(secret), 0},
	} {
		for _, way := range ways {
			t.Run(test.name+"/"+way.name, func(t *testing.T) {
				if test.name == "binary, zip with a comment" && way.name == "stream" || test.name == "zip, text in front" && way.name == "stream" || test.name == "text in front of zip" && way.name == "stream" {
					t.Skip("the end of a stream is not known at its start")
				}
				input := way.input(test.data)
				input.Name = test.outer
				found := walk(t, input, Limits{})
				chain, ok := found.find(secret)
				if !ok || chain != test.chain && test.chain != trailingOrGap || len(found.problems) != test.problems {
					t.Errorf("found %v at %q, want %q; %d problems, want %d\n%s",
						ok, chain, test.chain, len(found.problems), test.problems, found)
				}
			})
		}
	}
}

func xzOf(t testing.TB, data []byte) []byte {
	t.Helper()
	return written(t, data, func(w io.Writer) (io.WriteCloser, error) { return xz.NewWriter(w) })
}

func skippableOf(data []byte) []byte {
	return append(binary.LittleEndian.AppendUint32([]byte("\x53\x2a\x4d\x18"), uint32(len(data))), data...)
}

func lz4Of(t testing.TB, data []byte, options ...lz4.Option) []byte {
	t.Helper()
	var b bytes.Buffer
	z := lz4.NewWriter(&b)
	if err := z.Apply(options...); err != nil {
		t.Fatal(err)
	}
	_, _ = z.Write(data)
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func brotliOf(data []byte) []byte {
	var b bytes.Buffer
	z := brotli.NewWriter(&b)
	_, _ = z.Write(data)
	_ = z.Close()
	return b.Bytes()
}

func zlibOf(data []byte) []byte {
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	_, _ = z.Write(data)
	_ = z.Close()
	return b.Bytes()
}

const trailingOrGap = "(anywhere)"

func zstdOf(t testing.TB, data []byte) []byte {
	t.Helper()
	z, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	return z.EncodeAll(data, nil)
}

func zipComment(comment string) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	_ = z.SetComment(comment)
	_ = z.Close()
	return b.Bytes()
}

func gzipNamed(name string) []byte {
	data := gzipped([]byte("plain"))
	data[3] |= 8
	return append(data[:10:10], append([]byte(name+"\x00"), data[10:]...)...)
}

// TestPanicsAreContained has decoders that fail as none should.
func TestPanicsAreContained(t *testing.T) {
	for name, reader := range map[string]io.Reader{
		"panics":          readerFunc(func([]byte) (int, error) { panic("index out of range") }),
		"panics at last":  io.MultiReader(strings.NewReader(secret), readerFunc(func([]byte) (int, error) { panic("oh") })),
		"reads too much":  readerFunc(func(p []byte) (int, error) { return len(p) + 1, nil }),
		"reads less":      readerFunc(func([]byte) (int, error) { return -1, nil }),
		"tells an error":  readerFunc(func([]byte) (int, error) { return 0, errors.New("broken") }),
		"panics with nil": readerFunc(func([]byte) (int, error) { return *map[string]*int{}["none"], nil }),
	} {
		t.Run(name, func(t *testing.T) {
			c := &collector{}
			w := &walker{visitor: c, limits: DefaultLimits()}
			fake := codec{open: func(*tape, *walker) (io.Reader, error) { return reader, nil }}
			outer := &text{name: "a", size: -1, reader: strings.NewReader("packed")}
			w.budget = newBudget(w.limits, outer)
			if err := w.compressed(t.Context(), outer, Gzip, fake); err != nil {
				t.Fatal(err)
			}
			if len(c.problems) != 1 {
				t.Errorf("%d problems, want 1\n%s", len(c.problems), c)
			}
			if _, ok := c.find("packed"); !ok {
				t.Errorf("the raw text was not shown\n%s", c)
			}
		})
	}
	t.Run("at opening", func(t *testing.T) {
		c := &collector{}
		w := &walker{visitor: c, limits: DefaultLimits()}
		outer := &text{name: "a", size: -1, reader: strings.NewReader("packed")}
		w.budget = newBudget(w.limits, outer)
		fake := codec{open: func(*tape, *walker) (io.Reader, error) { panic("oh") }}
		if err := w.compressed(t.Context(), outer, Gzip, fake); err != nil || len(c.problems) != 1 {
			t.Errorf("%v\n%s", err, c)
		}
	})
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

// TestCancel ends a walk in the middle of a leaf, and leaves no goroutine behind.
func TestCancel(t *testing.T) {
	data := gzipped(make([]byte, 8<<20))
	goroutines := runtime.NumGoroutine()
	ctx, cancel := context.WithCancel(t.Context())
	_, err := Walk(ctx, Input{Name: "a.gz", Bytes: data}, Limits{}, &canceler{cancel: cancel})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want that it was canceled", err)
	}
	for range 100 {
		if runtime.NumGoroutine() <= goroutines {
			return
		}
		time.Sleep(time.Millisecond)
	}
	t.Errorf("%d goroutines, there were %d", runtime.NumGoroutine(), goroutines)
}

type canceler struct {
	collector
	cancel func()
}

func (c *canceler) Leaf(_ context.Context, leaf Leaf) error {
	buffer := make([]byte, 1<<20)
	_, err := io.ReadFull(leaf.Reader, buffer)
	if err != nil {
		return err
	}
	c.cancel()
	_, err = io.Copy(io.Discard, leaf.Reader)
	return err
}

// TestVisitorStops ends a walk with the visitor's error, or goes on after a leaf that was not read.
func TestVisitorStops(t *testing.T) {
	data := gzipped(tarred("a", readable(200<<10)))
	stop := errors.New("stop")
	if _, err := Walk(t.Context(), Input{Bytes: data}, Limits{}, visitorFunc(func(Leaf) error { return stop })); !errors.Is(err, stop) {
		t.Errorf("got %v", err)
	}
	leaves := 0
	count := visitorFunc(func(Leaf) error { leaves++; return nil })
	if _, err := Walk(t.Context(), Input{Bytes: zipOf(3, readable(200<<10))}, Limits{}, count); err != nil || leaves != 4 {
		t.Errorf("%d leaves, want three and the names; %v", leaves, err)
	}
}

type visitorFunc func(Leaf) error

func (f visitorFunc) Leaf(_ context.Context, leaf Leaf) error { return f(leaf) }
func (f visitorFunc) Problem([]string, string) error          { return nil }
