package encoding

import (
	"bytes"

	"github.com/jwtleak/jwtleak/detectors/jwt"
	"github.com/jwtleak/jwtleak/detectors/prefilter"
)

// Sparse wrappings have no long run: base64, percent-encoding, character references and \x in narrow lines that have a margin
// or are string literals, such literals in UTF-16, and lists of numbers. Of them only the needles are looked for, together with
// plain headers, that the commonest header has that is in nothing else, {" and a small letter, or where they cost nothing all
// headers. So what is wrapped in them several times over is not found there.
type sparse uint8

const (
	notSparse      sparse = iota
	sparseBase64          // the header at one of three alignments
	sparseEscaped         // its first characters, escaped, in string literals
	sparseBraced          // an escape with braces among its first three, which stand in no long run
	sparseWide            // in UTF-16
	sparseWideDump        // the offset of a line of a dump in UTF-16
	sparseHex             // its second byte, and the half of its third
	sparseDump            // the offset of a line of a dump
	sparsePrefixed        // the same behind a quotation's sign, a comment's or the prefix of a log
	sparseQuoted          // the same in a string literal
	sparseBuffer          // what Node.js writes in front of the bytes of a buffer
	sparseLiteral         // a string literal that begins with an escape
	sparseRegistry        // what an export of the Windows registry has in front of those of a value, mostly text in UTF-16
)

type sparseNeedle struct {
	text   string
	kind   sparse
	before []string // one of which stands in front
}

var sparseNeedles = append([]sparseNeedle{
	{"ZXlK", sparseBase64, nil},
	{"V5Sj", sparseBase64, nil},
	{"V5Sm", sparseBase64, nil},
	{"V5Sn", sparseBase64, nil},
	{"leUo", sparseBase64, nil},
	{"leUp", sparseBase64, nil},
	{"65794a", sparseBase64, nil}, // hexadecimal in lines is as narrow
	{"65794A", sparseBase64, nil},
	{"657941", sparseBase64, nil},
	{"65776f", sparseBase64, nil},
	{"65776F", sparseBase64, nil},
	{"657730", sparseBase64, nil},
	{"5%7", sparseEscaped, []string{"%6"}},
	{`5\x7`, sparseEscaped, []string{`\x6`}},
	{";&#1", sparseEscaped, []string{"&#101"}},
	{";&#x7", sparseEscaped, []string{"&#x65"}},
	{"5%257", sparseEscaped, []string{"%256"}}, // and these twice
	{`5\\x7`, sparseEscaped, []string{`\\x6`}},
	{";&amp;#1", sparseEscaped, []string{"&amp;#101"}},
	{";&amp;#x7", sparseEscaped, []string{"&amp;#x65"}},
	{"5%25%37", sparseEscaped, []string{eachPercent}},
	{`5\17`, sparseEscaped, []string{`\14`}},
	{`5\16`, sparseEscaped, []string{`\14`}},
	{`5\\u007`, sparseEscaped, []string{`\\u006`}},
	{`\u00`, sparseLiteral, nil}, // others would cost more than they are worth
	{`\x6`, sparseLiteral, nil},
	{`\u{`, sparseBraced, nil},
	{`\x{`, sparseBraced, nil}, // as Perl and PCRE write them
	{"e\x00y\x00J\x00", sparseWide, nil},
	{"e\x00w\x00o\x00", sparseWide, nil},
	{"e\x00w\x000\x00", sparseWide, nil},
	{string(wideFeed), sparseWideDump, nil},
	{" 79 4", sparseHex, []string{"65", "65 "}},
	{":79:4", sparseHex, []string{"65"}},
	{",79,4", sparseHex, []string{"65"}},
	{" 79, 4", sparseHex, []string{"65,"}},
	{"0x79, 0x4", sparseHex, []string{"0x65, "}},
	{"0x79,0x4", sparseHex, []string{"0x65,"}},
	{"0x79,\n", sparseHex, []string{"0x65, ", "0x65,"}}, // and where a line ends behind it, as of xxd -i
	{"0x79,\r", sparseHex, []string{"0x65, ", "0x65,"}},
	{"0x79, \n", sparseHex, []string{"0x65, "}}, // as Wireshark writes it
	{"0x79, \r", sparseHex, []string{"0x65, "}},
	{"0x79\t0x4", sparseHex, []string{"0x65\t"}}, // as GDB does
	{" 79\n", sparseHex, []string{"65"}},
	{" 79 \n", sparseHex, []string{"65"}},
	{" 79\r", sparseHex, []string{"65"}},
	{":79:\n", sparseHex, []string{"65"}},
	{"\n79 4", sparseHex, nil}, // and in front of it
	{"\n79:4", sparseHex, nil},
	{" 79:4", sparseHex, nil},
	{"6579 4", sparseHex, []string{" "}},
	{" 794a", sparseHex, []string{"65"}},
	{" 794A", sparseHex, []string{"65"}},
	{"\n\t0x0", sparseDump, nil}, // as tcpdump writes it
	{" 0000", sparsePrefixed, nil},
	{"\t0000", sparsePrefixed, nil},
	{`\n000`, sparseQuoted, nil},
	{`"Buffer"`, sparseBuffer, []string{`"type":`, `"type": `}},
	{`"=hex:`, sparseRegistry, nil},
	{`"=hex(`, sparseRegistry, nil},
}, dumpNeedles()...)

