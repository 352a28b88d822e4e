package report

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/jwtleak/jwtleak/scanner/finding"
)

// An exp in milliseconds that has passed lies far ahead for whoever reads seconds.
func TestRemedyOfMilliseconds(t *testing.T) {
	for _, test := range []struct {
		exp      any
		severity finding.Severity
		want     string
	}{
		{json.Number("1795435199999"), finding.Medium, "Not harmless though expired: exp is in milliseconds"},
		{json.Number("1795435199999.5"), finding.Medium, "Not harmless though expired"},
		{"1795435199999", finding.High, "Not harmless though expired"},
		{json.Number("1795435199999"), finding.Info, "Nothing to revoke"},
		{json.Number("1795435199"), finding.Low, "Nothing to revoke"},
		{"1795435199999x", finding.Low, "Nothing to revoke"},
		{nil, finding.Low, "Nothing to revoke"},
	} {
		f := finding.Finding{Status: finding.Expired, Severity: test.severity, Token: finding.Token{Claims: map[string]any{"exp": test.exp}}}
		if got := remedyWords(f); !strings.HasPrefix(got, test.want) {
			t.Errorf("%v: %q, want %q", test.exp, got, test.want)
		}
	}
}
