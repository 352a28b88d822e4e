package encoding

// A wrapping is a way in which text is written as other text.
type wrapping uint8

const (
	plain wrapping = iota
	base64Run
	hexRun
	utf16LE
	utf16BE
	percent
	jsonEscape
	htmlEntity
	quotedPrintable
	brokenLines
	wrappings
)

// Names of the wrappings as they stand in detectors.Match.
const (
	nameBase64          = "base64"    // RFC 4648, section 4
	nameBase64URL       = "base64url" // RFC 4648, section 5
	nameHex             = "hex"       // RFC 4648, section 8
	nameUTF16LE         = "utf-16le"  // RFC 2781
	nameUTF16BE         = "utf-16be"
	namePercent         = "percent"     // RFC 3986, section 2.1
	nameJSONEscape      = "json-escape" // RFC 8259, section 7, and the escapes of C and its kin
	nameHTMLEntity      = "html-entity"
	nameQuotedPrintable = "quoted-printable" // RFC 2045, section 6.7
	nameLineWrap        = "line-wrap"
	nameStringConcat    = "string-concat"
)

// A piece is what a part of a text says when one wrapping is undone.
type piece struct {
	text []byte
	at   []int // for each byte of text, and for its end, where it stands in the wrapped text
	end  int   // where the part ends
	// whole says that the run ended; otherwise there was more than was asked for, or the wrapped text ended (end is
	// its length then).
	whole bool
	name  string
	// undone counts the units of an escape, or the breaks of a line, that were undone.
	undone int
}

func (p *piece) add(b byte, at int) {
	p.text = append(p.text, b)
	p.at = append(p.at, at)
}

// unwrap undoes a wrapping from start on until limit bytes have come out or the wrapping ends.
func unwrap(w wrapping, text []byte, start, limit int) piece {
	p := piece{text: make([]byte, 0, min(limit, len(text)-start)+4), at: make([]int, 0, min(limit, len(text)-start)+5)}
	switch w {
	case base64Run:
		p.base64(text, start, limit)
	case hexRun:
		p.hex(text, start, limit)
	case utf16LE, utf16BE:
		p.utf16(w, text, start, limit)
	case brokenLines:
		p.lines(text, start, limit)
	default:
		p.escaped(w, text, start, limit)
	}
	p.at = append(p.at, p.end)
	return p
}

// base64 groups begin at start. Both alphabets are taken.
func (p *piece) base64(text []byte, start, limit int) {
	p.name = nameBase64
	i := start
	for len(p.text) < limit {
		if i+4 > len(text) {
			break
		}
		a, b, c, d := sextets[text[i]], sextets[text[i+1]], sextets[text[i+2]], sextets[text[i+3]]
		if a|b|c|d >= 64 {
			break
		}
		p.text = append(p.text, a<<2|b>>4, b<<4|c>>2, c<<6|d)
		p.at = append(p.at, i, i+1, i+2)
		i += 4
	}
	p.end = i
	if len(p.text) >= limit {
		return
	}
	n := 0
	for i+n < len(text) && n < 4 && sextets[text[i+n]] < 64 {
		n++
	}
	if n >= 2 {
		a, b := sextets[text[i]], sextets[text[i+1]]
		p.add(a<<2|b>>4, i)
		if n == 3 {
			p.add(b<<4|sextets[text[i+2]]>>2, i+1)
		}
	}
	p.end = i + n
	for k := 0; k < 2 && p.end < len(text) && text[p.end] == '='; k++ {
		p.end++
	}
	p.whole = p.end < len(text)
}

func (p *piece) hex(text []byte, start, limit int) {
	p.name = nameHex
	i := start
	for len(p.text) < limit && i+2 <= len(text) && nibbles[text[i]]|nibbles[text[i+1]] < 16 {
		p.add(nibbles[text[i]]<<4|nibbles[text[i+1]], i)
		i += 2
	}
	p.end = i
	if len(p.text) >= limit {
		return
	}
	if i+1 == len(text) && nibbles[text[i]] < 16 {
		p.end++
	}
	p.whole = p.end < len(text)
}

// utf16 takes characters of ASCII, and lone zeros for the sake of UTF-32.
func (p *piece) utf16(w wrapping, text []byte, start, limit int) {
	p.name = nameUTF16LE
	low, high := 0, 1
	if w == utf16BE {
		p.name = nameUTF16BE
		low, high = 1, 0
	}
	i := start
	for len(p.text) < limit && i+2 <= len(text) {
		c := text[i+low]
		if text[i+high] != 0 || !isText(c) && (c != 0 || len(p.text) > 0 && p.text[len(p.text)-1] == 0) {
			p.end, p.whole = i, true
			return
		}
		p.add(c, i)
		i += 2
	}
	p.end = i
	if len(p.text) < limit && i+1 == len(text) {
		p.end++
	}
}

// isText reports whether a byte stands in ordinary text of ASCII.
func isText(c byte) bool { return c >= 0x20 && c < 0x7f || c == '\n' || c == '\r' || c == '\t' }

const none = 0xff

// sextets maps a character of either base64 alphabet to its value.
var sextets = func() (table [256]byte) {
	for i := range table {
		table[i] = none
	}
	for value, char := range "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/" {
		table[char] = byte(value)
	}
	table['-'], table['_'] = 62, 63
	return table
}()

// nibbles maps a hexadecimal digit to its value.
var nibbles = func() (table [256]byte) {
	for i := range table {
		table[i] = none
	}
	for value, char := range "0123456789abcdef" {
		table[char] = byte(value)
	}
	for value, char := range "ABCDEF" {
		table[char] = byte(10 + value)
	}
	return table
}()
