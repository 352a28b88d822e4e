package encoding

import (
	"bytes"
	"slices"
	"strings"

	"github.com/jwtleak/jwtleak/detectors"
	"github.com/jwtleak/jwtleak/detectors/jwt"
)

// maxBreak is the most that is read of what stands between two pieces of a token: a line break, what the next line is
// indented with or commented out by, quotes.
const maxBreak = 160

// lineSlack is how much longer than the others a line may be: by padding, escaped.
const lineSlack = 6

// A width is how long a line is.
type width struct {
	bytes int
	chars int // with each escape counted as one
}

func widthOf(line []byte) width {
	w := width{bytes: len(line)}
	for i := 0; i < len(line); w.chars++ {
		if isSign[line[i]] == 0 {
			i++
		} else {
			i += max(escapeAt(line[i:]).size, 1)
		}
	}
	return w
}

// A line is one of those that were joined.
type line struct {
	at    int // where it starts in what they were joined to
	end   int // where it ends in the broken text, counted from its line feed on or from where it starts
	width int // how long it is, without margin and quotes
}

// goesBack reports whether the line before one of a run is of the run too: it is as long, or the last line is shorter.
func goesBack(before, l line, isLast bool) bool {
	return before.width == l.width || before.end == l.end || isLast && before.width > l.width
}

// A joint is what stands between two pieces of a token.
type joint struct {
	end     int  // where the next piece starts, or -1
	literal bool // it is the end of one string literal and the start of another
	sure    bool // a backslash right behind the first piece says that it goes on
	more    bool // the text ends inside it
}

// isSolid reports whether a byte can stand in a piece of a broken token, wrapped or not.
func isSolid(c byte) bool {
	return c > ' ' && c < 0x7f && c != '"' && c != '\'' && c != '`' && c != '<' && c != '>'
}

var solids = func() (table [256]bool) {
	for c := range table {
		table[c] = isSolid(byte(c))
	}
	return table
}()

func solidEnd(text []byte, i int) int {
	for ; i+4 <= len(text); i += 4 {
		if part := text[i : i+4 : i+4]; !solids[part[0]] || !solids[part[1]] || !solids[part[2]] || !solids[part[3]] {
			break
		}
	}
	for i < len(text) && solids[text[i]] {
		i++
	}
	return i
}

// lines joins what was broken over lines or over string literals. A fixed-width wrap has lines of one width, the last
// one aside, so a line longer than the second is another matter, and so is all behind a shorter one.
func (p *piece) lines(text []byte, start, limit int) {
	p.name = nameLineWrap
	i, count := start, 0
	var second width   // the first line may have something in front
	continued := false // the line before ended with a backslash that says so
	slashed := true    // or with any: there has to be one at the end of each line that is continued
	for {
		end := solidEnd(text, i)
		next := joint{end: -1}
		if end < len(text) {
			next = jointAt(text, end)
		}
		stop := end
		before := slashed
		slashed = next.end >= 0 && !next.literal && stop > i && text[stop-1] == '\\'
		if slashed && (continued || before && (!isEscape(text[i:stop-1], text[next.end:]) || isContinued(text, next.end))) {
			stop-- // the line is continued
		}
		continued = stop < end
		line := text[i:stop]
		p.addLine(text, i, stop)
		if count == 1 {
			second = widthOf(line)
		}
		p.end = max(i, min(stop, i+limit-len(p.text)))
		if p.addAll(text, i, p.end); len(p.text) >= limit {
			return
		}
		switch {
		case end == len(text) || next.more:
			p.end = len(text)
			return
		case next.end < 0:
			p.whole = true
			return
		}
		if next.literal {
			p.name = nameStringConcat
		}
		atStop := len(line) > 0 && line[len(line)-1] == '.' || text[min(next.end, len(text)-1)] == '.'
		outdented := count > 0 && !next.literal && isOutdented(text, i, next.end)
		isLonger := !next.literal && !next.sure && !atStop && !lineGoesOn(text, next.end, count, second, line)
		if isLonger || outdented && !atStop {
			if p.whole = true; count > 1 {
				p.anew = i
			}
			if isLonger && !outdented && isOfWidth(line, second) {
				p.addDoubtful(text, next.end, second)
			}
			return
		}
		i = next.end
		p.undone++
		if count++; atStop {
			count = 1 // a segment on lines of its own has a width of its own
		}
	}
}

