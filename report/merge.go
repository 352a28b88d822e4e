package report

import (
	"bufio"
	"fmt"
	"io"
	"maps"
	slashpath "path"
	"slices"
	"strings"
	"time"

	"github.com/jwtleak/jwtleak/scanner/finding"
)

// A Merger combines saved reports into one. A token that several have is one finding, judged as the report with the
// latest evaluated_at judges it, of several such the one that finished last if it was asked to read all that the others were,
// else the worst; its places are those of all, each once and as the last to finish of these found it, and its exposure spans
// them. In which order reports are taken in is of no matter.
//
// What several scans read of standard input are different streams, which their places tell apart by when the scan was started.
//
// Reports of scans that were started in different directories of a repository have their paths from its root.
//
// Counts are exact: jsonl has all places, and JSON reports have hashes of those that they do not list. Where a token has
// more places than hashes are kept of (65 536), or the hashes are of paths from another directory, and the targets overlap,
// the count is the least that it can be: a problem says so, and the report is not complete.
type Merger struct {
	max       int
	places    *placeHash
	folds     []*Fold
	uncertain map[string]bool // the ids of findings whose count is the least it can be
	bound     int64           // on a line or value of what is read, in bytes
	damage    []string
	lean      bool
}

// NewMerger returns a Merger whose report lists at most maxOccurrences a finding; zero is DefaultMaxOccurrences.
func NewMerger(maxOccurrences int) *Merger {
	if maxOccurrences <= 0 {
		maxOccurrences = DefaultMaxOccurrences
	}
	return &Merger{max: maxOccurrences, places: newPlaceHash(), uncertain: map[string]bool{}, bound: maxValue}
}

func (m *Merger) newFold() *Fold {
	fold := NewFold(m.max)
	fold.places = m.places // so that hashes of places are the same in all
	fold.lean, fold.hashes = m.lean, !m.lean
	return fold
}

// Lean has what is read from now on kept without headers and claims, which the formats json and jsonl alone show and which
// are a quarter of what a large report takes.
func (m *Merger) Lean() { m.lean = true }

// Read takes in a saved report, JSON or jsonl, as the function Read does.
func (m *Merger) Read(r io.Reader) error {
	reader := &savedReader{in: bufio.NewReaderSize(r, 64<<10), newFold: m.newFold, bound: m.bound}
	err := reader.read()
	if err == nil {
		m.folds = append(m.folds, reader.folds...)
		for _, fold := range reader.folds {
			m.damage = append(m.damage, fold.damage()...)
		}
	}
	return err
}

// Damage says what of the reports read so far was cut or can't be read, and so is not in Report, and once that was called
// what of it is not certain. The report of a scan that could not read everything is not damaged for that.
func (m *Merger) Damage() []string { return m.damage }

// Add takes in a report.
func (m *Merger) Add(report finding.Report) {
	fold := m.newFold()
	for _, f := range report.Findings {
		fold.found(f)
	}
	fold.finish(finding.Ended{Tool: report.Tool, Scan: report.Scan})
	m.folds = append(m.folds, fold)
}

// Report returns all that was taken in. The merger is used up by it.
func (m *Merger) Report() finding.Report {
	if len(m.folds) == 0 {
		return m.newFold().Report()
	}
	// The latest first, so that what is known already is what stays.
	slices.SortStableFunc(m.folds, compareAge)
	if slices.ContainsFunc(m.folds, func(fold *Fold) bool { return originOf(fold.scan) != originOf(m.folds[0].scan) }) {
		for _, fold := range m.folds {
			fold.fromRoot()
		}
	}
	if streamsDiffer(m.folds) {
		for _, fold := range m.folds {
			fold.dateStreams()
		}
	}
	for _, fold := range m.folds {
		judge := fold.scan
		for _, e := range fold.entries {
			e.judge = &judge
		}
	}
	whole := m.folds[0]
	for i, fold := range m.folds[1:] {
		m.merge(whole, fold)
		m.folds[i+1] = nil
	}
	m.folds = nil
	whole.scan.Gone = slices.DeleteFunc(whole.scan.Gone, func(id string) bool { return whole.entries[id] != nil }) // met by another
	if len(m.uncertain) > 0 {
		reason := fmt.Sprintf("%s in several reports of one target that do not know every place: the count of places is the least it can be",
			plural(int64(len(m.uncertain)), "token is", "tokens are"))
		whole.problem(finding.Problem{Path: "-", Reason: reason})
		whole.faulty = true
		m.damage = append(m.damage, reason)
	}
	return whole.Report()
}

// merge takes an older report into a newer one.
func (m *Merger) merge(whole, older *Fold) {
	disjoint := disjointTargets(whole.scan.Targets, older.scan.Targets)
	read := allLieIn(older.scan.Targets, whole.scan.Targets)
	for id, e := range older.entries {
		known, ok := whole.entries[id]
		if !ok {
			whole.entries[id] = e
			continue
		}
		accepted := known.finding.Suppressed
		if e.finding.Suppressed == nil {
			accepted = nil // what one scan accepts, another may have met elsewhere
		}
		replaced := read && finishedAt(*known.judge).After(finishedAt(*e.judge))
		if known.judge.EvaluatedAt.Equal(e.judge.EvaluatedAt) && !replaced {
			known.finding = firstOf(known.finding, e.finding)
		} else {
			known.finding.Exposure = combineExposure(known.finding.Exposure, e.finding.Exposure)
		}
		if accepted == nil {
			known.finding.Suppressed = nil
		}
		if !known.union(e, disjoint, m.max, m.places) {
			m.uncertain[id] = true
		}
	}
	for _, problem := range slices.SortedFunc(maps.Keys(older.problems), compareProblems) { // there may not be room for all
		whole.problem(problem)
	}
	whole.unlisted += older.unlisted
	whole.scan = mergeScans(whole.scan, older.scan, disjoint)
	whole.ended = whole.ended && older.ended
	whole.faulty = whole.faulty || older.faulty
	whole.strays += older.strays
}

