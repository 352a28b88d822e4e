package encoding

import (
	"bytes"

	"github.com/jwtleak/jwtleak/detectors"
	"github.com/jwtleak/jwtleak/detectors/jwt"
)

// addDoubtful adds as much as may be of the lines before, the second of which has a width, of a line that is longer: it may be
// another matter, or the last line with something behind it that a token may have, too. What comes out says which: see
// [scan.doubtful].
func (p *piece) addDoubtful(text []byte, i int, second width) {
	p.certain, p.certainEnd = len(p.text), p.end
	p.end = i
	for chars := 0; p.end < len(text) && solids[text[p.end]] && chars < second.chars+lineSlack; chars++ {
		if isSign[text[p.end]] == 0 {
			p.end++
		} else {
			p.end += max(escapeAt(text[p.end:]).size, 1)
		}
	}
	p.text, p.doubtful = append(p.text, text[i:p.end]...), i
}

// withoutDoubtful returns the piece without the line that was added in doubt.
func (p piece) withoutDoubtful() piece {
	p.text, p.end = p.text[:p.certain], p.certainEnd
	return p
}

// doubtful chooses from what was found with a line that was added in doubt, and returns with which piece and up to where in it. The
// line is taken where a token gets whole by it: where its payload does, or its signature gets as long as its algorithm has it.
func (s *scan) doubtful(p piece, inner *scan) (piece, *scan, int) {
	with, crosses := *inner, false
	for i := range with.found {
		match := &with.found[i]
		if match.End > p.certain && match.Start < p.certain {
			crosses = true
			if cut := jwt.BeforeSign(match.Token); cut < len(match.Token) && match.Encodings == nil {
				match.End, match.Token = match.Start+cut, match.Token[:cut]
			}
		}
	}
	certain := p.withoutDoubtful()
	if !crosses {
		return certain, inner, p.certain
	}
	s.budget -= certain.price(brokenLines)
	inner = s.inside(brokenLines, certain, true)
	inner.all()
	s.budget -= priceOfEffort * inner.parts.Spent()
	for _, match := range with.found {
		if match.Start < p.certain && match.End > p.certain && isMoreThanIn(inner.found, match) {
			*inner = with
			return p, inner, p.certain
		}
	}
	return certain, inner, p.certain
}

// isMoreThanIn reports whether a token is whole, and is not among those that were found, or not whole.
func isMoreThanIn(found []detectors.Match, match detectors.Match) bool {
	is := true
	for _, other := range found {
		if areOne(other.Token, match.Token) {
			is = is && hasAll(match) && !hasAll(other)
		}
	}
	return is
}

// hasAll reports whether a token has a signature or tag of a length that its header tells.
func hasAll(match detectors.Match) bool {
	if match.Rule == detectors.JWE {
		return jwt.HasWholeSignature(match.Token)
	}
	return jwt.IsComplete(match.Token)
}

// behindLast are the characters that may stand behind the end of the last line: no token has them, nor base64, but for the tilde
// of an SD-JWT. The last four may be of an escape.
var behindLast = func() (table [256]bool) {
	for _, c := range []byte(",|()[]:!?*@$^~;}&#") {
		table[c] = true
	}
	return table
}()

// beforeSign returns where the first of them stands that is of no escape, or the length of text.
func beforeSign(text []byte) int {
	for at, c := range text {
		if behindLast[c] && !isOfEscape(text, at) {
			return at
		}
	}
	return len(text)
}

// isOfEscape reports whether the sign at a place begins or ends an escape, or is in it: &#...; or \u{...}.
func isOfEscape(text []byte, at int) bool {
	before := text[max(at-maxEntity, 0):at]
	switch text[at] {
	case ';', '#':
		return bytes.IndexByte(before, '&') >= 0
	case '}':
		return bytes.IndexByte(before, '{') >= 0
	case '&':
		return bytes.IndexByte(text[at:min(at+maxEntity, len(text))], ';') >= 0
	}
	return false
}

// beforeParameter returns where the next parameter of a form begins in text ("&name="), or its length.
func beforeParameter(text []byte) int {
	for at := 0; ; at++ {
		and := bytes.IndexByte(text[at:], '&')
		if and < 0 {
			return len(text)
		}
		at += and
		name := at + 1
		for name < len(text) && sextets[text[name]] < 64 {
			name++
		}
		if name > at+1 && name < len(text) && text[name] == '=' {
			return at
		}
	}
}
