package triage

import "testing"

func platformTests() []issuerTest {
	const rs256 = `{"alg":"RS256","kid":"k"}`
	return []issuerTest{
		{"authentik", "access token", "unknown ", rs256, `{"iss":"https://id.shop.example/application/o/shop/","sub":"7","aud":"c","azp":"c","uid":"u"}`, []string{"POST /application/o/revoke/", "client c (application shop)"}},
		{"authentik", "ID token", "person amr", rs256, `{"iss":"https://id.shop.example/application/o/shop/","sub":"7","aud":"c","nonce":"n","amr":["pwd"]}`, nil},
		{"zitadel", "access token", "unknown ", rs256, `{"iss":"https://shop-x1.zitadel.cloud","sub":"7","aud":["1","2"]}`, []string{"/oauth/v2/revoke"}},
		{"zitadel", "access token", "unknown ", rs256, `{"iss":"https://id.shop.example","sub":"7","urn:zitadel:iam:user:resourceowner:id":"1"}`, nil},
		{"ory", "access token", "workload sub", rs256, `{"iss":"https://id.shop.example/","sub":"c7","client_id":"c7","scp":["read"],"ext":{},"aud":[],"jti":"1"}`, []string{"client c7", "subject=c7"}},
		{"ory", "access token", "unknown ", rs256, `{"iss":"https://shop.projects.oryapis.com","sub":"u7","client_id":"c7","scp":["read"]}`, nil},
		{"logto", "access token", "workload sub", rs256, `{"iss":"https://shop.logto.app/oidc","sub":"c7","client_id":"c7","azp":"c7","aud":"https://api.example"}`, nil},
		{"logto", "ID token", "unknown ", rs256, `{"iss":"https://shop.logto.app/oidc","sub":"u7","aud":"c7"}`, nil},
		{"dex", "ID token", "person sub", rs256, `{"iss":"https://dex.shop.example","sub":"x","aud":"c","federated_claims":{"connector_id":"ldap","user_id":"u"}}`, []string{"RevokeRefresh"}},
		{"sigstore", "ID token", "person email", rs256, `{"iss":"https://oauth2.sigstore.dev/auth","sub":"x","aud":"sigstore","email":"a@b.example","federated_claims":{"connector_id":"https://github.com/login/oauth"}}`, []string{"rekor-cli search --email a@b.example"}},
		{"grafana", "ID token", "person sub", `{"alg":"ES256","typ":"jwt"}`, `{"iss":"https://grafana.shop.example/","sub":"user:1","aud":"org:1","type":"user","identifier":"u","namespace":"default","authenticatedBy":"password"}`, nil},
		{"grafana", "ID token", "workload sub", `{"alg":"ES256","typ":"jwt"}`, `{"iss":"https://grafana.shop.example/","sub":"service-account:2","aud":"org:1","namespace":"org-2","authenticatedBy":"apikey"}`, nil},
		{"grafana", "access token", "workload sub", `{"alg":"ES256","typ":"at+jwt"}`, `{"iss":"https://auth.example","sub":"access-policy:7","aud":["a"],"namespace":"stacks-7","permissions":["folders:get"],"delegatedPermissions":["x:y"]}`, []string{"Cloud access policies"}},
		{"harbor", "access token", "workload sub", rs256, `{"iss":"harbor-token-issuer","sub":"robot$ci","aud":"harbor-registry","access":[{"type":"repository","name":"shop/app","actions":["pull"]}]}`, []string{"robot's secret"}},
		{"harbor", "access token", "person sub", rs256, `{"iss":"harbor-token-issuer","sub":"dev","aud":"harbor-registry","access":null}`, nil},
		{"harbor", "API key", "workload iss", rs256, `{"iss":"harbor-token-defaultIssuer","id":1,"pid":2,"access":[{"Resource":"/project/2/repository","Action":"pull"}]}`, []string{"Robot Accounts > Delete"}},
		{"jitsi", "access token", "person context", `{"alg":"HS256"}`, `{"aud":"jitsi","iss":"app","sub":"meet.shop.example","room":"*","context":{"user":{"name":"A"}}}`, []string{"app_secret"}},
		{"jitsi", "access token", "person context", `{"alg":"RS256","kid":"vpaas-magic-cookie-7/4f"}`, `{"aud":"jitsi","iss":"chat","sub":"vpaas-magic-cookie-7","context":{"user":{}}}`, []string{"API key vpaas-magic-cookie-7/4f"}},
		{"stream", "API key", "workload server", `{"alg":"HS256"}`, `{"server":true,"iat":1795435200}`, []string{"replace the API secret"}},
		{"stream", "access token", "unknown ", `{"alg":"HS256"}`, `{"resource":"*","action":"*","feed_id":"*"}`, []string{"replace the API secret"}},
		{"stream", "access token", "person user_id", `{"alg":"HS256"}`, `{"user_id":"u7","call_cids":["default:1"],"iat":1}`, []string{"revoke-token --user u7; ", "stream-cli chat revoke-all-tokens"}},
		{"mongodb-atlas", "access token", "workload sub", rs256, `{"iss":"https://cloud.mongodb.com","sub":"mdb_sa_id_0123456789abcdef01234567","aud":"api"}`, []string{"https://cloud.mongodb.com/api/oauth/revoke"}},
		{"mongodb-app-services", "access token", "person sub", `{"alg":"HS256"}`, `{"baas_device_id":"0","baas_domain_id":"1","sub":"u","typ":"access","exp":1795436000}`, nil},
		{"mongodb-app-services", "refresh token", "person sub", `{"alg":"HS256"}`, `{"baas_device_id":"0","baas_domain_id":"1","sub":"u","typ":"refresh"}`, nil},
		{"1password-connect", "API key", "workload sub", `{"alg":"ES256","kid":"k"}`, `{"iss":"com.1password.b5","aud":["com.1password.connect"],"sub":"s","jti":"t","1password.com/vts":[{"u":"v","a":49152}]}`, []string{"op connect token delete"}},
		{"infisical", "access token", "workload identityId", `{"alg":"HS256"}`, `{"identityId":"i","clientSecretId":"c","identityAccessTokenId":"t","authTokenType":"identityAccessToken"}`, []string{"/api/v1/auth/token/revoke", "client secret c of identity i"}},
		{"turso", "API key", "workload id", `{"alg":"EdDSA","typ":"JWT"}`, `{"a":"rw","iat":1795435200,"id":"d0"}`, []string{"turso group tokens invalidate GROUP", "turso db tokens invalidate DATABASE"}},
		{"mercure", "access token", "unknown ", `{"alg":"HS256"}`, `{"mercure":{"publish":["*"],"subscribe":["https://shop.example/{id}"]}}`, nil},
		{"metabase", "access token", "unknown ", `{"alg":"HS256"}`, `{"resource":{"dashboard":7},"params":{},"exp":1795436000}`, []string{"embedding secret key"}},
	}
}

