package jwt

import (
	"bytes"
	"strings"

	"github.com/jwtleak/jwtleak/detectors"
	"github.com/jwtleak/jwtleak/detectors/prefilter"
)

// A Detector finds tokens in plain form. The zero value is ready; any number of goroutines may share one.
type Detector struct{}

var _ detectors.Bounded = Detector{}

// NewDetector returns a Detector.
func NewDetector() Detector { return Detector{} }

// Why something is not read: see detectors.Bounded.
const (
	reasonNesting = "JSON nested more than 10 000 levels deep in what may be a token was not decoded"
	reasonEffort  = "what may be JSON serializations of tokens begins more often, one within the other, than is followed: " +
		"some were not read"
)

// Detect implements detectors.Detector. A token longer than detectors.MaxHeld is not found.
func (d Detector) Detect(text []byte, atEOF bool, yield func(detectors.Match)) (done int) {
	return d.DetectBounded(text, atEOF, yield, func(string) {})
}

// DetectBounded implements detectors.Bounded.
func (Detector) DetectBounded(text []byte, atEOF bool, yield func(detectors.Match), skipped func(reason string)) (done int) {
	s := search{text: text, atEOF: atEOF, yield: yield, skipped: skipped, useless: -1}
	return s.run()
}

// A search is one call of Detect.
type search struct {
	text    []byte
	atEOF   bool
	yield   func(detectors.Match)
	skipped func(reason string)
	readers readers
	// open is a token with a full stop behind it: another one that begins in it takes its place, or ends it. So what is a
	// token in a row of segments depends on nothing in front of it, and so not on where a block began.
	open     candidate
	isOpen   bool
	from     int    // where the last token ended
	lowest   int    // where the last one ended that is no part of what stands behind, as a compact one may be of a member's value
	told     told   // the last JSON serialization: there may be others in it, and compact tokens
	first    int    // where headers may start
	isPart   bool   // the text in front is kept by who shows the part
	isAll    bool   // what was yielded may be yielded again
	scratch  []byte // for what a segment decodes to
	known    header // the last that was read: all tokens of an issuer have the same
	spent    int    // bytes looked at for JSON serializations
	objects  nesting
	enclosed enclosures
	useless  int  // where the object begins that was last read to its end for nothing, or -1
	ended    int  // and where that ends
	atFront  bool // the way back to where one begins came to the beginning of the text
	isShort  bool // and nothing came of that
	// pastDetached is where the last JWS with a detached payload ended.
	pastDetached int

	hits   []prefilter.Hit // those to come, as far as they are known
	last   bool            // there are no more
	buffer [64]prefilter.Hit
}

func (s *search) run() (done int) {
	next := s.first
	for {
		needle, at := s.hit(next)
		end, hold := s.settle(at)
		switch {
		case hold >= 0:
			return s.close(hold)
		case end >= 0:
			next = end
		case needle < 0:
			s.flush()
			return s.tail()
		default:
			group := GroupOf(needle, at)
			if least := max(s.from, s.first); group >= least && plausible(s.text[group:]) {
				s.readers.begin(s.text, group, least)
			}
			next = at + 1
		}
	}
}

// hit returns the first needle at or after from, or -1 and the end of the text. Calls go forwards.
func (s *search) hit(from int) (needle, at int) {
	for {
		for len(s.hits) > 0 && s.hits[0].At < from {
			s.hits = s.hits[1:]
		}
		switch {
		case len(s.hits) > 0:
			return s.hits[0].Needle, s.hits[0].At
		case s.last:
			return -1, len(s.text)
		}
		s.hits = headerStarts().Hits(s.buffer[:0], s.text, from)
		s.last = len(s.hits) < len(s.buffer)
	}
}

