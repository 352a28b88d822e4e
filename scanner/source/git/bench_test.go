package git_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
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

// catFile returns how long git takes to write all objects of a repository.
func catFile(b *testing.B, path string) time.Duration {
	b.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		b.Skip("no git here to compare with")
	}
	return timed(b, exec.Command("git", "-C", path, "cat-file", "--batch-all-objects", "--batch", "--unordered")) //nolint:gosec // the user's own
}

// timed returns how long a command takes; the second of two runs counts.
func timed(b *testing.B, command *exec.Cmd) time.Duration {
	b.Helper()
	var took time.Duration
	for range 2 {
		cmd := exec.Command(command.Path, command.Args[1:]...) //nolint:gosec // the same again
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

// BenchmarkStaged scans the index of a work tree of each repository against its HEAD, with nothing staged and with a
// handful of files in different directories, and puts beside it how long git takes to list the same files:
// ms/scan, ms/diff-index and the ratio of both.
func BenchmarkStaged(b *testing.B) {
	for _, path := range benchRepositories(b) {
		for _, staged := range []int{0, 5} {
			b.Run(fmt.Sprintf("%s/%s/%d", filepath.Base(filepath.Dir(path)), filepath.Base(path), staged), func(b *testing.B) {
				dir := workTreeOf(b, path, staged)
				other := timed(b, exec.Command("git", "-C", dir, "diff-index", "--cached", "HEAD")) //nolint:gosec // the user's own
				b.ReportAllocs()
				started, times := time.Now(), 0
				var result scanner.Result
				for b.Loop() {
					result = scan(b, dir, scanner.Reading{Staged: true})
					times++
				}
				own := time.Since(started) / time.Duration(max(1, times))
				if result.Scan.Stats.Blobs != int64(staged) || result.Summary.Findings != min(1, staged) {
					b.Fatalf("%d blobs and %d tokens, of %d files staged", result.Scan.Stats.Blobs, result.Summary.Findings, staged)
				}
				b.ReportMetric(own.Seconds()*1e3, "ms/scan")
				b.ReportMetric(other.Seconds()*1e3, "ms/diff-index")
				b.ReportMetric(own.Seconds()/other.Seconds(), "ratio")
			})
		}
	}
}

// BenchmarkRange scans the last commit of each repository, and the last hundred, and puts beside it how long git takes to
// write what they change: ms/scan, ms/log and the ratio of both.
func BenchmarkRange(b *testing.B) {
	for _, path := range benchRepositories(b) {
		for _, commits := range []int{1, 100} {
			ends := fmt.Sprintf("HEAD~%d..HEAD", commits)
			b.Run(fmt.Sprintf("%s/%s/%d", filepath.Base(filepath.Dir(path)), filepath.Base(path), commits), func(b *testing.B) {
				other := timed(b, exec.Command("git", "-C", path, "log", "-c", "-p", ends)) //nolint:gosec // the user's own
				b.ReportAllocs()
				started, times := time.Now(), 0
				for b.Loop() {
					scan(b, path, scanner.Reading{Range: ends})
					times++
				}
				own := time.Since(started) / time.Duration(max(1, times))
				b.ReportMetric(own.Seconds()*1e3, "ms/scan")
				b.ReportMetric(other.Seconds()*1e3, "ms/log")
				b.ReportMetric(own.Seconds()/other.Seconds(), "ratio")
			})
		}
	}
}

// workTreeOf makes a repository that borrows the objects of another one, has its references, and has an index of what is
// at HEAD and of a number of files with a token in them.
func workTreeOf(b *testing.B, path string, staged int) string {
	b.Helper()
	location, ok, err := git.Find(path)
	if err != nil || !ok {
		b.Fatalf("%s is no repository: %v", path, err)
	}
	dir := b.TempDir()
	run := func(input string, arguments ...string) string {
		cmd := exec.Command("git", append([]string{"-C", dir}, arguments...)...) //nolint:gosec // the benchmark's own
		cmd.Stdin = strings.NewReader(input)
		out, err := cmd.CombinedOutput()
		if err != nil {
			b.Fatalf("git %s: %v\n%s", strings.Join(arguments, " "), err, out)
		}
		return strings.TrimSpace(string(out))
	}
	run("", "init", "-q")
	for from, to := range map[string]string{"HEAD": "HEAD", "packed-refs": "packed-refs"} {
		content, err := os.ReadFile(filepath.Join(location.CommonDir, from))
		if err != nil && !os.IsNotExist(err) {
			b.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, ".git", to), content, 0o600); err != nil {
			b.Fatal(err)
		}
	}
	objects, err := filepath.Abs(filepath.Join(location.CommonDir, "objects"))
	if err != nil {
		b.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, ".git", "objects", "info", "alternates"), []byte(objects+"\n"), 0o600); err != nil {
		b.Fatal(err)
	}
	run("", "read-tree", run("", "rev-parse", "HEAD"))
	segment := base64.RawURLEncoding.EncodeToString
	token := segment([]byte(`{"alg":"HS256"}`)) + "." + segment([]byte(`{"sub":"benchmark"}`)) + "." + segment(make([]byte, 32))
	for n := range staged {
		blob := run(fmt.Sprintf("%d %s\n", n, token), "hash-object", "-w", "--stdin")
		run("", "update-index", "--add", "--cacheinfo", fmt.Sprintf("100644,%s,new%d/in/here", blob, n))
	}
	return dir
}