// dumpNeedles are what the lines of other dumps begin with. A third digit is asked for, since the times of logs begin with two.
func dumpNeedles() (needles []sparseNeedle) {
	for _, digit := range "0123456789abcdefABCDEF" {
		needles = append(needles, sparseNeedle{"\n00" + string(digit), sparseDump, nil})
	}
	return needles
}

// eachPercent is what a header begins with where each character is percent-encoded, and each of that again.
const eachPercent = "%25%36%3"

// starts are the needles that are looked for everywhere: of plain headers, so many, and behind those the sparse ones.
var starts, plainStarts = func() (*prefilter.Set, int) {
	needles := jwt.Needles()
	plain := len(needles)
	for _, n := range sparseNeedles {
		needles = append(needles, n.text)
	}
	return prefilter.NewDealt(needles, dealing), plain
}()

// isStart reports whether a start is one, by what is around it.
func isStart(text []byte, hit prefilter.Hit) bool {
	_, ok := startAt(text, hit)
	return ok
}

// startAt reports whether a start is one, by what is around it, and which: what it depends on lies within sparseBack
// bytes before it and sparseAhead from it on.
func startAt(text []byte, hit prefilter.Hit) (kind sparse, ok bool) {
	if hit.Needle < plainStarts {
		return notSparse, mayStartHeader(text, jwt.GroupOf(hit.Needle, hit.At))
	}
	n := &sparseNeedles[hit.Needle-plainStarts]
	switch n.kind {
	case sparseBase64:
		return n.kind, isNarrow(text, hit.At) || narrowIn(text, hit.At) != plain
	case sparseWide, sparseWideDump, sparseRegistry:
		return n.kind, true
	case sparseBraced:
		return n.kind, bracedStart(text, hit.At) >= 0
	case sparseLiteral:
		return n.kind, beginsLiteral(text, hit.At)
	case sparseDump:
		return n.kind, isDumpLine(text[hit.At+1 : min(len(text), hit.At+sparseAhead)])
	case sparsePrefixed:
		return n.kind, pastSureOffset(text[:min(len(text), hit.At+sparseAhead)], hit.At+1) > 0
	case sparseQuoted:
		return n.kind, isDumpLine(text[hit.At+len(`\n`) : min(len(text), hit.At+sparseAhead)])
	}
	for _, before := range n.before {
		if bytes.HasSuffix(text[max(hit.At-sparseBack, 0):hit.At], []byte(before)) {
			return n.kind, n.goesOn(text, hit.At)
		}
	}
	end := hit.At
	if n.text[0] == '\n' {
		end++
	}
	return n.kind, n.kind == sparseHex && endsLine(text[max(hit.At-sparseBack, 0):end])
}

// mayStartHeader reports whether a plain header may start at i: most that look so are in a name, as of a KeyInfo, which ends where no
// wrapping goes on.
func mayStartHeader(text []byte, i int) bool {
	if i < 0 {
		return false
	}
	may, length := jwt.MayBeHeader(text[i:])
	if !may || length < 0 {
		return may
	}
	for i += length; i < len(text) && sextets[text[i]] < 64; {
		i++
	}
	switch behind := text[i:min(len(text), i+maxGap)]; {
	case len(behind) == 0:
		return true
	case isMarginBlank(behind[0]):
		rest := bytes.TrimLeft(behind, " \t")
		return len(rest) == 0 || rest[0] == '\n' || bytes.IndexByte([]byte("\r\\_"), rest[0]) >= 0
	default:
		return bytes.IndexByte([]byte("\x00\n\r\"'`\\%&=."), behind[0]) >= 0
	}
}

// goesOn reports whether behind the needle at i stands what belongs there.
func (n *sparseNeedle) goesOn(text []byte, i int) bool {
	switch {
	case n.kind == sparseEscaped:
		return isNarrowEscaped(text, i)
	case n.kind == sparseHex && isBlank(n.text[len(n.text)-1]):
		behind := bytes.TrimLeft(text[i+len(n.text):min(len(text), i+sparseAhead)], " \t\r\n+-")
		return bytes.HasPrefix(bytes.TrimPrefix(behind, []byte("0x")), []byte("4"))
	case n.kind == sparseHex && n.text[len(n.text)-1] == '4':
		return goesOnAsText(text[min(len(text), i+len(n.text)+1):min(len(text), i+sparseAhead)])
	}
	return true
}

