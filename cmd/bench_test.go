package cmd_test

import (
	"bytes"
	"compress/gzip"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"
)

// These benchmarks run the built program from start to end, in turn with the program that it is compared with, and print
// both times and their ratio. Sizes are small unless JWTLEAK_BENCH_BYTES says more: 1073741824 is what is quoted.
//
//	JWTLEAK_BENCH_BYTES=1073741824 go test -run '^$' -bench . -benchtime 10x ./cmd

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

// built builds the program as it is released.
func built(b *testing.B) string {
	b.Helper()
	program := filepath.Join(b.TempDir(), "jwtleak")
	build := exec.CommandContext(b.Context(), "go", "build", "-o", program, "..") //nolint:gosec // our own program
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	return program
}

// A logWriter writes lines of a log. Of a gigabyte, 2000 lines have a token, each another.
type logWriter struct {
	random *rand.Rand
	line   bytes.Buffer
	lines  int
}

const tokenEvery = 512 << 10 // bytes

func newLogWriter(seed uint64) *logWriter { return &logWriter{random: rand.New(rand.NewPCG(seed, 1))} }

func (l *logWriter) write(b *testing.B, w io.Writer, size int) {
	b.Helper()
	for written, next := 0, l.random.IntN(tokenEvery); written < size; l.lines++ {
		l.line.Reset()
		fmt.Fprintf(&l.line, "2026-05-03T%02d:%02d:%02d.%03dZ INFO [worker-%d] request completed path=/api/v1/orders/%d status=200 trace=%016x",
			l.lines/3600%24, l.lines/60%60, l.lines%60, l.random.IntN(1000), l.random.IntN(64), l.random.IntN(1e6), l.random.Uint64())
		if written >= next {
			next += tokenEvery
			l.line.WriteString(" authorization=Bearer " + l.token())
		}
		l.line.WriteByte('\n')
		if _, err := w.Write(l.line.Bytes()); err != nil {
			b.Fatal(err)
		}
		written += l.line.Len()
	}
}

// token returns a token as an issuer with an RSA key makes them, but for its signature.
func (l *logWriter) token() string {
	segment := base64.RawURLEncoding.EncodeToString
	var signature []byte
	for part := range byte(4) {
		sum := sha512.Sum512([]byte{part, byte(l.lines), byte(l.lines >> 8), byte(l.lines >> 16)})
		signature = append(signature, sum[:]...)
	}
	claims := fmt.Sprintf(`{"iss":"https://login.example.com/","sub":"user-%d","aud":"api","iat":1777777777,"exp":1777781377}`, l.lines)
	return segment([]byte(`{"alg":"RS256","kid":"2026-05","typ":"JWT"}`)) + "." + segment([]byte(claims)) + "." + segment(signature)
}

func (l *logWriter) file(b *testing.B, path string, size int, wrap func(io.Writer) io.WriteCloser) {
	b.Helper()
	file, err := os.Create(path) //nolint:gosec // in the benchmark's own directory
	if err != nil {
		b.Fatal(err)
	}
	out := wrap(file)
	var block bytes.Buffer // in large pieces, as a log is that was copied
	for left := size; left > 0; left -= block.Len() {
		block.Reset()
		l.write(b, &block, min(left, 4<<20))
		if _, err := out.Write(block.Bytes()); err != nil {
			b.Fatal(err)
		}
	}
	if err := out.Close(); err != nil {
		b.Fatal(err)
	}
	if out != io.WriteCloser(file) {
		if err := file.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

func asItIs(w io.Writer) io.WriteCloser { return w.(io.WriteCloser) }

// run runs a program and returns how long it took, and the most memory that it had, in bytes; 0 where that is not known.
func run(b *testing.B, input io.Reader, command ...string) (time.Duration, int64) {
	b.Helper()
	program := exec.CommandContext(b.Context(), command[0], command[1:]...) //nolint:gosec // programs under comparison
	program.Stdin, program.Stdout = input, io.Discard
	started := time.Now()
	err := program.Run()
	took := time.Since(started)
	if found := program.ProcessState != nil && program.ProcessState.ExitCode() == 1; err != nil && !found {
		b.Fatalf("%s: %v", strings.Join(command, " "), err)
	}
	return took, peakMemory(program.ProcessState)
}

// compare runs a scan and another command in turn.
func compare(b *testing.B, size int, theirs []string, arguments ...string) {
	b.Helper()
	ours := append([]string{built(b), "scan"}, arguments...)
	if _, err := exec.LookPath(theirs[0]); err != nil {
		b.Skipf("%s is not installed: there is nothing to compare with", theirs[0])
	}
	run(b, nil, ours...)
	run(b, nil, theirs...)
	var our, their time.Duration
	b.SetBytes(int64(size))
	for b.Loop() {
		took, _ := run(b, nil, ours...)
		our += took
		b.StopTimer()
		took, _ = run(b, nil, theirs...)
		their += took
		b.StartTimer()
	}
	name := theirs[0]
	b.ReportMetric(our.Seconds()*1000/float64(b.N), "jwtleak-ms")
	b.ReportMetric(their.Seconds()*1000/float64(b.N), name+"-ms")
	b.ReportMetric(our.Seconds()/their.Seconds(), "times-"+name)
}

func BenchmarkLog(b *testing.B) {
	size, path := inputSize(b), filepath.Join(b.TempDir(), "a.log")
	newLogWriter(1).file(b, path, size, asItIs)
	compare(b, size, []string{"rg", "-c", "eyJ", path}, path)
}

func BenchmarkSmallFile(b *testing.B) {
	path := filepath.Join(b.TempDir(), "a.log")
	newLogWriter(2).file(b, path, 4<<10, asItIs)
	compare(b, 4<<10, []string{"rg", "-c", "eyJ", path}, path)
}

func BenchmarkTenGzips(b *testing.B) {
	size, directory := inputSize(b), b.TempDir()
	for i := range 10 {
		path := filepath.Join(directory, strconv.Itoa(i)+".log.gz")
		newLogWriter(uint64(i)).file(b, path, size/10, func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) })
	}
	compare(b, size, []string{"rg", "-z", "-c", "eyJ", directory}, directory)
}

