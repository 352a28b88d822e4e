package encoding

import (
	"bytes"

	"github.com/jwtleak/jwtleak/detectors"
)

// What bounds the work on one text.
const (
	maxDepth    = 10      // wrappings undone one inside another
	firstWindow = 256     // bytes first unwrapped behind a needle: enough to tell most of what is no token
	growth      = 4       // how much more is unwrapped each time that a token asks for more
	budgetRate  = 24      // bytes that may be unwrapped for each byte of text
	budgetBase  = 1 << 20 // and besides
	tail        = 8       // bytes that the plain detector may keep with nothing begun
	plainWindow = 4096    // bytes first shown to the plain detector
	minBegun    = 40      // bytes that are too few to tell the beginning of a token by
	maxRunBack  = 4096    // how far back the start of a run is looked for
	edge        = 128     // bytes at the end of a text that may hold the start of a needle and what it depends on
	margin      = 16      // bytes kept in front of a wrapping that is held: the start of its unit
)

// A scan is one text, at one depth.
type scan struct {
	*Detector
	text   []byte
	atEOF  bool
	depth  int
	budget *int

	found     []detectors.Match
	hold      int  // where the first token that is not yet whole may begin
	alive     bool // something has begun that is still a token as far as the text goes
	plainDone int  // up to where the plain detector is done
	covered   [wrappings * 4]int

	solid soft // the run that was last looked at for signs of soft wrappings
	run   span // the run of base64 or hexadecimal characters that was last measured
	runOf wrapping
}

type span struct{ start, end int }

// all finds what there is. done is up to where nothing more can come of what follows.
func (s *scan) all() (done int) {
	s.hold = len(s.text)
	for at := s.matcher.next(s.text, 0); at >= 0; at = s.matcher.next(s.text, at+1) {
		s.matcher.each(s.text, at, func(n *needle) { s.needle(n, at) })
	}
	if s.atEOF {
		return len(s.text)
	}
	return min(s.hold, max(len(s.text)-edge, 0))
}

func (s *scan) needle(n *needle, at int) {
	switch n.wrapping {
	case plain:
		s.plain(at)
		s.soft(plain, at)
	case base64Run:
		if s.isRun(at-n.back, at) {
			s.follow(base64Run, at-n.back)
			s.soft(base64Run, at-n.back)
		}
	case hexRun:
		s.follow(hexRun, at)
		s.soft(hexRun, at)
	case utf16BE, utf16LE:
		if at >= n.back {
			s.follow(n.wrapping, at-n.back)
		}
	default:
		s.follow(n.wrapping, s.literalStart(at))
	}
}

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

// literalStart returns where a token may begin whose first escaped character is at.
func (s *scan) literalStart(at int) int {
	for k := 0; k < maxLiteral && at > 0 && sextets[s.text[at-1]] < 64; k++ {
		at--
	}
	return at
}

