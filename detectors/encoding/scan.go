package encoding

import (
	"sync"

	"github.com/jwtleak/jwtleak/detectors"
	"github.com/jwtleak/jwtleak/detectors/jwt"
	"github.com/jwtleak/jwtleak/detectors/prefilter"
)

// What bounds the work on one text.
const (
	maxDepth     = 10      // wrappings undone one inside another
	unitsBack    = 16      // units of a wrapping that may precede a needle, for those of wrappings inside
	quotesBack   = 64      // backslashes that may precede a needle
	nearStart    = 12      // characters before a needle that are too few for what may belong there
	firstWindow  = 256     // bytes first unwrapped behind a needle: enough to tell most of what is no token
	nextWindow   = 4096    // the same where the part before was unwrapped just now
	growth       = 4       // how much more is unwrapped each time that a token asks for more
	tail         = 8       // bytes that the plain detector may keep with nothing begun
	plainWindow  = 4096    // bytes first shown to the plain detector
	nearSign     = 24      // characters from a needle to what breaks it that are too few to tell, either
	minBegun     = 40      // bytes that are too few to tell the beginning of a token by
	stretch      = 1 << 15 // bytes that are read twice while they are at hand
	firstStretch = 1 << 9  // those of the first one, which tells whether the text is base64 from beginning to end
	maxRunBack   = 4096    // how far back the start of a run is looked for
	edge         = 128     // bytes at the end of a text that may hold the start of a needle and what it depends on
	heldEdge     = 512     // the same for a text as it was given
	margin       = 32      // bytes kept in front of a wrapping that is held: the start of its unit
)

// A scan is one text, at one depth.
type scan struct {
	*Detector
	text  []byte
	atEOF bool
	depth int
	lined []line // those that the text was joined from
	// certain is where one begins that was added to them in doubt, or 0.
	certain int
	*workspace
	*bounds

	outer    *scan // of the text that this one was undone from, nil where it is as it was given
	by       wrapping
	undoneAt int       // where there
	behind   int       // and where what is undone goes on
	shape    lineShape // where it is of lines

	lineEnd  int  // where a line of base64 ends that may go on in the next, and is undone by itself before
	met      bool // what may be a plain header, in it or in what is wrapped in it
	stopless span // runs, over several lines they may be, that have no full stop behind them: no header is in them

	firstRun struct { // of base64 characters, which the text begins with: see [scan.isUnstopped]
		end       int
		unstopped bool
	}

	found     []detectors.Match
	hold      int                // where the first token that is not yet whole may begin
	begun     span               // where a token had begun that went on behind the end, when less of the text was there
	needed    []span             // what sparse matches are found by, in front of them, and they themselves
	hits      int                // needles met
	goesOn    bool               // what was undone goes on, and is undone to its end
	alive     bool               // something has begun that is still a token as far as the text goes
	large     bool               // one that is large: its header was read
	isBare    bool               // it is one run of base64 or hexadecimal, so that no JSON serialization has begun in it
	front     bool               // a member of a JSON serialization has too little in front of it
	mayLack   bool               // so may one have whose value is not whole yet
	parts     jwt.Parts          // what the plain detector looks at
	plainDone int                // up to where it is done
	covered   [wrappings * 4]int // up to where a wrapping was undone
	resume    [wrappings * 4]int // where a unit starts, somewhat before

	complete struct { // whether the plain token that ends there is complete
		end int
		is  bool
	}
	joint        joint // the last that was asked for, and where what is in front of it ends
	jointOf      int
	solid        soft       // the run that was last looked at for signs of soft wrappings
	ended        int        // up to where base64 ended with a token that lacked nothing
	legible      span       // what was undone, and is text throughout: see legible.go
	margin       []byte     // that of its lines
	hasBrace     bool       // a brace came out of it
	joined       span       // the lines that were last joined, and searched
	undoneFramed framedSpan // the framed lines that were last undone
	undoneLines  span       // such lines that are escaped
	narrow       int        // up to where narrow lines of one width go
	ofText       escapedText
	zeros        int      // up to where escapes of zero bytes follow each other, too many for text
	wideWord     span     // the characters of UTF-16 whose order was last asked for, by their low bytes
	named        struct { // the last name of a member that a needle may be the value of
		seen int // up to where it was looked for
		last span
	}
	run     span // the run of base64 or hexadecimal characters that was last measured
	seen    int  // up to where there are such characters from there on, as far as was looked
	runOf   wrapping
	runName string // that of its alphabet, where it was asked for: a run may have thousands of tokens in it
}

