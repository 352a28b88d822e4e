package encoding

import (
	"bytes"
	"slices"

	"github.com/jwtleak/jwtleak/detectors"
	"github.com/jwtleak/jwtleak/detectors/jwt"
)

// acrossSlot is that of needles with a line break in them, which are looked for after all others.
const acrossSlot = 0

// lineBeforeSlot is that of needles near the start of a line.
const lineBeforeSlot = 1

// sparseLines is that of lines and literals that are too short for a long run.
const sparseLines = int(brokenLines)*4 + 1

// framedSlot is that of framed lines.
const framedSlot = int(brokenLines)*4 + 3

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

// follow undoes a wrapping around a needle from start on, for as long as what comes out may be a token.
func (s *scan) follow(w wrapping, at, start int) { s.followIn(slot(w, start), w, at, start) }

func (s *scan) followIn(slot int, w wrapping, at, start int) {
	s.followBy(slot, w, at, start, firstWindow)
}

// followBy does it from a number of bytes on that come out at first.
func (s *scan) followBy(slot int, w wrapping, at, start, window int) {
	covered, resume := &s.covered[slot], &s.resume[slot]
	if at < *covered {
		return
	}
	if s.depth >= maxDepth {
		s.tellDepth()
		return
	}
	limit := window + at - start
	if *resume < start && start <= *covered {
		start, limit = *resume, max(window, nextWindow) // what came before was no token, and goes on
	}
	begun := span{}
	if b := s.begun; b.end > 0 && start <= b.start+edge && at >= b.start-margin {
		limit, begun = max(limit, b.end-start), s.levels[s.depth+1].begun // less was not enough when less of the text was there
	}
	if w >= percent && s.solid.covers(start) && s.solid.signs[w] {
		limit = max(limit, s.solid.firsts[w]-start+window) // there is nothing to undo before
	}
	outer := s.begunLarge
	addLegible := func(p *piece, inner *scan, done int) {
		switch {
		case inner.met:
			s.met = true
		case window == textWindow:
			s.addLegible(w, p, inner, done)
		}
	}
	loose := slot == literalSlot(w) && w >= percent
	defer func() {
		if s.begunLarge = outer; loose {
			s.covered[literalSlot(w)] = max(s.covered[literalSlot(w)], *covered)
		}
	}()
	for ; s.hasMore(); limit *= growth {
		p := s.unwrap(s.depth+1, w, s.text, start, limit, loose)
		s.budget -= p.price(w)
		if w == base64Run && p.whole && p.end == s.lineEnd {
			return // it is joined with the next line
		}
		if p.tooDeep && !s.toldDepth {
			s.tellDepth()
		}
		if p.undone == 0 && w >= percent {
			switch {
			case p.whole || p.tooDeep || p.end == len(s.text) && s.atEOF || p.end > max(at, s.solid.last[w])+firstWindow:
				if *covered = p.end; w == hexNumbers {
					*resume = p.end
				}
				return // there is nothing to undo
			case p.end == len(s.text):
				s.hold, s.alive = min(s.hold, max(start-margin, 0)), true
				*covered = p.end
				return
			}
			continue
		}
		cut := p.end == len(s.text) && !p.whole && len(p.text) < limit
		inner := s.inside(w, p, p.whole || cut && s.atEOF || !cut && limit > detectors.MaxHeld)
		inner.goesOn = window == textWindow && (s.goesOn || s.depth == 0)
		if inner.begun = begun; begun.end > 0 {
			inner.begun.end = len(p.text)
		}
		done := inner.all()
		if w == brokenLines && inner.stopless.end == len(p.text) {
			s.addStopless(span{p.start, p.end})
		}
		s.budget -= priceOfEffort * inner.parts.Spent()
		s.begunLarge = outer || inner.large
		if inner.front || inner.mayLack && !loose {
			if first := s.inFront(w, at, start); first < start {
				limit, start, begun = (limit+start-first)/growth, first, span{}
				loose = w >= percent && w <= quotedPrintable
				continue
			}
			s.front, s.mayLack = s.front || inner.front && start == 0, s.mayLack || inner.mayLack && start == 0
		}
		switch {
		case cut && !s.atEOF:
			s.collect(w, p, inner, done)
			s.hold = min(s.hold, max(p.place(done)-margin, 0))
			s.alive, s.large = s.alive || inner.alive || len(p.text) < minBegun, s.large || inner.large
			s.levels[s.depth+1].begun = span{inner.hold, len(p.text)}
			*covered = len(s.text)
			if s.goesOn || s.depth == 0 { // what is not done with is held, and comes again
				done = len(p.text)
			}
			addLegible(&p, inner, done)
			return
		case inner.atEOF:
			if p.certain > 0 {
				taken, inner, done := s.doubtful(p, inner)
				s.collect(w, taken, inner, done)
				p = p.withoutDoubtful()
			} else {
				s.collect(w, p, inner, done)
			}
			s.repay(inner.found)
			switch *covered = p.end; {
			case p.anew > 0:
				*covered, *resume = max(p.anew, at+1), p.anew
			case w == hexNumbers, p.whole:
				*resume = p.end // it does not go on
			}
			addLegible(&p, inner, len(p.text))
			switch {
			case w == brokenLines:
				s.joined = span{p.start, *covered}
			case (w == base64Run || w == hexRun) && s.ends(p, inner):
				s.ended = p.end
			}
			return
		// It is gone on with from there. Of what a needle stands in, less is done where JSON has begun that goes on, and is undone
		// only once so.
		case (!inner.alive || window == textWindow) && done > len(p.text)/2:
			s.collect(w, p, inner, done)
			*covered, *resume = max(p.place(done), at+1), p.unit(max(done-margin, 0))
			if p.isDump { // of which lines are read
				*resume = p.start + bytes.LastIndexByte(s.text[p.start:*resume], '\n') + 1
			}
			addLegible(&p, inner, done)
			return
		}
		begun = span{inner.hold, len(p.text)}
		s.levels[s.depth+1].begun = begun
	}
	s.tellSpent()
}

