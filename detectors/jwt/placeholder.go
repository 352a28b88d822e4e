package jwt

// Documentation has a word in place of a signature, or what hides one leaves it there: no such thing is a token, whatever its claims are.
// What tests take for a signature is another matter (sig, test_signature, foobar): it is one to those who made it up.

const (
	// longestPlaceholder is how many characters are looked at for words.
	longestPlaceholder = 64
	// fewestOfX is how many times the letter x stands for something else at least.
	fewestOfX = 3
)

// isPlaceholder reports whether characters in place of a signature or tag say that there is none. The sizes are those that it can have, nil
// where they are not known.
func isPlaceholder(chars []byte, sizes []int) bool {
	switch n := len(chars); {
	case n == 0:
		return false
	case isOfX(chars):
		return true
	case n > longestPlaceholder, hasSize(n, sizes):
		return false
	}
	var lower [longestPlaceholder]byte
	for i, char := range chars {
		if lower[i] = char; char >= 'A' && char <= 'Z' {
			lower[i] |= 0x20
		}
	}
	text := lower[:len(chars)]
	// For each place, whether what is in front of it is made of the words, and whether one of these says that something is missing.
	var made, tells [longestPlaceholder + 1]bool
	made[0] = true
	for i, last := 0, 0; i <= last && i < len(text); i++ {
		if !made[i] {
			continue
		}
		add := func(n int, says bool) {
			made[i+n], last = true, max(last, i+n)
			tells[i+n] = tells[i+n] || tells[i] || says
		}
		if isFiller(text[i]) {
			add(1, false)
		}
		for k := range missing {
			if word := missing[k]; word[0] == text[i] && hasPrefix(text[i:], word) {
				add(len(word), true)
			}
		}
		for k := range beside {
			if word := beside[k]; word[0] == text[i] && hasPrefix(text[i:], word) {
				add(len(word), false)
			}
		}
	}
	return tells[len(text)]
}

func hasPrefix(text []byte, word string) bool {
	return len(text) >= len(word) && string(text[:len(word)]) == word
}

// isOfX reports whether characters are nothing but the letter x.
func isOfX(chars []byte) bool {
	if len(chars) < fewestOfX {
		return false
	}
	for _, char := range chars {
		if char|0x20 != 'x' {
			return false
		}
	}
	return true
}

// isFiller reports whether a character stands between words.
func isFiller(char byte) bool {
	return char == '-' || char == '_' || char >= '0' && char <= '9'
}

// missing are the words that say that something is to be there that is not, beside those that may stand with one.
var (
	missing = [...]string{
		"signature", "tag", "xxx", "your", "here", "redacted", "placeholder", "removed", "masked", "hidden", "omitted", "elided", "truncated",
		"stripped", "snip", "censored", "scrubbed", "sanitized", "replace", "changeme", "todo", "tbd",
	}
	beside = [...]string{
		"a", "an", "and", "base64", "base64url", "be", "been", "bit", "bits", "bytes", "change", "data", "encoded", "example", "for", "from", "go",
		"goes", "has", "header", "hmac", "hmacsha", "hs", "insert", "in", "is", "it", "jwt", "jws", "key", "me", "my", "not", "of", "part", "payload",
		"private", "put", "rs", "sample", "secret", "segment", "sha", "shown", "sig", "string", "the", "third", "this", "to", "token", "url", "value", "was",
		"with", "x",
	}
)
