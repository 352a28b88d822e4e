package jwt

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/golang-jwt/jwt/v5"

	"github.com/jwtleak/jwtleak/detectors"
)

// What Decode says of a text that is no token. None of them repeats any of it.
var (
	errSegments  = errors.New("neither three segments (JWS) nor five (JWE)")
	errBase64    = errors.New("no base64url")
	errObject    = errors.New("no JSON object")
	errAlgorithm = errors.New("no alg")
	errEmpty     = errors.New("empty")
	errHolder    = errors.New("a placeholder")
)

// ErrDetached says of a text that it is a JWS whose payload is elsewhere: it says nothing of anyone, so it is no token.
var ErrDetached = errors.New("a JWS with a detached payload (RFC 7515, appendix F), whose claims are elsewhere")

// Decode reads a JWS or JWE in compact serialization (RFC 7515 and 7516, section 7.1) without verifying it, by the same
// definition as Detector. Padding and the standard alphabet are taken too, and the disclosures of an SD-JWT counted.
// Claims are read as far as they can be: one of a type that RFC 7519 doesn't allow is left out of the registered ones
// and stays in Claims. The error says which part is none, and repeats nothing of it.
func Decode(compact string) (*Token, error) {
	token, err := decode(compact)
	if err != nil {
		return nil, fmt.Errorf("decode token: %w", err)
	}
	return token, nil
}

func decode(compact string) (*Token, error) {
	compact, presented, _ := strings.Cut(compact, "~")
	segments := strings.Split(compact, ".")
	if len(segments) != 3 && len(segments) != 5 {
		return nil, errSegments
	}
	if strings.Contains(compact, "+") || strings.Contains(compact, "/") || strings.Contains(compact, "=") {
		for i, segment := range segments {
			segments[i] = string(appendCanonical(nil, []byte(strings.TrimRight(segment, "="))))
		}
		compact = strings.Join(segments, ".")
	}
	header, repeated, err := object(segments[0])
	if err != nil {
		return nil, fmt.Errorf("header: %w", err)
	}
	t := &Token{Compact: compact, Header: header, RepeatedHeader: repeated}
	var ok bool
	if t.Algorithm, ok = header["alg"].(string); !ok || t.Algorithm == "" {
		return nil, fmt.Errorf("header: %w", errAlgorithm)
	}
	t.Type, _ = header["typ"].(string)
	t.KeyID, _ = header["kid"].(string)
	if len(segments) == 5 {
		return t, t.readEncrypted(segments)
	}
	t.Disclosures = countDisclosures(presented)
	return t, t.readSigned(segments)
}

func (t *Token) readEncrypted(segments []string) error {
	t.Rule = detectors.JWE
	enc, ok := t.Header["enc"].(string)
	if !ok || enc == "" {
		return errors.New("header: no enc")
	}
	for i, name := range [...]string{1: "encrypted key", 2: "initialization vector", 3: "ciphertext"} {
		if name == "" {
			continue
		}
		if _, ok := appendDecoded(nil, []byte(segments[i])); !ok {
			return fmt.Errorf("%s: %w", name, errBase64)
		}
		if segments[i] == "" && i > 1 {
			return fmt.Errorf("%s: %w", name, errEmpty)
		}
	}
	return checkLast("tag", segments[4], tagSizes(enc), false)
}

func (t *Token) readSigned(segments []string) (err error) {
	t.Rule = detectors.JWS
	if segments[1] == "" && segments[2] != "" {
		if err := checkLast("signature", segments[2], signatureSizes(t.Algorithm), false); err != nil {
			return err
		}
		return ErrDetached
	}
	if t.Claims, t.Repeated, err = object(segments[1]); err != nil {
		return fmt.Errorf("payload: %w", err)
	}
	t.readClaims()
	return checkLast("signature", segments[2], signatureSizes(t.Algorithm), strings.EqualFold(t.Algorithm, "none"))
}

// checkLast checks a signature or tag, which has one of the sizes where they are known. Its characters must be base64url, and no
// placeholder; that the last of them is missing, so that they are no whole number of bytes, does not make the claims unread.
func checkLast(name, segment string, sizes []int, mayBeEmpty bool) error {
	switch {
	case segment == "" && !mayBeEmpty:
		return fmt.Errorf("%s: %w", name, errEmpty)
	case runEnd([]byte(segment), 0) != len(segment), len(segment)%4 == 1:
		return fmt.Errorf("%s: %w", name, errBase64)
	case !mayBeEmpty && isPlaceholder([]byte(segment), sizes):
		return fmt.Errorf("%s: %w", name, errHolder)
	}
	return nil
}

// readClaims fills in the registered claims (RFC 7519, section 4.1).
func (t *Token) readClaims() {
	claims := jwt.MapClaims(t.Claims)
	t.Issuer, _ = claims.GetIssuer()
	t.Subject, _ = claims.GetSubject()
	if audience, err := claims.GetAudience(); err == nil {
		t.Audience = audience
	}
	t.ID, _ = t.Claims["jti"].(string)
	t.IssuedAt = dateClaim(t.Claims, "iat")
	t.NotBefore = dateClaim(t.Claims, "nbf")
	t.ExpiresAt = never(dateClaim(t.Claims, "exp"))
	t.widen()
}

// object reads a segment that encodes a JSON object, and what of it is repeated. Numbers stay as they are written: 1e400 is
// one, and no float64.
func object(segment string) (members map[string]any, again map[string][]any, err error) {
	text, ok := appendDecoded(nil, []byte(segment))
	switch {
	case !ok:
		return nil, nil, errBase64
	case !utf8.Valid(text):
		return nil, nil, errObject
	}
	if members, ok := plainObject(string(text)); ok {
		return members, nil, nil
	}
	if members, err = anyObject(text); err != nil {
		return nil, nil, err
	}
	return members, repeated(text, members), nil
}

// anyObject reads a JSON object.
func anyObject(text []byte) (members map[string]any, err error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	if decoder.Decode(&members) != nil || members == nil {
		return nil, errObject
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errObject
	}
	return members, nil
}

// countDisclosures counts the disclosures at the front of what follows the first tilde.
func countDisclosures(presented string) (n int) {
	for {
		disclosure, rest, ok := strings.Cut(presented, "~")
		if !ok || !isDisclosure([]byte(disclosure)) {
			return n
		}
		n, presented = n+1, rest
	}
}

// isDisclosure reports whether a segment decodes to an array of two or three members, of which the first, the salt, is
// a string (RFC 9901, section 4.2).
func isDisclosure(segment []byte) bool {
	text, ok := appendDecoded(nil, bytes.TrimRight(segment, "="))
	var members []json.RawMessage
	return ok && json.Unmarshal(text, &members) == nil &&
		(len(members) == 2 || len(members) == 3) && members[0][0] == '"'
}
