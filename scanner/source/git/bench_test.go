package git_test

import (
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/jwtleak/jwtleak/detectors/encoding"
	"github.com/jwtleak/jwtleak/scanner"
	"github.com/jwtleak/jwtleak/scanner/container"
	"github.com/jwtleak/jwtleak/scanner/finding"
	"github.com/jwtleak/jwtleak/scanner/source/git"
	"github.com/jwtleak/jwtleak/scanner/triage"
)

// The benchmarks measure on the repositories that JWTLEAK_BENCH_REPOS lists, separated as in PATH:
//
//	JWTLEAK_BENCH_REPOS=/repos/istio.git:/repos/jose.git go test -run '^$' -bench . ./scanner/source/git

func benchRepositories(b *testing.B) []string {
	b.Helper()
	list := filepath.SplitList(os.Getenv("JWTLEAK_BENCH_REPOS"))
	if len(list) == 0 {
		b.Skip("JWTLEAK_BENCH_REPOS names no repositories to measure on")
	}
	return list
}

// A counter is a sink that keeps nothing.
type counter struct{}

// Begin implements scanner.Sink.
func (counter) Begin(finding.Tool, finding.Scan) error { return nil }

// Event implements scanner.Sink.
func (counter) Event(finding.Event) error { return nil }

// scan scans a repository as the command does, but for the report.
func scan(b *testing.B, path string, reading scanner.Reading) scanner.Result {
	b.Helper()
	detector := encoding.New()
	reading.Prefilter = detector.Prefilter()
	opened, err := scanner.Open(context.Background(), []string{path}, reading)
	if err != nil {
		b.Fatal(err)
	}
	result, err := scanner.Scan(context.Background(), scanner.Options{
		Targets: opened.Targets, Sources: opened.Sources, Detector: detector, Limits: container.DefaultLimits(),
		Judge: triage.Judge{At: time.Unix(1700000000, 0).UTC(), MaxLifetime: 24 * time.Hour},
		Jobs:  runtime.GOMAXPROCS(0), Now: time.Now,
	}, counter{})
	if err != nil {
		b.Fatal(err)
	}
	return result
}

// BenchmarkHistory scans whole repositories, attribution and all, and puts beside it, once, how long git takes to write
// every object: s/scan, s/cat-file and the ratio of both.
func BenchmarkHistory(b *testing.B) {
	for _, path := range benchRepositories(b) {
		b.Run(filepath.Base(filepath.Dir(path))+"/"+filepath.Base(path), func(b *testing.B) {
			other := catFile(b, path)
			b.ReportAllocs()
			started, times := time.Now(), 0
			var result scanner.Result
			for b.Loop() {
				result = scan(b, path, scanner.Reading{History: git.HistoryAll})
				times++
			}
			own := time.Since(started) / time.Duration(max(1, times))
			b.SetBytes(result.Scan.Stats.Bytes)
			b.ReportMetric(own.Seconds(), "s/scan")
			b.ReportMetric(other.Seconds(), "s/cat-file")
			b.ReportMetric(own.Seconds()/other.Seconds(), "ratio")
			b.ReportMetric(float64(result.Summary.Findings), "tokens")
		})
	}
}

// catFile returns how long git takes to write all objects of a repository; the second of two runs counts.
func catFile(b *testing.B, path string) time.Duration {
	b.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		b.Skip("no git here to compare with")
	}
	var took time.Duration
	for range 2 {
		cmd := exec.Command("git", "-C", path, "cat-file", "--batch-all-objects", "--batch", "--unordered") // the user's own
		cmd.Stdout = io.Discard
		// Discarded by the kernel: a pipe to this process would be measured too.
		if null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0); err == nil {
			defer null.Close() //nolint:errcheck // nothing was kept
			cmd.Stdout = null
		}
		started := time.Now()
		if err := cmd.Run(); err != nil {
			b.Fatal(err)
		}
		took = time.Since(started)
	}
	return took
}

// BenchmarkStaged scans the index of each repository that has a work tree against its HEAD.
func BenchmarkStaged(b *testing.B) {
	for _, path := range benchRepositories(b) {
		if location, ok, err := git.Find(path); err != nil || !ok || location.WorkTree == "" {
			continue
		}
		b.Run(filepath.Base(path), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				scan(b, path, scanner.Reading{Staged: true})
			}
		})
	}
}
