package cmd

import (
	"strings"
	"testing"

	"github.com/jwtleak/jwtleak/scanner/triage"
)

// Whatever rules prints fits a terminal of 100 columns, for each rule and each issuer.
func TestRulesFit(t *testing.T) {
	pages := []string{"", "severity", "issuers"}
	for _, rule := range append(triage.DetectionTable(), triage.RiskTable()...) {
		pages = append(pages, rule.ID)
	}
	for _, issuer := range triage.IssuerTable() {
		pages = append(pages, issuer.ID)
	}
	for _, page := range pages {
		var out strings.Builder
		args := []string{page}
		if page == "" {
			args = nil
		}
		if err := runRules(t.Context(), args, &out); err != nil {
			t.Errorf("%q: %v", page, err)
		}
		for line := range strings.Lines(out.String()) {
			if length := len([]rune(strings.TrimRight(line, "\n"))); length > 100 {
				t.Errorf("%q: a line of %d columns: %s", page, length, line)
			}
		}
	}
}

// A name that is both a risk's and a kind of token's explains both.
func TestRuleThatIsAKindToo(t *testing.T) {
	var out strings.Builder
	if err := runRules(t.Context(), []string{"refresh-token"}, &out); err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{"Remedy", "Known by", "Revoked"} {
		if strings.Count(out.String(), part+"\n") != 1 {
			t.Errorf("no %s in %s", part, out.String())
		}
	}
}
