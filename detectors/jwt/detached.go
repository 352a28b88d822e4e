package jwt

import (
	"strings"

	"github.com/jwtleak/jwtleak/detectors"
)

// A JWS with a detached payload (RFC 7515, appendix F) is written as a token is, with nothing between the full stops. It is told as
// what it is, and takes part in nothing else: what is a token depends on none.

// detached reads the signature of a JWS behind its header and the two full stops. One that is shorter than any algorithm makes is none,
// but a placeholder, or what an ellipsis has left; nor is one that further segments follow: that is a row of segments, or a JWE.
func (s *search) detached(c compact, signature int) candidate {
	if strings.EqualFold(s.known.alg, "none") {
		return candidate{}
	}
	c.add(signature-1, signature-1)
	run := runEnd(s.text, signature)
	if run == len(s.text) && c.fits(run) && !s.atEOF {
		return candidate{more: true}
	}
	end := signature + lastSegment(s.text[signature:run], signatureSizes(s.known.alg), s.text[c.start():signature])
	if end-signature < fewestSigned || !c.fits(end) {
		return candidate{}
	}
	c.add(signature, end)
	if elided, more := s.isElided(run, end-signature, signatureSizes(s.known.alg)); elided || more {
		return candidate{more: more}
	}
	found := candidate{match: c.match(detectors.Detached), compact: c, isDetached: true}
	after := pastPadding(s.text, run)
	rest := s.text[after:min(len(s.text), after+2)]
	isRow := len(rest) > 0 && rest[0] == '.'
	switch {
	case len(rest) == 0 && !s.atEOF, isRow && len(rest) == 1 && !s.atEOF:
		return candidate{more: true}
	case isRow && len(rest) == 2 && (sextets[rest[1]] < 64 || rest[1] == '.' && !hasSize(end-signature, signatureSizes(s.known.alg))):
		return candidate{}
	case end == run:
		found.match.End = paddedEnd(end-signature, end, after)
	}
	return found
}

// tellDetached yields a JWS with a detached payload, unless its header is of the token that is kept.
func (s *search) tellDetached(found candidate) {
	match := found.match
	if s.isOpen && match.Start < s.open.match.End || match.Start < s.pastDetached {
		return
	}
	match.Token = found.compact.token()
	s.pastDetached = match.End
	s.yield(match)
}
