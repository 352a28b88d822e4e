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
	digits := fingerprint.String()
	found := finding.Finding{
		ID:          digits[:finding.IDLength],
		Fingerprint: digits,
		Rule:        string(token.Rule),
		Status:      judgement.Status,
		Redacted:    jwt.Redacted(token.Compact),
		Token:       describeFacts(token, judgement, e.options.Judge.At),
		Risks:       judgement.Risks,
		IssuerKnown: judgement.Issuer,
		Holder:      judgement.Holder,
		Sample:      judgement.Sample,
	}
	if !e.options.WithoutClaims {
		describeClaims(&found.Token, token, e.options.AllClaims)
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
	described := describeFacts(token, judgement, at)
	describeClaims(&described, token, allClaims)
	return described
}

// describeFacts is Describe without header and claims.
func describeFacts(token *jwt.Token, judgement triage.Judgement, at time.Time) finding.Token {
	described := finding.Token{
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
	return described
}

// describeClaims adds header and claims.
func describeClaims(described *finding.Token, token *jwt.Token, allClaims bool) {
	described.Header = presentableObject(token.Header)
	if allClaims {
		described.Claims = presentableObject(token.Claims)
		return
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
