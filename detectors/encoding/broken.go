package encoding

import "bytes"

// What is read on both sides of a line break to see whether a needle stands across it.
const (
	besideBreak = longest - 1
	maxGap      = 64 // bytes that the break, with quotes and indentation, may take
)

// A brokenNeedle is a needle with a line break in it.
type brokenNeedle struct {
	line  int // where the line feed is, or -1
	start int // somewhat before the needle, on the line where it starts
	by    wrapping
	far   bool // whether it depends on more in front than vainBack: it is not remembered that there is none
}

// nextBroken returns the first line feed in text[from:to] that has a needle across it.
func (m *matcher) nextBroken(text []byte, from, to int) brokenNeedle {
	none := brokenNeedle{line: -1, start: -1}
	for from < to {
		i := bytes.IndexByte(text[from:to], '\n')
		if i < 0 {
			break
		}
		line := from + i
		found, ok := m.across(text, line)
		if ok {
			return found
		}
		none.far = none.far || found.far
		from = line + 1
	}
	return none
}

// besideLineEnd are what may stand between a piece of a token and the end of its line.
var besideLineEnd = func() (table [256]bool) {
	for _, c := range []byte(" \t\r\\+.&(\"'`") {
		table[c] = true
	}
	return table
}()

// continuesLine reports whether an underscore ends there that stands behind a blank: so a line of Visual Basic is continued.
func continuesLine(text []byte, end int) bool {
	return text[end-1] == '_' && end > 1 && (text[end-2] == ' ' || text[end-2] == '\t')
}

// across looks for a needle across the line feed at line.
func (m *matcher) across(text []byte, line int) (found brokenNeedle, ok bool) {
	if line == 0 || line+1 == len(text) || !m.ends[text[line-1]] {
		return found, false
	}
	end := line
	if text[line-1] == '}' && text[line+1] == '{' {
		return m.acrossEntries(text, line)
	}
	if a, b := text[line-1], text[line+1]; isSolid(a) && isSolid(b) && a != '\\' && a != '=' && !beginsSign[b] {
		if m.pairs[uint16(a)|uint16(b)<<8]&inside == 0 {
			return m.acrossPrefix(text, line, end)
		}
	}
	for end > 0 && line-end < maxGap/2 && (besideLineEnd[text[end-1]] || continuesLine(text, end)) {
		end--
	}
	if found, ok = m.acrossPrefix(text, line, end); ok {
		return found, ok
	}
	var next int
	found = brokenNeedle{line: line, by: brokenLines}
	if end > 0 && text[end-1] == '=' && end == line {
		found.by, next = quotedPrintable, line+1
		end--
	} else if end > 1 && text[end-1] == '=' && text[line-1] == '\r' {
		found.by, next = quotedPrintable, line+1
		end--
	} else if end == 0 || !m.mayBreak(text, end) || !m.mayResume(text, end, line) {
		return found, false
	} else {
		next, found.far = m.resumes(text, end, line), isFar(text, end, line)
	}
	if next < 0 || next >= len(text) || end == 0 || !isSolid(text[end-1]) || m.pairs[uint16(text[end-1])|uint16(text[next])<<8]&inside == 0 {
		return found, false
	}
	return m.joined(text, found, end, next)
}

// acrossPrefix looks for a needle of a header, or of base64 of one, across a line feed behind which the line has a prefix: wherever that
// may end. Whether the line before has it too is seen when the lines are joined.
func (m *matcher) acrossPrefix(text []byte, line, end int) (found brokenNeedle, ok bool) {
	if !beginsPrefix[text[line+1]] || end == 0 || !m.begins[text[end-1]] && (end == 1 || m.pairs[pairAt(text, end-2)]&headed == 0) {
		return found, false
	}
	last := uint16(text[end-1])
	behind, words := text[:min(len(text), line+1+nearPrefix)], 0
	for next := line + 2; next < len(behind) && behind[next-1] != '\n' && (words > 0 || next < line+1+firstWord); next++ {
		if c := behind[next-1]; !endsWord[c] || c == ':' && !isDigit(behind[next-2]) {
			continue
		}
		words++
		at := next
		if isQuote(behind[at]) && at+1 < len(behind) {
			at++
		}
		if m.pairs[last|uint16(behind[at])<<8]&headed == 0 {
			continue
		}
		if found, ok = m.joined(text, brokenNeedle{line: line, by: brokenLines}, end, at); ok {
			return found, true
		}
	}
	return found, false
}