func BenchmarkZstd(b *testing.B) {
	if _, err := exec.LookPath("zstd"); err != nil {
		b.Skip("zstd is not installed")
	}
	size, directory := inputSize(b), b.TempDir()
	path := filepath.Join(directory, "a.log")
	newLogWriter(3).file(b, path, size, asItIs)
	run(b, nil, "zstd", "-q", "--rm", path)
	compare(b, size, []string{"zstd", "-dc", path + ".zst"}, path+".zst")
}

// BenchmarkDirectory scans small files, of 37 KiB on average, as in a tree of sources.
func BenchmarkDirectory(b *testing.B) {
	size, root := inputSize(b), b.TempDir()
	random, log := rand.New(rand.NewPCG(1, 2)), newLogWriter(4)
	for left, i := size, 0; left > 0; i++ {
		directory := filepath.Join(root, strconv.Itoa(i%64), strconv.Itoa(i%1024))
		if err := os.MkdirAll(directory, 0o700); err != nil {
			b.Fatal(err)
		}
		length := 1<<10 + int(random.ExpFloat64()*36*(1<<10))
		var text bytes.Buffer
		log.write(b, &text, length)
		if err := os.WriteFile(filepath.Join(directory, strconv.Itoa(i)), text.Bytes(), 0o600); err != nil {
			b.Fatal(err)
		}
		left -= length
	}
	compare(b, size, []string{"rg", "-uuu", "-c", "eyJ", root}, root)
}

