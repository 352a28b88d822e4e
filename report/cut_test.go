package report

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/jwtleak/jwtleak/scanner/finding"
)

// incompressible returns a report of findings from critical to low, each in 10 places with names of 120 random characters.
func incompressible(findings int) finding.Report {
	random := rand.New(rand.NewPCG(7, 8))
	name := make([]byte, 120)
	report := finding.Report{Scan: finding.Scan{Complete: true}}
	for i := range findings {
		fingerprint := finding.NewFingerprint(fmt.Sprint(i))
		severity := finding.Severities()[i*4/findings]
		f := finding.Finding{ID: fingerprint.ID(), Fingerprint: fingerprint.String(), Rule: "jws", Severity: severity, OccurrenceCount: 10}
		for range 10 {
			for j := range name {
				name[j] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"[random.IntN(64)]
			}
			f.Occurrences = append(f.Occurrences, finding.Occurrence{Place: finding.FilePlace{Path: string(name)}, Line: 1, Column: 1})
		}
		report.Findings = append(report.Findings, f)
	}
	return report
}

type cutLog struct {
	Runs []struct {
		Results     []struct{ Level string }
		Invocations []struct {
			ToolExecutionNotifications []struct {
				Descriptor struct{ ID string }
				Message    struct{ Text string }
			}
		}
	}
}

func cut(t *testing.T, limits sarifLimits, report finding.Report) (log cutLog, size int) {
	t.Helper()
	var out, compressed bytes.Buffer
	w := gzip.NewWriter(&compressed)
	if err := writeSARIFWithin(limits, &out, report, Options{}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(out.Bytes()); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(out.Bytes(), &log); err != nil {
		t.Fatal(err)
	}
	return log, compressed.Len()
}

// What is too much is left out from the least severe end, and a notification counts it.
func TestSARIFIsCut(t *testing.T) {
	const findings = 500
	report := incompressible(findings)
	for name, test := range map[string]struct {
		limits      sarifLimits
		least, most int // results
	}{
		"whole":   {githubLimits(), findings, findings},
		"results": {sarifLimits{results: 300, gzip: 1 << 30}, 300, 300},
		// 10 names of 120 characters of 64 are 900 bytes: about 1000 findings a megabyte.
		"size": {sarifLimits{results: findings, gzip: 400 << 10, reserve: 150 << 10}, 120, 400},
	} {
		t.Run(name, func(t *testing.T) {
			log, size := cut(t, test.limits, report)
			results := log.Runs[0].Results
			if len(results) < test.least || len(results) > test.most {
				t.Errorf("%d results, want %d to %d", len(results), test.least, test.most)
			}
			if byteCount(size) > test.limits.gzip {
				t.Errorf("%d bytes compressed", size)
			}
			for i, result := range results {
				if want := sarifLevel(report.Findings[i].Severity); result.Level != want {
					t.Fatalf("result %d is of level %s, not %s: another than the least severe is left out", i, result.Level, want)
				}
			}
			notifications := log.Runs[0].Invocations[0].ToolExecutionNotifications
			if len(results) == findings {
				if len(notifications) != 0 {
					t.Errorf("nothing is cut, and it says %v", notifications)
				}
				return
			}
			said := fmt.Sprintf("%d findings, the least severe", findings-len(results))
			if len(notifications) != 1 || notifications[0].Descriptor.ID != notificationCut || !strings.HasPrefix(notifications[0].Message.Text, said) {
				t.Errorf("%v", notifications)
			}
		})
	}
}

// What was accepted beforehand is left out before anything else.
func TestSARIFCutsAcceptedFirst(t *testing.T) {
	const findings, kept = 500, 300
	report := incompressible(findings)
	last := findings - 1
	for i := range report.Findings[:last] {
		report.Findings[i].Suppressed = &finding.Suppression{By: finding.SuppressedByBaseline}
	}
	for name, limits := range map[string]sarifLimits{
		"results": {results: kept, gzip: 1 << 30},
		"size":    {results: findings, gzip: 400 << 10, reserve: 150 << 10},
	} {
		log, _ := cut(t, limits, report)
		results, least, worst := log.Runs[0].Results, sarifLevel(report.Findings[last].Severity), sarifLevel(report.Findings[0].Severity)
		if len(results) > kept || least == worst || results[0].Level != least || results[1].Level != worst {
			t.Errorf("%s: of %d results the first are of levels %s and %s: the one that is not accepted is not the first", name, len(results), results[0].Level, results[1].Level)
		}
	}
}

// No line, and no value of a JSON report, is held that is longer than the bound.
func TestReadIsBounded(t *testing.T) {
	read := func(document string) (finding.Report, error) {
		merger := NewMerger(0)
		merger.bound = 1 << 12
		err := merger.Read(strings.NewReader(document))
		return merger.Report(), err
	}
	long := strings.Repeat("a", 1<<20)
	report, err := read(`{"type":"problem","path":"` + long + `","reason":""}` + "\n" + `{"type":"problem","path":"a","reason":"b"}` + "\n")
	if err != nil {
		t.Fatal(err)
	}
	if problems := fmt.Sprint(report.Scan.Problems); !strings.Contains(problems, "line 1 ") || !strings.Contains(problems, "{a b}") || report.Scan.Complete {
		t.Errorf("complete %v, %.200s", report.Scan.Complete, problems)
	}
	if _, err := read(`{"schema":"` + long); !errors.Is(err, errTooLong) {
		t.Errorf("a value without an end: %v", err)
	}
	report, err = read(`{"schema":"jwtleak/report/v1","findings":[{"id":"` + long + `"}]}`)
	if err != nil || report.Scan.Complete {
		t.Errorf("a long finding: %v, complete %v", err, report.Scan.Complete)
	}
}

// What a saved report tells of problems is held as far as any scan would tell it; the rest is counted, and merged too.
func TestProblemsAreBounded(t *testing.T) {
	saved := func(first, last int) string {
		var text strings.Builder
		for n := first; n < last; n++ {
			fmt.Fprintf(&text, `{"type":"problem","path":"%d","reason":"b"}`+"\n", n)
		}
		return text.String()
	}
	merger := NewMerger(0)
	for _, text := range []string{saved(0, maxProblems+10), saved(0, 5), saved(maxProblems+20, maxProblems+25)} {
		if err := merger.Read(strings.NewReader(text)); err != nil {
			t.Fatal(err)
		}
	}
	problems := merger.Report().Scan.Problems
	last := problems[len(problems)-1].Reason
	if len(problems) > maxProblems+10 || last != "15 more problems are not listed" {
		t.Errorf("%d problems, the last %q", len(problems), last)
	}
}
