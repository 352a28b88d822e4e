package encoding

import (
	"bytes"
	"math"
)

// A header ends with a full stop. Base64 of JSON begins as a header and is like one to the end of the JSON, which may be megabytes off:
// base64 of base64 of it would be undone again and again, some times as much each time, for the sake of a token that may come. So it is
// looked for the end of the run first, in what follows what was undone.

const (
	leastStopped = 4 << 10 // characters of a run that are few enough to be undone again
	mostAhead    = 2 << 20 // characters of it in which the end is looked for: half of them are a header that is too long
	aheadSize    = 4 << 10 // that are read at once
	readAhead    = 8 * aheadSize
	mostUnit     = 16 // bytes that an escape stands for
	priceOfAhead = 4  // bytes of what follows that cost as much as a unit of the budget, at each depth
)

// A stop says whether a full stop is behind a run of base64 characters.
type stop uint8

const (
	mayStop   stop = iota // or something that was not undone
	noStop                // nor in so many characters as are of a header at most
	laterStop             // the text as it was given ends in the run
)

// A knownStop is what is behind the run that a text ends with, undone by a chain of wrappings, and behind those that end with later parts of the
// same run.
type knownStop struct {
	stop  stop
	chain uint64
	path  [maxDepth + 1]span // what the text was undone from, at each depth
	until reached            // where it is not known any more
}

// A reached is a place in a text that others are undone from, at a depth.
type reached struct{ depth, at int }

// A following is what follows the text of a scan in the one that it was undone from, and what that stands for.
type following struct {
	*scan
	at     int // where it goes on there
	lines  lineShape
	column int // of a line
	margin int // bytes in front of it that are yet to come
	skip   int // bytes of a group that were undone
	ended  bool
	chars  []byte // which were read there, and are yet to be undone
	count  int
	places []int32 // of what escapes stand for, which are of no interest
	outer  *following
}

// What there is to be read of what follows.
type ending uint8

const (
	goesOnAhead ending = iota
	endsAhead          // nothing
	isUnknown          // nobody knows, where the text as it was given has more to come
	isNotRead          // what is not undone from where the text ends
)

// follow begins with what follows the text of a scan, whose wrapping is one that can be undone from there.
func (f *following) follow(s *scan) {
	*f = following{scan: s, at: s.behind, lines: s.shape, column: s.shape.column, chars: f.chars, places: f.places}
	switch s.by {
	case brokenLines:
		f.at = s.shape.end // a line break may be behind it
	case base64Run:
		f.at, f.skip = s.undoneAt+len(s.text)/3*4, len(s.text)%3 // some of a group may be
	}
	if f.chars == nil {
		f.chars = make([]byte, aheadSize)
	}
}

// read undoes some of what follows.
func (f *following) read(dst []byte) (n int, end ending) {
	if f.ended {
		return 0, endsAhead
	}
	switch f.by {
	case brokenLines:
		return f.joined(dst)
	case base64Run:
		return f.base64(dst)
	}
	return f.escaped(dst)
}

// wrapped reads what is wrapped.
func (f *following) wrapped(dst []byte) (n int, end ending) {
	s := f.scan.outer
	switch {
	case f.at < len(s.text):
		n = copy(dst, s.text[f.at:])
		f.at += n
		return n, goesOnAhead
	case s.atEOF:
		return 0, endsAhead
	case s.outer == nil:
		return 0, isUnknown
	}
	if f.outer == nil {
		f.outer = s.ahead()
	}
	if f.outer == nil {
		return 0, isNotRead
	}
	return f.outer.read(dst)
}

// ahead returns what follows the text of a scan, or nil where that is not undone.
func (s *scan) ahead() *following {
	switch {
	case s.outer == nil, s.by == brokenLines && s.shape.width == 0:
		return nil
	case s.by != base64Run && (s.by < percent || s.by > brokenLines):
		return nil
	}
	f := &s.levels[s.depth].following
	f.follow(s)
	return f
}

