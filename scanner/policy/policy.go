package policy

import (
	"maps"
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

	lapsed map[string]bool // by id: the findings that were met and are ignored no more
	met    map[string]bool // by Ignored.ID: the lines whose finding was met
}

// Lapsed returns the ids, sorted, of the findings that were met and whose last day in an ignore file is over.
func (p *Policy) Lapsed() []string { return slices.Sorted(maps.Keys(p.lapsed)) }

// Unmet returns the ids, sorted, of the lines of the ignore files whose finding was not met, ignored still or not.
func (p *Policy) Unmet() []string {
	unmet := map[string]bool{}
	for id, lines := range p.Ignored {
		for _, one := range lines {
			if !p.met[one.ID] {
				unmet[id] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(unmet))
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

// meets returns the lines of the ignore files that are of a finding, and remembers that it was met.
func (p *Policy) meets(found finding.Finding) []Ignored {
	var lines []Ignored
	for _, one := range p.Ignored[found.ID] {
		if strings.HasPrefix(found.Fingerprint, one.ID) {
			lines = append(lines, one)
			if p.met == nil {
				p.met = map[string]bool{}
			}
			p.met[one.ID] = true
		}
	}
	return lines
}

// Accepts returns who accepted a finding and why, or nil. One whose last day in an ignore file is over is accepted by nothing
// else either. Only the finding's fingerprint and token are looked at, so it
// may be asked before all occurrences are known. It is to be called by one goroutine at a time.
func (p *Policy) Accepts(found finding.Finding) *finding.Suppression {
	// Asked first: a finding that is ignored as well has been met all the same.
	known := p.Baseline.has(found.Fingerprint)
	for _, ignored := range p.meets(found) {
		switch {
		case ignored.Until.IsZero() || p.At.Before(ignored.Until):
			delete(p.lapsed, found.ID)
			return &finding.Suppression{By: finding.SuppressedByIgnoreFile, Reason: ignored.Reason}
		default:
			if p.lapsed == nil {
				p.lapsed = map[string]bool{}
			}
			p.lapsed[found.ID] = true
		}
	}
	if p.lapsed[found.ID] {
		return nil // whoever gave it a last day meant it to fail then, and a baseline that was made before knows it too
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
