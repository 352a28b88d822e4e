package jwt

import (
	"bytes"
	"strings"

	"github.com/jwtleak/jwtleak/detectors"
)

// listed says whether the header text[start:end] is the first of the segments of a token that stand one after the other, in a list of
// string literals or as a list is printed: who splits a token, or joins one. The size of the last segment is looked at first.
func (s *search) listed(start, end int) candidate {
	var c compact
	c.add(start, end)
	comma := ""
	for c.count < len(c.bounds) {
		at, more := pastComma(s.text, end)
		if at < 0 {
			return candidate{more: more && end-start < detectors.MaxHeld}
		}
		switch tie := plainTie(s.text[end:at]); {
		case c.count > 1 && tie != comma:
			return candidate{} // they are of more than one list
		case c.count == 1 && strings.Count(tie, ",") == 2 && tie[:len(tie)/2] == tie[len(tie)/2:]:
			c.add(end, end) // the encrypted key is empty
			comma = tie[:len(tie)/2]
		case c.count == 1:
			comma = tie
		}
		if end = runEnd(s.text, at); end == len(s.text) && !s.atEOF && end-start < detectors.MaxHeld {
			return candidate{more: true}
		}
		switch c.add(at, end); {
		case c.count == 3 && isSize(end-at):
			if s.isListed(&c) {
				return s.tokensIn([]string{c.joined(s.text)}, start, end)
			}
		case c.count == 5 && isTagSize(end-at) && s.readHeader(s.text[start:c.bounds[0][1]]) && s.known.enc != "":
			if vector := c.bounds[2]; !isVectorSize(s.known.enc, vector[1]-vector[0]) {
				return candidate{} // they are in another order
			}
			return s.tokensIn([]string{c.joined(s.text)}, start, end)
		}
	}
	return candidate{}
}

// isListed reports whether three segments are those of a JWS, the last of which is written as the others are.
func (s *search) isListed(c *compact) bool {
	header, payload, signature := c.bounds[0], c.bounds[1], c.bounds[2]
	if !s.readHeader(s.text[header[0]:header[1]]) || s.known.enc != "" {
		return false
	}
	of := s.text[payload[0]:payload[1]]
	return s.encodesObject(of) && !isHeader(of) &&
		!IsOfOtherAlphabet(s.text[header[0]:payload[1]+1], s.text[signature[0]:signature[1]], s.text[signature[1]:])
}

// isHeader reports whether what stands in place of a payload is the header of another token.
func isHeader(payload []byte) bool {
	_, _, ok := parametersOf(string(payload))
	return ok
}

// joined returns the segments with a full stop between each and the next.
func (c *compact) joined(text []byte) string {
	segments := make([]string, 0, len(c.bounds))
	for _, of := range c.bounds[:c.count] {
		segments = append(segments, string(text[of[0]:of[1]]))
	}
	return strings.Join(segments, ".")
}

// isSize reports whether so many characters are as many as a signature of some algorithm has.
func isSize(n int) bool {
	for _, size := range [...]int{32, 48, 64, 96, 114, 128, 132, 256, 384, 512, 1024} {
		if n == encodedLen(size) {
			return true
		}
	}
	return isTagSize(n)
}

// isTagSize reports the same of an authentication tag.
func isTagSize(n int) bool { return n == encodedLen(16) || n == encodedLen(24) || n == encodedLen(32) }

// isVectorSize reports whether so many characters are as many as an initialization vector of a content encryption has (RFC 7518, sections
// 5.2.2.1 and 5.3).
func isVectorSize(enc string, n int) bool {
	switch {
	case strings.Contains(enc, "CBC-HS"):
		return n == encodedLen(16)
	case strings.HasSuffix(enc, "GCM"):
		return n == encodedLen(12)
	}
	return n > 0
}

// mostComma is how many bytes may stand between two segments in a list.
const mostComma = 40

// pastComma returns where the next of a list begins behind one that ends at a place, or -1. More says that the text ends there.
func pastComma(text []byte, i int) (at int, more bool) {
	i = pastPadding(text, i)
	at = i
	for at < len(text) && at-i <= mostComma {
		switch {
		case bytes.IndexByte([]byte(" \t\r\n,\"'`"), text[at]) >= 0:
			at++
		case isLiteralPrefix(text, at), text[at] == '-' && isItemSign(text[i:], at-i):
			at += 2
		default:
			return atNext(text, i, at)
		}
	}
	return atNext(text, i, at)
}

// atNext says of the place at which the next of a list may begin behind one that ends at i whether it does.
func atNext(text []byte, i, at int) (next int, more bool) {
	switch {
	case at >= len(text), at > i && at+1 == len(text): // it may be of what stands in front
		return -1, true
	case at == i, sextets[text[at]] > 63:
		return -1, false
	}
	return at, false
}

// isLiteralPrefix reports whether a letter stands at a place that says of what kind the literal behind it is, as that of bytes in Python.
func isLiteralPrefix(text []byte, at int) bool {
	if bytes.IndexByte([]byte("bBrRuUfFL"), text[at]) < 0 || at+1 == len(text) || text[at+1] != '"' && text[at+1] != '\'' {
		return false
	}
	return at > 0 && bytes.IndexByte([]byte(" \t\n,"), text[at-1]) >= 0
}

// isItemSign reports whether the dash at a place begins an item of a list of YAML.
func isItemSign(text []byte, at int) bool {
	line := text[:at]
	feed := bytes.LastIndexByte(line, '\n')
	return feed >= 0 && len(bytes.Trim(line[feed+1:], " \t")) == 0 && at+1 < len(text) && text[at+1] == ' '
}
