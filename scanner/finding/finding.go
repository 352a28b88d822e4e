package finding

import (
	"crypto/sha256"
	"encoding/hex"
	"time"
)

// A Fingerprint identifies a token without being it: the SHA-256 of the canonical token.
type Fingerprint [sha256.Size]byte

// NewFingerprint returns the fingerprint of a canonical token.
func NewFingerprint(canonical string) Fingerprint {
	var copied [2 << 10]byte // on the stack: most tokens fit, and one is hashed for each time that a token is met
	return sha256.Sum256(append(copied[:0], canonical...))
}

// String returns the fingerprint as 64 hex digits.
func (f Fingerprint) String() string { return hex.EncodeToString(f[:]) }

// IDLength is how many hex digits of the fingerprint are the name of the finding.
const IDLength = 16

// ID returns the first 16 hex digits of the fingerprint, the name of the finding.
func (f Fingerprint) ID() string { return hex.EncodeToString(f[:IDLength/2]) }

// A Finding is one distinct token, everything known of it, and where it was met.
type Finding struct {
	ID          string   `json:"id"`
	Fingerprint string   `json:"fingerprint"`
	Rule        string   `json:"rule"` // jws or jwe
	Severity    Severity `json:"severity"`
	Status      Status   `json:"status"`
	// Redacted is the beginning of the header, at most 12 characters, and an ellipsis.
	Redacted string `json:"redacted"`
	// Raw is the whole token: set only where the user asked for it with --show-tokens.
	Raw string `json:"raw,omitempty"`

	Token       Token     `json:"token"`
	Risks       []Risk    `json:"risks"`
	IssuerKnown *Issuer   `json:"issuer_known,omitempty"`
	Holder      Holder    `json:"holder"`
	Sample      bool      `json:"sample"`
	Exposure    *Exposure `json:"exposure,omitempty"`
	// Suppressed is set where the user accepted the finding beforehand.
	Suppressed *Suppression `json:"suppressed,omitempty"`

	// Occurrences are the first of them, at most as many as the report is limited to: those in what is checked out by path,
	// those in files and the index, those of other branches and tags, then those of the past, the youngest commit first.
	Occurrences []Occurrence `json:"occurrences"`
	// OccurrenceCount is the exact number of occurrences, those that were cut included.
	OccurrenceCount int `json:"occurrence_count"`
	// OtherPlaces has a hash of 8 bytes of each occurrence that was cut, sorted, so that reports can be merged without
	// counting a place twice.
	OtherPlaces []byte `json:"other_places,omitempty"`
}

// A Token is what the token says, as a report shows it.
type Token struct {
	Header           map[string]any `json:"header"`
	Algorithm        string         `json:"algorithm"`
	Type             string         `json:"type,omitempty"`
	KeyID            string         `json:"key_id,omitempty"`
	Issuer           string         `json:"issuer,omitempty"`
	Subject          string         `json:"subject,omitempty"`
	Audience         []string       `json:"audience,omitempty"`
	TokenID          string         `json:"token_id,omitempty"`
	IssuedAt         *time.Time     `json:"issued_at,omitempty"`
	NotBefore        *time.Time     `json:"not_before,omitempty"`
	ExpiresAt        *time.Time     `json:"expires_at,omitempty"`
	LifetimeSeconds  *int64         `json:"lifetime_seconds,omitempty"`
	ExpiresInSeconds *int64         `json:"expires_in_seconds,omitempty"` // negative: expired that long ago
	Scopes           []string       `json:"scopes,omitempty"`
	// Claims are the registered and the authorization claims, or all of them with --claims all.
	Claims map[string]any `json:"claims,omitempty"`
	// OtherClaims are the names, sorted, of the claims whose values are not shown.
	OtherClaims []string `json:"other_claims,omitempty"`
	// Disclosures is the number of SD-JWT disclosures behind the token.
	Disclosures int `json:"disclosures,omitempty"`
}

// A Status says whether a token can be used at the time it is judged by.
type Status string

// The statuses, from the section on triage of the design.
const (
	Live        Status = "live"
	Expired     Status = "expired"
	NotYetValid Status = "not_yet_valid"
	NoExpiry    Status = "no_expiry"
	Unknown     Status = "unknown"
)

// Statuses returns all statuses, the most pressing first.
func Statuses() []Status { return []Status{Live, NoExpiry, NotYetValid, Unknown, Expired} }

// A Severity says how bad a finding is.
type Severity string

// The severities.
const (
	Critical Severity = "critical"
	High     Severity = "high"
	Medium   Severity = "medium"
	Low      Severity = "low"
	Info     Severity = "info"
)

// Severities returns all severities, the worst first.
func Severities() []Severity { return []Severity{Critical, High, Medium, Low, Info} }

// Rank returns 0 for the worst severity and more for each lesser one, an unknown word last.
func (s Severity) Rank() int {
	for rank, severity := range Severities() {
		if s == severity {
			return rank
		}
	}
	return len(Severities())
}

// A Risk is something about a token that makes its leak worse.
type Risk struct {
	ID         string   `json:"id"`
	Title      string   `json:"title"`
	Severity   Severity `json:"severity"`
	References []string `json:"references"`
}

// Reused is the risk of a token that lies in several repositories: one that is seen in the places of a finding, and not in
// the token, so that whoever gathers the places adds it.
func Reused() Risk {
	return Risk{ID: "reused", Title: "Lies in several repositories", Severity: Medium, References: []string{"OWASP-NHI9:2025"}}
}

// An Issuer is who made the token, where its claims prove it, and how such a token is stopped.
type Issuer struct {
	ID         string `json:"id"`
	Name       string `json:"name"`
	TokenUse   string `json:"token_use"`
	Revocation string `json:"revocation"`
	// KindOnly is true where the claims prove what kind of token it is, and not who made it: Name is then the kind's.
	KindOnly bool `json:"kind_only,omitempty"`
}

// A Holder is who may use the token: a workload, a person, or one acting for another.
type Holder struct {
	Kind string `json:"kind"`         // workload, person, delegated or unknown
	By   string `json:"by,omitempty"` // the claim that says so
}

// An Exposure says when a token lay open, and for how long it could be used by whoever read it there.
type Exposure struct {
	FirstSeen     time.Time `json:"first_seen"`
	LastSeen      time.Time `json:"last_seen"`
	SeenBy        string    `json:"seen_by"` // what told FirstSeen: commit, log, entry or file
	LiveWhenSeen  bool      `json:"live_when_seen"`
	WindowSeconds *int64    `json:"window_seconds,omitempty"`
}
