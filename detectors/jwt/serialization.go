package jwt

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/jwtleak/jwtleak/detectors"
)

// A serialization is the JSON serialization of a JWS (RFC 7515, section 7.2) or JWE (RFC 7516, section 7.2), general or
// flattened. Members that it does not know are ignored, as those sections ask.
type serialization struct {
	Payload    string      `json:"payload"`
	Signatures []recipient `json:"signatures"`

	Unprotected map[string]any `json:"unprotected"`
	Vector      string         `json:"iv"`
	Ciphertext  string         `json:"ciphertext"`
	Tag         string         `json:"tag"`
	Recipients  []recipient    `json:"recipients"`

	recipient // of a flattened one; the protected header of a JWE
}

// A recipient is one signature of a JWS, or one recipient of a JWE.
type recipient struct {
	Protected string         `json:"protected"`
	Header    map[string]any `json:"header"`
	Signature string         `json:"signature"`
	Key       string         `json:"encrypted_key"`
}

// tokens returns the canonical token of each signature or recipient, in the order of the text.
func (s *serialization) tokens() (tokens []*Token) {
	var all []string
	switch {
	case s.Ciphertext != "":
		recipients := s.Recipients
		if recipients == nil {
			recipients = []recipient{s.recipient}
		}
		for _, to := range recipients {
			header := jointHeader(s.Protected, "enc", s.Unprotected, to.Header)
			if to.Key == "" && !needsNoKey(header) {
				continue // it is elsewhere: without it this is another token
			}
			all = append(all, strings.Join([]string{header, to.Key, s.Vector, s.Ciphertext, s.Tag}, "."))
		}
	default:
		signatures := s.Signatures
		if signatures == nil {
			signatures = []recipient{s.recipient}
		}
		for _, by := range signatures {
			all = append(all, strings.Join([]string{jointHeader(by.Protected, "alg", by.Header), s.Payload, by.Signature}, "."))
		}
	}
	for _, compact := range all {
		if token, err := decode(compact); err == nil && len(token.Compact) <= detectors.MaxHeld {
			tokens = append(tokens, token)
		}
	}
	return tokens
}

// needsNoKey reports whether the algorithm of a JWE is one of those without an encrypted key (RFC 7518, sections 4.5 and 4.6).
func needsNoKey(header string) bool {
	alg, _, _ := parametersOf(header)
	return alg == "dir" || alg == "ECDH-ES"
}

