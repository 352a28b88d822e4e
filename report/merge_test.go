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

// placed returns a report of one token in the files numbered from first to last below a target, listing at most so many.
func placed(t *testing.T, target string, first, last, listed int, evaluated time.Time) finding.Report {
	t.Helper()
	fingerprint := finding.NewFingerprint("placed")
	fold := report.NewFold(listed)
	tell := func(event finding.Event) {
		if err := fold.Event(event); err != nil {
			t.Fatal(err)
		}
	}
	seen := time.Date(2026, 1, first, 0, 0, 0, 0, time.UTC)
	tell(finding.Found{Finding: finding.Finding{
		ID: fingerprint.ID(), Fingerprint: fingerprint.String(), Rule: "jws", Status: finding.Live, Severity: finding.High,
		Exposure: &finding.Exposure{FirstSeen: seen, LastSeen: seen, SeenBy: "file"},
	}})
	for n := first; n <= last; n++ {
		tell(finding.Met{ID: fingerprint.ID(), Occurrence: finding.Occurrence{
			Place: finding.FilePlace{Target: target, Path: fmt.Sprintf("%s/%05d", target, n)}, Line: 1, Column: 1,
		}})
	}
	tell(finding.Ended{Scan: finding.Scan{
		EvaluatedAt: evaluated, Complete: true, Targets: []finding.Target{{Kind: "dir", Path: target}}, Stats: finding.Stats{Files: 10},
	}})
	return fold.Report()
}

// retargeted returns a report whose places were met by way of another target.
func retargeted(told finding.Report, target string) finding.Report {
	told.Scan.Targets[0].Path = target
	for i, occurrence := range told.Findings[0].Occurrences {
		at := occurrence.Place.(finding.FilePlace)
		at.Target = target
		told.Findings[0].Occurrences[i].Place = at
	}
	return told
}

// unhashed returns a report that does not know the places that it does not list.
func unhashed(told finding.Report) finding.Report {
	told.Findings[0].OtherPlaces = nil
	return told
}

// started returns a report of a scan that was started in a directory of the repository /r.
func started(told finding.Report, directory string) finding.Report {
	told.Scan.Directory = directory
	if strings.HasPrefix(told.Scan.Targets[0].Path, "/r/") {
		told.Scan.Root = "/r"
	}
	return told
}

func TestMergeCounts(t *testing.T) {
	for _, test := range []struct {
		name      string
		a, b      finding.Report
		count     int
		uncertain bool
	}{
		{"overlapping", placed(t, "x", 1, 50, 100, at()), placed(t, "x", 31, 80, 100, at()), 80, false},
		{"the same twice", placed(t, "x", 1, 50, 100, at()), placed(t, "x", 1, 50, 100, at()), 50, false},
		{"other targets", placed(t, "x", 1, 500, 100, at()), placed(t, "y", 1, 700, 100, at()), 1200, false},
		{"the same twice, cut", placed(t, "x", 1, 500, 100, at()), placed(t, "x", 1, 500, 100, at()), 500, false},
		{"a part of what is listed", placed(t, "x", 1, 500, 100, at()), placed(t, "x", 20, 30, 100, at()), 500, false},
		{"a target in the other", placed(t, "x/y", 1, 50, 100, at()), retargeted(placed(t, "x/y", 31, 80, 100, at()), "x"), 80, false},
		{"a target in the other, cut", placed(t, "x/y", 1, 500, 100, at()), retargeted(placed(t, "x/y", 300, 900, 100, at()), "./x/"), 900, false},
		{"a target in the other, of unknown places", unhashed(placed(t, "x/y", 1, 500, 100, at())), retargeted(placed(t, "x/y", 300, 900, 100, at()), "./x/"), 701, true},
		{"targets of like names, cut", placed(t, "x", 1, 500, 100, at()), placed(t, "xy", 1, 700, 100, at()), 1200, false},
		{"started elsewhere", placed(t, "x/y", 1, 50, 100, at()), started(placed(t, "y", 31, 80, 100, at()), "x"), 80, false},
		{"started elsewhere in both", started(placed(t, "y", 1, 50, 100, at()), "x"), started(placed(t, "../x/y", 31, 80, 100, at()), "z"), 80, false},
		{"by its absolute path", started(placed(t, "/r/x", 1, 50, 100, at()), ""), started(placed(t, "x", 31, 80, 100, at()), ""), 80, false},
		{"overlapping, cut", placed(t, "x", 1, 500, 100, at()), placed(t, "x", 300, 900, 100, at()), 900, false},
		{"started elsewhere, cut", placed(t, "x/y", 1, 500, 100, at()), started(placed(t, "y", 300, 900, 100, at()), "x"), 601, true},
		{"unknown overlap", unhashed(placed(t, "x", 1, 500, 100, at())), unhashed(placed(t, "x", 300, 900, 100, at())), 601, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			for _, order := range [][]finding.Report{{test.a, test.b}, {test.b, test.a}} {
				got := report.Merge(100, order...)
				if n := got.Findings[0].OccurrenceCount; n != test.count {
					t.Errorf("%d places, want %d", n, test.count)
				}
				if got.Summary.Occurrences != test.count {
					t.Errorf("the summary has %d places", got.Summary.Occurrences)
				}
				if uncertain := len(got.Scan.Problems) > 0; uncertain != test.uncertain {
					t.Errorf("problems: %v", got.Scan.Problems)
				}
				if got.Scan.Stats.Files != 20 || got.Scan.Complete == test.uncertain {
					t.Errorf("%+v", got.Scan)
				}
			}
		})
	}
}

