package pack_test

import (
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jwtleak/jwtleak/detectors/encoding"
	"github.com/jwtleak/jwtleak/scanner/container"
	"github.com/jwtleak/jwtleak/scanner/source/git/pack"
)

// The benchmarks measure on the bare repositories that JWTLEAK_BENCH_REPOS lists, separated as in PATH:
//
//	JWTLEAK_BENCH_REPOS=/repos/istio.git:/repos/jose.git go test -run '^$' -bench . ./scanner/source/git/pack

func benchRepositories(b *testing.B) []string {
	b.Helper()
	list := filepath.SplitList(os.Getenv("JWTLEAK_BENCH_REPOS"))
	if len(list) == 0 {
		b.Skip("JWTLEAK_BENCH_REPOS names no repositories to measure on")
	}
	return list
}

// counts are of one sweep.
type counts struct{ objects, bytes, passed atomic.Int64 }

func sweep(b testing.TB, store *pack.Store, total *counts, types ...pack.Type) {
	b.Helper()
	options := pack.SweepOptions{
		Jobs: runtime.GOMAXPROCS(0), Types: types,
		Candidate: encoding.New().Prefilter(),
		Container: func(prefix []byte) bool { _, ok := container.Recognise(prefix, ""); return ok },
		Visit: func(o pack.Object) error {
			total.objects.Add(1)
			total.bytes.Add(o.Size)
			if o.Reader != nil {
				_, err := io.Copy(io.Discard, o.Reader)
				return err
			}
			return nil
		},
		Passed:  func(n int64) { total.passed.Add(n) },
		Problem: func(path, reason string) { b.Errorf("%s: %s", path, reason) },
	}
	if err := store.Sweep(context.Background(), options); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkSweep reads every text and then every tree, and puts beside it, once, how long git takes to write every object.
func BenchmarkSweep(b *testing.B) {
	for _, path := range benchRepositories(b) {
		b.Run(filepath.Base(filepath.Dir(path))+"/"+filepath.Base(path), func(b *testing.B) {
			other := catFile(b, path)
			b.ReportAllocs()
			var opening, texts, trees time.Duration
			var textCounts, treeCounts counts
			times := 0
			for b.Loop() {
				started := time.Now()
				store, err := pack.Open(b.Context(), filepath.Join(path, "objects"), pack.Options{})
				if err != nil {
					b.Fatal(err)
				}
				opened := time.Now()
				sweep(b, store, &textCounts, pack.Blob, pack.Commit, pack.Tag)
				read := time.Now()
				sweep(b, store, &treeCounts, pack.Tree)
				opening, texts, trees = opening+opened.Sub(started), texts+read.Sub(opened), trees+time.Since(read)
				times++
				_ = store.Close()
			}
			n := time.Duration(times)
			own := (opening + texts + trees) / n
			b.ReportMetric((opening / n).Seconds(), "s/open")
			b.ReportMetric((texts / n).Seconds(), "s/texts")
			b.ReportMetric((trees / n).Seconds(), "s/trees")
			b.ReportMetric(own.Seconds(), "s/sweep")
			b.ReportMetric(other.Seconds(), "s/cat-file")
			b.ReportMetric(own.Seconds()/other.Seconds(), "ratio")
			b.ReportMetric(float64(textCounts.objects.Load())/float64(times), "shown")
			b.ReportMetric(float64(textCounts.bytes.Load())/float64(times)/1e6, "shown-MB")
			b.ReportMetric(float64(textCounts.passed.Load())/float64(times), "passed")
			b.ReportMetric(float64(treeCounts.objects.Load())/float64(times), "trees")
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
		cmd := exec.Command("git", "-C", path, "cat-file", "--batch-all-objects", "--batch", "--unordered")
		started := time.Now()
		if err := cmd.Run(); err != nil { // to the null device
			b.Fatal(err)
		}
		took = time.Since(started)
	}
	return took
}
