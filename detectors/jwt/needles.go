package jwt

import (
	"github.com/jwtleak/jwtleak/detectors"
	"github.com/jwtleak/jwtleak/detectors/prefilter"
)

// Needles returns the beginnings that the base64 of a JOSE header can have: of an object with at least one member, the
// brace at each of the three places that it can take among three bytes when white space stands before it. A text without
// any of them has no token in plain form.
//
// They point at the start of the header rather than at its "alg", so that the header is read forwards, a key may be
// escaped, and nothing has to be kept at the edge of a block but a header that is really being read.
func Needles() []string {
	return []string{
		// {" followed by a byte below 0x40, 0x80, 0xc0 and 0x100; { and space; { and line feed, carriage return, tab
		"eyI", "eyJ", "eyK", "eyL", "eyA", "ewo", "ew0", "ewk",
		// one of the four kinds of white space, {, a byte below 0x40
		"IHs", "CXs", "Cns", "DXs",
		// two of them and {, without the first character
		"CB7", "SB7", "iB7",
		"Al7", "Ap7", "A17", "Ql7", "Qp7", "Q17", "gl7", "gp7", "g17",
	}
}

// firstLateNeedle is the index of the first needle that stands one character after the start of its group of four.
const firstLateNeedle = 12

var headerStarts = prefilter.New(Needles()...)

// Prefilter returns what says cheaply where a header may begin.
func (Detector) Prefilter() detectors.Prefilter { return headerStarts }
