package scanner_test

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/jwtleak/jwtleak/detectors/encoding"
	"github.com/jwtleak/jwtleak/scanner"
	"github.com/jwtleak/jwtleak/scanner/container"
	"github.com/jwtleak/jwtleak/scanner/finding"
	"github.com/jwtleak/jwtleak/scanner/source"
	"github.com/jwtleak/jwtleak/scanner/source/fs"
	"github.com/jwtleak/jwtleak/scanner/triage"
)

// inputSize is how much is scanned, in bytes: JWTLEAK_BENCH_BYTES, or little.
func inputSize(b *testing.B) int {
	b.Helper()
	given := os.Getenv("JWTLEAK_BENCH_BYTES")
	if given == "" {
		return 16 << 20
	}
	size, err := strconv.Atoi(given)
	if err != nil {
		b.Fatal(err)
	}
	return size
}

// writeLog writes lines of a log, every 4000th with a token.
func writeLog(b *testing.B, w io.Writer, size, from int) {
	b.Helper()
	token, err := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{"sub": "a"}).SignedString([]byte("a key for benchmarks alone"))
	if err != nil {
		b.Fatal(err)
	}
	var line bytes.Buffer
	for written := 0; written < size; from++ {
		line.Reset()
		_, _ = fmt.Fprintf(&line, "2026-05-03T04:05:06Z INFO request=%d path=/api/items/%d status=200", from, from%977)
		if from%4000 == 0 {
			_, _ = fmt.Fprintf(&line, " authorization=%s", token)
		}
		line.WriteByte('\n')
		if _, err := w.Write(line.Bytes()); err != nil {
			b.Fatal(err)
		}
		written += line.Len()
	}
}

type noSink struct{}

func (noSink) Begin(finding.Tool, finding.Scan) error { return nil }
func (noSink) Event(finding.Event) error              { return nil }

// compare scans a path, and reports the time of a scan beside that of ripgrep's search for the start of a header.
func compare(b *testing.B, path string, size int, arguments ...string) {
	b.Helper()
	detector := encoding.New()
	var ours time.Duration
	b.SetBytes(int64(size))
	b.ReportAllocs()
	for b.Loop() {
		started := time.Now()
		_, err := scanner.Scan(b.Context(), scanner.Options{
			Sources: []source.Source{fs.New(path, fs.Options{Target: path})}, Detector: detector, Limits: container.DefaultLimits(),
			Judge: triage.Judge{At: started}, Jobs: 2, Now: time.Now,
		}, noSink{})
		if err != nil {
			b.Fatal(err)
		}
		ours += time.Since(started)
	}
	program, err := exec.LookPath("rg")
	if err != nil {
		b.Log("rg is not installed: there is nothing to compare with")
		return
	}
	started := time.Now()
	for range b.N {
		if err := exec.CommandContext(b.Context(), program, append(arguments, path)...).Run(); err != nil { //nolint:gosec // the program under comparison
			b.Fatal(err)
		}
	}
	theirs := time.Since(started)
	b.ReportMetric(ours.Seconds()*1000/float64(b.N), "jwtleak-ms")
	b.ReportMetric(theirs.Seconds()*1000/float64(b.N), "rg-ms")
	b.ReportMetric(ours.Seconds()/theirs.Seconds(), "times-rg")
}

func BenchmarkLog(b *testing.B) {
	size, path := inputSize(b), filepath.Join(b.TempDir(), "log")
	file, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	writeLog(b, file, size, 0)
	if err := file.Close(); err != nil {
		b.Fatal(err)
	}
	compare(b, path, size, "-c", "eyJ")
}

func BenchmarkDirectory(b *testing.B) {
	const fileSize = 32 << 10
	size, root := inputSize(b), b.TempDir()
	for i := range size / fileSize {
		dir := filepath.Join(root, strconv.Itoa(i%64))
		if err := os.MkdirAll(dir, 0o700); err != nil {
			b.Fatal(err)
		}
		var text bytes.Buffer
		writeLog(b, &text, fileSize, i)
		if err := os.WriteFile(filepath.Join(dir, strconv.Itoa(i)), text.Bytes(), 0o600); err != nil {
			b.Fatal(err)
		}
	}
	compare(b, root, size, "-uuu", "-c", "eyJ")
}