// ends reports whether base64 or hexadecimal that was undone to its end is not broken there, so that the lines behind it are none of it: it
// has padding, or the last that is in it is a token that lacks nothing.
func (s *scan) ends(p piece, inner *scan) bool {
	end := 0
	for _, match := range inner.found {
		if match.End > end && match.Rule == detectors.JWS && jwt.IsComplete(match.Token) {
			end = match.End
		}
	}
	if end == 0 {
		return false
	}
	size := len(bytes.TrimRight(s.text[p.start:p.end], "="))
	return end == len(p.text) || p.shape[0] == 3 && p.whole && (p.end-p.start)%4 == 0 && p.start+size < p.end
}

// inside returns the scan of what is inside a wrapping. It is gone with the next one inside of s.
func (s *scan) inside(w wrapping, p piece, atEOF bool) *scan {
	inner := &s.levels[s.depth+1].scan
	*inner = scan{
		Detector: s.Detector, text: p.text, parts: jwt.PartsOf(p.text, s.skipped), depth: s.depth + 1, bounds: s.bounds,
		workspace: s.workspace, atEOF: atEOF, lined: p.lined, certain: p.certain,
		outer: s, by: w, undoneAt: p.start, behind: p.end,
	}
	if w == brokenLines && !atEOF {
		inner.shape = shapeOf(&p, s.text)
	}
	return inner
}

// collect takes over what was found inside a wrapping.
func (s *scan) collect(w wrapping, p piece, inner *scan, done int) {
	var broken span // what was last asked for what breaks it, which is one run for all tokens in it
	var brokenBy string
	for _, m := range inner.found {
		if m.Start >= done {
			continue
		}
		m, ok := s.withOwnSignature(w, &p, m)
		if !ok {
			continue
		}
		name := p.name
		start, end := p.place(m.Start), p.place(m.End)
		switch w {
		case base64Run, hexRun:
			token := span{p.unit(m.Start), min(p.unit(m.End-1)+p.shape[1], p.end)}
			run := s.runAround(w, token.start, token.end)
			start, end = run.start, run.end
			if w == base64Run {
				name = s.base64Name(token, run)
			}
		case utf16LE, utf16BE:
			start, end, name = s.inOrder(w, start, m.End-m.Start)
		case brokenLines:
			end = p.place(m.End-1) + 1
			if place := (span{start, end}); place != broken {
				broken, brokenBy = place, s.breakName(start, end)
			}
			name = brokenBy
		case percent, jsonEscape, htmlEntity, quotedPrintable:
			// What is escaped may stand in front of it or behind. A run of base64 is told without where it is met without: what
			// is undone beside it may have become a part of it.
			if token := p.text[m.Start:m.End]; !isInRun(&m) && bytes.HasPrefix(s.text[start:end], token) {
				name, end = "", start+len(token)
			}
			if name == "" && w == quotedPrintable && isLines(m) && bytes.HasPrefix(s.text[end:], []byte("=")) {
				continue // what was taken for a soft line break is padding, which tells whether the last line is the token's
			}
		}
		if w == brokenLines && name == "" && m.Encodings == nil {
			continue
		}
		if w == brokenLines && p.listed && name == nameStringConcat && !jwt.HasWholeSignature(m.Token) && !jwt.IsUnsigned(m.Token) {
			continue // the next literals of the list are none of it
		}
		if name != "" { // otherwise what is undone is not where the token is
			m.Encodings = append([]string{name}, m.Encodings...)
		}
		if len(m.Encodings) > 1 && name == nameLineWrap {
			switch m.Encodings[1] {
			case nameBase64, nameBase64URL, nameHex:
				m.Encodings = m.Encodings[1:]
			}
		}
		m.Start, m.End = start, end
		s.found = append(s.found, m)
	}
	for _, by := range inner.needed {
		start, end := p.place(by.start), p.place(by.end)
		if w == utf16LE || w == utf16BE {
			start = unitStart(s.text, start)
		}
		s.needed = append(s.needed, span{start, end})
	}
}