type span struct{ start, end int }

// top finds what there is in a text as it was given: plain tokens, and wrapped ones where there are long runs. It goes in
// stretches that stay in a near cache, since each is read twice. It returns up to where nothing more can come of what
// follows.
func (s *scan) top() (done int) {
	s.hold = len(s.text)
	candidates := s.located
	s.beginsEncoded()
	first := max(s.known-candidateBack, 0)
	for from, to := first, min(first+firstStretch, len(s.text)); from < len(s.text); from, to = to, min(to+stretch, len(s.text)) {
		s.grant(to, len(s.text))
		if from = s.readOn(from, to); from >= to {
			continue
		}
		if s.isSpent() {
			candidates = s.plainCandidates(candidates[:0], s.text, from, to)
		} else {
			candidates = s.candidatesBy(candidates[:0], s.text, from, to, s.needlesBut)
			candidates = s.framedBetween(candidates, from, to)
		}
		s.lookAt(candidates)
	}
	s.located = candidates
	if s.atEOF {
		return len(s.text)
	}
	return runStart(s.text, min(s.hold, s.heldRun, s.begunAt(), max(len(s.text)-heldEdge, 0)))
}

// framedBetween adds framed lines to the candidates of a part of the text: the first of those that stand together, with which the others
// are undone.
func (s *scan) framedBetween(candidates []detectors.Candidate, from, to int) []detectors.Candidate {
	count, lines := len(candidates), framedLines{text: s.text}
	s.seenFrames = s.seenFrames[:0]
	for from = max(from, s.covered[framedSlot]-mostFramed, s.undoneLines.end); ; {
		first := lines.next(from, to)
		if first.At < 0 {
			break
		}
		candidates, from = append(candidates, first), lines.behind(first)
		if first.Kind == undoneFramedCandidate {
			s.seenFrames = append(s.seenFrames, seenFrame{lines.frame, span{first.At, from}})
			s.budget -= priceOfFrame
		}
	}
	s.budget -= lines.spent
	if len(candidates) > count {
		inOrder(candidates)
	}
	return candidates
}

// runStart returns where the run of base64 characters starts that i is in: that is the place of what is found in it, so
// that a block does not end there.
func runStart(text []byte, i int) int {
	for lowest := max(i-maxRunBack, 0); i > lowest && i < len(text) && sextets[text[i-1]] < 64; {
		i--
	}
	return unitStart(text, i)
}

// lookAt looks at candidates of the text as it was given, which are in order.
func (s *scan) lookAt(candidates []detectors.Candidate) {
	for _, c := range candidates {
		if c.Kind == headerCandidate {
			s.plain(c.At)
		}
		s.grant(c.At, len(s.text))
		if c.At >= s.hold && s.hasLarge() && !s.hasMore() {
			return // all of this is looked at again
		}
		if s.isSpent() {
			if c.Kind == needleCandidate && s.matcher().startsPlain(s.text, c.At) {
				s.plain(c.At)
			}
			continue
		}
		if s.isUndone(c) {
			s.budget -= priceOfUndone
			continue
		}
		count, before := len(s.found), s.budget
		s.budget -= priceOfHit
		s.lookAtOne(c)
		s.settle(s.found[min(count, len(s.found)):], before)
	}
}

// hasLarge reports whether a large token has begun that goes on behind the end of the text, and is held back.
func (s *scan) hasLarge() bool { return s.large && len(s.text)-s.hold <= detectors.MaxHeld }

// isUndone reports whether a candidate is in a token that was found, or an escape where all escapes were undone.
func (s *scan) isUndone(c detectors.Candidate) bool {
	at := c.At
	switch {
	case s.isLegible(at) && c.Kind == needleCandidate:
		return !s.matcher().startsPlain(s.text, at)
	case s.isLegible(at) && c.Kind == encodedCandidate:
		return true
	case s.isLegible(at) && c.Kind == brokenCandidate:
		return !s.matcher().breaksHeader(s.text, feedStart(s.text, at), s.pastFeed(at))
	case c.Kind == framedCandidate:
		return at+mostFramed <= s.covered[framedSlot]
	case c.Kind == undoneFramedCandidate:
		return s.areUndone(at)
	case s.isFramed(at) && (c.Kind == needleCandidate || c.Kind == brokenCandidate || c.Kind == linesCandidate || c.Kind == encodedCandidate):
		return c.Kind != needleCandidate || !s.matcher().startsPlain(s.text, at)
	case c.Kind != needleCandidate:
		return false
	case at < s.zeros || s.isComplete(at):
		return true
	case at >= s.solid.undone:
		return false
	}
	w := escapedBy[s.text[at]]
	return w != plain && at < s.covered[slot(w, at)] && !s.isMember(at)
}

