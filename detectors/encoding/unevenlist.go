package encoding

import (
	"bytes"
	"slices"
	"sort"
)

// A list may have the pieces of one token as its items, of any width: ["eyJ...", "..."].join(""). Most lists have not: items are taken for
// pieces where the token that they are put together to decodes, and its signature is an item, or goes on in one up to the length that its
// algorithm has it, and what it goes on in looks like more of it or the source says that the items are joined.

const (
	// mostUneven is how wide an item may be, and mostItems how many a token may have of those that are not as wide as the one before.
	mostUneven, mostItems = 8 << 10, 1 << 10
	// mostListed is how far a full stop is looked for in the items behind.
	mostListed = 1 << 10
	// leastPiece is how many characters are too few to look like a piece of a signature.
	leastPiece = 8
	// besideList is how many bytes around a list are looked at for what joins it.
	besideList = 96
)

// unevenJoint reads what stands between the item that ends with the quote at i and the one that starts at next, which are not of a width.
func unevenJoint(text []byte, i, next int, more bool) joint {
	none := joint{end: -1, more: more}
	first := max(i-mostUneven, 0)
	open := first + bytes.LastIndexByte(text[first:i], text[i])
	if open < first && first > 0 || more || text[i-1] == '\\' { // such a quote ends no literal
		return none
	}
	rest := text[next:min(len(text), next+mostUneven)]
	length := bytes.IndexByte(rest, text[i])
	if length < 0 {
		none.more = next+len(rest) == len(text)
		return none
	}
	if !endsItem(text[next+length+1:]) {
		return none
	}
	own := text[open+1 : i]
	own = own[bytes.LastIndexByte(own, ' ')+1:]
	if !isPiece(own) || !isPiece(rest[:length]) {
		return none
	}
	none.uneven = next
	return none
}

// isStopped reports whether a full stop is in the item that ends with the quote at i, or in those behind: whether they may be of a token.
func (j joint) isStopped(text []byte, i int) bool {
	if j.uneven == 0 {
		return false
	}
	first := max(i-mostUneven, 0)
	return hasStop(text[first+bytes.LastIndexByte(text[first:i], text[i])+1:i]) || hasStopAhead(text[j.uneven:], text[i])
}

// hasStopAhead reports whether a full stop is in the items that a text begins with, of which a quote ends each.
func hasStopAhead(text []byte, quote byte) bool {
	for i, c := range text[:min(len(text), mostListed)] {
		switch {
		case c == '.' || isSign[c] != 0 && stopAt(text[i:]) > 0:
			return true
		case sextets[c] == none && c != quote && c != ',' && !isBlank(c) && isSign[c] == 0:
			return false
		}
	}
	return false
}

// endsItem reports whether an item of a list ends with the quote in front of a text: it is not the name of something.
func endsItem(text []byte) bool {
	text = bytes.TrimLeft(text[:min(len(text), maxGap)], " \t\r\n+-")
	return len(text) == 0 || bytes.IndexByte([]byte(",])}>;/#"), text[0]) >= 0
}

// isPiece reports whether an item may be a piece of a token, of which some characters may be escaped.
func isPiece(item []byte) bool {
	for _, c := range item {
		if sextets[c] == none && c != '.' && isSign[c] == 0 && c != ';' && c != '#' && c != '~' {
			return false
		}
	}
	return true
}

// hasStop reports whether a full stop is in an item, as it is or escaped.
func hasStop(item []byte) bool {
	if bytes.IndexByte(item, '.') >= 0 {
		return true
	}
	for i := nextSign(item, 0); i < len(item); i = nextSign(item, i+1) {
		if stopAt(item[i:]) > 0 {
			return true
		}
	}
	return false
}

// isUneven reports whether what came out of lines from start to end is of several items of a list that are not of a width.
func (p *piece) isUneven(start, end int) bool {
	first := sort.Search(len(p.lined), func(i int) bool { return p.lined[i].at > start })
	for _, l := range p.lined[first:] {
		if l.uneven || l.at >= end {
			return l.at < end
		}
	}
	return false
}

// isUneven reports whether the signature goes on in items of a list that may have nothing to do with each other.
func (s *ownSignature) isUneven() bool { return s.hasUneven(s.first) }

func (s *ownSignature) hasUneven(first int) bool {
	for i := first + 1; i <= s.last; i++ {
		if s.line(i).uneven {
			return true
		}
	}
	return false
}

// isOfStrangers reports whether a JWE, of which no more than the header decodes, is of items that may have nothing to do with each other.
func (s *ownSignature) isOfStrangers() bool {
	if !s.IsTag() || !s.hasUneven(s.token) {
		return false
	}
	for i := s.token + 1; i <= s.last; i++ {
		if piece := bytes.Trim(s.piece(i), "."); s.line(i).uneven && len(piece) > 0 && !isRandom(piece) {
			return !s.isListJoined()
		}
	}
	return false
}

