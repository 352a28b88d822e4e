package triage

import "testing"

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

// What says by its form alone that it is a statement is one still.
func TestStatementsWithoutType(t *testing.T) {
	for _, test := range []struct {
		id             string
		header, claims object
	}{
		{"presentation", `{"alg":"ES256"}`, `{"nonce":"n","aud":"v","sd_hash":"x","iat":1}`},
		{"verifiable-credential", `{"alg":"ES256"}`, `{"iss":"https://a.example","vct":"urn:x","cnf":{"jwk":{}}}`},
		{"passport", `{"alg":"ES256"}`, `{"dest":{"tn":["1"]},"orig":{"tn":"2"},"iat":1}`},
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