// A token that three reports leave uncertain is one token.
func TestMergeCountsWhatIsUncertain(t *testing.T) {
	got := report.Merge(100, unhashed(placed(t, "x", 1, 500, 100, at())), unhashed(placed(t, "x", 300, 900, 100, at())), unhashed(placed(t, "x", 600, 1000, 100, at())))
	if len(got.Scan.Problems) != 1 || !strings.HasPrefix(got.Scan.Problems[0].Reason, "1 token is in several reports") {
		t.Errorf("%v", got.Scan.Problems)
	}
}

// Streams have all places, so merging them is exact however many there are and however they overlap.
func TestMergeStreams(t *testing.T) {
	stream := func(first, last int) string {
		var out bytes.Buffer
		sink, err := report.New("jsonl", &out, report.Options{})
		if err != nil {
			t.Fatal(err)
		}
		one := placed(t, "x", first, last, 1<<20, at())
		if err := sink.Begin(one.Tool, one.Scan); err != nil {
			t.Fatal(err)
		}
		for _, f := range one.Findings {
			if err := sink.Event(finding.Found{Finding: f}); err != nil {
				t.Fatal(err)
			}
		}
		if err := sink.Event(finding.Ended{Scan: one.Scan}); err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	merger := report.NewMerger(100)
	for _, saved := range []string{stream(1, 3000), stream(2000, 5000), stream(4999, 5001)} {
		if err := merger.Read(strings.NewReader(saved)); err != nil {
			t.Fatal(err)
		}
	}
	got := merger.Report()
	if n := got.Findings[0].OccurrenceCount; n != 5001 || len(got.Scan.Problems) != 0 {
		t.Errorf("%d places, want 5001; problems %v", n, got.Scan.Problems)
	}
	if n := len(got.Findings[0].Occurrences); n != 100 {
		t.Errorf("%d places are listed", n)
	}
}

// JSON reports that list a few places each, and overlap in any way, are merged to as many places as there are.
func TestMergeAgainstSets(t *testing.T) {
	random := rand.New(rand.NewPCG(9, 10))
	for round := range 300 {
		set := map[string]bool{}
		var saved []string
		for range 1 + random.IntN(4) {
			fold := report.NewFold(5)
			fingerprint := finding.NewFingerprint("merged")
			_ = fold.Event(finding.Found{Finding: finding.Finding{
				ID: fingerprint.ID(), Fingerprint: fingerprint.String(), Rule: "jws", Severity: finding.High, Status: finding.Live,
			}})
			for range random.IntN(60) {
				occurrence := randomOccurrence(random)
				set[key(occurrence)] = true
				_ = fold.Event(finding.Met{ID: fingerprint.ID(), Occurrence: occurrence})
			}
			_ = fold.Event(finding.Ended{Scan: finding.Scan{Complete: true, EvaluatedAt: at().Add(time.Duration(random.IntN(3)) * time.Hour)}})
			var out bytes.Buffer
			if err := report.Render("json", &out, fold.Report(), report.Options{MaxOccurrences: 5}); err != nil {
				t.Fatal(err)
			}
			saved = append(saved, out.String())
		}
		// In steps, as who keeps one report and merges each day's into it, and all at once.
		for len(saved) > 0 {
			merger := report.NewMerger(5)
			for _, one := range saved {
				if err := merger.Read(strings.NewReader(one)); err != nil {
					t.Fatal(err)
				}
			}
			got := merger.Report()
			if n := got.Findings[0].OccurrenceCount; n != len(set) || !got.Scan.Complete {
				t.Fatalf("round %d: %d places of %d reports, there are %d; %v", round, n, len(saved), len(set), got.Scan.Problems)
			}
			if len(saved) == 1 {
				break
			}
			two := report.NewMerger(5)
			for _, one := range saved[:2] {
				_ = two.Read(strings.NewReader(one))
			}
			var out bytes.Buffer
			if err := report.Render("json", &out, two.Report(), report.Options{MaxOccurrences: 5}); err != nil {
				t.Fatal(err)
			}
			saved = append([]string{out.String()}, saved[2:]...)
		}
	}
}

func TestMergeJudgesAsTheLatestDoes(t *testing.T) {
	older, newer := placed(t, "x", 1, 3, 100, at()), placed(t, "x", 2, 4, 100, at().Add(time.Hour))
	newer.Findings[0].Status, newer.Findings[0].Severity = finding.Expired, finding.Low
	for _, order := range [][]finding.Report{{older, newer}, {newer, older}} {
		got := report.Merge(0, order...)
		f := got.Findings[0]
		if f.Status != finding.Expired || f.Severity != finding.Low || !got.Scan.EvaluatedAt.Equal(newer.Scan.EvaluatedAt) {
			t.Errorf("%s, %s, evaluated at %v", f.Status, f.Severity, got.Scan.EvaluatedAt)
		}
		first, last := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC)
		if !f.Exposure.FirstSeen.Equal(first) || !f.Exposure.LastSeen.Equal(last) {
			t.Errorf("seen from %v to %v", f.Exposure.FirstSeen, f.Exposure.LastSeen)
		}
		if f.OccurrenceCount != 4 {
			t.Errorf("%d places", f.OccurrenceCount)
		}
	}
}

