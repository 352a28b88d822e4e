package encoding

import (
	"bytes"
	"slices"
	"sort"

	"github.com/jwtleak/jwtleak/detectors"
	"github.com/jwtleak/jwtleak/detectors/jwt"
)

// Behind the last full stop of a token, or behind a part of its signature, a line may end, and on the next one may stand what consists of
// the same characters: a hash, a name, base64 of something else. It is the token's where the lines are those of a fixed-width wrap, or
// where the signature has by it the length that the header asks for and ends where the line does; and whatever it is where something
// else than a line break says that both belong together, as a string literal does.

const (
	// shortestSignature is how many characters the shortest signature in use has, that of HS256.
	shortestSignature = 43
	// longestHash is how many characters the longest hash in use has, those of the 64 bytes of SHA-512 in hexadecimal digits.
	longestHash = 128
	// leftOver is how many characters of the escape of a line feed may be left in front of the first line.
	leftOver = 2
	// mimeWidth and pemWidth are how long lines of base64 are by RFC 2045, section 6.8, and RFC 7468, section 2.
	mimeWidth, pemWidth = 76, 64
)

// An ownSignature is the signature or tag of a token that was joined from lines, or is in what was.
type ownSignature struct {
	jwt.LastSegment
	of       *piece // what has the token as it is
	begin    int    // where the token stands in it
	start    int    // and where the signature does
	lines    []line // those that were joined
	joined   []byte // what they were joined to
	doubtful int    // where another begins in what they were joined to, which was added in doubt, or 0
	size     int    // of that
	isJoined bool   // that is the piece, and so nothing else was undone
	isRun    bool   // it was base64 or hexadecimal
	in       *scan  // of what had the lines
	token    int    // the line that the token begins on
	first    int    // the last one that is certain to be of the token
	last     int    // the one that it ends on
}

// withOwnSignature returns a token that is in what was undone of the text, with no more of a signature than is its own. It reports
// false where it is none without the rest.
func (s *scan) withOwnSignature(w wrapping, p *piece, m detectors.Match) (own detectors.Match, ok bool) {
	if w != brokenLines && len(s.lined) == 0 {
		return m, true
	}
	if m.Rule == detectors.JWE && !jwt.HasWholeSignature(m.Token) {
		return m, w != brokenLines
	}
	ofLines := m.Encodings != nil && w == brokenLines
	if m.Encodings != nil && (ofLines && isInRun(&m) || !ofLines && !areEscapes(m.Encodings)) {
		return m, !ofLines || !p.isUneven(m.Start, m.End)
	}
	o := ownSignature{LastSegment: jwt.LastOf(m.Token), of: p, lines: s.lined, joined: s.text, doubtful: s.certain, size: len(s.text), isRun: w == base64Run || w == hexRun}
	if w == brokenLines {
		o.lines, o.joined, o.doubtful, o.size, o.isJoined = p.lined, p.text, p.certain, len(p.text), true
		o.in = s
	} else {
		o.in = s.outer
	}
	switch located := o.locate(&m); {
	case !located:
		return m, !o.isJoined || len(o.Chars) >= shortestSignature || len(o.Chars) == 0 || m.Encodings != nil
	case !ofLines && o.isOfStrangers(), o.token < o.first && jwt.BeginsObject(o.Chars): // a header in front of a token that has none
		return m, false
	case o.first == o.last || ofLines && !o.hasForeign() || !ofLines && o.isOwn():
		return m, true
	}
	return o.cut(m, o.ownEnd())
}

// areEscapes reports whether all wrappings are such as leave most characters as they are.
func areEscapes(encodings []string) bool {
	for _, name := range encodings {
		switch name {
		case namePercent, nameJSONEscape, nameHTMLEntity, nameQuotedPrintable:
		default:
			return false
		}
	}
	return true
}

// ownEnd returns the last line up to which it may be the token's, where not all of it is. There may be very many.
func (s *ownSignature) ownEnd() (end int) {
	if s.isUneven() {
		return s.listEnd()
	}
	end = s.first
	widest, isSegments := s.widest(), s.isSegments()
	isFilled, isOther := !s.Fits(s.upTo(s.first)), s.isOtherwise(s.upTo(s.first), len(s.Chars))
	for last, from := s.first+1, s.upTo(s.first); last < s.last; last++ {
		n := s.upTo(last)
		if s.isForeign(from, n) {
			break
		}
		goesOn := s.IsOfAnySize() && s.line(last).width == s.line(last+1).width // on the next line of a wrap
		fits := s.Fits(n)
		if fits || isFilled && !goesOn && !isOther && s.mayEnd(n, isSegments) {
			end = last
		}
		isFilled = isFilled && !fits && isFull(s.line(last).width, widest, isSegments)
		from = n
	}
	return end
}

