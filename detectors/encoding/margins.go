package encoding

import (
	"bytes"
	"slices"
	"strings"
)

// marginAt returns the length of what stands in front of i on its line.
func marginAt(text []byte, i int) int {
	front := max(i-maxBreak, 0)
	return i - front - 1 - bytes.LastIndexByte(text[front:i], '\n')
}

// marginOfAll returns what the line text[i:end] has in front of it, if all lines behind that have the same there have it as their margin,
// where they begin with a letter or a digit.
func marginOfAll(text []byte, i, end int) (margin []byte, ok bool) {
	if i == 0 || text[i-1] == '\n' {
		return nil, i > 0
	}
	start := i - marginAt(text, i)
	if start == 0 || text[start-1] != '\n' || end >= len(text) || sextets[text[i]] >= 62 {
		return nil, false
	}
	line := text[start : i+1]
	if pastMargin(line, "#") == i-start {
		return text[start:i], true // whatever the lines begin with
	}
	isSeen := end-start < maxBreak && line[0] != '-' // the dash alone is a matter of the lines before
	return text[start:i], isSeen && pastMargin(line, marginSign(text, end)) == i-start
}

// isOutdented reports whether a piece has a margin and the next has none, or of one that begins with signs no more than those.
func isOutdented(text []byte, i, next int) bool {
	before, margin := marginAt(text, i), marginAt(text, next)
	if margin == 0 || before <= margin {
		return before > 0 && margin == 0
	}
	own := text[next-margin : next]
	return pastBlanks(own) < margin && bytes.HasPrefix(text[i-before:], own)
}

// jointAt reads what stands between two pieces, from the end of the first one on.
func jointAt(text []byte, i int) joint {
	if i < len(text) && !beginsJoint[text[i]] {
		return joint{end: -1}
	}
	return jointBy(text, i, marginSign(text, i))
}

// beginsJoint says of a byte whether what stands between two pieces may begin with it.
var beginsJoint = [256]bool{' ': true, '\t': true, '\\': true, '\r': true, '\n': true, '"': true, '\'': true, '`': true, '<': true}

// jointAt is [jointAt] of the text, which is asked for the same place several times in a row.
func (s *scan) jointAt(i int) joint {
	if s.jointOf != i || i == 0 {
		s.joint, s.jointOf = jointAt(s.text, i), i
	}
	return s.joint
}

// jointBy is jointAt where the line before begins with a sign, or where that is not looked at.
func jointBy(text []byte, i int, sign string) joint { return jointBehind(text, i, sign, true) }

// jointBehind is jointBy where the lines may have a prefix, or have none.
func jointBehind(text []byte, i int, sign string, mayHavePrefix bool) joint {
	window := text[i:min(i+maxBreak, len(text))]
	k, broken := 0, false
	if quote := window[0]; isQuote(quote) {
		return literalJoint(text, i, quote, sign)
	}
	if window[0] == '<' {
		return tagJoint(text, i)
	}
	for k < len(window) && (window[k] == ' ' || window[k] == '\t') {
		k++
	}
	sure := k == 0 && i > 0 && text[i-1] == '\\'
	if k < len(window) && window[k] == '\\' {
		k++
	}
	if k < len(window) && window[k] == '\r' {
		k++
	}
	if k < len(window) && window[k] == '\n' {
		k++
		broken = true
	}
	if !broken {
		return joint{end: -1, more: k == len(window) && i+k == len(text)}
	}
	if partial, ok := partialJoint(text, i, i+k); ok && !isMarginBlank(text[i]) {
		return partial
	}
	past := i + k
	if mayHavePrefix {
		past = pastPrefix(text, i, i+k)
	}
	hasPrefix := past > i+k
	switch {
	case past < 0:
		return joint{end: -1, more: true}
	case hasPrefix:
		k, sign = min(past-i, len(window)), "#"
	}
	k += pastMargin(window[k:], sign)
	if k == len(window) {
		return joint{end: -1, more: i+k == len(text)}
	}
	if i+len(window) == len(text) && mayBeMargin(window[k:]) {
		return joint{end: -1, more: true}
	}
	if sure && isGap(text, i, i+k) {
		k++
	}
	if k == len(window) || !isSolid(window[k]) {
		return joint{end: -1}
	}
	return joint{end: i + k, sure: sure, hasPrefix: hasPrefix}
}

