package container

import (
	"io"
	"sort"
	"strconv"
)

const (
	pdfGap   = 200     // thousandths of the type size between two strings that part words (section 9.4.3)
	pdfPiece = 1 << 20 // the longest literal string kept

	pdfLongWord = 16 // bytes from which on a word that ends a line may go on in the next one
)

// pdfText reads the text that a content stream draws: its strings joined where they are drawn one behind the other on
// one line, a line end between lines. A string that nothing is joined to is left out where it stands in the stream as it
// is, for it is seen there, unless a word may go on from it to the next line. (ISO 32000-1, section 9.4.)
type pdfText struct {
	source   *tape
	operands []pdfOperand
	line     []byte // drawn on this line
	lineFrom pdfSpan
	before   []byte // the end of the line before
	left     []byte // the line before, where it is left out so far
	leftFrom pdfSpan
	pieces   int
	altered  bool // a string of line is written otherwise than drawn
	at       pdfPosition
	drawn    pdfPosition // of the last string drawn
	run      int         // characters drawn since
	output   []byte
	put      int64        // bytes that were put out in all
	lines    []pdfOutLine // where the last of these lines come from
	ended    bool
}

// A pdfSpan is a part of the stream.
type pdfSpan struct{ from, to int64 }

// A pdfOutLine is a line that was put out, by its offset, and the strings that it was drawn by.
type pdfOutLine struct {
	at    int64
	drawn pdfSpan
}

// pdfOutLines is how many of them are kept: what is read of the text is looked at long before.
const pdfOutLines = 1 << 16

type pdfOperand struct {
	from    pdfSpan
	text    []byte
	number  float64
	isText  bool
	altered bool // written otherwise than drawn
}

// A pdfPosition is where text is drawn: the start of the line in units of the page, and the size of the type.
type pdfPosition struct{ x, y, scale, size float64 }

// empty reports whether no text is left.
func (d *pdfText) empty() bool {
	d.produce()
	return len(d.output) == 0
}

// Read implements io.Reader.
func (d *pdfText) Read(p []byte) (int, error) {
	if d.empty() {
		return 0, io.EOF
	}
	n := copy(p, d.output)
	d.output = d.output[n:]
	return n, nil
}

func (d *pdfText) produce() {
	for len(d.output) == 0 && !d.ended {
		if !d.token() {
			d.endLine()
			d.ended = true
		}
	}
}

// token reads one token of the stream and does what it says.
func (d *pdfText) token() bool {
	c, err := d.source.ReadByte()
	if err != nil {
		return false
	}
	start := d.source.offset() - 1
	switch c {
	case '(':
		text, altered := d.literal()
		d.push(pdfOperand{from: pdfSpan{start, d.source.offset()}, text: text, isText: true, altered: altered})
	case '<':
		if next := d.source.peek(1); len(next) == 1 && next[0] == '<' {
			d.source.skip(1)
			return true
		}
		text := d.hexadecimal()
		d.push(pdfOperand{from: pdfSpan{start, d.source.offset()}, text: text, isText: true, altered: true})
	case '%':
		for err == nil && c != '\n' && c != '\r' {
			c, err = d.source.ReadByte()
		}
	case '/':
		d.word(c)
	case ' ', '\t', '\r', '\n', '\f', 0, '>', ')', '{', '}', '[', ']':
	default:
		d.regular(d.word(c))
	}
	return true
}

func (d *pdfText) push(o pdfOperand) {
	if len(d.operands) < 1<<14 {
		d.operands = append(d.operands, o)
	}
}

// word reads on to the end of a name, a number or an operator that starts with c.
func (d *pdfText) word(c byte) string {
	word := append(make([]byte, 0, 32), c)
	for {
		next := d.source.peek(1)
		if len(next) == 0 {
			return string(word)
		}
		switch next[0] {
		case ' ', '\t', '\r', '\n', '\f', 0, '(', ')', '<', '>', '[', ']', '{', '}', '/', '%':
			return string(word)
		}
		if len(word) < 64 {
			word = append(word, next[0])
		}
		d.source.skip(1)
	}
}

// regular takes a number, or carries out an operator.
func (d *pdfText) regular(word string) {
	if number, err := strconv.ParseFloat(word, 64); err == nil {
		d.push(pdfOperand{number: number})
		return
	}
	switch word {
	case "Tj", "TJ":
		d.draw()
	case "'", "\"":
		d.at.y--
		d.draw()
	case "BT":
		d.at.x, d.at.y, d.at.scale = 0, 0, 1
	case "T*":
		d.at.y-- // by how much, does not matter
	case "Tf":
		d.at.size = d.operand(1)
	case "Td", "TD":
		d.at.x += d.operand(2) * d.at.scale
		d.at.y += d.operand(1) * d.at.scale
	case "Tm":
		d.at.x, d.at.y, d.at.scale = d.operand(2), d.operand(1), d.operand(6)
	}
	d.operands = d.operands[:0]
}

// operand returns the number that is the last but n-1 of the operands.
func (d *pdfText) operand(n int) float64 {
	if n > len(d.operands) {
		return 0
	}
	return d.operands[len(d.operands)-n].number
}

