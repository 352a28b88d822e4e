package encoding

import (
	"bytes"

	"github.com/jwtleak/jwtleak/detectors"
	"github.com/jwtleak/jwtleak/detectors/jwt"
)

// mostOpenDepth is how many escapes, one inside the other, are undone to see whether a JSON serialization is open where a text is cut.
const mostOpenDepth = 3

// begunAt returns where the text begins that is needed again with what follows it, for JSON serializations that have begun and are
// pointed at by nothing yet, as they are or escaped.
func (s *scan) begunAt() int {
	if len(s.text) > 0 && s.isSpent() { // what is escaped is not undone
		return s.parts.Begun()
	}
	s.undoneOpen = 0
	begun, _ := s.begunEscaped(s.text, s.depth, s.depth+mostOpenDepth)
	s.budget -= s.undoneOpen
	return min(s.parts.Begun(), begun)
}

// begunEscaped does that for what is escaped, at a depth. It returns the length of the text where nothing has begun. That it is short says
// that something may have begun in front of it.
func (ws *workspace) begunEscaped(text []byte, depth, deepest int) (begun int, isShort bool) {
	begun = len(text)
	if depth >= min(deepest, maxDepth) {
		return begun, false
	}
	quotes := openQuotes(text)
	for w := percent; w <= quotedPrintable; w++ {
		if quotes[w] {
			begunBy, short := ws.begunBy(w, text, depth, deepest)
			begun, isShort = min(begun, begunBy), isShort || short
		}
	}
	return begun, isShort
}

// begunBy does it for one escape.
func (ws *workspace) begunBy(w wrapping, text []byte, depth, deepest int) (begun int, isShort bool) {
	for distance := nearInFront; ; distance = min(distance*growth, detectors.MaxHeld) {
		start := literalStart(w, text, len(text), max(len(text)-distance, 0))
		p := ws.unwrap(depth+1, w, text, start, detectors.MaxHeld, true)
		ws.undoneOpen += len(p.text)
		if p.end < len(text) {
			return len(text), false
		}
		parts := jwt.PartsOf(p.text, func(string) {})
		inner := parts.Begun()
		escaped, isShort := ws.begunEscaped(p.text, depth+1, deepest)
		inner, isShort = min(inner, escaped), isShort || parts.IsShort()
		if isShort && start > 0 && len(text)-start >= distance && distance < detectors.MaxHeld {
			continue
		}
		if begun = len(text); inner < len(p.text) {
			begun = p.place(inner)
		}
		return begun, isShort && start == 0
	}
}

// openQuotes says of which escapes quotes stand where a text ends, in the string that this is in, or in front of it: there is no line
// break in a string of JSON.
func openQuotes(text []byte) (by [wrappings]bool) {
	const (
		longest = 4 << 10
		long    = 1 << 10
	)
	for end, lowest := len(text), len(text)-longest; end > 0; {
		line := text[max(end-long, 0):end]
		if feed := bytes.LastIndexByte(line, '\n'); feed >= 0 {
			line = line[feed+1:]
		} else {
			line = text[bytes.LastIndexByte(text[:end], '\n')+1 : end]
		}
		for w := percent; w <= quotedPrintable; w++ {
			by[w] = hasQuote(w, line)
		}
		if end == len(text) && endsSoftly(text[:end-len(line)]) && bytes.IndexByte(text, '{') >= 0 { // base64 may end so, too
			by[quotedPrintable] = true
		}
		end -= len(line) + 1
		if by != [wrappings]bool{} || end < lowest || !isStructure(line) {
			break
		}
	}
	return by
}

// endsSoftly reports whether text ends with a soft line break.
func endsSoftly(text []byte) bool {
	return bytes.HasSuffix(text, []byte("=\n")) || bytes.HasSuffix(text, []byte("=\r\n"))
}

// isStructure reports whether a line has nothing but the structure of JSON in it.
func isStructure(line []byte) bool { return len(bytes.Trim(line, " \t\r{}[]:,")) == 0 }

// A quoteSign is the sign of an escape, what may stand behind one of them that is itself escaped, and how a quote goes on behind it.
type quoteSign struct {
	sign    byte
	again   string
	endings []string
}

var quoteSigns = [wrappings]quoteSign{
	percent:         {'%', "25", []string{"22"}},
	jsonEscape:      {'\\', `\`, []string{`"`, "u0022", "x22", "042", "u{22}", "x{22}", "U00000022"}},
	htmlEntity:      {'&', "amp;", []string{"quot;", "#34;", "#x22;", "#034;"}},
	quotedPrintable: {'=', "3D", []string{"22"}},
}

// hasQuote reports whether a quote stands in a line that is escaped, once or several times. It is looked for by how it goes on: of signs
// there may be nothing else.
func hasQuote(w wrapping, line []byte) bool {
	sign := &quoteSigns[w]
	if bytes.IndexByte(line, sign.sign) < 0 {
		return false
	}
	for _, ending := range sign.endings {
		for from := 0; ; {
			i := bytes.Index(line[from:], []byte(ending))
			if i < 0 {
				break
			}
			front := line[:from+i]
			for bytes.HasSuffix(front, []byte(sign.again)) {
				front = front[:len(front)-len(sign.again)]
				if w == jsonEscape {
					return true
				}
			}
			if len(front) > 0 && front[len(front)-1] == sign.sign {
				return true
			}
			from += i + 1
		}
	}
	return false
}