// listEnd returns the last line up to which it is as long as the header asks for, where all behind the first belongs to it; the first where
// there is none.
func (s *ownSignature) listEnd() (end int) {
	end = s.first
	isJoined := s.isListJoined()
	for i := s.first; i < s.last || i == s.last && s.endsLine(); i++ {
		if i > s.first && (s.isForeign(s.upTo(i-1), s.upTo(i)) || s.line(i).uneven && !isJoined && (i > s.first+1 || !s.isLastPiece(i))) {
			break
		}
		if s.Fits(s.upTo(i)) {
			if end = i; !isJoined {
				break
			}
		}
	}
	return end
}

// endsLine reports whether the line ends with it, or disclosures stand behind it.
func (s *ownSignature) endsLine() bool {
	end := s.start + len(s.Chars)
	for end < len(s.of.text) && s.of.text[end] == '=' {
		end++
	}
	return end < len(s.of.text) && s.of.text[end] == '~' || s.place(end) >= s.line(s.last+1).at
}

// isLastPiece reports whether an item looks like a piece of a signature, and is the last of its list.
func (s *ownSignature) isLastPiece(i int) bool {
	chars := s.piece(i)
	text := s.in.text
	end := min(s.line(i).from+s.line(i).width+1, len(text))
	return isRandom(chars) && !bytes.HasPrefix(chars, []byte("ey")) && endsList(text[end:])
}

// piece returns the item on a line.
func (s *ownSignature) piece(i int) []byte { return s.joined[s.line(i).at:s.line(i+1).at] }

// isRandom reports whether characters change between upper and lower case, digits and others as often as those of a signature do, and are
// enough to tell by that.
func isRandom(chars []byte) bool {
	const mostAlike = 3 // characters that there are for each change, at most
	changes, upper, lower := 0, 0, 0
	for i, c := range chars {
		switch classes[c] {
		case upperCase:
			upper++
		case lowerCase:
			lower++
		}
		if i > 0 && classes[c] != classes[chars[i-1]] {
			changes++
		}
	}
	return len(chars) >= leastPiece && upper > 0 && lower > 0 && changes*mostAlike >= len(chars)
}

// isListJoined reports whether what stands in front of the list or behind it joins the items, with nothing between them.
func (s *ownSignature) isListJoined() bool {
	text, first, last := s.in.text, s.lines[0].from, s.lines[len(s.lines)-1]
	front := text[max(first-besideList, 0):first]
	if outer := s.in.outer; outer != nil && len(front) < besideList {
		front = slices.Concat(outer.text[max(s.in.undoneAt-besideList, 0):s.in.undoneAt], front)
	}
	front = withQuotes(front)
	if joinsItems(front[bytes.LastIndexByte(front, ';')+1:]) {
		return true
	}
	behind := text[min(last.from+len(s.joined)-last.at, len(text)):]
	behind = behind[:min(len(behind), besideList)]
	if len(behind) == 0 || !isQuote(behind[0]) {
		return false
	}
	behind = bytes.TrimLeft(behind[1:], " \t\r\n,+-")
	closed := bytes.TrimLeft(behind, "])} \t\r\n")
	if len(closed) == len(behind) {
		return false
	}
	line, _, _ := bytes.Cut(closed, []byte("\n"))
	return bytes.HasPrefix(line, []byte(`, ""`)) || bytes.HasPrefix(line, []byte(".join")) && joinsItems(line)
}

// withQuotes returns a text with its quotes as they are, where they are escaped as the items are: what stands around is not undone.
func withQuotes(text []byte) []byte {
	text = bytes.ReplaceAll(text, []byte(`\`), nil)
	for _, escaped := range [...][2]string{{"&quot;", `"`}, {"&#34;", `"`}, {"&#39;", "'"}, {"&#x27;", "'"}, {"%22", `"`}, {"%27", "'"}, {"&lt;", "<"}, {"%3C", "<"}} {
		text = bytes.ReplaceAll(text, []byte(escaped[0]), []byte(escaped[1]))
	}
	return text
}

// joinsItems reports whether a call in a text joins strings, with nothing between them.
func joinsItems(text []byte) bool {
	text = bytes.ToLower(text)
	if bytes.Contains(text, []byte("concat")) || bytes.Contains(text, []byte("<<")) {
		return true
	}
	for _, name := range [...]string{"join", "implode"} {
		if at := bytes.LastIndex(text, []byte(name)); at >= 0 {
			return bytes.Contains(text, []byte(`""`)) || bytes.Contains(text, []byte("''")) ||
				bytes.HasPrefix(text[at+len(name):], []byte("()")) || bytes.HasSuffix(text, []byte(name)) && at == 1
		}
	}
	return false
}
