package triage

import (
	"strings"
	"testing"
)

// A claim that has only the name of one that a statement has makes no statement: these are credentials, and to be told as
// such.
func TestNamesAloneMakeNoStatement(t *testing.T) {
	const plain = `{"alg":"RS256","kid":"k"}`
	for _, test := range []struct {
		name           string
		header, claims object
	}{
		{"events are permissions", plain, `{"iss":"https://a.example","sub":"u","events":{"create":true}}`},
		{"events are flags, and roles", plain, `{"iss":"https://a.example","sub":"u","events":{"a:read":true},"roles":["admin"]}`},
		{"events are flags", plain, `{"iss":"https://a.example","sub":"u","events":{"a:read":true}}`},
		{"events, and a scope", plain, `{"iss":"https://a.example","sub":"u","events":{"urn:a":{}},"scope":"admin"}`},
		{"a logout token with a scope", `{"alg":"RS256","typ":"logout+jwt"}`, `{"iss":"https://a.example","sub":"u","scope":"admin"}`},
		{"a proof with a role", `{"alg":"RS256","typ":"dpop+jwt"}`, `{"iss":"https://a.example","sub":"u","roles":["admin"]}`},
		{"a credential's claim, and a scope", plain, `{"iss":"https://a.example","sub":"u","vc":{},"scope":"admin"}`},
		{"vc is a number", plain, `{"iss":"https://a.example","sub":"u","vc":3}`},
		{"vp is a flag", plain, `{"iss":"https://a.example","sub":"u","vp":true}`},
		{"vct alone", plain, `{"iss":"https://a.example","sub":"u","vct":"x"}`},
		{"sd_hash alone", plain, `{"iss":"https://a.example","sub":"u","sd_hash":"x"}`},
		{"a flight", plain, `{"iss":"https://a.example","sub":"u","orig":"VIE","dest":"LHR"}`},
		{"a user with a licence", plain, `{"sub":"42","license":"pro","jti":"1","iat":1795435200,"exp":1798027200}`},
		{"a session with a licence", plain, `{"lic":"x","licensee":"y","iat":1795435200,"exp":1795438800}`},
		{"a purpose, and roles", plain, `{"sub":"42","type":"verification","roles":["admin"]}`},
		{"an action, and a known issuer", plain, `{"iss":"https://login.microsoftonline.com/t/v2.0","sub":"42","action":"activation"}`},
		{"a usage, and a known issuer", plain, `{"iss":"https://shop.okta.com","sub":"42","usage":"license"}`},
		{"client and response type of a user's token", plain, `{"iss":"https://a.example","sub":"u","client_id":"c","response_type":"code"}`},
		{"client and response type, by another", plain, `{"iss":"https://a.example","client_id":"c","response_type":"code"}`},
		{"software of a user", plain, `{"iss":"https://a.example","sub":"u","software_id":"x","client_name":"y"}`},
		{"software id alone", plain, `{"iss":"https://a.example","software_id":"x"}`},
		{"htm and htu of a user's token", plain, `{"iss":"https://a.example","sub":"u","htm":"GET","htu":"https://a.example"}`},
		{"nonce and url in the header of a user's token", `{"alg":"RS256","nonce":"x","url":"https://a.example"}`, `{"iss":"https://a.example","sub":"u"}`},
		{"a notification's type, and a subject", `{"alg":"ES256","x5c":["MII"]}`, `{"sub":"u","notificationType":"mail","data":{}}`},
		{"a contact, for an API", `{"alg":"ES256"}`, `{"aud":"https://api.example/v1","sub":"mailto:a@b.example"}`},
		{"a contact, for an API's origin", `{"alg":"ES256"}`, `{"aud":"https://api.example","sub":"mailto:a@b.example","exp":1795438800}`},
		{"a contact, with a role", `{"alg":"ES256"}`, `{"aud":"https://api.example","sub":"mailto:a@b.example","role":"admin"}`},
	} {
		if j := testJudge().Token(token(t, test.header, test.claims)); j.NoCredential {
			t.Errorf("%s: taken for %s, which is no credential", test.name, j.Issuer.ID)
		}
	}
}