// union takes in the places of another account of the same token, and reports whether their number is certain.
func (e *entry) union(other *entry, disjoint bool, most int, hash *placeHash) bool {
	listed, otherListed := e.listed(), other.listed()
	total, otherTotal := listed+e.unlisted, otherListed+other.unlisted
	e.groupOf(other.name).union(&other.group, most, hash)
	for name, g := range other.others {
		e.groupOf(name).union(g, most, hash)
	}
	e.unionHashes(other, hash)
	union := e.listed()
	switch {
	case e.unlisted == 0 && other.unlisted == 0:
		return true
	case disjoint:
		e.unlisted += other.unlisted
		return true
	}
	e.unlisted = max(total, otherTotal, union) - union
	within, otherWithin := union == otherListed, union == listed // one's list holds the other's
	return other.unlisted == 0 && otherWithin || total-listed == 0 && within || total == otherTotal && within && otherWithin
}

// listed counts the places of a token that are known as such, or by their hashes.
func (e *entry) listed() int {
	count := e.group.count + len(e.hashed)
	for _, g := range e.others {
		count += g.count
	}
	return count
}

// disjointTargets reports whether two scans, as far as is known, had no targets that overlap.
func disjointTargets(a, b []finding.Target) bool {
	if len(a) == 0 || len(b) == 0 {
		return false
	}
	return !anyLiesIn(a, b) && !anyLiesIn(b, a)
}

// anyLiesIn reports whether a target is one of others or lies in one, as far as the words of their paths say.
func anyLiesIn(targets, others []finding.Target) bool {
	return slices.ContainsFunc(targets, liesInOneOf(others))
}

// allLieIn reports whether there are targets, and each is one of others or lies in one, as far as is known.
func allLieIn(targets, others []finding.Target) bool {
	within := liesInOneOf(others)
	return len(targets) > 0 && !slices.ContainsFunc(targets, func(target finding.Target) bool { return !within(target) })
}

// liesInOneOf returns what reports whether a target is one of others or lies in one.
func liesInOneOf(others []finding.Target) func(finding.Target) bool {
	known := make(map[string]struct{}, len(others))
	for _, other := range others {
		known[slashpath.Clean(other.Path)] = struct{}{}
	}
	is := func(path string) bool { return has(known, path) }
	return func(target finding.Target) bool {
		path := slashpath.Clean(target.Path)
		if is(path) || is("/") && strings.HasPrefix(path, "/") || is(".") && !isAbsolute(path) && !leadsOut(path) {
			return true
		}
		for i := range len(path) {
			if i > 0 && path[i] == '/' && is(path[:i]) {
				return true
			}
		}
		return false
	}
}

func mergeScans(newer, older finding.Scan, disjoint bool) finding.Scan {
	whole := newer
	whole.StartedAt = earlier(newer.StartedAt, older.StartedAt)
	if older.FinishedAt.After(newer.FinishedAt) {
		whole.FinishedAt = older.FinishedAt
	}
	whole.Targets = slices.Clone(newer.Targets)
	known := make(map[[2]string]struct{}, len(newer.Targets)+len(older.Targets))
	for _, target := range newer.Targets {
		known[[2]string{target.Kind, target.Path}] = struct{}{}
	}
	for _, target := range older.Targets {
		if name := [2]string{target.Kind, target.Path}; !has(known, name) {
			known[name] = struct{}{}
			whole.Targets = append(whole.Targets, target)
		}
	}
	whole.Stats = finding.Stats{
		Files: newer.Stats.Files + older.Stats.Files, Bytes: newer.Stats.Bytes + older.Stats.Bytes,
		Blobs: newer.Stats.Blobs + older.Stats.Blobs, Commits: newer.Stats.Commits + older.Stats.Commits,
		Containers: newer.Stats.Containers + older.Stats.Containers, LeftOut: newer.Stats.LeftOut + older.Stats.LeftOut,
	}
	whole.LeftOut = slices.Concat(newer.LeftOut, older.LeftOut)
	slices.SortFunc(whole.LeftOut, compareProblems)
	whole.LeftOut = slices.Compact(whole.LeftOut)
	whole.Narrowed = slices.Concat(newer.Narrowed, older.Narrowed)
	slices.Sort(whole.Narrowed)
	whole.Narrowed = slices.Compact(whole.Narrowed)
	whole.Detached = newer.Detached.Union(older.Detached, disjoint)
	whole.Complete = newer.Complete && older.Complete
	whole.ExitCode = nil // each had one of its own
	whole.Gone = slices.Concat(newer.Gone, older.Gone)
	slices.Sort(whole.Gone)
	whole.Gone = slices.Compact(whole.Gone)
	return whole
}

func has[K comparable](set map[K]struct{}, key K) bool {
	_, ok := set[key]
	return ok
}

// earlier returns the earlier of two times, one of which may be unknown.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// Merge combines reports into one, as a Merger does.
func Merge(maxOccurrences int, reports ...finding.Report) finding.Report {
	merger := NewMerger(maxOccurrences)
	for _, report := range reports {
		merger.Add(report)
	}
	return merger.Report()
}
