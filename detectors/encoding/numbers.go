package encoding

import "bytes"

// Bytes are written as lists of numbers by source code, debuggers and logs, and as dumps: lines that start with an offset
// and end with what the bytes are as text.
const (
	numbersBack = 4096 // bytes in front of a needle that may be of its list: the needle may be that of the payload
	leastDigits = 4    // that the offset of a dump has
	mostGap     = 80   // bytes between two numbers
)

// isNumbers reports whether a byte can stand in a list of hexadecimal numbers.
func isNumbers(c byte) bool {
	return nibbles[c] < 16 || c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == ',' || c == ':' || c == '-' || c == 'x' || c == 'X'
}

// isPatchSign reports whether the sign of a patch stands at i.
func isPatchSign(text []byte, i int) bool {
	return (text[i] == '+' || text[i] == '-') && (i == 0 || text[i-1] == '\n')
}

// pastPatch returns where a line goes on behind the sign of a patch and blanks.
func pastPatch(line []byte) int {
	i := 0
	if len(line) > 0 && isPatchSign(line, 0) {
		i++
	}
	return i + pastBlanks(line[i:])
}

// numbersStart returns where the numbers start that those at i are of: of a dump the start of a line, otherwise a number. Where
// they go on from what was undone, it is no place behind that, so that they are read on from there.
func (s *scan) numbersStart(i int) int {
	covered, resume := s.covered[slot(hexNumbers, i)], s.resume[slot(hexNumbers, i)]
	first := max(i-numbersBack, covered, 0)
	if line := s.dumpStart(i, max(i-numbersBack, resume, 0)); line >= 0 {
		if line == resume && resume < covered {
			return covered
		}
		return line
	}
	start := i
	for start > first && (isNumbers(s.text[start-1]) || isPatchSign(s.text, start-1)) {
		start--
	}
	if start == covered && resume < covered {
		return start
	}
	for start < i && nibbles[s.text[start]] < 16 && start > 0 && sextets[s.text[start-1]] < 62 {
		start++ // the rest of a number, or of a word
	}
	return s.pastWords(start, i)
}

// pastWords returns where the numbers start in text[start:i] behind the last word in front of them that is none: a number of an odd
// number of digits, or the end of a word that is of the same characters.
func (s *scan) pastWords(start, i int) int {
	for at := start; at < i; {
		if s.text[at] == '0' && at+1 < i && s.text[at+1]|0x20 == 'x' {
			at += 2
		}
		digits := at
		for at < len(s.text) && nibbles[s.text[at]] < 16 {
			at++
		}
		switch {
		case at >= i:
		case (at-digits)%2 != 0:
			start = at
		case at == digits:
			if at++; s.text[digits]|0x20 == 'x' {
				start = at
			}
		}
	}
	return start
}

// dumpStart returns where the first of the lines of a dump starts that those at i are of, from first on, or -1.
func (s *scan) dumpStart(i, first int) int {
	line := bytes.LastIndexByte(s.text[first:i], '\n') + 1 + first
	if dumpBytes(s.text[line:i]) == 0 {
		return -1
	}
	for line > first {
		before := bytes.LastIndexByte(s.text[first:line-1], '\n') + 1 + first
		if before == first && first > 0 && s.text[first-1] != '\n' || dumpBytes(s.text[before:line]) == 0 {
			break
		}
		line = before
	}
	return line
}

// dumpBytes returns where the bytes start in a line of a dump, or 0.
func dumpBytes(line []byte) int {
	_, first := dumpOffset(line)
	return first
}

// isDumpLine reports whether a line is of a dump, or what is there of it.
func isDumpLine(line []byte) bool {
	if len(line) > cellOffset+cell && line[cellOffset-1] == '0' {
		if _, ok := cellByte(line[cellOffset : cellOffset+cell]); ok {
			return true
		}
	}
	line = line[:min(len(line), mostGap)]
	i := pastOffset(line, pastPatch(line))
	return i > 0 && i+2 < len(line) && nibbles[line[i]]|nibbles[line[i+1]] < 16 && (nibbles[line[i+2]] < 16 || isBlank(line[i+2]))
}

