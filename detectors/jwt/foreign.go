package jwt

import "bytes"

// What stands where a signature would, on the next line or in the next string of a list, may consist of the same characters, and be as
// many, and be none: a hash, a name, the header of another token. A signature is as good as random (it has to be, for what it proves), so
// whatever is far less likely at random than as something else is something else.
const (
	// leastHash is how many hexadecimal digits of one case, or dashes, are a hash or a UUID: as many are there at random once in a
	// billion times. leastDigits is the same for digits of both cases.
	leastHash, leastDigits = 16, 20
	// leastTold is how many characters are enough to tell by the letters among them.
	leastTold = 32
	// leastRatio is how many times as likely characters have to be as words as they are at random. It is so of one signature of HS256 in
	// five million.
	leastRatio = 1 << 16
)

// IsForeign reports whether characters, of which a signature could consist, are none, nor a part of one, for what they say: they are
// hexadecimal digits, letters of one case, words, or begin a JSON object, and are too many for that to be so by chance.
func IsForeign[T string | []byte](chars T) bool {
	return isHash(chars) || isOneCase(chars) || isWords(chars) || BeginsObject(chars)
}

// isHash reports whether characters are hexadecimal digits and dashes.
func isHash[T string | []byte](chars T) bool {
	if len(chars) < leastHash {
		return false
	}
	hasUpper, hasLower := false, false
	for i := range len(chars) {
		switch char := chars[i]; {
		case char >= 'A' && char <= 'F':
			hasUpper = true
		case char >= 'a' && char <= 'f':
			hasLower = true
		case char != '-' && (char < '0' || char > '9'):
			return false
		}
	}
	return !hasUpper || !hasLower || len(chars) >= leastDigits
}

// isOneCase reports whether all letters are small or all are large, as in Base32 and most identifiers. It is so at random once in ten
// million times.
func isOneCase[T string | []byte](chars T) bool {
	hasUpper, hasLower := false, false
	for i := range len(chars) {
		hasUpper = hasUpper || chars[i] >= 'A' && chars[i] <= 'Z'
		hasLower = hasLower || chars[i] >= 'a' && chars[i] <= 'z'
		if hasUpper && hasLower {
			return false
		}
	}
	return len(chars) >= leastTold
}

// A class is what a character is.
type class uint8

const (
	small class = iota
	large
	digit
	sign
	classes
)

func classOf(char byte) class {
	switch {
	case char >= 'a' && char <= 'z':
		return small
	case char >= 'A' && char <= 'Z':
		return large
	case char >= '0' && char <= '9':
		return digit
	}
	return sign
}

// atRandom is how many of the 64 characters are of a class.
var atRandom = [classes]float64{26, 26, 10, 2}

// inWords is how likely it is, in names of several words, that a class of characters follows another. They are joined by signs, or by
// large letters, and have a number here and there.
var inWords = [classes][classes]float64{
	small: {.78, .10, .04, .08},
	large: {.52, .36, .04, .08},
	digit: {.12, .16, .52, .20},
	sign:  {.56, .24, .15, .05},
}

// ofLetters is how frequent letters are in English, of a thousand.
var ofLetters = [26]float64{
	79, 18, 40, 40, 114, 22, 22, 40, 69, 3, 10, 43, 30, 67, 74, 28, 3, 62, 65, 85, 30, 12, 18, 5, 18, 3,
}

// isWords reports whether characters are a name of several words. By how much more likely these are as words than at random is
// multiplied up, and what has a sum of chances of one has a large ratio by chance as seldom as the ratio says (Markov's inequality).
func isWords[T string | []byte](chars T) bool {
	if len(chars) < leastTold {
		return false
	}
	ratio := 1.
	for i := range len(chars) {
		is := classOf(chars[i])
		if i > 0 {
			ratio *= inWords[classOf(chars[i-1])][is] * 64 / atRandom[is]
		}
		if is <= large {
			ratio *= ofLetters[chars[i]|0x20-'a'] * 26 / 1000
		}
	}
	return ratio >= leastRatio
}

// BeginsObject reports whether characters encode a text that begins as a JSON object does: a header, or claims.
func BeginsObject[T string | []byte](chars T) bool {
	const fewest = 16 // characters
	if len(chars) < fewest {
		return false
	}
	var front [fewest]byte
	copy(front[:], chars)
	text, ok := appendDecoded(make([]byte, 0, fewest), front[:])
	for _, char := range text {
		if char >= 0x7f || char < ' ' && !isSpace(char) {
			return false
		}
	}
	text = trimSpace(text)
	return ok && len(text) > 0 && text[0] == '{'
}

// IsOfOtherAlphabet reports whether a signature in the standard alphabet, or with padding, stands behind segments of which nothing is
// written so: those who write tokens that way write all of it so. Behind is what follows the signature. What has padding in the alphabet of
// URLs is hardly anything else than one.
func IsOfOtherAlphabet(signed, signature, behind []byte) bool {
	if hasAny(signed, "+/=") {
		return false
	}
	return hasAny(signature, "+/") || bytes.HasPrefix(behind, []byte("=")) && !hasAny(signature, "-_")
}