// endsWord are the bytes that may end a prefix.
var endsWord = [256]bool{' ': true, '\t': true, ':': true}

func isQuote(c byte) bool { return c == '"' || c == '\'' || c == '`' }

// mayBreak reports whether a needle may be broken behind what stands before end: its first character, or two in it.
func (m *matcher) mayBreak(text []byte, end int) bool {
	last := text[end-1]
	return m.breaks[last] && (m.firsts[last] || end > 1 && m.pairs[pairAt(text, end-2)]&inside != 0)
}

// mayResume rules out most of what resumes is not needed for: the next line goes on with the needle behind a margin, or with a
// character of that, and where a literal ends behind a quote.
func (m *matcher) mayResume(text []byte, end, line int) bool {
	wanted := uint8(inside)
	if end < 2 || m.pairs[pairAt(text, end-2)]&inside == 0 {
		wanted = opens // the needle begins with its last character
	}
	literal, behind := isQuote(text[end]), text[line+1:min(len(text), line+maxGap/2)]
	for i := 0; i < len(behind); i++ {
		switch c := behind[i]; {
		case !literal && bytes.HasPrefix(behind[i:], []byte(escapedQuotation)):
			i += len(escapedQuotation) - 1
		case !literal && m.goesOn(text[end-1], behind[i:], wanted):
			return true
		case literal && isQuote(c) && (i+1 == len(behind) || m.goesOn(text[end-1], behind[i+1:], wanted)):
			return true
		case !literal && !inMargin[c]:
			return false
		}
	}
	return !literal
}

// goesOn reports whether a needle may go on behind a character with what is there: whether both are any two of it, or its first.
func (m *matcher) goesOn(last byte, behind []byte, wanted uint8) bool {
	if m.pairs[uint16(last)|uint16(behind[0])<<8]&wanted == 0 {
		return false
	}
	return wanted == inside || len(behind) == 1 || m.pairs[pairAt(behind, 0)]&follows != 0
}

// inMargin are the bytes of margins.
var inMargin = func() (table [256]bool) {
	table = beginsSign
	table[' '], table['\t'] = true, true
	return table
}()

// resumes returns where what ends at end goes on behind a line feed, or -1.
func (m *matcher) resumes(text []byte, end, line int) int {
	if next := text[line+1]; end == line && !inMargin[next] && !beginsPrefix[next] {
		if isSolid(next) {
			return line + 1
		}
		return -1
	}
	text = text[:min(len(text), line+maxGap/2)]
	switch at := jointAt(text, end); {
	case at.end > line:
		return at.end
	case at.uneven > line && at.isStopped(text, end):
		return at.uneven
	}
	return -1
}

// isFar reports whether what resumes says depends on more in front of the line feed than vainBack: on how the line begins that ends
// there, and on the lines before where that is a dash.
func isFar(text []byte, end, line int) bool {
	first := max(line-vainBack, 0)
	start := first + bytes.LastIndexByte(text[first:end], '\n') + 1
	return start == first && first > 0 || text[start] == '-'
}

// joined looks for a needle in what stands before end and what stands behind next, put together.
func (m *matcher) joined(text []byte, found brokenNeedle, end, next int) (brokenNeedle, bool) {
	if next >= len(text) {
		return found, false
	}
	var buffer [2 * besideBreak]byte
	start := end
	for start > 0 && end-start < besideBreak && isSolid(text[start-1]) {
		start--
	}
	n := copy(buffer[:], text[start:end])
	whole := buffer[:n+copy(buffer[n:], text[next:min(next+besideBreak, len(text))])]
	last, idle := min(n, len(whole)-shortest+1), idleFronts{}
	at := m.nextFront(whole, 0, last, &idle)
	if at < 0 {
		return found, false
	}
	held := bytes.Clone(whole) // so that the buffer is none of the heap's
	for ; at >= 0; at = m.nextFront(whole, at+1, last, &idle) {
		if m.longestAt(held, at) > n-at {
			found.start = start
			return found, true
		}
	}
	return found, false
}

// followBroken follows what breaks a needle.
func (s *scan) followBroken(n brokenNeedle) {
	if n.by == quotedPrintable && !isSoftBreak(s.text, n.start+bytes.LastIndexByte(s.text[n.start:n.line], '=')) {
		return
	}
	s.followIn(acrossSlot, n.by, n.line, n.start)
}
