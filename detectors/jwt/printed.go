package jwt

import (
	"bytes"
	"slices"

	"github.com/jwtleak/jwtleak/detectors"
)

// Programs print a JSON serialization that they have read, and write one down, in many more ways than as an object literal: Go's maps
// and structs, Java's maps and records, arrays of PHP, YAML, TOML. What these have in common is that the name of each member
// stands in front of its value, with signs between, and one member near the next. So that is what is read, and nothing else of their grammars:
// that what comes together is a token, signature or tag in the size that its algorithm gives it, is proof enough.

// What bounds the way from one to the next.
const (
	mostBeforeValue = 32 // bytes between a name and its value
	mostBetween     = 96 // bytes between a value and the next name
	mostMembers     = 64
	longestMember   = len("encrypted_key")
	shortestValue   = 10      // characters of base64, those of {"a":1}
	longestWord     = 40      // and of a word that is no value, at most
	mostHeldValue   = 4 << 10 // bytes of a value that goes on behind what is there, for what is in front of it to be held
)

// A member is one of a serialization that a compact token is made of.
type member uint8

const (
	noMember member = iota
	payloadMember
	protectedMember
	signatureMember
	keyMember
	vectorMember
	ciphertextMember
	tagMember
	members
)

// memberOf returns which member has a name: in any case, with an underscore or not.
func memberOf(name []byte) member {
	if len(name) < len("iv") || len(name) > longestMember {
		return noMember
	}
	var lower [longestMember]byte
	n := 0
	for _, c := range name {
		if c != '_' {
			lower[n] = c | 0x20
			n++
		}
	}
	switch string(lower[:n]) {
	case "payload":
		return payloadMember
	case "protected":
		return protectedMember
	case "signature":
		return signatureMember
	case "encryptedkey":
		return keyMember
	case "iv":
		return vectorMember
	case "ciphertext":
		return ciphertextMember
	case "tag":
		return tagMember
	}
	return noMember
}

// A printedMember is a member with where its name begins and its value is.
type printedMember struct {
	member
	name, start, end int
}

// isTie reports whether a byte can stand between a name and its value, or between members: no letter, and no sign of an escape.
func isTie(c byte) bool {
	return !isWord(c) && c != '\\' && c != '%' && c != '&' && (c >= ' ' || isSpace(c)) && c < 0x7f
}

// isKind reports whether a word in front of a value says of what type it is or how long.
func isKind(word []byte) bool {
	switch string(word) {
	case "string", "s", "str":
		return true
	}
	return len(bytes.Trim(word, "0123456789")) == 0
}

// memberBefore returns the member whose value begins at a place, in front of which is nothing before from.
func memberBefore(text []byte, from, start int) printedMember {
	i, first := start, max(start-mostBeforeValue, from)
	for i > first && isTie(text[i-1]) {
		for i > first && isTie(text[i-1]) {
			i--
		}
		end := i
		for i > max(first-longestMember, from) && isWord(text[i-1]) {
			i--
		}
		switch word := text[i:end]; {
		case len(word) == 0:
			return printedMember{}
		case memberOf(word) != noMember:
			return printedMember{member: memberOf(word), name: i, start: start}
		case !isKind(word):
			return printedMember{}
		}
	}
	return printedMember{}
}

// previous returns the member that precedes what begins at a place.
func previous(text []byte, from, i int) (found printedMember) {
	for first := max(i-mostBetween, from); i > first; {
		for i > first && sextets[text[i-1]] > 63 {
			if !isTie(text[i-1]) {
				return found
			}
			i--
		}
		end := i
		i = runStart(text, from, i)
		if end-i >= shortestValue {
			if found = memberBefore(text, from, i); found.member != noMember {
				found.end = end
				return found
			}
		}
		if end-i > longestWord {
			break
		}
	}
	return printedMember{}
}

