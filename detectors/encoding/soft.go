package encoding

import (
	"bytes"
	"encoding/json"

	"github.com/jwtleak/jwtleak/detectors"
	"github.com/jwtleak/jwtleak/detectors/jwt"
)

// Soft wrappings leave most characters as they are, so that the start of a token is plain to see and something breaks
// it further on.
type soft struct {
	start, end int             // the run of solid characters
	signs      [wrappings]bool // what there are signs of
	firsts     [wrappings]int  // where the first sign of each is
	last       [wrappings]int  // and where the last is
	any        bool            // there are some
	isMail     bool            // a line is broken as in quoted-printable text
	count      int             // how many places were looked at
	undone     int             // up to where all of them were undone
	longLine   span            // see [scan.isLongLine]; empty where it is none
	first      int             // where the first sign is, or what may become one once another wrapping is undone
	// begun is up to where no needle begins what is still a token at the first sign, by slot.
	begun [wrappings * 4]int
}

func (r *soft) covers(at int) bool { return at >= r.start && at < r.end }

// soft follows the soft wrappings of which there are signs behind a needle, the run of which starts at, where what stands before the first of them
// is the beginning of a token.
func (s *scan) soft(w wrapping, hit, at int) {
	if !s.solid.covers(at) {
		if s.isComplete(at) {
			return
		}
		s.solid = s.signs(at, at)
		s.budget -= priceOfHit + (s.solid.end-at)/4 + priceOfSign*s.solid.count
	}
	if !s.solid.any || s.isComplete(at) || w == plain && s.isOtherObject(at) {
		return
	}
	open := false
	undone := s.solid.end
	for w := percent; w <= brokenLines; w++ {
		if s.solid.signs[w] {
			open = open || s.canFollow(w, at)
			undone = min(undone, s.covered[slot(w, at)])
		}
	}
	s.solid.undone = undone
	if s.isLongLine(w, at) {
		return
	}
	if !open || hit+nearSign < s.solid.first && !s.begins(w, at) {
		return
	}
	if s.solid.isMail && s.softBy(quotedPrintable, hit, at) {
		return // a mail is broken into lines when all else in it is written
	}
	for w := percent; w <= brokenLines; w++ {
		if s.solid.signs[w] && s.softBy(w, hit, at) {
			return
		}
	}
}

// longestObject is how many characters of base64 are looked at to see that they are a whole object.
const longestObject = 1 << 10

// isOtherObject reports whether the run of base64 that begins at a place is a JSON object from its beginning to its end, and no header: as in
// cookies and cursors, of which a log may have one on each line. Whatever it is broken or followed by, it does not become one. The value of a
// member of a JSON serialization may be one all the same: that has alg elsewhere.
func (s *scan) isOtherObject(at int) bool {
	if at == 0 || sextets[s.text[at-1]] < 64 || s.isMember(at) {
		return false
	}
	end := runEnd(s.text[:min(len(s.text), at+longestObject)], at)
	if end == len(s.text) || end-at == longestObject || (end-at)%4 == 1 {
		return false
	}
	p := piece{text: s.object[:0]}
	p.base64(s.text[at:end], 0, end-at)
	s.object = p.text
	object := bytes.TrimSpace(p.text)
	s.budget -= len(object)
	return len(object) > 0 && object[0] == '{' && object[len(object)-1] == '}' && !bytes.Contains(object, []byte(`"alg"`)) &&
		bytes.IndexByte(object, '\\') < 0 && json.Valid(object)
}

// isLongLine reports whether all from a place on is of a long line of base64 of text that may go on in the next, and that has no other
// signs: it is undone as that, and is too long for a header.
func (s *scan) isLongLine(w wrapping, at int) bool {
	r := &s.solid
	if r.end-r.start < longJoined || r.first < r.end-len("==") || !r.any || w != plain && w != base64Run {
		return false
	}
	if r.longLine.end == 0 {
		last := r.end - 2 + len(bytes.TrimRight(s.text[r.end-2:r.end], "="))
		first := last
		for first > 0 && sextets[s.text[first-1]] < 64 {
			first--
		}
		r.longLine = span{r.end, r.end}
		if last-first >= longJoined && encodedIn(s.text[:first+encodedAhead], first).by == base64Run {
			r.longLine.start = first
		}
	}
	return at >= r.longLine.start && at < r.longLine.end
}