// addLine notes that the line text[i:end] comes next.
func (p *piece) addLine(text []byte, i, end int) {
	first := i
	if len(p.lined) == 0 {
		for first > 0 && i-first < maxBreak && isSolid(text[first-1]) {
			first--
		}
	}
	front := max(first-maxBreak, 0)
	margin := first - front - 1 - bytes.LastIndexByte(text[front:first], '\n')
	p.lined = append(p.lined, line{at: len(p.text), end: margin + end - first, width: end - first})
}

// lineGoesOn reports whether the line at i can continue the ones before it, of which the last is given.
// What it adds in error to a whole token is cut off again: a signature's length is known.
func lineGoesOn(text []byte, i, count int, second width, last []byte) bool {
	if count == 0 {
		return true
	}
	if !isOfWidth(last, second) {
		return false
	}
	most := second.bytes + lineSlack
	next := text[i:solidEnd(text[:min(i+maxEntity*most, len(text))], i)]
	next = next[:beforeParameter(next)]
	next = next[:beforeSign(next)]
	return len(next) <= most || widthOf(next).chars <= second.chars+lineSlack
}

func isOfWidth(line []byte, w width) bool {
	return len(line) == w.bytes || widthOf(line).chars == w.chars
}

// addDoubtful adds as much as may be of the lines before, the second of which has a width, of a line that is longer: it may be
// another matter, or the last line with something behind it that a token may have, too. What comes out says which: see
// [scan.doubtful].
func (p *piece) addDoubtful(text []byte, i int, second width) {
	p.certain, p.certainEnd = len(p.text), p.end
	p.end = i
	for chars := 0; p.end < len(text) && solids[text[p.end]] && chars < second.chars+lineSlack; chars++ {
		if isSign[text[p.end]] == 0 {
			p.end++
		} else {
			p.end += max(escapeAt(text[p.end:]).size, 1)
		}
	}
	p.addAll(text, i, p.end)
}

// withoutDoubtful returns the piece without the line that was added in doubt.
func (p piece) withoutDoubtful() piece {
	p.text, p.end = p.text[:p.certain], p.certainEnd
	return p
}

// doubtful chooses from what was found with a line that was added in doubt, and returns with which piece and up to where in it. The
// line is taken where a token gets whole by it: where its payload does, or its signature gets as long as its algorithm has it.
func (s *scan) doubtful(p piece, inner *scan) (piece, *scan, int) {
	with, crosses := *inner, false
	for i := range with.found {
		match := &with.found[i]
		if match.End > p.certain && match.Start < p.certain {
			crosses = true
			if cut := jwt.BeforeSign(match.Token); cut < len(match.Token) && match.Encodings == nil {
				match.End, match.Token = match.Start+cut, match.Token[:cut]
			}
		}
	}
	certain := p.withoutDoubtful()
	if !crosses {
		return certain, inner, p.certain
	}
	s.budget -= certain.price(brokenLines)
	inner = s.inside(certain, true)
	inner.all()
	s.budget -= priceOfEffort * inner.parts.Spent()
	for _, match := range with.found {
		if match.Start < p.certain && match.End > p.certain && isMoreThanIn(inner.found, match) {
			*inner = with
			return p, inner, p.certain
		}
	}
	return certain, inner, p.certain
}

// isMoreThanIn reports whether a token is whole, and is not among those that were found, or not whole.
func isMoreThanIn(found []detectors.Match, match detectors.Match) bool {
	is := true
	for _, other := range found {
		if areOne(other.Token, match.Token) {
			is = is && hasAll(match) && !hasAll(other)
		}
	}
	return is
}

// hasAll reports whether a token has a signature or tag of a length that its header tells.
func hasAll(match detectors.Match) bool {
	if match.Rule == detectors.JWE {
		return jwt.HasWholeSignature(match.Token)
	}
	return jwt.IsComplete(match.Token)
}

