package triage

import (
	"time"

	"github.com/jwtleak/jwtleak/detectors/jwt"
	"github.com/jwtleak/jwtleak/scanner/finding"
)

// DefaultMaxLifetime is how long a token may live before its length is a risk of its own.
const DefaultMaxLifetime = 24 * time.Hour

// A Judge says what tokens mean as of one moment.
type Judge struct {
	At time.Time
	// MaxLifetime is the longest lifetime that is no risk; 0 means DefaultMaxLifetime.
	MaxLifetime time.Duration
}

// A Judgement is what a token means.
type Judgement struct {
	Status finding.Status
	// Risks are the entries of RiskTable that are true of the token, the worst first, then in the table's order.
	Risks []finding.Risk
	// Issuer is who made the token; nil where nothing in it proves that.
	Issuer *finding.Issuer
	Holder finding.Holder
	// Sample is true of a published token, and of one signed with a published key that names no real issuer.
	Sample bool
	// Scopes are what the token says its holder may do: scope, scp, roles, permissions and their like, without repeats.
	Scopes []string
	// Lifetime is from iat (else nbf) to exp; nil where either is unknown or they contradict each other.
	Lifetime *time.Duration
	// ExpiresIn is from At to exp, negative for an expired token; nil where exp is unknown.
	ExpiresIn *time.Duration
	Facts     Facts
}

// Token judges a decoded token. It neither keeps nor changes t.
func (j Judge) Token(t *jwt.Token) Judgement {
	status := j.status(t)
	judgement := Judgement{Status: status, Holder: finding.Holder{Kind: "unknown"}}
	judgement.Facts = newFacts(t, status)
	return judgement
}
