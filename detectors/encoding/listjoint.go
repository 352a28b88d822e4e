package encoding

import "bytes"

// mostItem is how wide a string literal of a list may be that goes on in the next.
const mostItem = 512

// isItem reports whether the string literal that ends with the quote at i goes on in the next one of a list, which starts at next: most
// lists are of what has nothing to do with each other, but those of what was broken at a width are of that width, the last aside, which is
// shorter. It reports that more is needed where the text ends in the next one.
func isItem(text []byte, i, next int) (is, more bool) {
	quote := text[i]
	open := literalOpen(text, i)
	if open < 0 && !beginsIn(text, i) {
		return false, false
	}
	wide := widthOf(text[open+1 : i])
	rest := text[next:min(len(text), next+maxEntity*(wide.chars+1))]
	length := bytes.IndexByte(rest, quote)
	switch {
	case wide.bytes == 0:
		return false, false
	case length < 0:
		return false, next+len(rest) == len(text)
	case isOfWidth(rest[:length], wide):
		return true, false
	case length > wide.bytes || widthOf(rest[:length]).chars > wide.chars:
		return false, false
	}
	return open >= 0 && isItemBehind(text, open, wide) && endsList(text[next+length+1:]), false
}

// beginsIn reports whether a text begins in the literal that ends at i, as one does that was undone from there on.
func beginsIn(text []byte, i int) bool { return i <= mostItem && isPiece(text[:i]) }

// literalOpen returns where the string literal opens that ends with the quote at i, or -1.
func literalOpen(text []byte, i int) int { return literalOpenWithin(text, i, mostItem) }

// literalOpenWithin is literalOpen for literals of so many bytes.
func literalOpenWithin(text []byte, i, most int) int {
	first := max(i-most, 0)
	open := i
	for {
		length := bytes.LastIndexByte(text[first:open], text[i])
		if length < 0 {
			return -1
		}
		if open = first + length; open == 0 || text[open-1] != '\\' {
			return open
		}
	}
}

// isItemBehind reports whether the item with the opening quote at open stands behind another one of a width.
func isItemBehind(text []byte, open int, wide width) bool {
	front := bytes.TrimRight(text[max(open-maxGap, 0):open], " \t\r\n+-")
	front = bytes.TrimRight(bytes.TrimSuffix(front, []byte(",")), " \t\r\n")
	if len(front) == 0 || front[len(front)-1] != text[open] {
		return false
	}
	end := max(open-maxGap, 0) + len(front) - 1
	before := literalOpen(text, end)
	return before >= 0 && isOfWidth(text[before+1:end], wide)
}

// endsList reports whether a list ends behind one of its literals.
func endsList(text []byte) bool {
	text = text[:min(len(text), maxGap)]
	const blanks = " \t\r\n+-" // in a patch
	text = bytes.TrimLeft(bytes.TrimPrefix(bytes.TrimLeft(text, blanks), []byte(",")), blanks)
	return len(text) == 0 || bytes.IndexByte([]byte("])};"), text[0]) >= 0
}

// statementJoint reads what stands between two literals each of which a statement of its own adds to what came before: t += "...",
// t = t & "...", t.append("..."). It reports false where it is not so.
func statementJoint(text []byte, i int) (j joint, ok bool) {
	start := i + 1
	for start < len(text) && (text[start] == ';' || text[start] == ')' || text[start] == ' ' || text[start] == '\r') {
		start++
	}
	if start < len(text) && text[start] != '\n' || start == len(text) && start <= i+1 {
		return j, false
	}
	start = min(start+1, len(text))
	line := text[start:min(start+maxBreak, len(text))]
	quote := bytes.IndexByte(line, text[i])
	if quote < 0 && len(line) < maxBreak && start+len(line) == len(text) && !bytes.ContainsAny(line, "\n\"'`") {
		return joint{end: -1, more: true}, true
	}
	if quote < shortestFront || !mayAdd[line[quote-1]] || bytes.IndexByte(line[:quote], '\n') >= 0 {
		return j, false
	}
	name := addedTo(line[:quote])
	open := literalOpenWithin(text, i, mostUneven)
	if open < 0 && (len(name) == 0 || !beginsIn(text, i)) {
		return j, false
	}
	first := max(open-maxBreak, 0)
	front := text[first+bytes.LastIndexByte(text[first:max(open, 0)], '\n')+1 : max(open, 0)]
	if open < 0 || len(name) > 0 && hasName(front, name) {
		return joint{end: start + quote + 1, literal: true}, true
	}
	return j, false
}