// softBy follows one of them, and reports whether the others need not be: it finds a token that no other breaks, or they are for later.
func (s *scan) softBy(w wrapping, hit, at int) bool {
	count := len(s.found)
	s.literal(w, at)
	s.follow(w, at, s.statementStart(w, at))
	return s.isWhole(s.found[count:], hit) || s.isForLater(hit)
}

// isWhole reports whether a token that was just found has a needle in it, and all that belongs to it.
func (s *scan) isWhole(found []detectors.Match, at int) bool {
	for _, match := range found {
		if match.Start <= at && at < match.End && match.Rule != detectors.JWE && jwt.IsComplete(match.Token) && !goesOn(s.text[match.End:]) && !isParted(s.text, match.End) {
			return true
		}
	}
	return false
}

// isInRun reports whether the place of a match is a run of base64 or hexadecimal, which may have more in it than the token.
func isInRun(match *detectors.Match) bool {
	if match.Encodings == nil {
		return false
	}
	switch match.Encodings[0] {
	case nameBase64, nameBase64URL, nameHex:
		return true
	}
	return false
}

// isSerialization reports whether a match is that of a plain token which does not stand there as it is: other members of the object may
// have something in them.
func (s *scan) isSerialization(match *detectors.Match) bool {
	return match.Encodings == nil && !bytes.HasPrefix(s.text[match.Start:match.End], []byte(match.Token[:shortest]))
}

// isExact reports whether the place of a match is that of the token alone, with no more than one wrapping: one of lines may have the
// word behind in it.
func isExact(match *detectors.Match) bool {
	return match.Encodings == nil || len(match.Encodings) == 1 && !isInRun(match) && !isLines(*match)
}

// isComplete reports whether a needle is in a token that was found and has all that belongs to it: whatever stands
// behind it breaks nothing. The plain detector runs ahead, so it need not be the last one found.
func (s *scan) isComplete(at int) bool {
	i := len(s.found) - 1
	for i >= 0 && s.found[i].Start > at {
		i--
	}
	if i < 0 {
		return false
	}
	match := &s.found[i]
	if at >= match.End || match.Rule == detectors.JWE || !isExact(match) || s.isSerialization(match) {
		return false
	}
	if s.complete.end != match.End {
		s.complete.end, s.complete.is = match.End, s.parts.IsComplete(match.Token) && !goesOn(s.text[match.End:]) && !isParted(s.text, match.End)
	}
	return s.complete.is
}

