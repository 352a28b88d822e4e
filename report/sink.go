package report

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/jwtleak/jwtleak/scanner/finding"
)

// A Sink is told what a scan finds: Begin once, Event any number of times, finding.Ended last, then Close, even where
// the scan failed. It is called by one goroutine at a time. An error means that the report can't be written and the scan
// should end. Close does not close what the sink writes to.
type Sink interface {
	Begin(tool finding.Tool, scan finding.Scan) error
	Event(event finding.Event) error
	Close() error
}

// Options say how a report is written. The zero value is a plain one.
type Options struct {
	// Color lets the table use colors. It never means anything that is not also said in words.
	Color bool
	// At is when an inspected token is judged; a report says so itself.
	At time.Time
	// Width is the number of columns that the table may use; zero is 100.
	Width int
	// MaxOccurrences is how many occurrences of a finding are listed; zero is DefaultMaxOccurrences. jsonl lists all.
	MaxOccurrences int
	// ShowTokens lets Finding.Raw pass. Tokens inside other strings never pass.
	ShowTokens bool
	// Fails says which findings fail the scan; nil is those above info. JUnit shows them as failures. One that was
	// accepted beforehand never is.
	Fails func(finding.Finding) bool
	// ExitCode, where set, says what the command will exit with for a report; SARIF records it, or else what the report says
	// that its scan exited with.
	ExitCode func(finding.Report) int
	// SourceRoot is the absolute path of the root of what was scanned from, the repository's where there is one; SARIF
	// records it where set. A saved report does not say it.
	SourceRoot string
	// Category names the kind of scan, so that consumers of SARIF keep the reports of several apart; "" is jwtleak.
	Category string
}

func (o Options) fails(f finding.Finding) bool {
	if f.Suppressed != nil {
		return false
	}
	if o.Fails == nil {
		return f.Severity != finding.Info
	}
	return o.Fails(f)
}

// ErrUnknownFormat is the error of New for a format that there is none of.
var ErrUnknownFormat = errors.New("unknown format")

// Formats returns the names of all formats, the default one first.
func Formats() []string {
	return []string{"table", "json", "jsonl", "sarif", "csv", "gitlab", "junit", "markdown"}
}

// New returns a sink that writes a report in a format to w.
func New(format string, w io.Writer, options Options) (Sink, error) {
	if format == "jsonl" {
		return guard{Sink: newLines(w), showTokens: options.ShowTokens}, nil
	}
	write, ok := writerOf(format)
	if !ok {
		return nil, fmt.Errorf("%w %q: it is one of %s", ErrUnknownFormat, format, strings.Join(Formats(), ", "))
	}
	fold := NewFold(options.MaxOccurrences)
	fold.hashes = format == "json"
	sink := &folding{fold, w, redactOptions(options), write}
	return guard{Sink: sink, showTokens: options.ShowTokens, lean: !ShowsClaims(format), fold: fold}, nil
}

// ShowsClaims reports whether a format shows the headers and claims of tokens, and not only what follows from them.
func ShowsClaims(format string) bool { return format == "json" || format == "jsonl" }

// A writer writes a finished report.
type writer func(w io.Writer, report finding.Report, options Options) error

func writerOf(format string) (writer, bool) {
	switch format {
	case "table":
		return writeTable, true
	case "json":
		return writeJSON, true
	case "sarif":
		return writeSARIF, true
	case "csv":
		return writeCSV, true
	case "gitlab":
		return writeGitLab, true
	case "junit":
		return writeJUnit, true
	case "markdown":
		return writeMarkdown, true
	default:
		return nil, false
	}
}

// Render writes a finished report, as Read, Merge and Filter return it, in a format to w.
func Render(format string, w io.Writer, report finding.Report, options Options) error {
	sink, err := New(format, w, options)
	if err != nil {
		return err
	}
	if err := sink.Begin(report.Tool, report.Scan); err != nil {
		return err
	}
	for _, f := range report.Findings {
		if err := sink.Event(finding.Found{Finding: f}); err != nil {
			return err
		}
	}
	ended := finding.Ended{Tool: report.Tool, Scan: report.Scan, Summary: finding.Summarize(report.Findings)}
	if err := sink.Event(ended); err != nil {
		return err
	}
	return sink.Close()
}

// folding is the sink of every format that is written at the end.
type folding struct {
	*Fold
	w       io.Writer
	options Options
	write   writer
}

func (s *folding) Close() error {
	if err := s.write(s.w, s.Report(), s.options); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	return nil
}
