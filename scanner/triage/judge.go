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
	// Risks are the entries of RiskTable that are true of the token, the worst first, then in the table's order. Judgements
	// share them, so nobody may change one.
	Risks []finding.Risk
	// Issuer is who made the token, or, where that is not known, what kind of signed statement it is; nil where nothing
	// in it proves either.
	Issuer *finding.Issuer
	Holder finding.Holder
	// Sample is true of a published token, and of the claims of one signed anew with a published key.
	Sample bool
	// NoCredential is true of a signed statement that opens nothing to who has it; Issuer names its kind.
	NoCredential bool
	// Scopes are what the token says its holder may do: scope, scp, roles, permissions and their like, without repeats.
	Scopes []string
	Facts  Facts
}

// Token judges a decoded token. It neither keeps nor changes t, and says nothing that t doesn't: what the token writes of
// itself may be false.
func (j Judge) Token(t *jwt.Token) Judgement {
	s := survey{Token: t}
	s.look()
	status := j.status(t)
	who := identify(&s)
	published, key := publication(&s)
	switch {
	case published:
		who.kind = sample
	case key && who.kind != keyBound:
		who.kind = bearer // whatever it is itself, anybody can write another with its key
	}
	scopes := s.scopes()
	risks := j.risks(&s, scopes).
		with(riskPublishedKey, key && !published).
		with(riskRefreshToken, who.use == refresh || who.use == "offline token" || who.issuer == refreshToken)
	if who.issuer == dpopProof || who.issuer == acmeRequest {
		risks &^= 1 << riskKeyInHeader // RFC 9449, section 4.2, and RFC 8555, section 6.2, ask for it
	}
	if who.kind == noCredential {
		risks &^= credentialRisks
	}
	return Judgement{
		Status:       status,
		Risks:        risks.list(),
		Issuer:       who.known(),
		Holder:       s.holder(who),
		Sample:       published,
		NoCredential: who.kind == noCredential,
		Scopes:       scopes,
		Facts:        newFacts(t, status, who.kind, risks.grave()),
	}
}