// escapedBy says of which wrapping an escape is that starts with a byte.
var escapedBy = [256]wrapping{'%': percent, '\\': jsonEscape, '&': htmlEntity, '=': quotedPrintable}

func (s *scan) lookAtOne(c detectors.Candidate) {
	switch at := c.At; c.Kind {
	case headerCandidate:
		s.soft(plain, at, at)
	case needleCandidate:
		s.matcher().each(s.text, at, func(n *needle) { s.needle(n, at) })
	case encodedCandidate:
		s.encoded(nextEncoded(s.text, at, at+1))
	case brokenCandidate:
		if broken, ok := s.matcher().across(s.text, at); ok {
			s.followBroken(broken)
		}
	case framedCandidate:
		s.framed(at)
	case undoneFramedCandidate:
		s.undoneFramedAt(at)
	case linesCandidate:
		s.narrowLines(nextLines(s.text, at, at+1))
	default:
		s.sparse(sparse(c.Kind-sparseCandidates), at)
	}
}

// search looks for needles that start in a part of the text.
func (s *scan) search(from, to int) {
	part := s.text[:min(to+longest, len(s.text))]
	if s.depth == maxDepth && s.toldDepth && len(s.text) >= minBegun {
		s.plainIn(part, from, to) // nothing else comes of it, nor is to be told
		return
	}
	encoded := nextEncoded(s.text, from, to)
	if s.isOneRun(encoded) {
		s.isBare = encoded.end == len(s.text)
		s.encoded(encoded)
		s.searchRun(part, from, to)
		return
	}
	forms := encodedForms{scan: s, to: to, encoded: s.first(encoded, from), lines: -1, known: from, clear: s.clearWithin(from, to),
		framed: detectors.Candidate{At: -1}, seen: framedLines{text: s.text}, asked: from}
	for at := s.firstNeedle(part, from, &forms); at >= 0 && at < to && !s.isForLater(at); {
		if forms.before(at); s.isLegible(at) {
			at = s.nextIllegible(part, at)
			continue
		}
		if run, ok := clearAt(forms.clear, at); ok {
			at = s.matcher().next(part, run.end)
			continue
		}
		if s.isFramed(at) && !s.matcher().startsPlain(s.text, at) {
			at = s.matcher().next(part, at+1)
			continue
		}
		s.hits++
		if s.budget -= priceOfHit; s.isSpent() {
			return
		}
		s.matcher().each(s.text, at, func(n *needle) { s.needle(n, at) })
		at = s.matcher().next(part, at+1)
	}
	forms.before(len(s.text))
	front, behind := from, from // what is legible between them has none of these
	if s.legible.end-legibleEdge > s.legible.start+longest {
		front, behind = s.legible.start+longest, s.legible.end-legibleEdge
		s.sparseIn(part[:front], from)
	}
	s.sparseIn(part, behind)
	s.brokenIn(from, front)
	s.brokenIn(behind, to)
}

// searchRun looks for a plain header in a part of a text that is one run.
func (s *scan) searchRun(part []byte, from, to int) {
	if s.atEOF {
		s.stopless = span{0, len(s.text)}
		return
	}
	if !s.hasBrace && s.isAllLegible() {
		return
	}
	// A long header may have begun, of which the full stop is yet to come.
	switch at := s.nextPlain(part, from); {
	case at < 0 || at >= to:
	case s.noHeaders():
		s.stopless = span{0, len(s.text)}
	default:
		s.plain(at)
	}
}

// firstNeedle returns where the first needle is from a place on, or -1: past what is legible, where that begins there.
func (s *scan) firstNeedle(part []byte, from int, forms *encodedForms) int {
	if first := forms.encoded.at; forms.goesOn && first >= from && first < from+legibleStart {
		if forms.before(first); s.isLegible(from) {
			return s.nextIllegible(part, from)
		}
	}
	return s.matcher().next(part, from)
}