// goesOnAsText reports whether what a list of bytes in hexadecimal goes on with is text, as far as it is told by the next few of them.
func goesOnAsText(list []byte) bool {
	const told = 4
	for range told {
		list = bytes.TrimPrefix(bytes.TrimLeft(list, " ,:"), []byte("0x"))
		if len(list) < 2 || nibbles[list[0]]|nibbles[list[1]] >= 16 {
			break
		}
		if !isText(nibbles[list[0]]<<4 | nibbles[list[1]]) {
			return false
		}
		list = list[2:]
	}
	return true
}

// endsLine reports whether a line of numbers ends with that of the first character of a header, behind which the next line begins.
func endsLine(text []byte) bool {
	front := bytes.TrimRight(text, " \t\r\n,:-+")
	return bytes.HasSuffix(front, []byte("65")) && bytes.IndexByte(text[len(front):], '\n') >= 0
}

const (
	sparseBack  = 16
	sparseAhead = candidateAhead
)

// isNarrow reports whether the base64 characters at i go on in a next line, too near for a long run.
func isNarrow(text []byte, i int) bool {
	window := text[:min(len(text), i+sparseAhead)]
	end := i
	for end < len(window) && end-i < minRun && sextets[window[end]] < 64 {
		end++
	}
	if end == len(window) || end-i == minRun {
		return false
	}
	for _, sign := range []string{"#", ";", "|", "+", "-"} {
		if next := jointBy(window, end, sign); next.end > 0 && next.end < len(window) && sextets[window[next.end]] < 64 {
			return true
		}
	}
	return false
}

// isNarrowEscaped reports whether the escapes at i go on in a next string literal or line, too near for a long run.
func isNarrowEscaped(text []byte, i int) bool {
	window := text[:min(len(text), i+sparseAhead)]
	end := solidEnd(window, i)
	if end == len(window) || end-i >= minRun {
		return false
	}
	next := jointBy(window, end, "#")
	return next.end > 0 && next.end < len(window) && isSolid(window[next.end])
}

// sparseIn looks for the starts of sparse wrappings from from on in what is searched of a text that was unwrapped: a dump is as
// it is on a screen, and that is quoted, encoded or in UTF-16.
func (s *scan) sparseIn(part []byte, from int) {
	var buffer [16]prefilter.Hit
	for hits := s.headers.Hits(buffer[:0], part, from); len(hits) > 0; hits = s.headers.Hits(buffer[:0], part, from) {
		for _, hit := range hits {
			if from = hit.At + 1; hit.Needle < plainStarts || s.isForLater(hit.At) {
				continue
			}
			if s.budget -= priceOfHit; s.isSpent() {
				return
			}
			if kind, ok := startAt(s.text, hit); ok {
				s.sparse(kind, hit.At)
			}
		}
	}
}

