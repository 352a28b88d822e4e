package triage

import (
	"encoding/json"
	"testing"
)

// Whoever has no private key of an issuer's can still write its names, and sign with a secret or not at all: that is no
// token of an issuer that signs with private keys alone.
func TestSignatureFitsTheIssuer(t *testing.T) {
	tried := map[string]bool{}
	for _, test := range issuerTests() {
		genuine := testJudge().Token(token(t, test.header, test.claims))
		for _, algorithm := range []string{"HS256", "HS512", "none", "None", "rs256", "A256KW"} {
			got := testJudge().Token(token(t, withAlgorithm(t, test.header, algorithm), test.claims))
			switch id := lookupID(test.id); {
			case id.signsWithKeyPair():
				tried[test.id] = true
				if got.Issuer != nil && got.Issuer.ID == test.id {
					t.Errorf("%s: proven by a token of alg %s", test.id, algorithm)
				}
				if got.NoCredential && !genuine.NoCredential {
					t.Errorf("%s: taken for no credential with alg %s", test.id, algorithm)
				}
			case test.id == "auth0" || test.id == "keycloak" || test.id == "azure-app-service":
				if got.Issuer == nil || got.Issuer.ID != test.id {
					t.Errorf("%s signs with secrets too, and is not known with alg %s", test.id, algorithm)
				}
			}
		}
	}
	for id := issuerNone + 1; id < issuerCount; id++ {
		if id.signsWithKeyPair() && !tried[id.rule().ID] {
			t.Errorf("%s has no example", id.rule().ID)
		}
	}
}

func lookupID(name string) issuerID {
	for id := issuerNone + 1; id < issuerCount; id++ {
		if id.rule().ID == name {
			return id
		}
	}
	return issuerNone
}

func withAlgorithm(t *testing.T, header object, algorithm string) object {
	t.Helper()
	parameters := map[string]any{}
	if err := json.Unmarshal([]byte(header), &parameters); err != nil {
		t.Fatal(err)
	}
	parameters["alg"] = algorithm
	return string(marshaled(t, parameters))
}