// behindLast are the characters that may stand behind the end of the last line: no token has them, nor base64, but for the tilde
// of an SD-JWT. The last four may be of an escape.
var behindLast = func() (table [256]bool) {
	for _, c := range []byte(",|()[]:!?*@$^~;}&#") {
		table[c] = true
	}
	return table
}()

// beforeSign returns where the first of them stands that is of no escape, or the length of text.
func beforeSign(text []byte) int {
	for at, c := range text {
		if behindLast[c] && !isOfEscape(text, at) {
			return at
		}
	}
	return len(text)
}

// isOfEscape reports whether the sign at a place begins or ends an escape, or is in it: &#...; or \u{...}.
func isOfEscape(text []byte, at int) bool {
	before := text[max(at-maxEntity, 0):at]
	switch text[at] {
	case ';', '#':
		return bytes.IndexByte(before, '&') >= 0
	case '}':
		return bytes.IndexByte(before, '{') >= 0
	case '&':
		return bytes.IndexByte(text[at:min(at+maxEntity, len(text))], ';') >= 0
	}
	return false
}

// beforeParameter returns where the next parameter of a form begins in text ("&name="), or its length.
func beforeParameter(text []byte) int {
	for at := 0; ; at++ {
		and := bytes.IndexByte(text[at:], '&')
		if and < 0 {
			return len(text)
		}
		at += and
		name := at + 1
		for name < len(text) && sextets[text[name]] < 64 {
			name++
		}
		if name > at+1 && name < len(text) && text[name] == '=' {
			return at
		}
	}
}

