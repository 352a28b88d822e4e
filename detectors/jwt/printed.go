package jwt

import (
	"bytes"
	"slices"
	"strings"

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

// isRepeated reports whether the general form has one for each of those who signed, or are to read it.
func (m printedMember) isRepeated() bool {
	return m.member == protectedMember || m.member == signatureMember || m.member == keyMember
}

// braces reports whether an object ends between two members that began in front of them, and whether one begins that goes on behind them.
func braces(between []byte) (ends, begins bool) {
	open := 0
	for _, c := range between {
		switch {
		case c == '{':
			open++
		case c == '}' && open > 0:
			open--
		case c == '}':
			ends = true
		}
	}
	return ends, open > 0
}

// A printing is the members of one serialization.
type printing struct {
	list   []printedMember
	counts [members]int
	parted bool // between two of them one object ends and another begins
}

func (p *printing) has(m member) bool { return p.counts[m] > 0 }

// isComplete reports whether a token can be made of them.
func (p *printing) isComplete() bool {
	return p.has(protectedMember) && (p.has(payloadMember) && p.has(signatureMember) || p.isEncrypted())
}

func (p *printing) isEncrypted() bool {
	return p.has(vectorMember) && p.has(ciphertextMember) && p.has(tagMember)
}

// goesOn reports whether a member is of the same serialization: of one in the general form several are. Text may begin in the middle of
// one, so that what follows its last member is of the next.
func (p *printing) goesOn(text []byte, m printedMember) bool {
	if m.member == noMember {
		return false
	}
	last := p.list[len(p.list)-1]
	ends, begins := braces(text[last.end:m.name])
	if ends && begins {
		if !last.isRepeated() || !m.isRepeated() {
			return false
		}
		p.parted = true
	} else if p.parted && !ends && !m.isRepeated() {
		return false // it is in the last of the objects alone
	}
	switch m.member {
	case protectedMember, signatureMember: // of each in turn
		other := protectedMember + signatureMember - m.member
		return p.counts[m.member] == 0 || p.counts[m.member] <= p.counts[other] && len(p.list) < mostMembers && (m.member != p.list[0].member || !p.isComplete())
	case keyMember:
		return len(p.list) < mostMembers && (m.member != p.list[0].member || !p.isComplete())
	}
	return !p.has(m.member)
}

// hasSized reports whether a signature or tag has the size of one.
func (p *printing) hasSized() bool {
	for _, m := range p.list {
		if m.member == signatureMember && isSize(m.end-m.start) || m.member == tagMember && isTagSize(m.end-m.start) {
			return true
		}
	}
	return false
}

// values returns those of a member, in order.
func (p *printing) values(text []byte, m member) (values []string) {
	for _, one := range p.list {
		if one.member == m {
			values = append(values, string(text[one.start:one.end]))
		}
	}
	return values
}

// compacts returns what the members make.
func (p *printing) compacts(text []byte) (all []string) {
	headers := p.values(text, protectedMember)
	if p.isEncrypted() {
		keys, vector := p.values(text, keyMember), p.values(text, vectorMember)[0]
		if alg, _, _ := parametersOf(headers[0]); len(keys) == 0 && alg != "dir" && alg != "ECDH-ES" {
			return nil // the key is elsewhere: without it this is another token
		}
		if len(keys) == 0 {
			keys = []string{""}
		}
		for _, key := range keys {
			all = append(all, strings.Join([]string{headers[0], key, vector, p.values(text, ciphertextMember)[0], p.values(text, tagMember)[0]}, "."))
		}
		return all
	}
	signatures := p.values(text, signatureMember)
	if len(signatures) != len(headers) {
		return nil
	}
	for i, header := range headers {
		all = append(all, header+"."+p.values(text, payloadMember)[0]+"."+signatures[i])
	}
	return all
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
	var room [8]printedMember
	p := printing{list: append(room[:0], this)}
	p.counts[this.member]++
	for m := previous(s.text, s.from, this.name); m.member != noMember && !p.has(m.member); m = previous(s.text, s.from, m.name) {
		if ends, begins := braces(s.text[m.end:p.list[0].name]); ends && begins {
			break
		}
		p.list = slices.Insert(p.list, 0, m)
		p.counts[m.member]++
	}
	for i := end; ; {
		m, more := next(s.text, i)
		if more && !s.atEOF && i-p.list[0].name < detectors.MaxHeld {
			return candidate{more: true}
		}
		if !p.goesOn(s.text, m) {
			break
		}
		p.list, i = append(p.list, m), m.end
		p.counts[m.member]++
	}
	from, to := p.list[0].name, p.list[len(p.list)-1].end
	if len(p.list) > 1 {
		s.spent += to - from
	}
	if !p.isComplete() || !p.hasSized() {
		return candidate{}
	}
	return s.tokensIn(p.compacts(s.text), from, to)
}

// tokensIn returns the tokens that compact ones are, found in text[from:to].
func (s *search) tokensIn(compacts []string, from, to int) candidate {
	found := candidate{signature: to}
	for _, compact := range compacts {
		if token, err := decode(compact); err == nil && len(token.Compact) <= detectors.MaxHeld && HasWholeSignature(token.Compact) {
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
	for range mostMembers {
		m := previous(s.text, s.from, begun)
		if m.member == noMember {
			break
		}
		begun = m.name
	}
	return begun
}

// listed says whether the header text[start:end] is the first of the segments of a token that stand one after the other, in a list of
// string literals or as a list is printed: who splits a token, or joins one. The size of the last segment is looked at first.
func (s *search) listed(start, end int) candidate {
	var c compact
	c.add(start, end)
	for c.count < len(c.bounds) {
		at, more := pastComma(s.text, end)
		if at < 0 {
			return candidate{more: more && end-start < detectors.MaxHeld}
		}
		if end = runEnd(s.text, at); end == len(s.text) && !s.atEOF && end-start < detectors.MaxHeld {
			return candidate{more: true}
		}
		switch c.add(at, end); {
		case c.count == 3 && isSize(end-at):
			if s.readHeader(s.text[start:c.bounds[0][1]]) && s.known.enc == "" && s.encodesObject(s.text[c.bounds[1][0]:c.bounds[1][1]]) {
				return s.tokensIn([]string{c.joined(s.text)}, start, end)
			}
		case c.count == 5 && isTagSize(end-at) && s.readHeader(s.text[start:c.bounds[0][1]]) && s.known.enc != "":
			if vector := c.bounds[2]; !isVectorSize(s.known.enc, vector[1]-vector[0]) {
				return candidate{} // they are in another order
			}
			return s.tokensIn([]string{c.joined(s.text)}, start, end)
		}
	}
	return candidate{}
}

// joined returns the segments with a full stop between each and the next.
func (c *compact) joined(text []byte) string {
	segments := make([]string, 0, len(c.bounds))
	for _, of := range c.bounds[:c.count] {
		segments = append(segments, string(text[of[0]:of[1]]))
	}
	return strings.Join(segments, ".")
}

// isSize reports whether so many characters are as many as a signature of some algorithm has.
func isSize(n int) bool {
	for _, size := range [...]int{32, 48, 64, 96, 114, 128, 132, 256, 384, 512, 1024} {
		if n == encodedLen(size) {
			return true
		}
	}
	return isTagSize(n)
}

// isTagSize reports the same of an authentication tag.
func isTagSize(n int) bool { return n == encodedLen(16) || n == encodedLen(24) || n == encodedLen(32) }

// isVectorSize reports whether so many characters are as many as an initialization vector of a content encryption has (RFC 7518, sections
// 5.2.2.1 and 5.3).
func isVectorSize(enc string, n int) bool {
	switch {
	case strings.Contains(enc, "CBC-HS"):
		return n == encodedLen(16)
	case strings.HasSuffix(enc, "GCM"):
		return n == encodedLen(12)
	}
	return n > 0
}

// mostComma is how many bytes may stand between two segments in a list.
const mostComma = 40

// pastComma returns where the next of a list begins behind one that ends at a place, or -1. More says that the text ends there.
func pastComma(text []byte, i int) (at int, more bool) {
	i = pastPadding(text, i)
	for at = i; at < len(text) && at-i <= mostComma && bytes.IndexByte([]byte(" \t\r\n,\"'`"), text[at]) >= 0; {
		at++
	}
	switch {
	case at == len(text):
		return -1, true
	case at == i, sextets[text[at]] > 63:
		return -1, false
	}
	return at, false
}
