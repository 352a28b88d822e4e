package git

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/jwtleak/jwtleak/scanner/finding"
)

// TestSpots gives places back as they came in, in order, each once, whatever came first and was read twice.
func TestSpots(t *testing.T) {
	var want []finding.Occurrence
	for i := range int64(500) {
		at := finding.Occurrence{Offset: 100 * i, Line: 3 * i, Column: 1 + i%7, CharacterColumn: i % 2, Allowed: i%3 == 0}
		if i%5 == 0 {
			at.Encodings = []string{"base64"}
		}
		want = append(want, at)
	}
	for i := range int64(500) {
		want = append(want, finding.Occurrence{Offset: i, Line: 1, Column: 1 + i, Container: []string{"a.zip", "b"}})
	}
	var held repeats
	all := slices.Concat(want, want[:300])
	rand.New(rand.NewPCG(1, 1)).Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	known := sighted{first: all[0]}
	for i := range all {
		known = known.with(&all[i], &held)
	}
	var got []finding.Occurrence
	for _, place := range held.of(known.spots) {
		got = append(got, held.at(place, finding.Occurrence{}))
	}
	if diff := cmp.Diff(want, got); diff != "" || !cmp.Equal(known.first, want[0]) {
		t.Errorf("the first is %+v; places (-want +got):\n%s", known.first, diff)
	}
}

// TestSpotsAreBounded tells the first alone where all would take too much memory, and that it does.
func TestSpotsAreBounded(t *testing.T) {
	held := repeats{size: maxRepeats - 20}
	known := sighted{first: finding.Occurrence{Offset: 0, Allowed: true}}
	for i := range int64(1000) {
		known = known.with(&finding.Occurrence{Offset: i, Allowed: i < 900}, &held)
	}
	told := &telling{repeats: &held}
	if err := told.tell(known.first, known.spots); err != nil || len(told.batch) != 1 || told.batch[0].Allowed || !held.isCut || len(known.spots.text) > 0 {
		t.Errorf("%d are told, cut %v, %d bytes are held, error %v", len(told.batch), held.isCut, len(known.spots.text), err)
	}
}
