package jwt

import "testing"

// TestPlaceholder has what stands in place of a signature, and what does not tell that it is none.
func TestPlaceholder(t *testing.T) {
	sizes := signatureSizes("HS256")
	for _, chars := range []string{
		"signature", "SIGNATURE", "Signature", "signature-here", "your-signature", "YOUR_SIGNATURE_HERE", "yourSignatureGoesHere", "yoursignaturehere",
		"your-256-bit-secret", "insert_signature_here", "REDACTED", "signature_redacted", "placeholder", "removed", "omitted", "TRUNCATED", "xxx", "XXXX-XXXX",
		"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "the-signature-of-the-token", "signature123", "hmacsha256-signature", "todo", "replace-me",
	} {
		if !isPlaceholder([]byte(chars), sizes) {
			t.Errorf("%s is not told", chars)
		}
	}
	for _, chars := range []string{
		"", "sig", "x", "xx", "test_signature", "invalid-signature", "blablablafoofoofoofakesignature", "foo", "fzzlfQG2wZpPRRAPa6Yu", "signatures", "secret",
		"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "the_token", "a-b-c",
	} {
		if isPlaceholder([]byte(chars), sizes) {
			t.Errorf("%s is told", chars)
		}
	}
}