// A part of what proves a platform proves nothing.
func TestHalfAPlatformIsNone(t *testing.T) {
	const rs256 = `{"alg":"RS256","kid":"k"}`
	for _, test := range []struct{ name, header, claims string }{
		{"authentik's path, and more", rs256, `{"iss":"https://a.example/application/o/shop/more","sub":"7"}`},
		{"authentik's path, and no application", rs256, `{"iss":"https://a.example/application/o/","sub":"7"}`},
		{"ext and scp", rs256, `{"iss":"https://a.example","ext":{},"scp":["a"]}`},
		{"ext is a word", rs256, `{"iss":"https://a.example","ext":"x","scp":["a"],"client_id":"c"}`},
		{"a namespace", rs256, `{"iss":"https://a.example","namespace":"default"}`},
		{"for jitsi, and no room", rs256, `{"aud":"jitsi"}`},
		{"a server, and a user", `{"alg":"HS256"}`, `{"server":true,"sub":"u"}`},
		{"a server by name", `{"alg":"HS256"}`, `{"server":"a.example"}`},
		{"an account of Atlas cut short", rs256, `{"sub":"mdb_sa_id_0123"}`},
		{"1Password, for another", rs256, `{"iss":"com.1password.b5","aud":"x"}`},
		{"rw over a shared secret", `{"alg":"HS256"}`, `{"a":"rw","id":"d0"}`},
		{"a hub that is a word", rs256, `{"mercure":"x"}`},
		{"a resource that is a word", rs256, `{"resource":"dashboard","params":{}}`},
		{"a path below logto.app", rs256, `{"iss":"https://shop.logto.app/x"}`},
		{"a page of sigstore.dev", rs256, `{"iss":"https://docs.sigstore.dev/auth"}`},
		{"federated by a word", rs256, `{"federated_claims":"x"}`},
	} {
		if j := testJudge().Token(token(t, test.header, test.claims)); j.Issuer != nil {
			t.Errorf("%s: taken for %s", test.name, j.Issuer.ID)
		}
	}
}
