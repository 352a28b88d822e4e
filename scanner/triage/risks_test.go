package triage

import (
	"slices"
	"testing"
	"time"

	"github.com/jwtleak/jwtleak/scanner/finding"
)

// blameless is a token without a risk; the tests of risks change one thing in it.
const blameless = `{"iss":"https://issuer.example","sub":"7","aud":"https://api.example","jti":"1","iat":1795431600,"exp":1795438800}`

func TestRisks(t *testing.T) {
	const rs256 = `{"alg":"RS256","typ":"JWT","kid":"1"}`
	tests := []struct {
		name           string
		header, claims object
		want           []string
	}{
		{"none at all", rs256, blameless, nil},
		{"no expiry", rs256, `{"iss":"i","aud":"a","jti":"1"}`, []string{"no-expiry"}},
		{"null expiry", rs256, `{"iss":"i","aud":"a","jti":"1","exp":null}`, []string{"malformed-time"}},
		{"lives exactly a day", rs256, `{"iss":"i","aud":"a","jti":"1","iat":1795392000,"exp":1795478400}`, nil},
		{"lives a day and a second", rs256, `{"iss":"i","aud":"a","jti":"1","iat":1795392000,"exp":1795478401}`, []string{"long-lived"}},
		{"no iat, a day left", rs256, `{"iss":"i","aud":"a","jti":"1","exp":1795521600}`, nil},
		{"no iat, a day and a second left", rs256, `{"iss":"i","aud":"a","jti":"1","exp":1795521601}`, []string{"long-lived"}},
		{"no iat, past", rs256, `{"iss":"i","aud":"a","jti":"1","exp":1}`, nil},
		{"milliseconds", rs256, `{"iss":"i","aud":"a","jti":"1","iat":1795431600000,"exp":1795438800000}`, []string{"long-lived", "millisecond-expiry", "malformed-time"}},
		{"iat in milliseconds alone", rs256, `{"iss":"i","aud":"a","jti":"1","iat":1795431600000,"exp":1795438800}`, []string{"malformed-time"}},
		{"string of digits", rs256, `{"iss":"i","aud":"a","jti":"1","exp":"1795438800"}`, []string{"malformed-time"}},
		{"expires in some thirty thousand million years", rs256, `{"iss":"i","aud":"a","jti":"1","exp":1000000000000000000}`, []string{"long-lived", "malformed-time"}},
		{"a claim twice", rs256, `{"iss":"i","iss":"i","aud":"a","jti":"1","exp":1795438800}`, []string{"duplicate-claim"}},
		{"a role twice, one of them broad", rs256, `{"iss":"i","aud":"a","jti":"1","exp":1795438800,"role":"admin","role":"reader"}`, []string{"broad-scope", "duplicate-claim"}},
		{"a flag twice, one of them set", rs256, `{"iss":"i","aud":"a","jti":"1","exp":1795438800,"admin":true,"admin":false}`, []string{"broad-scope", "duplicate-claim"}},
		{"a role twice within, one of them broad", rs256, `{"iss":"i","aud":"a","jti":"1","exp":1795438800,"realm_access":{"roles":["admin"],"roles":["reader"]}}`, []string{"broad-scope", "duplicate-claim"}},
		{"and the other way round", rs256, `{"iss":"i","aud":"a","jti":"1","exp":1795438800,"realm_access":{"roles":["reader"],"roles":["admin"]}}`, []string{"broad-scope", "duplicate-claim"}},
		{"a member twice within a list", rs256, `{"iss":"i","aud":"a","jti":"1","exp":1795438800,"x":[{"y":1,"y":1}]}`, []string{"duplicate-claim"}},
		{"one name in two objects", rs256, `{"iss":"i","aud":"a","jti":"1","exp":1795438800,"x":[{"y":1},{"y":1}]}`, nil},
		{"a member of the header's key twice", `{"alg":"RS256","jwk":{"kty":"RSA","kty":"oct"}}`, blameless, []string{"duplicate-claim", "key-in-header"}},
		{"a header parameter twice", `{"alg":"RS256","kid":"1","kid":"2"}`, blameless, []string{"duplicate-claim"}},
		{"a member of a claim twice", rs256, `{"iss":"i","aud":"a","jti":"1","exp":1795438800,"a":{"b":1,"b":2}}`, []string{"duplicate-claim"}},
		{"exp zero", rs256, `{"iss":"i","aud":"a","jti":"1","exp":0}`, []string{"no-expiry", "malformed-time"}},
		{"alg none", `{"alg":"none"}`, blameless, []string{"alg-none"}},
		{"alg NoNe", `{"alg":"NoNe"}`, blameless, []string{"alg-none"}},
		{"HS256", `{"alg":"HS256","kid":"1"}`, blameless, []string{"symmetric-key"}},
		{"HS512", `{"alg":"HS512","kid":"1"}`, blameless, []string{"symmetric-key"}},
		{"jku", `{"alg":"RS256","jku":"https://a.example/keys"}`, blameless, []string{"key-in-header"}},
		{"x5u", `{"alg":"RS256","x5u":"https://a.example/key"}`, blameless, []string{"key-in-header"}},
		{"jwk", `{"alg":"RS256","jwk":{"kty":"RSA"}}`, blameless, []string{"key-in-header"}},
		{"x5c is none: a chain that can be checked", `{"alg":"RS256","x5c":["MII"]}`, blameless, nil},
		{"jwk in a DPoP proof, which needs it", `{"alg":"ES256","typ":"dpop+jwt","jwk":{"kty":"EC"}}`,
			`{"iss":"i","aud":"a","jti":"1","htm":"GET","htu":"https://a.example","iat":1795435190,"exp":1795435210}`, nil},
		{"no audience", rs256, `{"iss":"i","jti":"1","exp":1795438800}`, []string{"no-audience"}},
		{"audience a number", rs256, `{"iss":"i","aud":7,"jti":"1","exp":1795438800}`, []string{"no-audience"}},
		{"audience empty", rs256, `{"iss":"i","aud":[],"jti":"1","exp":1795438800}`, []string{"no-audience"}},
		{"audience a star", rs256, `{"iss":"i","aud":"*","jti":"1","exp":1795438800}`, []string{"wildcard-audience"}},
		{"audience a pattern, second", rs256, `{"iss":"i","aud":["a","https://*.example"],"jti":"1","exp":1795438800}`, []string{"wildcard-audience", "several-audiences"}},
		{"two audiences", rs256, `{"iss":"i","aud":["a","b"],"jti":"1","exp":1795438800}`, []string{"several-audiences"}},
		{"one audience twice", rs256, `{"iss":"i","aud":["a","a"],"jti":"1","exp":1795438800}`, nil},
		{"no issuer", rs256, `{"aud":"a","jti":"1","exp":1795438800}`, []string{"no-issuer"}},
		{"issuer a number", rs256, `{"iss":7,"aud":"a","jti":"1","exp":1795438800}`, []string{"no-issuer"}},
		{"no token id", rs256, `{"iss":"i","aud":"a","exp":1795438800}`, []string{"no-token-id"}},
		{"admin scope", rs256, `{"iss":"i","aud":"a","jti":"1","exp":1795438800,"scope":"read admin"}`, []string{"broad-scope"}},
		{"admin flag", rs256, `{"iss":"i","aud":"a","jti":"1","exp":1795438800,"is_admin":true}`, []string{"broad-scope"}},
		{"admin flag that is false", rs256, `{"iss":"i","aud":"a","jti":"1","exp":1795438800,"is_admin":false}`, nil},
		{"personal data", rs256, `{"iss":"i","aud":"a","jti":"1","exp":1795438800,"email":"a@b.example"}`, []string{"personal-data"}},
		{"refresh token", rs256, `{"iss":"i","aud":"a","jti":"1","exp":1795438800,"token_type":"refresh"}`, []string{"refresh-token"}},
		{"refresh token of Keycloak", rs256, `{"iss":"https://id.example/realms/r","aud":"a","jti":"1","exp":1795438800,"typ":"Refresh"}`, []string{"refresh-token"}},
		{"everything at once, in order", `{"alg":"none","jku":"https://a.example"}`, `{"scope":"*","name":"A","iat":"x"}`,
			[]string{"no-expiry", "alg-none", "broad-scope", "key-in-header", "malformed-time", "personal-data", "no-audience", "no-issuer", "no-token-id"}},
	}
	shown := []string{finding.Reused().ID} // by whoever gathers the places
	published := riskIDs(testJudge().Token(signed(t, `{"alg":"HS256","kid":"1"}`, blameless, "secret")))
	if want := []string{"published-key", "symmetric-key"}; !slices.Equal(published, want) {
		t.Errorf("signed with a published key: risks %v, want %v", published, want)
	}
	shown = append(shown, published...)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := riskIDs(testJudge().Token(token(t, test.header, test.claims))); !slices.Equal(got, test.want) {
				t.Errorf("risks %v, want %v", got, test.want)
			}
		})
		if len(test.want) == 1 {
			shown = append(shown, test.want[0])
		}
	}
	for _, rule := range RiskTable() {
		if rule.ID != "millisecond-expiry" && !slices.Contains(shown, rule.ID) { // which is malformed and lives long by its nature
			t.Errorf("no example of a token with the risk %s and no other", rule.ID)
		}
	}
}