// marginAt returns the length of what stands in front of i on its line.
func marginAt(text []byte, i int) int {
	front := max(i-maxBreak, 0)
	return i - front - 1 - bytes.LastIndexByte(text[front:i], '\n')
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
func jointAt(text []byte, i int) joint { return jointBy(text, i, marginSign(text, i)) }

// jointBy is jointAt where the line before begins with a sign, or where that is not looked at.
func jointBy(text []byte, i int, sign string) joint {
	window := text[i:min(i+maxBreak, len(text))]
	k, broken := 0, false
	if quote := window[0]; quote == '"' || quote == '\'' || quote == '`' {
		return literalJoint(text, i, quote, sign)
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
	k += pastMargin(window[k:], sign)
	if k == len(window) {
		return joint{end: -1, more: i+k == len(text)}
	}
	if i+len(window) == len(text) && mayBeMargin(window[k:]) {
		return joint{end: -1, more: true}
	}
	if !isSolid(window[k]) {
		return joint{end: -1}
	}
	return joint{end: i + k, sure: sure}
}

// marginSign returns the sign that the line before i begins with, of those that are a margin only where each line has it.
func marginSign(text []byte, i int) string {
	start := max(i-maxBreak, 0)
	feed := bytes.LastIndexByte(text[start:i], '\n')
	if feed < 0 && isBeforeDash(text, i) { // which is too much to be taken for one on a guess
		start = max(i-maxRunBack, 0)
		feed = bytes.LastIndexByte(text[start:i], '\n')
	}
	switch start += feed + 1; {
	case feed < 0:
		return signBehind(text, i)
	case text[start] == '+':
		return "+"
	case text[start] == '-' && !isDashAlone(text, start, i):
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
var signs = [...]string{"#", "//", "--", ">", "*"}

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
			for end < len(line) && line[end] == '>' { // quoted in what is quoted
				end = pastSign(line, end, ">")
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
	if end == after && sign != ">" && sign != "+" {
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

// mostOperators is the most characters of operators that stand between two string literals.
const mostOperators = 4

// literalJoint reads the end of one string literal and the start of the next, with an operator, a line's continuation,
// comments or nothing between. With an operator between, the next one may have other quotes: a full stop often has. In a patch each line
// begins with a sign.
func literalJoint(text []byte, i int, quote byte, sign string) joint {
	operators, comment := 0, ""
	for k := i + 1; ; k++ {
		k = pastComment(text, k, i+maxBreak)
		switch {
		case k == len(text):
			return joint{end: -1, more: k-i < maxBreak}
		case k-i >= maxBreak:
			return joint{end: -1}
		}
		switch c := text[k]; c {
		case quote, '"', '\'':
			if c != quote && operators == 0 {
				return joint{end: -1}
			}
			return joint{end: k + 1, literal: true}
		case '\n':
			if comment == "" {
				comment = commentSign(text, i)
			}
			line := text[k+1 : max(min(len(text), i+maxBreak), k+1)]
			if at := commentAt(line); bytes.HasPrefix(line[at:], []byte(comment)) {
				k += at + len(comment)
			}
		case ' ', '\t', '\r', '\\':
		case '-':
			if sign != "-" || text[k-1] != '\n' {
				return joint{end: -1}
			}
		case '+', '.', '&', '_', '(', ')', '$', '<', '>', '|', '`':
			if c == '`' && operators > 0 && k+1 < len(text) && isSolid(text[k+1]) {
				return joint{end: k + 1, literal: true} // otherwise it continues the line
			}
			if operators++; operators > mostOperators {
				return joint{end: -1}
			}
		case 'b', 'B', 'r', 'R', 'u', 'U', 'f', 'F', 'L', '@': // a literal's prefix
			if c == 'u' && k+2 < len(text) && text[k+1] == '8' {
				k++
			}
			if k+1 < len(text) && text[k+1] != quote {
				return joint{end: -1}
			}
		default:
			return joint{end: -1}
		}
	}
}

// commentSign returns the sign of a comment that the line before i begins with, or a line feed.
func commentSign(text []byte, i int) string {
	line := text[max(i-maxBreak, 0):i]
	if feed := bytes.LastIndexByte(line, '\n'); feed >= 0 || i <= maxBreak {
		line = line[feed+1:]
		line = line[commentAt(line):]
		for _, sign := range [...]string{"//", "#", "*", "--", ";"} {
			if bytes.HasPrefix(line, []byte(sign)) {
				return sign
			}
		}
	}
	return "\n" // which is none
}

// commentAt returns where the sign of a comment may stand in a line, which may be of a patch.
func commentAt(line []byte) int {
	if bytes.HasPrefix(line, []byte("--")) {
		return 0
	}
	return pastPatch(line)
}

// pastComment returns where the comments end that start at k, before limit or the text ends, or k.
func pastComment(text []byte, k, limit int) int {
	limit = min(limit, len(text))
	for {
		var end string
		switch rest := text[min(k, limit):limit]; {
		case bytes.HasPrefix(rest, []byte("/*")):
			end = "*/"
		case bytes.HasPrefix(rest, []byte("//")), bytes.HasPrefix(rest, []byte("#")), bytes.HasPrefix(rest, []byte("--")):
			end = "\n"
		default:
			return k
		}
		length := bytes.Index(text[k:limit], []byte(end))
		if length < 0 {
			return limit
		}
		k += length + len(end)
	}
}

// isContinued reports whether the line at i is continued by a backslash at its end: then so is the line before. Where that
// may begin an escape too, the lines that follow tell.
func isContinued(text []byte, i int) bool {
	const askedLines = 4
	for range askedLines {
		end := solidEnd(text, i)
		if end == i || end == len(text) || text[end-1] != '\\' {
			return false
		}
		next := jointAt(text, end)
		if next.end < 0 || next.literal {
			return false
		}
		if !isEscape(text[i:end-1], text[next.end:]) {
			return true
		}
		i = next.end
	}
	return false
}

// isEscape reports whether text goes on with an escape of a printable character of which the backslash came before, at
// the end of a line. Where it is of digits, the line has others.
func isEscape(line, text []byte) bool {
	if len(text) < 3 || text[0] <= '1' && bytes.IndexByte(line, '\\') < 0 {
		return false
	}
	switch a, b := text[1], text[2]; text[0] {
	case 'x':
		return a >= '2' && a <= '7' && nibbles[b] < 16
	case 'u':
		return a == '0' && b == '0'
	case '0':
		return a >= '4' && a <= '7' && b >= '0' && b <= '7'
	case '1':
		return a >= '0' && a <= '7' && b >= '0' && b <= '7'
	}
	return false
}