// isGap reports whether a literal of Haskell goes on behind the backslash at next, blanks in front of it, where another one stands in front
// of i: each line of it has both, but for the first and the last (Haskell 2010, section 2.6).
func isGap(text []byte, i, next int) bool {
	if text[next] != '\\' || !isMarginBlank(text[next-1]) || i > 1 && text[i-2] == '\\' || isEscape(nil, text[next+1:]) {
		return false
	}
	end := solidEnd(text, next+1)
	return end > next+1 && (end == len(text) || text[end] == '"' || text[end-1] == '\\')
}

// tagJoint reads a line break of HTML, or where one may be, which stands at i: <br>, <br />, <wbr>.
func tagJoint(text []byte, i int) joint {
	window := text[i:min(i+maxGap, len(text))]
	end := bytes.IndexByte(window, '>')
	if end < 0 {
		return joint{end: -1, more: i+len(window) == len(text) && len(window) < len("<br />")}
	}
	switch string(bytes.ToLower(bytes.TrimRight(window[1:end], " /"))) {
	case "br", "wbr":
	default:
		return joint{end: -1}
	}
	next := pastSpace(window, end+1)
	switch {
	case next == len(window):
		return joint{end: -1, more: i+next == len(text)}
	case !isSolid(window[next]):
		return joint{end: -1}
	}
	return joint{end: i + next}
}

// marginSign returns the sign that the line before i begins with, of those that are a margin only where each line has it.
func marginSign(text []byte, i int) string {
	start := max(i-maxBreak, 0)
	feed := bytes.LastIndexByte(text[start:i], '\n')
	if feed < 0 && isBeforeDash(text, i) { // which is too much to be taken for one on a guess
		start = max(i-maxRunBack, 0)
		feed = bytes.LastIndexByte(text[start:i], '\n')
	}
	switch start += feed + 1; { // the first line may begin with a rare sign
	case feed < 0 && (start > 0 || i < 2 || strings.IndexByte(rareSigns, text[0]) < 0 || !isMarginBlank(text[1])):
		return signBehind(text, i)
	case text[start] == '+':
		return "+"
	case start < i && text[start] == '-' && !isDashAlone(text, start, i):
		return "-"
	}
	start += pastBlanks(text[start:i])
	if at := strings.IndexByte(rareSigns, text[start]); start < i && at >= 0 && pastBlanks(text[start+1:i]) > 0 {
		return rareSigns[at : at+1]
	}
	return "#"
}

// isBeforeDash reports whether the line behind the one with the end at i begins with a dash.
func isBeforeDash(text []byte, i int) bool {
	text = text[i:min(i+maxBreak, len(text))]
	feed := bytes.IndexByte(text, '\n')
	return feed >= 0 && feed+1 < len(text) && text[feed+1] == '-'
}

// signBehind is marginSign where it can't be seen how the line with the end at i begins: the lines behind tell.
func signBehind(text []byte, i int) string {
	text = text[i:min(i+2*maxBreak, len(text))]
	feed := bytes.IndexByte(text, '\n')
	if feed < 0 || feed+1 == len(text) || text[feed+1] != '+' && text[feed+1] != '-' {
		return "+" // it may be so
	}
	text = text[feed+1:]
	feed = bytes.IndexByte(text, '\n')
	isNext := func(sign byte) bool { return feed >= 0 && feed+1 < len(text) && text[feed+1] == sign }
	switch {
	case text[0] == '-' && (isNext('-') || len(text) > 1 && sextets[text[1]] >= 64):
		return "-"
	case text[0] == '+' && feed >= 0 && feed+1 < len(text) && !isNext('+') && !isNext('-') && sextets[text[feed+1]] < 64:
		return "#" // then so is the sign
	}
	return "+"
}

