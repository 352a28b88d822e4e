package triage

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"hash"
	"slices"
	"strings"
	"testing"

	"github.com/jwtleak/jwtleak/scanner/finding"
)

func TestPublishedSamples(t *testing.T) {
	for _, sample := range slices.Concat(rfcSamples(), jwtioSamples()) {
		t.Run(sample.name, func(t *testing.T) {
			checkSample(t, testJudge().Token(decoded(t, sample.compact)), true)
			// With any other signature or tag it is none, be it of the same length.
			if !strings.HasSuffix(sample.compact, ".") {
				checkSample(t, testJudge().Token(decoded(t, sample.compact[:len(sample.compact)-4]+"AAAA")), false)
			}
		})
	}
}

// Whoever signs the claims of a sample with a key of their own has made a token, and no sample.
func TestClaimsOfSamples(t *testing.T) {
	for _, claims := range []object{
		`{"sub":"1234567890","name":"John Doe","admin":true,"iat":1516239022}`,
		`{"sub":"1234567890","name":"John Doe","iat":1516239022}`,
		`{"sub":"1234567890","name":"John Doe","admin":true}`,
		`{"iss":"joe","exp":1300819380,"http://example.com/is_root":true}`,
	} {
		for _, header := range []object{`{"alg":"HS256","typ":"JWT"}`, `{"alg":"HS256"}`} {
			checkSample(t, testJudge().Token(signed(t, header, claims, "nobody else's")), false)
		}
		for _, algorithm := range []string{"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "none", "x"} {
			unsigned := compactOf(`{"alg":"`+algorithm+`","typ":"JWT"}`, claims, "nobody else's")
			if algorithm == "none" {
				unsigned = unsigned[:strings.LastIndexByte(unsigned, '.')+1]
			}
			checkSample(t, testJudge().Token(decoded(t, unsigned)), false)
		}
	}
}

func checkSample(t *testing.T, j Judgement, want bool) {
	t.Helper()
	if j.Sample != want {
		t.Errorf("sample: %t, want %t", j.Sample, want)
	}
	for _, place := range placesByColumn() {
		if got := j.Facts.Severity(place); (got == finding.Info) != want {
			t.Errorf("a sample: %t, and of severity %s", want, got)
		}
	}
}