// A token of an issuer that is proved, or with what access tokens have, is that still with a claim or a typ of a statement.
func TestCredentialsOfKnownIssuersStay(t *testing.T) {
	const plain = `{"alg":"RS256","kid":"k"}`
	for _, issuer := range []struct{ id, claims string }{
		{"okta", `"iss":"https://shop.okta.com/oauth2/default","sub":"u","jti":"1","iat":1795435200,"cid":"c"`},
		{"keycloak", `"iss":"https://sso.shop.example/realms/shop","sub":"u","jti":"1","iat":1795435200,"azp":"c"`},
		{"google", `"iss":"accounts.google.com","sub":"u","jti":"1","iat":1795435200,"azp":"c"`},
		{"argocd", `"iss":"argocd","sub":"admin","jti":"1","iat":1795435200`},
		{"kubernetes", `"iss":"https://k8s.shop.example","sub":"system:serviceaccount:a:b","jti":"1","iat":1795435200,` +
			`"kubernetes.io":{"namespace":"a","serviceaccount":{"name":"b","uid":"u"}}`},
		{"", `"iss":"https://id.shop.example","sub":"u","jti":"1","iat":1795435200,"aud":"api","exp":1795438800,"azp":"c"`},
		{"", `"iss":"https://id.shop.example","sub":"u","jti":"1","iat":1795435200,"aud":"api","exp":1795438800,"client_id":"c"`},
	} {
		for _, test := range []struct{ name, header, claims string }{
			{"events", plain, `"events":{"urn:a":{}}`},
			{"a logout alone", plain, `"events":{"http://schemas.openid.net/event/backchannel-logout":{}}`},
			{"a logout", plain, `"events":{"http://schemas.openid.net/event/backchannel-logout":{}},"other":1`},
			{"a credential", plain, `"vc":{"type":["a"],"credentialSubject":{}}`},
			{"a credential's type and a key", plain, `"vct":"x","cnf":{"jkt":"x"}`},
			{"a presentation", plain, `"vp":{"type":["a"],"verifiableCredential":[]}`},
			{"a key binding", plain, `"sd_hash":"x","nonce":"n","aud":"a"`},
			{"an empty metadata", `{"alg":"RS256","typ":"entity-statement+jwt"}`, `"metadata":{}`},
			{"an empty set of keys", `{"alg":"RS256","typ":"entity-statement+jwt"}`, `"jwks":{}`},
			{"metadata", `{"alg":"RS256","typ":"entity-statement+jwt"}`, `"metadata":{"a":{}},"aud":"a","other":1`},
			{"a purpose", plain, `"purpose":"verify_email"`},
			{"an action", plain, `"action":"verify_email"`},
			{"a licensee", plain, `"licensee":"x"`},
			{"a licence's key", plain, `"license_key":"x"`},
			{"a call", plain, `"orig":{"tn":"1"},"dest":{"tn":["2"]}`},
			{"a proof", `{"alg":"RS256","typ":"dpop+jwt"}`, `"htm":"GET","htu":"https://a.example"`},
		} {
			claims := issuer.claims
			if strings.Contains(test.claims, `"aud"`) && strings.Contains(claims, `"aud"`) {
				continue // which would be there twice
			}
			j := testJudge().Token(token(t, test.header, "{"+claims+","+test.claims+"}"))
			if j.NoCredential {
				t.Errorf("%s, and %s: taken for %s, which is no credential", issuer.claims[:40], test.name, j.Issuer.ID)
			} else if issuer.id != "" && (j.Issuer == nil || !strings.HasPrefix(j.Issuer.ID, issuer.id)) {
				t.Errorf("%s, and %s: %v", issuer.id, test.name, j.Issuer)
			}
		}
	}
}

// What is of a known issuer and has nothing but a statement's claims is one: these are what they send.
func TestStatementsOfKnownIssuers(t *testing.T) {
	const logout = `"events":{"http://schemas.openid.net/event/backchannel-logout":{}}`
	for _, test := range []struct {
		id             string
		header, claims object
	}{
		{"logout-token", `{"alg":"RS256","typ":"logout+jwt"}`, `{"iss":"https://shop.okta.com","sub":"u","aud":"c","iat":1795435200,"exp":1795438800,"jti":"1",` + logout + `}`},
		{"logout-token", `{"alg":"RS256","typ":"JWT"}`, `{"iss":"https://sso.shop.example/realms/shop","sub":"u","aud":"c","iat":1795435200,"exp":1795438800,"jti":"1","typ":"Logout","sid":"s",` + logout + `}`},
		{"security-event", `{"alg":"RS256"}`, `{"iss":"https://accounts.google.com/","aud":"c","iat":1795435200,"jti":"1","events":{"https://schemas.openid.net/secevent/risc/event-type/account-disabled":{}}}`},
		{"introspection-response", `{"alg":"RS256","typ":"token-introspection+jwt"}`, `{"iss":"https://sso.shop.example/realms/shop","aud":"c","iat":1795435200,"token_introspection":{"active":true}}`},
		{"verifiable-credential", `{"alg":"ES256","typ":"dc+sd-jwt"}`, `{"iss":"https://sso.shop.example/realms/shop","vct":"x","cnf":{"jwk":{"kty":"EC"}},"family_name":"x"}`},
	} {
		j := testJudge().Token(token(t, test.header, test.claims))
		if j.Issuer == nil || j.Issuer.ID != test.id {
			t.Errorf("not taken for %s: %v", test.id, j.Issuer)
		}
	}
	if j := judged(t, `{"iss":"https://a.example","jti":"1","iat":1795435200,"exp":1795438800,"events":{"urn:a":{}}}`); j.NoCredential {
		t.Errorf("a security event that ends: taken for %s", j.Issuer.ID)
	}
}