// hexNumbers reads numbers of two digits, or of an even number of them, with something between.
func (p *piece) hexNumbers(text []byte, start, limit int) {
	p.name = nameHex
	line := text[start:min(len(text), start+dumpAhead)]
	isDump := (start == 0 || text[start-1] == '\n') && dumpBytes(line) > 0
	if isDump {
		if read := lineReaderOf(line); read != nil {
			p.dumpLines(read, text, start, limit)
			return
		}
	}
	i := start
	row := dumpRow{}
	if isDump {
		p.isDump = true
		i += dumpBytes(line)
		row.begin(text, start, i)
	}
	for len(p.text) < limit && i < len(text) {
		if text[i] == '0' && i+1 < len(text) && (text[i+1] == 'x' || text[i+1] == 'X') {
			i += 2
		}
		digits := i
		for len(p.text) < limit && i+2 <= len(text) && nibbles[text[i]]|nibbles[text[i+1]] < 16 && !row.isFull() {
			p.add(nibbles[text[i]]<<4|nibbles[text[i+1]], i)
			i, row.count = i+2, row.count+1
		}
		p.end = i
		switch {
		case len(p.text) >= limit:
			return
		case i == len(text) || i+1 == len(text) && nibbles[text[i]] < 16:
			p.end = len(text)
			return
		case row.isFull():
		case i == digits && len(p.text) > 0 || nibbles[text[i]] < 16:
			p.whole = true
			return
		}
		next := numberAfter(text, i, isDump, row.isFull())
		if next >= 0 && isDump {
			if feed := bytes.LastIndexByte(text[i:next], '\n'); feed >= 0 {
				row.begin(text, i+feed+1, next)
			}
		}
		if next < 0 {
			p.end, p.whole = i, i+dumpAhead < len(text)
			if !p.whole {
				p.end = len(text)
			}
			return
		}
		p.undone++
		i = next
	}
}

// A dumpRow is a line of a dump, of which the bytes are counted: the text behind may begin with what looks like one.
type dumpRow struct {
	count int // bytes read
	bytes int // that it has, 0 where it is not known; of the last line of a dump not more
}

func (r *dumpRow) isFull() bool { return r.bytes > 0 && r.count == r.bytes }

// begin begins with the line that starts at a place and has its first byte at another. How many it has is by how much more the
// offset of the next line is.
func (r *dumpRow) begin(text []byte, start, first int) {
	r.count = 0
	line := text[start:min(len(text), start+mostRow)]
	feed := bytes.IndexByte(line, '\n')
	if feed < 0 {
		return
	}
	next := line[feed+1:]
	digits, after := offsetDigits(line), offsetDigits(next)
	if len(digits) == 0 || len(after) != len(digits) {
		return
	}
	pairs, found := pairsIn(text[first:start+feed]), 0
	for _, base := range [...]int{16, 10, 8} {
		if more := numberIn(after, base) - numberIn(digits, base); more > found && more <= pairs {
			found = more
		}
	}
	if found > 0 {
		r.bytes = found
	}
}

// mostRow is how long a line of a dump is at most, with the offset of the next one.
const mostRow = 512

// offsetDigits returns the digits of the offset that a line of a dump starts with.
func offsetDigits(line []byte) []byte {
	i, _ := dumpOffset(line)
	if bytes.HasPrefix(line[i:], []byte("0x")) {
		i += len("0x")
	}
	end := i
	for end < len(line) && end-i <= mostDigits && nibbles[line[end]] < 16 {
		end++
	}
	return line[i:end]
}

// mostDigits is how many digits an offset has at most.
const mostDigits = 16

// numberIn returns the number that digits stand for, or a negative one.
func numberIn(digits []byte, base int) (value int) {
	for _, digit := range digits[max(len(digits)-7, 0):] {
		if int(nibbles[digit]) >= base {
			return -1 << 30
		}
		value = value*base + int(nibbles[digit])
	}
	return value
}

