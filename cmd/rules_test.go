package cmd

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/jwtleak/jwtleak/report"
	"github.com/jwtleak/jwtleak/scanner/finding"
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

// Whoever reads code scanning sees what a weakness is called, not its number alone, whichever risk names it.
func TestEveryWeaknessHasItsName(t *testing.T) {
	var risks []finding.Risk
	for _, rule := range triage.RiskTable() {
		risks = append(risks, finding.Risk{ID: rule.ID, References: rule.References})
	}
	var out bytes.Buffer
	sink, err := report.New("sarif", &out, report.Options{})
	if err != nil {
		t.Fatal(err)
	}
	f := finding.Finding{ID: "0123456789abcdef", Rule: "jws", Status: finding.Live, Risks: risks}
	if err := errors.Join(sink.Begin(finding.Tool{}, finding.Scan{}), sink.Event(finding.Found{Finding: f}), sink.Close()); err != nil {
		t.Fatal(err)
	}
	var document struct {
		Runs []struct {
			Taxonomies []struct {
				Taxa []struct {
					ID               string
					ShortDescription struct{ Text string }
				}
			}
		}
	}
	if err := json.Unmarshal(out.Bytes(), &document); err != nil {
		t.Fatal(err)
	}
	told := map[string]bool{}
	for _, taxonomy := range document.Runs[0].Taxonomies {
		for _, taxon := range taxonomy.Taxa {
			told[taxon.ID] = taxon.ShortDescription.Text != "" || strings.HasPrefix(taxon.ID, "RFC") || strings.HasPrefix(taxon.ID, "NIST")
		}
	}
	for _, risk := range risks {
		for _, reference := range risk.References {
			if !told[reference] {
				t.Errorf("%s of %s is not told, or has no name", reference, risk.ID)
			}
		}
	}
}
