package jwt

import (
	"strings"
	"sync"

	"github.com/jwtleak/jwtleak/detectors"
)

// Parts finds plain tokens in the parts of one text that its owner points at, in order: a caller who knows where headers
// start need not show all between them. What lies before a part is looked at for nothing but the beginning of a JSON
// serialization that the part points back at. It is for one goroutine.
type Parts struct {
	text  []byte
	from  int // where the last token ended
	spent int // bytes looked at for JSON serializations, in all parts
	known header

	lowest int
	told   told

	objects  nesting // what of the text was read for where objects end
	enclosed enclosures
	useless  int
	ended    int
	isShort  bool

	skipped func(reason string)
}

// PartsOf returns the parts of text, none of which was looked at yet. The text must not change while they are in use.
// What is not read is told to skipped, as detectors.Bounded does.
func PartsOf(text []byte, skipped func(reason string)) Parts {
	return Parts{text: text, skipped: skipped, useless: -1}
}

// Detect finds the tokens whose header starts in text[from:to], and returns up to where it is done, as
// detectors.Detector does, in places of the whole text. Parts go forwards. Where atEOF is false, the text goes on behind
// to: a header from done on is to be looked at again, in a part that is longer. What is detectors.Detached is yielded too, and so
// perhaps again. A JSON serialization may begin before done; where the text itself ends, Begun says where.
func (p *Parts) Detect(from, to int, atEOF bool, yield func(detectors.Match)) (done int) {
	s := searches.Get().(*search)
	*s = search{text: p.text[:to], atEOF: atEOF, yield: yield, first: from, from: p.from, spent: p.spent, known: p.known, isPart: true, skipped: p.skipped, scratch: s.scratch}
	s.objects, s.enclosed, s.useless, s.ended, s.lowest, s.told = p.objects, p.enclosed, p.useless, p.ended, p.lowest, p.told
	done = s.run()
	p.from, p.spent, p.known = min(max(s.from, s.told.end), done), s.spent, s.known
	p.lowest, p.told = s.lowest, s.told
	p.objects, p.enclosed, p.useless, p.ended = s.objects, s.enclosed, s.useless, s.ended
	p.isShort = p.isShort || s.isShort
	*s = search{scratch: s.scratch}
	searches.Put(s)
	return done
}

// IsComplete is the function of that name, for a token that was found in the parts: its header was read for that.
func (p *Parts) IsComplete(compact string) bool {
	if header, _, _ := strings.Cut(compact, "."); header == string(p.known.chars) {
		return isComplete(compact, p.known.alg)
	}
	return IsComplete(compact)
}

// searches are those that are over: each token has one, of two kilobytes.
var searches = sync.Pool{New: func() any { return new(search) }}

// Spent returns how many bytes were looked at for JSON serializations, some of them several times.
func (p *Parts) Spent() int { return p.spent }

// IsShort reports whether what may be a JSON serialization begins in front of the text: nothing came of it, and more of what is there may
// make it whole.
func (p *Parts) IsShort() bool { return p.isShort }

// Begun returns where the text begins that is needed again with what follows the text, for JSON serializations that have
// begun and are pointed at by nothing yet.
func (p *Parts) Begun() int {
	s := search{text: p.text, from: p.from, lowest: p.lowest, isAll: true, spent: p.spent, skipped: p.skipped}
	defer func() { p.isShort = p.isShort || s.atFront }()
	return s.holdFrom(len(p.text))
}