// sparse looks at the start of a sparse wrapping.
func (s *scan) sparse(kind sparse, at int) {
	switch kind {
	case sparseWide:
		s.wide(at)
	case sparseWideDump:
		s.wideDump(at)
	case sparseEscaped:
		first := max(at-sparseBack, 0)
		start := max(first+bytes.LastIndexAny(s.text[first:at], `%&\`), first)
		if bytes.HasSuffix(s.text[first:at], []byte(eachPercent)) {
			start = at - len(eachPercent)
		}
		for start > first && s.text[start-1] == '\\' {
			start--
		}
		s.followSparse(sparseLines, brokenLines, at, start, start)
	case sparseLiteral:
		s.budget -= priceOfLiteral
		if at >= s.covered[sparseLines] {
			start := s.literalsBefore(at)
			s.followSparse(sparseLines, brokenLines, at, start, start)
		}
	case sparseBraced:
		start := bracedStart(s.text, at)
		s.followSparse(slot(jsonEscape, start)+3, jsonEscape, at, start, start)
	case sparseBase64:
		if s.isFramed(at) {
			return
		}
		if by := narrowIn(s.text, at); by != plain {
			start := s.undoneFront(by, at, max(at-maxRunBack/4, s.covered[undoneSlot(by)]))
			s.followSparse(undoneSlot(by), by, at, start, start)
			return
		}
		start, count := s.solidStart(at), len(s.found)
		s.followSparse(sparseLines, brokenLines, at, start, start)
		if first := s.linesBefore(start); first < start && len(s.found) == count {
			s.followSparse(slot(brokenLines, start)+2, brokenLines, at, first, first)
		}
	case sparseHex:
		if at >= s.covered[slot(hexNumbers, at)] {
			start, slot := s.numbersStart(at), slot(hexNumbers, at)
			s.followSparse(slot, hexNumbers, at, start, start)
			if s.covered[slot] <= at { // what stands in front is of no list, or of another
				start = max(at-sparseBack, 0)
				start += max(bytes.LastIndex(s.text[start:min(at+len("65"), len(s.text))], []byte("65")), 0)
				s.followSparse(slot, hexNumbers, at, start, start)
			}
		}
	case sparsePrefixed:
		if slot := slot(hexNumbers, at); at >= s.covered[slot] {
			start := s.numbersStart(min(pastSureOffset(s.text, at+1)+sureNumber, len(s.text)))
			s.followSparse(slot, hexNumbers, at, start, start)
		}
	case sparseDump:
		if line, slot := at+1, slot(hexNumbers, at); line >= s.covered[slot] {
			start := s.numbersStart(line + dumpBytes(s.text[line:min(line+mostGap, len(s.text))]))
			s.followSparse(slot, hexNumbers, line, start, start)
		}
	case sparseQuoted:
		if slot := slot(jsonEscape, at) + 2; at >= s.covered[slot] {
			start := s.quotedStart(at, max(at-quotedBack, s.covered[slot], 0))
			s.followSparse(slot, jsonEscape, at, start, start)
		}
	case sparseBuffer:
		s.numbersBehind(decimalNumbers, at, '[')
	case sparseRegistry:
		s.numbersBehind(hexNumbers, at, ':')
	}
}

// numbersBehind undoes the numbers that begin behind a sign, to their end: no needles are in them. What points at them stands at a place.
func (s *scan) numbersBehind(w wrapping, at int, sign byte) {
	open := bytes.IndexByte(s.text[at:min(at+sparseAhead, len(s.text))], sign) + at + 1
	if open == at {
		return
	}
	covered := &s.covered[slot(w, open)]
	for from := max(open, *covered); from < len(s.text) && (s.text[from] == ',' || isBlank(s.text[from]) || nibbles[s.text[from]] < 16); from = *covered {
		s.followSparse(slot(w, open), w, from, from, at)
		if *covered <= from {
			return // where the numbers end, or for a reason that was told
		}
	}
}

// followSparse follows a sparse wrapping. Where more text is needed, it is from the needle on that points at it, or from
// the start of its line: the margin is read there.
func (s *scan) followSparse(slot int, w wrapping, at, start, needed int) {
	hold, count := s.hold, len(s.found)
	s.followIn(slot, w, at, start)
	front := max(needed-maxBreak, 0)
	front += bytes.LastIndexByte(s.text[front:needed], '\n') + 1
	if s.hold < hold {
		s.hold = min(s.hold, front)
	}
	for _, match := range s.found[count:] {
		s.needed = append(s.needed, span{front, match.End})
	}
}

// quotedBack is how many bytes in front of a line feed in a string literal are undone with it: the line of a dump before it.
const quotedBack = 256

// quotedStart returns where the string literal starts that has the byte at i, or what there is of it from first on.
func (s *scan) quotedStart(i, first int) int {
	for i > first && s.text[i-1] != '\n' && (s.text[i-1] != '"' || i-2 >= 0 && s.text[i-2] == '\\') {
		i--
	}
	return i
}

// solidStart returns where the base64 characters start that end at i, in a narrow line.
func (s *scan) solidStart(i int) int {
	start := i
	for start > 0 && i-start < minRun && sextets[s.text[start-1]] < 64 {
		start--
	}
	return start
}

// mostLinesBefore is how many lines before a needle are read with it: it may be that of the payload, where that of the
// header is broken.
const mostLinesBefore = 128

// linesBefore returns where the first of the lines starts that may go on in the one that starts at i.
func (s *scan) linesBefore(i int) int {
	first := s.covered[slot(brokenLines, i)+2]
	for range mostLinesBefore {
		end := s.pieceEnd(first, i, i)
		if end == i || jointAt(s.text, end).end != i { // there is a margin in front of it
			for end = i; end > first && i-end < maxGap && s.text[end-1] != '\n'; {
				end--
			}
			end = s.pieceEnd(first, end, i)
		}
		start := s.solidStart(end)
		if start < first || end-start < narrowest || jointAt(s.text, end).end != i {
			break
		}
		i = start
	}
	return i
}

// pieceEnd returns where the piece ends that what stands before end, of a line that starts at i, comes behind.
func (s *scan) pieceEnd(first, end, i int) int {
	for end > first && i-end < maxGap && (bytes.IndexByte([]byte(lineEnds), s.text[end-1]) >= 0 || continuesLine(s.text, end)) {
		end--
	}
	return end
}

// lineEnds are what may stand between a piece of a token and the end of its line.
const lineEnds = " \t\r\n\\+.&(\"'`,;)"
