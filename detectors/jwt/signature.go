package jwt

import (
	"bytes"
	"strings"
)

// signatureSizes returns the sizes in bytes that a signature of an algorithm (RFC 7518, section 3.1; RFC 8037; RFC 8812;
// RFC 9864) can have, the largest first; for RSA, those of the keys in use. It is nil where the size is not known.
func signatureSizes(alg string) []int {
	switch alg {
	case "HS256":
		return []int{32}
	case "HS384":
		return []int{48}
	case "HS512", "ES256", "ES256K", "EdDSA", "Ed25519", "ESP256":
		if alg == "EdDSA" {
			return []int{114, 64}
		}
		return []int{64}
	case "ES384":
		return []int{96}
	case "ES512":
		return []int{132}
	case "Ed448":
		return []int{114}
	case "RS256", "RS384", "RS512", "PS256", "PS384", "PS512":
		return []int{1024, 512, 384, 256, 128}
	}
	return nil
}

// tagSizes does so for the authentication tag of a content encryption (RFC 7518, section 5.1).
func tagSizes(enc string) []int {
	switch enc {
	case "A128GCM", "A192GCM", "A256GCM", "A128CBC-HS256", "C20P", "XC20P":
		return []int{16}
	case "A192CBC-HS384":
		return []int{24}
	case "A256CBC-HS512":
		return []int{32}
	}
	return nil
}

// outdatedKey is the size in bytes of an RSA signature that hardly anyone makes any more: it is as likely half of a larger.
const outdatedKey = 128

// parametersOf reads alg and enc of a compact token's header. ok is false where it is no JSON object with a string alg.
func parametersOf(compact string) (alg, enc string, ok bool) {
	header, _, _ := strings.Cut(compact, ".")
	decoded, isBase64 := appendDecoded(nil, []byte(header))
	if !isBase64 {
		return "", "", false
	}
	return headerParameters(decoded)
}

// Begins reports whether a text begins with a header and the full stop behind it.
func Begins(text []byte) bool {
	header, _, ok := bytes.Cut(text, []byte("."))
	if !ok {
		return false
	}
	_, _, ok = parametersOf(string(header))
	return ok
}

// IsComplete reports whether a JWS in its compact form has a signature of a size that its algorithm makes: nothing of it
// is missing. That another key of the algorithm makes longer ones, as with RSA, does not speak against it.
func IsComplete(compact string) bool {
	alg, _, ok := parametersOf(compact)
	return ok && isComplete(compact, alg)
}

func isComplete(compact, alg string) bool {
	sizes, n := signatureSizes(alg), len(lastOf(compact))
	return hasSize(n, sizes) && (len(sizes) == 1 || n != encodedLen(outdatedKey))
}

// EndsSignature reports whether a JWS in its compact form is complete and its signature ends as one of its size does: with no
// bits set that encode nothing, which a part of a longer one has by chance.
func EndsSignature(compact string) bool {
	last := []byte(lastOf(compact))
	return IsComplete(compact) && closes(last, len(last)*6/8)
}

// lastOf returns the signature or tag of a compact token.
func lastOf(compact string) string { return compact[strings.LastIndexByte(compact, '.')+1:] }

// BeforeSign returns the length of a compact token without what is not of its signature or tag: that has a length which its header
// tells, and behind it stands a sign, which may be of one as well.
func BeforeSign(compact string) int {
	alg, enc, ok := parametersOf(compact)
	sizes := signatureSizes(alg)
	if strings.Count(compact, ".") == 4 {
		sizes = tagSizes(enc)
	}
	front := strings.LastIndexByte(compact, '.') + 1
	last := []byte(compact[front:])
	if !ok || hasSize(len(last), sizes) {
		return len(compact)
	}
	for _, size := range sizes {
		if n := encodedLen(size); n < len(last) && size != outdatedKey && sextets[last[n]] >= 62 && closes(last[:n], size) {
			return front + n
		}
	}
	return len(compact)
}

