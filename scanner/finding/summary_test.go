package finding

import "testing"

func TestIssuerName(t *testing.T) {
	const iss = "https://id.shop.example"
	for _, test := range []struct {
		name  string
		known *Issuer
		iss   string
		want  string
		also  []string // by which it is found too
	}{
		{"nothing", nil, "", NoIssuer, nil},
		{"iss", nil, iss, iss, nil},
		{"iss is no address", nil, "joe", `iss "joe"`, nil},
		{"iss is a name", nil, "Okta", `iss "Okta"`, nil},
		{"iss is a name and a count", nil, "https://a.example 1, Okta", `iss "https://a.example 1, Okta"`, nil},
		{"iss has quotes", nil, "joe\" 1, Okta 1, \"x", `iss "joe\" 1, Okta 1, \"x"`, nil},
		{"iss is no issuer", nil, NoIssuer, `iss "(none)"`, nil},
		{"iss that is written to the right", nil, "https://a.example/\u202e", `iss "https://a.example/\u202e"`, nil},
		{"known", &Issuer{ID: "okta", Name: "Okta"}, iss, "Okta", []string{"okta"}},
		{"known without iss", &Issuer{Name: "Supabase"}, "", "Supabase", nil},
		{"a kind", &Issuer{Name: "Refresh token", KindOnly: true}, iss, iss, []string{"Refresh token"}},
		{"a kind without iss", &Issuer{Name: "Refresh token", KindOnly: true}, "", NoIssuer, []string{"Refresh token"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			found := Finding{IssuerKnown: test.known, Token: Token{Issuer: test.iss}}
			if got := found.IssuerName(); got != test.want {
				t.Errorf("counted under %q, want %q", got, test.want)
			}
			for _, name := range append(test.also, test.want) {
				if !found.NamesIssuer(name) {
					t.Errorf("not found by %q", name)
				}
			}
			if found.NamesIssuer("another") || test.known == nil && found.NamesIssuer("Okta") {
				t.Error("found by the name of another")
			}
		})
	}
}

// Of tokens in as many places the worst is named first, and no more than ten are.
func TestMostExposed(t *testing.T) {
	summary := Summary{}.Normal()
	for i, severity := range []Severity{Info, Low, Critical, Medium, High, Low, Low, Low, Low, Low, Low, Critical} {
		summary.Count(Counted{ID: string(rune('a' + i)), Severity: severity, Occurrences: 1})
	}
	summary.Count(Counted{ID: "z", Severity: Info, Occurrences: 2})
	var got string
	for _, exposed := range summary.MostExposed {
		got += exposed.ID
	}
	if got != "zcledbfghi" {
		t.Errorf("most exposed are %s", got)
	}
}