// settle lets the headers being read come as far as limit. If a token is found, end is where to go on. If more text is
// needed, hold is where to. Otherwise both are -1.
func (s *search) settle(limit int) (end, hold int) {
	if len(s.readers.live) == 0 {
		return -1, -1
	}
	finished, cut := s.readers.advance(s.text, limit)
	if s.readers.deep {
		s.readers.deep = false
		s.skipped(reasonNesting)
	}
	for _, r := range finished {
		start := r.start
		if r.state != complete {
			inner, ok := r.innermost(s.text)
			if !ok {
				continue
			}
			start = inner
		}
		s.atFront = false
		found := s.token(start, r.pos)
		s.isShort = s.isShort || s.atFront && !found.ok && !found.more
		switch {
		case found.more && !s.atEOF && start >= s.told.end:
			return -1, s.holdBegun(start)
		case found.isDetached && s.isPart:
			s.tellDetached(found)
		case found.ok:
			s.readers.reset()
			return s.take(found, start, r.pos), -1
		}
	}
	if cut >= 0 && !s.atEOF {
		return -1, s.holdBegun(cut)
	}
	return -1, -1
}

// holdBegun is holdFrom for a header that begins at start, as what is printed may have.
func (s *search) holdBegun(start int) int {
	s.from = max(s.from, s.told.end) // all in that was looked at
	return s.holdFrom(s.printedBegun(start))
}

// holdFrom returns where the text begins that is needed again for what begins at start: there, or in front of it where
// that may be inside a JSON serialization.
func (s *search) holdFrom(start int) int {
	if s.from = max(s.from, s.told.end); s.isPart {
		return start
	}
	if !s.isAll {
		s.lowest = s.from // what was yielded is done with
	}
	if begun := s.begun(start); begun >= len(s.text)-detectors.MaxHeld {
		return begun
	}
	return start
}

// take yields a token that begins with a header, or keeps it until what is behind it is known, and returns where to go on.
func (s *search) take(found candidate, header, headerEnd int) (next int) {
	match := found.match
	s.cutOpen(max(match.Start, header))
	s.from = match.End
	switch {
	case found.isObject:
		for _, match := range found.all {
			s.yield(match)
		}
		s.tell(match.Start, match.End, found.by)
		s.from = headerEnd
	case found.glued:
		s.open, s.isOpen, s.from = found, true, found.rest
	case found.all != nil:
		for _, match := range found.all {
			s.yield(match)
		}
		s.lowest = match.End
	default:
		match.Token = found.compact.token()
		s.yield(match)
	}
	return s.from
}

// cutOpen yields the token that was kept, which ends at the latest where another one starts. One that starts before the
// signature leaves nothing of it.
func (s *search) cutOpen(start int) {
	if !s.isOpen {
		return
	}
	s.isOpen = false
	if start < s.open.signature {
		return
	}
	match, unsigned := s.open.match, s.open.unsigned
	if match.Token = s.open.compact.token(); start < match.End {
		match.Token = match.Token[:len(match.Token)-(match.End-start)]
		signature := start - s.open.signature
		kept := encodingLen(signature)
		if kept == 0 && !unsigned {
			return
		}
		match.Token, match.End = match.Token[:len(match.Token)-(signature-kept)], start-(signature-kept)
	}
	s.yield(match)
}

func (s *search) flush() { s.cutOpen(len(s.text)) }

// close ends the search where more text is needed from hold on.
func (s *search) close(hold int) (done int) {
	first := len(s.text) - detectors.MaxHeld
	if s.isOpen && hold < s.open.match.End {
		if s.open.match.Start >= first {
			return s.open.match.Start
		}
		s.cutOpen(hold) // more than may be held: take what seems to begin in it for a token
	}
	s.flush()
	return max(hold, first)
}

// tail returns what the search is done with where no header is being read: all but what may begin one.
func (s *search) tail() (done int) {
	done = len(s.text)
	if s.atEOF {
		return done
	}
	const longest = 6 // a group and a needle, less one
	least := max(s.from, s.first)
	for done > least && len(s.text)-done < longest && sextets[s.text[done-1]] < 64 {
		done--
	}
	for done > least && len(s.text)-done < detectors.MaxHeld && strings.IndexByte("ACDIJKNQSgiko0", s.text[done-1]) >= 0 {
		done--
	}
	return min(done, s.holdFrom(len(s.text)))
}

