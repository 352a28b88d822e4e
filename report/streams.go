package report

import (
	"slices"

	"github.com/jwtleak/jwtleak/scanner/finding"
)

// streamsDiffer reports whether a stream that was read from standard input for one report is to be told apart by when that
// was: where others were started at another time, which the reports together do not tell of each, or such are told apart.
func streamsDiffer(folds []*Fold) bool {
	if !slices.ContainsFunc(folds, (*Fold).hasStreams) {
		return false
	}
	return slices.ContainsFunc(folds, func(fold *Fold) bool {
		return len(folds) > 1 && fold.hasDatedStreams() || !fold.scan.StartedAt.Equal(folds[0].scan.StartedAt)
	})
}

func (f *Fold) hasStreams() bool { return slices.ContainsFunc(f.scan.Targets, isStream) }

func isStream(target finding.Target) bool { return target.Kind == finding.StdinPlace{}.Kind() }

// hasDatedStreams reports whether places of standard input say when that was read, as they do in what was merged.
func (f *Fold) hasDatedStreams() bool {
	for _, e := range f.entries {
		if dated, _ := e.streams(); dated {
			return true
		}
	}
	return false
}

// streams reports whether there are places of standard input that say when that was read, and that do not.
func (e *entry) streams() (dated, undated bool) {
	outside := &e.group
	if e.name != "" {
		outside = e.others[""]
	}
	if outside == nil {
		return false, false
	}
	for _, occurrence := range outside.kept {
		if place, ok := occurrence.Place.(finding.StdinPlace); ok {
			dated = dated || !place.ReadAt.IsZero()
			undated = undated || place.ReadAt.IsZero()
		}
	}
	return dated, undated
}

// dateStreams has the places of standard input say when that was read. Of places that are known by their hash alone no more
// than the number is kept where not all of them are of standard input.
func (f *Fold) dateStreams() {
	if f.scan.StartedAt.IsZero() || !f.hasStreams() {
		return
	}
	f.scan.Detached = f.scan.Detached.Elsewhere(func(place finding.Place) finding.Place {
		if stream, ok := place.(finding.StdinPlace); !ok || !stream.ReadAt.IsZero() {
			return place
		}
		return finding.StdinPlace{ReadAt: f.scan.StartedAt}
	})
	alone := !slices.ContainsFunc(f.scan.Targets, func(target finding.Target) bool { return !isStream(target) })
	for id, e := range f.entries {
		if dated, undated := e.streams(); undated || !dated && e.hidden() > 0 {
			f.entries[id] = f.dated(e, alone)
		}
	}
}

// hidden counts the places that are known and not kept.
func (e *entry) hidden() int {
	count := len(e.hashed)
	for _, g := range e.groups() {
		count += g.count - len(g.kept)
	}
	return count
}

// dated returns the places of a token, those of standard input with when that was read.
func (f *Fold) dated(e *entry, alone bool) *entry {
	dated, hidden := &entry{finding: e.finding, unlisted: e.unlisted}, e.hidden()
	sums := make(map[uint64]struct{}, hidden)
	for _, g := range e.groups() {
		for sum := range g.seen {
			sums[sum] = struct{}{}
		}
	}
	for sum := range e.hashed {
		sums[sum] = struct{}{}
	}
	for _, g := range e.groups() {
		for _, occurrence := range g.kept {
			delete(sums, f.places.of(occurrence))
			if _, ok := occurrence.Place.(finding.StdinPlace); ok {
				occurrence.Place = finding.StdinPlace{ReadAt: f.scan.StartedAt}
			}
			f.add(dated, occurrence)
		}
	}
	if !alone {
		dated.unlisted += hidden
		return dated
	}
	dated.unlisted += hidden - len(sums) // beyond those whose hashes are held
	dated.remember(f.places)
	for sum := range sums {
		dated.know(f.places.dated(sum, f.scan.StartedAt))
	}
	return dated
}
