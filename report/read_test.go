package report_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/jwtleak/jwtleak/report"
	"github.com/jwtleak/jwtleak/scanner/finding"
)

func read(t *testing.T, document string) finding.Report {
	t.Helper()
	got, err := report.Read(strings.NewReader(document))
	if err != nil {
		t.Fatalf("%v", err)
	}
	return got
}

// A report that was cut anywhere is read as far as it goes, and never taken for whole.
func TestReadCutReports(t *testing.T) {
	c := newCorpus(t)
	c.scan.Complete = true
	for _, format := range []string{"json", "jsonl"} {
		t.Run(format, func(t *testing.T) {
			whole := told(t, c, format, report.Options{})
			full := read(t, string(whole))
			if !full.Scan.Complete || len(full.Findings) != len(c.tokens) {
				t.Fatalf("whole: complete %v, %d findings", full.Scan.Complete, len(full.Findings))
			}
			last := 0
			// The last byte is a line feed, without which the report is still whole.
			for cut := 0; cut < len(whole)-2; cut += 397 {
				got, err := report.Read(bytes.NewReader(whole[:cut]))
				if errors.Is(err, report.ErrNoReport) && last == 0 {
					continue
				}
				if err != nil {
					t.Fatalf("cut at %d: %v", cut, err)
				}
				if got.Scan.Complete || len(got.Scan.Problems) == 0 {
					t.Fatalf("cut at %d of %d: it is taken for whole", cut, len(whole))
				}
				if len(got.Findings) < last {
					t.Fatalf("cut at %d: %d findings, after %d", cut, len(got.Findings), last)
				}
				last = len(got.Findings)
			}
			if last < len(c.tokens)-1 {
				t.Errorf("%d findings in the longest cut", last)
			}
		})
	}
}

func TestReadWhatIsNoReport(t *testing.T) {
	for _, document := range []string{
		"", " \n", "[]", "null", "hello", "{", "{}", `{"a":1}`, `{"schema":"jwtleak/report/v9","findings":[]}`, `{"findings":[]}`,
		"\xef\xbb\xbf", `{"schema":"jwtleak/report/v1","findings":`, strings.Repeat("[", 100_000), strings.Repeat(`{"a":`, 100_000),
	} {
		if got, err := report.Read(strings.NewReader(document)); err == nil && (got.Scan.Complete || len(got.Scan.Problems) == 0) {
			t.Errorf("%.40q is taken for a report", document)
		}
	}
	boom := errors.New("boom")
	if _, err := report.Read(iotest.ErrReader(boom)); !errors.Is(err, boom) {
		t.Errorf("a failing reader: %v", err)
	}
}

// A line that can't be read costs that line, is reported, and makes the report incomplete.
func TestReadFaultyLines(t *testing.T) {
	c := newCorpus(t)
	c.scan.Complete = true
	lines := strings.SplitAfter(string(told(t, c, "jsonl", report.Options{})), "\n")
	for name, fault := range map[string]string{
		"no JSON":        "{\x00}\n",
		"unknown type":   `{"type":"other"}` + "\n",
		"no type":        `{"id":"0"}` + "\n",
		"wrong type":     `{"type":"finding","id":7}` + "\n",
		"no fingerprint": `{"type":"finding","id":"0123456789abcdef"}` + "\n",
		"unknown place":  `{"type":"occurrence","id":"0123456789abcdef","occurrence":{"kind":"moon"}}` + "\n",
		"no occurrence":  `{"type":"occurrence","id":"0123456789abcdef"}` + "\n",
		"deep":           `{"type":"finding","token":` + strings.Repeat("[", 20_000) + "\n",
		"stray":          `{"type":"occurrence","id":"0123456789abcdef","occurrence":{"kind":"stdin","offset":0}}` + "\n",
		"many faults":    strings.Repeat("{\n", 1000),
	} {
		t.Run(name, func(t *testing.T) {
			got := read(t, lines[0]+fault+strings.Join(lines[1:], ""))
			if len(got.Findings) != len(c.tokens) {
				t.Errorf("%d findings", len(got.Findings))
			}
			if got.Scan.Complete {
				t.Error("it is taken for whole")
			}
			// The corpus has two of its own.
			if n := len(got.Scan.Problems); n < 3 || n > 30 {
				t.Errorf("%d problems", n)
			}
		})
	}
}

func TestReadSeveral(t *testing.T) {
	one, other := newCorpus(t), newCorpus(t)
	one.events, other.events = one.events[:2], other.events[3:]
	for _, format := range []string{"json", "jsonl"} {
		both := append(told(t, one, format, report.Options{}), told(t, other, format, report.Options{})...)
		if got := read(t, string(both)); len(got.Findings) != len(one.tokens) {
			t.Errorf("%s: %d findings of two reports in one file, want %d", format, len(got.Findings), len(one.tokens))
		}
	}
}

func FuzzRead(f *testing.F) {
	fingerprint := finding.NewFingerprint("fuzz")
	small := finding.Finding{
		ID: fingerprint.ID(), Fingerprint: fingerprint.String(), Rule: "jws", Severity: finding.High, Status: finding.Live,
		Token:       finding.Token{Algorithm: "RS256", ExpiresInSeconds: ptr[int64](60)},
		Occurrences: []finding.Occurrence{gitOccurrence("a", 1, finding.Attribution{})}, OccurrenceCount: 3,
	}
	hashed := small
	hashed.OccurrenceCount, hashed.OtherPlaces = 4, []byte("\x00\x01\x02\x03\x04\x05\x06\x07\xf0\xf1\xf2\xf3\xf4\xf5\xf6\xf7")
	for _, c := range []corpus{
		{events: []finding.Event{finding.Found{Finding: small}}},
		{events: []finding.Event{finding.Found{Finding: hashed}}},
		{events: []finding.Event{finding.Problem{Path: "a", Reason: "b"}}},
		{events: []finding.Event{
			finding.Found{Finding: small}, finding.Met{ID: small.ID, Occurrence: fileOccurrence("\xff", 1)},
			finding.Updated{ID: small.ID, Repository: ".", Severity: finding.Low},
		}},
	} {
		// Small seeds: Go's fuzzer minimizes whatever is new, which takes it long for large ones.
		for _, format := range []string{"json", "jsonl"} {
			var compact bytes.Buffer
			document := told(f, c, format, report.Options{})
			if format == "json" {
				if err := json.Compact(&compact, document); err != nil {
					f.Fatal(err)
				}
				document = compact.Bytes()
			}
			f.Add(document)
			f.Add(document[:len(document)/2])
		}
	}
	f.Fuzz(func(t *testing.T, document []byte) {
		got, err := report.Read(bytes.NewReader(document))
		if err != nil {
			return
		}
		var first, second bytes.Buffer
		if err := report.Render("json", &first, got, report.Options{}); err != nil {
			t.Fatalf("what was read can't be written: %v", err)
		}
		again, err := report.Read(bytes.NewReader(first.Bytes()))
		if err != nil {
			t.Fatalf("what was written can't be read: %v", err)
		}
		if err := report.Render("json", &second, again, report.Options{}); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(first.Bytes(), second.Bytes()) {
			t.Error("reading and writing changes the report")
		}
		for _, format := range report.Formats() {
			if err := report.Render(format, io.Discard, got, report.Options{}); err != nil {
				t.Errorf("%s: %v", format, err)
			}
		}
	})
}
