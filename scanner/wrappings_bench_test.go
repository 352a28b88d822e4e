package scanner

import (
	"bufio"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/jwtleak/jwtleak/detectors"
	"github.com/jwtleak/jwtleak/detectors/encoding"
	"github.com/jwtleak/jwtleak/detectors/jwt"
	"github.com/jwtleak/jwtleak/scanner/container"
	"github.com/jwtleak/jwtleak/scanner/source"
	"github.com/jwtleak/jwtleak/scanner/source/fs"
	"github.com/jwtleak/jwtleak/scanner/triage"
)

// largeLog writes a log of about JWTLEAK_BENCH_BYTES, or of 64 MiB, with a token of its own in each half mebibyte.
func largeLog(b *testing.B) (path string, size int64) {
	b.Helper()
	size = 64 << 20
	if given := os.Getenv("JWTLEAK_BENCH_BYTES"); given != "" {
		var err error
		if size, err = strconv.ParseInt(given, 10, 64); err != nil {
			b.Fatal(err)
		}
	}
	path = filepath.Join(b.TempDir(), "log")
	file, err := os.Create(path) //nolint:gosec // in the benchmark's own directory
	if err != nil {
		b.Fatal(err)
	}
	out, random, written := bufio.NewWriter(file), rand.New(rand.NewPCG(1, 2)), int64(0)
	for _, line := range distinctTokens(b, int(size>>19)) {
		for end := written + 1<<19 - int64(len(line)); written < end; {
			n, _ := fmt.Fprintf(out, "2026-11-23T12:00:%02d.%03dZ INFO [worker-%d] request=%d path=/api/items status=200 trace=%016x\n",
				random.IntN(60), random.IntN(1000), random.IntN(64), random.IntN(1e6), random.Uint64())
			written += int64(n)
		}
		n, _ := out.Write(line)
		written += int64(n)
	}
	if err := out.Flush(); err != nil { // which tells of every write before
		b.Fatal(err)
	}
	if err := file.Close(); err != nil {
		b.Fatal(err)
	}
	return path, written
}

// BenchmarkWrappings scans a large log for plain tokens alone and for tokens in any wrapping, in turn, and prints the
// shortest time of each and their ratio.
//
//	JWTLEAK_BENCH_BYTES=1073741824 go test -run '^$' -bench Wrappings -benchtime 10x ./scanner
func BenchmarkWrappings(b *testing.B) {
	path, size := largeLog(b)
	b.SetBytes(size)
	scan := func(detector detectors.Detector) time.Duration {
		e := newEngine(Options{
			Sources: []source.Source{fs.New(path, fs.Options{Target: path})}, Detector: detector, Limits: container.DefaultLimits(),
			Judge: triage.Judge{At: time.Unix(1795435200, 0)}, Jobs: 2, Now: time.Now,
		}, noSink{})
		started := time.Now()
		result, err := e.scan(b.Context())
		if err != nil || result.Summary.Findings != int(size>>19) {
			b.Fatalf("%d findings, %v", result.Summary.Findings, err)
		}
		return time.Since(started)
	}
	plain, all := time.Duration(math.MaxInt64), time.Duration(math.MaxInt64)
	for b.Loop() {
		plain = min(plain, scan(jwt.NewDetector()))
		all = min(all, scan(encoding.New()))
	}
	b.ReportMetric(plain.Seconds()*1000, "plain-ms")
	b.ReportMetric(all.Seconds()*1000, "all-ms")
	b.ReportMetric(all.Seconds()/plain.Seconds(), "times-plain")
}