// locate finds it in the lines. It reports false where it does not stand there as it is.
func (s *ownSignature) locate(m *detectors.Match) bool {
	written := s.of.text[m.Start:m.End]
	if tilde := bytes.IndexByte(written, '~'); tilde >= 0 { // behind it are disclosures
		written = written[:tilde]
	}
	end := m.Start + len(bytes.TrimRight(written, "="))
	s.begin = m.Start
	if s.start = end - len(s.Chars); s.start <= m.Start || !isWritten(s.Chars, s.of.text[s.start:end]) {
		return false
	}
	s.token, s.first, s.last = s.lineOf(m.Start), s.lineOf(s.start-1), s.lineOf(end-1)
	if s.IsUnsigned && s.upTo(s.first) == 0 {
		return true // it is whole, whatever says that the next line belongs to this one
	}
	isBegun := s.upTo(s.first) > 0
	for s.first < s.last && s.line(s.first+1).sure && (isBegun || !s.line(s.first+1).implied) {
		s.first++
	}
	return true
}

// place returns where the byte at i of what has the token is in what the lines were joined to.
func (s *ownSignature) place(i int) int {
	if s.isJoined {
		return i
	}
	return s.of.place(i)
}

// upTo returns how many characters of it are on the lines up to one of them.
func (s *ownSignature) upTo(last int) int {
	end := s.line(last + 1).at
	return sort.Search(len(s.Chars), func(i int) bool { return s.place(s.start+i) >= end })
}

// isWritten reports whether a signature in the URL-safe alphabet is what is written, in either.
func isWritten(signature string, written []byte) bool {
	for i, char := range written {
		if sextets[char] != sextets[signature[i]] {
			return false
		}
	}
	return true
}

// lineOf returns the line that has the byte at i of what has the token.
func (s *ownSignature) lineOf(i int) int {
	i = s.place(i)
	if s.doubtful > 0 && i >= s.doubtful {
		return len(s.lines)
	}
	n, _ := slices.BinarySearchFunc(s.lines, i+1, func(l line, at int) int { return l.at - at })
	return n - 1
}

// line returns one of them, the one that was added in doubt as well, which is behind the others.
func (s *ownSignature) line(i int) line {
	switch {
	case i < len(s.lines):
		return s.lines[i]
	case i == len(s.lines) && s.doubtful > 0:
		return line{at: s.doubtful}
	}
	return line{at: s.size}
}

// isOwn reports whether all of it is the token's.
func (s *ownSignature) isOwn() bool {
	n, hasBegun := len(s.Chars), s.upTo(s.first) > 0
	switch {
	case s.isUneven():
		return s.listEnd() == s.last
	case !s.isRun && s.isWholeBefore(n):
		return false
	}
	before, behind := s.isWrap()
	switch {
	case before && hasBegun:
		return true
	case s.hasForeign(), s.IsUnsigned && !s.isRun:
		return false
	case behind && (hasBegun || s.isRun):
		return true
	case before && (s.isRun || !s.isSegments()):
		return n >= shortestSignature || s.isRun || s.Fits(n)
	case s.goesOn():
		return false
	case s.Fits(n), s.IsOfAnySize() && s.isOneWidth():
		return true
	case hasBegun && n-s.upTo(s.last-1) > s.line(s.first).end+lineSlack:
		return false
	}
	isSegments := s.isSegments()
	return s.mayEnd(n, isSegments) && s.isFilled(isSegments)
}

// isWholeBefore reports whether what is on the lines in front of the last is as long as the header asks for, and all n characters are not.
func (s *ownSignature) isWholeBefore(n int) bool {
	if s.Fits(n) {
		return false
	}
	for i := s.first; i < s.last; i++ {
		if s.Fits(s.upTo(i)) {
			return true
		}
	}
	return false
}

// mayEnd reports whether it may have n characters, and so end on a line: whatever its length where the header is on a line of its own
// and the payload, too.
func (s *ownSignature) mayEnd(n int, isSegments bool) bool {
	return s.MayFit(n) || isSegments && s.isJoined && !s.IsUnsigned && s.first > s.token && s.Encoding(n) >= shortestSignature
}

// goesOn reports whether more of what it consists of follows on its last line.
func (s *ownSignature) goesOn() bool {
	end := s.start + len(s.Chars)
	return end < len(s.of.text) && sextets[s.of.text[end]] != none && s.place(end) < s.line(s.last+1).at
}

