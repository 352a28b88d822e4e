package cmd

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/jwtleak/jwtleak/detectors/encoding"
	"github.com/jwtleak/jwtleak/report"
	"github.com/jwtleak/jwtleak/scanner"
	"github.com/jwtleak/jwtleak/scanner/container"
	"github.com/jwtleak/jwtleak/scanner/finding"
	"github.com/jwtleak/jwtleak/scanner/policy"
	"github.com/jwtleak/jwtleak/scanner/triage"
)

// scanOptions are the flags of scan. The long names are a contract.
type scanOptions struct {
	policyOptions
	format, output       string
	at                   string
	statuses, failOn     []string
	maxLifetime          time.Duration
	history, commitRange string
	staged               bool
	maxFileSize          string
	maxDepth             int
	maxExpansion         int64
	include, exclude     []string
	claims               string
	showTokens           bool
	jobs                 int
	progress, color      string
	quiet, verbose       bool
}

func newScanCommand() *cobra.Command {
	options := &scanOptions{}
	command := &cobra.Command{
		Use:   "scan [TARGET...]",
		Short: "Find tokens in repositories, directories, files, archives or standard input",
		Long: `Find tokens in each TARGET. What it is decides what is read: a git repository (every object,
reachable or not, the working tree and the index), a directory, a file, an archive, or '-' for
standard input. Without a target, the current directory.`,
		Example: `  jwtleak scan                                        the repository you stand in
  jwtleak scan --format sarif -o jwtleak.sarif        a pipeline's step
  jwtleak scan --format jsonl /evidence               an incident's log dumps
  kubectl logs deploy/api | jwtleak scan -            a stream`,
		RunE: func(command *cobra.Command, args []string) error {
			options.given = command.Flags().Changed
			return runScan(command.Context(), *options, args, command.InOrStdin(), command.OutOrStdout(), command.ErrOrStderr())
		},
	}
	options.addFlags(command)
	refuseEmpty(command.Flags())
	completeFlags(command, report.Formats())
	return command
}

func (o *scanOptions) addFlags(command *cobra.Command) {
	o.policyOptions.addFlags(command)
	flags := command.Flags()
	flags.StringVarP(&o.format, "format", "f", "table", "report format: "+strings.Join(report.Formats(), ", "))
	flags.StringVarP(&o.output, "output", "o", "", "write the report to this `FILE`, whole or not at all, mode 0600")
	flags.StringVar(&o.at, "at", "", "judge every token as of this RFC 3339 `TIME` (default now)")
	flags.StringSliceVar(&o.statuses, "status", nil, "keep only these statuses: live, no_expiry, not_yet_valid, unknown, expired")
	flags.StringSliceVar(&o.failOn, "fail-on", []string{string(finding.Low)}, "what makes exit code 1: a severity and above, statuses, or none")
	flags.DurationVar(&o.maxLifetime, "max-lifetime", triage.DefaultMaxLifetime, "a token that lives longer is at risk for it")
	flags.StringVar(&o.history, "history", "all", "objects of a repository that are read: all, reachable or none")
	flags.StringVar(&o.commitRange, "range", "", "only what the commits reachable from B and not from A bring in, `A..B`; pull-request: those of the pipeline's pull request, the default in GitHub Actions where it runs for one; all: everything")
	flags.BoolVar(&o.staged, "staged", false, "only what the index has and HEAD has not")
	flags.StringVar(&o.maxFileSize, "max-file-size", "0", "skip and list files larger than this (0: no limit)")
	flags.IntVar(&o.maxDepth, "max-depth", container.DefaultLimits().MaxDepth, "how deep containers inside containers are opened")
	flags.Int64Var(&o.maxExpansion, "max-expansion", container.DefaultLimits().MaxExpansion, "how many times its own size a file may unpack to")
	flags.StringArrayVar(&o.include, "include", nil, "read only files that match this gitignore-style `GLOB` (may be repeated)")
	flags.StringArrayVar(&o.exclude, "exclude", nil, "leave out files that match this gitignore-style `GLOB` (may be repeated)")
	flags.StringVar(&o.claims, "claims", "registered", "claims whose values are shown: registered (and authorization) or all")
	flags.BoolVar(&o.showTokens, "show-tokens", false, "print whole tokens: whoever reads the report can use them")
	flags.IntVarP(&o.jobs, "jobs", "j", runtime.GOMAXPROCS(0), "how much is read at once")
	flags.Lookup("jobs").DefValue = "number of processors" // in the manual of every machine
	flags.StringVar(&o.progress, "progress", "auto", "progress on stderr: auto (on a terminal), on or off")
	flags.StringVar(&o.color, "color", "auto", "colours in the table: auto, on or off")
	flags.BoolVarP(&o.quiet, "quiet", "q", false, "nothing on stderr but errors")
	flags.BoolVarP(&o.verbose, "verbose", "v", false, "say on stderr what is left out and why")
}

