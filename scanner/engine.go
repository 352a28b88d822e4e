package scanner

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/jwtleak/jwtleak/detectors/encoding"
	"github.com/jwtleak/jwtleak/detectors/jwt"
	"github.com/jwtleak/jwtleak/scanner/container"
	"github.com/jwtleak/jwtleak/scanner/finding"
	"github.com/jwtleak/jwtleak/scanner/source"
	"github.com/jwtleak/jwtleak/scanner/triage"
)

// An engine is the visitor of every source of one scan.
type engine struct {
	options    Options
	counters   *Counters
	reserve    reserve
	containers *container.Shared
	visits     sync.Pool // of *visit, to be used again
	// judge and logTime are triage's: values, so that a benchmark can scan without them.
	judge   func(*jwt.Token) triage.Judgement
	logTime func(line []byte, modified, now time.Time) (time.Time, bool)

	// mu guards all below and the calls of sink, so that a token is always told before its further occurrences.
	mu       sync.Mutex
	sink     Sink
	failed   error // the sink's error, after which nothing more is told
	ledger   ledger
	problems problemList
	detached detached
}

var _ source.Visitor = (*engine)(nil)

func newEngine(options Options, sink Sink) *engine {
	counters := options.Counters
	if counters == nil {
		counters = &Counters{}
	}
	return &engine{
		options:    options,
		counters:   counters,
		sink:       sink,
		containers: container.NewShared(),
		judge:      options.Judge.Token,
		logTime:    triage.LogTime,
		ledger:     newLedger(),
	}
}

// Problem implements source.Visitor.
func (e *engine) Problem(problem finding.Problem) error {
	problem.Path, problem.Reason = encoding.Redact(problem.Path), encoding.Redact(problem.Reason)
	e.mu.Lock()
	defer e.mu.Unlock()
	if !e.problems.add(problem) {
		return e.failed
	}
	return e.tell(problem)
}

// Count implements source.Visitor.
func (e *engine) Count(stats finding.Stats) { e.counters.add(stats) }

// begin tells the sink what is known beforehand.
func (e *engine) begin(started time.Time) error {
	err := e.sink.Begin(e.options.Tool, finding.Scan{
		StartedAt: started, EvaluatedAt: e.options.Judge.At.UTC(), Targets: e.targets(),
		Directory: e.options.Directory, Root: e.options.Root, Narrowed: e.options.Narrowed,
	})
	if err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	return nil
}

// tell hands an event to the sink. The caller holds mu.
func (e *engine) tell(event finding.Event) error {
	if e.failed != nil {
		return e.failed
	}
	if err := e.sink.Event(event); err != nil {
		e.failed = fmt.Errorf("write the report: %w", err)
	}
	return e.failed
}

func (e *engine) sinkError() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.failed
}

// met takes in one occurrence of a token.
func (e *engine) met(canonical string, disclosures int, occurrence finding.Occurrence, text *source.Text) error {
	fingerprint := finding.NewFingerprint(canonical)
	if text.Known != nil && text.Known(fingerprint) {
		return nil
	}
	provisional := text.Sighted != nil
	if provisional {
		text.Sighted(fingerprint, occurrence)
	}
	if known, err := e.metAgain(fingerprint, occurrence, provisional); known {
		return err
	}
	// Decoded outside the lock: two that meet the same new token at once both do it, and one of them tells.
	token, err := jwt.Decode(canonical)
	if err != nil {
		return e.Problem(finding.Problem{Path: pathOf(occurrence.Place), Reason: "a token that was found does not decode"})
	}
	token.Disclosures = disclosures
	judgement := e.judge(token)
	found := e.describe(fingerprint, token, judgement)

	e.mu.Lock()
	defer e.mu.Unlock()
	if en := e.ledger.find(fingerprint); en != nil {
		return e.tellAgain(en, occurrence, provisional)
	}
	en := e.ledger.add(fingerprint)
	en.facts, en.occurrences, en.provisional = judgement.Facts, 1, provisional
	en.issuer, en.holder = e.ledger.names.number(found.IssuerName()), e.ledger.names.number(found.HolderKind())
	if !provisional {
		en.sighted(occurrence, e.obeys(occurrence))
	}
	found.Severity, found.Exposure = en.judged()
	en.severity, en.changed = codeOfSeverity(found.Severity), false
	found.Occurrences, found.OccurrenceCount = []finding.Occurrence{occurrence}, 1
	en.hidden = !e.options.tells(found.Status)
	if e.options.Accepts != nil {
		found.Suppressed = e.options.Accepts(found)
		en.accepted = found.Suppressed != nil
	}
	if en.hidden {
		return e.failed
	}
	e.counters.Findings.Add(1)
	return e.tell(finding.Found{Finding: found})
}

// metAgain takes in an occurrence of a token that the ledger knows, and reports whether it does.
func (e *engine) metAgain(fingerprint finding.Fingerprint, occurrence finding.Occurrence, provisional bool) (bool, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	en := e.ledger.find(fingerprint)
	if en == nil {
		return false, nil
	}
	return true, e.tellAgain(en, occurrence, provisional)
}

