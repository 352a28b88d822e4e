package report

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"hash/maphash"
	"slices"
	"strings"

	"github.com/jwtleak/jwtleak/scanner/finding"
)

// A group is the occurrences of one finding in one repository, or outside of any.
type group struct {
	kept  []finding.Occurrence // the first by place, in order
	count int                  // of distinct places
	// seen holds a hash of each place, so that one told twice counts once even when it is no longer kept. It is nil as
	// long as all places are kept.
	seen map[uint64]struct{}
}

// maxSeen bounds the hashes of a group. Past it, a place that is told twice and not kept is counted twice: exactness
// without bound would need memory without bound.
const maxSeen = 1 << 16

// add takes an occurrence in, of which at most so many are kept. Of two accounts of one place the more telling one
// stays.
func (g *group) add(occurrence finding.Occurrence, most int, hash *placeHash) {
	if i, again := slices.BinarySearchFunc(g.kept, occurrence, comparePlaces); again {
		g.kept[i] = moreTelling(g.kept[i], occurrence)
		return
	}
	g.insert(occurrence, most, hash)
}

// insert takes an occurrence in that may be known already; then what is known of it stays.
func (g *group) insert(occurrence finding.Occurrence, most int, hash *placeHash) {
	i, again := slices.BinarySearchFunc(g.kept, occurrence, comparePlaces)
	if again {
		return
	}
	if len(g.kept) < most {
		g.kept = slices.Insert(g.kept, i, occurrence)
		g.count++
		return
	}
	g.remember(hash)
	if !g.note(hash.of(occurrence)) {
		return
	}
	if i < most {
		copy(g.kept[i+1:], g.kept[i:])
		g.kept[i] = occurrence
	}
}

// remember makes seen from what is kept, where there is none yet.
func (g *group) remember(hash *placeHash) {
	if g.seen != nil {
		return
	}
	g.seen = make(map[uint64]struct{}, 2*len(g.kept))
	for _, kept := range g.kept {
		g.seen[hash.of(kept)] = struct{}{}
	}
}

// note counts the place of that hash and reports whether it is new.
func (g *group) note(sum uint64) bool {
	if _, again := g.seen[sum]; again {
		return false
	}
	if len(g.seen) < maxSeen {
		g.seen[sum] = struct{}{}
	}
	g.count++
	return true
}

// union takes in all places of another group, whose hashes are of the same placeHash. Of a place that both have, what g
// knows stays.
func (g *group) union(other *group, most int, hash *placeHash) {
	if other.seen == nil {
		for _, occurrence := range other.kept {
			g.insert(occurrence, most, hash)
		}
		return
	}
	g.remember(hash)
	for sum := range other.seen {
		g.note(sum)
	}
	g.count += other.count - len(other.seen)
	for _, occurrence := range other.kept {
		if i, again := slices.BinarySearchFunc(g.kept, occurrence, comparePlaces); !again && i < most {
			g.kept = slices.Insert(g.kept, i, occurrence)
			g.kept = g.kept[:min(len(g.kept), most)]
		}
	}
}

// moreTelling chooses between two accounts of one place, whichever came first: the one whose JSON is longer, or else
// smaller.
func moreTelling(a, b finding.Occurrence) finding.Occurrence {
	// An account that can't be written has no JSON, so it loses.
	aJSON, _ := a.MarshalJSON()
	bJSON, _ := b.MarshalJSON()
	if c := cmp.Or(len(bJSON)-len(aJSON), bytes.Compare(aJSON, bJSON)); c > 0 {
		return b
	}
	return a
}

// A place is what tells two occurrences of a token apart, in the order that reports list them by. By way of which target
// it was met is none of it: whoever names a directory and one inside of it has each place once.
type place struct {
	kind, repository, path string
	container              []string
	offset                 int64
	object                 string
	objectType             string
	commit                 string
}

func placeOf(occurrence finding.Occurrence) place {
	p := place{container: occurrence.Container, offset: occurrence.Offset}
	switch at := occurrence.Place.(type) {
	case finding.FilePlace:
		p.kind, p.path = at.Kind(), at.Path
	case finding.GitPlace:
		p.kind, p.repository, p.path = at.Kind(), at.Repository, at.Path
		p.object, p.objectType, p.commit = at.Object, at.ObjectType, at.Commit
	case finding.StdinPlace:
		p.kind = at.Kind()
	}
	return p
}

// repositoryOf returns the repository that an occurrence lies in, or "".
func repositoryOf(occurrence finding.Occurrence) string {
	if at, ok := occurrence.Place.(finding.GitPlace); ok {
		return at.Repository
	}
	return ""
}

// comparePlaces orders occurrences by place; equal are those of the very same place.
func comparePlaces(a, b finding.Occurrence) int {
	if p, ok := a.Place.(finding.FilePlace); ok {
		if q, ok := b.Place.(finding.FilePlace); ok && p.Path != q.Path {
			return strings.Compare(p.Path, q.Path)
		}
	}
	p, q := placeOf(a), placeOf(b)
	if c := cmp.Or(strings.Compare(p.kind, q.kind), strings.Compare(p.repository, q.repository), strings.Compare(p.path, q.path)); c != 0 {
		return c
	}
	if c := slices.Compare(p.container, q.container); c != 0 {
		return c
	}
	return cmp.Or(
		cmp.Compare(p.offset, q.offset), strings.Compare(p.object, q.object),
		strings.Compare(p.objectType, q.objectType), strings.Compare(p.commit, q.commit),
	)
}

// A placeHash hashes places, with a seed of its own so that no input can aim at collisions.
type placeHash struct{ hash maphash.Hash }

func newPlaceHash() *placeHash { return &placeHash{} }

func (h *placeHash) of(occurrence finding.Occurrence) uint64 {
	p := placeOf(occurrence)
	h.hash.Reset()
	for _, s := range []string{p.kind, p.repository, p.path, p.object, p.objectType, p.commit} {
		h.string(s)
	}
	h.number(uint64(p.offset)) //nolint:gosec // only hashed
	for _, name := range p.container {
		h.string(name)
	}
	return h.hash.Sum64()
}

// string hashes a string so that what ends one and begins the next can't be mistaken.
func (h *placeHash) string(s string) {
	h.number(uint64(len(s)))
	_, _ = h.hash.WriteString(s) // never fails
}

func (h *placeHash) number(n uint64) {
	var b [8]byte
	binary.LittleEndian.PutUint64(b[:], n)
	_, _ = h.hash.Write(b[:]) // never fails
}
