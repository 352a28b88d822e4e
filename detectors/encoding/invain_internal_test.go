package encoding

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// TestInVainIsSoWhateverIsAround asks what is beside a run, in a text of which all was replaced that what is remembered does not depend
// on: where it is in vain there, it must be in the text itself, and a detector that remembers must say the same.
func TestInVainIsSoWhateverIsAround(t *testing.T) {
	r := rand.New(rand.NewPCG(27, 11))
	pieces := append(beginnings(), "2026-11-30 10:00:01 web-1: ", "12: ", "> ", "}\n"+`{"log":"`, `","stream":"stdout"}`, "eyJhbGciOi", "aWF0Ijo")
	random := func(least int) string {
		var text strings.Builder
		for text.Len() < least {
			if r.IntN(4) == 0 {
				text.WriteString(narrowLines(r))
			}
			for range 1 + r.IntN(6) {
				text.WriteString(pieces[r.IntN(len(pieces))])
			}
			text.WriteString(strings.Repeat("identifierOf ", r.IntN(9)))
		}
		return text.String()
	}
	remembers, inVain, found, rounds := New(), 0, 0, Rounds(20000)
	for range rounds {
		text, size := random(1200), 1+r.IntN(300)
		from := 300 + r.IntN(300)
		first, last := from-vainBack, from+size+vainAhead
		texts := [2][]byte{[]byte(text), []byte(random(first)[:first] + text[first:last] + random(400))}
		for k, text := range texts {
			asked, other := New(), texts[1-k]
			if (candidates{asked}).needleIn(text, from, from+size) >= 0 {
				found++
				continue
			}
			if v := asked.inVain(); !v.has(v.keyOf(text, from, from+size)) {
				continue // it depends on more
			}
			inVain++
			if at := (candidates{New()}).needleIn(other, from, from+size); at >= 0 {
				t.Errorf("in vain where what is around is replaced, and found at %d, in %q", at-from, text[from:from+size])
			}
			candidates{remembers}.needleIn(text, from, from+size)
			if got := remembers.needlesIn(nil, other, from, from+size); len(got) > 0 {
				t.Errorf("%v are found where none was, in %q", got, text[from:from+size])
			}
		}
	}
	if min(inVain, found) < rounds/8 {
		t.Errorf("%d are in vain and %d are not: the test is of no use", inVain, found)
	}
}

// narrowLines returns lines of text in base64 or hexadecimal that are too narrow to tell by one, behind any line break, of one width but
// for one, perhaps.
func narrowLines(r *rand.Rand) string {
	encoded := base64.StdEncoding.EncodeToString([]byte(`{"iss":"https://issuer.example/","sub":"1234567890","aud":["one","two"],"exp":1764460800}`))
	if r.IntN(2) == 0 {
		encoded = hex.EncodeToString([]byte(encoded))
	}
	width, feed := narrowest+r.IntN(leastBroken), []string{"\n", "\r\n", `\n`, "%0A", "&#10;"}[r.IntN(5)]
	var text strings.Builder
	for encoded = encoded[r.IntN(20):]; len(encoded) > width; encoded = encoded[width:] {
		text.WriteString(feed + encoded[:width])
		if r.IntN(20) == 0 {
			text.WriteString(" ")
		}
	}
	return text.String() + feed
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
