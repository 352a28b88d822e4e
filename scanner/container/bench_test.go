package container

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	kgzip "github.com/klauspost/compress/gzip"
)

// logText returns n bytes of a log with much in it that does not repeat, as logs have.
func logText(n int) []byte {
	random := rand.New(rand.NewPCG(5, 6))
	levels := []string{"INFO", "WARN", "ERROR", "DEBUG"}
	words := []string{"user", "request", "session", "timeout", "cache", "worker", "queue", "handler", "retry", "shard"}
	word := func() string { return words[random.IntN(len(words))] }
	var b bytes.Buffer
	b.Grow(n + 300)
	for i := 0; b.Len() < n; i++ {
		fmt.Fprintf(&b, "2025-03-%02dT%02d:%02d:%02d.%03dZ %s [%s-%d] req=%016x ip=10.%d.%d.%d \"GET /api/v1/%s/%d?%s=%s HTTP/1.1\" %d %d\n",
			1+i>>20, i>>16&15, i>>10&63%60, i>>4&63%60, random.IntN(1000), levels[random.IntN(4)], word(), random.IntN(64),
			random.Uint64(), random.IntN(256), random.IntN(256), random.IntN(256), word(), random.IntN(99999), word(), word(),
			[]int{200, 200, 304, 404, 500}[random.IntN(5)], random.IntN(99999))
	}
	return b.Bytes()[:n]
}

// BenchmarkInflate compares decoders of the same gzip file.
func BenchmarkInflate(b *testing.B) {
	text := logText(16 << 20)
	packed := gzipped(text)
	ours := func(r io.Reader) (io.Reader, error) { return openGzip(newTape(r, -1), &walker{}) }
	for _, decoder := range []struct {
		name string
		open func(io.Reader) (io.Reader, error)
	}{
		{"ours", ours},
		{"klauspost", func(r io.Reader) (io.Reader, error) { return kgzip.NewReader(r) }},
		{"standard", func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) }},
	} {
		b.Run(decoder.name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				reader, err := decoder.open(bytes.NewReader(packed))
				if err != nil {
					b.Fatal(err)
				}
				if _, err := io.Copy(struct{ io.Writer }{io.Discard}, reader); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// A lookout does with a leaf what a prefilter does.
type lookout struct{ buffer []byte }

func (l *lookout) Leaf(_ context.Context, leaf Leaf) error {
	if leaf.Reader == nil {
		_ = bytes.Count(leaf.Bytes, []byte("J"))
		return nil
	}
	for {
		n, err := leaf.Reader.Read(l.buffer)
		_ = bytes.Count(l.buffer[:n], []byte("J"))
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func (l *lookout) Problem(_ []string, reason string) error { return fmt.Errorf("problem: %s", reason) }

// BenchmarkStream walks one long compressed log, beside the tool that decodes it to nowhere.
func BenchmarkStream(b *testing.B) {
	text := logText(128 << 20)
	path := filepath.Join(b.TempDir(), "log")
	if err := os.WriteFile(path, text, 0o600); err != nil {
		b.Fatal(err)
	}
	for _, tool := range []struct{ name, suffix string }{{"gzip", ".gz"}, {"zstd", ".zst"}, {"bzip2", ".bz2"}, {"xz", ".xz"}, {"lz4", ".lz4"}} {
		b.Run(tool.name, func(b *testing.B) {
			if _, err := exec.LookPath(tool.name); err != nil {
				b.Skipf("%s is not installed", tool.name)
			}
			size := len(text)
			if tool.name == "bzip2" || tool.name == "xz" {
				size /= 8
				if err := os.Truncate(path, int64(size)); err != nil {
					b.Fatal(err)
				}
			}
			if output, err := exec.CommandContext(b.Context(), tool.name, "-kf", path).CombinedOutput(); err != nil {
				b.Fatalf("%v: %s", err, output)
			}
			b.Run("ours", func(b *testing.B) {
				b.SetBytes(int64(size))
				b.ReportAllocs()
				for b.Loop() {
					file, err := os.Open(path + tool.suffix)
					if err != nil {
						b.Fatal(err)
					}
					_, err = Walk(b.Context(), Input{Name: path + tool.suffix, Reader: struct{ io.Reader }{file}, Size: -1}, Limits{}, &lookout{make([]byte, 256<<10)})
					if err != nil {
						b.Fatal(err)
					}
					_ = file.Close()
				}
			})
			b.Run("tool", func(b *testing.B) {
				b.SetBytes(int64(size))
				for b.Loop() {
					if err := exec.CommandContext(b.Context(), tool.name, "-dc", path+tool.suffix).Run(); err != nil {
						b.Fatal(err)
					}
				}
			})
		})
	}
}

// BenchmarkRecognise is what every file costs.
func BenchmarkRecognise(b *testing.B) {
	prefix := logText(SniffLength)
	b.ReportAllocs()
	for b.Loop() {
		if _, ok := Recognise(prefix, "app.log"); ok {
			b.Fatal("recognised")
		}
	}
}