// valueBehind returns where the value is of the name that ends at a place. More says that the text ends before that is known.
func valueBehind(text []byte, i int) (start, end int, more bool) {
	for limit := i + mostBeforeValue; i < limit && i < len(text); {
		if c := text[i]; sextets[c] > 63 {
			if !isTie(c) {
				return 0, 0, false
			}
			i++
			continue
		}
		start, i = i, runEnd(text, i)
		if word := text[start:i]; i == len(text) || !isKind(word) && len(bytes.Trim(word, "+-/_")) > 0 || bytes.IndexByte([]byte("(:)"), text[i]) < 0 && len(bytes.Trim(word, "+-/_")) > 0 {
			return start, i, i == len(text)
		}
	}
	return 0, 0, i >= len(text)
}

// next returns the member that follows what ends at a place.
func next(text []byte, i int) (found printedMember, more bool) {
	for limit := i + mostBetween; i < limit; {
		for i < len(text) && isTie(text[i]) {
			i++
		}
		if i == len(text) {
			return found, true
		}
		start := i
		for i < len(text) && isWord(text[i]) && i-start <= longestWord {
			i++
		}
		switch {
		case i == len(text):
			return found, true
		case i == start, i-start > longestWord:
			return found, false
		case memberOf(text[start:i]) == noMember, bytes.HasSuffix(text[:start], []byte("</")): // which closes an element
			continue
		}
		found = printedMember{member: memberOf(text[start:i]), name: start}
		found.start, found.end, more = valueBehind(text, i)
		if found.end == 0 {
			found = printedMember{}
		}
		return found, more
	}
	return found, false
}

// printed says whether the segment text[start:end] is a member of a serialization that is printed.
func (s *search) printed(start, end int) candidate {
	this := memberBefore(s.text, s.from, start)
	if this.member != payloadMember && this.member != protectedMember {
		return candidate{}
	}
	if s.spent > effort*len(s.text)+1<<16 {
		s.skipped(reasonEffort)
		return candidate{}
	}
	this.end = end
	p := printing{text: s.text}
	before := p.before(this, s.from)
	slices.Reverse(before)
	for _, m := range append(before, this) {
		if !p.add(m) { // what stands in front is of another
			p = printing{text: s.text}
			p.add(m)
		}
	}
	for more := true; more && !p.isDone(); {
		i := p.end()
		m, cut := next(s.text, i)
		if cut && !s.atEOF && i-p.list[0].name < detectors.MaxHeld {
			return candidate{more: true}
		}
		more = p.add(m)
	}
	from, to := p.list[0].name, p.end()
	if len(p.list) > 1 {
		s.spent += to - from
	}
	compacts, to := p.compacts()
	if to <= start {
		return candidate{} // it is of another
	}
	return s.tokensIn(compacts, from, to)
}

// tokensIn returns the tokens that compact ones are, found in text[from:to].
func (s *search) tokensIn(compacts []string, from, to int) candidate {
	found := candidate{signature: to}
	s.atFront = s.atFront || from < mostBetween
	for _, compact := range compacts {
		if token, err := decode(compact); err == nil && len(token.Compact) <= detectors.MaxHeld && HasWholeSignature(token.Compact) && !IsForeign(lastOf(token.Compact)) {
			found.ok = true
			found.all = append(found.all, detectors.Match{Rule: token.Rule, Start: from, End: to, Token: token.Compact})
		}
	}
	if found.ok {
		s.spent -= to - from
		found.match = found.all[0]
	}
	return found
}

// printedBegun returns where the first of the members begins that the text up to end may end with, or end.
func (s *search) printedBegun(end int) int {
	first := max(s.from, end-mostHeldValue)
	begun := runStart(s.text, first, end)
	if begun == first && first > s.from {
		return end
	}
	if m := memberBefore(s.text, s.from, begun); m.member != noMember {
		begun = m.name
	} else if end-begun > longestMember { // more than there may be of a name
		begun = end
	}
	var met [members]bool
	for m := previous(s.text, s.from, begun); m.member != noMember; m = previous(s.text, s.from, begun) {
		if begun = m.name; met[m.member] {
			break // those in front are none of what is behind: see before
		}
		met[m.member] = true
	}
	return begun
}
