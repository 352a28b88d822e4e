package report_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"html"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/mattn/go-runewidth"

	"github.com/jwtleak/jwtleak/report"
	"github.com/jwtleak/jwtleak/scanner/finding"
)

func TestTableFitsItsWidth(t *testing.T) {
	c := newCorpus(t)
	escapes := regexp.MustCompile("\x1b\\[[0-9;]*m")
	for _, width := range []int{60, 80, 100, 132, 200} {
		for _, color := range []bool{false, true} {
			out := string(told(t, c, "table", report.Options{Width: width, Color: color}))
			if strings.Contains(out, "\x1b") != color {
				t.Errorf("color %v: the table has escapes: %v", color, !color)
			}
			for i, line := range strings.Split(out, "\n") {
				if got := runewidth.StringWidth(escapes.ReplaceAllString(line, "")); got > width {
					t.Errorf("width %d: line %d has %d columns", width, i+1, got)
				}
			}
		}
	}
	plain := told(t, c, "table", report.Options{})
	colored := told(t, c, "table", report.Options{Color: true})
	if !bytes.Equal(escapes.ReplaceAll(colored, nil), plain) {
		t.Error("color changes the words of the table")
	}
}

// Color is what the caller says, whatever the environment does.
func TestTableColorIsNotGlobal(t *testing.T) {
	t.Setenv("NO_COLOR", "1")
	if out := told(t, newCorpus(t), "table", report.Options{Color: true}); !bytes.Contains(out, []byte("\x1b[")) {
		t.Error("the environment overrules the caller")
	}
}

func TestTableWithNothing(t *testing.T) {
	c := corpus{scan: newCorpus(t).scan}
	c.scan.Complete, c.scan.Narrowed = true, nil
	out := string(told(t, c, "table", report.Options{}))
	if !strings.HasPrefix(out, "No tokens found.\n") {
		t.Errorf("%q", out)
	}
}

func TestCSV(t *testing.T) {
	c := newCorpus(t)
	rows, err := csv.NewReader(bytes.NewReader(told(t, c, "csv", report.Options{}))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != len(c.tokens)+1 {
		t.Fatalf("%d rows", len(rows))
	}
	number := regexp.MustCompile(`^-?[0-9]+$`)
	for _, row := range rows {
		if len(row) != len(rows[0]) {
			t.Errorf("a row has %d cells of %d", len(row), len(rows[0]))
		}
		for i, cell := range row {
			if strings.ContainsAny(cell, "\r\n\t") {
				t.Errorf("%s has a control character", rows[0][i])
			}
			if number.MatchString(cell) {
				continue
			}
			// Whatever a spreadsheet splits at, no piece may begin a formula.
			for _, separator := range []string{"", ";", "|", ","} {
				pieces := []string{cell}
				if separator != "" {
					pieces = strings.Split(cell, separator)
				}
				for _, piece := range pieces {
					if piece = strings.Trim(piece, ` "`); piece != "" && strings.ContainsRune("=+-@\\＝＋－＠", []rune(piece)[0]) {
						t.Errorf("%s begins a formula: %.30q", rows[0][i], piece)
					}
				}
			}
		}
	}
}

type junitDocument struct {
	Tests    int `xml:"tests,attr"`
	Failures int `xml:"failures,attr"`
	Errors   int `xml:"errors,attr"`
	Suites   []struct {
		Skipped int `xml:"skipped,attr"`
		Cases   []struct {
			Name    string    `xml:"name,attr"`
			Class   string    `xml:"classname,attr"`
			Failure *struct{} `xml:"failure"`
			Error   *struct{} `xml:"error"`
			Skipped *struct{} `xml:"skipped"`
		} `xml:"testcase"`
	} `xml:"testsuite"`
}

func TestJUnit(t *testing.T) {
	for name, test := range map[string]struct {
		c                                corpus
		options                          report.Options
		tests, failures, errors, skipped int
	}{
		"corpus":  {newCorpus(t), report.Options{}, 10, 6, 2, 1},
		"policy":  {newCorpus(t), report.Options{Fails: func(f finding.Finding) bool { return f.Status == finding.Live }}, 10, 3, 2, 1},
		"nothing": {corpus{scan: finding.Scan{Complete: true}}, report.Options{}, 1, 0, 0, 0},
		"cut":     {corpus{}, report.Options{}, 1, 0, 1, 0},
	} {
		t.Run(name, func(t *testing.T) {
			decoder := xml.NewDecoder(bytes.NewReader(told(t, test.c, "junit", test.options)))
			decoder.Strict = true
			var document junitDocument
			if err := decoder.Decode(&document); err != nil {
				t.Fatal(err)
			}
			for {
				after, err := decoder.Token()
				if errors.Is(err, io.EOF) {
					break
				}
				if space, ok := after.(xml.CharData); err != nil || !ok || len(bytes.TrimSpace(space)) > 0 {
					t.Fatalf("%T follows: %v", after, err)
				}
			}
			failed, erred, skipped := 0, 0, 0
			for _, c := range document.Suites[0].Cases {
				switch {
				case c.Failure != nil:
					failed++
				case c.Error != nil:
					erred++
				case c.Skipped != nil:
					skipped++
				}
			}
			got := []int{document.Tests, document.Failures, document.Errors, document.Suites[0].Skipped}
			if want := []int{test.tests, test.failures, test.errors, test.skipped}; fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("tests, failures, errors, skipped: %v, want %v", got, want)
			}
			if len(document.Suites[0].Cases) != document.Tests || failed != document.Failures || erred != document.Errors || skipped != document.Suites[0].Skipped {
				t.Error("the counts are not those of the cases")
			}
		})
	}
}