// brokenIn looks for needles with a line break in a part of the text.
func (s *scan) brokenIn(from, to int) {
	for at := s.matcher().nextBroken(s.text, from, to); at.line >= 0 && !s.isForLater(at.start); at = s.matcher().nextBroken(s.text, at.line+1, to) {
		if s.isFramed(at.start) && !s.matcher().breaksHeader(s.text, feedStart(s.text, at.line), s.pastFeed(at.line)) {
			continue
		}
		s.followBroken(at)
	}
}

// isForLater reports whether what begins at a place is not asked for yet: a token has begun before that goes on behind what
// is undone, so that all from there on is looked at again when more is. So it is in any case where the wrapping is undone to its end.
func (s *scan) isForLater(at int) bool {
	return s.depth > 0 && !s.atEOF && (s.alive || s.goesOn) && at >= s.hold
}

// nextPlain returns the first offset at or after from where a plain header may start, or -1.
func (s *scan) nextPlain(text []byte, from int) int {
	for needle, at := s.headers.Next(text, from); at >= 0; needle, at = s.headers.Next(text, at+1) {
		if needle < plainStarts {
			return at
		}
	}
	return -1
}

// plainIn looks for plain headers that begin in a part of the text.
func (s *scan) plainIn(part []byte, from, to int) {
	for at := s.nextPlain(part, from); at >= 0 && at < to && !s.isForLater(at); at = s.nextPlain(part, at+1) {
		s.plainNeedle(at)
	}
}

// all finds what there is in a text that was unwrapped.
func (s *scan) all() (done int) {
	s.hold = len(s.text)
	s.search(0, len(s.text))
	if s.atEOF {
		return len(s.text)
	}
	if s.hold < len(s.text) && !s.isBare && !s.isAllLegible() {
		s.hold = min(s.hold, s.begunAt())
	} else if s.by != plain && s.hold == len(s.text) && !s.isBare && members().Index(s.text) >= 0 {
		if begun := s.begunAt(); len(s.text)-begun <= mostMembers {
			s.hold = begun
		}
	}
	return min(s.hold, max(len(s.text)-edge, 0))
}

// mostMembers is how many bytes of a JSON serialization may stand in front of its header, and be held though nothing points at them: each
// time four times as many are undone, so that what is done for nothing is a third more.
const mostMembers = 1 << 20

// members are the names of what a JSON serialization may begin with besides its header.
var members = sync.OnceValue(func() *prefilter.Set {
	return prefilter.New(`"signature"`, `"payload"`, `"ciphertext"`, `"tag"`, `"iv"`, `"encrypted_key"`, `"header"`, `"unprotected"`)
})

// isRun reports whether text[from:to] is there and of base64 characters.
func (s *scan) isRun(from, to int) bool {
	if from < 0 {
		return false
	}
	for _, c := range s.text[from:to] {
		if sextets[c] >= 64 {
			return false
		}
	}
	return true
}

// plain shows the text around a needle to the plain detector.
func (s *scan) plain(at int) {
	if at < s.plainDone {
		return
	}
	lo := at
	for lo-4 >= s.plainDone {
		if part := s.text[lo-4 : lo : lo]; sextets[part[0]]|sextets[part[1]]|sextets[part[2]]|sextets[part[3]] >= 64 {
			break
		}
		lo -= 4
	}
	for lo > s.plainDone && sextets[s.text[lo-1]] < 64 {
		lo--
	}
	for size := plainWindow; ; {
		hi := min(max(at, lo)+size, len(s.text))
		atEOF := hi == len(s.text) && s.atEOF
		if s.depth > 0 {
			s.budget -= priceOfPlain + 3*(hi-lo)
		}
		count := len(s.found)
		done := s.parts.Detect(lo, hi, atEOF, func(m detectors.Match) { s.found = append(s.found, m) })
		s.plainDone = done
		if s.depth > 0 {
			s.advance(s.found[count:])
		}
		if hi == len(s.text) {
			s.plainDone = hi // all headers were looked at: those that go on behind the text are so from done on
			if !s.atEOF {
				s.hold = min(s.hold, done)
				s.alive = s.alive || done <= at
				s.large = s.large || hi-done >= leastLarge && jwt.Begins(s.text[done:])
			}
			return
		}
		if hi-done <= edge {
			return
		}
		if done == lo {
			size *= growth
		}
		lo = done
	}
}
