package report

import (
	"encoding/binary"
	"maps"
	"slices"

	"github.com/jwtleak/jwtleak/scanner/finding"
)

// hashSize is how many bytes Finding.OtherPlaces has of a place.
const hashSize = 8

// otherPlaces returns Finding.OtherPlaces: the hashes of the places that are known and not among those listed. The groups
// have been told to remember theirs.
func (e *entry) otherPlaces(listed []finding.Occurrence, hash *placeHash) []byte {
	all := maps.Clone(e.hashed)
	if all == nil {
		all = make(map[uint64]struct{}, e.group.count)
	}
	maps.Copy(all, e.group.seen)
	for _, g := range e.others {
		maps.Copy(all, g.seen)
	}
	for _, occurrence := range listed {
		delete(all, hash.of(occurrence))
	}
	places := make([]byte, 0, hashSize*len(all))
	for _, sum := range slices.Sorted(maps.Keys(all)) {
		places = binary.BigEndian.AppendUint64(places, sum)
	}
	return places
}

// learn takes in Finding.OtherPlaces of a saved report.
func (e *entry) learn(places []byte, hash *placeHash) {
	if len(places) < hashSize {
		return
	}
	e.remember(hash)
	for ; len(places) >= hashSize; places = places[hashSize:] {
		e.know(binary.BigEndian.Uint64(places))
	}
}

// know takes in a place by its hash alone. The groups have been told to remember theirs.
func (e *entry) know(sum uint64) {
	if e.hashed == nil {
		e.hashed = map[uint64]struct{}{}
	}
	if !e.hasSeen(sum) {
		e.hashed[sum] = struct{}{}
	}
}

// unionHashes takes in what another account of the same token knows by hashes alone, once the groups have been united.
func (e *entry) unionHashes(other *entry, hash *placeHash) {
	if len(e.hashed)+len(other.hashed) == 0 {
		return
	}
	e.remember(hash)
	for sum := range e.hashed {
		if e.hasSeen(sum) {
			delete(e.hashed, sum)
		}
	}
	for sum := range other.hashed {
		e.know(sum)
	}
}

// remember has every group know the hashes of its places.
func (e *entry) remember(hash *placeHash) {
	e.group.remember(hash)
	for _, g := range e.others {
		g.remember(hash)
	}
}

// hasSeen reports whether a group has the place of that hash.
func (e *entry) hasSeen(sum uint64) bool {
	if _, ok := e.group.seen[sum]; ok {
		return true
	}
	for _, g := range e.others {
		if _, ok := g.seen[sum]; ok {
			return true
		}
	}
	return false
}