// A candidate is what a header turned out to begin.
type candidate struct {
	match     detectors.Match // without the token
	compact   compact
	all       []detectors.Match // those of a JSON serialization
	isObject  bool              // which is an object that was read whole
	isPassed  bool              // there is none
	by        toldBy            // how it is written
	ok        bool
	more      bool // more text is needed to tell
	glued     bool // another token may begin in it: in the signature or, in a row of segments, in front of that
	unsigned  bool // alg is none: the signature may be empty
	signature int  // where the signature or tag starts
	rest      int  // where the second segment starts
	// isDetached says that it is a JWS with a detached payload, and no token.
	isDetached bool
}

// token says what begins with the header text[start:headerEnd].
func (s *search) token(start, headerEnd int) candidate {
	dot := pastPadding(s.text, headerEnd)
	if dot == len(s.text) {
		return candidate{more: true}
	}
	switch c := s.text[dot]; {
	case headerEnd-start > detectors.MaxHeld:
		return candidate{}
	case c == '.':
		return s.compact(start, headerEnd, dot)
	}
	q, isQuoted := s.quotingOf(start, headerEnd)
	if c := s.text[dot]; (c == '"' || c == '\'') && (q.signs() == 0 || q.isInline) {
		if found := s.serialized(start); found.ok || found.more && !s.atEOF {
			return found
		}
	}
	var found candidate
	if isQuoted = isQuoted && (len(q.quote) > 1 || !s.isUseless(start)); isQuoted {
		found = s.quoted(&q, start, headerEnd)
	}
	switch {
	case found.ok, found.more && !s.atEOF:
		return found
	case isQuoted && start < s.told.end, found.isPassed, s.isTold(start):
		return candidate{}
	}
	if found := s.printed(start, headerEnd); found.ok || found.more && !s.atEOF {
		return found
	}
	return s.listed(start, headerEnd)
}

// compact says what begins with the header text[start:headerEnd], with the full stop at dot behind it.
func (s *search) compact(start, headerEnd, dot int) candidate {
	if !s.readHeader(s.text[start:headerEnd]) {
		return candidate{}
	}
	c := compact{text: s.text}
	c.add(start, headerEnd)
	if s.known.enc != "" {
		if found := s.encrypted(c, dot+1, s.known.enc); found.ok || found.more && !s.atEOF {
			return found
		}
	}
	return s.signed(c, dot+1, s.known.alg)
}

// A header is what one says that is written so.
type header struct {
	chars    []byte
	alg, enc string
}

// readHeader reports whether a segment is a header, which is known then.
func (s *search) readHeader(chars []byte) (ok bool) {
	if len(s.known.chars) > 0 && bytes.Equal(chars, s.known.chars) {
		return true
	}
	if s.scratch, ok = appendDecoded(s.scratch[:0], chars); !ok {
		return false
	}
	alg, enc, ok := headerParameters(s.scratch)
	if !ok {
		s.tellDeep(s.scratch)
		return false
	}
	s.known = header{chars, alg, enc}
	return true
}

// signed reads the payload and the signature of a JWS.
func (s *search) signed(c compact, payload int, alg string) candidate {
	payloadEnd, dot := segment(s.text, payload)
	if dot == len(s.text) {
		return candidate{more: c.fits(dot)}
	}
	if dot == payload && s.text[dot] == '.' && s.known.enc == "" {
		return s.detached(c, dot+1)
	}
	if s.text[dot] != '.' || !s.encodesObject(s.text[payload:payloadEnd]) {
		return candidate{}
	}
	c.add(payload, payloadEnd)
	signature := dot + 1
	run := runEnd(s.text, signature)
	if run == len(s.text) && c.fits(run) && !s.atEOF {
		return candidate{more: true}
	}
	end := signature + lastSegment(s.text[signature:run], signatureSizes(alg), s.text[c.start():signature])
	c.add(signature, end)
	unsigned := strings.EqualFold(alg, "none")
	if !c.fits(end) || end == signature && !unsigned || isPlaceholder(s.text[signature:end], signatureSizes(alg)) && !unsigned {
		return candidate{}
	}
	if elided, more := s.isElided(run, end-signature, signatureSizes(alg)); elided || more {
		return candidate{more: more}
	}
	found := candidate{match: c.match(detectors.JWS), compact: c, ok: true, signature: signature, unsigned: unsigned, rest: payload}
	if found = s.glue(found, run); found.more || found.glued || end < run {
		return found
	}
	return s.disclosed(found)
}

