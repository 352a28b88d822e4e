package finding

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// NoIssuer is what a Summary counts findings under that name no issuer.
const NoIssuer = "(none)"

// IssuerName is what a Summary counts the finding under, and what people are told: the issuer's name where the token proves
// it, else what the claim iss says, else NoIssuer. The name of a kind of token (KindOnly) is no issuer's. What iss says is
// written so that whoever wrote it can't have it look like the name of an issuer that was proven, or like a count of such:
// as it is where it is a plain address, which no issuer is called by, and else as iss "...".
func (f Finding) IssuerName() string {
	switch {
	case f.provesIssuer():
		return f.IssuerKnown.Name
	case f.Token.Issuer == "":
		return NoIssuer
	case isPlainAddress(f.Token.Issuer):
		return f.Token.Issuer
	default:
		return "iss " + f.ClaimedIssuer()
	}
}

// ClaimedIssuer is what the claim iss says, as text that ends where it ends: as it is where it is a plain address, else quoted.
func (f Finding) ClaimedIssuer() string {
	if isPlainAddress(f.Token.Issuer) {
		return f.Token.Issuer
	}
	return strconv.Quote(f.Token.Issuer)
}

func (f Finding) provesIssuer() bool {
	return f.IssuerKnown != nil && f.IssuerKnown.Name != "" && !f.IssuerKnown.KindOnly
}

// isPlainAddress reports whether a text is a URL of characters that are plain in a sentence and a list.
func isPlainAddress(text string) bool {
	if !strings.HasPrefix(text, "https://") && !strings.HasPrefix(text, "http://") {
		return false
	}
	for i := range len(text) {
		if c := text[i]; !isAlphanumeric(c) && strings.IndexByte("-._~:/%+=&?#@", c) < 0 {
			return false
		}
	}
	return true
}

// NamesIssuer reports whether name is one by which the finding's issuer, or kind of token, is called in reports; or the name
// or id that it is known by, however large or small the letters are.
func (f Finding) NamesIssuer(name string) bool {
	known := f.IssuerKnown != nil && (strings.EqualFold(name, f.IssuerKnown.Name) || strings.EqualFold(name, f.IssuerKnown.ID))
	return known || name == f.IssuerName()
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