// goesOn reports whether what follows a token, as large as that is, may be more of a signature by a larger key: characters
// of one, or an escape of such a character.
func goesOn(text []byte) bool {
	text = text[:min(len(text), quotesBack)]
	if len(text) == 0 {
		return false
	}
	var u escape
	switch text[0] {
	case '%', '&', '=':
		u = escapeAt(text)
	case '\\':
		quoted := bytes.TrimLeft(text, `\`)
		if len(text)-len(quoted) > 1 {
			return len(quoted) > 0 && bytes.IndexByte([]byte("uxU0123"), quoted[0]) >= 0
		}
		u = jsonUnit(text)
	default:
		return sextets[text[0]] < 64
	}
	return u.undone && u.length == 1 && (sextets[u.chars[0]] < 64 || u.chars[0] == '%' || u.chars[0] == '&')
}

// begins reports whether what stands between a needle and the first sign of a soft wrapping is the beginning of a token.
func (s *scan) begins(w wrapping, at int) bool {
	end := min(s.solid.first, at+firstWindow)
	if end <= at || s.budget <= 0 {
		return end <= at+minBegun || s.budget <= 0 // which is told where it is to be followed
	}
	begun := &s.solid.begun[slot(w, at)]
	if at < *begun {
		return false
	}
	s.budget -= priceOfPiece + end - at
	if w == plain {
		if s.inner.Detect(s.text[at:end], false, ignore) < max(end-at-tail, 1) {
			return true
		}
		*begun = end - tail
		return false
	}
	if s.depth >= maxDepth {
		return true // which is told where it is to be followed, too
	}
	p := s.unwrap(s.depth+1, w, s.text[:end], at, firstWindow, false)
	inner := s.inside(w, p, false)
	inner.all()
	if inner.alive || inner.hits > 0 && len(p.text) < minBegun || len(p.text) < shortest {
		return true
	}
	*begun = p.place(max(len(p.text)-minBegun, 0))
	return false
}

func ignore(detectors.Match) {}

// isBroken reports whether an escape that starts text may be none only because something breaks it.
func isBroken(text []byte) bool {
	return bytes.ContainsAny(text[1:min(escapeWidth, len(text))], "\\%=&\n\"'")
}

// signsBetween calls sign for the wrapping of each escape between the end of a string literal, where text starts with one, and the
// next: in a literal within another one these are of line breaks, and of quotes of another kind.
func signsBetween(text []byte, sign func(w wrapping)) {
	quote := text[0]
	if !isQuote(quote) {
		return
	}
	for i := 1; i < len(text); i++ {
		switch c := text[i]; {
		case isQuote(c):
			return
		case isSign[c] == 0, c == '\\' && quote == '"', c == '%' && quote != '\'': // which end with the quote
		case escapeAt(text[i:]).undone:
			sign(escapedBy[c])
		}
	}
}

// escapeAt reads the escape that text starts with the sign of.
func escapeAt(text []byte) escape {
	switch text[0] {
	case '%':
		return percentUnit(text)
	case '\\':
		return jsonUnit(text)
	case '&':
		return htmlUnit(text)
	case '=':
		return printableUnit(text)
	}
	return escape{}
}

// nextSign returns where the next character from i on is that starts an escape, or the end of text.
func nextSign(text []byte, i int) int {
	for ; i+8 <= len(text); i += 8 {
		part := text[i : i+8 : i+8]
		if isSign[part[0]]|isSign[part[1]]|isSign[part[2]]|isSign[part[3]]|isSign[part[4]]|isSign[part[5]]|isSign[part[6]]|isSign[part[7]] != 0 {
			break
		}
	}
	for i < len(text) && isSign[text[i]] == 0 {
		i++
	}
	return i
}

// rowEnd returns where the row of backslashes ends that begins at i, or i.
func rowEnd(text []byte, i int) int {
	for i < len(text) && text[i] == '\\' {
		i++
	}
	return i
}

// isSign has 1 for the characters that start an escape.
var isSign = [256]uint8{'%': 1, '\\': 1, '&': 1, '=': 1}

// signs looks for signs in the run of solid characters at a place, from from on: there are none before.
func (s *scan) signs(at, from int) soft {
	r := soft{start: at, end: solidEnd(s.text, from), first: -1}
	broken := span{-1, -1} // escapes that may be none only because a sign breaks them, one near the next
	sign := func(w wrapping, i int) {
		if !r.signs[w] {
			r.firsts[w] = i
		}
		r.signs[w], r.last[w], r.any = true, i, true
		if r.first >= 0 {
			return
		}
		r.first = i
		if broken.end >= 0 && i-broken.end < escapeWidth {
			r.first = max(broken.start, i-2*escapeWidth)
		}
	}
	for i := nextSign(s.text[:r.end], from); i < r.end; i = nextSign(s.text[:r.end], i+1) {
		r.count++
		var w wrapping
		var u escape
		switch s.text[i] {
		case '%':
			w, u = percent, percentUnit(s.text[i:])
		case '\\':
			w, u = jsonEscape, jsonUnit(s.text[i:])
		case '&':
			w, u = htmlEntity, htmlUnit(s.text[i:])
		case '=':
			w, u = quotedPrintable, printableUnit(s.text[i:])
			if u.undone && u.length == 0 {
				if !isSoftBreak(s.text, i) {
					continue
				}
				r.isMail = true
			}
		}
		switch {
		case u.undone || u.size == textEnds && !s.atEOF:
			sign(w, i)
			i = max(i, rowEnd(s.text[:r.end], i)-2) // of backslashes, the last of which may begin something else
		case r.first < 0 && isBroken(s.text[i:]):
			if broken.end < 0 || i-broken.end >= escapeWidth {
				broken.start = i
			}
			broken.end = i
		}
	}
	if r.end < len(s.text) {
		if next := s.jointAt(r.end); next.end >= 0 || next.isStopped(s.text, r.end) || next.more && !s.atEOF {
			sign(brokenLines, r.end)
		}
		signsBetween(s.text[r.end:min(r.end+maxBreak, len(s.text))], func(w wrapping) { sign(w, r.end) })
		near := maxBreak
		if isQuote(s.text[r.end]) {
			near *= 3 // a few literals may stand before the first that is long enough to be broken
		}
		if hasSoftBreak(s.text, r.end, min(r.end+near, len(s.text))) {
			sign(quotedPrintable, r.end)
			r.isMail = true
		}
	}
	return r
}