// isDashAlone reports whether the dash that the line text[start:end] begins with is a character of base64: the line before begins
// with another, and is as long; or where that begins with a dash, too, the one before.
func isDashAlone(text []byte, start, end int) bool {
	const askedLines = 4
	width := end - start
	for range askedLines {
		before := text[max(start-1-maxBreak, 0):max(start-1, 0)]
		before = before[bytes.LastIndexByte(before, '\n')+1:]
		start -= len(before) + 1
		switch before = bytes.TrimSuffix(before, []byte("\r")); {
		case len(before) != width || before[0] == '+' || sextets[before[0]] >= 64:
			return false
		case before[0] != '-':
			return true
		}
	}
	return false
}

// Signs begin the lines of a comment or a quotation; each of rareSigns is a margin only where each line has it, and so are the
// plus sign of a patch, or of a form, where it is a blank: base64 of a token has none; and the dash of a patch.
var signs = [...]string{"#", "//", "--", quotation, escapedQuotation, "*"}

// A line of what is quoted in a mail begins with quotation; as HTML has it, in an archive of mails, with that escaped.
const (
	quotation        = ">"
	escapedQuotation = "&gt;"
)

const rareSigns = ";|"

// beginsSign says of a byte whether a sign may begin with it.
var beginsSign = func() (table [256]bool) {
	for _, sign := range signs {
		table[sign[0]] = true
	}
	for i := range len(rareSigns) {
		table[rareSigns[i]] = true
	}
	table['+'] = true
	return table
}()

// mayBeMargin reports whether the end of a text is a sign, or begins one: blanks behind it would make a margin of it.
func mayBeMargin(rest []byte) bool {
	return len(rest) == 1 && beginsSign[rest[0]] ||
		slices.ContainsFunc(signs[:], func(sign string) bool { return len(rest) > 0 && strings.HasPrefix(sign, string(rest)) })
}

// pastMargin returns the length of what a line starts with: blanks and a comment's sign, those of all languages or another.
func pastMargin(line []byte, other string) int {
	k := pastBlanks(line)
	if end := pastSigns(line, k); end > k {
		return end
	}
	if plus := pastPlus(line, k); plus > k {
		plus += pastBlanks(line[plus:])
		if end := pastSigns(line, plus); end > plus {
			return end
		}
	}
	if other == "-" {
		return pastDash(line)
	}
	return pastSign(line, k, other)
}

// pastDash returns where a line of what a patch removes goes on behind its dash, blanks and a comment's sign, or behind its blanks.
func pastDash(line []byte) int {
	if len(line) == 0 || line[0] != '-' {
		return pastBlanks(line)
	}
	k := 1 + pastBlanks(line[1:])
	return pastSigns(line, k)
}

// pastSigns returns where a line goes on behind a sign of all languages at k, or k.
func pastSigns(line []byte, k int) int {
	for _, sign := range signs {
		if end := pastSign(line, k, sign); end > k {
			for _, sign := range [...]string{quotation, escapedQuotation} {
				for bytes.HasPrefix(line[end:], []byte(sign)) { // quoted in what is quoted
					end = pastSign(line, end, sign)
				}
			}
			return end
		}
	}
	return k
}

// pastSign returns where a line goes on behind a sign at k and the blanks that it takes, which are plus signs in a form, or k.
func pastSign(line []byte, k int, sign string) int {
	if !bytes.HasPrefix(line[k:], []byte(sign)) {
		return k
	}
	after := k + len(sign)
	end := after + pastBlanks(line[after:])
	if end == after && sign != "+" {
		end = pastPlus(line, after)
	}
	if end == after && sign != quotation && sign != escapedQuotation && sign != "+" {
		return k
	}
	return end
}

// pastPlus returns where the plus signs end that begin at k.
func pastPlus(line []byte, k int) int {
	for k < len(line) && line[k] == '+' {
		k++
	}
	return k
}

func pastBlanks(line []byte) int {
	k := 0
	for k < len(line) && (line[k] == ' ' || line[k] == '\t') {
		k++
	}
	return k
}
