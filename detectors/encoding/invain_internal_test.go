package encoding

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// TestInVainIsSoWhateverIsAround asks what is beside a run, with other text around what is remembered: it must be in vain
// there, too, and so must it be where a detector is asked that remembers.
func TestInVainIsSoWhateverIsAround(t *testing.T) {
	r := rand.New(rand.NewPCG(27, 11))
	pieces := append(beginnings(), "2026-11-30 10:00:01 web-1: ", "12: ", "> ", "}\n"+`{"log":"`, `","stream":"stdout"}`, "eyJhbGciOi", "aWF0Ijo")
	random := func(least int) string {
		var text bytes.Buffer
		for text.Len() < least {
			text.WriteString(pieces[r.IntN(len(pieces))])
			if r.IntN(3) == 0 {
				text.WriteString(strings.Repeat("identifierOf ", r.IntN(9)))
			}
		}
		return text.String()[:least]
	}
	remembers, inVain, found := New(), 0, 0
	for range 30000 {
		size := 1 + r.IntN(300)
		middle := random(candidateBack + size + candidateAhead)
		there := func() (text []byte, from int) {
			front := random(r.IntN(700))
			return []byte(front + middle + random(r.IntN(700))), len(front) + candidateBack
		}
		fresh := New()
		text, from := there()
		if (candidates{fresh}).needleIn(text, from, from+size) >= 0 {
			found++
			continue
		}
		if v := fresh.inVain(); !v.has(v.keyOf(text, from, from+size)) {
			continue // it depends on more
		}
		inVain++
		text, from = there()
		if at := (candidates{New()}).needleIn(text, from, from+size); at >= 0 {
			t.Errorf("in vain there, and found at %d with other text around, in %q", at-from, text[from:from+size])
		}
		candidates{remembers}.needleIn(text, from, from+size)
		if got := remembers.needlesIn(nil, text, from, from+size); len(got) > 0 {
			t.Errorf("%v are found where none was, in %q", got, text[from:from+size])
		}
	}
	if inVain < 3000 || found < 3000 {
		t.Errorf("%d are in vain and %d are not: the test is of no use", inVain, found)
	}
}

// TestInVainIsOfOneText has what is remembered of one text asked of others: the end of a text and what is around it count.
func TestInVainIsOfOneText(t *testing.T) {
	d := New()
	text := []byte(strings.Repeat("plain words ", 100))
	v := d.inVain()
	keys := []uint64{
		v.keyOf(text, 400, 500), v.keyOf(text, 400, 501), v.keyOf(text, 401, 501),
		v.keyOf(text[:520], 400, 500), v.keyOf(text[:521], 400, 500), v.keyOf(text[300:], 100, 200),
	}
	for i, key := range keys {
		if key == 0 || slices.Contains(keys[:i], key) {
			t.Errorf("key %d of %v is none of its own", i, keys)
		}
	}
	if key := v.keyOf([]byte(strings.Repeat("a", 2*mostVain)), 0, mostVain+1); key != 0 || v.has(key) {
		t.Error("more than is remembered has a key, or is known")
	}
	v.add(0)
	if v.has(0) || v.has(keys[0]) {
		t.Error("what was not added is known")
	}
}

// TestInVainIsNotWhatDependsOnMore has lines that end in what may begin a needle. Whether one goes on depends on how its line begins.
func TestInVainIsNotWhatDependsOnMore(t *testing.T) {
	for _, test := range []struct {
		name, front string
		padding     int
		isFar       bool
	}{
		{"a line that begins near", "; ", 3, false},
		{"one that begins far", "; ", 12, true},
		{"one with a dash", "-", 3, true},
		{"the beginning of the text", "", 3, false},
	} {
		text := []byte("a line\n" + test.front + strings.Repeat("words of a message ", test.padding) + "ey\n; JhbGciOiJIUzI1NiJ9\n")
		if test.front == "" {
			text = text[len("a line\n"):]
		}
		feed := bytes.LastIndexByte(text[:len(text)-1], '\n')
		if found := compiled().nextBroken(text, feed-8, feed+1); found.far != test.isFar {
			t.Errorf("%s: %+v, want far %v", test.name, found, test.isFar)
		}
	}
}
