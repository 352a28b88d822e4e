package triage

import (
	"encoding/json"
	"testing"
)

func TestShowableClaim(t *testing.T) {
	tests := []struct {
		claims object
		want   string // what is shown of them, JSON
	}{
		{`{"iss":"i","sub":"s","aud":["a"],"exp":1,"nbf":2,"iat":3,"jti":"j"}`, `{"aud":["a"],"exp":1,"iat":3,"iss":"i","jti":"j","nbf":2,"sub":"s"}`},
		{`{"scope":"a b","scp":["a"],"roles":["r"],"groups":["g"],"permissions":["p"],"azp":"z","client_id":"c","tid":"t"}`,
			`{"azp":"z","client_id":"c","groups":["g"],"permissions":["p"],"roles":["r"],"scope":"a b","scp":["a"],"tid":"t"}`},
		{`{"email":"a@b.example","name":"A B","phone_number":"1","address":{"locality":"x"},"picture":"p","preferred_username":"ab","user":{"id":1},"user_metadata":{"a":1}}`, `{}`},
		{`{"anything":"else","secret":"s","password":"p","nonce":"n","sid":"s"}`, `{}`},
		{`{"kubernetes.io":{"namespace":"shop","pod":{"name":"p","uid":"1"},"serviceaccount":{"name":"robot","uid":"2"},"more":{"name":"x"},"email":"a"}}`,
			`{"kubernetes.io":{"namespace":"shop","pod":{"name":"p","uid":"1"},"serviceaccount":{"name":"robot","uid":"2"}}}`},
		{`{"kubernetes.io/serviceaccount/namespace":"shop","kubernetes.io/serviceaccount/secret.name":"s"}`,
			`{"kubernetes.io/serviceaccount/namespace":"shop","kubernetes.io/serviceaccount/secret.name":"s"}`},
		{`{"act":{"sub":"robot","email":"a@b.example","act":{"sub":"other","name":"A"}}}`, `{"act":{"act":{"sub":"other"},"sub":"robot"}}`},
		{`{"cnf":{"jkt":"t","jwk":{"kty":"EC","x":"1"}}}`, `{"cnf":{"jkt":"t"}}`},
		{`{"app_metadata":{"role":"editor","provider":"email","phone":"1"}}`, `{"app_metadata":{"provider":"email","role":"editor"}}`},
		{`{"realm_access":{"roles":["r"],"x":1},"resource_access":{"c":{"roles":["r"],"email":"a"}}}`, `{"realm_access":{"roles":["r"]},"resource_access":{"c":{"roles":["r"]}}}`},
		{`{"access":[{"type":"repository","name":"a/b","actions":["pull"],"x":1},7]}`, `{"access":[{"actions":["pull"],"name":"a/b","type":"repository"}]}`},
		{`{"events":{"https://e.example/x":{"subject":{"email":"a@b.example"}}}}`, `{"events":["https://e.example/x"]}`},
		{`{"https://app.example/roles":["r"],"https://app.example/email":"a@b.example","https://hasura.io/jwt/claims":{"x-hasura-default-role":"user","x-hasura-user-id":"7"}}`,
			`{"https://app.example/roles":["r"],"https://hasura.io/jwt/claims":{"x-hasura-default-role":"user"}}`},
		{`{"video":{"room":"r","roomJoin":true,"x":"y"}}`, `{"video":{"room":"r","roomJoin":true}}`},
		{`{"roles":[{"name":"r","owner":{"email":"a@b.example"}}],"type":{"email":"a"},"is_admin":true}`, `{"is_admin":true}`},
		{`{"act":"robot","cnf":7,"kubernetes.io":[],"events":"x","access":{},"resource_access":[],"realm_access":null}`, `{}`},
		{`{"repository":"org/shop","run_id":"7","actor":"ab","project_path":"org/shop","user_login":"ab"}`, `{"project_path":"org/shop","repository":"org/shop","run_id":"7"}`},
	}
	for _, test := range tests {
		tok := token(t, `{"alg":"RS256"}`, test.claims)
		shown := map[string]any{}
		for name, value := range tok.Claims {
			if showable, ok := ShowableClaim(tok, name, value); ok {
				shown[name] = showable
			}
		}
		got, err := json.Marshal(shown)
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != test.want {
			t.Errorf("%s\n shows %s\n want  %s", test.claims, got, test.want)
		}
	}
}

// What is shown is a copy: the token is left as it was.
func TestShowableClaimChangesNothing(t *testing.T) {
	const claims = `{"kubernetes.io":{"namespace":"shop","x":1},"act":{"sub":"a","email":"b"},"access":[{"type":"t","x":1}]}`
	tok := token(t, `{"alg":"RS256"}`, claims)
	for name, value := range tok.Claims {
		ShowableClaim(tok, name, value)
	}
	want := token(t, `{"alg":"RS256"}`, claims)
	got, _ := json.Marshal(tok.Claims)
	expected, _ := json.Marshal(want.Claims)
	if string(got) != string(expected) {
		t.Errorf("the token was changed: %s", got)
	}
}
