package cmd

import (
	"context"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/dustin/go-humanize"

	"github.com/jwtleak/jwtleak/detectors/encoding"
	"github.com/jwtleak/jwtleak/report"
	"github.com/jwtleak/jwtleak/scanner"
	"github.com/jwtleak/jwtleak/scanner/container"
	"github.com/jwtleak/jwtleak/scanner/finding"
	"github.com/jwtleak/jwtleak/scanner/policy"
	"github.com/jwtleak/jwtleak/scanner/source/fs"
	"github.com/jwtleak/jwtleak/scanner/source/git"
	"github.com/jwtleak/jwtleak/scanner/triage"
)

// scanSettings are the flags of scan, read and checked.
type scanSettings struct {
	scanOptions
	evaluatedAt   time.Time
	keep          []finding.Status
	fails         failPolicy
	fileSize      int64
	limits        container.Limits
	historyMode   git.History
	allClaims     bool
	accepted      *policy.Policy
	heeds         func(finding.Place) scanner.Heed // nil where no comment is obeyed
	rangeRef      string                           // what the server calls the near end of the range
	implied       impliedRange                     // where no flag says what is scanned
	start         start
	targets       []string
	leftOut       *scanner.LeftOut
	colorMode     switchMode
	progressShown switchMode
}

// settings reads the flags; the error names the flag, what is wrong with it and what it takes.
func (o scanOptions) settings(ctx context.Context, targets []string) (scanSettings, error) {
	s := scanSettings{limits: container.DefaultLimits(), leftOut: &scanner.LeftOut{}}
	var err error
	if s.evaluatedAt, err = parseTime(o.at); err != nil {
		return s, err
	}
	var file policy.File
	if file, s.accepted, err = o.read(ctx, targets, s.evaluatedAt); err != nil {
		return s, err
	}
	s.heeds = o.heeds(ctx, targets)
	s.start, s.targets = startHere(), targets
	o = o.withFile(file)
	s.scanOptions = o
	if !slices.Contains(report.Formats(), o.format) {
		return s, fmt.Errorf("--format %q is unknown: choose one of %s", o.format, strings.Join(report.Formats(), ", "))
	}
	if s.keep, err = parseStatuses(o.statuses); err != nil {
		return s, err
	}
	if s.fails, err = parseFailPolicy(o.failOn); err != nil {
		return s, err
	}
	if s.fileSize, err = parseSize("--max-file-size", o.maxFileSize); err != nil {
		return s, err
	}
	for _, glob := range append(slices.Clone(o.include), o.exclude...) {
		if err := fs.CheckPattern(glob); err != nil {
			return s, fmt.Errorf("the pattern %q is no glob: %w", glob, err)
		}
	}
	if o.maxDepth < 1 {
		return s, fmt.Errorf("--max-depth %d: must be at least 1", o.maxDepth)
	}
	if o.maxExpansion < 1 {
		return s, fmt.Errorf("--max-expansion %d: must be at least 1", o.maxExpansion)
	}
	s.limits.MaxDepth, s.limits.MaxExpansion = o.maxDepth, o.maxExpansion
	if o.jobs < 1 {
		return s, fmt.Errorf("--jobs %d: must be at least 1", o.jobs)
	}
	if o.maxLifetime <= 0 {
		return s, fmt.Errorf("--max-lifetime %s: must be more than nothing, such as 24h", o.maxLifetime)
	}
	s.historyMode = git.History(o.history)
	if !slices.Contains([]git.History{git.HistoryAll, git.HistoryReachable, git.HistoryNone}, s.historyMode) {
		return s, fmt.Errorf("--history %q is unknown: choose all, reachable or none", o.history)
	}
	if o.claims != "registered" && o.claims != "all" {
		return s, fmt.Errorf("--claims %q is unknown: choose registered or all", o.claims)
	}
	s.allClaims = o.claims == "all"
	if o.commitRange != "" && o.staged {
		return s, fmt.Errorf("--range and --staged exclude each other: choose one")
	}
	switch o.commitRange {
	case pullRequest:
		if s.commitRange, err = pullRequestRange(os.Getenv); err != nil {
			return s, err
		}
		s.rangeRef = pullRequestRef(os.Getenv)
	case wholeOfTarget:
		s.commitRange = ""
	case "":
		s.implied = o.impliedRange(ctx, targets, os.Getenv)
		if s.commitRange = s.implied.commits; s.commitRange != "" {
			s.rangeRef = pullRequestRef(os.Getenv)
		}
	}
	if s.colorMode, err = parseSwitch("--color", o.color); err != nil {
		return s, err
	}
	s.progressShown, err = parseSwitch("--progress", o.progress)
	return s, err
}

