package finding

// NoIssuer is what a Summary counts findings under that name no issuer.
const NoIssuer = "(none)"

// IssuerName is what a Summary counts the finding under: the issuer's name where it is known, else the claim iss, else
// NoIssuer.
func (f Finding) IssuerName() string {
	switch {
	case f.IssuerKnown != nil && f.IssuerKnown.Name != "":
		return f.IssuerKnown.Name
	case f.Token.Issuer != "":
		return f.Token.Issuer
	default:
		return NoIssuer
	}
}

// Summarize counts findings.
func Summarize(findings []Finding) Summary {
	summary := Summary{Findings: len(findings)}.Normal()
	for i := range findings {
		f := &findings[i]
		summary.Occurrences += f.OccurrenceCount
		if f.Suppressed != nil {
			summary.Suppressed++
		}
		summary.ByStatus[f.Status]++
		summary.BySeverity[f.Severity]++
		summary.ByIssuer[f.IssuerName()]++
	}
	return summary
}
