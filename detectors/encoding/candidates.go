package encoding

import (
	"cmp"
	"slices"

	"github.com/jwtleak/jwtleak/detectors"
	"github.com/jwtleak/jwtleak/detectors/prefilter"
)

// Prefilter returns what says cheaply where a token may begin, in plain form or wrapped.
//
// A candidate is the start of a plain header, or a place with a needle of a wrapping and at least minRun bytes such as
// wrappings consist of in the Width bytes that start with it. So a text may be judged by its windows of Width bytes:
// where none has a candidate, the whole has no token that Detect would find, plain or wrapped. Where a token is wrapped,
// a candidate stands near its beginning, not always before it. Where the machine has vectors such a place is none in a run without a
// telltale (see prefilter.Telltales), in which needles stand by chance.
func (d *Detector) Prefilter() detectors.Prefilter { return candidates{d} }

type candidates struct{ *Detector }

var _ detectors.Locator = candidates{}

// candidateWidth is what a run takes, with what stands before it and what a needle with a line break in it depends on.
const candidateWidth = maxGap/2 + besideBreak + before + minRun + longest

// Width implements detectors.Prefilter.
func (c candidates) Width() int { return candidateWidth }

// Index implements detectors.Prefilter.
func (c candidates) Index(text []byte) int {
	j := judging{candidates: c, text: text}
	for at := 0; at < len(text); {
		next, first := j.step(at)
		if first >= 0 {
			return first
		}
		at = next
	}
	return -1
}

// firstStart returns where the first start in text[from:to] is, with what it depends on in front of it, or -1.
func (c candidates) firstStart(text []byte, from, to int) int {
	for part := text[:min(to+sparseAhead, len(text))]; from < to; {
		needle, at := c.headers.Next(part, from)
		if at < 0 || at >= to {
			break
		}
		if kind, ok := startAt(text, prefilter.Hit{Needle: needle, At: at}); ok && kind == notSparse {
			return at
		} else if ok {
			return max(at-sparseBack, 0)
		}
		from = at + 1
	}
	return -1
}

// needleIn returns where a needle starts in text[from:to], whole or with a line break in it, or -1.
func (c candidates) needleIn(text []byte, from, to int) int {
	inVain := c.inVain()
	key := inVain.keyOf(text, from, to)
	if inVain.has(key) {
		return -1
	}
	at := c.nextNeedle(text, from, to, new(escapedText))
	broken, encoded, lines := c.besideRun(text, from, to)
	for _, other := range [3]int{broken.start, encoded.at, lines} {
		if other >= 0 && (at < 0 || other < at) {
			at = other
		}
	}
	if at < 0 && !broken.far {
		inVain.add(key)
	}
	return at
}

// nextNeedle returns where the first needle starts in text[from:to] that does not stand there by chance, or -1.
func (d *Detector) nextNeedle(text []byte, from, to int, seen *escapedText) int {
	m, part := d.matcher(), text[:min(to+longest, len(text))]
	for {
		at := m.next(part, from)
		if at < 0 || at >= to {
			return -1
		}
		end := at
		if text[at] == '%' {
			end = percentEnd(text, at)
		}
		isTooDeep := end-at > 2*(maxDepth+2)
		if isTooDeep && seen.tooDeep {
			from = end - len("2525") // of many one is enough to be told
			continue
		}
		if !m.isByChance(text[:min(to+candidateAhead, len(text))], at, seen) {
			seen.tooDeep = isTooDeep
			return at
		}
		from = at + 1
	}
}

// besideRun returns the first of each of the three that begin in text[from:to]: a needle with a line break in it, text in
// another form, and narrow lines of such text; where there is none, start, at and lines are -1.
func (d *Detector) besideRun(text []byte, from, to int) (broken brokenNeedle, encoded encodedText, lines int) {
	var s surrounding
	if d.vectors && s.mark(text, from, to) {
		return s.nextBroken(d.matcher()), s.nextEncoded(), s.nextLines()
	}
	lines, _ = nextLines(text, from, to)
	return d.matcher().nextBroken(text, from, to), nextEncoded(text, from, to), lines
}

// The kinds of candidates.
const (
	headerCandidate       = iota // the start of a plain header, where there is no long run
	needleCandidate              // a needle, in a long run or near it
	brokenCandidate              // a line feed with a needle across it, as near
	encodedCandidate             // the beginning of text in another form, in a long run
	linesCandidate               // a line break with narrow lines of such text behind it, as near
	framedCandidate              // the beginning of lines that have a margin or quotes, and are of such text together
	undoneFramedCandidate        // the line break in front of such lines, where that is escaped
	sparseCandidates             // and from here on the starts of sparse wrappings, by their kind
)

// What a candidate depends on in front of it and behind: a run that ends before it or begins behind it, and the needle.
const (
	candidateBack  = besideBreak + mostEntry + minRun
	candidateAhead = before + minRun + longest
)

// Candidates implements detectors.Locator.
func (c candidates) Candidates(dst []detectors.Candidate, text []byte, from, to int) []detectors.Candidate {
	return c.candidates(dst, text, from, to)
}

// Reach implements detectors.Locator.
func (c candidates) Reach() (back, ahead int) { return candidateBack, max(candidateAhead, framedAhead) }

