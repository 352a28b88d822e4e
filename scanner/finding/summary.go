package finding

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// NoIssuer is what a Summary counts findings under that name no issuer.
const NoIssuer = "(none)"

// IssuerName is what a Summary counts the finding under: the issuer's name where it is known, else the claim iss, else
// NoIssuer. The name of a kind of token (KindOnly) is no issuer's.
func (f Finding) IssuerName() string {
	switch {
	case f.IssuerKnown != nil && f.IssuerKnown.Name != "" && !f.IssuerKnown.KindOnly:
		return f.IssuerKnown.Name
	case f.Token.Issuer != "":
		return f.Token.Issuer
	default:
		return NoIssuer
	}
}

// NamesIssuer reports whether name is one by which the finding's issuer, or kind of token, is called in reports: the name or
// id that it is known by, however large or small the letters are, or the claim iss, in which that makes a difference.
func (f Finding) NamesIssuer(name string) bool {
	known := f.IssuerKnown != nil && (strings.EqualFold(name, f.IssuerKnown.Name) || strings.EqualFold(name, f.IssuerKnown.ID))
	return known || name == f.IssuerName() || name == f.Token.Issuer
}

// HolderKind is what a Summary counts the finding under by holder.
func (f Finding) HolderKind() string {
	if f.Holder.Kind == "" {
		return "unknown"
	}
	return f.Holder.Kind
}

// Counted is what a Summary needs to know of a finding.
type Counted struct {
	ID          string
	Status      Status
	Severity    Severity
	Issuer      string // as IssuerName returns it
	Holder      string // as HolderKind returns it
	Occurrences int
	ExpiresAt   time.Time // zero where there is none
	Suppressed  bool
}

// Upcoming is a live token and when it expires.
type Upcoming struct {
	ID        string    `json:"id"`
	ExpiresAt time.Time `json:"expires_at"`
}

// Exposed is a token, in how many places it lies open and how bad that is.
type Exposed struct {
	ID          string   `json:"id"`
	Occurrences int      `json:"occurrences"`
	Severity    Severity `json:"severity"`
}

// ranked is how many findings a summary names of a kind.
const ranked = 10

// Count counts one finding more. The summary must be one that Normal returned.
func (s *Summary) Count(c Counted) {
	s.Findings++
	s.Occurrences += c.Occurrences
	if c.Suppressed {
		s.Suppressed++
	}
	s.ByStatus[c.Status]++
	s.BySeverity[c.Severity]++
	s.ByIssuer[c.Issuer]++
	s.ByHolder[c.Holder]++
	if c.Status == Live && !c.ExpiresAt.IsZero() {
		s.ExpiresNext = insert(s.ExpiresNext, Upcoming{c.ID, c.ExpiresAt.UTC()}, func(a, b Upcoming) int {
			return cmp.Or(a.ExpiresAt.Compare(b.ExpiresAt), strings.Compare(a.ID, b.ID))
		})
	}
	s.MostExposed = insert(s.MostExposed, Exposed{c.ID, c.Occurrences, c.Severity}, func(a, b Exposed) int {
		return cmp.Or(b.Occurrences-a.Occurrences, a.Severity.Rank()-b.Severity.Rank(), strings.Compare(a.ID, b.ID))
	})
}

// insert keeps the first of a list that is in order.
func insert[T any](list []T, one T, compare func(a, b T) int) []T {
	at, _ := slices.BinarySearchFunc(list, one, compare)
	if at == ranked {
		return list
	}
	list = slices.Insert(list, at, one)
	return list[:min(len(list), ranked)]
}

// Summarize counts findings.
func Summarize(findings []Finding) Summary {
	summary := Summary{}.Normal()
	for i := range findings {
		f := &findings[i]
		counted := Counted{
			ID: f.ID, Status: f.Status, Severity: f.Severity, Issuer: f.IssuerName(), Holder: f.HolderKind(),
			Occurrences: f.OccurrenceCount, Suppressed: f.Suppressed != nil,
		}
		if f.Token.ExpiresAt != nil {
			counted.ExpiresAt = *f.Token.ExpiresAt
		}
		summary.Count(counted)
	}
	return summary
}