// isWrap reports whether the last line that is certain to be of the token is as long as the one before is, and as the one behind where
// that is not the last. Of base64 all lines count, also those in front of the token and behind, and a line is one of a wrap where it is
// as long as those of mail and PEM are.
func (s *ownSignature) isWrap() (before, behind bool) {
	least, last := s.token, s.last
	if s.isRun {
		least, last = 0, len(s.lines)-1
	}
	own := s.line(s.first)
	if s.isRun && (own.width == mimeWidth || own.width == pemWidth) {
		return true, true
	}
	before = s.first > least && own.isAsLong(s.line(s.first-1))
	behind = s.first+1 < last && own.isAsLong(s.line(s.first+1))
	// The first line may have in front what is not seen of it where it was escaped.
	isFirst := !s.isRun && s.first == 0 && s.first+2 < last && own.width < s.line(s.first+1).width
	return before, behind || isFirst && s.line(s.first+1).isAsLong(s.line(s.first+2))
}

// isFilled reports whether each line behind those that are certain to be of the token, and in front of the last, is full: the token
// would not go on behind it otherwise.
func (s *ownSignature) isFilled(isSegments bool) bool {
	widest := s.widest()
	for i := s.first + 1; i < s.last; i++ {
		if !isFull(s.line(i).width, widest, isSegments) {
			return false
		}
	}
	return true
}

// isOneWidth reports whether the lines behind those that are certain to be of the token are as long as each other, but the last, which is no
// longer: a signature that was wrapped on lines of its own. Of two lines the second may be a word that stands behind.
func (s *ownSignature) isOneWidth() bool {
	const narrowestOfTwo, shortestOfTwo = 60, 16
	width, last := s.line(s.first+1).width, s.line(s.last).width
	for i := s.first + 2; i < s.last; i++ {
		if s.line(i).width != width {
			return false
		}
	}
	if s.last == s.first+2 && (width < narrowestOfTwo || width%4 != 0 || last < shortestOfTwo) {
		return false
	}
	return s.last > s.first+1 && last <= width
}

// widest returns how long the longest line is of those that are certain to be of the token, of which the first may have a little in front.
func (s *ownSignature) widest() (width int) {
	for i := s.token; i <= s.first; i++ {
		width = max(width, s.line(i).width)
	}
	return width
}

// isFull reports whether a line is as long as the longest of those of a token. Where a segment is a line, it is not longer, either.
func isFull(width, widest int, isSegments bool) bool {
	return width >= widest-leftOver && (width <= widest || !isSegments)
}

// isSegments reports whether each of the lines that are certain to be of the token ends at a full stop, or there is but one.
func (s *ownSignature) isSegments() bool {
	for i := s.token; i < s.first; i++ {
		if s.isRun || !s.breaksAtStop(s.line(i), s.line(i+1)) {
			return false
		}
	}
	return true
}

// breaksAtStop reports whether a full stop stands on either side of the line break between two lines.
func (s *ownSignature) breaksAtStop(before, behind line) bool {
	return behind.stop > 0 || endsWithStop(s.joined[before.at:behind.at])
}

// hasForeign reports whether the part of it on the lines behind those that are certain to be of the token, or on one of these, is of no
// signature.
func (s *ownSignature) hasForeign() bool {
	from := s.upTo(s.first)
	if s.isForeign(from, len(s.Chars)) {
		return true
	}
	for i := s.first + 1; i <= s.last; i++ {
		end := s.upTo(i)
		if s.isForeign(from, end) {
			return true
		}
		from = end
	}
	return false
}

// isForeign reports whether what it has from one place to another, on a line, is of no signature, or of no signature of the token.
func (s *ownSignature) isForeign(from, to int) bool {
	return s.isOtherwise(from, to) || jwt.IsForeign(s.Chars[from:to])
}

// isOtherwise reports whether what it has from one place to another is written otherwise than the token is in front of its signature, where
// all of that is on one line, and nothing of the signature: it is a hash in base64, unless the whole is as long as the signature of a key
// of RSA, and no hash is.
func (s *ownSignature) isOtherwise(from, to int) bool {
	if s.token < s.first || s.upTo(s.first) > 0 || len(s.Chars) > longestHash && s.Fits(len(s.Chars)) {
		return false
	}
	text, start := s.of.text, s.start
	return jwt.IsOfOtherAlphabet(text[s.begin:start], text[start+from:start+to], text[start+to:])
}

// cut leaves the token what is on the lines up to the last.
func (s *ownSignature) cut(m detectors.Match, last int) (own detectors.Match, ok bool) {
	n := s.Encoding(s.upTo(last))
	if m.End, m.Disclosures = s.start+n, 0; m.Rule == detectors.Detached && n < shortestSignature {
		return m, false
	}
	m.Token = m.Token[:len(m.Token)-len(s.Chars)+n]
	return m, n > 0 || s.IsUnsigned
}
