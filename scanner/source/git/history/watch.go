package history

import "strings"

// Watch has the blobs noted whose names in trees end with one of these. It must be called in front of Add.
func (t *Trees) Watch(ends []string) { t.watched = ends }

// watches reports whether a name is one that is watched for.
func (t *Trees) watches(name []byte) bool {
	for _, end := range t.watched {
		if len(name) >= len(end) && string(name[len(name)-len(end):]) == end {
			return true
		}
	}
	return false
}

// Watched returns the blobs that were noted, each with one of its names.
func (t *Trees) Watched() map[Name]string {
	t.mu.Lock()
	defer t.mu.Unlock()
	watched := map[Name]string{}
	for _, g := range t.all {
		for _, l := range g.named {
			name := g.list[l.name]
			if known, ok := watched[l.object]; !ok || strings.Compare(name, known) < 0 {
				watched[l.object] = name
			}
		}
	}
	return watched
}

// Adopt takes these for the blobs that have tokens, in the place of those that the Trees was made with. They are the
// same, and more among those that were watched. It must be called when all trees have been added.
func (t *Trees) Adopt(blobs []Blob) {
	t.mu.Lock()
	defer t.mu.Unlock()
	before := t.blobs
	t.blobs = make(map[Name]int32, len(blobs))
	for i, blob := range blobs {
		t.blobs[blob.Name] = int32(i)
	}
	numbers := make([]int32, len(before))
	for name, number := range before {
		numbers[number] = t.blobs[name]
	}
	for _, g := range t.all {
		for i := range g.leaves {
			g.leaves[i].blob = numbers[g.leaves[i].blob]
		}
		for _, l := range g.named {
			number, has := t.blobs[l.object]
			if _, had := before[l.object]; has && !had {
				g.leaves = append(g.leaves, leaf{parent: l.parent, name: l.name, blob: number})
			}
		}
		g.named = nil
		for _, l := range g.told {
			if number, has := t.blobs[TellingName(g.list[l.name])]; has {
				g.leaves = append(g.leaves, leaf{parent: l.parent, name: g.number([]byte(g.list[l.name] + "/")), blob: number})
			}
		}
		g.told = nil
	}
}
