package report_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/jwtleak/jwtleak/report"
	"github.com/jwtleak/jwtleak/scanner/finding"
)

// committed returns a report of a token in a repository, as a scan of a target found it that took a minute.
func committed(target string, evaluated, finished time.Time, severity finding.Severity, attribution finding.Attribution) finding.Report {
	fingerprint := finding.NewFingerprint("committed")
	return finding.Report{
		Schema: finding.Schema,
		Scan: finding.Scan{
			StartedAt: finished.Add(-time.Minute), FinishedAt: finished, EvaluatedAt: evaluated, Complete: true,
			Targets: []finding.Target{{Kind: "git", Path: target}},
		},
		Findings: []finding.Finding{{
			ID: fingerprint.ID(), Fingerprint: fingerprint.String(), Rule: "jws", Status: finding.Live, Severity: severity, OccurrenceCount: 1,
			Occurrences: []finding.Occurrence{{Line: 1, Column: 1, Place: finding.GitPlace{
				Target: target, Repository: target, Path: "token", Object: strings.Repeat("1", 40), ObjectType: "blob", Attribution: attribution,
			}}},
		}},
	}
}

// Of two scans that judge as of one time, what the later one found is what is there now, in whatever order they are named.
func TestMergeTakesWhatIsThereNow(t *testing.T) {
	there := finding.Attribution{Commit: strings.Repeat("2", 40), Reachable: true, AtHead: true, AtTip: true, Tips: []string{"refs/heads/main"}}
	removed := finding.Attribution{Commit: there.Commit, Reachable: true, RemovedBy: strings.Repeat("3", 40)}
	for _, test := range []struct {
		name     string
		a, b     finding.Report
		severity finding.Severity
		atTip    bool
	}{
		{"removed since", committed("r", at(), at(), finding.High, there), committed("r", at(), at().Add(time.Hour), finding.Low, removed), finding.Low, false},
		{"back since", committed("r", at(), at(), finding.Low, removed), committed("r", at(), at().Add(time.Hour), finding.High, there), finding.High, true},
		{"elsewhere", committed("r", at(), at(), finding.High, there), committed("s", at(), at().Add(time.Hour), finding.Low, removed), finding.High, true},
		{"judged later", committed("r", at(), at().Add(time.Hour), finding.High, there), committed("r", at().Add(time.Hour), at(), finding.Low, removed), finding.Low, false},
	} {
		for _, order := range [][]finding.Report{{test.a, test.b}, {test.b, test.a}} {
			f := report.Merge(0, order...).Findings[0]
			place := f.Occurrences[0].Place.(finding.GitPlace)
			if f.Severity != test.severity || place.AtTip != test.atTip || place.AtHead != test.atTip || (place.RemovedBy == "") != test.atTip {
				t.Errorf("%s: %s, %+v", test.name, f.Severity, place)
			}
		}
	}
}

// Reports are put together to the same bytes in whatever order they are named.
func TestMergeIsTheSameInEveryOrder(t *testing.T) {
	random := rand.New(rand.NewPCG(11, 12))
	some := func(evaluated, finished time.Time) finding.Report {
		severities := finding.Severities()
		fold := report.NewFold(4)
		for token := range 2 {
			fingerprint := finding.NewFingerprint(fmt.Sprint("any order", token))
			if random.IntN(4) == 0 {
				continue
			}
			_ = fold.Event(finding.Found{Finding: finding.Finding{
				ID: fingerprint.ID(), Fingerprint: fingerprint.String(), Rule: "jws", Status: finding.Live, Severity: severities[random.IntN(len(severities))],
			}})
			for range random.IntN(9) {
				occurrence := randomOccurrence(random)
				if place, ok := occurrence.Place.(finding.GitPlace); ok {
					place.AtTip, place.AtHead = random.IntN(2) == 0, random.IntN(2) == 0
					occurrence.Place = place
				}
				_ = fold.Event(finding.Met{ID: fingerprint.ID(), Occurrence: occurrence})
			}
		}
		targets := []finding.Target{{Kind: "dir", Path: string(rune('a' + random.IntN(2)))}}
		_ = fold.Event(finding.Ended{
			Tool: finding.Tool{Name: "jwtleak", Version: fmt.Sprint(random.IntN(2))},
			Scan: finding.Scan{EvaluatedAt: evaluated, FinishedAt: finished, Complete: true, Targets: targets},
		})
		return fold.Report()
	}
	for round := range 100 {
		reports := make([]finding.Report, 4)
		for i := range reports {
			hours := func(n int) time.Duration { return time.Duration(random.IntN(n)) * time.Hour }
			reports[i] = some(at().Add(hours(2)), at().Add(hours(3)))
		}
		saved := make([]string, len(reports))
		for i, one := range reports {
			saved[i] = rendered(t, one)
		}
		want := ""
		permute(saved, func(order []string) {
			merger := report.NewMerger(4)
			for _, one := range order {
				if err := merger.Read(strings.NewReader(one)); err != nil {
					t.Fatal(err)
				}
			}
			switch got := rendered(t, merger.Report()); {
			case want == "":
				want = got
			case got != want:
				t.Fatalf("round %d: another order gives another report:\n%s\n%s", round, want, got)
			}
		})
	}
}

func rendered(t *testing.T, told finding.Report) string {
	t.Helper()
	var out bytes.Buffer
	if err := report.Render("json", &out, told, report.Options{MaxOccurrences: 4}); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// permute calls visit with every order of a list.
func permute(list []string, visit func([]string)) {
	var from func(int)
	from = func(i int) {
		if i == len(list) {
			visit(list)
			return
		}
		for j := i; j < len(list); j++ {
			list[i], list[j] = list[j], list[i]
			from(i + 1)
			list[i], list[j] = list[j], list[i]
		}
	}
	from(0)
}
