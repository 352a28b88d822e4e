package triage

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/jwtleak/jwtleak/scanner/finding"
)

// 1795435200 is 2026-11-23T12:00:00Z, when the tests judge.
func TestStatus(t *testing.T) {
	if testNow().Unix() != 1795435200 {
		t.Fatal("the tests' clock is off")
	}
	tests := []struct {
		name      string
		claims    object
		want      finding.Status
		malformed bool
	}{
		{"no claims at all", `{}`, finding.NoExpiry, false},
		{"exp a second away", `{"exp":1795435201}`, finding.Live, false},
		{"exp equal to now", `{"exp":1795435200}`, finding.Expired, false},
		{"exp a second ago", `{"exp":1795435199}`, finding.Expired, false},
		{"exp half a second away", `{"exp":1795435200.5}`, finding.Live, false},
		{"exp in exponent form", `{"exp":1.795435201e9}`, finding.Live, false},
		{"exp zero, which some take for none", `{"exp":0}`, finding.NoExpiry, true},
		{"exp zero, a string", `{"exp":"0"}`, finding.NoExpiry, true},
		{"exp a second after that", `{"exp":1}`, finding.Expired, false},
		{"exp negative", `{"exp":-1}`, finding.Expired, true},
		{"exp far negative", `{"exp":-1000000000000000000}`, finding.Expired, true},
		{"exp twice, the first to come", `{"exp":1795435201,"exp":1}`, finding.Live, false},
		{"exp twice, the last to come", `{"exp":1,"exp":1795435201}`, finding.Live, false},
		{"exp twice, both past", `{"exp":1,"exp":2}`, finding.Expired, false},
		{"exp twice, null and last past", `{"exp":null,"exp":1}`, finding.Unknown, true},
		{"exp twice, past and last null", `{"exp":1,"exp":null}`, finding.Unknown, true},
		{"exp twice, past and words", `{"exp":1,"exp":"tomorrow"}`, finding.Unknown, true},
		{"exp twice, to come and null", `{"exp":1795435201,"exp":null}`, finding.Live, true},
		{"exp twice, past and zero", `{"exp":1,"exp":0}`, finding.NoExpiry, true},
		{"nbf twice, null and to come", `{"nbf":null,"nbf":1795435201,"exp":1795435202}`, finding.Unknown, true},
		{"nbf twice, past and null", `{"nbf":1,"nbf":null,"exp":1795435202}`, finding.Live, true},
		{"nbf twice, one past", `{"nbf":1,"nbf":1795435201,"exp":1795435202}`, finding.Live, false},
		{"exp 10^18", `{"exp":1000000000000000000}`, finding.Live, true},
		{"exp at the end of the year 9998", `{"exp":253370764799}`, finding.Live, false},
		{"exp in the year 9999", `{"exp":253370764800}`, finding.Live, true},
		{"exp at the end of RFC 3339", `{"exp":253402300799}`, finding.Live, true},
		{"exp beyond any number", `{"exp":1e400}`, finding.Unknown, true},
		{"exp milliseconds, past", `{"exp":1795435199999}`, finding.Expired, true},
		{"exp milliseconds, now", `{"exp":1795435200000}`, finding.Expired, true},
		{"exp milliseconds, to come", `{"exp":1795435200001}`, finding.Live, true},
		{"exp string of seconds", `{"exp":"1795435201"}`, finding.Live, true},
		{"exp string of seconds, past", `{"exp":"1795435200"}`, finding.Expired, true},
		{"exp string of milliseconds", `{"exp":"1795435200001"}`, finding.Live, true},
		{"exp words", `{"exp":"tomorrow"}`, finding.Unknown, true},
		{"exp empty string", `{"exp":""}`, finding.Unknown, true},
		{"exp true", `{"exp":true}`, finding.Unknown, true},
		{"exp an array", `{"exp":[1795435201]}`, finding.Unknown, true},
		{"exp an object", `{"exp":{"$date":1795435201}}`, finding.Unknown, true},
		{"exp null, which is no number", `{"exp":null}`, finding.Unknown, true},
		{"nbf equal to now", `{"nbf":1795435200,"exp":1795435260}`, finding.Live, false},
		{"nbf a second away", `{"nbf":1795435201,"exp":1795435260}`, finding.NotYetValid, false},
		{"nbf to come, no exp", `{"nbf":1795435201}`, finding.NotYetValid, false},
		{"nbf past, no exp", `{"nbf":1795435199}`, finding.NoExpiry, false},
		{"nbf after exp, both to come", `{"nbf":1795435300,"exp":1795435260}`, finding.NotYetValid, true},
		{"nbf after exp, exp past", `{"nbf":1795435300,"exp":1795435100}`, finding.Expired, true},
		{"nbf equal to exp", `{"nbf":1795435260,"exp":1795435260}`, finding.NotYetValid, true},
		{"nbf unreadable, exp to come", `{"nbf":"x","exp":1795435260}`, finding.Unknown, true},
		{"nbf unreadable, exp past", `{"nbf":"x","exp":1795435100}`, finding.Expired, true},
		{"nbf unreadable, no exp", `{"nbf":"x"}`, finding.Unknown, true},
		{"iat in the future", `{"iat":1795435300,"exp":1795435400}`, finding.Live, false},
		{"iat in the future, no exp", `{"iat":1795435300}`, finding.NoExpiry, false},
		{"iat after exp", `{"iat":1795435500,"exp":1795435400}`, finding.Live, true},
		{"iat unreadable", `{"iat":"x","exp":1795435400}`, finding.Live, true},
		{"the leap second of 2016, as POSIX has it", `{"exp":1483228800}`, finding.Expired, false},
	}
	shown := map[finding.Status]bool{}
	for _, test := range tests {
		shown[test.want] = true
		t.Run(test.name, func(t *testing.T) {
			j := judged(t, test.claims)
			if j.Status != test.want || j.Facts.Status() != test.want {
				t.Errorf("status is %s, facts say %s, want %s", j.Status, j.Facts.Status(), test.want)
			}
			if got := slices.Contains(riskIDs(j), "malformed-time"); got != test.malformed {
				t.Errorf("malformed-time: %t, want %t", got, test.malformed)
			}
		})
	}
	for _, status := range finding.Statuses() {
		if !shown[status] {
			t.Errorf("no example of a token that is %s", status)
		}
	}
}