// breakName names what breaks text[start:end], "" where nothing does.
func (s *scan) breakName(start, end int) string {
	name := ""
	for i := start; i < end; i++ {
		switch c := s.text[i]; {
		case (c == '\n' || c == '<') && name == "":
			name = nameLineWrap
		case isQuote(c):
			return nameStringConcat
		}
	}
	return name
}

// mostRun is how far behind what was found in base64 or hexadecimal the end of the run is looked for: who searches megabytes
// of it is helped by no less than the place of the token.
const mostRun = 64 << 10

// runAround returns the run of base64 or hexadecimal characters around a place, and its padding; of one that goes on and on,
// the place alone.
func (s *scan) runAround(w wrapping, start, end int) span {
	if s.runOf == w && start >= s.run.start && end <= s.run.end {
		return s.run
	}
	table := &sextets
	if w == hexRun {
		table = &nibbles
	}
	behind := end
	if s.runOf == w && end >= s.run.start && end <= s.seen {
		behind = s.seen
	}
	for behind < len(s.text) && behind <= end+mostRun && table[s.text[behind]] != none {
		behind++
	}
	s.seen = behind
	if behind > end+mostRun {
		s.run, s.runOf, s.runName = span{start, end}, w, ""
		return s.run
	}
	for lowest := max(s.lineStart(start), start-maxRunBack); start > lowest && table[s.text[start-1]] != none; {
		start--
	}
	end = behind
	for k := 0; w == base64Run && k < 2 && end < len(s.text) && s.text[end] == '='; k++ {
		end++
	}
	s.run, s.runOf, s.runName = span{start, end}, w, ""
	return s.run
}

// lineStart returns where the first of the lines starts that are of one run with the one at i, where the text was joined
// from lines. A word on a line before is none of the run, for all that it consists of the same characters.
func (s *scan) lineStart(i int) int {
	n, _ := slices.BinarySearchFunc(s.lined, i+1, func(l line, at int) int { return l.at - at })
	if n--; n < 0 {
		return 0
	}
	for n > 0 && goesBack(s.lined[n-1], s.lined[n], n == len(s.lined)-1) {
		n--
	}
	return s.lined[n].at
}

// base64Name tells the two alphabets apart by the characters of a token, or where these are in both, of the run that it is in. What
// follows in that may be of something else.
func (s *scan) base64Name(token, run span) string {
	if name := alphabetName(s.text[token.start:token.end]); name != "" {
		return name
	}
	if n, _ := slices.BinarySearchFunc(s.lined, token.end, func(l line, at int) int { return l.at - at }); n < len(s.lined) {
		run.end = min(run.end, s.lined[n].at) // the next line may be none of it
	}
	if s.runName == "" {
		s.runName = s.runAlphabet(run)
	}
	return s.runName
}

func (s *scan) runAlphabet(run span) string {
	if name := alphabetName(s.text[run.start:run.end]); name != "" {
		return name
	}
	if run.start > 0 && s.text[run.start-1] == '.' || run.end < len(s.text) && s.text[run.end] == '.' {
		return nameBase64URL
	}
	return nameBase64
}

// alphabetName returns the name of the alphabet that characters are in, or "" if that is both. Either may have padding.
func alphabetName(chars []byte) string {
	switch {
	case bytes.IndexByte(chars, '+') >= 0 || bytes.IndexByte(chars, '/') >= 0:
		return nameBase64
	case bytes.IndexByte(chars, '-') >= 0 || bytes.IndexByte(chars, '_') >= 0:
		return nameBase64URL
	}
	return ""
}
