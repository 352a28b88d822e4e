package triage

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"hash"
	"strings"
	"time"

	"github.com/jwtleak/jwtleak/detectors/jwt"
	"github.com/jwtleak/jwtleak/scanner/finding"
)

// publication says whether the token is a published sample, and whether its signature verifies with a published key. To be
// a sample it needs both the key and the claims of one. With claims of its own and a published key it is worse than
// others: somebody runs a service with a key that all the world has. With the claims of a sample and a key of its own it
// may open that key's service.
func publication(s *survey) (isSample, byPublishedKey bool) {
	switch {
	case isPublishedFingerprint(s.Compact):
		return true, false
	case verifiesWithPublishedSecret(s), verifiesWithPublishedKeyPair(s):
		return isDemonstration(s), true
	}
	return false, false
}

// isDemonstration reports whether header and claims are those of a document, of jwt.io's template or of a default that a
// product comes with, and nothing else: one claim or header parameter more, or another value, and somebody has made a token
// of their own, with a key that all the world has.
func isDemonstration(s *survey) bool {
	if len(s.Repeated)+len(s.RepeatedHeader) > 0 || !hasDemonstrationHeader(s) {
		return false
	}
	switch {
	case s.Issuer == "joe": // RFC 7515, appendix A
		root, _ := s.Claims["http://example.com/is_root"].(bool)
		return root && s.onlyClaims("iss", "exp", "http://example.com/is_root") && isDate(s.ExpiresAt, 1300819380)
	case s.Issuer == "urn:example:issuer": // the documentation of jose
		return s.onlyClaims("urn:example:claim", "iat", "iss", "aud") && s.Claims["urn:example:claim"] == true &&
			s.audience("urn:example:audience") && isDate(s.IssuedAt, 1669056231)
	case s.Subject == "1234567890": // jwt.io
		return s.onlyClaims("sub", "name", "admin", "iat") && isTemplate(s)
	case s.Issuer == "supabase-demo", s.Issuer == "supabase":
		return isSupabaseDefault(s)
	case s.path == "/auth/v1":
		return isLocalSession(s)
	}
	return s.text("role") == "todo_user" && s.onlyClaims("role") // PostgREST's tutorial; one that ends is of who followed it
}

// hasDemonstrationHeader reports whether the header has alg, and no parameter but that and a typ of JWT, as published
// samples have, but for the kid of two that jwt.io had.
func hasDemonstrationHeader(s *survey) bool {
	if !hasPlainHeader(s.Token) || s.Type != "" && s.Type != "JWT" {
		return false
	}
	switch s.KeyID {
	case "":
		return true
	case "iTqXXI0zbAnJCKDaobfhkM1f-6rMSpTfyZMRp_2tKI8":
		return s.Algorithm == "ES384"
	case "xZDfZpry4P9vZPZyG2fNBRj-7Lz5omVdm7tHoCgSNfY":
		return s.Algorithm == "ES512"
	}
	return false
}

// isSupabaseDefault reports whether the claims are those of a key that Supabase comes with: on a developer's machine the
// keys have no iat, and those of a server of one's own begin and end at these times.
func isSupabaseDefault(s *survey) bool {
	if role := s.text("role"); role != "anon" && role != "service_role" {
		return false
	}
	if s.Issuer == "supabase-demo" && s.onlyClaims("iss", "role", "exp") {
		return isDate(s.ExpiresAt, 1983812996)
	}
	return s.onlyClaims("iss", "role", "exp", "iat") && isDate(s.IssuedAt, 1641769200) && isDate(s.ExpiresAt, 1799535600)
}

// isLocalSession reports whether a token is a session of Supabase on the developer's own machine, where its port is this,
// with nothing in it that says more of what its holder may do. None of them lives longer than a week.
func isLocalSession(s *survey) bool {
	life, ends := lifetime(s.Token)
	return (s.Issuer == "http://localhost:54321/auth/v1" || s.Issuer == "http://127.0.0.1:54321/auth/v1") &&
		ends && life <= 7*24*time.Hour && s.text("role") == "authenticated" &&
		s.onlyClaims("iss", "sub", "aud", "exp", "iat", "email", "phone", "app_metadata", "user_metadata", "role", "aal", "amr",
			"session_id", "is_anonymous") &&
		grantsNothing(s.Claims["app_metadata"]) && grantsNothing(s.Claims["user_metadata"])
}

// grantsNothing reports whether a claim is left out, or is an object of texts, flags and lists of them, without any name
// under which a right is granted.
func grantsNothing(value any) bool {
	if value == nil {
		return true
	}
	object, isObject := value.(map[string]any)
	for name, member := range object {
		if nameOf(name).marks&(markScopes|markNestedScopes|markFlag) != 0 || !plain(member) {
			return false
		}
	}
	return isObject
}