// candidates appends the candidates in text[from:to] to dst, in order.
func (d *Detector) candidates(dst []detectors.Candidate, text []byte, from, to int) []detectors.Candidate {
	first := len(dst)
	dst = d.candidatesBut(dst, text, from, to)
	count, lines := len(dst), framedLines{text: text}
	for line := lines.next(from, to); line.At >= 0; line = lines.next(line.At+1, to) {
		dst = append(dst, line)
	}
	if len(dst) > count {
		inOrder(dst[first:])
	}
	return dst
}

func inOrder(candidates []detectors.Candidate) {
	slices.SortFunc(candidates, func(a, b detectors.Candidate) int {
		return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.Kind, b.Kind))
	})
}

// candidatesBut appends all but framed lines.
func (d *Detector) candidatesBut(dst []detectors.Candidate, text []byte, from, to int) []detectors.Candidate {
	return d.candidatesBy(dst, text, from, to, func(dst []detectors.Candidate, from, to, _ int) ([]detectors.Candidate, int) {
		return d.needlesIn(dst, text, from, to), to
	})
}

// candidatesBy is candidatesBut with what appends those in a long run or near it, from a place to another, of text up to a third. It
// returns up to where it did.
func (d *Detector) candidatesBy(dst []detectors.Candidate, text []byte, from, to int, needles func(dst []detectors.Candidate, from, to, end int) ([]detectors.Candidate, int)) []detectors.Candidate {
	var buffer [16]prefilter.Hit
	headers := headerQueue{set: d.headers, text: text[:min(to+sparseAhead, len(text))], next: from, hits: buffer[:0], buffer: buffer[:0]}
	// As far as a run must be seen to know that it is one, if what is beside it lies between from and to.
	at, end := max(0, from-besideBreak-minRun), min(len(text), to+before+2*minRun)
	searched := from
	for searched < to {
		run, ok := nextRun(text[:end], at, end, d.vectors)
		if !ok || run.start-before >= to {
			break
		}
		start, beside := max(searched, run.start-before), min(run.end+besideBreak, to)
		at = run.end
		if beside <= start {
			continue
		}
		dst = headers.between(dst, searched, start)
		dst, searched = needles(dst, start, beside, to)
	}
	return headers.between(dst, searched, to)
}

// plainCandidates appends the plain headers in text[from:to] to dst, in order.
func (d *Detector) plainCandidates(dst []detectors.Candidate, text []byte, from, to int) []detectors.Candidate {
	part := text[:min(to+longest, len(text))]
	for needle, at := d.headers.Next(part, from); at >= 0 && at < to; needle, at = d.headers.Next(part, at+1) {
		if needle < plainStarts {
			dst = append(dst, detectors.Candidate{At: at, Kind: headerCandidate})
		}
	}
	return dst
}

// needlesIn appends what begins in text[from:to]: the needles, whole and with a line break in them, and text in another
// form.
func (d *Detector) needlesIn(dst []detectors.Candidate, text []byte, from, to int) []detectors.Candidate {
	inVain := d.inVain()
	key := inVain.keyOf(text, from, to)
	if inVain.has(key) {
		return dst
	}
	first, kinds := len(dst), 0
	add := func(at int, kind uint8, next func(from int) int) {
		if at >= 0 && at < to {
			kinds++
		}
		for ; at >= 0 && at < to; at = next(at + 1) {
			dst = append(dst, detectors.Candidate{At: at, Kind: kind})
		}
	}
	seen := new(escapedText)
	needle := func(from int) int { return d.nextNeedle(text, from, to, seen) }
	broken := func(from int) int { return d.matcher().nextBroken(text, from, to).line }
	encoded := func(from int) int { return nextEncoded(text, from, to).at }
	lines := func(from int) int { at, _ := nextLines(text, from, to); return at }
	firstBroken, firstEncoded, firstLines := d.besideRun(text, from, to)
	add(needle(from), needleCandidate, needle)
	add(firstBroken.line, brokenCandidate, broken)
	add(firstEncoded.at, encodedCandidate, encoded)
	add(firstLines, linesCandidate, lines)
	if kinds == 0 && !firstBroken.far {
		inVain.add(key)
	}
	if kinds > 1 {
		inOrder(dst[first:])
	}
	return dst
}

// A headerQueue gives the starts of plain headers, in order.
type headerQueue struct {
	set          *prefilter.Set
	text         []byte
	next         int // where to look on
	hits, buffer []prefilter.Hit
}

// between appends the headers from from to to, and passes over those before.
func (q *headerQueue) between(dst []detectors.Candidate, from, to int) []detectors.Candidate {
	for hit, ok := q.pop(to); ok; hit, ok = q.pop(to) {
		if hit.At < from {
			continue
		}
		switch kind, ok := startAt(q.text, hit); {
		case ok && kind == notSparse:
			dst = append(dst, detectors.Candidate{At: hit.At, Kind: headerCandidate})
		case ok:
			dst = append(dst, detectors.Candidate{At: hit.At, Kind: sparseCandidates + uint8(kind)})
		}
	}
	return dst
}

// pop returns the next start, if it is before limit.
func (q *headerQueue) pop(limit int) (hit prefilter.Hit, ok bool) {
	if len(q.hits) == 0 && q.next < len(q.text) {
		if q.hits = q.set.Hits(q.buffer, q.text, q.next); len(q.hits) < cap(q.buffer) {
			q.next = len(q.text)
		} else {
			q.next = q.hits[len(q.hits)-1].At + 1
		}
	}
	if len(q.hits) == 0 || q.hits[0].At >= limit {
		return hit, false
	}
	hit = q.hits[0]
	q.hits = q.hits[1:]
	return hit, true
}