// draw joins the strings among the operands to what is drawn in front of them.
func (d *pdfText) draw() {
	if d.at.y != d.drawn.y {
		d.endLine()
	}
	if d.at != d.drawn {
		// Widths are in the fonts; that of typewriter type, the widest for text, tells cells of a table apart.
		em := d.at.scale * d.at.size
		if len(d.line) > 0 && d.at.x-d.drawn.x > (0.62*float64(d.run)+1.5)*em {
			d.line = append(d.line, ' ')
		}
		d.drawn, d.run = d.at, 0
	}
	for _, o := range d.operands {
		switch {
		case o.isText:
			if len(d.line) == 0 {
				d.lineFrom.from = o.from.from
			}
			d.lineFrom.to = o.from.to
			d.line = append(d.line, o.text...)
			d.run += len(o.text)
			d.pieces++
			d.altered = d.altered || o.altered
		case o.number < -pdfGap && len(d.line) > 0:
			d.line = append(d.line, ' ')
		}
	}
	if len(d.line) > pdfPiece {
		d.endLine()
	}
}

// endLine puts the line out if it is not to be seen in the stream itself, and the line before with it where a long word may go
// on in this one.
func (d *pdfText) endLine() {
	if len(d.line) == 0 {
		return
	}
	goesOn := pdfGoesOn(d.before, d.line)
	if goesOn && len(d.left) > 0 {
		d.putOut(d.left, d.leftFrom)
	}
	if d.left = d.left[:0]; goesOn || d.pieces > 1 || d.altered {
		d.putOut(d.line, d.lineFrom)
	} else {
		d.left, d.leftFrom = append(d.left, d.line...), d.lineFrom
	}
	d.before = append(d.before[:0], d.line[max(0, len(d.line)-pdfLongWord):]...)
	d.line, d.pieces, d.altered = d.line[:0], 0, false
}

func (d *pdfText) putOut(line []byte, drawn pdfSpan) {
	if len(d.lines) == pdfOutLines {
		d.lines = append(d.lines[:0], d.lines[pdfOutLines/2:]...)
	}
	d.lines = append(d.lines, pdfOutLine{at: d.put, drawn: drawn})
	d.output = append(append(d.output, line...), '\n')
	d.put += int64(len(line)) + 1
}

// origin returns from where to where the strings stand in the stream that lines were drawn by, of which two offsets are.
func (d *pdfText) origin(from, to int64) (start, end int64, ok bool) {
	first := sort.Search(len(d.lines), func(i int) bool { return d.lines[i].at > from }) - 1
	last := sort.Search(len(d.lines), func(i int) bool { return d.lines[i].at >= to }) - 1
	if first < 0 || last < first {
		return 0, 0, false
	}
	return d.lines[first].drawn.from, d.lines[last].drawn.to, true
}

// pdfGoesOn reports whether a word may go on from one line to the next: one of the parts that it is in is long.
func pdfGoesOn(before, line []byte) bool {
	end := len(before)
	for end > 0 && before[end-1] > ' ' {
		end--
	}
	start := 0
	for start < len(line) && start < pdfLongWord && line[start] > ' ' {
		start++
	}
	return end < len(before) && start > 0 && (len(before)-end >= pdfLongWord || start >= pdfLongWord)
}

// literal reads a literal string (section 7.3.4.2) and reports whether it has escapes.
func (d *pdfText) literal() (text []byte, altered bool) {
	depth := 1
	for {
		c, err := d.source.ReadByte()
		if err != nil {
			return text, altered
		}
		switch c {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return text, altered
			}
		case '\\':
			altered = true
			if c, err = d.escape(); err != nil {
				continue
			}
		}
		if len(text) < pdfPiece {
			text = append(text, c)
		}
	}
}

// escape reads what follows a backslash; an error says that it stands for nothing.
func (d *pdfText) escape() (byte, error) {
	c, err := d.source.ReadByte()
	if err != nil {
		return 0, err
	}
	switch c {
	case 'n':
		return '\n', nil
	case 'r':
		return '\r', nil
	case 't':
		return '\t', nil
	case 'b':
		return '\b', nil
	case 'f':
		return '\f', nil
	case '\r':
		if next := d.source.peek(1); len(next) == 1 && next[0] == '\n' {
			d.source.skip(1)
		}
		return 0, io.EOF
	case '\n':
		return 0, io.EOF
	}
	if c < '0' || c > '7' {
		return c, nil
	}
	value := int(c - '0')
	for range 2 {
		next := d.source.peek(1)
		if len(next) == 0 || next[0] < '0' || next[0] > '7' {
			break
		}
		value = value<<3 | int(next[0]-'0')
		d.source.skip(1)
	}
	return byte(value), nil
}

// hexadecimal reads a hexadecimal string (section 7.3.4.3).
func (d *pdfText) hexadecimal() (text []byte) {
	var digits [2]byte
	n := 0
	for {
		c, err := d.source.ReadByte()
		switch {
		case err != nil || c == '>':
			if n == 1 {
				digits[1] = '0'
				n = 2
			}
		case c >= '0' && c <= '9', c >= 'a' && c <= 'f', c >= 'A' && c <= 'F':
			digits[n] = c
			n++
		}
		if n == 2 {
			if v, err := strconv.ParseUint(string(digits[:]), 16, 8); err == nil && len(text) < pdfPiece {
				text = append(text, byte(v))
			}
			n = 0
		}
		if err != nil || c == '>' {
			return text
		}
	}
}