// One claim or header parameter turns no credential into a statement: what the kind's specification asks for has to be there.
func TestTypeAloneMakesNoStatement(t *testing.T) {
	const (
		plain = `{"alg":"RS256","kid":"k"}`
		user  = `{"iss":"https://a.example","sub":"u","aud":"x","exp":1795438800}`
	)
	for _, typ := range []string{
		"license", "licence+jwt", "passport", "logout+jwt", "secevent+jwt", "dpop+jwt", "entity-statement+jwt", "trust-mark+jwt",
		"vc+jwt", "vc+sd-jwt", "dc+sd-jwt", "sd-jwt", "vp+jwt", "kb+jwt", "openid4vci-proof+jwt", "oauth-client-attestation-pop+jwt",
		"oauth-authz-req+jwt", "token-introspection+jwt", "statuslist+jwt", "oauth-client-attestation+jwt", "key-attestation+jwt",
	} {
		if j := testJudge().Token(token(t, `{"alg":"RS256","typ":"`+typ+`"}`, user)); j.NoCredential {
			t.Errorf("typ %s alone: taken for %s", typ, j.Issuer.ID)
		}
		flagged := `{"iss":"https://a.example","sub":"u","vct":"x","vc":{"type":["a"],"credentialSubject":{}},"license_key":"7","jti":"1","iat":1795435200,` +
			`"htm":"GET","htu":"https://a.example","orig":{"tn":"1"},"dest":{"tn":["2"]},"events":{"urn:a":{}},"jwks":{},"cnf":{"jkt":"x"},"admin":true}`
		if j := testJudge().Token(token(t, `{"alg":"RS256","typ":"`+typ+`"}`, flagged)); j.NoCredential {
			t.Errorf("typ %s and admin: taken for %s", typ, j.Issuer.ID)
		}
	}
	for _, test := range []struct {
		name           string
		header, claims object
	}{
		{"a pass for a token endpoint", plain, `{"iss":"r@p.iam.gserviceaccount.com","sub":"r@p.iam.gserviceaccount.com","aud":"https://oauth2.googleapis.com/token","typ":"savetowallet"}`},
		{"a pass with a scope", plain, `{"iss":"r@p.iam.gserviceaccount.com","aud":"google","typ":"savetowallet","payload":{},"scope":"https://www.googleapis.com/auth/devstorage.read_only"}`},
		{"a pass of nothing", plain, `{"iss":"r@p.iam.gserviceaccount.com","aud":"google","typ":"savetowallet"}`},
		{"an empty credential", plain, `{"iss":"https://a.example","sub":"u","aud":"x","exp":1795438800,"vc":{}}`},
		{"an empty presentation", plain, `{"iss":"https://a.example","sub":"u","aud":"x","vp":{}}`},
		{"Keycloak's word for logout", plain, `{"iss":"https://a.example/realms/r","sub":"u","aud":"x","typ":"Logout","exp":1795438800}`},
		{"a type of verification", plain, `{"iss":"https://a.example","sub":"u","aud":"x","type":"verification","exp":1795438800}`},
		{"a type of activation", plain, `{"sub":"u","action":"activation"}`},
		{"a use of licence", plain, `{"iss":"https://a.example","sub":"u","aud":"x","usage":"license"}`},
		{"an ACME header over a shared secret", `{"alg":"HS256","nonce":"n","url":"https://a.example"}`, `{"user":"a","admin":true}`},
		{"an ACME header without a key", `{"alg":"ES256","nonce":"n","url":"https://a.example"}`, `{}`},
		{"an ACME header over claims", `{"alg":"ES256","nonce":"n","url":"https://a.example","kid":"https://a.example/1"}`, `{"user":"a"}`},
		{"a DPoP proof's claims, and a flag", plain, `{"htm":"GET","htu":"https://a.example","jti":"1","iat":1,"is_admin":true}`},
		{"an attestation without its certificate", plain, `{"apkPackageName":"app.example","ctsProfileMatch":true,"nonce":"n"}`},
		{"a store's record, and a role", `{"alg":"ES256","x5c":["MII"]}`, `{"bundleId":"a","transactionId":"1","role":"admin"}`},
		{"a push identity with a role", `{"alg":"ES256"}`, `{"aud":"https://fcm.googleapis.com","exp":1795478400,"sub":"mailto:a@b.example","roles":["admin"]}`},
		{"an event that nobody issued", plain, `{"sub":"u","aud":"x","events":{"urn:a":{}}}`},
		{"empty places of a call", `{"alg":"ES256","typ":"passport"}`, `{"iat":1,"orig":{},"dest":{}}`},
		{"a disclosable credential for an audience", `{"alg":"ES256","typ":"dc+sd-jwt"}`, `{"iss":"https://a.example","vct":"x","aud":"api"}`},
	} {
		if j := testJudge().Token(token(t, test.header, test.claims)); j.NoCredential {
			t.Errorf("%s: taken for %s, which is no credential", test.name, j.Issuer.ID)
		}
	}
}

