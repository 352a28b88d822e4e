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
	// fold is the sink's, where it has one: findings are handed to it without the event, of which there may be many.
	fold *Fold
}

func (g guard) Begin(tool finding.Tool, scan finding.Scan) error {
	return g.Sink.Begin(redactTool(tool), redactScan(scan))
}

func (g guard) Event(event finding.Event) error {
	switch told := event.(type) {
	case finding.Found:
		if g.fold != nil {
			g.fold.found(g.finding(told.Finding))
			return nil
		}
		told.Finding = g.finding(told.Finding)
		event = told
	case finding.Met:
		told.ID, told.Occurrence = redactText(told.ID), redactOccurrence(told.Occurrence)
		event = told
	case finding.Updated:
		event = redactUpdate(told)
	case finding.Problem:
		event = redactProblem(told)
	case finding.Ended:
		told.Tool, told.Scan, told.Summary = redactTool(told.Tool), redactScan(told.Scan), redactSummary(told.Summary)
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
	if others := string(f.OtherPlaces); redactBytes(others) != others {
		f.OtherPlaces = nil // someone wrote it who knows how hashes would read
	}
	t := &f.Token
	for _, s := range []*string{
		&f.ID, &f.Fingerprint, &f.Rule, &f.Redacted, &t.Algorithm, &t.Type, &t.KeyID, &t.Issuer, &t.Subject, &t.TokenID,
		&f.Holder.Kind, &f.Holder.By,
	} {
		*s = redactText(*s)
	}
	f.Severity, f.Status = redactWord(f.Severity), redactWord(f.Status)
	f.Risks = redactRisks(f.Risks)
	t.Header, t.Claims = redactObject(t.Header), redactObject(t.Claims)
	t.Audience = redactTexts(t.Audience, redactText)
	t.Scopes = redactTexts(t.Scopes, redactText)
	t.OtherClaims = redactTexts(t.OtherClaims, redactText)
	if f.IssuerKnown != nil {
		issuer := *f.IssuerKnown
		issuer.ID, issuer.Name = redactText(issuer.ID), redactText(issuer.Name)
		issuer.TokenUse, issuer.Revocation = redactText(issuer.TokenUse), redactText(issuer.Revocation)
		f.IssuerKnown = &issuer
	}
	f.Exposure, f.Suppressed = redactExposure(f.Exposure), redactSuppression(f.Suppressed)
	f.Occurrences = redactEach(f.Occurrences, redactOccurrence)
	return f
}

func redactUpdate(told finding.Updated) finding.Updated {
	told.ID, told.Severity = redactText(told.ID), redactWord(told.Severity)
	told.Exposure, told.Suppressed = redactExposure(told.Exposure), redactSuppression(told.Suppressed)
	told.Repository = redactBytes(told.Repository)
	told.Occurrences = redactEach(told.Occurrences, redactOccurrence)
	return told
}

func redactExposure(exposure *finding.Exposure) *finding.Exposure {
	if exposure == nil || redactText(exposure.SeenBy) == exposure.SeenBy {
		return exposure
	}
	redacted := *exposure
	redacted.SeenBy = redactText(exposure.SeenBy)
	return &redacted
}

func redactSuppression(suppressed *finding.Suppression) *finding.Suppression {
	if suppressed == nil {
		return nil
	}
	return &finding.Suppression{By: redactWord(suppressed.By), Reason: redactText(suppressed.Reason)}
}

// redactRisks returns the risks with their words redacted: the list itself where that changes none, as it is but for
// saved reports that someone wrote.
func redactRisks(risks []finding.Risk) []finding.Risk {
	redact := func(risk finding.Risk) finding.Risk {
		return finding.Risk{
			ID: redactText(risk.ID), Title: redactText(risk.Title), Severity: redactWord(risk.Severity),
			References: redactTexts(risk.References, redactText),
		}
	}
	changes := func(risk finding.Risk) bool {
		redacted := redact(risk)
		return redacted.ID != risk.ID || redacted.Title != risk.Title || redacted.Severity != risk.Severity ||
			!slices.Equal(redacted.References, risk.References)
	}
	if !slices.ContainsFunc(risks, changes) {
		return risks
	}
	return redactEach(risks, redact)
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
	o.Container, o.Encodings = redactTexts(o.Container, redactBytes), redactTexts(o.Encodings, redactText)
	o.SeenBy = redactWord(o.SeenBy)
	return o
}

func redactGitPlace(at finding.GitPlace) finding.Place {
	at.Target, at.Repository, at.Path = redactBytes(at.Target), redactBytes(at.Repository), redactBytes(at.Path)
	at.Object, at.ObjectType = redactText(at.Object), redactText(at.ObjectType)
	at.Commit, at.RemovedBy = redactText(at.Commit), redactText(at.RemovedBy)
	at.Author, at.AuthorEmail = redactText(at.Author), redactText(at.AuthorEmail)
	at.Tips = redactTexts(at.Tips, redactText)
	return at
}

func redactScan(scan finding.Scan) finding.Scan {
	scan.Targets = redactEach(scan.Targets, func(target finding.Target) finding.Target {
		return finding.Target{
			Kind: redactText(target.Kind), Path: redactText(target.Path),
			Remote: redactText(target.Remote), Commit: redactText(target.Commit), Branch: redactText(target.Branch),
		}
	})
	scan.Gone = redactTexts(scan.Gone, redactText)
	scan.Directory, scan.Root = redactText(scan.Directory), redactText(scan.Root)
	scan.Problems = redactEach(scan.Problems, redactProblem)
	scan.LeftOut = redactEach(scan.LeftOut, redactProblem)
	scan.Narrowed = redactEach(scan.Narrowed, redactText)
	if scan.Detached != nil {
		scan.Detached = &finding.Detached{Count: scan.Detached.Count, Places: redactEach(scan.Detached.Places, redactOccurrence)}
	}
	return scan
}

func redactTool(tool finding.Tool) finding.Tool {
	return finding.Tool{Name: redactText(tool.Name), Version: redactText(tool.Version)}
}

func redactSummary(summary finding.Summary) finding.Summary {
	summary.ByStatus, summary.BySeverity = redactKeys(summary.ByStatus), redactKeys(summary.BySeverity)
	summary.ByIssuer, summary.ByHolder = redactKeys(summary.ByIssuer), redactKeys(summary.ByHolder)
	summary.ExpiresNext = redactEach(summary.ExpiresNext, func(next finding.Upcoming) finding.Upcoming {
		next.ID = redactText(next.ID)
		return next
	})
	summary.MostExposed = redactEach(summary.MostExposed, func(exposed finding.Exposed) finding.Exposed {
		exposed.ID, exposed.Severity = redactText(exposed.ID), redactWord(exposed.Severity)
		return exposed
	})
	return summary
}

// redactOptions redacts what options say of the scanned tree.
func redactOptions(options Options) Options {
	options.SourceRoot, options.Category = redactBytes(options.SourceRoot), redactText(options.Category)
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

func redactKeys[K ~string](counts map[K]int) map[K]int {
	if counts == nil {
		return nil
	}
	redacted := make(map[K]int, len(counts))
	for name, count := range counts {
		redacted[redactWord(name)] += count
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

// redactWord does so for a word of a closed list, in whose place a saved report may have anything.
func redactWord[W ~string](word W) W { return W(redactText(string(word))) }
