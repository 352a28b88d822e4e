package pack

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"sync"

	"github.com/jwtleak/jwtleak/scanner/fault"
	"github.com/jwtleak/jwtleak/scanner/finding"
	"github.com/jwtleak/jwtleak/scanner/source/git/history"
	"github.com/jwtleak/jwtleak/scanner/source/git/pack/inflate"
)

// An unindexed is a pack that has no index, or a wrong one. It is read entry by entry, and its objects are named by their
// content.
type unindexed struct {
	*pack
	offsets []int64 // of its entries
	damage  error   // what of it can't be read
	lost    int     // entries that could not be named
	unnamed error
}

// makeIndexes makes the indexes of packs that have none. A delta of one may have its base in another, so they are gone
// through again as long as that names more.
func (s *Store) makeIndexes(ctx context.Context, packs []*unindexed) {
	for _, u := range packs {
		u.offsets, u.damage = u.walk(ctx, s)
	}
	left := packs
	for round := 0; len(left) > 0 && round < maxHops; round++ {
		var more []*unindexed
		progress := false
		for _, u := range left {
			before := u.lost
			u.makeIndex(ctx, s)
			progress = progress || round == 0 || u.lost < before
			if u.lost > 0 {
				more = append(more, u)
			}
		}
		if left = more; !progress || len(packs) == 1 {
			break
		}
	}
	for _, u := range packs {
		err := u.unnamed
		if u.lost > 0 {
			err = errors.Join(err, errors.New(finding.CountOf(u.lost, "object", "objects")+" could not be read"))
		}
		if err = errors.Join(u.damage, err); err != nil && !u.isUnfinished {
			s.problem(u.where(), err)
		}
	}
}

// makeIndex names the objects.
func (u *unindexed) makeIndex(ctx context.Context, s *Store) {
	u.index = &index{nameSize: u.nameSize, offsets: u.offsets, names: make([]byte, len(u.offsets)*u.nameSize)}
	n, err := u.nameAll(ctx, s)
	if err == nil {
		u.index, err = n.index(u.pack)
	}
	if err != nil {
		u.index = &index{nameSize: u.nameSize}
	}
	u.unnamed, u.lost = err, len(u.offsets)-n.named()
	u.once, u.entries = sync.Once{}, nil // what was made with the offsets alone
}

// walk returns the offsets of the entries of a pack. One that can't be read counts: it is an object that can't be read.
// How many there are the pack may say wrongly, so it is gone through to its end; behind as many as it says, only what can
// be read counts.
func (p *pack) walk(ctx context.Context, s *Store) (offsets []int64, problem error) {
	header := make([]byte, packHeader)
	if _, err := p.file.ReadAt(header, 0); err != nil {
		return nil, err
	}
	count := int(binary.BigEndian.Uint32(header[8:]))
	offset, end := int64(packHeader), p.size-int64(p.nameSize)
	if p.isUnfinished { // it has no checksum yet, and may have no count
		count, end = math.MaxInt, p.size
	}
	search := &entrySearch{worker: newWorker(s, p), end: end, budget: searchBudget + searchFactor*p.size}
	isBehind := false // there are bytes behind as many objects as the pack says it has
	for offset < end && ctx.Err() == nil {
		isBehind = len(offsets) >= count
		next, err := search.skip(offset)
		if err == nil || !isBehind {
			offsets = append(offsets, offset)
		}
		if err != nil {
			if problem == nil && !isBehind {
				problem = fmt.Errorf("the entry at %d: %w", offset, err)
			}
			next = search.after(ctx, offset)
		}
		offset = next
	}
	switch {
	case isBehind:
		problem = errors.Join(problem, fmt.Errorf("goes on behind the %s that it says it has", finding.CountOf(count, "object", "objects")))
	case len(offsets) < count:
		problem = errors.Join(problem, fmt.Errorf("ends after %d of %s: %w", len(offsets), finding.CountOf(count, "object", "objects"), io.ErrUnexpectedEOF))
	}
	return offsets, problem
}

// An entrySearch finds where a pack goes on behind an entry that can't be read.
type entrySearch struct {
	*worker
	end    int64
	budget int64 // bytes that may yet be inflated for nothing
}

const (
	// searchProbe is how much of a supposed entry is inflated, in bytes, before the size that it claims is believed.
	searchProbe = 1 << 10
	// searchBudget and searchFactor, by the size of the pack, bound what is inflated in vain.
	searchBudget = 64 << 20
	searchFactor = 16
)

// after returns the first place behind offset where an entry begins: where what could be its header is followed by a
// stream that is whole, as its checksum says. It returns the end where there is none.
func (e *entrySearch) after(ctx context.Context, offset int64) int64 {
	for at := offset + 1; at < e.end && e.budget > 0; at++ {
		if at%4096 == 0 && ctx.Err() != nil {
			break
		}
		if e.maybe(at) {
			if _, err := e.skip(at); err == nil {
				return at
			}
		}
	}
	return e.end
}

// maybe reports whether an entry may begin at an offset.
func (e *entrySearch) maybe(at int64) bool {
	h, err := e.pack.header(e.reader, at)
	if err != nil || h.plausible(e.end) != nil || h.size > maxObject {
		return false
	}
	err = e.probe(h)
	if err != nil && !errors.Is(err, inflate.ErrCut) && (h.size <= searchProbe || !errors.Is(err, inflate.ErrSize)) {
		return false
	}
	e.budget -= h.size
	return true
}

// probe decodes the beginning of a supposed entry.
func (e *entrySearch) probe(h entryHeader) (err error) {
	defer fault.Contain(&err)
	input, err := e.reader.at(h.data, 2*searchProbe)
	if err != nil {
		return err
	}
	if len(input) < 2 || (int(input[0])<<8|int(input[1]))%31 != 0 {
		return inflate.ErrCorrupt
	}
	output := e.buffer(min(h.size, searchProbe))
	defer e.release(output)
	e.budget -= searchProbe
	_, err = e.decoder.Decode(output, input)
	return err
}

// named returns how many have a name.
func (n *naming) named() (count int) {
	for _, name := range n.names {
		if name != (history.Name{}) {
			count++
		}
	}
	return count
}