// BenchmarkSources scans what nobody wrote for it: the sources of Go itself, some of whose names are as long as a token's parts.
func BenchmarkSources(b *testing.B) {
	out, err := exec.CommandContext(b.Context(), "go", "env", "GOROOT").Output()
	if err != nil {
		b.Fatal(err)
	}
	root, size := filepath.Join(strings.TrimSpace(string(out)), "src"), 0
	err = filepath.WalkDir(root, func(path string, entry os.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".go" || !entry.Type().IsRegular() {
			return err
		}
		info, err := entry.Info()
		if err == nil {
			size += int(info.Size())
		}
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	compare(b, size, []string{"rg", "-uuu", "-c", "-g", "*.go", "eyJ", root}, "--include", "*.go", root)
}

// BenchmarkMemory scans a stream of some size and one of sixteen times as much, and prints the most memory of both.
func BenchmarkMemory(b *testing.B) {
	if runtime.GOOS == "windows" {
		b.Skip("the system does not tell a process's memory")
	}
	size, program := inputSize(b), built(b)
	var part bytes.Buffer
	newLogWriter(5).write(b, &part, 16<<20)
	stream := func(parts int) io.Reader {
		all := make([]io.Reader, parts)
		for i := range all {
			all[i] = bytes.NewReader(part.Bytes())
		}
		return io.MultiReader(all...)
	}
	var one, sixteen int64
	for b.Loop() {
		_, one = run(b, stream(max(1, size>>24)), program, "scan", "-")
		_, sixteen = run(b, stream(16*max(1, size>>24)), program, "scan", "-")
	}
	b.ReportMetric(float64(one)/(1<<20), "MiB-of-one")
	b.ReportMetric(float64(sixteen)/(1<<20), "MiB-of-sixteen")
}

// BenchmarkManyFindings scans 100 000 lines with a token each, into each format, and prints the most memory that took.
func BenchmarkManyFindings(b *testing.B) {
	program, tokens, log := built(b), newLogWriter(6), filepath.Join(b.TempDir(), "log")
	var text bytes.Buffer
	for tokens.lines = range 100_000 {
		text.WriteString("2026-05-03T12:00:00Z authorization=Bearer " + tokens.token() + "\n")
	}
	if err := os.WriteFile(log, text.Bytes(), 0o600); err != nil {
		b.Fatal(err)
	}
	for _, format := range []string{"sarif", "json", "jsonl"} {
		b.Run(format, func(b *testing.B) {
			b.SetBytes(int64(text.Len()))
			var most int64
			for b.Loop() {
				_, memory := run(b, nil, program, "scan", "--format", format, log)
				most = max(most, memory)
			}
			b.ReportMetric(float64(most)/(1<<20), "MiB")
		})
	}
}

// BenchmarkHostile compares the processor time of a file that is made to cost much with that of a log of its size, and prints
// both and their ratio.
func BenchmarkHostile(b *testing.B) {
	size := inputSize(b)
	directory, program := b.TempDir(), built(b)
	log := filepath.Join(directory, "a.log")
	newLogWriter(1).file(b, log, size, asItIs)
	nested := strings.Repeat("a line of text, and no token in it\n", size/256)
	for len(nested) < size {
		nested = base64.StdEncoding.EncodeToString([]byte(nested))
	}
	const header = "eyJhbGciOiJIUzI1NiJ9."
	wide := func(s string) string { return strings.Join(strings.Split(s, ""), "\x00") + "\x00" }
	var entities strings.Builder
	for i := range len(header) {
		fmt.Fprintf(&entities, "&#%d;", header[i])
	}
	for name, unit := range map[string]string{
		"nested base64": nested, "percent": "%25", "escapes": `\x65\x79\x4a`, "entities": "&#101;&#121;&#74;", "amp": "&amp;#",
		"broken heads": "ey\nJ", "lines of base64": "ZXlKaGJHY2lPaUpJVXpJMU5pSjk=\n", "quoted-printable": "eyJ=\n",
		"hexadecimal": "65794a", "mixed escapes": `\u0025%5C&#92;=25`, "heads of base64": "ZXlK",
		"objects in base64": base64.StdEncoding.EncodeToString([]byte(strings.Repeat(`{"protected":"eyJhbGciOiJIUzI1NiJ9","p":`, 3*1024))),
		"objects":           `{"protected":"eyJhbGciOiJIUzI1NiJ9","a":`, "objects in a row": `[{"protected":"eyJhbGciOiJIUzI1NiJ9"},`,
		"headers": header, "headers in UTF-16": wide(header), "headers in UTF-16 of both kinds": wide(header) + "\x00" + wide(header),
		"UTF-16 of headers in base64": base64.StdEncoding.EncodeToString([]byte(strings.Repeat(wide(header), 3*1024))),
		"base64 of headers in UTF-16": wide(base64.StdEncoding.EncodeToString([]byte(strings.Repeat(header, 3)))),
		"percent in base64":           base64.StdEncoding.EncodeToString([]byte(strings.Repeat("eyJhbGciOiJIUzI1NiJ9%2E", 3*1024))),
		"hexadecimal in base64":       base64.StdEncoding.EncodeToString([]byte(strings.Repeat(hex.EncodeToString([]byte(header)), 3*1024))),
		"nested JSON in base64":       base64.StdEncoding.EncodeToString([]byte(strings.Repeat(`{"a":`, 3*1024))),
		"headers in entities":         entities.String(), "headers in quoted-printable": "eyJhbGciOiJIUzI1NiJ9=2E",
	} {
		b.Run(name, func(b *testing.B) {
			path := filepath.Join(directory, "hostile")
			if err := os.WriteFile(path, []byte(strings.Repeat(unit, size/len(unit)+1)[:size]), 0o600); err != nil {
				b.Fatal(err)
			}
			var plain, hostile time.Duration
			for b.Loop() {
				plain += processorTime(b, program, "scan", log)
				hostile += processorTime(b, program, "scan", path)
			}
			b.ReportMetric(float64(plain.Milliseconds())/float64(b.N), "log-ms")
			b.ReportMetric(float64(hostile.Milliseconds())/float64(b.N), "hostile-ms")
			b.ReportMetric(float64(hostile)/float64(plain), "times-log")
		})
	}
}

// processorTime runs a program and returns how much of the processors it took, whatever it says.
func processorTime(b *testing.B, command ...string) time.Duration {
	b.Helper()
	program := exec.CommandContext(b.Context(), command[0], command[1:]...) //nolint:gosec // programs under comparison
	_ = program.Run()
	if program.ProcessState == nil {
		b.Fatalf("%s did not run", strings.Join(command, " "))
	}
	return program.ProcessState.UserTime() + program.ProcessState.SystemTime()
}
