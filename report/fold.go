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
// Of a finding it keeps the first occurrences in the order that reports list them by (see compareListed), as many as the
// report may list, in each repository; the count is exact. A Fold is for one goroutine.
type Fold struct {
	max      int
	entries  map[string]*entry // by finding id
	problems map[finding.Problem]struct{}
	tool     finding.Tool
	scan     finding.Scan
	ended    bool
	unlisted int      // problems beyond those that are held
	faults   []string // what of a saved report can't be read
	faulty   bool     // there are some, here or in what was merged
	strays   int      // events of findings that were not told
	places   *placeHash
	lean     bool   // headers and claims are dropped
	hashes   bool   // Finding.OtherPlaces are told
	digest   []byte // of content, once it was asked for
	// What many findings have in common is held once: their risks, by the ids of these, and the file they are in.
	risks     map[string][]finding.Risk
	idsOf     []byte
	file      finding.FilePlace
	filePlace finding.Place
}

// An entry is a finding in the making.
type entry struct {
	finding finding.Finding // without its occurrences
	// Most tokens lie in one repository or outside of any: that group stands here, the others in a map.
	name   string
	group  group
	others map[string]*group
	// hashed are the places that a saved report knows by their hashes alone, and no group has; unlisted counts those that
	// it does not know so either.
	hashed   map[uint64]struct{}
	unlisted int
	judge    *finding.Scan // where reports are merged: of the account that finding is of
}

// groupOf returns the occurrences in a repository, of which there may be none yet.
func (e *entry) groupOf(repository string) *group {
	if g, ok := e.others[repository]; ok {
		return g
	}
	if e.name == repository || e.group.count == 0 {
		e.name = repository
		return &e.group
	}
	if e.others == nil {
		e.others = map[string]*group{}
	}
	g := &group{}
	e.others[repository] = g
	return g
}

// forget drops the occurrences in a repository.
func (e *entry) forget(repository string) {
	delete(e.others, repository)
	if e.name == repository {
		e.group = group{}
	}
}

// first returns the occurrence that is listed first, or nil.
func (e *entry) first() *finding.Occurrence {
	first := e.group.first()
	for _, g := range e.others {
		if other := g.first(); first == nil || other != nil && compareListed(*other, *first) < 0 {
			first = other
		}
	}
	return first
}

// sorted returns the entries by severity, the worst first, then by first place, then by id.
func (f *Fold) sorted() []*entry {
	type key struct {
		rank  int
		first *finding.Occurrence
		entry *entry
	}
	keys := make([]key, 0, len(f.entries))
	for _, e := range f.entries {
		keys = append(keys, key{e.finding.Severity.Rank(), e.first(), e})
	}
	slices.SortFunc(keys, func(a, b key) int {
		switch {
		case a.rank != b.rank:
			return a.rank - b.rank
		case a.first == nil && b.first != nil:
			return 1
		case a.first != nil && b.first == nil:
			return -1
		case a.first != nil:
			if c := finding.ComparePlaces(a.first, b.first); c != 0 {
				return c
			}
		}
		return strings.Compare(a.entry.finding.ID, b.entry.finding.ID)
	})
	entries := make([]*entry, len(keys))
	for i, k := range keys {
		entries[i] = k.entry
	}
	return entries
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
		hashes:   true,
		risks:    map[string][]finding.Risk{},
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
		f.problem(event)
	case finding.Ended:
		f.finish(event)
	default:
		return fmt.Errorf("fold: no such event: %T", event)
	}
	return nil
}

func (f *Fold) found(told finding.Finding) {
	occurrences, count, others := told.Occurrences, told.OccurrenceCount, told.OtherPlaces
	told.Occurrences, told.OccurrenceCount, told.OtherPlaces = nil, 0, nil
	if f.lean {
		told.Token.Header, told.Token.Claims, told.Token.OtherClaims = nil, nil, nil
	}
	told.Risks = f.shared(told.Risks)
	e, again := f.entries[told.ID]
	if again {
		e.finding = firstOf(e.finding, told)
	} else {
		e = &entry{finding: told}
		f.entries[told.ID] = e
	}
	for _, occurrence := range occurrences {
		f.add(e, occurrence)
	}
	e.learn(others, f.places)
	e.unlisted += max(0, count-len(occurrences)-len(others)/hashSize)
}

// maxShared bounds the lists of risks that are held for all.
const maxShared = 1 << 10

// shared returns risks in a list that findings share which have the same.
func (f *Fold) shared(risks []finding.Risk) []finding.Risk {
	f.idsOf = f.idsOf[:0]
	for i := range risks {
		f.idsOf = append(append(f.idsOf, risks[i].ID...), ' ')
	}
	known, ok := f.risks[string(f.idsOf)]
	same := func(a, b finding.Risk) bool {
		return a.ID == b.ID && a.Title == b.Title && a.Severity == b.Severity && slices.Equal(a.References, b.References)
	}
	switch {
	case ok && slices.EqualFunc(known, risks, same):
		return known
	case !ok && len(f.risks) < maxShared:
		f.risks[string(f.idsOf)] = risks
	}
	return risks
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
	if event.Suppressed != nil && e.finding.Suppressed == nil {
		e.finding.Suppressed = event.Suppressed
	}
	e.finding.Exposure = combineExposure(e.finding.Exposure, event.Exposure)
	if event.Repository != "" {
		e.forget(event.Repository)
	}
	for _, occurrence := range event.Occurrences {
		f.add(e, occurrence)
	}
}