func TestPublishedKeys(t *testing.T) {
	const (
		header = `{"alg":"HS256","typ":"JWT"}`
		jose   = "cc7e0d44fd473002f1c42167459001140ec6389b7353f8088f4d9a95f2f596f2"
	)
	tests := []struct {
		name           string
		header, claims object
		key            string
		sample, risk   bool
	}{
		{"jwt.io", header, `{"sub":"1234567890"}`, "your-256-bit-secret", true, false},
		{"jwt.io since 2025", header, `{"sub":"1234567890","name":"Jane Doe"}`, "a-string-secret-at-least-256-bits-long", true, false},
		{"jwt.io at its beginning", header, `{"sub":"1234567890","admin":true}`, "secret", true, false},
		{"jwt.io, and a scope", header, `{"sub":"1234567890","scope":"admin"}`, "secret", false, true},
		{"jwt.io, and a service", header, `{"sub":"1234567890","iss":"billing"}`, "secret", false, true},
		{"claims of its own", header, `{"sub":"7","exp":1795438800}`, "your-256-bit-secret", false, true},
		{"claims of its own, a scope", header, `{"sub":"root","scope":"admin","tenant":"acme"}`, "secret", false, true},
		{"a service's name", header, `{"iss":"acme-billing","aud":"acme","sub":"root","scope":"admin"}`, "secret", false, true},
		{"an internal service", header, `{"iss":"https://auth.prod.internal","aud":"acme","sub":"root"}`, "secret", false, true},
		{"jwt.io, and claims of its own", header, `{"sub":"1234567890","tenant":"t","userId":7,"exp":1895438800}`, "secret", false, true},
		{"jwt.io, and an expiry", header, `{"sub":"1234567890","name":"John Doe","iat":1516239022,"exp":1895438800}`, "secret", false, true},
		{"jwt.io, and another's name", header, `{"sub":"1234567890","name":"Root Operator"}`, "secret", false, true},
		{"jwt.io, and a date of today", header, `{"sub":"1234567890","name":"John Doe","iat":1795435200}`, "secret", false, true},
		{"jwt.io, with a claim twice", header, `{"sub":"1234567890","sub":"1234567890"}`, "secret", false, true},
		{"jwt.io, and an audience", header, `{"sub":"1234567890","aud":"billing"}`, "secret", false, true},
		{"RFC 7515", header, `{"iss":"joe","exp":1300819380,"http://example.com/is_root":true}`, exampleKeyOfRFC7515, true, false},
		{"RFC 7515, and another expiry", header, `{"iss":"joe","exp":1895438800,"http://example.com/is_root":true}`, exampleKeyOfRFC7515, false, true},
		{"RFC 7515, and claims of its own", header, `{"iss":"joe","sub":"7"}`, exampleKeyOfRFC7515, false, true},
		{"RFC 7515, by a library", `{"alg":"HS256"}`, `{"sub":"7"}`, exampleKeyOfRFC7515, false, true},
		{"local Supabase", header, `{"iss":"supabase-demo","role":"service_role","exp":1983812996}`, "super-secret-jwt-token-with-at-least-32-characters-long", true, false},
		{"local Supabase, a session", header, `{"iss":"http://127.0.0.1:54321/auth/v1","role":"authenticated","sub":"7","iat":1795435200,"exp":1795438800,"app_metadata":{"provider":"email","providers":["email"]}}`,
			"super-secret-jwt-token-with-at-least-32-characters-long", true, false},
		{"local Supabase, a session of an administrator", header, `{"iss":"http://127.0.0.1:54321/auth/v1","role":"authenticated","sub":"7","iat":1795435200,"exp":1795438800,"app_metadata":{"role":"admin"}}`,
			"super-secret-jwt-token-with-at-least-32-characters-long", false, true},
		{"local Supabase, a session of who calls themselves one", header, `{"iss":"http://127.0.0.1:54321/auth/v1","role":"authenticated","sub":"7","iat":1795435200,"exp":1795438800,"user_metadata":{"is_admin":true}}`,
			"super-secret-jwt-token-with-at-least-32-characters-long", false, true},
		{"local Supabase, a session of years", header, `{"iss":"http://127.0.0.1:54321/auth/v1","role":"authenticated","sub":"7","iat":1795435200,"exp":1995438800}`,
			"super-secret-jwt-token-with-at-least-32-characters-long", false, true},
		{"local Supabase, a session without end", header, `{"iss":"http://127.0.0.1:54321/auth/v1","role":"authenticated","sub":"7"}`, "super-secret-jwt-token-with-at-least-32-characters-long", false, true},
		{"local Supabase, a session with claims of its own", header, `{"iss":"http://127.0.0.1:54321/auth/v1","role":"authenticated","sub":"7","tenant":"t"}`,
			"super-secret-jwt-token-with-at-least-32-characters-long", false, true},
		{"self-hosted Supabase, which calls itself local", header, `{"iss":"http://localhost:8000/auth/v1","role":"authenticated","sub":"7"}`,
			"super-secret-jwt-token-with-at-least-32-characters-long", false, true},
		{"a local service_role that ends later", header, `{"iss":"supabase-demo","role":"service_role","exp":2995438800}`, "super-secret-jwt-token-with-at-least-32-characters-long", false, true},
		{"self-hosted Supabase as it comes", header, `{"iss":"supabase","role":"anon","iat":1641769200,"exp":1799535600}`, "your-super-secret-jwt-token-with-at-least-32-characters-long", true, false},
		{"a service_role with the key that comes", header, `{"iss":"supabase","role":"service_role","iat":1741769200}`, "your-super-secret-jwt-token-with-at-least-32-characters-long", false, true},
		{"an anon with the key that comes", header, `{"iss":"supabase","role":"anon","iat":1741769200}`, "your-super-secret-jwt-token-with-at-least-32-characters-long", false, true},
		{"self-hosted Supabase as it came", header, `{"iss":"supabase-demo","role":"service_role","iat":1641769200,"exp":1799535600}`, "your-super-secret-jwt-token-with-at-least-32-characters-long", true, false},
		{"the key that comes, and another end", header, `{"iss":"supabase","role":"service_role","iat":1641769200,"exp":4102444800}`, "your-super-secret-jwt-token-with-at-least-32-characters-long", false, true},
		{"the key that comes, and no end", header, `{"iss":"supabase","role":"service_role","iat":1641769200}`, "your-super-secret-jwt-token-with-at-least-32-characters-long", false, true},
		{"the key that came, and another beginning", header, `{"iss":"supabase-demo","role":"anon","iat":1741769200,"exp":1799535600}`, "your-super-secret-jwt-token-with-at-least-32-characters-long", false, true},
		{"a local service_role that began", header, `{"iss":"supabase-demo","role":"service_role","iat":1741769200,"exp":1983812996}`, "super-secret-jwt-token-with-at-least-32-characters-long", false, true},
		{"a local supabase_admin", header, `{"iss":"supabase-demo","role":"supabase_admin","exp":1983812996}`, "super-secret-jwt-token-with-at-least-32-characters-long", false, true},
		{"a supabase_admin with the key that comes", header, `{"iss":"supabase","role":"supabase_admin","iat":1641769200,"exp":1799535600}`, "your-super-secret-jwt-token-with-at-least-32-characters-long", false, true},
		{"a service_role without typ and iss", `{"alg":"HS256"}`, `{"role":"service_role","exp":1995438800}`, "super-secret-jwt-token-with-at-least-32-characters-long", false, true},
		{"an anon without typ and iss", `{"alg":"HS256"}`, `{"role":"anon"}`, "your-super-secret-jwt-token-with-at-least-32-characters-long", false, true},
		{"a role of PostgREST without typ", `{"alg":"HS256"}`, `{"role":"web_user","exp":1995438800}`, "reallyreallyreallyreallyverysafe", false, true},
		{"PostgREST, and an end", header, `{"role":"todo_user","exp":4102444800}`, "reallyreallyreallyreallyverysafe", false, true},
		{"jwt.io, and a key's id", `{"alg":"HS256","typ":"JWT","kid":"1"}`, `{"sub":"1234567890"}`, "your-256-bit-secret", false, true},
		{"jwt.io, and a key's address", `{"alg":"HS256","typ":"JWT","jku":"https://a.example"}`, `{"sub":"1234567890"}`, "your-256-bit-secret", false, true},
		{"jwt.io, and alg twice", `{"alg":"HS256","alg":"HS256"}`, `{"sub":"1234567890"}`, "your-256-bit-secret", false, true},
		{"jwt.io, as an access token", `{"alg":"HS256","typ":"at+jwt"}`, `{"sub":"1234567890"}`, "your-256-bit-secret", false, true},
		{"PostgREST", header, `{"role":"todo_user"}`, "reallyreallyreallyreallyverysafe", true, false},
		{"jose's documentation", `{"alg":"HS256"}`, `{"urn:example:claim":true,"iat":1669056231,"iss":"urn:example:issuer","aud":"urn:example:audience"}`,
			jose, true, false},
		{"jose's documentation, of today", `{"alg":"HS256"}`, `{"urn:example:claim":true,"iat":1795435200,"iss":"urn:example:issuer","aud":"urn:example:audience"}`,
			jose, false, true},
		{"jose's documentation, and a scope", `{"alg":"HS256"}`,
			`{"urn:example:claim":true,"iat":1669056231,"iss":"urn:example:issuer","aud":"urn:example:audience","scope":"admin"}`, jose, false, true},
		{"a session signed as jose's documentation has it", `{"alg":"HS256"}`, `{"userId":"7","exp":1895438800}`, jose, false, true},
		{"an issuer of documents", header, `{"iss":"https://id.example.com","sub":"7"}`, "your-256-bit-secret", false, true},
		{"a document's issuer, and a scope", header, `{"iss":"https://id.example.com","scope":"admin"}`, "your-256-bit-secret", false, true},
		{"a local issuer", header, `{"iss":"http://localhost:8080","sub":"7"}`, "your-256-bit-secret", false, true},
		{"a real issuer with a published key", header, `{"iss":"https://api.shop.dev","sub":"7"}`, "your-256-bit-secret", false, true},
		{"a real Supabase with the published key", header, `{"iss":"https://api.shop.dev/auth/v1","role":"authenticated","session_id":"s","sub":"7"}`,
			"super-secret-jwt-token-with-at-least-32-characters-long", false, true},
		{"another key", header, `{"sub":"7"}`, "another key", false, false},
		{"another key, and a role", header, `{"sub":"7","role":"anon"}`, "another key", false, false},
		{"a key with an id", `{"alg":"HS256","kid":"1"}`, `{"sub":"7"}`, "secret", false, true},
		{"another algorithm", `{"alg":"RS256"}`, `{"sub":"7"}`, "secret", false, false},
		{"longer than any sample", header, `{"sub":"` + strings.Repeat("7", 4096) + `"}`, "secret", false, true},
		{"no credential, but a published key", `{"alg":"HS256","typ":"logout+jwt"}`, `{"sub":"7"}`, "secret", false, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			j := testJudge().Token(signed(t, test.header, test.claims, test.key))
			checkSample(t, j, test.sample)
			if got := slices.Contains(riskIDs(j), "published-key"); got != test.risk {
				t.Errorf("published-key: %t, want %t", got, test.risk)
			}
			if test.risk {
				if got := j.Facts.Severity(PlaceFacts{openFile}); got != finding.Critical {
					t.Errorf("severity %s, want critical", got)
				}
			}
		})
	}
}