// What one of several scans calls gone is not where another met it.
func TestMergeTellsWhatIsGone(t *testing.T) {
	a, b := placed(t, "x", 1, 3, 100, at()), placed(t, "y", 1, 3, 100, at())
	a.Scan.Gone, b.Scan.Gone = []string{"00", "11", a.Findings[0].ID}, []string{"11", "01"}
	if got := report.Merge(0, a, b).Scan.Gone; fmt.Sprint(got) != "[00 01 11]" {
		t.Errorf("gone: %v", got)
	}
}

func TestCompare(t *testing.T) {
	c := newCorpus(t)
	whole := read(t, string(told(t, c, "json", report.Options{})))
	without := func(n int) finding.Report {
		return report.Filter(whole, func(f finding.Finding) bool { return f.ID != whole.Findings[n].ID })
	}
	got := report.Compare(without(0), without(1))
	if len(got.New) != 1 || got.New[0].ID != whole.Findings[0].ID || len(got.Gone) != 1 || got.Gone[0].ID != whole.Findings[1].ID ||
		len(got.Both) != len(whole.Findings)-2 {
		t.Errorf("new %d, gone %d, both %d", len(got.New), len(got.Gone), len(got.Both))
	}
	since := report.NewSince(without(0), whole)
	if len(since.Findings) != 1 || since.Summary.Findings != 1 || since.Findings[0].ID != whole.Findings[0].ID {
		t.Errorf("new since: %d", len(since.Findings))
	}
	if len(report.NewSince(whole, whole).Findings) != 0 {
		t.Error("a report has something new to itself")
	}
}

func TestSelection(t *testing.T) {
	whole := read(t, string(told(t, newCorpus(t), "json", report.Options{})))
	count := func(s report.Selection) int { return report.Filter(whole, s.Keeps).Summary.Findings }
	for _, test := range []struct {
		name string
		s    report.Selection
		want int
	}{
		{"all", report.Selection{}, 8},
		{"status", report.Selection{Statuses: []finding.Status{finding.Expired, finding.Unknown}}, 2},
		{"severity", report.Selection{Severity: finding.High}, 3},
		{"issuer", report.Selection{Issuers: []string{"Kubernetes service account"}}, 1},
		{"iss", report.Selection{Claimed: []string{"kubernetes/serviceaccount"}}, 1},
		{"iss, for an issuer", report.Selection{Issuers: []string{"kubernetes/serviceaccount"}}, 0},
		{"either", report.Selection{Issuers: []string{"Kubernetes service account"}, Claimed: []string{"kubernetes/serviceaccount"}}, 1},
		{"id", report.Selection{IDs: []string{whole.Findings[2].ID}}, 1},
		{"two", report.Selection{Severity: finding.High, Statuses: []finding.Status{finding.Expired}}, 0},
	} {
		if got := count(test.s); got != test.want {
			t.Errorf("%s: %d, want %d", test.name, got, test.want)
		}
	}
}