// jointHeader returns the header segment of the compact serialization: the protected header as it is, if it says alg and
// what else is needed. The compact serialization has no other header (RFC 7515, section 7.1), so where the unprotected
// ones say it, the segment is made from all of them, their names in order.
func jointHeader(protected, needed string, unprotected ...map[string]any) string {
	joint, _, err := object(protected)
	if protected != "" && err != nil {
		return ""
	}
	_, hasAlg := joint["alg"]
	_, hasNeeded := joint[needed]
	if hasAlg && hasNeeded {
		return protected
	}
	if joint == nil {
		joint = map[string]any{}
	}
	for _, header := range unprotected {
		maps.Copy(joint, header)
	}
	text, err := json.Marshal(joint)
	if err != nil {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(text)
}

// effort is how many bytes are looked at for serializations, for each byte of text: more only where it is made of
// beginnings of them, one within the other. What has a serialization for a member is itself decoded, so that short lines of such take five.
const effort = 8

// decoding is how many times as much it is to decode such a byte as to look at it, and leastDecoded how many bytes more an
// object counts for that is decoded for nothing.
const (
	decoding     = 3
	leastDecoded = 200
)

// serialized says whether the segment that begins at start is a member of a JSON serialization.
func (s *search) serialized(start int) candidate {
	open := s.serializationStart(start)
	if open < 0 {
		return s.inLiteral(start)
	}
	if s.told.begins(open) {
		return candidate{}
	}
	end, progress := s.objectEnd(open)
	switch {
	case progress == exceeded:
		return candidate{more: len(s.text)-open < detectors.MaxHeld}
	case progress != ended:
		return candidate{}
	}
	s.useless, s.ended = open, end
	if !mayHaveToken(s.text[open:end]) {
		return candidate{}
	}
	return s.tokensOf(s.text[open:end], open, end)
}

// isUseless reports whether a place is in the object that was last read to its end for nothing.
func (s *search) isUseless(i int) bool { return s.useless >= 0 && i > s.useless && i < s.ended }

// tokensOf returns the tokens of the serialization that is an object, which the text has from open to end.
func (s *search) tokensOf(object []byte, open, end int) candidate {
	s.spent += decoding * (end - open + leastDecoded)
	decoder := json.NewDecoder(bytes.NewReader(object))
	decoder.UseNumber()
	var serialization serialization
	if decoder.Decode(&serialization) != nil {
		return candidate{}
	}
	found := candidate{signature: end, isObject: true}
	for _, token := range serialization.tokens() {
		found.ok = true
		found.all = append(found.all, detectors.Match{Rule: token.Rule, Start: open, End: end, Token: token.Compact})
	}
	if found.ok {
		s.spent -= decoding * (end - open + leastDecoded)
		found.match = found.all[0]
	}
	return found
}

// A told is where a JSON serialization is that was yielded.
type told struct {
	open, end int
	by        toldBy
}

// A toldBy is how one is written, of a patch in the lines with which signs.
type toldBy struct {
	quote string // nothing where it is JSON as such
	signs patchSigns
}

// begins reports whether it is one that begins at a place.
func (t told) begins(open int) bool { return t.end > 0 && t.open == open }

// tell notes one that was yielded.
func (s *search) tell(open, end int, by toldBy) {
	if s.told.begins(open) {
		by.signs, end = by.signs|s.told.by.signs, max(end, s.told.end)
	}
	s.told = told{open, end, by}
}

// isTold reports whether the segment at start is a member of what was yielded, or of an object in it that is none.
func (s *search) isTold(start int) bool {
	return start < s.told.end && (s.memberStart(start, `"protected"`, `"payload"`) >= 0 || s.literalMember(start-1, "protected", "payload") >= 0)
}

// lowestOf returns where the first object may begin that what stands at i is in.
func (s *search) lowestOf(i int) int {
	if i < s.told.end {
		return max(s.lowest, s.told.open)
	}
	return s.lowest
}

// mayHaveToken reports whether a JSON object has the members without which it is no serialization of a token, as encoding/json
// takes names: in any case, escaped or not.
func mayHaveToken(object []byte) bool {
	if bytes.IndexByte(object, '\\') >= 0 {
		return true
	}
	hasPayload, hasSignature := false, false
	for {
		quote := bytes.IndexByte(object, '"')
		if quote < 0 {
			return false
		}
		object = object[quote+1:]
		switch {
		case isNamed(object, "ciphertext"):
			return true
		case isNamed(object, "payload"):
			hasPayload = true
		case isNamed(object, "signature"), isNamed(object, "signatures"):
			hasSignature = true
		}
		if hasPayload && hasSignature {
			return true
		}
	}
}

// isNamed reports whether a string in JSON, behind its quote, is a name.
func isNamed(text []byte, name string) bool {
	return len(text) > len(name) && text[len(name)] == '"' && strings.EqualFold(string(text[:len(name)]), name)
}

// A nesting is JSON that is read for where the objects in it end. The zero value is of nothing.
type nesting struct {
	reader
	opens []int // where each of what is open at pos begins
	work  int   // bytes read, but of strings some at once
	dead  bool  // what is open is no JSON
}

// level returns how many of what is open at pos an object is in, if it is one of these, or -1.
func (n *nesting) level(open int) int {
	if level, ok := slices.BinarySearch(n.opens, open); ok {
		return level
	}
	return -1
}

// next reads the next byte, or all that follow in a string.
func (n *nesting) next(text []byte) {
	if n.state == inString {
		from := n.pos
		n.pos = plainEnd(text, from)
		if n.work += (n.pos - from) / plainAtOnce; n.pos == len(text) {
			return
		}
	}
	n.pos++
	n.work++
	if n.dead = !n.feed(text[n.pos-1]); n.depth > len(n.opens) {
		n.opens = append(n.opens, n.pos-1)
	}
	n.opens = n.opens[:n.depth]
}

// objectEnd returns where the object ends that begins at open. It is read for that before encoding/json has the last word, which
// is several times as slow, since hostile text may have nothing but beginnings of objects. Where one is in the other, nothing
// is read twice: both see the same bytes, and what the inner one has open is the last of what the outer one has.
func (s *search) objectEnd(open int) (end int, progress progress) {
	if open == s.useless {
		return open, dead
	}
	n := &s.objects
	level := n.level(open)
	if level < 0 {
		*n, level = nesting{reader: reader{pos: open, objects: n.objects, marks: n.marks[:0]}, opens: n.opens[:0]}, 0
	}
	n.work = 0
	defer func() { s.spent += n.work }()
	for text := s.text[:min(len(s.text), open+detectors.MaxHeld)]; ; n.next(text) {
		switch {
		case n.dead:
			return n.pos, dead
		case n.depth-level > maxLevels:
			s.skipped(reasonNesting)
			return n.pos, dead
		case n.depth <= level && n.pos > open:
			return n.pos, ended
		case n.pos >= len(text):
			return n.pos, exceeded
		}
	}
}

// serializationStart returns where the JSON serialization begins that has the string at start as its protected header
// or payload, or -1.
func (s *search) serializationStart(start int) int {
	if start <= s.lowestOf(start) || s.text[start-1] != '"' {
		return -1
	}
	quote := s.memberStart(start, `"protected"`, `"payload"`)
	if quote < 0 {
		return -1
	}
	if s.spent > effort*len(s.text)+1<<16 {
		s.skipped(reasonEffort)
		return -1
	}
	structure := mostStructure
	open := s.enclosing(quote, &structure)
	if open < 0 || s.text[open] != '{' {
		return -1
	}
	if array := s.enclosing(open, &structure); array >= 0 && s.text[array] == '[' {
		if quote = s.memberStart(array+1, `"signatures"`); quote >= 0 {
			open = s.enclosing(quote, &structure)
		}
	}
	if open < 0 || s.text[open] != '{' {
		return -1
	}
	return open
}

// memberStart returns where the name of the member begins whose value, a string or an array, has its first byte but one
// at value, if it is one of names, or -1.
func (s *search) memberStart(value int, names ...string) int {
	before, ok := bytes.CutSuffix(s.trimmed(value-1), []byte(":"))
	if !ok {
		return -1
	}
	before = bytes.TrimRight(before, " \t\r\n")
	for _, name := range names {
		if bytes.HasSuffix(before, []byte(name)) {
			return s.lowestOf(value-1) + len(before) - len(name)
		}
	}
	return -1
}

// trimmed returns the text up to end from where a serialization may begin, without white space there.
func (s *search) trimmed(end int) []byte {
	first := s.lowestOf(end)
	if end < first {
		return nil
	}
	return bytes.TrimRight(s.text[first:end], " \t\r\n")
}

// What a byte of JSON outside of a string is; zero is none.
const (
	isFlat = 1 + iota
	isQuote
	isClosing
	isOpening
)

var structural = func() (table [256]uint8) {
	for b := range table {
		switch char := byte(b); {
		case char == '"':
			table[b] = isQuote
		case char == '}' || char == ']':
			table[b] = isClosing
		case char == '{' || char == '[':
			table[b] = isOpening
		case isScalar(char) || isSpace(char) || char == ',' || char == ':':
			table[b] = isFlat
		}
	}
	return table
}()

// stringStart returns where the JSON string starts that ends with the quote at i, or how far back there is none. There are no
// control characters in one (RFC 8259, section 7), so that in text of lines the way back is short.
func (s *search) stringStart(i, first int, quote byte) (start int, ok bool) {
	for i--; ; i-- {
		for i-first >= wordSize && isWithin(s.text[i-wordSize+1:], quote) {
			i -= wordSize
			s.spent -= wordSize - 1 // they are looked at together
		}
		if i < first || s.text[i] < ' ' {
			return i, false
		}
		if s.text[i] != quote {
			continue
		}
		escapes := 0
		for i-escapes > first && s.text[i-escapes-1] == '\\' {
			escapes++
		}
		if escapes%2 == 0 {
			return i, true
		}
	}
}

const wordSize = 8

// isWithin reports whether the next eight bytes are all within a string: neither the quote nor control characters. Behind one that is
// such, a byte that is just above may seem to be as well, so that what is not within is told byte by byte.
func isWithin(text []byte, quote byte) bool {
	const ones, highest = 0x0101010101010101, 0x8080808080808080
	word := binary.LittleEndian.Uint64(text)
	quotes := word ^ ones*uint64(quote)
	return ((quotes-ones)&^quotes|(word-ones*' ')&^word)&highest == 0
}

// begun returns where the outermost object begins that the text up to end may be inside of, or end. A JSON serialization
// that what follows may point at begins nowhere before it. Whether end is in a string can't be told, so both are tried.
func (s *search) begun(end int) int {
	begun := s.printedBegun(end)
	if s.isFlat(end) {
		s.atFront = s.atFront || s.lowest == 0 && bytes.IndexByte(s.text[:end], '\n') < 0
		return begun
	}
	return min(begun, s.quotedBegun(end), s.begunPlain(end))
}

// begunPlain is begun for JSON and literals as they are.
func (s *search) begunPlain(end int) int {
	run := runStart(s.text, s.lowest, end)
	begun := min(end, s.outermost(run, mostStructure, s.enclosing), s.outermost(run, mostLiteralStructure, s.enclosingLiteral))
	for _, quote := range [2]byte{'"', '\''} {
		if start, ok := s.stringStart(run, max(s.lowest, run-detectors.MaxHeld), quote); ok {
			begun = min(begun, s.outermost(start, mostLiteralStructure, s.enclosingLiteral))
			if quote == '"' {
				begun = min(begun, s.outermost(start, mostStructure, s.enclosing))
			}
		} else {
			s.atFront = s.atFront || start < 0
		}
	}
	return begun
}

// outermost returns where the outermost object begins that what starts at i is in, with so much outside of strings at most, or the end
// of the text.
func (s *search) outermost(i, structure int, enclosing func(i int, structure *int) int) (begun int) {
	begun = len(s.text)
	for i >= 0 {
		if i = enclosing(i, &structure); i >= 0 && s.text[i] == '{' {
			begun = i
		}
	}
	return begun
}

// isFlat reports whether what is in front of end has no object in it, which is not worth the way back: where it is little, or one long
// line.
func (s *search) isFlat(end int) bool {
	const (
		long   = 1 << 10
		little = 1 << 15
	)
	text := s.text[min(s.lowest, end):end]
	if len(text) <= little {
		return bytes.IndexByte(text, '{') < 0
	}
	return bytes.IndexByte(text[len(text)-long:], '\n') < 0 && bytes.IndexByte(text, '{') < 0
}