func (f *following) base64(dst []byte) (n int, end ending) {
	for f.count < 4 && end == goesOnAhead {
		n, end = f.wrapped(f.chars[f.count:])
		f.count += n
	}
	if f.count < 4 {
		return 0, end
	}
	whole := min(f.count, len(dst)/3*4) &^ 3
	p := piece{text: dst[:0]}
	p.base64(f.chars[:whole], 0, len(dst))
	f.ended = p.end < whole
	f.count = copy(f.chars, f.chars[whole:f.count])
	n = copy(dst, p.text[min(f.skip, len(p.text)):])
	f.skip = 0
	return n, goesOnAhead
}

// escaped undoes escapes, of which none is begun in one text and ended in another.
func (f *following) escaped(dst []byte) (n int, end ending) {
	s := f.scan.outer
	switch {
	case f.at < len(s.text):
	case s.atEOF:
		return 0, endsAhead
	case s.outer == nil:
		return 0, isUnknown
	default:
		return 0, isNotRead
	}
	p := piece{text: dst[:0], at: f.places[:0], start: f.at}
	p.escaped(f.by, s.text, f.at, len(dst)-mostUnit, f.depth, false)
	f.at, f.ended, f.places = p.end, p.whole, p.at
	return len(p.text), goesOnAhead
}

// joined joins lines of one width behind a margin, and the last.
func (f *following) joined(dst []byte) (n int, end ending) {
	read, end := f.wrapped(f.chars[:min(len(f.chars), len(dst))])
	for i := 0; i < read; i++ {
		if end := i + f.lines.width - f.column; f.margin == 0 && end > i && end <= read && areSextets(f.chars[i:end]) {
			n += copy(dst[n:], f.chars[i:end])
			if f.column, i = f.lines.width, end; i == read {
				break
			}
		}
		c := f.chars[i]
		switch isEnd := f.column == f.lines.width; {
		case f.margin > 0:
			if c != f.lines.margin[len(f.lines.margin)-f.margin] {
				f.ended = true
				return n, goesOnAhead
			}
			f.margin--
		case c == '\r' && isEnd:
		case c == '\n' && isEnd:
			f.column, f.margin = 0, len(f.lines.margin)
		case c == '\n' || isEnd && sextets[c] < 64:
			f.ended = true
			return n, goesOnAhead
		default:
			dst[n] = c
			n++
			f.column++
		}
	}
	return n, end
}

// A lineShape is how lines go on that were joined, where they are alike: all of a width but the last, of which so much was joined. No width
// says that they are not.
type lineShape struct {
	width, column int
	end           int // where the last ends
	margin        []byte
}

// shapeOf returns how the lines go on of which a piece of a text was joined.
func shapeOf(p *piece, text []byte) (shape lineShape) {
	count := len(p.lined)
	if p.alike == 0 || count < 3 {
		return shape
	}
	before, last := p.lined[count-2], p.lined[count-1]
	if before.width != p.alikeWidth {
		return shape
	}
	gap := text[before.from+before.width : last.from]
	column := len(p.text) - last.at
	return lineShape{before.width, column, last.from + column, gap[bytes.IndexByte(gap, '\n')+1:]}
}

// chain is of what wrappings the text was undone.
func (s *scan) chain() uint64 {
	if s.outer == nil {
		return 0
	}
	return s.outer.chain()*uint64(wrappings) + uint64(s.by)
}

// stop returns what is behind the run that the text ends with, and that goes on behind the text.
func (s *scan) stop() stop {
	if s.atEOF || len(s.text) < leastStopped {
		return mayStop
	}
	known, chain := &s.levels[s.depth].stop, s.chain()
	if known.chain != chain || s.isOf(known) == otherRun {
		f := s.ahead()
		if f == nil {
			return mayStop
		}
		known.stop, known.until = f.findStop()
		known.chain = chain
		for of := s; of.outer != nil; of = of.outer {
			known.path[of.depth] = span{of.undoneAt, of.behind}
		}
	}
	return known.stop
}

// A place in the run that something is known of.
type ofRun uint8

