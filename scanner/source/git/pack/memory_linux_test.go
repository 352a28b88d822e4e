package pack

import "testing"

// As many entries as are asked for are there, and nothing is in them, on both sides of where they are not made as everything is.
func TestLargeEntries(t *testing.T) {
	for _, count := range []int{0, 1, fewEntries, fewEntries + 1, 3 * fewEntries} {
		entries, memory := largeEntries(count)
		if len(entries) != count || (memory != nil) != (count > fewEntries) {
			t.Fatalf("%d entries and %d bytes of memory of their own for %d", len(entries), len(memory), count)
		}
		for i := range entries {
			if entries[i] != (packEntry{}) {
				t.Fatalf("entry %d of %d is not empty", i, count)
			}
			entries[i] = packEntry{offset: int64(i), place: -1, kind: 7}
		}
		for i := range entries {
			if entries[i].offset != int64(i) {
				t.Fatalf("entry %d of %d is another one's", i, count)
			}
		}
		if memory != nil {
			releaseMemory(memory)
		}
	}
}