// gitlabRules are what GitLab's schema 15.0.7 for secret detection asks of what is written here, in words of our own.
const gitlabRules = `{
  "type": "object", "required": ["scan", "version", "vulnerabilities"],
  "properties": {
    "version": {"pattern": "^15\\.[0-9]+\\.[0-9]+$"},
    "schema": {"pattern": "^https?://."},
    "scan": {
      "required": ["analyzer", "scanner", "start_time", "end_time", "status", "type"],
      "properties": {
        "start_time": {"$ref": "#/$defs/time"}, "end_time": {"$ref": "#/$defs/time"},
        "status": {"enum": ["success", "failure"]}, "type": {"const": "secret_detection"},
        "analyzer": {"$ref": "#/$defs/tool"}, "scanner": {"$ref": "#/$defs/tool"},
        "messages": {"items": {"required": ["level", "value"], "properties": {"level": {"enum": ["info", "warn", "fatal"]}, "value": {"minLength": 1}}}}
      }
    },
    "vulnerabilities": {"type": "array", "items": {
      "required": ["id", "identifiers", "location"],
      "properties": {
        "id": {"type": "string", "minLength": 1}, "name": {"type": "string", "maxLength": 255},
        "description": {"type": "string", "maxLength": 1048576}, "solution": {"type": "string", "maxLength": 7000},
        "severity": {"enum": ["Info", "Unknown", "Low", "Medium", "High", "Critical"]},
        "identifiers": {"minItems": 1, "items": {
          "required": ["type", "name", "value"],
          "properties": {"type": {"minLength": 1}, "name": {"minLength": 1}, "value": {"minLength": 1}, "url": {"pattern": "^https?://."}}
        }},
        "location": {"required": ["commit"], "properties": {
          "file": {"type": "string"}, "start_line": {"type": "number"}, "end_line": {"type": "number"},
          "commit": {"required": ["sha"], "properties": {"sha": {"type": "string", "minLength": 1}}}
        }},
        "flags": {"items": {"required": ["type", "origin", "description"], "properties": {"type": {"const": "flagged-as-likely-false-positive"}}}},
        "raw_source_code_extract": false
      }
    }}
  },
  "$defs": {
    "time": {"type": "string", "pattern": "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}$"},
    "tool": {
      "required": ["id", "name", "version", "vendor"],
      "properties": {"id": {"minLength": 1}, "name": {"minLength": 1}, "version": {"minLength": 1}, "vendor": {"required": ["name"]}}
    }
  }
}`

func TestGitLab(t *testing.T) {
	schema := compile(t, "gitlab.json", gitlabRules)
	c := newCorpus(t)
	holds(t, schema, told(t, c, "gitlab", report.Options{}))
	holds(t, schema, told(t, corpus{}, "gitlab", report.Options{}))
	var document struct {
		Vulnerabilities []struct {
			Description, Solution string
			Identifiers           []struct{ Value string }
		}
	}
	if err := json.Unmarshal(told(t, c, "gitlab", report.Options{ShowTokens: true}), &document); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, v := range document.Vulnerabilities {
		seen[v.Identifiers[0].Value] = true
		harmless(t, v.Description)
		harmless(t, v.Solution)
	}
	if want := len(c.tokens) - 1; len(seen) != want { // one was accepted
		t.Errorf("%d primary identifiers, want %d", len(seen), want)
	}
}

