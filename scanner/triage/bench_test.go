package triage

import (
	"testing"

	"github.com/jwtleak/jwtleak/detectors/jwt"
	"github.com/jwtleak/jwtleak/scanner/finding"
)

// benchTokens are of the kinds that logs and repositories are full of.
func benchTokens(b *testing.B) map[string]*jwt.Token {
	return map[string]*jwt.Token{
		"own_HS256": token(b, `{"alg":"HS256","typ":"JWT"}`, `{"sub":"42","role":"user","iat":1795431600,"exp":1795438800}`),
		"keycloak": token(b, `{"alg":"RS256","typ":"JWT","kid":"FJ86GcF3jTbNLOco4NvZkUCIUmfYCqoqtOQeMfbhNlE"}`,
			`{"exp":1795438800,"iat":1795431600,"jti":"0f7f4d1c-0000-4000-8000-000000000000","iss":"https://id.shop.example/realms/shop","aud":"account",
			"sub":"5f7f4d1c-0000-4000-8000-000000000000","typ":"Bearer","azp":"web","session_state":"9f7f4d1c-0000-4000-8000-000000000000","acr":"1",
			"allowed-origins":["https://shop.example"],"realm_access":{"roles":["offline_access","uma_authorization","user"]},
			"resource_access":{"account":{"roles":["manage-account","view-profile"]}},"scope":"openid email profile","sid":"9f7f4d1c","email_verified":true,
			"name":"A B","preferred_username":"ab","given_name":"A","family_name":"B","email":"a@b.example"}`),
		"kubernetes": token(b, `{"alg":"RS256","kid":"k"}`,
			`{"aud":["https://kubernetes.default.svc"],"exp":1795438800,"iat":1795435200,"iss":"https://kubernetes.default.svc","kubernetes.io":{"namespace":"shop",
			"pod":{"name":"robot-0","uid":"p"},"serviceaccount":{"name":"robot","uid":"u"},"warnafter":1795438807},"nbf":1795435200,"sub":"system:serviceaccount:shop:robot"}`),
		"entra": token(b, `{"typ":"JWT","alg":"RS256","x5t":"x","kid":"x"}`,
			`{"aud":"api://a","iss":"https://sts.windows.net/00000000-0000-0000-0000-000000000001/","iat":1795431600,"nbf":1795431600,"exp":1795438800,"acr":"1","aio":"x",
			"amr":["pwd"],"appid":"app","appidacr":"0","family_name":"B","given_name":"A","ipaddr":"192.0.2.1","name":"A B","oid":"o","rh":"x","scp":"User.Read",
			"sub":"s","tid":"t","unique_name":"a@b.example","upn":"a@b.example","uti":"u","ver":"1.0"}`),
		"unknown_RS256": token(b, `{"alg":"RS256","typ":"JWT","kid":"1"}`,
			`{"iss":"https://login.shop.example/","sub":"7","aud":"https://api.shop.example","iat":1795431600,"exp":1795438800,"scope":"read write","jti":"1"}`),
		"unknown_HS512": token(b, `{"alg":"HS512"}`, `{"sub":"42","auth":"ROLE_USER","exp":1795438800}`),
	}
}

// What the triage of a distinct token costs, beside what its decoding and fingerprint cost anyway.
func BenchmarkJudge(b *testing.B) {
	judge := testJudge()
	for name, tok := range benchTokens(b) {
		b.Run("triage/"+name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(tok.Compact)))
			for b.Loop() {
				judge.Token(tok)
			}
		})
		b.Run("decode_and_fingerprint/"+name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(tok.Compact)))
			for b.Loop() {
				if _, err := jwt.Decode(tok.Compact); err != nil {
					b.Fatal("does not decode")
				}
				finding.NewFingerprint(tok.Compact)
			}
		})
	}
}
