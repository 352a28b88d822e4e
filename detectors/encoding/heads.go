package encoding

import (
	"encoding/hex"
	"fmt"
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
}

// wrappedHeads is how many of jwt.Needles are looked for inside wrappings: those of a header that starts with its brace.
const wrappedHeads = 8

// needles returns what can be looked for literally. Wrappings multiply: a needle stands for a chain of them.
//
// Whatever lies in base64 shows at one of three alignments. A needle of three characters keeps at least three of
// them known at each level, so three levels are covered at any alignment. Deeper ones are where the text was encoded
// whole each time, as one does by hand.
func needles() []needle {
	all := jwt.Needles()
	set := needleSet{seen: map[needle]bool{}}
	for _, text := range all {
		set.add(text, plain, 0)
	}
	heads := all[:wrappedHeads]
	wide := everyOther(heads, 5)
	escapes := slices.Concat(firstEscaped(heads), everyOtherEscaped())
	hexed := hexNeedles(heads, 4)

	once := set.base64(heads)
	twice := set.base64(once)
	set.base64(twice)
	whole := heads
	for range 6 {
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
		set.add(text, utf16BE, 1)
	}
	set.escapes()
	return set.list
}

type needleSet struct {
	list []needle
	seen map[needle]bool
}

func (s *needleSet) add(text string, w wrapping, back int) {
	n := needle{text: text[:min(len(text), longest)], wrapping: w, back: back}
	if len(text) >= shortest && !s.seen[n] {
		s.seen[n] = true
		s.list = append(s.list, n)
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

// escapes adds what the characters of a token look like when they are escaped: those that can stand in a needle.
func (s *needleSet) escapes() {
	for _, char := range "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789\x00" {
		for _, digits := range []string{fmt.Sprintf("%02x", char), fmt.Sprintf("%02X", char)} {
			s.add("%"+digits, percent, maxLiteral)
			s.add(`\x`+digits, jsonEscape, maxLiteral)
			s.add(`\u00`+digits, jsonEscape, maxLiteral)
		}
		s.add(fmt.Sprintf("&#%d;", char), htmlEntity, maxLiteral)
		s.add(fmt.Sprintf("&#x%x;", char), htmlEntity, maxLiteral)
		s.add(fmt.Sprintf("&#x%X;", char), htmlEntity, maxLiteral)
		s.add(fmt.Sprintf("&#%03d;", char), htmlEntity, maxLiteral)
	}
	// Escapes of what starts an escape.
	s.add("%25", percent, maxLiteral)
	s.add("%5C", percent, maxLiteral)
	s.add("%5c", percent, maxLiteral)
	s.add("%26%23", percent, maxLiteral)
	s.add("%26#", percent, maxLiteral)
	s.add(`\\u00`, jsonEscape, maxLiteral)
	s.add(`\\x`, jsonEscape, maxLiteral)
	s.add(`\u0026#`, jsonEscape, maxLiteral)
	s.add(`\u0025`, jsonEscape, maxLiteral)
	s.add(`\u005c`, jsonEscape, maxLiteral)
	s.add("&amp;#", htmlEntity, maxLiteral)
	s.add("&#38;#", htmlEntity, maxLiteral)
	s.add("&#37;", htmlEntity, maxLiteral)
	s.add("&#92;", htmlEntity, maxLiteral)
	s.add("=00", quotedPrintable, maxLiteral)
}

// knownBase64 returns the characters that base64 has of a text that starts with head, behind so many bytes of its
// group, and how far behind the start of the group the first of them stands.
func knownBase64(head string, before int) (known string, back int) {
	padded := strings.Repeat("\x00", before) + head
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
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	var out []byte
	bits, held := 0, 0
	for i := range len(text) {
		bits, held = bits<<8|int(text[i]), held+8
		for held >= 6 {
			held -= 6
			out = append(out, alphabet[bits>>held&63])
		}
	}
	if held > 0 {
		out = append(out, alphabet[bits<<(6-held)&63])
	}
	return string(out)
}

// everyOther returns texts in UTF-16, from the first byte of a character that is not zero, at most so many bytes.
func everyOther(texts []string, most int) (wide []string) {
	for _, text := range texts {
		var b []byte
		for i := range len(text) {
			b = append(b, text[i], 0)
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
			fmt.Sprintf("&#%d;", c), fmt.Sprintf("&#x%x;", c), fmt.Sprintf("%%25%02x", c), fmt.Sprintf(`\\u00%02x`, c))
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
		h := hex.EncodeToString([]byte(text))
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