func TestMaxLifetime(t *testing.T) {
	tok := token(t, `{"alg":"RS256"}`, blameless) // two hours
	for _, test := range []struct {
		limit time.Duration
		want  bool
	}{{0, false}, {2 * time.Hour, false}, {2*time.Hour - 1, true}, {time.Hour, true}, {-time.Hour, false}} {
		j := Judge{At: testNow(), MaxLifetime: test.limit}.Token(tok)
		if got := slices.Contains(riskIDs(j), "long-lived"); got != test.want {
			t.Errorf("limit %v: long-lived is %t", test.limit, got)
		}
	}
}

func TestPersonalData(t *testing.T) {
	tests := []struct {
		claims object
		want   bool
	}{
		{`{"name":"A B"}`, true},
		{`{"name":""}`, false},
		{`{"name":null}`, false},
		{`{"email":"robot@project.iam.gserviceaccount.com"}`, false},
		{`{"preferred_username":"service-account-robot"}`, false},
		{`{"preferred_username":"ab"}`, true},
		{`{"emails":["a@b.example"]}`, true},
		{`{"emails":[]}`, false},
		{`{"address":{"locality":"Here"}}`, true},
		{`{"address":{}}`, false},
		{`{"sub":"a@b.example"}`, true},
		{`{"sub":"robot@project.iam.gserviceaccount.com"}`, false},
		{`{"sub":"abc@clients"}`, false},
		{`{"sub":"system:serviceaccount:a:b"}`, false},
		{`{"sub":"repo:org/name@ref.example"}`, false},
		{`{"user":{"id":1,"email":"a@b.example"}}`, true},
		{`{"user":{"id":1}}`, false},
		{`{"user_metadata":{"full_name":"A B"}}`, true},
		{`{"https://app.example/email":"a@b.example"}`, true},
		{`{"https://app.example/roles":["a"]}`, false},
		{`{"kubernetes.io":{"serviceaccount":{"name":"robot"}}}`, false},
	}
	for _, test := range tests {
		if got := slices.Contains(riskIDs(judged(t, test.claims)), "personal-data"); got != test.want {
			t.Errorf("%s: personal-data is %t", test.claims, got)
		}
	}
}