// withFile returns the options with those of a configuration file where the command line gives none.
func (o scanOptions) withFile(file policy.File) scanOptions {
	o.include = append(slices.Clone(file.Include), o.include...)
	o.exclude = append(slices.Clone(file.Exclude), o.exclude...)
	if len(file.FailOn) > 0 && !o.given("fail-on") {
		o.failOn = file.FailOn
	}
	if file.MaxLifetime > 0 && !o.given("max-lifetime") {
		o.maxLifetime = file.MaxLifetime
	}
	if file.MaxFileSize != "" && !o.given("max-file-size") {
		o.maxFileSize = file.MaxFileSize
	}
	if file.MaxDepth != 0 && !o.given("max-depth") {
		o.maxDepth = file.MaxDepth
	}
	if file.MaxExpansion != 0 && !o.given("max-expansion") {
		o.maxExpansion = file.MaxExpansion
	}
	return o
}

// gone returns what says which findings of the baseline a scan did not meet that read all of where they were; nil without one.
func (s scanSettings) gone(targets []finding.Target) func() []string {
	if s.accepted.Baseline == nil {
		return nil
	}
	return func() []string { return s.accepted.Baseline.Gone(s.reads(targets, s.accepted.Baseline.Scan)) }
}

// tellGone says which findings of the baseline are gone.
func (s scanSettings) tellGone(result scanner.Result, stderr io.Writer) {
	if gone := result.Scan.Gone; len(gone) > 0 && !s.quiet {
		_, _ = fmt.Fprintf(stderr, "jwtleak: %d of the baseline are gone: %s\n", len(gone), report.TerminalSafe(strings.Join(gone, " ")))
	}
}

// tellLapsed says which findings fail again since their last day in an ignore file is over.
func (s scanSettings) tellLapsed(stderr io.Writer) {
	if lapsed := s.accepted.Lapsed(); len(lapsed) > 0 && !s.quiet {
		_, _ = fmt.Fprintf(stderr, "jwtleak: ignored no more, since the last day is over: %s\n", strings.Join(lapsed, " "))
	}
}

// tellUnmet says which lines of the ignore files name a token that is nowhere where the user stands, be it gone or mistyped:
// that takes a scan that read all of it.
func (s scanSettings) tellUnmet(result scanner.Result, stderr io.Writer) {
	all := s.commitRange == "" && !s.staged && s.historyMode == git.HistoryAll && !s.given("include") && !s.given("exclude")
	if s.quiet || !all || !result.Scan.Complete {
		return
	}
	if unmet := s.accepted.Unmet(); len(unmet) > 0 && slices.ContainsFunc(s.targets, isStanding) {
		_, _ = fmt.Fprintf(stderr, "jwtleak: %d of the ignore file were not met: %s\n", len(unmet), strings.Join(unmet, " "))
	}
}

// isStanding reports whether a target is where the user stands: the work tree, or else the directory.
func isStanding(target string) bool {
	here, ok := standing()
	return ok && (resolved(target) == here || target == ".")
}

// reads returns what says whether a scan of targets reads a place that an earlier one told of, if there still is a token.
func (s scanSettings) reads(targets []finding.Target, earlier finding.Scan) func(finding.Occurrence) bool {
	wanted, partly := fs.Wanted(s.include, s.exclude), s.commitRange != "" || s.staged
	covered := report.Covered(finding.Scan{Targets: targets, Directory: s.start.directory, Root: s.start.root}, earlier)
	return func(occurrence finding.Occurrence) bool {
		target, path, ok := covered(occurrence)
		_, committed := occurrence.Place.(finding.GitPlace)
		if !ok || partly && (committed || target.Kind == "git") || committed && s.historyMode != git.HistoryAll {
			return false
		}
		return path == "" || wanted == nil || wanted(path)
	}
}

// reading returns what opening the targets needs to know. What is left out by design is told on stderr, as in the report.
func (s scanSettings) reading(stdin io.Reader, stderr io.Writer) scanner.Reading {
	leftOut := func(path, reason string) {
		if s.leftOut.Add(path, reason) && !s.quiet {
			_, _ = fmt.Fprintf(stderr, "jwtleak: left out %s: %s\n", report.TerminalSafe(path), report.TerminalSafe(reason))
		}
	}
	return scanner.Reading{
		Stdin: stdin, History: s.historyMode, Range: s.commitRange, RangeRef: s.rangeRef, Staged: s.staged, Hook: git.HookOf(os.Getenv),
		MaxFileSize: s.fileSize, Include: s.include, Exclude: s.exclude,
		Prefilter: detector().Prefilter(), LeftOut: leftOut,
	}
}

