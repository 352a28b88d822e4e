package triage

import "github.com/jwtleak/jwtleak/scanner/finding"

// A RiskRule is one entry of the table of risks.
type RiskRule struct {
	ID         string
	Title      string
	Why        string
	Severity   finding.Severity
	References []string
	Remedy     string
}

// RiskTable returns every risk, the worst first.
func RiskTable() []RiskRule { return nil }

// LookupRisk returns the risk of that id.
func LookupRisk(id string) (RiskRule, bool) {
	for _, rule := range RiskTable() {
		if rule.ID == id {
			return rule, true
		}
	}
	return RiskRule{}, false
}

// An IssuerRule is one entry of the table of issuers.
type IssuerRule struct {
	ID         string
	Name       string
	Proof      string // what in a token proves it
	TokenUses  []string
	Revocation string
}

// IssuerTable returns every issuer that is known by name, by id.
func IssuerTable() []IssuerRule { return nil }