// What is read lean is the same in every format that shows no claims, and has none.
func TestLean(t *testing.T) {
	saved := told(t, newCorpus(t), "json", report.Options{})
	render := func(format string, lean bool) []byte {
		merger := report.NewMerger(0)
		if lean {
			merger.Lean()
		}
		if err := merger.Read(bytes.NewReader(saved)); err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		if err := report.Render(format, &out, merger.Report(), report.Options{}); err != nil {
			t.Fatal(err)
		}
		return out.Bytes()
	}
	for _, format := range report.Formats() {
		shown := format == "json" || format == "jsonl"
		if same := bytes.Equal(render(format, false), render(format, true)); same == shown {
			t.Errorf("%s: the same read lean: %t", format, same)
		}
	}
}

// A token that one scan accepts and another does not is not accepted, whichever of them is the later one.
func TestMergeAcceptsWhatAllAccept(t *testing.T) {
	of := func(target string, later time.Duration, accepted bool) finding.Report {
		told := placed(t, target, 1, 2, 100, at().Add(later))
		if accepted {
			told.Findings[0].Suppressed = &finding.Suppression{By: finding.SuppressedByIgnoreFile, Reason: "known"}
		}
		return told
	}
	for name, test := range map[string]struct {
		later           time.Duration
		accepted, other bool
	}{
		"at one time":             {0, true, false},
		"the later one accepts":   {time.Hour, false, true},
		"the earlier one accepts": {time.Hour, true, false},
		"both":                    {0, true, true},
		"both, one later":         {time.Hour, true, true},
	} {
		for _, swap := range []bool{false, true} {
			reports := []finding.Report{of("x", 0, test.accepted), of("y", test.later, test.other)}
			if swap {
				reports[0], reports[1] = reports[1], reports[0]
			}
			f := report.Merge(0, reports...).Findings[0]
			if got, want := f.Suppressed != nil, test.accepted && test.other; got != want {
				t.Errorf("%s: accepted: %v, want %v", name, got, want)
			}
		}
	}
}

// The targets of reports overlap where one is another or lies in one. It takes no more than to read them.
func TestMergeOverlappingTargets(t *testing.T) {
	overlaps := func(a, b []finding.Target) bool {
		cut := func(targets []finding.Target) finding.Report {
			one := placed(t, "x", 1, 3, 1, at())
			one.Scan.Targets, one.Findings[0].OtherPlaces = targets, nil // as of a report that does not know every place
			return one
		}
		return report.Merge(0, cut(a), cut(b)).Findings[0].OccurrenceCount != 5 // the one that both list, and two of each
	}
	dir := func(paths ...string) (targets []finding.Target) {
		for _, path := range paths {
			targets = append(targets, finding.Target{Kind: "dir", Path: path})
		}
		return targets
	}
	for _, test := range []struct {
		a, b []finding.Target
		want bool
	}{
		{dir("a"), dir("b"), false}, {dir("a"), dir("a"), true}, {dir("a"), dir("./a/"), true}, {dir("a"), dir("a/b"), true}, {dir("a"), dir("ab"), false},
		{dir("a/b/c"), dir("x", "a"), true}, {dir("."), dir("a/b"), true}, {dir("."), dir("../a"), false}, {dir(".."), dir("../a"), true}, {dir("."), dir("/a"), false},
		{dir("/"), dir("/a"), true}, {dir("/"), dir("a"), false}, {dir("/a"), dir("/a/b"), true}, {dir("C:/a"), dir("C:/a/b"), true}, {dir("."), dir("C:/a"), false}, {dir("a"), nil, true},
	} {
		if overlaps(test.a, test.b) != test.want || overlaps(test.b, test.a) != test.want {
			t.Errorf("%v, %v: want %v", test.a, test.b, test.want)
		}
	}
	var many, more []finding.Target
	for n := range 50_000 {
		many, more = append(many, dir(fmt.Sprint("a/", n))...), append(more, dir(fmt.Sprint("b/", n))...)
	}
	if overlaps(many, more) || len(report.Merge(0, finding.Report{Scan: finding.Scan{Targets: many}}, finding.Report{Scan: finding.Scan{Targets: more}}).Scan.Targets) != 100_000 {
		t.Error("many targets are not themselves")
	}
}
