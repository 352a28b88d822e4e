package triage

import (
	"crypto/x509"
	"encoding/base64"
	"strings"

	signing "github.com/golang-jwt/jwt/v5"
)

// verifiesWithPublishedKeyPair tries the public keys whose private halves are printed beside them. A verification costs
// some ten times what all else does to a token, so it is for those alone that name the subject of jwt.io's samples or the
// issuer of RFC 7515's.
func verifiesWithPublishedKeyPair(s *survey) bool {
	if s.Subject != "1234567890" && s.Issuer != "joe" {
		return false
	}
	method := signing.GetSigningMethod(s.Algorithm)
	dot := strings.LastIndexByte(s.Compact, '.')
	if method == nil || dot < 0 || len(s.Compact) > maxSampleInput {
		return false
	}
	signature, err := base64.RawURLEncoding.DecodeString(s.Compact[dot+1:])
	if err != nil {
		return false
	}
	for _, published := range publishedKeys(s.Algorithm) {
		key, err := parsePublicKey(published)
		if err == nil && method.Verify(s.Compact[:dot], signature, key) == nil {
			return true
		}
	}
	return false
}

// publishedKeys returns the public keys that are tried for an algorithm, each a SubjectPublicKeyInfo (RFC 5280, section
// 4.1) in base64.
func publishedKeys(algorithm string) []string {
	switch algorithm {
	case "RS256":
		return []string{rsaKeyOfJWTIO, oldRSAKeyOfJWTIO, rsaKeyOfRFC7515}
	case "RS384", "RS512", "PS256", "PS384", "PS512":
		return []string{rsaKeyOfJWTIO}
	case "ES256":
		return []string{p256KeyOfJWTIO, p256KeyOfRFC7515}
	case "ES384":
		return []string{p384KeyOfJWTIO}
	case "ES512":
		return []string{p521KeyOfJWTIO}
	}
	return nil
}

func parsePublicKey(published string) (any, error) {
	der, err := base64.StdEncoding.DecodeString(published)
	if err != nil {
		return nil, err
	}
	return x509.ParsePKIXPublicKey(der)
}

// The public keys that jwt.io shows beside their private ones, and those of RFC 7515, appendices A.2 and A.3.
const (
	rsaKeyOfJWTIO = "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAu1SU1LfVLPHCozMxH2Mo4lgOEePzNm0tRgeLezV6ffAt0gunVTLw7onL" +
		"Rnrq0/IzW7yWR7QkrmBL7jTKEn5u+qKhbwKfBstIs+bMY2Zkp18gnTxKLxoS2tFczGkPLPgizskuemMghRniWaoLcyehkd3qqGEl" +
		"vW/VDL5AaWTg0nLVkjRo9z+40RQzuVaE8AkAFmxZzow3x+VJYKdjykkJ0iT9wCS0DRTXu269V264Vf/3jvredZiKRkgwlL9xNAwx" +
		"XFg0x/XFw005UWVRIkdgcKWTjpBP2dPwVZ4WWC+9aGVd+Gyn1o0CLelf4rEjGoXbAAEgAqeGUxrcIlbjXfbcmwIDAQAB"
	oldRSAKeyOfJWTIO = "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDdlatRjRjogo3WojgGHFHYLugdUWAY9iR3fy4arWNA1KoS8kVw33cJibXr8bvw" +
		"UAUparCwlvdbH6dvEOfou0/gCFQsHUfQrSDv+MuSUMAe8jzKE4qW+jK+xQU9a03GUnKHkkle+Q0pX/g6jXZ7r1/xAK5Do2kQ+X5x" +
		"K9cipRgEKwIDAQAB"
	p256KeyOfJWTIO = "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEEVs/o5+uQbTjL3chynL4wXgUg2R9q9UU8I5mEovUf86QZ7kOBIjJwqnzD1omageE" +
		"HWwHdBO6B+dFabmdT9POxg=="
	p384KeyOfJWTIO = "MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAEC1uWSXj2czCDwMTLWV5BFmwxdM6PX9p+Pk9Yf9rIf374m5XP1U8q79dBhLSIuaojsvOT" +
		"39UUcPJROSD1FqYLued0rXiooIii1D3jaW6pmGVJFhodzC31cy5sfOYotrzF"
	p521KeyOfJWTIO = "MIGbMBAGByqGSM49AgEGBSuBBAAjA4GGAAQBgc4HZz+/fBbC7lmEww0AO3NK9wVZPDZ0VEnsaUFLEYpTzb90nITtJUcPUbvOsdZI" +
		"Z1Q8fnbquAYgxXL5UgHMoywAib476MkyyYgPk0BXZq3mq4zImTRNuaU9slj9TVJ3ScT3L1bXwVuPJDzpr5GOFpaj+WwMAl8G7Cqw" +
		"oJOsW7Kddns="
	rsaKeyOfRFC7515 = "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd/wWJcyQoTbji9k0l8W26mPd" +
		"dxHmfHQp+Vaw+4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL+yRT+SFd2lZS+pCgNMsD1W/YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb/7" +
		"OMg0LOL+bSf63kpaSHSXndS5z5rexMdbBYUsLA9e+KXBdQOS+UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9k" +
		"G4LT6/I5IhlJH7aGhyxXFvUK+DWNmoudF8NAco9/h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQIDAQAB"
	p256KeyOfRFC7515 = "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEf83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEXH8UTNG72bfocs3+257rn0" +
		"s2ldbqkLJK2KRiMohYjlrQ=="
)