func (f *Fold) add(e *entry, occurrence finding.Occurrence) {
	if at, ok := occurrence.Place.(finding.FilePlace); ok {
		if at != f.file || f.filePlace == nil {
			f.file, f.filePlace = at, occurrence.Place
		}
		occurrence.Place = f.filePlace
	}
	e.groupOf(repositoryOf(occurrence)).add(occurrence, f.max, f.places)
	if len(e.hashed) > 0 {
		delete(e.hashed, f.places.of(occurrence))
	}
}

func (f *Fold) finish(event finding.Ended) {
	f.ended = true
	f.scan = event.Scan
	if event.Tool != (finding.Tool{}) {
		f.tool = event.Tool
	}
	for _, problem := range event.Scan.Problems {
		f.problem(problem)
	}
}

// cutReason is the problem of a stream that has no end.
const cutReason = "the report was cut before its end: findings and places may be missing"

// Report returns what was told. Without an Ended event the report is marked incomplete. The fold is used up by it.
func (f *Fold) Report() finding.Report {
	report := finding.Report{Schema: finding.Schema, Tool: f.tool, Scan: f.scan}
	report.Findings = make([]finding.Finding, 0, len(f.entries))
	entries := f.sorted()
	f.entries = nil // so that each entry's memory is free once it is folded
	for i, e := range entries {
		report.Findings = append(report.Findings, f.folded(e))
		entries[i] = nil
	}
	report.Summary = finding.Summarize(report.Findings)
	report.Scan.Problems = f.allProblems()
	if !f.ended || f.faulty || f.strays > 0 {
		report.Scan.Complete = false
	}
	return report
}

// maxProblems bounds the problems that are held, which is more than any scan of ours tells.
const maxProblems = 1 << 18

// problem takes a problem in, each once as long as there is room.
func (f *Fold) problem(problem finding.Problem) {
	if _, again := f.problems[problem]; !again && len(f.problems) >= maxProblems {
		f.unlisted++
		return
	}
	f.problems[problem] = struct{}{}
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
		problems = append(problems, finding.Problem{Path: "-", Reason: f.strayReason()})
	}
	slices.SortFunc(problems, compareProblems)
	problems = slices.Compact(problems)
	if f.unlisted > 0 {
		problems = append(problems, finding.Problem{Path: "-", Reason: plural(int64(f.unlisted), "more problem is", "more problems are") + " not listed"})
	}
	return problems
}

func (f *Fold) strayReason() string {
	return plural(int64(f.strays), "place belongs", "places belong") + " to findings that the report does not tell of"
}

// damage says what of a saved report was cut or can't be read.
func (f *Fold) damage() []string {
	damage := f.faults
	if f.strays > 0 {
		damage = append(damage, f.strayReason())
	}
	if !f.ended {
		damage = append(damage, cutReason)
	}
	return damage
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
	tellsOthers := f.hashes && (len(e.hashed) > 0 || e.listed() > f.max)
	if tellsOthers {
		e.remember(f.places) // before the occurrences are sorted in their place
	}
	whole.OccurrenceCount = e.unlisted + len(e.hashed) + e.group.count
	whole.Occurrences = e.group.kept
	for _, g := range e.others {
		whole.Occurrences = append(whole.Occurrences, g.kept...)
		whole.OccurrenceCount += g.count
	}
	slices.SortFunc(whole.Occurrences, compareListed)
	if e.repositories() > 1 {
		whole.Risks = withReused(whole.Risks)
	}
	if len(whole.Occurrences) > f.max {
		whole.Occurrences = whole.Occurrences[:f.max:f.max]
	}
	if tellsOthers {
		whole.OtherPlaces = e.otherPlaces(whole.Occurrences, f.places)
	}
	if whole.Exposure == nil {
		whole.Exposure = exposureOf(whole.Token, whole.Occurrences)
	}
	return whole
}

// repositories returns in how many repositories the token lies.
func (e *entry) repositories() int {
	count := 0
	if e.name != "" && e.group.count > 0 {
		count++
	}
	for name, g := range e.others {
		if name != "" && g.count > 0 {
			count++
		}
	}
	return count
}

// withReused returns risks with finding.Reused among them, behind those that are as bad.
func withReused(risks []finding.Risk) []finding.Risk {
	reused, at := finding.Reused(), 0
	for i, risk := range risks {
		if risk.ID == reused.ID {
			return risks
		}
		if risk.Severity.Rank() <= reused.Severity.Rank() {
			at = i + 1
		}
	}
	return slices.Insert(slices.Clone(risks), at, reused)
}