// plain shows the text around a needle to the plain detector.
func (s *scan) plain(at int) {
	if at < s.plainDone {
		return
	}
	lo := at
	for lo > s.plainDone && sextets[s.text[lo-1]] < 64 {
		lo--
	}
	for size := plainWindow; ; {
		hi := min(max(at, lo)+size, len(s.text))
		atEOF := hi == len(s.text) && s.atEOF
		done := lo + s.inner.Detect(s.text[lo:hi], atEOF, func(m detectors.Match) {
			m.Start, m.End = m.Start+lo, m.End+lo
			s.found = append(s.found, m)
		})
		s.plainDone = done
		if hi == len(s.text) {
			if !s.atEOF {
				s.hold = min(s.hold, done)
				s.alive = s.alive || hi-done > tail
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

// slot numbers the runs of one wrapping that start at different places of a unit: what one covers, another does not.
func slot(w wrapping, start int) int {
	switch w {
	case base64Run:
		return int(w)*4 + start%4
	case hexRun, utf16LE, utf16BE:
		return int(w)*4 + start%2
	default:
		return int(w) * 4
	}
}

// follow undoes a wrapping from start on, for as long as what comes out may be a token.
func (s *scan) follow(w wrapping, start int) {
	covered := &s.covered[slot(w, start)]
	if start < *covered || s.depth >= maxDepth {
		return
	}
	for limit := firstWindow; *s.budget > 0; limit *= growth {
		p := unwrap(w, s.text, start, limit)
		*s.budget -= len(p.text)
		cut := p.end == len(s.text) && !p.whole && len(p.text) < limit
		inner := scan{
			Detector: s.Detector, text: p.text, depth: s.depth + 1, budget: s.budget,
			atEOF: p.whole || cut && s.atEOF || limit > detectors.MaxHeld,
		}
		done := inner.all()
		switch {
		case cut && !s.atEOF:
			s.collect(w, p, &inner, done)
			s.hold = min(s.hold, max(p.at[done]-margin, 0))
			s.alive = s.alive || inner.alive
			*covered = len(s.text)
			return
		case inner.atEOF:
			s.collect(w, p, &inner, done)
			*covered = p.end
			return
		case !inner.alive:
			s.collect(w, p, &inner, done)
			*covered = max(p.at[done]-margin, start+1)
			return
		}
	}
}

// collect takes over what was found inside a wrapping.
func (s *scan) collect(w wrapping, p piece, inner *scan, done int) {
	for _, m := range inner.found {
		if m.Start >= done {
			continue
		}
		name := p.name
		start, end := p.at[m.Start], p.at[m.End]
		switch w {
		case base64Run, hexRun:
			run := s.runAround(w, start, end)
			start, end = run.start, run.end
			if w == base64Run {
				name = s.base64Name(run)
			}
		case brokenLines:
			end = p.at[m.End-1] + 1
			name = s.breakName(start, end)
		}
		if name == "" {
			continue
		}
		m.Encodings = append([]string{name}, m.Encodings...)
		if len(m.Encodings) > 1 && name == nameLineWrap {
			switch m.Encodings[1] {
			case nameBase64, nameBase64URL, nameHex:
				m.Encodings = m.Encodings[1:]
			}
		}
		m.Start, m.End = start, end
		s.found = append(s.found, m)
	}
}

// breakName names what breaks text[start:end], "" where nothing does.
func (s *scan) breakName(start, end int) string {
	name := ""
	for i := start; i < end; i++ {
		switch c := s.text[i]; {
		case c == '\n' && name == "":
			name = nameLineWrap
		case c == '"' || c == '\'' || c == '`':
			return nameStringConcat
		}
	}
	return name
}

// runAround returns the run of base64 or hexadecimal characters around a place, and its padding.
func (s *scan) runAround(w wrapping, start, end int) span {
	if s.runOf == w && start >= s.run.start && end <= s.run.end {
		return s.run
	}
	table := &sextets
	if w == hexRun {
		table = &nibbles
	}
	for lowest := max(0, start-maxRunBack); start > lowest && table[s.text[start-1]] != none; {
		start--
	}
	for end < len(s.text) && table[s.text[end]] != none {
		end++
	}
	for k := 0; w == base64Run && k < 2 && end < len(s.text) && s.text[end] == '='; k++ {
		end++
	}
	s.run, s.runOf = span{start, end}, w
	return s.run
}

// base64Name tells the two alphabets apart.
func (s *scan) base64Name(run span) string {
	chars := s.text[run.start:run.end]
	switch {
	case bytes.ContainsAny(chars, "+/="):
		return nameBase64
	case bytes.ContainsAny(chars, "-_"), len(chars)%4 != 0,
		run.start > 0 && s.text[run.start-1] == '.', run.end < len(s.text) && s.text[run.end] == '.':
		return nameBase64URL
	}
	return nameBase64
}

// Soft wrappings leave most characters as they are, so that the start of a token is plain to see and something breaks
// it further on.
type soft struct {
	start, end int             // the run of solid characters
	signs      [wrappings]bool // what there are signs of
	first      int             // where the first sign is
}

// soft follows the soft wrappings of which there are signs behind a needle, where what stands before the first of them
// is the beginning of a token.
func (s *scan) soft(w wrapping, at int) {
	if at >= s.solid.end || at < s.solid.start {
		s.solid = s.signs(at)
	}
	open := false
	for w := percent; w < wrappings; w++ {
		open = open || s.solid.signs[w] && s.covered[slot(w, at)] <= at
	}
	if !open || !s.begins(w, at) {
		return
	}
	for w := percent; w < wrappings; w++ {
		if s.solid.signs[w] {
			s.follow(w, at)
		}
	}
}

// begins reports whether what stands between a needle and the first sign of a soft wrapping is the beginning of a token.
func (s *scan) begins(w wrapping, at int) bool {
	end := min(s.solid.first, at+firstWindow)
	if end <= at || *s.budget <= 0 {
		return end <= at+minBegun
	}
	*s.budget -= end - at
	if w == plain {
		return s.inner.Detect(s.text[at:end], false, func(detectors.Match) {}) < max(end-at-tail, 1)
	}
	p := unwrap(w, s.text[:end], at, firstWindow)
	inner := scan{Detector: s.Detector, text: p.text, depth: s.depth + 1, budget: s.budget}
	inner.all()
	return inner.alive || len(p.text) < minBegun
}

func (s *scan) signs(at int) soft {
	r := soft{start: at, end: solidEnd(s.text, at), first: -1}
	sign := func(w wrapping, i int) {
		r.signs[w] = true
		if r.first < 0 {
			r.first = i
		}
	}
	for i := at; i < r.end; i++ {
		switch s.text[i] {
		case '%':
			sign(percent, i)
		case '\\':
			sign(jsonEscape, i)
		case '&':
			sign(htmlEntity, i)
		case '=':
			if u := printableUnit(s.text[i:]); u.undone || u.size == textEnds {
				sign(quotedPrintable, i)
			}
		}
	}
	if r.end < len(s.text) {
		if next := jointAt(s.text, r.end); next.end >= 0 || next.more {
			sign(brokenLines, r.end)
		}
	}
	return r
}
