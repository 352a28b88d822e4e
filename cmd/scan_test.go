package cmd

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/jwtleak/jwtleak/report"
)

// run runs a command line in this process.
func run(t *testing.T, stdin io.Reader, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = Execute(args, stdin, &out, &errs)
	return code, out.String(), errs.String()
}

// TestSameInputSameBytes scans many files with few jobs and with many: but for the scan's own times, every format that is
// written at the end has the same bytes.
func TestSameInputSameBytes(t *testing.T) {
	tree := t.TempDir()
	for i := range 40 {
		for name, text := range exampleFiles(t) {
			path := filepath.Join(tree, fmt.Sprint(i), filepath.FromSlash(name))
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	times := regexp.MustCompile(`"?(started_at|finished_at|startTimeUtc|endTimeUtc|start_time|end_time|timestamp|time)"?[:=] ?"[^"]*"|in [0-9.]+ m?s\b`)
	for _, format := range report.Formats() {
		if format == "jsonl" {
			continue // tells as it happens
		}
		var first string
		for _, jobs := range []string{"1", "8", "8"} {
			code, out, errs := run(t, nil, "scan", "--at", "2026-06-01T12:00:00Z", "--format", format, "--jobs", jobs, tree)
			if code != exitFindings {
				t.Fatalf("%s: exit code %d: %s", format, code, errs)
			}
			out = times.ReplaceAllString(out, "TIME")
			if first == "" {
				first = out
			}
			if out != first {
				t.Errorf("%s: with %s jobs the report differs:\n%s", format, jobs, firstDifference(first, out))
			}
		}
	}
}

// TestSARIFColumnsAreCharacters holds the columns of SARIF, which says that it counts characters, to those of the decoded
// line.
func TestSARIFColumnsAreCharacters(t *testing.T) {
	token := exampleToken(t, nil, map[string]any{"sub": "columns"})
	before := map[string]string{
		"ascii": "key = ", "cyrillic": "ключ = ", "beyond": "🔑🔑 ", "latin": "cl\xe9 = ", "mark": "\ufeffключ = ", "second": "ключ\nключ: ",
		"tab": "\tü ", "long": strings.Repeat("ü", 3000), "none": "",
	}
	tree := t.TempDir()
	for name, text := range before {
		if err := os.WriteFile(filepath.Join(tree, name), []byte(text+token+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	_, out, _ := run(t, nil, "scan", "--format", "sarif", tree)
	places := regexp.MustCompile(`/([a-z]+)"[^{}]*},"region":{"startLine":(\d+)(?:,"startColumn":(\d+))?}`).FindAllStringSubmatch(out, -1)
	if len(places) != len(before) {
		t.Fatalf("%d places", len(places))
	}
	for _, place := range places {
		lines := strings.Split(strings.TrimPrefix(before[place[1]], "\ufeff"), "\n")
		want := []string{fmt.Sprint(len(lines)), fmt.Sprint(len([]rune(lines[len(lines)-1])) + 1)}
		if place[1] == "long" {
			want[1] = "" // too long to know
		}
		if !slices.Equal(place[2:], want) {
			t.Errorf("%s: line and column %v, want %v", place[1], place[2:], want)
		}
	}
}

func firstDifference(a, b string) string {
	linesA, linesB := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(linesA), len(linesB)) {
		if linesA[i] != linesB[i] {
			return linesA[i][:min(300, len(linesA[i]))] + "\n" + linesB[i][:min(300, len(linesB[i]))]
		}
	}
	return "one is longer"
}

// TestNoFormatRepeatsAToken looks for every token of the example in every format.
func TestNoFormatRepeatsAToken(t *testing.T) {
	tree := t.TempDir()
	tokens := regexp.MustCompile(`eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+`)
	var secrets []string
	for name, text := range exampleFiles(t) {
		if err := os.WriteFile(filepath.Join(tree, filepath.Base(name)), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		secrets = append(secrets, tokens.FindAllString(text, -1)...)
	}
	if len(secrets) < 4 {
		t.Fatalf("only %d tokens in the example", len(secrets))
	}
	// A file called by a token, one that is short enough for a name.
	name := slices.MinFunc(secrets, func(a, b string) int { return len(a) - len(b) })
	if err := os.WriteFile(filepath.Join(tree, name), []byte(secrets[1]), 0o644); err != nil {
		t.Fatal("a file can't be called by a token")
	}
	for _, format := range report.Formats() {
		for _, claims := range []string{"registered", "all"} {
			_, out, errs := run(t, nil, "scan", "--at", "2026-06-01T12:00:00Z", "--format", format, "--claims", claims, tree)
			for i, secret := range secrets {
				signature := secret[strings.LastIndex(secret, ".")+1:]
				if strings.Contains(out+errs, secret) || strings.Contains(out+errs, signature) {
					t.Errorf("%s with %s claims repeats token %d", format, claims, i)
				}
			}
		}
	}
}