// isTemplate reports whether the claims that jwt.io's template has are as it has them. Tutorials change the name, and
// leave out what they don't need.
func isTemplate(s *survey) bool {
	for name, value := range s.Claims {
		switch name {
		case "name":
			if value != "John Doe" && value != "Jane Doe" {
				return false
			}
		case "admin":
			if value != true {
				return false
			}
		case "iat":
			if !isDate(s.IssuedAt, 1516239022) {
				return false
			}
		}
	}
	return true
}

// isDate reports whether a date is there, as RFC 7519 has it, and is that one.
func isDate(date jwt.NumericDate, unix int64) bool {
	return date.Form == jwt.DateSeconds && date.Time.Unix() == unix
}

// verifiesWithPublishedSecret tries the few secrets that examples and defaults are signed with.
func verifiesWithPublishedSecret(s *survey) bool {
	if !isHMAC(s.Algorithm) {
		return false
	}
	dot := strings.LastIndexByte(s.Compact, '.')
	var encoded, signature [sha512.Size*4/3 + 2]byte
	if len(s.Compact)-dot-1 > base64.RawURLEncoding.EncodedLen(sha512.Size) {
		return false
	}
	n, err := base64.RawURLEncoding.Decode(signature[:], encoded[:copy(encoded[:], s.Compact[dot+1:])])
	if err != nil {
		return false
	}
	input := s.Compact[:dot]
	switch {
	case s.Algorithm == "HS256" && n == sha256.Size:
		return verifiesHS256(s, input, signature[:n])
	case s.Type != "JWT": // which jwt.io always writes
		return false
	case s.Algorithm == "HS384" && n == sha512.Size384:
		return verifies(sha512.New384, input, signature[:n], "your-384-bit-secret", "a-valid-string-secret-that-is-at-least-384-bits-long")
	case s.Algorithm == "HS512" && n == sha512.Size:
		return verifies(sha512.New, input, signature[:n], "your-512-bit-secret",
			"a-valid-string-secret-that-is-at-least-512-bits-long-which-is-very-long")
	}
	return false
}

// verifies is for the longer hashes, which few tokens with a published key have.
func verifies(newHash func() hash.Hash, input string, signature []byte, secrets ...string) bool {
	for _, secret := range secrets {
		mac := hmac.New(newHash, []byte(secret))
		_, _ = mac.Write([]byte(input)) // never fails, says package hash
		if hmac.Equal(mac.Sum(nil), signature) {
			return true
		}
	}
	return false
}

// verifiesHS256 tries the secrets of jwt.io's pages, and those of a document or product where the token is such as it has.
func verifiesHS256(s *survey, input string, signature []byte) bool {
	m := newMACInput(input)
	defer m.free()
	if m.verifies(secretOfJWTIO, signature) || m.verifies(newSecretOfJWTIO, signature) || m.verifies(oldSecretOfJWTIO, signature) {
		return true
	}
	if len(s.Header) == 1 && m.verifies(secretOfJose, signature) { // its examples write alg and nothing else
		return true
	}
	if (s.Issuer == "joe" || s.Type == "" && s.Issuer == "") && m.verifies(secretOfRFC7515, signature) {
		return true
	}
	if !s.has(markRole) {
		return false
	}
	switch s.text("role") {
	case "anon", "authenticated", "service_role", "supabase_admin":
		return m.verifies(secretOfLocalSupabase, signature) || m.verifies(secretOfHostedSupabase, signature)
	}
	return s.onlyClaims("role", "exp", "iat") && m.verifies(secretOfPostgREST, signature)
}

// isPublishedFingerprint knows by their fingerprint the samples that no key verifies, being unsigned or encrypted; hashing
// is left for those of their lengths.
func isPublishedFingerprint(compact string) bool {
	switch len(compact) {
	case 115, 196, 484, 514, 548, 1076:
	default:
		return false
	}
	switch finding.NewFingerprint(compact).String() {
	case "f7860a3af2a475db871b4be2add9b49173d5949726c1ac15bc5e3d311c6b6cb0", // RFC 7515, A.5; RFC 7519, 6.1
		"02262f8719b8cd62abbcf50eeaea82dd529aa58e0a2d9c277209091f6a2d45b3", // RFC 7516, A.1
		"95fdcaa7e4c24a15e21243766753585f6abc87d67c57693d9ae8d91401afa40b", // RFC 7516, A.2
		"b28d0bb13be3af12721f08000df96c52f917ff213259133d9693a09dd1282605", // RFC 7516, A.3
		"4792d81c89f66df3e9e2dfa2dd6bdfc0febe360b3e161ac520339fc3f1b6cb97", // RFC 7519, A.1
		"eb7f479908a39128c738b828e61b88a0c1a189cd6edf411a77f5e4c32718a7c2": // RFC 7519, A.2
		return true
	}
	return false
}