func runScan(ctx context.Context, options scanOptions, targets []string, stdin io.Reader, stdout, stderr io.Writer) error {
	if len(targets) == 0 {
		targets = []string{"."}
	}
	settings, err := options.settings(ctx, targets)
	if err != nil {
		return err
	}
	if settings.implied.note != "" && !options.quiet {
		_, _ = fmt.Fprintf(stderr, "jwtleak: %s\n", report.TerminalSafe(settings.implied.note))
	}
	if settings.misnamed && !options.quiet {
		_, _ = fmt.Fprintf(stderr, "jwtleak: %s is not read: a configuration file is called %s\n", policy.MisnamedFile, policy.ConfigurationFile)
	}
	opened, err := scanner.Open(ctx, targets, settings.reading(stdin, stderr))
	if err != nil {
		return err
	}
	out, err := openOutput(ctx, options.output, stdout)
	if err != nil {
		return err
	}
	defer out.abandon()
	sink, err := report.New(options.format, out, settings.presentation(ctx, out.Writer))
	if err != nil {
		return err
	}
	counters := &scanner.Counters{}
	stopProgress := startProgress(settings.progressBeside(options.format, out.Writer), options.quiet, stderr, counters, opened.Size)
	result, err := settings.scan(ctx, opened, counters, sink)
	stopProgress()
	closeErr := sink.Close()
	if closeErr == nil {
		closeErr = out.commit()
	}
	if closeErr != nil {
		return closeErr
	}
	settings.tellGone(result, stderr)
	settings.tellLapsed(stderr)
	settings.tellUnmet(result, stderr)
	tellLeftOut(result.Scan, options.format, options.quiet, stderr)
	return verdict(ctx, result, err, options.quiet, stderr)
}

// tellLeftOut says how many paths patterns left out, of a report in which no more than its rows can say so.
func tellLeftOut(scan finding.Scan, format string, quiet bool, stderr io.Writer) {
	if n := scan.Stats.LeftOut; n > 0 && format == "csv" && !quiet {
		_, _ = fmt.Fprintf(stderr, "jwtleak: paths left out by patterns: %d\n", n)
	}
}

// verdict turns how a scan ended into the error that stands for its exit code.
func verdict(ctx context.Context, result scanner.Result, err error, quiet bool, stderr io.Writer) error {
	switch {
	case ctx.Err() != nil:
		return errInterrupted
	case err != nil && result.Failing == 0:
		return err
	}
	if problems := result.Scan.Problems; len(problems) > 0 && !quiet {
		_, _ = fmt.Fprintf(stderr, "jwtleak: not everything could be read: %s\n", report.TerminalSafe(problemsLine(problems)))
	}
	switch {
	case result.Failing > 0:
		return errFindings
	case !result.Scan.Complete:
		return errIncomplete
	}
	return nil
}

func problemsLine(problems []finding.Problem) string {
	first := problems[0].Reason
	if problems[0].Path != "" {
		first = problems[0].Path + ": " + first
	}
	if len(problems) == 1 {
		return first
	}
	return fmt.Sprintf("%s (and %d more, listed under problems in the report)", first, len(problems)-1)
}

// detector is what finds the tokens: in plain text and in every wrapping.
func detector() *encoding.Detector { return encoding.New() }