// What says by its form alone that it is a statement is one still.
func TestStatementsWithoutType(t *testing.T) {
	for _, test := range []struct {
		id             string
		header, claims object
	}{
		{"presentation", `{"alg":"ES256"}`, `{"nonce":"n","aud":"v","sd_hash":"x","iat":1}`},
		{"verifiable-credential", `{"alg":"ES256"}`, `{"iss":"https://a.example","vct":"urn:x","cnf":{"jwk":{"kty":"EC"}}}`},
		{"passport", `{"alg":"ES256"}`, `{"dest":{"tn":["1"]},"orig":{"tn":"2"},"iat":1}`},
		{"passport", `{"alg":"ES256"}`, `{"dest":{"uri":["sip:a@b.example"]},"orig":{"uri":"sip:c@d.example"},"iat":1}`},
		{"acme-request", `{"alg":"ES256","kid":"https://acme.example/acct/1","nonce":"n","url":"https://acme.example/order"}`, `{"identifiers":[{"type":"dns","value":"a.example"}]}`},
		{"acme-request", `{"alg":"ES256","kid":"https://acme.example/acct/1","nonce":"n","url":"https://acme.example/chall"}`, `{}`},
		{"web-push", `{"alg":"ES256"}`, `{"aud":"https://push.example.net","exp":1795478400,"sub":"mailto:push@b.example"}`},
		{"licence", `{"alg":"RS512"}`, `{"license":"pro","exp":1900000000}`},
		{"software-statement", `{"alg":"PS256"}`, `{"iss":"OpenBanking Ltd","software_id":"7","software_redirect_uris":["https://a.example"]}`},
	} {
		j := testJudge().Token(token(t, test.header, test.claims))
		if j.Issuer == nil || j.Issuer.ID != test.id {
			t.Errorf("not taken for %s: %v", test.id, j.Issuer)
		}
	}
}

func TestKindsInAnyCase(t *testing.T) {
	for _, test := range []struct {
		id             string
		header, claims object
	}{
		{"oauth-access-token", `{"alg":"RS256","typ":"Application/At+Jwt"}`, `{"iss":"https://a.example","sub":"7"}`},
		{"refresh-token", `{"alg":"RS256"}`, `{"sub":"7","type":"REFRESH_TOKEN"}`},
		{"refresh-token", `{"alg":"RS256"}`, `{"sub":"7","token_type":"RefreshToken"}`},
	} {
		j := testJudge().Token(token(t, test.header, test.claims))
		if j.Issuer == nil || j.Issuer.ID != test.id {
			t.Errorf("not taken for %s: %v", test.id, j.Issuer)
		}
	}
}

// A kind of token is nobody's name: who made it is told by iss alone. An issuer is one whatever iss says.
func TestKindsAreNoIssuers(t *testing.T) {
	for id := issuerNone + 1; id < issuerCount; id++ {
		known := identity{issuer: id}.known()
		want := id.rule().ID != "wallet-pass" && id.rule().ID != "app-store-signed" && id >= logoutToken
		if known.KindOnly != want {
			t.Errorf("%s: a kind alone: %t, want %t", known.ID, known.KindOnly, want)
		}
	}
	const refreshing = `{"iss":"https://id.shop.example","sub":"7","typ":"Refresh","exp":1795438800}`
	if j := judged(t, refreshing); j.Issuer == nil || !j.Issuer.KindOnly {
		t.Errorf("a refresh token of an unknown issuer: %v", j.Issuer)
	}
	if j := judged(t, `{"iss":"https://id.shop.example/realms/shop","sub":"7","typ":"Refresh","exp":1795438800}`); j.Issuer == nil || j.Issuer.KindOnly {
		t.Errorf("a refresh token of Keycloak: %v", j.Issuer)
	}
}
