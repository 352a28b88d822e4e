package history

import (
	"bytes"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// gathered writes down all that was gathered, and ends it.
func gathered(t *Trees) (lines []string) {
	for _, g := range t.all {
		for _, l := range g.leaves {
			lines = append(lines, fmt.Sprint("leaf ", l.parent, g.list[l.name], l.blob))
		}
		for _, l := range g.named {
			lines = append(lines, fmt.Sprint("named ", l.parent, g.list[l.name], l.object))
		}
		for _, l := range g.told {
			lines = append(lines, fmt.Sprint("told ", l.parent, g.list[l.name]))
		}
	}
	for name := range t.Missing() {
		lines = append(lines, fmt.Sprint("missing ", name))
	}
	f := t.join()
	for part := range f.parts {
		for _, e := range f.parts[part].edges {
			of := f.origins[e.number]
			f.versions.having(e.number, of.tree, func(tree uint32) bool {
				lines = append(lines, fmt.Sprint("edge ", e.child, tree, f.list[of.name]))
				return true
			})
		}
	}
	slices.Sort(lines)
	return lines
}

// randomEntries returns a tree of so many entries, of which some have names and objects that matter.
func randomEntries(random *rand.Rand, count int) []byte {
	entries := map[string]string{}
	for range count {
		name := fmt.Sprintf("%x%s", random.IntN(40), []string{"", ".go", ".br", strings.Repeat("x", 20), "a-token-in-" + strings.Repeat("y", 20)}[random.IntN(5)])
		mode := []string{"100644", "40000", "40000", "160000", "120000"}[random.IntN(5)]
		entries[name] = mode + " " + name + "\x00" + string(number(random.IntN(60)).Bytes())
	}
	names := slices.Sorted(maps.Keys(entries))
	if random.IntN(10) == 0 { // which is not how they are ordered
		random.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	}
	var content []byte
	for _, name := range names {
		content = append(content, entries[name]...)
	}
	return content
}

// boundaries returns where entries start in a tree, as far as it is one, and where the last ends.
func boundaries(content []byte) []int {
	starts := []int{0}
	for rest := content; len(rest) > 0; {
		_, behind, err := nextEntry(rest, 20)
		if err != nil {
			break
		}
		rest = behind
		starts = append(starts, len(content)-len(rest))
	}
	return starts
}

// randomVersion makes a version of a tree, in which entries go, come, and get other objects, and ranges are copied that end
// anywhere; seldom some of it lies elsewhere, or twice.
func randomVersion(random *rand.Rand, base []byte) (content []byte, copied []Copied) {
	starts := boundaries(base)
	edit := func() int {
		if at := starts[random.IntN(len(starts))]; random.IntN(8) > 0 {
			return min(len(base), at+[]int{0, 0, 7, 9, 21}[random.IntN(5)])
		}
		return random.IntN(len(base) + 1)
	}
	from := 0
	for range random.IntN(5) + 1 {
		end := edit()
		if end < from && random.IntN(4) > 0 {
			continue
		}
		from = min(from, end)
		if random.IntN(10) > 0 { // not all have to be told
			copied = append(copied, Copied{len(content), len(content) + end - from, from})
		}
		content = append(content, base[from:end]...)
		from = end
		switch random.IntN(4) {
		case 0:
			content = append(content, randomEntries(random, 1+random.IntN(2))...)
		case 1:
			if len(base)-from >= 20 {
				content = append(content, number(random.IntN(60)).Bytes()...)
				from += 20
			}
		case 2:
			from = max(from, edit())
		}
	}
	if random.IntN(8) > 0 {
		copied = append(copied, Copied{len(content), len(content) + len(base) - from, from})
		content = append(content, base[from:]...)
	}
	return content, copied
}

// TestVersions adds trees that are versions of one another, and holds what is gathered to what is where nothing is known of how
// they were made.
func TestVersions(t *testing.T) {
	inherited, dropped := 0, 0
	for seed := range uint64(400) {
		random := rand.New(rand.NewPCG(seed, 21))
		var blobs []Blob
		for n := range 5 {
			blobs = append(blobs, Blob{Name: number(n)})
		}
		absent := func(names []Name) (missing []Name) {
			for _, name := range names {
				if name.raw[0]%7 == 3 {
					missing = append(missing, name)
				}
			}
			return missing
		}
		newTrees := func() *Trees {
			trees := NewTrees(blobs, 20, 2, absent)
			trees.Watch([]string{".br"})
			trees.WatchNames(func(name []byte) bool { return bytes.Contains(name, []byte("token")) })
			return trees
		}
		like, plain := newTrees(), newTrees()
		plain.seed = like.seed
		type known struct {
			content []byte
			noted   *Noted
			job     int
		}
		stack := []known{{}}
		for tree := range 60 {
			base := stack[len(stack)-1]
			v := &Version{Base: base.noted, HasVersions: random.IntN(4) > 0}
			job := base.job
			content, copied := randomVersion(random, base.content)
			if v.Copied = copied; base.noted == nil {
				job, content = random.IntN(2), randomEntries(random, random.IntN(30))
			}
			has, err := like.AddVersion(job, number(1000+tree), content, v)
			if plainHas, plainErr := plain.Add(job, number(1000+tree), content); plainErr != err || plainHas != has { //nolint:errorlint // as they are
				t.Fatalf("seed %d: %v, error %v, want %v, %v", seed, has, err, plainHas, plainErr)
			}
			if v.HasVersions {
				stack = append(stack, known{content, v.Noted, job})
			}
			for len(stack) > 1 && random.IntN(4) == 0 {
				stack[len(stack)-1].noted.Release()
				stack = stack[:len(stack)-1]
			}
		}
		for _, g := range like.all {
			inherited, dropped = inherited+len(g.versions), dropped+len(g.dropped)
		}
		if diff := cmp.Diff(gathered(plain), gathered(like)); diff != "" {
			t.Fatalf("seed %d (-plain +like):\n%s", seed, diff)
		}
	}
	if inherited < 1000 || dropped < 1000 {
		t.Errorf("only %d trees have their entries from others, which drop %d", inherited, dropped)
	}
}

// TestUnlikeVersion holds a version that drops most of its base to be noted as a tree of its own, so that what is noted of it is no
// more than it has itself.
func TestUnlikeVersion(t *testing.T) {
	trees := NewTrees(nil, 20, 1, nil)
	var base []byte
	for n := range 100 {
		base = fmt.Appendf(base, "40000 %02d\x00%s", n, number(n).Bytes())
	}
	first := &Version{HasVersions: true}
	if _, err := trees.AddVersion(0, number(1000), base, first); err != nil {
		t.Fatal(err)
	}
	for n, kept := range []int{99, 50, 10, 0} {
		size := kept * len(base) / 100
		if _, err := trees.AddVersion(0, number(1001+n), base[:size], &Version{Base: first.Noted, Copied: []Copied{{0, size, 0}}}); err != nil {
			t.Fatal(err)
		}
	}
	if g := trees.all[0]; len(g.versions) != 2 || len(g.dropped) != 51 {
		t.Errorf("%d versions drop %d entries, want 2 that drop 51", len(g.versions), len(g.dropped))
	}
}
