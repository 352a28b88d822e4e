package triage

import (
	"strings"
	"testing"
)

// What the table of issuers asks for as proof is asked for: a part of it proves nothing.
func TestHalfAProofIsNone(t *testing.T) {
	for _, test := range []struct {
		name           string
		header, claims object
	}{
		{"a path that begins like that of ADFS", `{"alg":"RS256"}`, `{"iss":"https://a.example/adfsomething"}`},
		{"supabase without a role", `{"alg":"HS256"}`, `{"iss":"supabase"}`},
		{"a role and a branch", `{"alg":"HS256"}`, `{"role":"anon","ref":"refs/heads/main"}`},
		{"for Apple, and not of a team", `{"alg":"ES256","kid":"KEY1234567"}`, `{"iss":"https://a.example","aud":"https://appleid.apple.com"}`},
		{"a small number, with a key's name", `{"alg":"RS256","kid":"k"}`, `{"iss":"123456","iat":1795435140,"exp":1795435740}`},
		{"a very small number", `{"alg":"RS256"}`, `{"iss":"7","iat":1795435140,"exp":1795435740}`},
		{"a very small number that is one", `{"alg":"RS256"}`, `{"iss":7,"iat":1795435140,"exp":1795435740}`},
		{"twelve minutes", `{"alg":"RS256"}`, `{"iss":"123456","iat":1795435140,"exp":1795435860}`},
		{"a realm, and nothing else of Keycloak's", `{"alg":"HS256"}`, `{"iss":"https://a.example/realms/prod","sub":"u","exp":1795438800}`},
		{"realms within realms", `{"alg":"RS256"}`, `{"iss":"https://a.example/am/oauth2/realms/root/realms/alpha","sid":"s","azp":"c"}`},
		{"a realm below OAuth", `{"alg":"RS256"}`, `{"iss":"https://a.example/am/oauth2/realms/root","azp":"c"}`},
		{"for GitLab, and of no job", `{"alg":"RS256"}`, `{"iss":"https://a.example","aud":"gitlab-authz-token","sub":"gid://gitlab/User/7"}`},
		{"a job, and not for GitLab", `{"alg":"RS256"}`, `{"iss":"https://a.example","aud":"api","sub":"gid://gitlab/Ci::Build/7"}`},
		{"kubernetes.io is a word", `{"alg":"RS256"}`, `{"iss":"https://a.example","kubernetes.io":"x"}`},
		{"kubernetes.io is empty", `{"alg":"RS256"}`, `{"iss":"https://a.example","kubernetes.io":{}}`},
	} {
		if j := testJudge().Token(token(t, test.header, test.claims)); j.Issuer != nil {
			t.Errorf("%s: taken for %s", test.name, j.Issuer.ID)
		}
	}
}

func TestSupabaseKeyWithoutItsIssuer(t *testing.T) {
	j := judged(t, `{"role":"service_role","ref":"abcdefghijklmnopqrst","exp":2015360000}`)
	if j.Issuer == nil || j.Issuer.TokenUse != "service_role key" {
		t.Errorf("told as %v", j.Issuer)
	}
}

