package jwt

import (
	"bytes"

	"github.com/jwtleak/jwtleak/detectors"
)

// A JSON serialization that was read is printed in logs as the language writes an object: a dict of Python, a hash of Ruby, an
// object of JavaScript. That differs from JSON in quotes, in names without any, in what separates a name from its value, in
// constants, and in a comma behind the last member. It is read by way of the JSON that it says.

// mostLiteralLevels is how many levels deep an object literal is read; a serialization has three, and what its header holds.
const mostLiteralLevels = 32

// mostElements is how many bytes outside of strings may stand in front of a signature in the array of them.
const mostElements = 1 << 10

// mostLiteralStructure is mostStructure for object literals, which logs have on a line or a few.
const mostLiteralStructure = 2 << 10

// inLiteral says whether the segment that begins at start is a member of a serialization that is an object literal.
func (s *search) inLiteral(start int) candidate {
	if start > s.lowestOf(start) && s.text[start-1] == '"' && s.memberStart(start, `"protected"`, `"payload"`) >= 0 {
		return candidate{} // JSON
	}
	open := s.literalStart(start)
	if open < 0 || s.told.begins(open) {
		return candidate{}
	}
	literal := objectLiteral{text: s.text[:min(len(s.text), open+detectors.MaxHeld)], pos: open}
	progress := literal.read()
	s.spent += literal.pos - open
	switch {
	case progress == exceeded:
		return candidate{more: len(s.text)-open < detectors.MaxHeld}
	case progress != ended || !bytes.Contains(literal.json, []byte("signature")) && !bytes.Contains(literal.json, []byte("ciphertext")):
		return candidate{}
	}
	found := s.tokensOf(literal.json, open, literal.pos)
	if found.ok {
		s.spent -= literal.pos - open
	}
	return found
}

// literalStart returns where the object literal begins that has the string at start as its protected header or payload, or -1.
func (s *search) literalStart(start int) int {
	name := s.literalMember(start-1, "protected", "payload")
	if name < 0 {
		return -1
	}
	if s.spent > effort*len(s.text)+1<<16 {
		s.skipped(reasonEffort)
		return -1
	}
	structure := mostLiteralStructure
	open := s.enclosingLiteral(name, &structure)
	if open < 0 || s.text[open] != '{' {
		return -1
	}
	before := s.trimmed(open)
	if len(before) == 0 || before[len(before)-1] != '[' && before[len(before)-1] != ',' {
		return open // lines of a log have one each, and words in front
	}
	structure = min(structure, mostElements)
	if array := s.enclosingLiteral(open, &structure); array >= 0 && s.text[array] == '[' {
		if name = s.literalMember(array, "signatures"); name >= 0 {
			open = s.enclosingLiteral(name, &structure)
		}
	}
	if open < 0 || s.text[open] != '{' {
		return -1
	}
	return open
}

// literalMember returns where the name of the member begins whose value, a string or an array, begins at value, if it is one of
// names, or -1.
func (s *search) literalMember(value int, names ...string) int {
	first := s.lowestOf(value)
	if value <= first {
		return -1
	}
	before := s.text[first:value]
	if last := before[len(before)-1]; last == 'b' || last == 'u' {
		before = before[:len(before)-1]
	}
	before = bytes.TrimRight(before, " \t\r\n")
	if trimmed, ok := bytes.CutSuffix(before, []byte("=>")); ok {
		before = trimmed
	} else if before, ok = bytes.CutSuffix(before, []byte(":")); !ok {
		return -1
	}
	before = bytes.TrimRight(before, " \t\r\n")
	quoted := bytes.TrimRight(before, `'"`)
	for _, name := range names {
		if bytes.HasSuffix(quoted, []byte(name)) && len(before)-len(quoted) <= 1 {
			return first + len(quoted) - len(name) - (len(before) - len(quoted))
		}
	}
	return -1
}

// enclosingLiteral is enclosing for object literals.
func (s *search) enclosingLiteral(i int, structure *int) int {
	first := max(s.lowestOf(i), i-detectors.MaxHeld)
	if i >= s.told.end {
		first = max(first, s.told.end) // a list of them is not gone through for each
	}
	defer func(from int) { s.spent += from - i }(i)
	depth := 0
	for i--; i >= first && *structure > 0; i-- {
		*structure--
		switch c := s.text[i]; {
		case c == '"' || c == '\'':
			var ok bool
			if i, ok = s.stringStart(i, first, c); !ok {
				s.atFront = s.atFront || i < 0
				return -1
			}
		case structural[c] == isClosing:
			depth++
		case structural[c] == isOpening && depth == 0:
			if c == '{' && !mayBeginLiteral(s.text[i+1:]) {
				return -1
			}
			return i
		case structural[c] == isOpening:
			depth--
		case structural[c] != isFlat && !isWord(c) && c != '=' && c != '>':
			return -1
		}
	}
	s.atFront = s.atFront || i < 0
	return -1
}

