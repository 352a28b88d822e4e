package pack

import (
	"slices"

	"github.com/jwtleak/jwtleak/detectors"
	"github.com/jwtleak/jwtleak/scanner/source/git/history"
)

// Candidates are those of a blob.
type candidates struct {
	state candidateState
	list  []detectors.Candidate // all of them, where they are listed
}

type candidateState uint8

const (
	unknown   candidateState = iota // none has been looked for
	none                            // there is none
	allListed                       // there are
	unlisted                        // there are, and they are too many to be listed, or nobody needs the list
)

const (
	// perCandidate is how many bytes of a blob there must be for each candidate that is listed, so that lists take an eighth
	// of the memory that blobs do. So many as are always few are listed in any.
	perCandidate = 128
	alwaysFew    = 64
	// locatedAtOnce is how much of a blob is looked at before its candidates are counted, in bytes.
	locatedAtOnce = 256 << 10
	// worthInheriting is the length of the shortest range that is worth taking over, in bytes: around it, some is looked at
	// twice.
	worthInheriting = 512
)

// look returns the candidates of a blob of which nothing is known. They are listed only where the blob has deltas.
func (w *walker) look(text []byte, hasDeltas bool) candidates {
	if hasDeltas && w.locator != nil {
		if list, ok := w.locate(w.newList(), text, 0, len(text)); ok {
			return w.found(list)
		}
	}
	if w.Candidate.Index(text) < 0 {
		return candidates{state: none}
	}
	return candidates{state: unlisted}
}

// makeJudging makes a blob of one without a candidate, and notes where it has none, either.
func (w *walker) makeJudging(n *node, base []byte, d delta) (err error) {
	reach := max(0, w.Candidate.Width()-1)
	if n.bytes, w.copied, err = w.madeNoting(w.copied[:0], 2*reach, base, d); err != nil {
		return err
	}
	if !mayHaveBetween(w.Candidate, n.bytes, w.copied, reach) {
		n.candidates.state = none
	}
	return nil
}

// mayHaveBetween reports whether a text may have a candidate that does not lie within one of the ranges copied from another, each
// longer than two times reach.
func mayHaveBetween(candidate detectors.Prefilter, text []byte, copied []history.Copied, reach int) bool {
	from := 0
	for _, c := range copied {
		if candidate.Index(text[from:c.Start+reach]) >= 0 {
			return true
		}
		from = c.End - reach
	}
	return candidate.Index(text[from:]) >= 0
}

// isAdded reports, without putting it together, whether the blob that a delta makes of one without a candidate may have one,
// and whether it is a container where it has none.
func (w *walker) isAdded(parent *node, d delta) (mayHave, isContainer bool, err error) {
	reach, most := max(0, w.Candidate.Width()-1), len(d.instructions)/2 // as many copies there can be
	if d.size > w.streamed && most*2*reach+len(d.instructions) > maxCondensed {
		return true, false, nil
	}
	var prefix []byte
	w.condensed, prefix, err = w.forms.condensed(w.condensed[:0], w.prefix[:0], parent.bytes, d, reach)
	if err != nil {
		return false, false, err
	}
	if w.Candidate.Index(w.condensed) >= 0 {
		return true, false, nil
	}
	return false, w.isContainer(prefix), nil
}

// inherit returns the candidates of the blob, text, that a delta makes of one whose candidates are known. Where a range is
// copied they are the same, but for what is so near to its ends that it depends on what is beside it.
func (w *walker) inherit(parent *node, d delta, text []byte) candidates {
	if w.locator == nil || parent.candidates.state == unlisted || parent.candidates.state == unknown {
		return w.look(text, false)
	}
	known := parent.candidates.list
	back, ahead := w.locator.Reach()
	list, ok := w.newList(), true
	out, done := 0, 0 // all in front of done is in the list
	for left := d.instructions; len(left) > 0 && ok; {
		op := left[0]
		if left = left[1:]; op < 0x80 {
			out += int(op)
			left = left[op:]
			continue
		}
		offset, size, n := w.forms.copied(op, left)
		left = left[n:]
		start, end := out+back, out+size-ahead
		if out == 0 && offset == 0 {
			start = 0 // both begin here
		}
		if offset+size == len(parent.bytes) && out+size == len(text) {
			end = len(text) // both end here
		}
		if end-start >= worthInheriting {
			list, ok = w.locate(list, text, done, start)
			list = shifted(list, known, start+offset-out, end+offset-out, out-offset)
			done = end
		}
		out += size
	}
	if ok {
		list, ok = w.locate(list, text, done, len(text))
	}
	if !ok {
		return candidates{state: unlisted}
	}
	return w.found(list)
}

// locate appends the candidates in text[from:to], and reports whether there are few enough to be listed. The list is no
// longer of use where there are not.
func (w *walker) locate(list []detectors.Candidate, text []byte, from, to int) ([]detectors.Candidate, bool) {
	for ; from < to; from += locatedAtOnce {
		list = w.locator.Candidates(list, text, from, min(from+locatedAtOnce, to))
		if len(list) > alwaysFew+len(text)/perCandidate {
			w.releaseList(list)
			return nil, false
		}
	}
	return list, true
}

// shifted appends those of the known candidates that are from from to to, by so much further on.
func shifted(list, known []detectors.Candidate, from, to, by int) []detectors.Candidate {
	i, _ := slices.BinarySearchFunc(known, from, func(c detectors.Candidate, from int) int { return c.At - from })
	for ; i < len(known) && known[i].At < to; i++ {
		list = append(list, detectors.Candidate{At: known[i].At + by, Kind: known[i].Kind})
	}
	return list
}

func (w *walker) found(list []detectors.Candidate) candidates {
	if len(list) == 0 {
		w.releaseList(list)
		return candidates{state: none}
	}
	return candidates{state: allListed, list: list}
}

// newList returns an empty list; releaseList takes it back.
func (w *walker) newList() []detectors.Candidate {
	if last := len(w.lists) - 1; last >= 0 {
		list := w.lists[last]
		w.lists = w.lists[:last]
		return list
	}
	return nil
}

func (w *walker) releaseList(list []detectors.Candidate) {
	if cap(list) > 0 && cap(list) <= keptList && len(w.lists) < keptLists {
		w.lists = append(w.lists, list[:0])
	}
}

// What is kept of lists to be used again.
const (
	keptLists = 16
	keptList  = 1 << 14
)
