package triage

import (
	"regexp"
	"strings"
	"testing"
)

// lookalikes are ways in which an address can be made to look like https://HOST to a person, or to one parser of several.
func lookalikes(host, path string) []string {
	return []string{
		"http://" + host + path,
		"HTTPS://" + host + path,
		"https:/" + host + path,
		"https:///" + host + path,
		" https://" + host + path,
		"https://" + host + path + " ",
		"https://" + host + path + "\n",
		"https://" + host + path + "\x00",
		"https://" + host + path + "?x",
		"https://" + host + path + "#x",
		"https://" + host + "." + path,
		"https://" + host + ".." + path,
		"https://" + host + ":443" + path,
		"https://" + host + ":8443" + path,
		"https://" + host + ":" + path,
		"https://." + host + path,
		"https://-" + host + path,
		"https://" + strings.ToUpper(host) + path,
		"https://" + strings.ToUpper(host[:1]) + host[1:] + path,
		"https://" + strings.Replace(host, ".", "..", 1) + path,
		"https://" + strings.Replace(host, ".", "\u3002", 1) + path,
		"https://" + strings.Replace(host, ".", "%2e", 1) + path,
		"https://" + strings.NewReplacer("o", "\u043e", "e", "\u0435", "a", "\u0430").Replace(host) + path,
		"https://" + strings.Replace(host, "i", "\u0131", 1) + "\u200b" + path,
		"https://xn--" + strings.ReplaceAll(host, ".", "-") + "-9ib.example" + path,
		"https://" + host + ".harm.example" + path,
		"https://" + host + "-harm.example" + path,
		"https://" + host + "@harm.example" + path,
		"https://" + host + ":x@harm.example" + path,
		"https://" + host + "%40harm.example" + path,
		"https://" + host + ";.harm.example" + path,
		"https://" + host + "%00.harm.example" + path,
		"https://" + host + "\x00.harm.example" + path,
		"https://" + host + "\\.harm.example" + path,
		"https://" + host + "\\@harm.example" + path,
		"https://" + host + "/@harm.example" + path,
		"https://" + host + "/%2f..%2f@harm.example" + path,
		"https://" + host + ";@harm.example" + path,
		"https://" + host + "/../harm" + path,
		"https://" + host + "//harm.example" + path,
		"https://harm.example;" + host + path,
		"https://harm.example;." + host + path,
		"https://harm.example%00." + host + path,
		"https://harm.example\x00." + host + path,
		"https://harm.example%2f." + host + path,
		"https://harm.example%23." + host + path,
		"https://harm.example,." + host + path,
		"https://harm.example@" + host + path,
		"https://harm.example/" + host + path,
		"https://harm.example/https://" + host + path,
		"https://harm.example?" + host + path,
		"https://harm.example#" + host + path,
		"https://harm.example\\" + host + path,
		"https://[" + host + "]" + path,
		"https://cognito-idp.harm.s3.amazonaws.com" + path,
		"https://auth.pingone.harm.com.au" + path,
		"https://a.authentication.harm.cfapps.eu10.hana.ondemand.com" + path,
		"." + host + ":8200" + path,
		"-" + host + path,
		host + ":443" + path,
		host + path + "\"",
		"https://harm" + host[strings.LastIndexByte(host[:strings.LastIndexByte(host, '.')], '.')+1:] + path,
	}
}

// An address that looks like an issuer's and is not written like it, letter by letter, proves nothing: of a token that is
// known by its issuer's address, nothing is known with any of these in its place.
func TestAddressesThatLookLikeAnIssuers(t *testing.T) {
	tried := 0
	for _, test := range issuerTests() {
		iss, _ := token(t, test.header, test.claims).Claims["iss"].(string)
		address, isURL := strings.CutPrefix(iss, "https://")
		slash := strings.IndexByte(address+"/", '/')
		host, path := address[:slash], address[slash:]
		if !isURL || strings.HasSuffix(host, ".example") {
			continue
		}
		nobody := testJudge().Token(token(t, test.header, replacedIssuer(t, test.claims, iss, "https://nobody.example"))).Issuer
		if nobody != nil && nobody.ID == test.id {
			continue // known by its claims, wherever it is from
		}
		tried++
		for _, lookalike := range lookalikes(host, path) {
			if lookalike == iss {
				continue
			}
			got := testJudge().Token(token(t, test.header, replacedIssuer(t, test.claims, iss, lookalike))).Issuer
			byPath := testJudge().Token(token(t, test.header, replacedIssuer(t, test.claims, iss, "https://nobody.example"+path))).Issuer
			if got != nil && got.ID == test.id && (byPath == nil || byPath.ID != test.id) {
				t.Errorf("%q is taken for %s", lookalike, test.id)
			}
		}
	}
	if tried < 40 {
		t.Errorf("%d issuers are known by their address alone", tried)
	}
}

func replacedIssuer(t *testing.T, claims object, before, after string) object {
	t.Helper()
	return string(marshaled(t, walkStrings(parsed(t, claims), func(s string) string {
		if s == before {
			return after
		}
		return s
	})))
}

// Whatever stands in iss, where it alone proves an issuer it is that issuer's address in its plain form.
func FuzzIssuerAddress(f *testing.F) {
	for _, test := range issuerTests() {
		iss, _ := token(f, test.header, test.claims).Claims["iss"].(string)
		f.Add(iss)
	}
	for _, lookalike := range append(lookalikes("accounts.google.com", ""), lookalikes("vault.shop.example", "/v1/identity/oidc")...) {
		f.Add(lookalike)
	}
	plain := regexp.MustCompile(`^(https://)?[a-z0-9_]([a-z0-9_-]*\.?[a-z0-9_-])*(/[A-Za-z0-9._~!$&'()*+,=:/-]*)?$`)
	known := regexp.MustCompile(`^(https?://[^?#\\\x00- \x7f-\x{10ffff}]*/.+|kubernetes/serviceaccount|supabase|supabase-demo|argocd|n8n|directus|harbor-[a-zA-Z-]+|com\.1password\.b5|(jfac|jfrt|jffe)@.*|zm:.*|.*@.*\.gserviceaccount\.com)$`)
	f.Fuzz(func(t *testing.T, iss string) {
		tok, err := tryToken(`{"alg":"RS256"}`, string(marshaled(t, map[string]any{"iss": iss, "ver": "1"})))
		if err != nil {
			return
		}
		if j := testJudge().Token(tok); j.Issuer != nil && !plain.MatchString(tok.Issuer) && !known.MatchString(tok.Issuer) {
			t.Errorf("%q is taken for %s", tok.Issuer, j.Issuer.ID)
		}
	})
}
