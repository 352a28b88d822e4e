package encoding

import "bytes"

// Two programs dump bytes in lines that begin with an offset of seven digits and have no text beside: od, of which each byte is in four
// columns, as a character (-c) or in octal (-b); and hexdump, as od does with -x, in words of two bytes, the low one first.

const (
	cellOffset = 7  // digits of the offset
	cell       = 4  // columns of a byte, or digits of a word
	mostCells  = 64 // bytes in a line, at most
)

// A lineReader appends the bytes that a line of a dump has behind its offset, and returns its length. It returns 0 where the line is none.
type lineReader func(p *piece, line []byte, at int) int

// lineReaderOf returns what reads the lines of a dump that begins with one, or nil.
func lineReaderOf(line []byte) lineReader {
	feed := bytes.IndexByte(line, '\n')
	if feed < 0 {
		feed = len(line)
	}
	for i := range cellOffset {
		if i >= feed || nibbles[line[i]] >= 16 {
			return nil
		}
	}
	if feed < cellOffset+cell || line[cellOffset] != ' ' {
		return nil
	}
	for _, read := range [...]lineReader{(*piece).cells, (*piece).words} {
		var p piece
		if read(&p, line[:feed], 0) > 0 {
			return read
		}
	}
	return nil
}

// cells reads a line of od.
func (p *piece) cells(line []byte, at int) int {
	i := cellOffset
	for ; i+cell <= len(line) && line[i] != '\r'; i += cell {
		c, ok := cellByte(line[i : i+cell])
		if !ok {
			return 0
		}
		p.add(c, at+i+1)
	}
	return endOfLine(line, i)
}

// cellByte returns the byte in four columns: a character behind three blanks, an escape behind two, octal digits behind one.
func cellByte(cell []byte) (c byte, ok bool) {
	switch {
	case cell[0] != ' ':
	case cell[1] == ' ' && cell[2] == ' ':
		return cell[3], cell[3] >= ' ' && cell[3] < 0x7f
	case cell[1] == ' ' && cell[2] == '\\':
		at := bytes.IndexByte([]byte(`0abtnvfr\`), cell[3])
		return []byte("\x00\a\b\t\n\v\f\r\\\x00")[max(at, 0)], at >= 0
	case cell[1] >= '0' && cell[1] <= '3' && isOctal(cell[2]) && isOctal(cell[3]):
		return (cell[1]-'0')<<6 | (cell[2]-'0')<<3 | (cell[3] - '0'), true
	}
	return 0, false
}

func isOctal(c byte) bool { return c >= '0' && c <= '7' }

// words reads a line of hexdump.
func (p *piece) words(line []byte, at int) int {
	i := cellOffset
	for {
		digits := i + pastBlanks(line[i:])
		if digits == i || digits+cell > len(line) || digits-i > 2*cell {
			break
		}
		high, highOK := byteOf(line[digits:])
		low, lowOK := byteOf(line[digits+2:])
		if !highOK || !lowOK {
			return 0
		}
		p.add(low, at+digits)
		p.add(high, at+digits+2)
		i = digits + cell
	}
	return endOfLine(line, i)
}

// byteOf returns the byte that two hexadecimal digits are.
func byteOf(digits []byte) (b byte, ok bool) {
	high, low := nibbles[digits[0]], nibbles[digits[1]]
	return high<<4 | low&15, high|low < 16
}

// endOfLine returns the length of a line that ends at a place, but for blanks, and 0 where more follows there.
func endOfLine(line []byte, i int) int {
	if len(bytes.Trim(line[i:], " \t\r")) > 0 || i == cellOffset {
		return 0
	}
	return len(line)
}

// dumpLines reads the lines of such a dump from start on.
func (p *piece) dumpLines(read lineReader, text []byte, start, limit int) {
	p.isDump = true
	for p.end = start; len(p.text) < limit; {
		line := text[p.end:min(len(text), p.end+cellOffset+cell*mostCells)]
		feed := bytes.IndexByte(line, '\n')
		if feed < 0 && p.end+len(line) < len(text) {
			p.whole = true
			return
		}
		if feed >= 0 {
			line = line[:feed]
		}
		count, marks := len(p.text), len(p.at)
		if lineReaderOf(line) == nil || read(p, line, p.end) == 0 {
			p.text, p.at, p.whole = p.text[:count], p.at[:marks], feed >= 0
			if feed < 0 {
				p.end = len(text)
			}
			return
		}
		p.undone++
		if feed < 0 {
			p.end = len(text)
			return
		}
		p.end += feed + 1
	}
}