// Advice that can't be followed is worse than none: these are the addresses and commands that the documents of each have.
func TestAdviceFitsTheToken(t *testing.T) {
	for _, test := range []struct {
		name   string
		claims object
		want   string
		not    string
	}{
		{"Okta, the organization's own server", `{"iss":"https://shop.okta.com","cid":"c","sub":"u"}`, "POST https://shop.okta.com/oauth2/v1/revoke ", ""},
		{"Okta, a custom server", `{"iss":"https://shop.okta.com/oauth2/default","cid":"c","scp":["a"]}`, "POST https://shop.okta.com/oauth2/default/v1/revoke ", ""},
		{"Okta, a slash behind", `{"iss":"https://shop.okta.com/oauth2/default/","cid":"c","scp":["a"]}`, "/default/v1/revoke ", "//v1"},
		{"Okta, an ID token", `{"iss":"https://shop.okta.com","ver":1,"aud":"c7","idp":"i","amr":["pwd"],"sub":"u7","nonce":"n"}`, "People > u7 > Clear User Sessions", "/revoke"},
		{"Okta, an ID token without nonce", `{"iss":"https://shop.okta.com/oauth2/default","ver":1,"jti":"ID.x","aud":"c7","sub":"u7"}`, "Can't be revoked", "/revoke"},
		{"Okta, an access token with a nonce", `{"iss":"https://shop.okta.com/oauth2/default","cid":"c","scp":["a"],"nonce":"n"}`, "/oauth2/default/v1/revoke ", "Can't"},
		{"Okta, the client's own", `{"iss":"https://shop.okta.com/oauth2/default","cid":"c7","scp":["a"],"sub":"c7"}`,
			"POST https://shop.okta.com/oauth2/default/v1/revoke with the credentials of client c7. ", "People"},
		{"Okta, the client's own, and its secret", `{"iss":"https://shop.okta.com/oauth2/default","cid":"c7","scp":["a"],"sub":"c7"}`, "rotate its secret or key, at Applications > c7 ", ""},
		{"Supabase, anon", `{"iss":"supabase","ref":"proj7","role":"anon","iat":1700000000,"exp":2015360000}`, "Made to be public", ""},
		{"Supabase, anon and service_role", `{"iss":"supabase","ref":"proj7","role":"anon","role":"service_role","iat":1700000000,"exp":2015360000}`, "row level security", "Made to be public"},
		{"Supabase, service_role and anon", `{"iss":"supabase","ref":"proj7","role":"service_role","role":"anon","iat":1700000000,"exp":2015360000}`, "row level security", "Made to be public"},
		{"Supabase, anon with another role within", `{"iss":"supabase","ref":"proj7","role":"anon","app_metadata":{"role":"service_role"},"exp":2015360000}`, "one of project proj7 that passes by", "Made to be public"},
		{"Supabase, anon without a project with another role", `{"iss":"supabase","role":"anon","app_metadata":{"role":"service_role"},"exp":2015360000}`, "row level security", "Made to be public"},
		{"Keycloak, offline", `{"iss":"https://a.example/realms/r","typ":"Offline","sid":"s7"}`, "delete sessions/s7 -r r -q isOffline=true. ", ""},
		{"Keycloak, no session", `{"iss":"https://a.example/auth/realms/r","typ":"Bearer"}`, "realm r > Sessions > Action > Revocation > Set to now", "SESSION"},
		{"Keycloak, online", `{"iss":"https://a.example/realms/r","typ":"Bearer","session_state":"s7"}`, "delete sessions/s7 -r r. ", "isOffline"},
		{"Entra, managed identity", `{"iss":"https://sts.windows.net/t/","tid":"t","oid":"o7","sub":"o7","appid":"a","xms_mirid":"/subscriptions/x"}`,
			"az role assignment delete --assignee o7", "credential reset"},
		{"Entra, application", `{"iss":"https://sts.windows.net/t/","tid":"t","oid":"o7","sub":"o7","appid":"a7","azp":"a8","idtyp":"app"}`,
			"az ad app credential reset --id a7 (", "a7a8"},
		{"Cognito, both names", `{"iss":"https://cognito-idp.eu-west-1.amazonaws.com/p","sub":"s","username":"u7","cognito:username":"u7"}`, "--username u7. ", "u7u7"},
	} {
		j := judged(t, test.claims)
		if j.Issuer == nil {
			t.Errorf("%s: no issuer", test.name)
			continue
		}
		if got := j.Issuer.Revocation; !strings.Contains(got, test.want) || test.not != "" && strings.Contains(got, test.not) {
			t.Errorf("%s: %q, want %q in it, and %q not", test.name, got, test.want, test.not)
		}
	}
}

// RFC 8693 has objects for the claims that tell of delegation.
func TestActIsAnObject(t *testing.T) {
	for _, claims := range []object{`{"sub":"7","act":"click"}`, `{"sub":"7","act":true}`, `{"sub":"7","may_act":null}`, `{"sub":"7","act":["a"]}`} {
		if got := judged(t, claims).Holder; got.Kind == delegated {
			t.Errorf("%s: delegated by %s", claims, got.By)
		}
	}
}

// A command with an operator's own credentials goes to no address that the token alone vouches for.
func TestAdviceSendsNothingToTheTokensOwnAddress(t *testing.T) {
	for _, claims := range []object{
		`{"iss":"https://harm.example/oauth2/default","cid":"c7","uid":"u7","ver":1,"scp":["openid"],"sub":"s"}`,
		`{"iss":"https://harm.example/v1/identity/oidc","sub":"entity-7","aud":"c"}`,
		`{"iss":"https://harm.example/realms/shop","typ":"Bearer","azp":"web","sid":"s7","sub":"u"}`,
	} {
		j := judged(t, claims)
		if j.Issuer == nil {
			t.Errorf("%s: no issuer", claims)
		} else if strings.Contains(j.Issuer.Revocation, "harm.example") {
			t.Errorf("%s: %q", j.Issuer.ID, j.Issuer.Revocation)
		}
	}
}

// An issuer that begins like an address, and is none, is known by its word.
func TestIssuerThatBeginsLikeAnAddress(t *testing.T) {
	j := judged(t, `{"iss":"https-proxy@p7.iam.gserviceaccount.com","aud":"https://oauth2.googleapis.com/token"}`)
	if j.Issuer == nil || j.Issuer.ID != "google-service-account" {
		t.Errorf("told as %v", j.Issuer)
	}
}
