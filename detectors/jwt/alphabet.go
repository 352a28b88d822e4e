package jwt

import (
	"encoding/base64"
	"slices"
)

// notBase64 marks bytes of neither base64 alphabet; no sextet has its bits.
const notBase64 = 0xff

// sextets maps a character of either base64 alphabet (RFC 4648, sections 4 and 5) to its value.
var sextets = func() (table [256]byte) {
	for i := range table {
		table[i] = notBase64
	}
	for value, char := range "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_" {
		table[char] = byte(value)
	}
	table['+'], table['/'] = table['-'], table['_']
	return table
}()

// runEnd returns the end of the base64 characters, of either alphabet, that start at i.
func runEnd(text []byte, i int) int {
	for i+4 <= len(text) && sextets[text[i]]|sextets[text[i+1]]|sextets[text[i+2]]|sextets[text[i+3]] < 64 {
		i += 4
	}
	for i < len(text) && sextets[text[i]] < 64 {
		i++
	}
	return i
}

// runStart returns where the run of characters of base64 that ends at i begins, if not before from.
func runStart(text []byte, from, i int) int {
	for ; i-from >= 8; i -= 8 {
		part := text[i-8 : i : i]
		if sextets[part[0]]|sextets[part[1]]|sextets[part[2]]|sextets[part[3]]|
			sextets[part[4]]|sextets[part[5]]|sextets[part[6]]|sextets[part[7]] >= 64 {
			break
		}
	}
	for i > from && sextets[text[i-1]] < 64 {
		i--
	}
	return i
}

// pastPadding returns the end of the padding, at most two characters, that starts at i.
func pastPadding(text []byte, i int) int {
	for end := min(i+2, len(text)); i < end && text[i] == '='; i++ {
		continue
	}
	return i
}

// appendDecoded appends the bytes that a segment encodes. ok is false where no bytes have such an encoding. Unused bits
// of the last character may be anything, as base64.RawURLEncoding has it.
func appendDecoded(dst, segment []byte) (decoded []byte, ok bool) {
	dst = slices.Grow(dst, base64.RawURLEncoding.DecodedLen(len(segment)))
	for ; len(segment) >= 4; segment = segment[4:] {
		a, b, c, d := sextets[segment[0]], sextets[segment[1]], sextets[segment[2]], sextets[segment[3]]
		if a|b|c|d >= 64 {
			return dst, false
		}
		dst = append(dst, a<<2|b>>4, b<<4|c>>2, c<<6|d)
	}
	if len(segment) == 0 {
		return dst, true
	}
	last := [4]byte{'A', 'A', 'A', 'A'}
	copy(last[:], segment)
	a, b, c := sextets[last[0]], sextets[last[1]], sextets[last[2]]
	if len(segment) == 1 || a|b|c >= 64 {
		return dst, false
	}
	if dst = append(dst, a<<2|b>>4); len(segment) == 3 {
		dst = append(dst, b<<4|c>>2)
	}
	return dst, true
}

// appendCanonical appends a segment in the URL-safe alphabet.
func appendCanonical(dst, segment []byte) []byte {
	for _, char := range segment {
		switch char {
		case '+':
			char = '-'
		case '/':
			char = '_'
		}
		dst = append(dst, char)
	}
	return dst
}