// pairsIn returns how many numbers of two digits follow each other in a line, at most two blanks apart.
func pairsIn(line []byte) (count int) {
	for i := 0; ; count++ {
		if i+2 > len(line) || nibbles[line[i]]|nibbles[line[i+1]] >= 16 {
			return count
		}
		i += 2
		i += min(pastBlanks(line[i:]), 2)
	}
}

// numberAfter returns where the next number starts behind one that ends at i, or -1. Of a dump the rest of a line may be text.
func numberAfter(text []byte, i int, isDump, isText bool) int {
	limit := min(len(text), i+mostGap)
	blanks := 0
	// Numbers of four digits have no wider gap in the midst of a line: text follows, though it may begin like a number.
	mayBeText := func(k int) bool {
		return isText || blanks > 1 && (i > 2 && nibbles[text[i-3]]|nibbles[text[i-2]] < 16 || !isPair(text[k:limit]))
	}
	for k := i; k < limit; k++ {
		switch c := text[k]; {
		case c == ' ' || c == '\t':
			blanks++
		case c == '\n' && isDump:
			return nextDumpLine(text, k)
		case c == ',' || c == ':' || c == '-' || c == '\r' || c == '\n' || c == '\\' || isPatchSign(text, k):
		case isDump && (c == '|' || mayBeText(k) || blanks > 2):
			end := bytes.IndexByte(text[k:limit], '\n')
			if end < 0 {
				return -1
			}
			return nextDumpLine(text, k+end)
		case nibbles[c] < 16:
			return k
		default:
			return -1
		}
	}
	return -1
}

// isPair reports whether text starts with a number of two digits alone.
func isPair(text []byte) bool {
	return len(text) > 2 && nibbles[text[0]]|nibbles[text[1]] < 16 && (text[2] == ' ' || text[2] == '\r' || text[2] == '\n')
}

// nextDumpLine returns where the bytes start in the line behind a line feed, or -1.
func nextDumpLine(text []byte, feed int) int {
	line := text[feed+1 : min(len(text), feed+1+dumpAhead)]
	if n := dumpBytes(line); n > 0 && n < len(line) {
		return feed + 1 + n
	}
	return -1
}

// decimalNumbers reads the numbers of a JSON array of bytes.
func (p *piece) decimalNumbers(text []byte, start, limit int) {
	p.name, p.end = nameDecimal, start
	i := start
	for len(p.text) < limit {
		for i < len(text) && i-p.end < mostGap && (isBlank(text[i]) || isPatchSign(text, i) || text[i] == ',' && len(p.text) > 0) {
			i++
		}
		value, digits := 0, i
		for i < len(text) && i-digits < 3 && text[i] >= '0' && text[i] <= '9' {
			value = value*10 + int(text[i]-'0')
			i++
		}
		switch {
		case i == len(text):
			p.end = len(text)
			return
		case i == digits || value > 0xff || text[i] != ',' && text[i] != ']' && !isBlank(text[i]):
			p.end, p.whole = digits, true
			return
		}
		p.add(byte(value), digits)
		p.end = i
		p.undone++
	}
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }

// wideFeed is how a line of a dump in UTF-16 begins, behind the bytes as text of the line before.
var wideFeed = []byte("\n\x000\x000\x00")

const (
	wideColumn = 32 // characters of UTF-16 from a place in the bytes as text to the next line's offset, at most
	// wideDumpBack are those in front of it that are undone with it: the line, and the one before, in which a token may have begun.
	wideDumpBack = 151
)

// wideDump undoes the dump in UTF-16 in which what stands at i is of the bytes as text, from the lines before on.
func (s *scan) wideDump(i int) {
	if !bytes.Contains(s.text[i:min(len(s.text), i+2*wideColumn)], wideFeed) {
		return
	}
	start := i
	for first := max(i-2*wideDumpBack, 0); start >= first+2 && s.text[start-1] == 0 && isText(s.text[start-2]); {
		start -= 2
	}
	s.through(utf16LE, start, i+1)
}
