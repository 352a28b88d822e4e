package report_test

import (
	"strings"
	"testing"
	"time"

	"github.com/jwtleak/jwtleak/report"
	"github.com/jwtleak/jwtleak/scanner/finding"
)

// piped returns a saved report of a token in as many places of standard input, that lists four of them.
func piped(t *testing.T, started time.Time, places int) string {
	t.Helper()
	fold := report.NewFold(4)
	fingerprint := finding.NewFingerprint("piped")
	_ = fold.Event(finding.Found{Finding: finding.Finding{
		ID: fingerprint.ID(), Fingerprint: fingerprint.String(), Rule: "jws", Severity: finding.High, Status: finding.Live,
	}})
	for n := range places {
		_ = fold.Event(finding.Met{ID: fingerprint.ID(), Occurrence: finding.Occurrence{Place: finding.StdinPlace{}, Line: int64(n + 1), Column: 1, Offset: int64(n)}})
	}
	_ = fold.Event(finding.Ended{Scan: finding.Scan{
		StartedAt: started, FinishedAt: started, EvaluatedAt: at(), Complete: true, Targets: []finding.Target{{Kind: "stdin", Path: "-"}},
	}})
	return rendered(t, fold.Report())
}

// What two scans read of standard input has the same lines and is not the same; a report that is named twice is.
func TestMergeTellsStreamsApart(t *testing.T) {
	merged := func(reports ...string) string {
		merger := report.NewMerger(4)
		for _, one := range reports {
			if err := merger.Read(strings.NewReader(one)); err != nil {
				t.Fatal(err)
			}
		}
		return rendered(t, merger.Report())
	}
	for _, places := range []int{1, 4, 5, 50} {
		files := rendered(t, finding.Report{Scan: finding.Scan{
			StartedAt: at().Add(-time.Hour), FinishedAt: at(), EvaluatedAt: at(), Complete: true, Targets: []finding.Target{{Kind: "dir", Path: "logs"}},
		}})
		a, b, c := piped(t, at(), places), piped(t, at().Add(time.Millisecond), places), piped(t, at().Add(time.Hour), places)
		if merged(a, a) != a {
			t.Errorf("%d places: a report and itself are another one:\n%s", places, merged(a, a))
		}
		for _, test := range []struct {
			name   string
			merged string
			want   int
		}{
			{"two", merged(a, b), 2}, {"three", merged(c, a, b), 3}, {"one of them again", merged(merged(a, b), a), 2},
			{"the other again", merged(b, merged(a, b)), 2}, {"in steps", merged(merged(a, b), merged(c, b)), 3},
			{"each beside files", merged(merged(files, a), merged(files, b)), 2},
		} {
			got := read(t, test.merged)
			if n := got.Findings[0].OccurrenceCount; n != test.want*places || !got.Scan.Complete {
				t.Errorf("%s of %d places each: %d places, want %d; %v", test.name, places, n, test.want*places, got.Scan.Problems)
			}
		}
	}
}