func TestRiskTable(t *testing.T) {
	seen := map[string]bool{}
	previous := finding.Critical
	for _, rule := range append(RiskTable(), DetectionTable()...) {
		if rule.ID == "jws" {
			previous = finding.Critical
		}
		if seen[rule.ID] || rule.ID == "" || rule.Title == "" || rule.Why == "" || rule.Remedy == "" || len(rule.References) == 0 {
			t.Errorf("%q is not whole, or there twice", rule.ID)
		}
		seen[rule.ID] = true
		if rule.Severity.Rank() < previous.Rank() {
			t.Errorf("%s is worse than what stands before it", rule.ID)
		}
		previous = rule.Severity
		for _, reference := range rule.References {
			if ReferenceURL(reference) == "" {
				t.Errorf("%s: no address for %s", rule.ID, reference)
			}
		}
		if found, ok := LookupRisk(rule.ID); ok != (rule.ID != "jws" && rule.ID != "jwe") || ok && found.Title != rule.Title {
			t.Errorf("LookupRisk(%q) is %v", rule.ID, ok)
		}
	}
	for _, id := range []string{
		"no-expiry", "long-lived", "alg-none", "no-audience", "wildcard-audience", "no-issuer", "broad-scope", "no-token-id",
		"key-in-header", "symmetric-key", "personal-data", "malformed-time", "duplicate-claim",
	} {
		if !seen[id] {
			t.Errorf("%s is missing", id)
		}
	}
	if _, ok := LookupRisk("no-such-risk"); ok {
		t.Error("there is a risk that isn't")
	}
	if ReferenceURL("XYZ-1") != "" {
		t.Error("an address for a reference of no known form")
	}
}

// What a caller does to one table must not show in another.
func TestTablesAreNotShared(t *testing.T) {
	RiskTable()[0].References[0] = "changed"
	if RiskTable()[0].References[0] == "changed" {
		t.Error("the table of risks can be changed")
	}
	first := judged(t, `{}`)
	_ = append(first.Risks, finding.Risk{ID: "changed"})
	_ = append(first.Risks[0].References, "changed")
	if next := judged(t, `{}`); len(next.Risks) != cap(next.Risks) || cap(next.Risks[0].References) != len(next.Risks[0].References) {
		t.Error("a judgement changes the next")
	}
}

