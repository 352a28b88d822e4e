package report

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"io"
	"slices"
	"time"

	"github.com/jwtleak/jwtleak/scanner/finding"
)

// A group is the occurrences of one finding in one repository, or outside of any.
type group struct {
	kept  []finding.Occurrence // the first by compareListed, in the order of their places
	count int                  // of distinct places
	worst int                  // where it is known which of kept is listed last: its index, and 1
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
		g.kept[i], g.worst = moreTelling(g.kept[i], occurrence), 0
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
	if g.seen == nil && len(g.kept) < most {
		g.kept = slices.Insert(g.kept, i, occurrence)
		g.count++
		return
	}
	g.remember(hash)
	if g.note(hash.of(occurrence)) {
		g.keep(i, occurrence, most)
	}
}

// keep keeps an occurrence, whose index in kept would be i: where there are as many as may be, in the place of the one that
// is listed last, if it is listed before that.
func (g *group) keep(i int, occurrence finding.Occurrence, most int) {
	if len(g.kept) < most {
		g.kept, g.worst = slices.Insert(g.kept, i, occurrence), 0
		return
	}
	if g.worst == 0 {
		g.worst = 1
		for at := range g.kept {
			if compareListed(g.kept[at], g.kept[g.worst-1]) > 0 {
				g.worst = at + 1
			}
		}
	}
	last := g.worst - 1
	if compareListed(occurrence, g.kept[last]) > 0 {
		return
	}
	if i > last {
		i--
		copy(g.kept[last:i], g.kept[last+1:])
	} else {
		copy(g.kept[i+1:last+1], g.kept[i:])
	}
	g.kept[i], g.worst = occurrence, 0
}

// first returns the occurrence that is listed first, or nil.
func (g *group) first() *finding.Occurrence {
	var first *finding.Occurrence
	for i := range g.kept {
		if first == nil || compareListed(g.kept[i], *first) < 0 {
			first = &g.kept[i]
		}
	}
	return first
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
	for _, occurrence := range other.kept {
		i, again := slices.BinarySearchFunc(g.kept, occurrence, comparePlaces)
		if _, known := g.seen[hash.of(occurrence)]; again || known {
			continue // known by its hash alone: g knows others that are listed before it
		}
		g.keep(i, occurrence, most)
	}
	for sum := range other.seen {
		g.note(sum)
	}
	g.count += other.count - len(other.seen)
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

// repositoryOf returns the repository that an occurrence lies in, or "".
func repositoryOf(occurrence finding.Occurrence) string {
	if at, ok := occurrence.Place.(finding.GitPlace); ok {
		return at.Repository
	}
	return ""
}

// comparePlaces orders occurrences by place; equal are those of the very same place.
func comparePlaces(a, b finding.Occurrence) int { return finding.ComparePlaces(&a, &b) }

// A placeHash hashes places: the first 8 bytes of the SHA-256 of what tells them apart. JSON reports have it of the places
// that they do not list, so it is the same in every run.
type placeHash struct {
	hash hash.Hash
	sum  []byte
}

func newPlaceHash() *placeHash { return &placeHash{hash: sha256.New()} }

func (h *placeHash) of(occurrence finding.Occurrence) uint64 {
	p := finding.SpotOf(&occurrence)
	h.hash.Reset()
	for _, s := range []string{p.Kind, p.Repository, p.Path, p.Object, p.ObjectType, p.Commit} {
		h.string(s)
	}
	h.number(uint64(p.Offset)) //nolint:gosec // only hashed
	for _, name := range p.Container {
		h.string(name)
	}
	h.sum = h.hash.Sum(h.sum[:0])
	sum := binary.BigEndian.Uint64(h.sum)
	if !p.ReadAt.IsZero() {
		return h.dated(sum, p.ReadAt)
	}
	return sum
}

// dated returns the hash of a place of standard input, once it is told when that was read, from the hash without.
func (h *placeHash) dated(sum uint64, readAt time.Time) uint64 {
	h.hash.Reset()
	h.number(sum)
	h.string(readAt.UTC().Format(time.RFC3339Nano))
	h.sum = h.hash.Sum(h.sum[:0])
	return binary.BigEndian.Uint64(h.sum)
}

// string hashes a string so that what ends one and begins the next can't be mistaken.
func (h *placeHash) string(s string) {
	h.number(uint64(len(s)))
	_, _ = io.WriteString(h.hash, s) // never fails
}

func (h *placeHash) number(n uint64) {
	var b [8]byte
	binary.LittleEndian.PutUint64(b[:], n)
	_, _ = h.hash.Write(b[:]) // never fails
}
