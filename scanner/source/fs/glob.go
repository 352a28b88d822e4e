package fs

import (
	"errors"
	"path"
	"strings"
	"unicode/utf8"
)

// CheckPattern says what is wrong with a gitignore-style pattern: one that can match nothing leaves out, or has read, what
// whoever wrote it did not mean.
func CheckPattern(pattern string) error {
	if strings.Trim(strings.TrimPrefix(pattern, "!"), "/ ") == "" {
		return errors.New("it is empty")
	}
	_, err := goPattern(pattern)
	return err
}

// goPattern returns a pattern of gitignore(5) in the form that package path takes, which knows negation by '^' alone.
func goPattern(pattern string) (string, error) {
	var b strings.Builder
	for i := 0; i < len(pattern); {
		switch c := pattern[i]; {
		case c == '\\' && i+1 < len(pattern):
			b.WriteString(pattern[i : i+2])
			i += 2
		case c == '[':
			class, size, err := classOf(pattern[i:])
			if err != nil {
				return "", err
			}
			b.WriteString(class)
			i += size
		default:
			b.WriteByte(c)
			i++
		}
	}
	for segment := range strings.SplitSeq(b.String(), "/") {
		if _, err := path.Match(segment, ""); err != nil {
			return "", err
		}
	}
	return b.String(), nil
}

// classOf returns the class of characters that a text begins with, and its size.
func classOf(text string) (class string, size int, err error) {
	rest := text[1:]
	class = "["
	if strings.HasPrefix(rest, "!") || strings.HasPrefix(rest, "^") {
		class, rest = "[^", rest[1:]
	}
	members := rest
	for len(rest) == len(members) || !strings.HasPrefix(rest, "]") {
		if strings.HasPrefix(rest, "[:") {
			return "", 0, errors.New("classes by name, such as [:alpha:], are not known: write [a-zA-Z]")
		}
		var first, last rune
		if first, rest, err = memberOf(rest); err != nil {
			return "", 0, err
		}
		if last = first; strings.HasPrefix(rest, "-") {
			if last, rest, err = memberOf(rest[1:]); err != nil {
				return "", 0, err
			}
		}
		if last < first {
			return "", 0, errors.New("a range of characters ends before it begins")
		}
	}
	class += members[:len(members)-len(rest)] + "]"
	return class, len(text) - len(rest) + 1, nil
}

// memberOf returns the character of a class that a text begins with, and what follows it.
func memberOf(text string) (rune, string, error) {
	text, escaped := strings.CutPrefix(text, `\`)
	if text == "" || !escaped && strings.ContainsRune("-]/", rune(text[0])) {
		return 0, "", path.ErrBadPattern
	}
	r, size := utf8.DecodeRuneInString(text)
	return r, text[size:], nil
}