// callJoint reads what stands between two literals the second of which a call adds to what the first is a part of: "...".concat("...") or
// .append("...").append("..."). It reports false where it is not so.
func callJoint(text []byte, i int) (j joint, ok bool) {
	window := text[i+1 : min(i+maxBreak, len(text))]
	cut := joint{end: -1, more: len(window) < maxBreak-1}
	k := 0
	if len(window) > 0 && window[0] == ')' {
		if k = pastSpace(window, 1); k == len(window) {
			return cut, true
		}
	}
	if k == len(window) || window[k] != '.' {
		return j, false
	}
	name := k + 1
	for k = name; k < len(window) && isNamed(window[k]); k++ {
	}
	if k == len(window) && k > name {
		return cut, true
	}
	switch string(window[name:k]) {
	case "append", "Append", "concat", "push_str", "write", "plus":
	default:
		return j, false
	}
	if k == len(window) || window[k] != '(' {
		return j, false
	}
	switch k = pastSpace(window, k+1); {
	case k == len(window):
		return cut, true
	case !isQuote(window[k]):
		return j, false
	}
	return joint{end: i + 1 + k + 1, literal: true}, true
}

// pastSpace returns where the white space ends that begins at k, or k.
func pastSpace(text []byte, k int) int {
	for k < len(text) && isBlank(text[k]) {
		k++
	}
	return k
}

// numberedJoint reads what stands between two literals in lines that say themselves that they belong together: continued parameters of a
// field of a mail (RFC 2231, section 3), or a directive of an assembler. It reports false where it is not so.
func numberedJoint(text []byte, i int) (j joint, ok bool) {
	window := text[i+1 : min(i+maxBreak, len(text))]
	isField := len(window) > 0 && window[0] == ';'
	k := 0
	if isField {
		k++
	}
	k = pastSpace(window, k)
	quote := bytes.IndexByte(window[k:], text[i])
	if quote < 0 || bytes.IndexByte(window[:k], '\n') < 0 {
		return j, false
	}
	front := window[k : k+quote]
	if isField {
		name, number, _ := bytes.Cut(front, []byte("*"))
		number, isNumbered := bytes.CutSuffix(number, []byte("="))
		ok = isNumbered && len(name) > 0 && len(number) > 0 && pastDigits(number, 0) == len(number)
	} else {
		switch string(bytes.ToLower(bytes.TrimSpace(front))) {
		case ".ascii", ".asciz", ".string", "db", "dc.b":
			ok = true
		}
	}
	return joint{end: i + 1 + k + quote + 1, literal: true}, ok
}

// shortestFront is how many bytes stand in front of the literal at least.
const shortestFront = len("t+=")

// mayAdd says of a byte whether it may stand there last.
var mayAdd = [256]bool{'(': true, '=': true, ' ': true, '\t': true, '+': true, '.': true, '&': true, '|': true}

// addedTo returns the name of what a statement that begins so adds a literal to, or nothing.
func addedTo(front []byte) []byte {
	front = bytes.TrimSpace(bytes.TrimLeft(front, "+-"))
	for _, call := range [...]string{".append(", ".Append(", ".WriteString(", ".push_str(", ".concat(", ".push(", ".write("} {
		if name, ok := bytes.CutSuffix(front, []byte(call)); ok {
			return name
		}
	}
	name, value, _ := bytes.Cut(front, []byte("="))
	if value = bytes.TrimSpace(value); len(value) == 0 && len(name) > 1 {
		if bytes.IndexByte([]byte("+.&|"), name[len(name)-1]) >= 0 { // t += "..."
			return bytes.TrimRight(name, "+.&| ")
		}
		return nil
	}
	name = bytes.TrimSpace(name)
	if operand := bytes.TrimRight(value, "+.&| "); len(operand) < len(value) && bytes.Equal(operand, name) {
		return name
	}
	return nil
}

// hasName reports whether a name stands in the front of a statement, whole.
func hasName(front, name []byte) bool {
	for at := bytes.Index(front, name); at >= 0; {
		end := at + len(name)
		if (at == 0 || !isNamed(front[at-1])) && (end == len(front) || !isNamed(front[end])) {
			return true
		}
		next := bytes.Index(front[at+1:], name)
		if next < 0 {
			break
		}
		at += 1 + next
	}
	return false
}

// isNamed reports whether a character may be one of a name.
func isNamed(c byte) bool { return sextets[c] < 62 || c == '_' || c == '$' }