// glue looks at what stands behind a token, the last segment of which is in the base64 characters up to run. It takes in
// the padding, and a full stop makes the token one in which another may begin.
func (s *search) glue(found candidate, run int) candidate {
	end := found.match.End
	after := pastPadding(s.text, run)
	switch {
	case after == len(s.text) && !s.atEOF:
		return candidate{more: true}
	case after < len(s.text) && s.text[after] == '.' && end > found.signature:
		found.glued = true
	case end == run:
		found.match.End = paddedEnd(end-found.signature, end, after)
	}
	return found
}

// encrypted reads the four segments of a JWE behind its header.
func (s *search) encrypted(c compact, key int, enc string) candidate {
	at := key
	for i := range 3 {
		end, dot := segment(s.text, at)
		if dot == len(s.text) {
			return candidate{more: c.fits(dot)}
		}
		if s.text[dot] != '.' || (end-at)%4 == 1 || end == at && i > 0 {
			return candidate{}
		}
		c.add(at, end)
		at = dot + 1
	}
	run := runEnd(s.text, at)
	if run == len(s.text) && c.fits(run) && !s.atEOF {
		return candidate{more: true}
	}
	end := at + lastSegment(s.text[at:run], tagSizes(enc), s.text[c.start():at])
	c.add(at, end)
	if end == at || !c.fits(end) || isPlaceholder(s.text[at:end], tagSizes(enc)) {
		return candidate{}
	}
	if elided, more := s.isElided(run, end-at, tagSizes(enc)); elided || more {
		return candidate{more: more}
	}
	found := s.glue(candidate{match: c.match(detectors.JWE), compact: c, ok: true, signature: at, rest: key}, run)
	found.glued = found.ok // that it is opaque does not keep a token from being in it
	return found
}

// disclosed counts the SD-JWT disclosures between tildes behind a JWS (RFC 9901, section 4). They belong to the match.
func (s *search) disclosed(found candidate) candidate {
	for at := found.match.End; ; {
		if at == len(s.text) && !s.atEOF && at-found.match.Start <= detectors.MaxHeld {
			return candidate{more: true}
		}
		if at == len(s.text) || s.text[at] != '~' {
			return found
		}
		found.match.End = at + 1
		end, after := segment(s.text, at+1)
		if after == len(s.text) && !s.atEOF && after-found.match.Start <= detectors.MaxHeld {
			return candidate{more: true}
		}
		if after == len(s.text) || s.text[after] != '~' || !isDisclosure(s.text[at+1:end]) {
			return found
		}
		found.match.Disclosures++
		at = after
	}
}

// encodesObject reports whether a segment decodes to a JSON object.
func (s *search) encodesObject(segment []byte) (ok bool) {
	if len(segment) > 0 && bytes.Equal(segment, s.known.chars) {
		return true
	}
	if s.scratch, ok = appendDecoded(s.scratch[:0], segment); !ok {
		return false
	}
	ok = isObject(s.scratch)
	if !ok {
		s.tellDeep(s.scratch)
	}
	return ok
}

// tellDeep tells of JSON that does not decode because it is nested too deep.
func (s *search) tellDeep(text []byte) {
	if isDeep(text) {
		s.skipped(reasonNesting)
	}
}
