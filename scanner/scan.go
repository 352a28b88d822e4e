package scanner

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/jwtleak/jwtleak/detectors"
	"github.com/jwtleak/jwtleak/scanner/container"
	"github.com/jwtleak/jwtleak/scanner/finding"
	"github.com/jwtleak/jwtleak/scanner/source"
	"github.com/jwtleak/jwtleak/scanner/triage"
)

// Options say what is scanned and how.
type Options struct {
	// Tool and Targets are for the report: what made it, and what the user named.
	Tool    finding.Tool
	Targets []finding.Target
	// Directory and Root are for the report too: see finding.Scan.
	Directory, Root string
	// Sources are read one after the other; each uses all the jobs.
	Sources []source.Source
	// Detector finds the tokens.
	Detector detectors.Detector
	// Limits bound what is unpacked.
	Limits container.Limits
	// Judge says what a token means, and as of when.
	Judge triage.Judge
	// Jobs is how many goroutines work at once; less than 1 means 1.
	Jobs int
	// Statuses, where not empty, are the only ones that are told and counted.
	Statuses []finding.Status
	// Narrowed is what Scan.Narrowed says of the scan.
	Narrowed []string
	// Accepts, where set, is asked once for each distinct token whether the user accepted it beforehand. One that was
	// is told with the suppression and does not fail the scan.
	Accepts func(finding.Finding) *finding.Suppression
	// Heeds, where set, says what AllowComment is worth at a place. It may be called from several goroutines at once.
	Heeds func(finding.Place) Heed
	// Gone, where set, is asked once all was read which findings of an earlier scan were not met again: see finding.Scan.
	Gone func() []string
	// AllClaims has every claim shown, not the registered and authorization claims alone.
	AllClaims bool
	// WithoutClaims has headers and claims left out, for whoever shows neither.
	WithoutClaims bool
	// ShowTokens has whole tokens shown.
	ShowTokens bool
	// Fails says whether a finding fails the scan.
	Fails func(finding.Severity, finding.Status) bool
	// ExitCode, where set, says what the command will exit with; Scan.ExitCode has it.
	ExitCode func(failing, complete bool) int
	// Now is the clock that dates the scan itself.
	Now func() time.Time
	// Problems are what is known beforehand not to be read.
	Problems []finding.Problem
	// LeftOut, where set, has what the sources leave out by design.
	LeftOut *LeftOut
	// Counters, where set, is kept up to date for whoever watches.
	Counters *Counters
}

// AllowComment is what a line says beside a token that may stand there, as in "# jwtleak:allow the manual's example". A
// token is accepted where each line that it stands on says so, and one of them at a place where that is Obeyed.
const AllowComment = "jwtleak:allow"

// A Heed is what a comment at a place is worth.
type Heed uint8

// What a comment is worth.
const (
	Ignored Heed = iota // nothing: the line is as one without
	Heard               // it accepts nothing by itself, and does not count against what another one accepts
	Obeyed
)

// A Result is how a scan ended.
type Result struct {
	Scan    finding.Scan
	Summary finding.Summary
	// Failing is the number of findings that fail the scan.
	Failing int
}

// Scan reads every source and tells sink what is in them. It returns when all is told. The error is that of a canceled
// context, of the sink, or of a source that could not be read at all; the result is valid beside it, and the sink has
// been told the end of the scan unless it failed itself.
func Scan(ctx context.Context, options Options, sink Sink) (Result, error) {
	return newEngine(options, sink).scan(ctx)
}

func (e *engine) scan(ctx context.Context) (Result, error) {
	defer e.reserve.free()
	defer e.containers.Close()
	options := &e.options
	started := options.Now().UTC()
	if err := e.begin(started); err != nil {
		return Result{}, err
	}
	var failures []error
	for _, problem := range options.Problems {
		if err := e.Problem(problem); err != nil {
			return Result{}, err
		}
	}
	for _, s := range options.Sources {
		if err := s.Read(ctx, max(1, options.Jobs), e); err != nil {
			failures = append(failures, err)
			if ctx.Err() != nil || e.sinkError() != nil {
				break
			}
		}
	}
	err := errors.Join(failures...)
	return e.end(started, err), err
}

// tells reports whether findings of a status are told.
func (o *Options) tells(status finding.Status) bool {
	return len(o.Statuses) == 0 || slices.Contains(o.Statuses, status)
}