// presentation returns how the report is shown on a stream.
func (s scanSettings) presentation(ctx context.Context, stream io.Writer) report.Options {
	options := presentation(stream, s.colorMode)
	options.ShowTokens = s.showTokens
	options.Fails = func(found finding.Finding) bool { return s.fails.fails(found.Severity, found.Status) }
	options.ExitCode = func(told finding.Report) int {
		failing := slices.ContainsFunc(told.Findings, func(found finding.Finding) bool { return found.Suppressed == nil && options.Fails(found) })
		return exitCodeOf(ctx, failing, told.Scan.Complete)
	}
	options.SourceRoot = s.start.root
	return options
}

// scan runs the scan of what was opened.
func (s scanSettings) scan(ctx context.Context, opened scanner.Opened, counters *scanner.Counters, sink scanner.Sink) (scanner.Result, error) {
	return scanner.Scan(ctx, scanner.Options{
		Tool: tool(), Targets: opened.Targets, Sources: opened.Sources,
		Directory: s.start.directory, Root: s.start.told(s.targets),
		Detector: detector(), Limits: s.limits,
		Judge:   triage.Judge{At: s.evaluatedAt, MaxLifetime: s.maxLifetime},
		LeftOut: s.leftOut, Problems: s.known(),
		Jobs: s.jobs, Statuses: s.keep, AllClaims: s.allClaims, WithoutClaims: !report.ShowsClaims(s.format), ShowTokens: s.showTokens,
		Accepts:  s.accepted.Accepts,
		Narrowed: s.narrowed(),
		Gone:     s.gone(opened.Targets), Heeds: s.heeds, Fails: s.fails.fails, Now: time.Now, Counters: counters,
		ExitCode: func(failing, complete bool) int { return exitCodeOf(ctx, failing, complete) },
	}, sink)
}

// narrowed returns the flags that have less looked for than lies in the targets, or kept, sorted.
func (s scanSettings) narrowed() []string {
	var flags []string
	if s.commitRange != "" {
		flags = append(flags, "--range "+s.commitRange)
	}
	if s.staged {
		flags = append(flags, "--staged")
	}
	if s.historyMode != git.HistoryAll {
		flags = append(flags, "--history "+s.history)
	}
	flags = append(flags, narrowedBy("status", s.statuses)...)
	flags = append(flags, narrowedBy("include", s.include)...)
	flags = append(flags, narrowedBy("exclude", s.exclude)...)
	slices.Sort(flags)
	return slices.Compact(flags)
}

// narrowedBy returns a flag with each of its values.
func narrowedBy(flag string, values []string) []string {
	flags := make([]string, len(values))
	for i, value := range values {
		flags[i] = "--" + flag + " " + encoding.Redact(value)
	}
	return flags
}

// known returns what can't be read, as is known beforehand.
func (s scanSettings) known() []finding.Problem {
	if s.implied.unread == "" {
		return nil
	}
	return []finding.Problem{{Path: s.targets[0], Reason: s.implied.unread}}
}

// A failPolicy says which findings make exit code 1.
type failPolicy struct {
	severity finding.Severity // this one and above; empty for none
	statuses []finding.Status
}

func (p failPolicy) fails(severity finding.Severity, status finding.Status) bool {
	if p.severity != "" && severity.Rank() <= p.severity.Rank() {
		return true
	}
	// A sample is info whatever its status is, and fails only who asks for info.
	return severity != finding.Info && slices.Contains(p.statuses, status)
}

func parseFailPolicy(words []string) (failPolicy, error) {
	var policy failPolicy
	for _, word := range words {
		switch {
		case word == "none" && len(words) == 1:
		case slices.Contains(finding.Severities(), finding.Severity(word)):
			if severity := finding.Severity(word); policy.severity == "" || severity.Rank() > policy.severity.Rank() {
				policy.severity = severity
			}
		case slices.Contains(finding.Statuses(), finding.Status(word)):
			policy.statuses = append(policy.statuses, finding.Status(word))
		default:
			return policy, fmt.Errorf("--fail-on %q is unknown: give a severity (%s), statuses (%s) or none", word,
				joinWords(finding.Severities()), joinWords(finding.Statuses()))
		}
	}
	return policy, nil
}

func parseStatuses(words []string) ([]finding.Status, error) {
	statuses := make([]finding.Status, 0, len(words))
	for _, word := range words {
		if !slices.Contains(finding.Statuses(), finding.Status(word)) {
			return nil, fmt.Errorf("--status %q is unknown: choose from %s", word, joinWords(finding.Statuses()))
		}
		statuses = append(statuses, finding.Status(word))
	}
	return statuses, nil
}

func joinWords[T ~string](words []T) string { return strings.Join(plain(words), ", ") }

// parseSize reads a number of bytes such as 512, 10MB or 4GiB.
func parseSize(flag, text string) (int64, error) {
	size, err := humanize.ParseBytes(text)
	if err != nil || size > math.MaxInt64 {
		return 0, fmt.Errorf("%s %q is no size, such as 512, 10MB or 4GiB", flag, text)
	}
	return int64(size), nil
}
