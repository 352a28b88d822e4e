package triage

import (
	"crypto/hmac"
	"crypto/sha256"
	"strings"
	"testing"
)

// What is made here of an HMAC has to be what crypto/hmac makes, whatever a text's length leaves of its last block.
func TestVerifiesAsHMAC(t *testing.T) {
	for secret := range publishedSecretCount {
		for length := range 4*sha256.BlockSize + 1 {
			text := strings.Repeat("e", length)
			mac := hmac.New(sha256.New, []byte(secret.octets()))
			_, _ = mac.Write([]byte(text))
			signature := mac.Sum(nil)
			m := newMACInput(text)
			if !m.verifies(secret, signature) {
				t.Errorf("secret %d, %d octets: not verified", secret, length)
			}
			signature[length%sha256.Size] ^= 1
			if m.verifies(secret, signature) {
				t.Errorf("secret %d, %d octets: verified with another signature", secret, length)
			}
			m.free()
		}
	}
}