// harmless fails where Markdown has anything but what the formats write themselves: outside of <code> no mention, link,
// image or element, and inside of it nothing but entities and words.
func harmless(t *testing.T, markdown string) {
	t.Helper()
	code := regexp.MustCompile("<code>([^<]*)</code>")
	for _, match := range code.FindAllStringSubmatch(markdown, -1) {
		if strings.ContainsAny(match[1], "`*_[]()<>!|~@\\\n") {
			t.Errorf("code has Markdown in it: %.60q", match[1])
		}
		if plain := html.UnescapeString(match[1]); strings.ContainsRune(plain, '\x1b') {
			t.Errorf("code has an escape sequence: %.60q", plain)
		}
	}
	rest := html.UnescapeString(code.ReplaceAllString(markdown, ""))
	for _, harm := range []string{"@", "http:", "https:", "www.", "![", "](", "<", "`", "javascript"} {
		if _, after, ok := strings.Cut(rest, harm); ok {
			t.Errorf("%q stands outside of code, before %.80q", harm, after)
		}
	}
}

func TestMarkdown(t *testing.T) {
	c := newCorpus(t)
	out := string(told(t, c, "markdown", report.Options{}))
	harmless(t, out)
	rows := 0
	for _, line := range strings.Split(out, "\n") {
		if strings.HasPrefix(line, "|") {
			rows++
			if cells := strings.Count(line, "|") - 1; cells != 7 {
				t.Errorf("a row has %d cells", cells)
			}
		}
	}
	if rows != len(c.tokens)-1+2 { // one was accepted, and is counted alone
		t.Errorf("%d rows", rows)
	}
}

func TestMarkdownFitsAComment(t *testing.T) {
	var out bytes.Buffer
	sink, err := report.New("markdown", &out, report.Options{})
	if err != nil {
		t.Fatal(err)
	}
	many(t, sink, 2000)
	if n := out.Len(); n > 65_536 {
		t.Errorf("%d bytes", n)
	}
	if !strings.Contains(out.String(), "less severe tokens are left out here") {
		t.Error("it does not say that it was cut")
	}
}

// jsonl writes each event when it is told, where someone may read along, and buffers only for a file on disk.
func TestLinesAreNotHeldBack(t *testing.T) {
	c := newCorpus(t)
	var out bytes.Buffer
	stream, err := report.New("jsonl", &out, report.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for i, event := range c.events {
		if err := stream.Event(event); err != nil {
			t.Fatal(err)
		}
		if got := strings.Count(out.String(), "\n"); got != i+1 {
			t.Fatalf("%d lines after %d events", got, i+1)
		}
	}
	file, err := os.Create(filepath.Join(t.TempDir(), "report.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	saved, err := report.New("jsonl", file, report.Options{})
	if err != nil {
		t.Fatal(err)
	}
	tell(t, saved, c)
	written, err := os.ReadFile(file.Name())
	if err != nil {
		t.Fatal(err)
	}
	if want := told(t, c, "jsonl", report.Options{}); !bytes.Equal(written, want) {
		t.Error("a file gets other bytes than a stream")
	}
}

// What the jsonl sink holds does not grow with what it was told.
func TestLinesDoNotGrow(t *testing.T) {
	held := func(n int) uint64 {
		sink, err := report.New("jsonl", io.Discard, report.Options{})
		if err != nil {
			t.Fatal(err)
		}
		many(t, sink, n)
		runtime.GC()
		var stats runtime.MemStats
		runtime.ReadMemStats(&stats)
		runtime.KeepAlive(sink)
		return stats.HeapAlloc
	}
	held(10)
	few, more := held(10), held(5000)
	if more > few+(1<<20) {
		t.Errorf("%d bytes are held after 5000 findings, %d after 10", more, few)
	}
}

// failing fails after some bytes.
type failing struct{ left int }

func (f *failing) Write(p []byte) (int, error) {
	if len(p) > f.left {
		return f.left, io.ErrShortWrite
	}
	f.left -= len(p)
	return len(p), nil
}

func TestWriteErrorsAreTold(t *testing.T) {
	c := newCorpus(t)
	for _, format := range report.Formats() {
		for _, left := range []int{0, 1000} {
			sink, err := report.New(format, &failing{left}, report.Options{})
			if err != nil {
				t.Fatal(err)
			}
			err = sink.Begin(c.tool, c.scan)
			for _, event := range c.all() {
				if err == nil {
					err = sink.Event(event)
				}
			}
			if closeErr := sink.Close(); err == nil {
				err = closeErr
			}
			if err == nil {
				t.Errorf("%s: a writer that takes %d bytes is no error", format, left)
			}
		}
	}
}

func BenchmarkLines(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		count := &countingWriter{}
		sink, err := report.New("jsonl", count, report.Options{})
		if err != nil {
			b.Fatal(err)
		}
		many(b, sink, 10_000)
		b.SetBytes(count.n)
	}
}
