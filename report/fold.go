package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/jwtleak/jwtleak/scanner/finding"
)

// DefaultMaxOccurrences is how many occurrences of a finding a report lists where nothing else is asked for.
const DefaultMaxOccurrences = 100

// A Fold gathers events into a report. It is the one fold: every format but jsonl is written from it, and saved reports
// are read into it. Events of one finding may come in any order after its Found and from any mixture of workers: the
// report is the same.
//
// Of a finding it keeps the first occurrences by place, as many as the report may list, in each repository; the count
// is exact. A Fold is for one goroutine.
type Fold struct {
	max      int
	entries  map[string]*entry // by finding id
	problems map[finding.Problem]struct{}
	tool     finding.Tool
	scan     finding.Scan
	ended    bool
	strays   int // events of findings that were not told
	places   *placeHash
}

// An entry is a finding in the making.
type entry struct {
	finding finding.Finding // without its occurrences
	groups  map[string]*group
	// unlisted counts the occurrences that a saved report counted and did not list.
	unlisted int
}

// NewFold returns an empty Fold that lists at most maxOccurrences a finding; zero is DefaultMaxOccurrences.
func NewFold(maxOccurrences int) *Fold {
	if maxOccurrences <= 0 {
		maxOccurrences = DefaultMaxOccurrences
	}
	return &Fold{
		max:      maxOccurrences,
		entries:  map[string]*entry{},
		problems: map[finding.Problem]struct{}{},
		places:   newPlaceHash(),
	}
}

// Begin says what the events are of. Ended may know better.
func (f *Fold) Begin(tool finding.Tool, scan finding.Scan) error {
	f.tool, f.scan = tool, scan
	return nil
}

// Event takes one event in. It returns no error but for an event of no known type.
func (f *Fold) Event(event finding.Event) error {
	switch event := event.(type) {
	case finding.Found:
		f.found(event.Finding)
	case finding.Met:
		if e, ok := f.entries[event.ID]; ok {
			f.add(e, event.Occurrence)
		} else {
			f.strays++
		}
	case finding.Updated:
		f.updated(event)
	case finding.Problem:
		f.problems[event] = struct{}{}
	case finding.Ended:
		f.finish(event)
	default:
		return fmt.Errorf("fold: no such event: %T", event)
	}
	return nil
}

func (f *Fold) found(told finding.Finding) {
	occurrences, count := told.Occurrences, told.OccurrenceCount
	told.Occurrences, told.OccurrenceCount = nil, 0
	e, again := f.entries[told.ID]
	if again {
		e.finding = firstOf(e.finding, told)
	} else {
		e = &entry{finding: told, groups: map[string]*group{}}
		f.entries[told.ID] = e
	}
	for _, occurrence := range occurrences {
		f.add(e, occurrence)
	}
	e.unlisted += max(0, count-len(occurrences))
}

func (f *Fold) updated(event finding.Updated) {
	e, ok := f.entries[event.ID]
	if !ok {
		f.strays++
		return
	}
	if event.Severity != "" {
		e.finding.Severity = event.Severity
	}
	e.finding.Exposure = combineExposure(e.finding.Exposure, event.Exposure)
	if event.Repository != "" {
		delete(e.groups, event.Repository)
	}
	for _, occurrence := range event.Occurrences {
		f.add(e, occurrence)
	}
}

func (f *Fold) add(e *entry, occurrence finding.Occurrence) {
	name := repositoryOf(occurrence)
	g, ok := e.groups[name]
	if !ok {
		g = &group{}
		e.groups[name] = g
	}
	g.add(occurrence, f.max, f.places)
}

func (f *Fold) finish(event finding.Ended) {
	f.ended = true
	f.scan = event.Scan
	if event.Tool != (finding.Tool{}) {
		f.tool = event.Tool
	}
	for _, problem := range event.Scan.Problems {
		f.problems[problem] = struct{}{}
	}
}

// cutReason is the problem of a stream that has no end.
const cutReason = "the report was cut before its end: findings and places may be missing"

// Report returns what was told so far. Without an Ended event the report is marked incomplete.
func (f *Fold) Report() finding.Report {
	report := finding.Report{Schema: finding.Schema, Tool: f.tool, Scan: f.scan}
	report.Findings = make([]finding.Finding, 0, len(f.entries))
	for _, e := range f.entries {
		report.Findings = append(report.Findings, f.folded(e))
	}
	slices.SortFunc(report.Findings, compareFindings)
	report.Summary = finding.Summarize(report.Findings)
	report.Scan.Problems = f.allProblems()
	if !f.ended || f.strays > 0 {
		report.Scan.Complete = false
	}
	return report
}

func (f *Fold) allProblems() []finding.Problem {
	problems := make([]finding.Problem, 0, len(f.problems)+2)
	for problem := range f.problems {
		problems = append(problems, problem)
	}
	if !f.ended {
		problems = append(problems, finding.Problem{Path: "-", Reason: cutReason})
	}
	if f.strays > 0 {
		reason := fmt.Sprintf("%d places belong to findings that the report does not tell of", f.strays)
		problems = append(problems, finding.Problem{Path: "-", Reason: reason})
	}
	slices.SortFunc(problems, compareProblems)
	return slices.Compact(problems)
}

func compareProblems(a, b finding.Problem) int {
	if c := strings.Compare(a.Path, b.Path); c != 0 {
		return c
	}
	return strings.Compare(a.Reason, b.Reason)
}

// folded returns the finding of an entry with its occurrences.
func (f *Fold) folded(e *entry) finding.Finding {
	whole := e.finding
	whole.OccurrenceCount = e.unlisted
	listed := 0
	for _, g := range e.groups {
		listed += len(g.kept)
	}
	whole.Occurrences = make([]finding.Occurrence, 0, listed)
	for _, g := range e.groups {
		whole.Occurrences = append(whole.Occurrences, g.kept...)
		whole.OccurrenceCount += g.count
	}
	slices.SortFunc(whole.Occurrences, comparePlaces)
	if len(whole.Occurrences) > f.max {
		whole.Occurrences = slices.Clone(whole.Occurrences[:f.max])
	}
	if whole.Exposure == nil {
		whole.Exposure = exposureOf(whole.Token, whole.Occurrences)
	}
	return whole
}

// compareFindings orders by severity, the worst first, then by first place, then by id.
func compareFindings(a, b finding.Finding) int {
	if c := a.Severity.Rank() - b.Severity.Rank(); c != 0 {
		return c
	}
	if len(a.Occurrences) == 0 || len(b.Occurrences) == 0 {
		if c := len(b.Occurrences) - len(a.Occurrences); c != 0 {
			return c
		}
	} else if c := comparePlaces(a.Occurrences[0], b.Occurrences[0]); c != 0 {
		return c
	}
	return strings.Compare(a.ID, b.ID)
}
