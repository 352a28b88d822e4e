package encoding

import (
	"slices"
	"sync"

	"github.com/jwtleak/jwtleak/detectors"
)

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
	hexNumbers
	decimalNumbers
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
	nameDecimal         = "decimal"
	nameLineWrap        = "line-wrap"
	nameStringConcat    = "string-concat"
)

// A piece is what a part of a text says when one wrapping is undone.
type piece struct {
	text []byte
	at   []int32 // for each byte of text where it stands, from start on; unused where shape or lined says so
	// shape is how many bytes come out of how many characters, where that is always the same.
	shape      [2]int
	start, end int // where the part starts and ends
	// whole says that the run ended; otherwise there was more than was asked for, or the wrapped text ended (end is
	// its length then).
	whole bool
	name  string
	// undone counts the units of an escape, or the breaks of a line, that were undone.
	undone  int
	tooDeep bool   // some are of escapes that are too deep
	lined   []line // the lines that were joined
	// alike counts the lines of alikeWidth that are as the one before, and of base64 alone: see [piece.addAlike].
	alike, alikeWidth int
	long              int // bytes of lines that are long, and of no others
	// ofLines says that it is of lines, and lined tells where what stands.
	ofLines bool
	listed  bool // some of them are literals of a list
	isDump  bool // the part is of lines that begin with an offset
	anew    int  // where the last of them starts, if it may be the first of those behind it instead
	// certain is how much of text there was before a line was added that may be none of them, where one was, and certainEnd
	// where the part ended.
	certain, certainEnd int
	doubtful            int // and where that line starts
}

func (p *piece) add(b byte, at int) {
	p.text = append(p.text, b)
	p.at = append(p.at, int32(at-p.start)) //nolint:gosec // a piece is at most some MaxHeld long
}

// addAll adds text[from:to].
func (p *piece) addAll(text []byte, from, to int) {
	p.text = append(p.text, text[from:to]...)
	n := len(p.at)
	p.at = slices.Grow(p.at, to-from)[:n+to-from]
	for i := range p.at[n:] {
		p.at[n+i] = int32(from - p.start + i) //nolint:gosec // a piece is at most some MaxHeld long
	}
}

// place returns where the byte of text at i stands in the wrapped text. That of the end is where the part ends.
func (p *piece) place(i int) int {
	switch {
	case i >= len(p.text):
		return p.end
	case p.shape[0] != 0:
		return p.start + i/p.shape[0]*p.shape[1] + i%p.shape[0]
	}
	if p.ofLines {
		if p.certain > 0 && i >= p.certain {
			return p.doubtful + i - p.certain
		}
		n, _ := slices.BinarySearchFunc(p.lined, i+1, func(l line, at int) int { return l.at - at })
		return p.lined[n-1].from + i - p.lined[n-1].at
	}
	return p.start + int(p.at[i])
}

// unit returns where the unit starts that the byte of text at i is of: what is undone from there on is undone alike.
func (p *piece) unit(i int) int {
	if p.shape[0] != 0 && i < len(p.text) {
		i -= i % p.shape[0]
	}
	return p.place(i)
}

// A workspace holds what one scan unwraps, a level for each depth. What is on a level is gone with the next piece there.
type workspace struct {
	levels  [maxDepth + 2]level
	located []detectors.Candidate // in a stretch

	heldRun     int         // where the first run begins in the text as it was given of which is to be seen yet what is behind it
	seenEscaped escapedText // of a clear run
	object      []byte      // what a run of base64 that may be an object stands for
	undoneOpen  int         // bytes that were undone to see what has begun where a text is cut
	// seenFrames are what was seen in it of framed lines whose breaks are escaped.
	seenFrames []seenFrame
}

type level struct {
	text  []byte
	at    []int32
	lined []line
	scan  scan
	begun span       // what the scan of this level is to have as its own, when it begins again with more of the text
	clear []byte     // what a clear run stands for
	runs  []clearRun // in the text

	following following // the text of its scan
	ahead     []byte    // what that was read as
	stop      knownStop
}

