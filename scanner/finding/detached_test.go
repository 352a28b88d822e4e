package finding_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/jwtleak/jwtleak/scanner/finding"
)

func at(n int) finding.Occurrence {
	return finding.Occurrence{Place: finding.FilePlace{Path: fmt.Sprintf("%03d", n)}, Line: 1, Column: 1}
}

func detachedAt(places ...int) *finding.Detached {
	d := &finding.Detached{}
	for _, n := range places {
		d.Add(at(n))
	}
	return d
}

// TestDetachedInAnyOrder keeps the first places, whichever came first.
func TestDetachedInAnyOrder(t *testing.T) {
	want := detachedAt(0, 1, 2, 3, 4, 5, 6, 7, 8, 9)
	want.Count = 40
	for round := range uint64(50) {
		got := detachedAt(rand.New(rand.NewPCG(1, round)).Perm(40)...)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatal(diff)
		}
	}
}

func TestDetachedUnion(t *testing.T) {
	many := detachedAt(rand.New(rand.NewPCG(2, 2)).Perm(40)...)
	for name, test := range map[string]struct {
		a, b     *finding.Detached
		disjoint bool
		count    int64
		places   []int
	}{
		"with none":              {detachedAt(1), nil, false, 1, []int{1}},
		"of none":                {nil, detachedAt(1), true, 1, []int{1}},
		"the same":               {detachedAt(1, 2), detachedAt(2, 1), false, 2, []int{1, 2}},
		"some in common":         {detachedAt(1, 3), detachedAt(2, 3), false, 3, []int{1, 2, 3}},
		"elsewhere":              {detachedAt(1, 3), detachedAt(2, 4), true, 4, []int{1, 2, 3, 4}},
		"more than are told":     {many, detachedAt(50, 51), true, 42, []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}},
		"the least that can be":  {many, detachedAt(38, 39), false, 40, []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}},
		"the least, but no less": {detachedAt(0, 1, 2, 3, 4, 5, 6, 7), detachedAt(10, 11, 12, 13, 14), false, 13, []int{0, 1, 2, 3, 4, 5, 6, 7, 10, 11}},
	} {
		got := test.a.Union(test.b, test.disjoint)
		want := detachedAt(test.places...)
		want.Count = test.count
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	if (*finding.Detached)(nil).Union(nil, true) != nil {
		t.Error("some of none")
	}
}