const (
	samePlace ofRun = iota // where it was asked for
	laterPlace
	otherRun // or before, or too far behind
)

// isOf says where the end of a text is in a run that something is known of, as far as it was undone of that.
func (s *scan) isOf(known *knownStop) ofRun {
	if s.outer == nil {
		return samePlace
	}
	if outer := s.outer.isOf(known); outer != samePlace {
		return outer
	}
	switch from := known.path[s.depth]; {
	case s.behind == from.end && s.undoneAt == from.start:
		return samePlace
	case s.depth <= known.until.depth || s.behind <= from.end || s.depth == known.until.depth+1 && s.behind >= known.until.at:
		return otherRun
	}
	return laterPlace
}

// findStop returns what is behind the run that what follows is of, and up to where it is known.
func (f *following) findStop() (stop stop, until reached) {
	level := &f.levels[f.depth+1]
	if level.ahead == nil {
		level.ahead = make([]byte, aheadSize)
	}
	isPadded, half := false, reached{}
	for count := 0; count < mostAhead; {
		if until = f.reached(); count < mostAhead/2 {
			half = until
		}
		n, ending := f.read(level.ahead)
		f.budget -= priceOfPiece + n*f.depth/priceOfAhead
		if n > 0 && !isPadded && areSextets(level.ahead[:n]) {
			count += n
			continue
		}
		for _, c := range level.ahead[:n] {
			switch {
			case sextets[c] < 64 && !isPadded:
			case c == '=':
				isPadded = true
			case c == '.':
				return mayStop, until
			default:
				return noStop, until
			}
		}
		switch {
		case n == 0 && ending == isNotRead:
			return mayStop, reached{}
		case n == 0 && ending == isUnknown:
			return laterStop, reached{0, math.MaxInt}
		case n == 0 && ending == endsAhead:
			return noStop, until
		}
		count += n
	}
	return noStop, half
}

// noHeaders reports whether no header is in the run that the text ends with, by what is behind it. Where this cannot be told yet, the text as
// it was given is held from where the run begins in it, or this text.
func (s *scan) noHeaders() bool {
	stop := s.stop()
	if stop == laterStop {
		first := s
		for first.depth > 1 {
			first = first.outer
		}
		s.heldRun = min(s.heldRun, max(first.undoneAt-margin, 0))
	}
	return stop != mayStop
}

// reached returns how far the text was surely read that what follows is undone from.
func (f *following) reached() reached {
	s := f.scan.outer
	if f.at >= len(s.text) && f.outer != nil {
		return f.outer.reached()
	}
	return reached{s.depth, f.at - readAhead}
}

// isUnstopped reports whether a place is in the run of base64 characters that the text begins with, if that is long and has no full stop
// behind it: no header is in it.
func (s *scan) isUnstopped(at int) bool {
	if s.depth == 0 {
		return false
	}
	if s.firstRun.end == 0 {
		s.firstRun.end = runEnd(s.text, 0)
		s.firstRun.unstopped = s.firstRun.end >= leastStopped && s.isNoStop(s.firstRun.end)
	}
	return at < s.firstRun.end && s.firstRun.unstopped
}

// isNoStop reports whether no full stop is behind the run that ends at a place, nor anything that may stand for one.
func (s *scan) isNoStop(end int) bool {
	near := s.text[end:min(end+len("=="), len(s.text))]
	behind := end + len(near) - len(bytes.TrimLeft(near, "="))
	if behind == len(s.text) {
		return s.atEOF || behind == end && s.noHeaders()
	}
	return s.text[behind] != '.' && isSign[s.text[behind]] == 0 && !isQuote(s.text[behind])
}

// addStopless notes that a run, or all of some lines of one, has no full stop behind it.
func (s *scan) addStopless(run span) {
	if run.start <= s.stopless.end && run.start >= s.stopless.start {
		run = span{s.stopless.start, max(s.stopless.end, run.end)}
	}
	s.stopless = run
}

// isStopless reports whether a place is in such a run.
func (s *scan) isStopless(at int) bool { return at >= s.stopless.start && at < s.stopless.end }