// workspaces are kept from one text to the next: most texts are short.
var workspaces = sync.Pool{New: func() any { return new(workspace) }}

// What is kept at most for the next text.
const (
	keptSpace      = 64 << 10 // bytes of a level that were unwrapped
	keptCandidates = 4 << 10
)

// release gives a workspace back. What is large is let go.
func (ws *workspace) release() {
	if cap(ws.located) > keptCandidates {
		ws.located, ws.seenFrames = nil, nil
	}
	for i := range ws.levels {
		level := &ws.levels[i]
		level.begun = span{}
		level.following = following{chars: level.following.chars, places: level.following.places}
		if cap(level.text) > keptSpace || cap(level.at) > keptSpace || cap(level.lined) > keptSpace {
			level.text, level.at, level.lined = nil, nil, nil
		}
		if level.scan.text != nil {
			level.scan = scan{} // which holds what was found, and through it the text
		}
	}
	workspaces.Put(ws)
}

// unwrap undoes a wrapping from start on until limit bytes have come out or the wrapping ends: of an escape, where loose says so, not before
// what no JSON serialization has in it.
func (ws *workspace) unwrap(depth int, w wrapping, text []byte, start, limit int, loose bool) piece {
	level := &ws.levels[depth]
	p := piece{text: level.text[:0], at: level.at[:0], lined: level.lined[:0], start: start}
	switch w {
	case base64Run:
		p.base64(text, start, limit)
	case hexRun:
		p.hex(text, start, limit)
	case utf16LE, utf16BE:
		p.utf16(w, text, start, limit)
	case brokenLines:
		p.lines(text, start, limit)
	case hexNumbers:
		p.hexNumbers(text, start, limit)
	case decimalNumbers:
		p.decimalNumbers(text, start, limit)
	default:
		p.escaped(w, text, start, limit, depth, loose)
	}
	level.text, level.at, level.lined = p.text, p.at, p.lined
	return p
}

// base64 groups begin at start. Both alphabets are taken.
func (p *piece) base64(text []byte, start, limit int) {
	p.name, p.shape = nameBase64, [2]int{3, 4}
	i := start
	groups := max(min((limit-len(p.text)+2)/3, (len(text)-i)/4), 0)
	p.text = slices.Grow(p.text, 3*groups)
	n, out := len(p.text), p.text[:cap(p.text)]
	undone := undoBase64(out[n:], text[i:], groups)
	i, n, groups = i+4*undone, n+3*undone, groups-undone
	for ; groups > 0; groups-- {
		chars := text[i : i+4 : i+4]
		a, b, c, d := sextets[chars[0]], sextets[chars[1]], sextets[chars[2]], sextets[chars[3]]
		if a|b|c|d >= 64 {
			break
		}
		bytes := out[n : n+3 : n+3]
		bytes[0], bytes[1], bytes[2] = a<<2|b>>4, b<<4|c>>2, c<<6|d
		i, n = i+4, n+3
	}
	p.text = out[:n]
	p.end = i
	if len(p.text) >= limit {
		return
	}
	n = 0
	for i+n < len(text) && n < 4 && sextets[text[i+n]] < 64 {
		n++
	}
	if n >= 2 {
		a, b := sextets[text[i]], sextets[text[i+1]]
		p.text = append(p.text, a<<2|b>>4)
		if n == 3 {
			p.text = append(p.text, b<<4|sextets[text[i+2]]>>2)
		}
	}
	p.end = i + n
	for k := 0; k < 2 && p.end < len(text) && text[p.end] == '='; k++ {
		p.end++
	}
	p.whole = p.end < len(text)
}

func (p *piece) hex(text []byte, start, limit int) {
	p.name, p.shape = nameHex, [2]int{1, 2}
	i := start
	for len(p.text) < limit && i+2 <= len(text) && nibbles[text[i]]|nibbles[text[i+1]] < 16 {
		p.text = append(p.text, nibbles[text[i]]<<4|nibbles[text[i+1]])
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
	p.name, p.shape = nameUTF16LE, [2]int{1, 2}
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
		p.text = append(p.text, c)
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
