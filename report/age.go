package report

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"maps"
	"slices"
	"time"

	"github.com/jwtleak/jwtleak/scanner/finding"
)

// compareAge orders reports, the latest first: by when they judge, then by when they were finished. Of those that tell the
// same times the contents decide, so that the order in which reports are named never does.
func compareAge(a, b *Fold) int {
	return cmp.Or(
		b.scan.EvaluatedAt.Compare(a.scan.EvaluatedAt), finishedAt(b.scan).Compare(finishedAt(a.scan)),
		b.scan.StartedAt.Compare(a.scan.StartedAt), bytes.Compare(a.content(), b.content()),
	)
}

// finishedAt returns when a scan was finished, as far as is known.
func finishedAt(scan finding.Scan) time.Time {
	if scan.FinishedAt.IsZero() {
		return scan.StartedAt
	}
	return scan.FinishedAt
}

// content returns a hash of all that was told, in whatever order. It is made once, and only where times do not tell reports
// apart.
func (f *Fold) content() []byte {
	if f.digest != nil {
		return f.digest
	}
	hash := sha256.New()
	encoder := json.NewEncoder(hash) // what can't be written counts as nothing
	_ = encoder.Encode(f.tool)
	_ = encoder.Encode(f.scan.Normal())
	_ = encoder.Encode([]bool{f.ended, f.faulty})
	_ = encoder.Encode([]int{f.strays, f.unlisted})
	for _, problem := range slices.SortedFunc(maps.Keys(f.problems), compareProblems) {
		_ = encoder.Encode(problem)
	}
	for _, id := range slices.Sorted(maps.Keys(f.entries)) {
		e := f.entries[id]
		_ = encoder.Encode(e.finding)
		_ = encoder.Encode([]int{e.unlisted, e.listed()})
		_ = encoder.Encode(slices.Sorted(maps.Keys(e.hashed)))
		for _, g := range e.groups() {
			_ = encoder.Encode(g.kept)
			_ = encoder.Encode(slices.Sorted(maps.Keys(g.seen)))
		}
	}
	f.digest = hash.Sum(nil)
	return f.digest
}

// groups returns the occurrences of a token by repository, sorted by its name.
func (e *entry) groups() []*group {
	named := maps.Clone(e.others)
	if named == nil {
		named = map[string]*group{}
	}
	named[e.name] = &e.group
	groups := make([]*group, 0, len(named))
	for _, name := range slices.Sorted(maps.Keys(named)) {
		groups = append(groups, named[name])
	}
	return groups
}
