package policy

import (
	"slices"
	"strings"
	"time"

	"github.com/jwtleak/jwtleak/scanner/finding"
)

// A Policy says which findings are accepted. The zero value accepts none.
type Policy struct {
	// Baseline, where set, is what an earlier report found.
	Baseline *Baseline
	// Ignored holds the lines of the ignore files, by the first 16 digits of their ID.
	Ignored map[string][]Ignored
	Allow   Allow
	// At is when the last days of Ignored are held against.
	At time.Time
}

// Ignore adds lines of an ignore file.
func (p *Policy) Ignore(ignored []Ignored) {
	if p.Ignored == nil {
		p.Ignored = make(map[string][]Ignored, len(ignored))
	}
	for _, one := range ignored {
		p.Ignored[one.ID[:16]] = append(p.Ignored[one.ID[:16]], one)
	}
}

// Accepts returns who accepted a finding and why, or nil. Only the finding's fingerprint and token are looked at, so it
// may be asked before all occurrences are known. It is to be called by one goroutine at a time.
func (p *Policy) Accepts(found finding.Finding) *finding.Suppression {
	// Asked first: a finding that is ignored as well has been met all the same.
	known := p.Baseline.has(found.Fingerprint)
	for _, ignored := range p.Ignored[found.ID] {
		if strings.HasPrefix(found.Fingerprint, ignored.ID) && (ignored.Until.IsZero() || p.At.Before(ignored.Until)) {
			return &finding.Suppression{By: finding.SuppressedByIgnoreFile, Reason: ignored.Reason}
		}
	}
	if known {
		return &finding.Suppression{By: finding.SuppressedByBaseline, Reason: "in the baseline"}
	}
	if found.Token.Issuer != "" && slices.Contains(p.Allow.Issuers, found.Token.Issuer) {
		return &finding.Suppression{By: finding.SuppressedByConfiguration, Reason: "its issuer is allowed"}
	}
	for _, audience := range found.Token.Audience {
		if slices.Contains(p.Allow.Audiences, audience) {
			return &finding.Suppression{By: finding.SuppressedByConfiguration, Reason: "its audience is allowed"}
		}
	}
	return nil
}