func TestBroadScope(t *testing.T) {
	for scope, want := range map[string]bool{
		"admin": true, "Admin": true, "ROLE_ADMIN": true, "ADMINISTRATOR": true, "super_admin": true, "superuser": true, "root": true, "*": true,
		"api:*": true, "*:read": true, "users.*": true, "https://api.example/*": true, "service_role": true, "cluster-admin": true,
		"system:masters": true, "admin:org": true, "org:admin": true, "repo.admin": true, "realm-admin": true, "full_access_as_app": true,
		"https://www.googleapis.com/auth/cloud-platform": true, "Directory.ReadWrite.All": true, "RoleManagement.ReadWrite.Directory": true,
		"62e90394-69f5-4237-9190-012177145e10": true, "Sites.FullControl.All": true, "applied-permissions/admin": true, "owner": true,

		"": false, "read": false, "openid": false, "profile": false, "email": false, "administration-report": false, "readmin": false,
		"badminton": false, "user": false, "User.Read": false, "user.read.all": false, "repo:read": false, "anon": false, "authenticated": false,
		"rooted": false, "admin-assistant": false, "view:admin-log": false, "5*": false, "org.homeowner": false,
	} {
		if got := isBroad(scope); got != want {
			t.Errorf("%q: broad is %t", scope, got)
		}
	}
}

func TestScopes(t *testing.T) {
	tests := []struct {
		claims object
		want   []string
	}{
		{`{"scope":"read write  read"}`, []string{"read", "write"}},
		{`{"scope":["read","write all"]}`, []string{"read", "write all"}},
		{`{"scp":"a,b"}`, []string{"a", "b"}},
		{`{"scp":["a","b"]}`, []string{"a", "b"}},
		{`{"role":"Head of Sales"}`, []string{"Head of Sales"}},
		{`{"roles":["x"],"scope":"y"}`, []string{"y", "x"}},
		{`{"authorities":[{"authority":"ROLE_USER"}]}`, []string{"ROLE_USER"}},
		{`{"realm_access":{"roles":["offline_access"]},"resource_access":{"b":{"roles":["2"]},"a":{"roles":["1"]}}}`, []string{"offline_access", "1", "2"}},
		{`{"app_metadata":{"role":"editor","provider":"email"}}`, []string{"editor"}},
		{`{"access":[{"type":"repository","name":"a/b","actions":["pull","push"]}]}`, []string{"repository:a/b:pull", "repository:a/b:push"}},
		{`{"x-hasura-default-role":"user","x-hasura-allowed-roles":["user","editor"]}`, []string{"user", "editor"}},
		{`{"https://hasura.io/jwt/claims":{"x-hasura-default-role":"user","x-hasura-allowed-roles":["user","editor"]}}`, []string{"user", "editor"}},
		{`{"https://app.example/roles":["r"],"https://app.example/x":["no"]}`, []string{"r"}},
		{`{"admin":true,"superuser":"yes"}`, []string{"admin"}},
		{`{"scope":7,"roles":{"a":1},"groups":[1,null,[],{}]}`, nil},
		{`{}`, nil},
	}
	for _, test := range tests {
		if got := judged(t, test.claims).Scopes; !slices.Equal(got, test.want) {
			t.Errorf("%s: %v, want %v", test.claims, got, test.want)
		}
	}
}

// What opens nothing is no credential that never expires, though it has no exp, and none that names no audience.
func TestWhatOpensNothingHasNoRiskOfACredential(t *testing.T) {
	for _, test := range []struct {
		name           string
		header, claims object
		want           []string
	}{
		{"a DPoP proof", `{"alg":"ES256","typ":"dpop+jwt","jwk":{"kty":"EC","crv":"P-256","x":"a","y":"b"}}`,
			`{"htm":"POST","htu":"https://a.example/token","jti":"j","iat":1795435200}`, nil},
		{"a security event", `{"alg":"RS256","typ":"secevent+jwt"}`,
			`{"iss":"https://a.example","aud":["b","c"],"jti":"j","iat":1795435200,"events":{"https://schemas.openid.net/secevent/risc/event-type/account-disabled":{}}}`, nil},
		{"a licence, over a shared secret, that tells of a person", `{"alg":"HS256","typ":"JWT"}`,
			`{"license_id":"7","licensee":"Ada","email":"ada@shop.example","exp":2015360000,"iat":1700000000}`, []string{"personal-data", "symmetric-key"}},
		{"a session of the same claims as a proof", `{"alg":"ES256"}`,
			`{"htm":"POST","htu":"https://a.example/token","jti":"j","iat":1795435200,"sub":"7"}`, []string{"no-expiry", "no-audience", "no-issuer"}},
	} {
		j := testJudge().Token(token(t, test.header, test.claims))
		if got := riskIDs(j); !slices.Equal(got, test.want) {
			t.Errorf("%s: risks %v, want %v", test.name, got, test.want)
		}
	}
}
