package jwt

import (
	"bytes"
	"slices"

	"github.com/jwtleak/jwtleak/detectors"
)

// How much around a member is unquoted at first, and how much more each time that this is too little.
const (
	firstUndone  = 2 << 10
	undoneGrowth = 4
	undoneAtOnce = 2 // bytes that take as long to undo as one takes to look at
)

// quoted says whether the segment at start is a member of a JSON serialization that is written so.
func (s *search) quoted(q *quoting, start, end int) candidate {
	switch {
	case start < s.told.end && s.told.isBy(q):
		return candidate{} // all in that was looked at
	case string(q.margin) == patchKept:
		return s.kept(*q, start, end)
	}
	return s.quotedBy(*q, start, end)
}

// kept is quotedBy for a line that a patch has kept: it is one of what was there, and of what is there now.
func (s *search) kept(q quoting, start, end int) candidate {
	q.margin = []byte("-")
	before := s.quotedBy(q, start, end)
	q.margin = []byte("+")
	after := s.quotedBy(q, start, end)
	switch {
	case before.more || !before.ok:
		return after
	case !after.ok:
		return before
	}
	before.by.signs |= after.by.signs
	for _, match := range after.all {
		if !slices.ContainsFunc(before.all, func(other detectors.Match) bool { return other.Token == match.Token }) {
			before.all = append(before.all, match)
		}
	}
	return before
}

// quotedBy is quoted for a quoting.
func (s *search) quotedBy(q quoting, start, end int) candidate {
	if s.spent > effort*len(s.text)+1<<16 {
		s.skipped(reasonEffort)
		return candidate{}
	}
	lowest := max(s.lowestOf(start), start-detectors.MaxHeld)
	highest := min(len(s.text), start+detectors.MaxHeld)
	if start < s.told.end { // with the margin in front of it
		first := max(s.lowest, lowest-longestMargin)
		lowest = first + bytes.LastIndexByte(s.text[first:lowest], '\n') + 1
	}
	before := s.spent
	for back, ahead := firstUndone, firstUndone; ; {
		from, to := max(lowest, start-back), min(highest, end+ahead)
		u := q.undo(s.text, from, start, to)
		inner := search{text: u.text, skipped: s.skipped, useless: -1}
		found := inner.serialized(u.placeOf(start))
		s.spent += (to-from)/undoneAtOnce + inner.spent
		switch {
		case found.ok:
			s.spent = before
			return s.within(&q, &u, found, start)
		case found.more && to < highest && !u.ends:
			ahead *= undoneGrowth
		case found.more && !u.ends:
			return candidate{more: highest == len(s.text)}
		case inner.atFront && u.isCut && from > lowest:
			back *= undoneGrowth
		default:
			s.atFront = s.atFront || inner.atFront && from == 0
			if u.isMixed {
				return s.printedIn(&u, start, end)
			}
			return candidate{}
		}
	}
}

// isBy reports whether it is written so, and in the same lines of a patch.
func (t told) isBy(q *quoting) bool {
	return t.by.quote == q.quote && (q.signs() == 0 || t.by.signs&q.signs() != 0)
}

// printedIn is printed for what has the lines of a patch in it that it is not of: these are no part of it, though it goes on behind what the
// patch has of it.
func (s *search) printedIn(u *unquoted, start, end int) candidate {
	inner := search{text: u.text, skipped: s.skipped, atEOF: true}
	found := inner.printed(u.placeOf(start), u.placeOf(end))
	if !found.ok {
		return candidate{isPassed: true}
	}
	for i, match := range found.all {
		found.all[i].Start, found.all[i].End = u.place(match.Start), u.place(match.End-1)+1
	}
	found.match = found.all[0]
	found.signature = found.match.End
	return found
}

// within returns what was found in what is unquoted as it is in the text, and all other serializations that are in it, but for those in front
// of a place, which were found.
func (s *search) within(q *quoting, u *unquoted, found candidate, start int) candidate {
	first, all := found.match.Start, found.all
	inner := search{text: u.text[first:found.match.End], atEOF: true, skipped: s.skipped, useless: -1}
	inner.yield = func(match detectors.Match) {
		match.Start, match.End = match.Start+first, match.End+first
		if match.Start > first && u.text[match.Start] == '{' && u.place(match.End-1) >= start {
			all = append(all, match)
		}
	}
	inner.run()
	for i, match := range all {
		all[i].Start, all[i].End = u.place(match.Start), u.place(match.End-1)+1
	}
	found.all, found.match = all, all[0]
	found.signature, found.by = found.match.End, toldBy{q.quote, q.signs()}
	return found
}

// quotedBegun returns where the outermost object begins that the text up to end may be inside of, as begun does, where it may be written so.
func (s *search) quotedBegun(end int) int {
	q, ok := s.openQuoting(end)
	if !ok {
		return end
	}
	lowest := max(s.lowest, end-detectors.MaxHeld)
	for end > lowest && len(q.quote) > 1 && isQuoteSign(s.text[end-1]) && s.text[end-1] != q.quote[len(q.quote)-1] {
		end-- // a quote is cut
	}
	for back := firstUndone; ; back *= undoneGrowth {
		from := max(lowest, end-back)
		u := q.undo(s.text, from, end, end)
		inner := search{text: u.text}
		begun := inner.begunPlain(len(u.text))
		s.spent += (end - from) / undoneAtOnce
		if inner.atFront && u.isCut && from > lowest {
			continue
		}
		s.atFront = s.atFront || inner.atFront && from == 0
		if begun < len(u.text) {
			return u.place(begun)
		}
		return end
	}
}
