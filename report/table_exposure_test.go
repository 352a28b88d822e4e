package report

import (
	"strings"
	"testing"
	"time"

	"github.com/jwtleak/jwtleak/scanner/finding"
)

func TestExposureIsSaid(t *testing.T) {
	first := time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)
	twoDays := int64(2 * 24 * 3600)
	none := int64(0)
	for _, test := range []struct {
		name     string
		status   finding.Status
		exposure *finding.Exposure
		want     string
	}{
		{"nothing known", finding.Live, nil, ""},
		{"logged live", finding.Expired, &finding.Exposure{FirstSeen: first, LastSeen: first, SeenBy: "log", LiveWhenSeen: true, WindowSeconds: &twoDays},
			"logged 2026-11-20T10:00:00Z, live then, to be used from there for 2 d"},
		{"committed after its end", finding.Expired, &finding.Exposure{FirstSeen: first, LastSeen: first, SeenBy: "commit", WindowSeconds: &none},
			"committed 2026-11-20T10:00:00Z, not live then"},
		{"twice, without end", finding.NoExpiry, &finding.Exposure{FirstSeen: first, LastSeen: first.Add(time.Hour), SeenBy: "entry", LiveWhenSeen: true},
			"first archived 2026-11-20T10:00:00Z, last seen 2026-11-20T11:00:00Z, live then, and to be used from there without end"},
		{"encrypted", finding.Unknown, &finding.Exposure{FirstSeen: first, LastSeen: first, SeenBy: "log"}, "logged 2026-11-20T10:00:00Z"},
		{"a file, live today", finding.NoExpiry, &finding.Exposure{FirstSeen: first, LastSeen: first, SeenBy: "file", LiveWhenSeen: true}, ""},
		{"a file, expired since", finding.Expired, &finding.Exposure{FirstSeen: first, LastSeen: first, SeenBy: "file", LiveWhenSeen: true, WindowSeconds: &twoDays},
			"written 2026-11-20T10:00:00Z, live then, to be used from there for 2 d"},
	} {
		if got := exposureWords(finding.Finding{Status: test.status, Exposure: test.exposure}); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

// Of a sample, and of what opens nothing or is made to be public, it is not said that it could be used.
func TestExposureOfWhatOpensNothing(t *testing.T) {
	first := time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)
	f := finding.Finding{Exposure: &finding.Exposure{FirstSeen: first, LastSeen: first, SeenBy: "commit", LiveWhenSeen: true}}
	const seen = "committed 2026-11-20T10:00:00Z"
	for _, test := range []struct {
		severity finding.Severity
		status   finding.Status
		want     string
	}{
		{finding.Low, finding.NoExpiry, seen},
		{finding.Low, finding.Live, seen},
		{finding.Info, finding.NoExpiry, seen},
		{finding.Info, finding.Expired, seen},
		{finding.Low, finding.Expired, seen + ", live then, and to be used from there without end"},
		{finding.Medium, finding.Live, seen + ", live then, and to be used from there without end"},
	} {
		f.Severity, f.Status = test.severity, test.status
		if got := exposureWords(f); got != test.want {
			t.Errorf("%s, %s: %q, want %q", test.severity, test.status, got, test.want)
		}
	}
}

// A token that is expired today but was live when it was logged is not harmless, and every format that says what to do
// says so.
func TestWhatWasLiveWhenItWasSeenIsNotCalledHarmless(t *testing.T) {
	window, expired := int64(3*24*3600), int64(-3600)
	first := time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)
	f := finding.Finding{
		ID: "0123456789abcdef", Rule: "jws", Status: finding.Expired, Severity: finding.Low, OccurrenceCount: 1,
		Token:    finding.Token{ExpiresInSeconds: &expired},
		Exposure: &finding.Exposure{FirstSeen: first, LastSeen: first, SeenBy: "log", LiveWhenSeen: true, WindowSeconds: &window},
	}
	const want = "not harmless: it was live when it was logged, and could be used for 3 d"
	if got := remedyWords(f); !strings.Contains(got, want) {
		t.Errorf("the remedy %q does not say %q", got, want)
	}
	f.Severity = finding.Info
	if got := remedyWords(f); strings.Contains(got, "not harmless") {
		t.Errorf("what opens nothing is told as though it had: %q", got)
	}
	f.Severity, f.Exposure.LiveWhenSeen = finding.Low, false
	if got := remedyWords(f); strings.Contains(got, "not harmless") {
		t.Errorf("what was expired when it was logged is told as live then: %q", got)
	}
	properties := sarifPropertiesOf(f)
	if properties.WindowSeconds == nil || properties.SeenBy != "log" || properties.LiveWhenSeen == nil || *properties.LiveWhenSeen {
		t.Errorf("SARIF says of the exposure %+v", properties)
	}
}

func TestInspectionSaysKindHolderAndBegin(t *testing.T) {
	at := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	begin := at.Add(3 * 24 * time.Hour)
	f := finding.Finding{
		Rule: "jws", Status: finding.NotYetValid, Token: finding.Token{Issuer: "https://id.example/realms/r", Subject: "7", NotBefore: &begin},
		IssuerKnown: &finding.Issuer{ID: "keycloak", Name: "Keycloak", TokenUse: "ID token"}, Holder: finding.Holder{Kind: "person", By: "sid"},
	}
	var b strings.Builder
	if err := WriteInspection(&b, f, Options{At: at}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"valid in 3 d\n", "Keycloak, ID token, iss https://id.example/realms/r\n", "person 7, told by sid\n"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("the inspection does not say %q", want)
		}
	}
}

// What triage found out of a token is in SARIF too.
func TestSARIFHasTriage(t *testing.T) {
	at := time.Date(2026, time.November, 23, 12, 0, 0, 0, time.UTC)
	properties := sarifPropertiesOf(finding.Finding{
		Sample:      true,
		IssuerKnown: &finding.Issuer{ID: "vault", Name: "Vault", TokenUse: "ID token", Revocation: "Rotate its key."},
		Token:       finding.Token{Subject: "u", Audience: []string{"a"}, Scopes: []string{"s"}, IssuedAt: &at, NotBefore: &at},
		Exposure:    &finding.Exposure{},
	})
	if !properties.Sample || properties.Revocation != "Rotate its key." || properties.TokenUse != "ID token" || properties.Subject != "u" ||
		len(properties.Audience) != 1 || len(properties.Scopes) != 1 || properties.IssuedAt == "" || properties.NotBefore == "" ||
		properties.LiveWhenSeen == nil || *properties.LiveWhenSeen {
		t.Errorf("not whole: %+v", properties)
	}
}

// Where a stream was cut before it told the exposure, the window begins no sooner than the token could be used.
func TestExposureOfACutStream(t *testing.T) {
	seen := time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)
	issued, expires := seen.Add(time.Hour), seen.Add(3*time.Hour)
	places := []finding.Occurrence{{SeenAt: seen, SeenBy: finding.SeenByCommit}}
	for _, test := range []struct {
		token finding.Token
		want  int64
	}{
		{finding.Token{ExpiresAt: &expires}, 3 * 3600},
		{finding.Token{ExpiresAt: &expires, IssuedAt: &issued}, 3 * 3600}, // it was there: its iat is wrong, or a clock
		{finding.Token{ExpiresAt: &expires, NotBefore: &issued}, 2 * 3600},
	} {
		if got := exposureOf(test.token, places); got.WindowSeconds == nil || *got.WindowSeconds != test.want {
			t.Errorf("%+v: %+v, want a window of %d s", test.token, got, test.want)
		}
	}
}
