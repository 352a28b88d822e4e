package report

import (
	"fmt"
	"slices"
	"unicode/utf8"

	"github.com/jwtleak/jwtleak/detectors/encoding"
	"github.com/jwtleak/jwtleak/scanner/finding"
)

// A guard stands in front of every sink and lets no token pass: not as Finding.Raw, unless the user asked, and not
// inside any other string, whoever put it there (a path, a claim, the reason of a problem).
type guard struct {
	Sink
	showTokens bool
	// lean drops headers and claims, which only JSON shows: they are most of the work and of the memory.
	lean bool
}

func (g guard) Begin(tool finding.Tool, scan finding.Scan) error {
	return g.Sink.Begin(tool, redactScan(scan))
}

func (g guard) Event(event finding.Event) error {
	switch told := event.(type) {
	case finding.Found:
		told.Finding = g.finding(told.Finding)
		event = told
	case finding.Met:
		told.Occurrence = redactOccurrence(told.Occurrence)
		event = told
	case finding.Updated:
		told.Repository = redactBytes(told.Repository)
		told.Occurrences = redactEach(told.Occurrences, redactOccurrence)
		event = told
	case finding.Problem:
		event = redactProblem(told)
	case finding.Ended:
		told.Scan = redactScan(told.Scan)
		told.Summary.ByIssuer = redactKeys(told.Summary.ByIssuer)
		event = told
	default:
		return fmt.Errorf("report: no such event: %T", event)
	}
	return g.Sink.Event(event)
}

// finding returns a finding without tokens; what it shares with the one given is not changed.
func (g guard) finding(f finding.Finding) finding.Finding {
	if !g.showTokens {
		f.Raw = ""
	}
	if g.lean {
		f.Token.Header, f.Token.Claims, f.Token.OtherClaims = nil, nil, nil
	}
	t := &f.Token
	for _, s := range []*string{
		&f.Redacted, &t.Algorithm, &t.Type, &t.KeyID, &t.Issuer, &t.Subject, &t.TokenID, &f.Holder.Kind, &f.Holder.By,
	} {
		*s = redactText(*s)
	}
	t.Header, t.Claims = redactObject(t.Header), redactObject(t.Claims)
	t.Audience = redactTexts(t.Audience, redactText)
	t.Scopes = redactTexts(t.Scopes, redactText)
	t.OtherClaims = redactTexts(t.OtherClaims, redactText)
	if f.IssuerKnown != nil {
		issuer := *f.IssuerKnown
		issuer.Name, issuer.TokenUse, issuer.Revocation = redactText(issuer.Name), redactText(issuer.TokenUse), redactText(issuer.Revocation)
		f.IssuerKnown = &issuer
	}
	if f.Suppressed != nil {
		f.Suppressed = &finding.Suppression{By: f.Suppressed.By, Reason: redactText(f.Suppressed.Reason)}
	}
	f.Occurrences = redactEach(f.Occurrences, redactOccurrence)
	return f
}

func redactOccurrence(o finding.Occurrence) finding.Occurrence {
	switch at := o.Place.(type) {
	case finding.FilePlace:
		if target, path := redactBytes(at.Target), redactBytes(at.Path); target != at.Target || path != at.Path {
			o.Place = finding.FilePlace{Target: target, Path: path}
		}
	case finding.GitPlace:
		o.Place = redactGitPlace(at)
	}
	o.Container = redactTexts(o.Container, redactBytes)
	return o
}

func redactGitPlace(at finding.GitPlace) finding.Place {
	at.Target, at.Repository, at.Path = redactBytes(at.Target), redactBytes(at.Repository), redactBytes(at.Path)
	at.Author, at.AuthorEmail = redactText(at.Author), redactText(at.AuthorEmail)
	at.Tips = redactTexts(at.Tips, redactText)
	return at
}

func redactScan(scan finding.Scan) finding.Scan {
	scan.Targets = redactEach(scan.Targets, func(target finding.Target) finding.Target {
		target.Path = redactText(target.Path)
		return target
	})
	scan.Problems = redactEach(scan.Problems, redactProblem)
	return scan
}

// redactOptions redacts what options say of the scanned tree: the repository's address, its branch, the directory.
func redactOptions(options Options) Options {
	options.SourceRoot, options.Category = redactBytes(options.SourceRoot), redactText(options.Category)
	options.Provenance = redactEach(options.Provenance, func(control VersionControl) VersionControl {
		return VersionControl{
			RepositoryURI: redactText(control.RepositoryURI), RevisionID: redactText(control.RevisionID),
			Branch: redactText(control.Branch), Directory: redactBytes(control.Directory),
		}
	})
	return options
}

func redactProblem(problem finding.Problem) finding.Problem {
	return finding.Problem{Path: redactText(problem.Path), Reason: redactText(problem.Reason)}
}

// redactEach returns the list with each element redacted; a new list, so that the teller's own is not changed.
func redactEach[E any](list []E, redact func(E) E) []E {
	if len(list) == 0 {
		return list
	}
	redacted := make([]E, len(list))
	for i, element := range list {
		redacted[i] = redact(element)
	}
	return redacted
}

// redactTexts returns the list with each string redacted: the list itself where that changes none.
func redactTexts(list []string, redact func(string) string) []string {
	if !slices.ContainsFunc(list, func(s string) bool { return redact(s) != s }) {
		return list
	}
	return redactEach(list, redact)
}

func redactKeys(counts map[string]int) map[string]int {
	if counts == nil {
		return nil
	}
	redacted := make(map[string]int, len(counts))
	for name, count := range counts {
		redacted[redactText(name)] += count
	}
	return redacted
}

// redactObject returns the object with each name and value redacted: the object itself where that changes none.
func redactObject(object map[string]any) map[string]any {
	if isRedacted(object) {
		return object
	}
	redacted := make(map[string]any, len(object))
	for name, value := range object {
		redacted[redactText(name)] = redactValue(value)
	}
	return redacted
}

// redactValue redacts a value as encoding/json decodes them.
func redactValue(value any) any {
	switch value := value.(type) {
	case string:
		return redactText(value)
	case []string:
		return redactTexts(value, redactText)
	case []any:
		return redactEach(value, redactValue)
	case map[string]any:
		return redactObject(value)
	default:
		return value
	}
}

// isRedacted reports whether redacting a value would change nothing.
func isRedacted(value any) bool {
	switch value := value.(type) {
	case string:
		return redactText(value) == value
	case []string:
		return !slices.ContainsFunc(value, func(s string) bool { return redactText(s) != s })
	case []any:
		return !slices.ContainsFunc(value, func(element any) bool { return !isRedacted(element) })
	case map[string]any:
		for name, member := range value {
			if redactText(name) != name || !isRedacted(member) {
				return false
			}
		}
	}
	return true
}

// redactBytes returns s with every token in it cut to the beginning of its header. Every string of a report comes
// through here. Names of files come out as the bytes they are.
func redactBytes(s string) string { return encoding.Redact(s) }

// redactText does so for a string that is text: a byte that is no UTF-8 becomes U+FFFD at once, as it would in JSON, so
// that a report rendered from JSON is the same.
func redactText(s string) string {
	if s = redactBytes(s); !utf8.ValidString(s) {
		return string([]rune(s))
	}
	return s
}
