package jwt

import (
	"encoding/base64"
	"math/rand/v2"
	"strings"
	"testing"
)

// TestForeign has what consists of the characters of a signature and is none, and signatures.
func TestForeign(t *testing.T) {
	for _, chars := range []string{
		"da39a3ee5e6b4b0d3255bfef95601890afd80709", "DA39A3EE5E6B4B0D", "550e8400-e29b-41d4-a716-446655440000", "Da39a3eE5e6b4B0d3255bfef",
		"should_reject_a_token_without_any_signature", "should-reject-a-token-without-any-signature", "MFRGGZDFMZTWQ2LKNNWG23TPOBYXE43U",
		"ShouldRejectATokenWithoutAnySignature", "validateServiceAccountTokenWithoutSignature", "SHOULD_REJECT_A_TOKEN_WITHOUT_SIGNATURE",
		"Should_Reject_A_Token_Without_Any_Signature", "my-deployment-v2-of-Controller3-in-cluster-7f", "a" + strings.Repeat("-", 40),
		encode(hs256), encode(`{"sub":"joe","exp":1300819380}`), encode(`{ "sub" : "joe" }`), strings.Repeat("x", 43),
	} {
		if !IsForeign(chars) || !IsForeign([]byte(chars)) {
			t.Errorf("%s is not told", chars)
		}
	}
	source, raw := rand.NewChaCha8([32]byte{7}), make([]byte, 64)
	for _, size := range []int{8, 12, 24, 32, 48, 64} {
		for range 5000 {
			_, _ = source.Read(raw[:size])
			if chars := base64.RawURLEncoding.EncodeToString(raw[:size]); IsForeign(chars) {
				t.Errorf("%d random bytes, %s, are told", size, chars)
			}
		}
	}
}