// jwt.io's samples had a kid for two algorithms, and for no other.
func TestHeadersOfDemonstrations(t *testing.T) {
	for _, test := range []struct {
		header object
		want   bool
	}{
		{`{"alg":"ES384","typ":"JWT","kid":"iTqXXI0zbAnJCKDaobfhkM1f-6rMSpTfyZMRp_2tKI8"}`, true},
		{`{"alg":"ES512","typ":"JWT","kid":"xZDfZpry4P9vZPZyG2fNBRj-7Lz5omVdm7tHoCgSNfY"}`, true},
		{`{"alg":"HS256","typ":"JWT","kid":"xZDfZpry4P9vZPZyG2fNBRj-7Lz5omVdm7tHoCgSNfY"}`, false},
		{`{"alg":"ES384","typ":"JWT","kid":"1"}`, false},
		{`{"alg":"ES384","typ":"JWT"}`, true},
		{`{"alg":"ES384","typ":"JWT","jku":"https://a.example"}`, false},
	} {
		s := survey{Token: token(t, test.header, `{"sub":"1234567890"}`)}
		s.look()
		if got := isDemonstration(&s); got != test.want {
			t.Errorf("%s: %t, want %t", test.header, got, test.want)
		}
	}
}

func TestPublishedKeysOfOtherHashes(t *testing.T) {
	for _, test := range []struct {
		algorithm, key string
		newHash        func() hash.Hash
		want           bool
	}{
		{"HS384", "your-384-bit-secret", sha512.New384, true},
		{"HS384", "a-valid-string-secret-that-is-at-least-384-bits-long", sha512.New384, true},
		{"HS512", "your-512-bit-secret", sha512.New, true},
		{"HS512", "a-valid-string-secret-that-is-at-least-512-bits-long-which-is-very-long", sha512.New, true},
		{"HS512", "another", sha512.New, false},
		{"HS384", "your-384-bit-secret", sha512.New, false},
	} {
		input := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"`+test.algorithm+`","typ":"JWT"}`)) + ".eyJzdWIiOiIxMjM0NTY3ODkwIn0"
		mac := hmac.New(test.newHash, []byte(test.key))
		mac.Write([]byte(input))
		j := testJudge().Token(decoded(t, input+"."+base64.RawURLEncoding.EncodeToString(mac.Sum(nil))))
		if j.Sample != test.want {
			t.Errorf("%s with %q: sample is %t", test.algorithm, test.key, j.Sample)
		}
	}
}

// The HMAC written here is that of the standard library, for every secret and any length of input.
func TestMACInput(t *testing.T) {
	for _, length := range []int{0, 1, 63, 64, 65, 1000, maxSampleInput, maxSampleInput + 1} {
		input := strings.Repeat("x", length)
		m := newMACInput(input)
		for secret := range publishedSecretCount {
			own := hmacOf(secret.octets(), input)
			if !m.verifies(secret, own) {
				t.Errorf("secret %d and input of %d bytes: differs", secret, length)
			}
			own[0] ^= 1
			if m.verifies(secret, own) {
				t.Errorf("secret %d and input of %d bytes: accepts what is not its own", secret, length)
			}
			if len(secret.octets()) > sha256.BlockSize {
				t.Errorf("secret %d is longer than a block, which HMAC would hash first", secret)
			}
		}
		m.free()
	}
}