// tellAgain tells a further occurrence. The caller holds mu.
func (e *engine) tellAgain(en *entry, occurrence finding.Occurrence, provisional bool) error {
	if provisional {
		return e.failed // Attribute tells it, with all that is known of the place
	}
	en.occurrences++
	en.sighted(occurrence, e.obeys(occurrence))
	if en.hidden {
		return e.failed
	}
	return e.tell(finding.Met{ID: en.fingerprint.ID(), Occurrence: occurrence})
}

// Attribute implements source.Visitor.
func (e *engine) Attribute(fingerprint finding.Fingerprint, repository string, occurrences []finding.Occurrence) error {
	for i := range occurrences {
		occurrences[i] = e.presentable(occurrences[i])
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.detached.attribute(fingerprint, occurrences) {
		return e.failed
	}
	en := e.ledger.find(fingerprint)
	if en == nil {
		return e.failed
	}
	if en.provisional {
		en.occurrences, en.provisional = en.occurrences-1, false
	}
	en.occurrences += int64(len(occurrences))
	for _, occurrence := range occurrences {
		en.sighted(occurrence, e.obeys(occurrence))
	}
	if en.hidden {
		return e.failed
	}
	en.changed = false
	severity, exposure := en.judged()
	en.severity = codeOfSeverity(severity)
	return e.tell(finding.Updated{
		ID: fingerprint.ID(), Severity: severity, Exposure: exposure,
		Repository: encoding.Redact(repository), Occurrences: occurrences,
	})
}

// obeys reports whether a comment beside an occurrence accepts the token there.
func (e *engine) obeys(occurrence finding.Occurrence) bool {
	return occurrence.Allowed && e.options.Heeds != nil && e.options.Heeds(occurrence.Place) == Obeyed
}

// end tells what became known late, and that the scan has ended.
func (e *engine) end(started time.Time, cause error) Result {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, en := range e.ledger.untold() {
		allowed := en.allowed()
		severity, exposure := en.judged()
		en.severity, en.accepted = codeOfSeverity(severity), en.accepted || allowed != nil
		if e.tell(finding.Updated{ID: en.fingerprint.ID(), Severity: severity, Exposure: exposure, Suppressed: allowed}) != nil {
			break
		}
	}
	if cause != nil && e.failed == nil {
		e.problems.add(finding.Problem{Reason: reasonOf(cause)})
	}
	result := Result{Summary: e.summary(), Failing: e.failing()}
	result.Scan = finding.Scan{
		StartedAt: started, FinishedAt: e.options.Now().UTC(), EvaluatedAt: e.options.Judge.At.UTC(),
		Targets: e.targets(), Directory: e.options.Directory, Root: e.options.Root, Stats: e.counters.stats(),
		Complete: cause == nil && e.failed == nil && e.problems.total == 0,
		Problems: e.problems.sorted(),
		LeftOut:  e.options.LeftOut.sorted(),
		Narrowed: e.options.Narrowed,
		Detached: e.detached.told(),
	}
	if e.options.Gone != nil && result.Scan.Complete {
		result.Scan.Gone = e.options.Gone()
	}
	if e.options.ExitCode != nil {
		code := e.options.ExitCode(result.Failing > 0, result.Scan.Complete)
		result.Scan.ExitCode = &code
	}
	_ = e.tell(finding.Ended{Tool: e.options.Tool, Scan: result.Scan, Summary: result.Summary}) // kept in e.failed, which Scan returns
	return result
}

func reasonOf(cause error) string {
	if errors.Is(cause, context.Canceled) {
		return "interrupted: what was found until then is reported, the rest was not read"
	}
	return encoding.Redact(cause.Error())
}

func (e *engine) targets() []finding.Target {
	targets := make([]finding.Target, len(e.options.Targets))
	for i, target := range e.options.Targets {
		targets[i] = finding.Target{
			Kind: target.Kind, Path: encoding.Redact(target.Path),
			Remote: encoding.Redact(target.Remote), Commit: target.Commit, Branch: encoding.Redact(target.Branch),
		}
	}
	return targets
}

func (e *engine) summary() finding.Summary {
	summary := finding.Summary{}.Normal()
	for en := range e.ledger.all() {
		if en.hidden {
			continue
		}
		summary.Count(finding.Counted{
			ID: en.fingerprint.ID(), Status: en.facts.Status(), Severity: en.severity.word(),
			Issuer: e.ledger.names.strings[en.issuer], Holder: e.ledger.names.strings[en.holder],
			Occurrences: int(en.occurrences), ExpiresAt: en.facts.Expires(), Suppressed: en.accepted,
		})
	}
	return summary
}

func (e *engine) failing() int {
	if e.options.Fails == nil {
		return 0
	}
	failing := 0
	for en := range e.ledger.all() {
		if !en.hidden && !en.accepted && e.options.Fails(en.severity.word(), en.facts.Status()) {
			failing++
		}
	}
	return failing
}

// sized returns the reader of a text that can be read at any offset as far as a known size.
func sized(text *source.Text) (io.ReaderAt, bool) {
	at, ok := text.Reader.(io.ReaderAt)
	return at, ok && text.Size >= 0
}