// At a leap second's own time, 23:59:60, Go's clock (and POSIX) is at the next midnight: the token that ends then is over.
func TestStatusAtLeapSecond(t *testing.T) {
	at, err := time.Parse(time.RFC3339, "2016-12-31T23:59:59Z")
	if err != nil {
		t.Fatal(err)
	}
	tok := token(t, `{"alg":"RS256"}`, `{"exp":1483228800}`)
	for _, test := range []struct {
		at   time.Time
		want finding.Status
	}{
		{at, finding.Live},
		{at.Add(999 * time.Millisecond), finding.Live},
		{at.Add(time.Second), finding.Expired},
	} {
		if got := (Judge{At: test.at}).Token(tok).Status; got != test.want {
			t.Errorf("at %v: %s, want %s", test.at, got, test.want)
		}
	}
}

// The zone of --at makes no difference.
func TestStatusZone(t *testing.T) {
	zone := time.FixedZone("", 5*3600+1800)
	for _, exp := range []int64{1795435199, 1795435200, 1795435201} {
		tok := token(t, `{"alg":"RS256"}`, fmt.Sprintf(`{"exp":%d}`, exp))
		utc, local := Judge{At: testNow()}.Token(tok), Judge{At: testNow().In(zone)}.Token(tok)
		if utc.Status != local.Status {
			t.Errorf("exp %d: %s in UTC, %s elsewhere", exp, utc.Status, local.Status)
		}
	}
}

func TestStatusOfEncrypted(t *testing.T) {
	j := testJudge().Token(decoded(t, rfcSamples()[4].compact))
	if j.Status != finding.Unknown {
		t.Errorf("a JWE is %s, want unknown", j.Status)
	}
	if got := riskIDs(j); len(got) != 0 {
		t.Errorf("a JWE has risks %v: its claims are not known", got)
	}
}

func TestLifetime(t *testing.T) {
	tests := []struct {
		name   string
		claims object
		want   time.Duration
		known  bool
	}{
		{"iat and exp", `{"iat":1795431600,"exp":1795438800}`, 2 * time.Hour, true},
		{"nbf for want of iat", `{"nbf":1795431600,"exp":1795438800}`, 2 * time.Hour, true},
		{"exp alone", `{"exp":1795438800}`, 0, false},
		{"no exp", `{"iat":1795431600}`, 0, false},
		{"iat after exp", `{"iat":1795438801,"exp":1795438800}`, 0, false},
		{"iat equal to exp", `{"iat":1795438800,"exp":1795438800}`, 0, true},
		{"unreadable exp", `{"iat":1795431600,"exp":"x"}`, 0, false},
		{"longer than a Duration", `{"iat":0,"exp":1000000000000000000}`, 1<<63 - 1, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			life, known := lifetime(token(t, `{"alg":"RS256"}`, test.claims))
			if known != test.known || known && life != test.want {
				t.Errorf("lifetime %v, known: %t; want %v, %t", life, known, test.want, test.known)
			}
		})
	}
}
