package report

import (
	"strings"
	"testing"
	"time"

	"github.com/jwtleak/jwtleak/scanner/finding"
)

// An exp in milliseconds that has passed lies far ahead for whoever reads seconds.
func TestRemedyOfMilliseconds(t *testing.T) {
	for _, test := range []struct {
		risk     string
		severity finding.Severity
		want     string
	}{
		{"millisecond-expiry", finding.Medium, "Not harmless though expired: exp is in milliseconds"},
		{"millisecond-expiry", finding.High, "Not harmless though expired"},
		{"millisecond-expiry", finding.Info, "Nothing to revoke"},
		{"malformed-time", finding.Low, "Nothing to revoke"},
		{"published-key", finding.Medium, "The key that signs it is published"},
	} {
		f := finding.Finding{Status: finding.Expired, Severity: test.severity, Risks: []finding.Risk{{ID: test.risk}}}
		if got := remedyWords(f); !strings.HasPrefix(got, test.want) {
			t.Errorf("%s, %s: %q, want %q", test.risk, test.severity, got, test.want)
		}
	}
}

// The advice names the key only where its name does no harm in a shell.
func TestRemedyNamesHarmlessKeys(t *testing.T) {
	for _, test := range []struct {
		key   string
		named bool
	}{
		{"2025", true}, {"key-1.prod_a", true}, {"", false},
		{"$(curl a.example)", false}, {"`id`", false}, {"a; rm -rf x", false}, {"a) now run: x", false}, {"--all", false}, {"a\nb", false},
		{"\x1b[2J", false}, {"../a", false}, {"<b>", false},
	} {
		for _, f := range []finding.Finding{
			{Status: finding.Live, Token: finding.Token{KeyID: test.key}},
			{Status: finding.NoExpiry, Token: finding.Token{KeyID: test.key}},
			{Status: finding.Live, Token: finding.Token{KeyID: test.key}, Risks: []finding.Risk{{ID: "published-key"}}},
		} {
			if got := remedyWords(f); strings.Contains(got, "(kid ") != test.named || test.named != (test.key != "" && strings.Contains(got, test.key)) {
				t.Errorf("%q: %q", test.key, got)
			}
		}
	}
}

// A status is understood without documentation: why one is unknown is said with it.
func TestStatusWordsSayWhyAStatusIsUnknown(t *testing.T) {
	for rule, want := range map[string]string{ruleJWE: "unknown, encrypted", ruleJWS: "unknown, odd dates"} {
		if got := statusWords(finding.Finding{Rule: rule, Status: finding.Unknown}, time.Time{}); got != want {
			t.Errorf("%s: %q, want %q", rule, got, want)
		}
	}
}
