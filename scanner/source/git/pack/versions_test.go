package pack

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"
	"testing"

	"github.com/jwtleak/jwtleak/scanner/source/git/history"
)

// TestVersionsOfTrees holds what a sweep says of how trees were made to what they and their bases have, where bases are let go
// and read again as well.
func TestVersionsOfTrees(t *testing.T) {
	shown, made := 0, 0
	for seed := range uint64(12) {
		random := rand.New(rand.NewPCG(seed, 9))
		b := newBuilt(t)
		names := []history.Name{b.whole(Tree, treeText(random, 5+random.IntN(30)))}
		for range 100 {
			base := names[random.IntN(len(names))]
			if random.IntN(2) == 0 {
				base = names[len(names)-1]
			}
			target, delta := editedTree(random, b.objects[base].Bytes)
			names = append(names, b.delta(base, target, delta, random.IntN(3) == 0))
		}
		dir := t.TempDir()
		b.write(dir, 2)
		s := open(t, dir)
		jobs := 1 + int(seed%3)
		if seed%2 == 1 {
			s.budget = 4000
		}
		trees := history.NewTrees(nil, 20, jobs, nil)
		bases, counts := make([]map[*history.Noted][]byte, jobs), make([][2]int, jobs)
		for job := range bases {
			bases[job] = map[*history.Noted][]byte{}
		}
		err := s.Sweep(t.Context(), SweepOptions{Jobs: jobs, Types: []Type{Tree}, Visit: func(o Object) error {
			v := o.Version
			counts[o.Job][0]++
			if v.Base != nil {
				counts[o.Job][1]++
				base, ok := bases[o.Job][v.Base]
				if !ok {
					t.Error("the base is none of the job's")
				}
				for _, c := range v.Copied {
					if !bytes.Equal(o.Bytes[c.Start:c.End], base[c.From:c.From+c.End-c.Start]) {
						t.Errorf("seed %d: a range that is said to be copied is another in the base", seed)
					}
				}
			}
			if _, err := trees.AddVersion(o.Job, o.Name, o.Bytes, v); err != nil {
				t.Error(err)
			}
			if v.Noted != nil {
				bases[o.Job][v.Noted] = bytes.Clone(o.Bytes)
			}
			return nil
		}, Problem: func(path, reason string) { t.Error(path, reason) }})
		if err != nil {
			t.Fatal(err)
		}
		for _, count := range counts {
			shown, made = shown+count[0], made+count[1]
		}
	}
	if made < shown/2 {
		t.Errorf("of %d trees it is known of only %d how they were made", shown, made)
	}
}

// treeEntry is the length of the entries of treeText.
const treeEntry = len("100644 a\x00") + 20

// treeText returns a tree of so many entries.
func treeText(random *rand.Rand, entries int) (content []byte) {
	for range entries {
		content = append(append(content, "100644 a\x00"...), text(random, 20)...)
	}
	return content
}

// editedTree is edited for a tree, whose entries stay whole.
func editedTree(random *rand.Rand, base []byte) (target, delta []byte) {
	for count := len(base) / treeEntry; len(target) == 0 || random.IntN(4) > 0; {
		if first := random.IntN(count + 1); first < count {
			size := (1 + random.IntN(count-first)) * treeEntry
			target = append(target, base[first*treeEntry:first*treeEntry+size]...)
			delta = append(delta, copying(first*treeEntry, size)...)
		}
		insert := treeText(random, 1+random.IntN(4))
		target = append(target, insert...)
		delta = append(append(delta, byte(len(insert))), insert...)
	}
	head := binary.AppendUvarint(nil, uint64(len(base)))
	return target, append(binary.AppendUvarint(head, uint64(len(target))), delta...)
}
