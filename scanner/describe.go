package scanner

import (
	"slices"
	"time"

	"github.com/jwtleak/jwtleak/detectors/jwt"
	"github.com/jwtleak/jwtleak/scanner/finding"
	"github.com/jwtleak/jwtleak/scanner/triage"
)

// describe says what a token says and means, without repeating it. Severity, exposure and occurrences are left to the
// ledger, which goes on learning of them.
func (e *engine) describe(fingerprint finding.Fingerprint, token *jwt.Token, judgement triage.Judgement) finding.Finding {
	found := finding.Finding{
		ID:          fingerprint.ID(),
		Fingerprint: fingerprint.String(),
		Rule:        string(token.Rule),
		Status:      judgement.Status,
		Redacted:    jwt.Redacted(token.Compact),
		Token:       Describe(token, judgement, e.options.Judge.At, e.options.AllClaims),
		Risks:       judgement.Risks,
		IssuerKnown: judgement.Issuer,
		Holder:      judgement.Holder,
		Sample:      judgement.Sample,
	}
	if e.options.ShowTokens {
		found.Raw = token.Compact
	}
	return found
}

// Describe returns what a report shows of a decoded token: all of the header, the registered and authorization claims
// (all claims where allClaims is set), the others by name. Every string is bounded, and a token inside one is redacted.
// Times left are as of at.
func Describe(token *jwt.Token, judgement triage.Judgement, at time.Time, allClaims bool) finding.Token {
	described := finding.Token{
		Header:      presentableObject(token.Header),
		Algorithm:   presentableString(token.Algorithm),
		Type:        presentableString(token.Type),
		KeyID:       presentableString(token.KeyID),
		Issuer:      presentableString(token.Issuer),
		Subject:     presentableString(token.Subject),
		Audience:    presentableStrings(token.Audience),
		TokenID:     presentableString(token.ID),
		IssuedAt:    timeOf(token.IssuedAt),
		NotBefore:   timeOf(token.NotBefore),
		ExpiresAt:   timeOf(token.ExpiresAt),
		Scopes:      presentableStrings(judgement.Scopes),
		Disclosures: token.Disclosures,
	}
	if from, ok := triage.Began(token); ok {
		described.LifetimeSeconds = secondsBetween(from, token.ExpiresAt.Time)
	}
	if token.ExpiresAt.Known() {
		described.ExpiresInSeconds = secondsBetween(at, token.ExpiresAt.Time)
	}
	if allClaims {
		described.Claims = presentableObject(token.Claims)
		return described
	}
	shown := map[string]any{}
	for name, value := range token.Claims {
		if showable, ok := triage.ShowableClaim(token, name, value); ok {
			shown[name] = showable
			continue
		}
		described.OtherClaims = append(described.OtherClaims, presentableString(name))
	}
	slices.Sort(described.OtherClaims)
	if len(described.OtherClaims) > maxElements {
		described.OtherClaims = described.OtherClaims[:maxElements]
	}
	described.Claims = presentableObject(shown)
	return described
}

// timeOf returns a date claim as a time, or nil for one that RFC 3339 has no form for.
func timeOf(date jwt.NumericDate) *time.Time {
	if !date.Known() || date.Time.Year() < 0 || date.Time.Year() > 9999 {
		return nil
	}
	t := date.Time
	return &t
}

// secondsBetween counts whole seconds where a time.Duration, which ends at 292 years, would not reach.
func secondsBetween(from, to time.Time) *int64 {
	seconds := to.Unix() - from.Unix()
	return &seconds
}
