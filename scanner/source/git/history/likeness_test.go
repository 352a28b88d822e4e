package history

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// gathered writes down all that was gathered.
func gathered(t *Trees) (lines []string) {
	for _, g := range t.all {
		for _, chunks := range g.edges {
			for _, e := range slices.Concat(chunks...) {
				lines = append(lines, fmt.Sprint("edge ", e.child, e.parent, g.list[e.name]))
			}
		}
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
	slices.Sort(lines)
	return lines
}

// TestLikeTrees adds versions of a tree, in which entries come, go and change, and holds what is gathered to what is
// where no tree is remembered.
func TestLikeTrees(t *testing.T) {
	for seed := range uint64(30) {
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
			trees := NewTrees(blobs, 20, 1, absent)
			trees.Watch([]string{".br"})
			trees.WatchNames(func(name []byte) bool { return bytes.Contains(name, []byte("token")) })
			return trees
		}
		like, plain := newTrees(), newTrees()
		plain.seed = like.seed
		entries := map[string]string{}
		for tree := range 60 {
			for range random.IntN(6) {
				name := fmt.Sprintf("%x%s", random.IntN(40), []string{"", ".go", ".br", strings.Repeat("x", 20), "a-token-in-" + strings.Repeat("y", 20)}[random.IntN(5)])
				if random.IntN(3) == 0 {
					delete(entries, name)
					continue
				}
				mode := []string{"100644", "40000", "160000", "120000"}[random.IntN(4)]
				entries[name] = mode + " " + name + "\x00" + string(number(random.IntN(60)).Bytes())
			}
			var names []string
			for name := range entries {
				names = append(names, name)
			}
			slices.Sort(names)
			if random.IntN(10) == 0 { // which is not how they are ordered
				random.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
			}
			var content []byte
			for _, name := range names {
				content = append(content, entries[name]...)
			}
			if len(content) > 0 && random.IntN(10) == 0 {
				content = content[:random.IntN(len(content))]
			}
			has, err := like.Add(0, number(1000+tree), content)
			plain.all[0].likeness = likeness{}
			if plainHas, plainErr := plain.Add(0, number(1000+tree), content); plainErr != err || plainHas != has { //nolint:errorlint // as they are
				t.Fatalf("seed %d: %v, error %v, want %v, %v", seed, has, err, plainHas, plainErr)
			}
		}
		if diff := cmp.Diff(gathered(plain), gathered(like)); diff != "" {
			t.Fatalf("seed %d (-plain +like):\n%s", seed, diff)
		}
	}
}
