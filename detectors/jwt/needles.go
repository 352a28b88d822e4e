package jwt

import (
	"sync"

	"github.com/jwtleak/jwtleak/detectors"
	"github.com/jwtleak/jwtleak/detectors/prefilter"
)

// Heads returns the first three characters that a header can have that starts with its brace and has a member: those of
// {" followed by a byte below 0x40, 0x80, 0xc0 and 0x100; of { and space; of { and line feed, carriage return, tab.
func Heads() []string { return []string{"eyI", "eyJ", "eyK", "eyL", "eyA", "ewo", "ew0", "ewk"} }

// Needles returns the beginnings that the base64 of a JOSE header can have: of an object with at least one member, the
// brace at each of the three places that it can take among three bytes when white space stands before it. A text without
// any of them has no token in plain form.
//
// They point at the start of the header rather than at its "alg", so that the header is read forwards, a key may be
// escaped, and nothing has to be kept at the edge of a block but a header that is really being read. Where white space
// or a brace leaves few characters possible, they go one character further: "ewo" alone stands in every "framework".
func Needles() []string {
	heads := Heads()
	needles := heads[:4:4]
	// White space or a quotation mark, as the last six bits of a byte and as its first six.
	needles = append(needles, followed(heads[4:], "giJKN")...)
	needles = append(needles, followed([]string{"IHs", "CXs", "Cns", "DXs"}, "giJKN")...) // white space, {
	late := []string{"CB7", "SB7", "iB7", "Al7", "Ap7", "A17", "Ql7", "Qp7", "Q17", "gl7", "gp7", "g17"}
	return append(needles, followed(late, "ICD")...) // white space twice, {; without the first character
}

// followed returns each start followed by each of some characters.
func followed(starts []string, next string) (needles []string) {
	for _, start := range starts {
		for _, char := range next {
			needles = append(needles, start+string(char))
		}
	}
	return needles
}

// GroupOf returns where the group of four begins of which a needle, by its index among Needles, stands at a place.
func GroupOf(needle, at int) int {
	if needle >= firstLateNeedle {
		return at - 1
	}
	return at
}

// firstLateNeedle is the index of the first needle that stands one character after the start of its group of four.
const firstLateNeedle = 4 + 4*5 + 4*5

// headerStarts are compiled when they are first asked for: what looks for wrapped tokens too has needles of its own.
var headerStarts = sync.OnceValue(func() *prefilter.Set { return prefilter.New(Needles()...) })

// HeaderStarts returns the compiled Needles.
func HeaderStarts() *prefilter.Set { return headerStarts() }

// Prefilter returns what says cheaply where a header may begin.
func (Detector) Prefilter() detectors.Prefilter { return headerStarts() }