// IsUnsigned reports whether the header of a compact token says that it has no signature (RFC 7518, section 3.6).
func IsUnsigned(compact string) bool {
	alg, _, _ := parametersOf(compact)
	return strings.EqualFold(alg, "none")
}

// A LastSegment is the signature or tag of a compact token, of which some may be of something else.
type LastSegment struct {
	Chars string
	sizes []int
	isTag bool
	isRSA bool
	// IsUnsigned says that the header says that there is no signature (RFC 7518, section 3.6).
	IsUnsigned bool
}

// LastOf returns that of a token.
func LastOf(compact string) LastSegment {
	alg, enc, _ := parametersOf(compact)
	last := LastSegment{
		Chars: lastOf(compact), sizes: signatureSizes(alg),
		isRSA: strings.HasPrefix(alg, "RS") || strings.HasPrefix(alg, "PS"), IsUnsigned: strings.EqualFold(alg, "none"),
	}
	if strings.Count(compact, ".") == 4 {
		last.isTag, last.isRSA, last.IsUnsigned = true, false, false
		if last.sizes = tagSizes(enc); last.sizes == nil {
			last.sizes = append(allSizes(), 16, 24)
		}
	}
	return last
}

// Fits reports whether the first n characters are as many as the header asks for.
func (l *LastSegment) Fits(n int) bool {
	return hasSize(n, l.sizes) || !l.isTag && n > 4 && isDER([]byte(l.Chars[:4]), n)
}

// MayFit reports whether they are as many as there can be, for all that is known of the algorithm or its keys.
func (l *LastSegment) MayFit(n int) bool {
	switch {
	case l.isTag || l.IsUnsigned:
		return false
	case l.isRSA:
		return n >= encodedLen(outdatedKey)
	}
	return l.sizes == nil && n >= fewestSigned
}

// IsOfAnySize reports whether nothing is known of how many there are: of the algorithm no signature has a size that is known.
func (l *LastSegment) IsOfAnySize() bool {
	return !l.isTag && !l.isRSA && !l.IsUnsigned && l.sizes == nil
}

// IsTag reports whether it is the tag of a JWE.
func (l *LastSegment) IsTag() bool { return l.isTag }

// Encoding returns how many of the first n characters are a signature that is cut there, or a tag.
func (l *LastSegment) Encoding(n int) int {
	if l.isTag {
		return 0
	}
	return encodingLen(n)
}

// HasWholeSignature reports whether the last segment of a compact token is as long as a signature of its algorithm, or an
// authentication tag of its content encryption, can be; as any, where that is not known.
func HasWholeSignature(compact string) bool {
	alg, enc, decodes := parametersOf(compact)
	if !decodes {
		return false
	}
	sizes := signatureSizes(alg)
	if strings.Count(compact, ".") == 4 {
		sizes = tagSizes(enc)
	}
	if sizes == nil {
		sizes = append(allSizes(), 16, 24)
	}
	return hasSize(len(lastOf(compact)), sizes)
}

// fewestSigned is how many characters the shortest signature in use has, that of HS256.
const fewestSigned = 43

// encodedLen is the number of characters that so many bytes take without padding.
func encodedLen(size int) int { return (size*8 + 5) / 6 }

// lastSegment returns the length of the signature or tag at the front of a run of base64 characters: all of it or, glued
// to more of them, less. before is what of the token is in front of it.
//
// Three things end it early. A character of the other alphabet does: one does not switch within a token. A character
// beyond a size that the algorithm gives does, if the unused bits there are zero and the whole run isn't the size of
// another algorithm's signature: rows of databases and binary messages put the next field right behind the token.
func lastSegment(run []byte, sizes []int, before []byte) (end int) {
	end = alphabetEnd(run, sizes, before)
	if cut := sizedEnd(run[:end], sizes); cut > 0 {
		return cut
	}
	return encodingLen(end)
}

