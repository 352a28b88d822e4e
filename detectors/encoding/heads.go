package encoding

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/jwtleak/jwtleak/detectors/jwt"
)

// A needle is how the beginning of a token, or of a wrapping of one, may look in a text.
type needle struct {
	text string
	wrapping
	// back is how many bytes before the needle the wrapping's unit (a group of four base64 characters) starts.
	back int
	// next, where set, are the base64 characters of which one follows, unless something else does.
	next string
}

// needles returns what can be looked for literally. Wrappings multiply: a needle stands for a chain of them.
//
// Whatever lies in base64 shows at one of three alignments. A needle of three characters keeps at least three of
// them known at each level, so three levels are covered at any alignment. Deeper ones are where the text was encoded
// whole each time, as one does by hand.
func needles() []needle {
	heads := jwt.Heads()
	set := needleSet{list: make([]needle, 0, someNeedles)}
	set.plain()
	wide := everyOther(heads, 5)
	escapes := slices.Concat(firstEscaped(heads), everyOtherEscaped())
	hexed := hexNeedles(heads, 4)

	once := set.base64(heads)
	folded := brokenHeads(heads)
	set.base64(folded)
	for _, text := range hexNeedles(folded, longest) {
		set.add(text, hexRun, 0)
		set.add(strings.ToUpper(text), hexRun, 0)
	}
	for _, text := range everyOther(folded, longest) {
		set.add(text, utf16LE, 0)
	}
	for _, text := range folded {
		feeds := strings.ReplaceAll(strings.ReplaceAll(text, "\r", `\r`), "\n", `\n`)
		set.add(feeds, jsonEscape, 0)
		set.add(strings.ReplaceAll(feeds, `\`, `\\`), jsonEscape, 0)
		set.add(strings.ReplaceAll(strings.ReplaceAll(text, "\r", "%0D"), "\n", "%0A"), percent, 0)
	}
	twice := set.base64(once)
	set.base64(twice)
	whole := heads
	for range maxDepth + 1 { // the last is there to be told
		whole = wholeBase64(whole)
		for _, text := range whole {
			set.add(text, base64Run, 0)
		}
	}
	set.base64(wide)
	set.base64(escapes)
	set.base64(hexed)
	set.base64(everyOther(once, 5))
	set.base64(hexNeedles(once, 6))

	for _, text := range hexNeedles(slices.Concat(heads, once, twice, wide, escapes, hexed), 12) {
		set.add(text, hexRun, 0)
		set.add(strings.ToUpper(text), hexRun, 0)
	}
	for _, text := range everyOther(slices.Concat(heads, once, escapes, hexed, wide, upper(hexed)), 7) {
		set.add(text, utf16LE, 0)
	}
	set.add("-79-4", hexNumbers, 0)
	set.escapes()
	return set.list
}

// someNeedles is about how many there are, those that are there several times too.
const someNeedles = 1200

// A needleSet may have a needle several times: [newMatcher] takes it once.
type needleSet struct{ list []needle }

func (s *needleSet) add(text string, w wrapping, back int) {
	if len(text) >= shortest {
		s.list = append(s.list, needle{text: text[:min(len(text), longest)], wrapping: w, back: back})
	}
}

// plain adds the needles of plain form, as far as three characters, and what follows each: a token may be broken behind any of its
// characters.
func (s *needleSet) plain() {
	heads := map[string]needle{}
	for i, text := range jwt.Needles() {
		head := heads[text[:shortest]]
		heads[text[:shortest]] = needle{text: text[:shortest], wrapping: plain, back: -jwt.GroupOf(i, 0), next: head.next + text[shortest:]}
	}
	for _, text := range slices.Sorted(maps.Keys(heads)) {
		s.list = append(s.list, heads[text])
	}
}

// base64 adds what texts that start with heads look like in base64, and returns it.
func (s *needleSet) base64(heads []string) (encoded []string) {
	for _, head := range heads {
		for before := range 3 {
			text, back := knownBase64(head, before)
			s.add(text, base64Run, back)
			encoded = append(encoded, text)
		}
	}
	slices.Sort(encoded)
	return slices.Compact(encoded)
}

// escapes adds how escapes begin. What they stand for decides whether they can begin a token: see [needle.says].
func (s *needleSet) escapes() {
	const digits = "0123456789abcdefABCDEF"
	for _, text := range []string{"%00", "%26", "%23", "%2525", `%25\`, "%25&"} {
		s.add(text, percent, 0)
	}
	for _, high := range digits[:8] {
		for _, low := range digits {
			if high >= '3' {
				s.add(fmt.Sprintf("%%%c%c", high, low), percent, 0)
			}
		}
		s.add(fmt.Sprintf("%%25%c", high), percent, 0)
		if high >= '3' {
			s.add(fmt.Sprintf("%%25%%%c", high), percent, 0)
		}
		s.add(fmt.Sprintf(`\x%c`, high), jsonEscape, 0)
	}
	s.add(`\u00`, jsonEscape, 0)
	s.add(`\\u00`, jsonEscape, 0)
	s.add(`\\x`, jsonEscape, 0)
	for _, digit := range "0123456789xX" {
		s.add(fmt.Sprintf("&#%c", digit), htmlEntity, 0)
	}
	s.add("%u00", percent, 0)
	s.add("&amp;#", htmlEntity, 0)
	s.add("&amp;amp;", htmlEntity, 0)
	for _, sign := range []string{
		`\u{`, `\x{`, `\U00`,
		`\000`, `\045`, `\046`, `\06`, `\07`, `\10`, `\11`, `\12`, `\13`, `\14`, `\15`, `\16`, `\17`, // octal: zero, %, &, digits, letters
	} {
		s.add(sign, jsonEscape, 0)
		s.add(`\`+sign, jsonEscape, 0)
	}
	s.add("=00", quotedPrintable, 0)
}

// brokenHeads returns how heads start in base64 that is wrapped, as MIME and PEM do, behind a whole group. Where the lines
// are not themselves wrapped in something, [matcher.nextBroken] sees to any break.
func brokenHeads(heads []string) (folded []string) {
	for _, head := range heads {
		for _, end := range []string{"\n", "\r\n"} {
			for before := 1; before < 3; before++ {
				text, back := knownBase64(head, before)
				folded = append(folded, text[:4-back]+end+text[4-back:])
			}
		}
	}
	slices.Sort(folded)
	return slices.Compact(folded)
}

// says reports whether the escape that a needle found at the start of text is one that a token, wrapped or not, may
// begin with. It looks at no more than escapeWidth bytes.
func (n *needle) says(text []byte) bool {
	if n.next != "" && len(text) > len(n.text) {
		char := text[len(n.text)]
		return sextets[char] > 63 || strings.IndexByte(n.next, char) >= 0
	}
	text = text[:min(len(text), escapeWidth)]
	if n.text[0] == '%' && len(text) == escapeWidth && nibbles[text[1]]|nibbles[text[2]] < 16 {
		return begins(nibbles[text[1]]<<4|nibbles[text[2]], text[3:], percentUnit)
	}
	unit := unitOf(n.wrapping)
	if unit == nil {
		return true
	}
	u := unit(text)
	if n.text[0] != '%' && n.text[0] != '\\' && n.text[0] != '&' {
		return true // a head, with an escape in it
	}
	if !u.undone {
		// The text ends here, or the escape is itself broken by a wrapping around it.
		return u.size == textEnds || bytes.ContainsAny(text[1:], "\\%=\n\"'")
	}
	if u.length != 1 {
		return false
	}
	return begins(u.chars[0], text[u.size:], unit)
}

// begins reports whether a token may begin with a character that an escape stands for, and what follows the escape, of
// which unit reads a unit.
func begins(c byte, rest []byte, unit func(text []byte) escape) bool {
	switch c {
	case '&': // of a character reference, by its sign
		return bytes.IndexByte(rest, '#') >= 0 || bytes.Contains(rest, []byte("23")) || bytes.Contains(rest, []byte("35")) || bytes.Contains(rest, []byte("43"))
	case '%': // of a byte that is encoded twice
		switch {
		case len(rest) < 2:
			return true
		case nibbles[rest[0]] < 16:
			return mayBeDigit(rest[1])
		}
		return mayBeDigit(rest[0]) && !bytes.HasPrefix(rest, []byte("%25"))
	case '#': // of a character reference, with its number
		return len(rest) == 0 || mayBeDigit(rest[0]) || strings.IndexByte("xX=\r\n\"'", rest[0]) >= 0
	case '\\', '\x00':
		return true
	case '=': // of a zero byte in quoted-printable
		return len(rest) == 0 || rest[0] == '0' || unit(rest).chars[0] == '0'
	default:
		return sextets[c] < 62
	}
}

// unitOf returns what reads a unit of an escape that is known by its sign, nil for another wrapping.
func unitOf(w wrapping) func(text []byte) escape {
	switch w {
	case percent:
		return percentUnit
	case jsonEscape:
		return jsonUnit
	case htmlEntity:
		return htmlUnit
	}
	return nil
}

// mayBeDigit reports whether a byte is a hexadecimal digit or starts an escape.
func mayBeDigit(c byte) bool { return nibbles[c] < 16 || c == '\\' || c == '&' || c == '%' }

// escapeWidth is the most bytes that an escape is judged by.
const escapeWidth = 14

// knownBase64 returns the characters that base64 has of a text that starts with head, behind so many bytes of its
// group, and how far behind the start of the group the first of them stands.
func knownBase64(head string, before int) (known string, back int) {
	const none = "\x00\x00"
	padded := none[:before] + head
	back = (8*before + 5) / 6
	end := len(padded) * 8 / 6
	return encodeAll(padded)[back:end], back
}

func wholeBase64(heads []string) (encoded []string) {
	for _, head := range heads {
		text, _ := knownBase64(head, 0)
		encoded = append(encoded, text[:min(len(text), 6)])
	}
	slices.Sort(encoded)
	return slices.Compact(encoded)
}

// encodeAll returns base64 without padding.
func encodeAll(text string) string {
	var room [64]byte // of stack, for any head
	return string(base64.RawStdEncoding.AppendEncode(room[:0], []byte(text)))
}

// everyOther returns texts in UTF-16, from the first byte of a character that is not zero, at most so many bytes.
func everyOther(texts []string, most int) (wide []string) {
	for _, text := range texts {
		b := make([]byte, 2*len(text))
		for i := range len(text) {
			b[2*i] = text[i]
		}
		wide = append(wide, string(b[:min(len(b)-1, most)]))
	}
	slices.Sort(wide)
	return slices.Compact(wide)
}

// firstEscaped returns how texts start whose first character is escaped.
func firstEscaped(texts []string) (escaped []string) {
	for _, text := range texts {
		c := text[0]
		escaped = append(escaped, fmt.Sprintf(`\u00%02x`, c), fmt.Sprintf(`\x%02x`, c), fmt.Sprintf("%%%02x", c),
			fmt.Sprintf("&#%d;", c), fmt.Sprintf("&#x%x;", c), fmt.Sprintf("%%25%02x", c), fmt.Sprintf(`\\u00%02x`, c),
			fmt.Sprintf(`\u{%x}`, c), fmt.Sprintf(`\U%08x`, c), fmt.Sprintf(`\%03o`, c))
	}
	for _, literal := range []string{"e", "ey", "ew"} {
		for _, sign := range []string{`\u00`, `\u{`, `\U00`, `\1`, `\x7`, `\x4`, `\x6`, `\x3`, "%7", "%4", "%6", "%3", "&#"} {
			escaped = append(escaped, literal+sign)
		}
	}
	slices.Sort(escaped)
	return slices.Compact(escaped)
}

// everyOtherEscaped returns how a token in UTF-16 starts whose zero bytes are escaped.
func everyOtherEscaped() []string {
	return []string{`e\u0000`, `e\x00`, "e%00", "e=00y", "e=00w", "e&#0;"}
}

func hexNeedles(texts []string, most int) (encoded []string) {
	for _, text := range texts {
		h := hex.EncodeToString([]byte(text[:min(len(text), (most+1)/2)]))
		encoded = append(encoded, h[:min(len(h), most)])
	}
	slices.Sort(encoded)
	return slices.Compact(encoded)
}

func upper(texts []string) (up []string) {
	for _, text := range texts {
		up = append(up, strings.ToUpper(text))
	}
	return up
}
