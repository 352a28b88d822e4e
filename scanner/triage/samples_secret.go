package triage

import (
	"crypto/sha256"
	"encoding"
	"encoding/binary"
	"hash"
	"sync"
)

// publishedSecret numbers the secrets for HMAC-SHA-256 that all the world has.
type publishedSecret uint8

const (
	secretOfJWTIO          publishedSecret = iota
	newSecretOfJWTIO                       // since 2025
	oldSecretOfJWTIO                       // at its beginning
	secretOfRFC7515                        // appendix A.1
	secretOfLocalSupabase                  // on a developer's machine
	secretOfHostedSupabase                 // self-hosted, as it comes
	secretOfPostgREST                      // its tutorial
	secretOfJose                           // what the documentation of jose, for JavaScript, signs and verifies with
	publishedSecretCount
)

// octets returns the secret; none is longer than a block of the hash.
func (p publishedSecret) octets() string {
	switch p {
	case secretOfJWTIO:
		return "your-256-bit-secret"
	case newSecretOfJWTIO:
		return "a-string-secret-at-least-256-bits-long"
	case oldSecretOfJWTIO:
		return "secret"
	case secretOfRFC7515:
		return exampleKeyOfRFC7515
	case secretOfLocalSupabase:
		return "super-secret-jwt-token-with-at-least-32-characters-long"
	case secretOfHostedSupabase:
		return "your-super-secret-jwt-token-with-at-least-32-characters-long"
	case secretOfPostgREST:
		return "reallyreallyreallyreallyverysafe"
	default:
		return "cc7e0d44fd473002f1c42167459001140ec6389b7353f8088f4d9a95f2f596f2"
	}
}

// exampleKeyOfRFC7515 is the octets of the key in RFC 7515, appendix A.1.1.
const exampleKeyOfRFC7515 = "\x03\x23\x35\x4b\x2b\x0f\xa5\xbc\x83\x7e\x06\x65\x77\x7b\xa6\x8f\x5a\xb3\x28\xe6\xf0\x54\xc9\x28\xa9\x0f\x84\xb2\xd2\x50\x2e\xbf" +
	"\xd3\xfb\x5a\x92\xd2\x06\x47\xef\x96\x8a\xb4\xc3\x77\x62\x3d\x22\x3d\x2e\x21\x72\x05\x2e\x4f\x08\xc0\xcd\x9a\xf5\x67\xd0\x80\xa3"

// keyedHash is SHA-256 after the block that HMAC (RFC 2104, section 4) makes of a key: the beginning of the inner hash and
// of the outer one. They are the same for every token, and half of what an HMAC of a short text costs.
type keyedHash struct{ inner, outer []byte }

// keyedHashes are of the published secrets.
var keyedHashes = sync.OnceValue(func() *[publishedSecretCount]keyedHash {
	var hashes [publishedSecretCount]keyedHash
	for secret := range publishedSecretCount {
		hashes[secret] = keyedHash{
			inner: afterKey(secret.octets(), 0x36), outer: afterKey(secret.octets(), 0x5c),
		}
	}
	return &hashes
})

// afterKey returns the state of the hash when it has taken in a key's block, padded.
func afterKey(key string, pad byte) []byte {
	var block [sha256.BlockSize]byte
	copy(block[:], key)
	for i := range block {
		block[i] ^= pad
	}
	digest, _ := sha256.New().(resumable)
	_, _ = digest.Write(block[:])        // never fails, says package hash
	state, _ := digest.AppendBinary(nil) // nor does this, of a hash that is whole
	return state
}

// resumable is what sha256.New returns, says its documentation.
type resumable interface {
	hash.Hash
	encoding.BinaryAppender
	encoding.BinaryUnmarshaler
}

// A macInput is a signing input of which several HMAC-SHA-256 are made, as of each token of an application that signs with
// a shared secret. It is written here, and not taken from crypto/hmac, so that what is the same for all is done once: a key
// is not hashed anew for each token, nor is a text padded (FIPS 180-4, section 5.1.1) anew for each key, and nothing is
// allocated.
type macInput struct {
	hash  resumable
	text  []byte                 // padded, as what follows a key's block
	inner [sha256.BlockSize]byte // the sum of that, padded likewise
	state []byte
}

// macInputs are reused from token to token.
var macInputs = sync.Pool{New: func() any {
	digest, _ := sha256.New().(resumable)
	m := &macInput{hash: digest}
	_ = padded(m.inner[:sha256.Size]) // within its room
	return m
}}

// maxSampleInput is the longest signing input whose room is kept: no sample is near it.
const maxSampleInput = 4096

func newMACInput(text string) *macInput {
	m, _ := macInputs.Get().(*macInput)
	m.text = padded(append(m.text[:0], text...))
	return m
}

// padded appends to a text what SHA-256 ends it with where a key's block has gone before it.
func padded(text []byte) []byte {
	size := sha256.BlockSize + uint64(len(text))
	text = append(text, 0x80)
	var zeros [sha256.BlockSize]byte
	rest := len(text) % sha256.BlockSize
	const room = sha256.BlockSize - 8 // the length takes the last eight octets of a block
	text = append(text, zeros[:(room-rest+sha256.BlockSize)%sha256.BlockSize]...)
	return binary.BigEndian.AppendUint64(text, 8*size)
}

func (m *macInput) free() {
	if cap(m.text) <= maxSampleInput {
		macInputs.Put(m)
	}
}

// verifies reports whether signature is the HMAC with that secret.
func (m *macInput) verifies(secret publishedSecret, signature []byte) bool {
	keyed := &keyedHashes()[secret]
	copy(m.inner[:], m.sum(keyed.inner, m.text))
	return string(m.sum(keyed.outer, m.inner[:])) == string(signature) // the key is no secret
}

// sum returns the hash of what a state has taken in and of a padded text after it: what the state consists of then. It is
// good until the next.
func (m *macInput) sum(state, text []byte) []byte {
	if m.hash.UnmarshalBinary(state) != nil {
		return nil
	}
	_, _ = m.hash.Write(text)                     // never fails, says package hash
	m.state, _ = m.hash.AppendBinary(m.state[:0]) // nor does this, of a hash that is whole
	const name = "sha\x03"                        // with which a state of SHA-256 begins; the eight words of the hash follow
	if len(m.state) < len(name)+sha256.Size {
		return nil
	}
	return m.state[len(name) : len(name)+sha256.Size]
}