// longestName is how many bytes the name of a member in quotes has at most, of the first one in an object.
const longestName = 64

// mayBeginLiteral reports whether what follows a brace may be the name of a member, or ends before that can be told.
func mayBeginLiteral(text []byte) bool {
	text = bytes.TrimLeft(text[:min(len(text), mostLiteralStructure)], " \t\r\n")
	text = bytes.TrimPrefix(text, []byte(":"))
	if len(text) > 1 && (text[0] == 'b' || text[0] == 'u') && (text[1] == '"' || text[1] == '\'') {
		text = text[1:]
	}
	end := 0
	if len(text) > 0 && (text[0] == '"' || text[0] == '\'') {
		for end = 1; end < len(text) && end <= longestName && text[end] >= ' ' && text[end] != text[0]; {
			end++
		}
		if end < len(text) && text[end] != text[0] {
			return false
		}
		end++
	} else {
		for end < len(text) && isWord(text[end]) {
			end++
		}
	}
	if end >= len(text) {
		return true
	}
	text = bytes.TrimLeft(text[end:], " \t\r\n")
	return end > 0 && (len(text) == 0 || text[0] == ':' || text[0] == '=' && (len(text) == 1 || text[1] == '>'))
}

// isWord reports whether a byte can stand in a name that has no quotes, a constant or a number.
func isWord(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '$'
}

// An objectLiteral is one that is read.
type objectLiteral struct {
	text  []byte
	pos   int
	depth int
	json  []byte // what it says up to pos, if it is one: encoding/json has the last word
}

// read reads up to the end of the object.
func (o *objectLiteral) read() progress {
	for o.pos < len(o.text) {
		c := o.text[o.pos]
		switch {
		case c == '"' || c == '\'':
			if progress := o.quoted(c); progress != reading {
				return progress
			}
			continue
		case isWord(c):
			if progress := o.word(); progress != reading {
				return progress
			}
			continue
		case c == '=' && o.pos+1 == len(o.text):
			return exceeded
		case c == '=' && o.text[o.pos+1] == '>':
			o.json = append(o.json, ':')
			o.pos += 2
			continue
		}
		o.pos++
		switch structural[c] {
		case isOpening:
			if o.depth++; o.depth > mostLiteralLevels {
				return dead
			}
		case isClosing:
			o.json = bytes.TrimSuffix(o.json, []byte(","))
			if o.depth--; o.depth == 0 {
				o.json = append(o.json, c)
				return ended
			}
		case isFlat:
		default:
			return dead
		}
		if !isSpace(c) && !o.beginsSymbol(c) {
			o.json = append(o.json, c)
		}
	}
	return exceeded
}

// beginsSymbol reports whether what was read last is the colon in front of a symbol of Ruby, rather than behind a name.
func (o *objectLiteral) beginsSymbol(c byte) bool {
	n := len(o.json)
	return c == ':' && n > 0 && (o.json[n-1] == '{' || o.json[n-1] == ',' || o.json[n-1] == ':')
}

// quoted reads a string.
func (o *objectLiteral) quoted(quote byte) progress {
	o.json = append(o.json, '"')
	for o.pos++; o.pos < len(o.text); o.pos++ {
		switch c := o.text[o.pos]; {
		case c == quote:
			o.json = append(o.json, '"')
			o.pos++
			return reading
		case c < ' ':
			return dead
		case c == '"':
			o.json = append(o.json, '\\', '"')
		case c == '\\':
			if o.pos++; o.pos == len(o.text) {
				return exceeded
			}
			if c = o.text[o.pos]; c != '\'' {
				o.json = append(o.json, '\\')
			}
			o.json = append(o.json, c)
		default:
			o.json = append(o.json, c)
		}
	}
	return exceeded
}

// word reads a name, a constant, a number, or the letter in front of a string that says what kind of one it is.
func (o *objectLiteral) word() progress {
	start := o.pos
	for o.pos < len(o.text) && (isWord(o.text[o.pos]) || isScalar(o.text[o.pos])) {
		o.pos++
	}
	if o.pos == len(o.text) {
		return exceeded
	}
	switch word := string(o.text[start:o.pos]); {
	case (word == "b" || word == "u") && (o.text[o.pos] == '"' || o.text[o.pos] == '\''):
	case word == "True" || word == "true":
		o.json = append(o.json, "true"...)
	case word == "False" || word == "false":
		o.json = append(o.json, "false"...)
	case word == "None" || word == "nil" || word == "null" || word == "undefined":
		o.json = append(o.json, "null"...)
	case word[0] >= '0' && word[0] <= '9':
		o.json = append(o.json, word...)
	default:
		o.json = append(append(append(o.json, '"'), word...), '"')
	}
	return reading
}