// encodingLen returns how many of so many characters of a signature encode bytes: all, or all but one.
func encodingLen(length int) int {
	switch {
	case length%4 != 1:
		return length
	case length < fewestSigned:
		return 0 // a word
	}
	return length - 1 // the last is of what is behind, or what it is of is missing
}

// alphabetEnd returns where the run leaves its alphabet.
func alphabetEnd(run []byte, sizes []int, before []byte) int {
	firstURL, firstStandard := firstOf(run, '-', '_'), firstOf(run, '+', '/')
	switch {
	case firstURL == firstStandard: // both the end
		return len(run)
	case hasAny(before, "-_"):
		return firstStandard
	case hasAny(before, "+/"):
		return firstURL
	case firstURL < firstStandard, firstStandard == len(run):
		return firstStandard
	}
	// The run meets + or / before anything tells its alphabet: a path or a sum behind a URL-safe token, unless the
	// size asks for more.
	if hasSize(firstStandard, sizes) {
		return firstStandard
	}
	for _, size := range sizes {
		if n := encodedLen(size); n > firstStandard && n <= firstURL && closes(run[:n], size) {
			return firstURL
		}
	}
	if firstStandard == 0 && len(sizes) > 0 {
		return firstURL // or nothing would be left of what must have something
	}
	return firstStandard
}

// firstOf returns where the first of two characters stands in a text, or the end of it.
func firstOf(text []byte, a, b byte) int {
	first := len(text)
	for _, char := range [2]byte{a, b} {
		if at := bytes.IndexByte(text[:first], char); at >= 0 {
			first = at
		}
	}
	return first
}

// hasAny is bytes.ContainsAny, which looks at one byte at a time, for a few characters that are mostly not there.
func hasAny(text []byte, chars string) bool {
	for i := range len(chars) {
		if bytes.IndexByte(text, chars[i]) >= 0 {
			return true
		}
	}
	return false
}

// mostGlued is the most characters behind a signature that are taken for something else, as short as the fields of rows
// are. Beyond that the size is taken for wrong: 342 characters are another RSA key's, not 171 and as many more.
const mostGlued = 64

// sizedEnd returns the largest length, shorter than the run, that sizes allow, or 0 where the run is best left whole.
func sizedEnd(run []byte, sizes []int) int {
	if len(sizes) == 0 || hasSize(len(run), allSizes()) || derEnd(run) {
		return 0
	}
	for _, size := range sizes {
		n := encodedLen(size)
		if n >= len(run) || len(run) >= 2*n || len(run)-n > mostGlued || !closes(run[:n], size) {
			continue
		}
		if n%4 == 0 && len(run)%4 != 1 && closes(run, len(run)*6/8) {
			continue // no bits are unused at n, and none but zero at the end: nothing speaks against the whole
		}
		return n
	}
	return 0
}

// derEnd reports whether the run is an ECDSA signature in DER, as some libraries wrongly put it into a token.
func derEnd(run []byte) bool { return isDER(run[:min(len(run), 4)], len(run)) }

// isDER does so for a run of n characters of which the first four are given.
func isDER(first []byte, n int) bool {
	front, ok := appendDecoded(nil, first)
	switch {
	case !ok || len(front) < 3 || front[0] != 0x30:
		return false
	case front[1] == 0x81:
		return encodedLen(3+int(front[2])) == n
	}
	return encodedLen(2+int(front[1])) == n
}

// closes reports whether the characters that encode so many bytes leave no bit set that encodes none.
func closes(chars []byte, size int) bool {
	unused := len(chars)*6 - size*8
	return sextets[chars[len(chars)-1]]&(1<<unused-1) == 0
}

func hasSize(n int, sizes []int) bool {
	for _, size := range sizes {
		if encodedLen(size) == n {
			return true
		}
	}
	return false
}

// allSizes returns the sizes of the signatures of every algorithm.
func allSizes() []int { return []int{32, 48, 64, 96, 114, 128, 132, 256, 384, 512, 1024} }
