package encoding

import "bytes"

// An undoneText is the beginning of a text of which one wrapping is undone, however often it is escaped alike.
type undoneText struct {
	chars [framedAhead]byte
	at    [framedAhead + 1]uint16 // where each stands, and where the last ends
	count int
	end   int // of what is undone
}

// undo undoes a wrapping from the start of a text on: what it was undone of before goes on.
func (u *undoneText) undo(text []byte, w wrapping) {
	if w == utf16LE {
		for ; u.end+2 <= len(text) && text[u.end+1] == 0 && isText(text[u.end]); u.end += 2 {
			u.add(text[u.end], u.end)
		}
		u.at[u.count] = uint16(u.end) //nolint:gosec // at most framedAhead
		return
	}
	literal := &literalIn[w]
	for u.end < len(text) {
		if c := text[u.end]; literal[c] {
			u.add(c, u.end)
			u.end++
			continue
		}
		start := unquoted(text, u.end)
		c := readUnit(w, text[start:])
		if c.size <= 0 && w == htmlEntity && text[start] == '>' && isQuotation(u.text()) {
			c = itself(text[start:])
		}
		if c.size <= 0 && w == jsonEscape && text[start] == '"' && bytes.HasSuffix(u.text(), newline) {
			c = arrayUnit(text, start)
		}
		if c.size <= 0 {
			break
		}
		for _, char := range c.chars[:c.length] {
			u.add(char, u.end)
		}
		u.end = start + c.size
	}
	u.at[u.count] = uint16(u.end) //nolint:gosec // at most framedAhead
}

func (u *undoneText) add(c byte, at int) {
	if u.count < len(u.chars) {
		u.chars[u.count], u.at[u.count] = c, uint16(at) //nolint:gosec // at most framedAhead
		u.count++
	}
}

func (u *undoneText) text() []byte { return u.chars[:u.count] }

// literalIn says for each escape which characters stand for themselves, whatever is around them.
var literalIn = func() (tables [wrappings][256]bool) {
	var one [1]byte
	for w := percent; w <= quotedPrintable; w++ {
		for c := range tables[w] {
			one[0] = byte(c)
			tables[w][c] = readUnit(w, one[:]).size == 1
		}
	}
	return tables
}()

// readUnit reads a unit of an escape.
func readUnit(w wrapping, text []byte) escape {
	switch w {
	case percent:
		return percentUnit(text)
	case jsonEscape:
		return jsonUnit(text)
	case htmlEntity:
		return htmlUnit(text)
	}
	return printableUnit(text)
}

// unquoted returns where the escape at i starts that is itself escaped alike.
func unquoted(text []byte, i int) int {
	switch text[i] {
	case '\\':
		return rowEnd(text, i) - 1
	case '%':
		for bytes.HasPrefix(text[i+1:], []byte("25")) {
			i += len("25")
		}
	case '&':
		for bytes.HasPrefix(text[i+1:], []byte("amp;")) {
			i += len("amp;")
		}
	}
	return i
}

// isQuotation reports whether a text ends with a line break and signs of a quotation, which are not escaped where the line break is.
func isQuotation(text []byte) bool {
	text = bytes.TrimRight(text, " \t>")
	return len(text) > 0 && text[len(text)-1] == '\n'
}
