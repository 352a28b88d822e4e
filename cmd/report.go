package cmd

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/jwtleak/jwtleak/report"
	"github.com/jwtleak/jwtleak/scanner/finding"
	"github.com/jwtleak/jwtleak/scanner/triage"
)

type reportOptions struct {
	format, output string
	statuses       []string
	failOn         []string
	newSince       string
	severity       string
	issuers, ids   []string
	quiet          bool
	given          func(flag string) bool // on the command line
	schema         bool
	showTokens     bool
	color          string
}

func newReportCommand() *cobra.Command {
	options := &reportOptions{}
	command := &cobra.Command{
		Use:   "report FILE...",
		Short: "Render, merge, filter or compare saved reports",
		Long: `Read saved JSON or JSONL reports (a JSONL stream that was cut short, too), put them together, and
write the result in any format. '-' is standard input.`,
		Example: `  jwtleak report --format sarif -o jwtleak.sarif monday.jsonl tuesday.jsonl
  jwtleak report --status live,no_expiry evidence.jsonl
  jwtleak report --new-since last-week.json today.json`,
		RunE: func(command *cobra.Command, args []string) error {
			options.given = command.Flags().Changed
			return runReport(command.Context(), *options, args, command.InOrStdin(), command.OutOrStdout(), command.ErrOrStderr())
		},
	}
	options.addFlags(command)
	refuseEmpty(command.Flags())
	completeFlags(command, report.Formats())
	return command
}

func (o *reportOptions) addFlags(command *cobra.Command) {
	flags := command.Flags()
	flags.StringVarP(&o.format, "format", "f", "table", "report format: "+strings.Join(report.Formats(), ", "))
	flags.StringVarP(&o.output, "output", "o", "", "write the report to this `FILE`, whole or not at all, mode 0600")
	flags.StringSliceVar(&o.statuses, "status", nil, "keep only these statuses: live, no_expiry, not_yet_valid, unknown, expired")
	flags.StringVar(&o.severity, "severity", "", "keep only this severity and worse: "+joinWords(finding.Severities()))
	flags.StringArrayVar(&o.issuers, "issuer", nil, "keep only tokens of this issuer, by its name or id where it is proven, else by the claim iss (may be repeated)")
	flags.StringSliceVar(&o.ids, "id", nil, "keep only the findings of these ids or fingerprints")
	flags.StringSliceVar(&o.failOn, "fail-on", []string{"none"}, "what makes exit code 1: a severity and above, statuses, or none")
	flags.StringVar(&o.newSince, "new-since", "", "keep only findings that this earlier report `FILE` does not have, and say which of its are gone")
	flags.BoolVar(&o.schema, "schema", false, "print the JSON Schema of reports and stop")
	flags.BoolVar(&o.showTokens, "show-tokens", false, "print the whole tokens that a report saved with --show-tokens has")
	flags.StringVar(&o.color, "color", "auto", "colours in the table: auto, on or off")
	flags.BoolVarP(&o.quiet, "quiet", "q", false, "nothing on stderr but errors")
}

func runReport(ctx context.Context, options reportOptions, files []string, stdin io.Reader, stdout, stderr io.Writer) error {
	if options.schema {
		_, err := io.WriteString(stdout, report.Schema())
		return err
	}
	settings, err := options.settings()
	if err != nil {
		return err
	}
	merged, damage, err := readReports(ctx, files, stdin, !report.ShowsClaims(options.format))
	if err != nil {
		return err
	}
	if options.newSince != "" {
		earlier, damaged, err := readReports(ctx, []string{options.newSince}, stdin, true)
		if err != nil {
			return err
		}
		damage = append(damage, damaged...)
		if merged.Scan.Gone = nil; report.LooksForAll(merged.Scan, earlier.Scan) {
			merged.Scan.Gone = report.GoneSince(earlier, merged)
		}
		options.tellGone(earlier, merged, stderr)
		merged = report.NewSince(earlier, merged)
	}
	merged = report.Filter(merged, settings.selected.Keeps)
	merged.Scan.Narrowed = options.narrowed(merged.Scan.Narrowed)
	if err := options.write(ctx, merged, settings, stdout); err != nil {
		return err
	}
	tellLeftOut(merged.Scan, options.format, options.quiet, stderr)
	if len(damage) > 0 && !options.quiet {
		_, _ = fmt.Fprintf(stderr, "jwtleak: %s\n", report.TerminalSafe(damageLine(damage)))
	}
	switch {
	case slices.ContainsFunc(merged.Findings, settings.failing):
		return errFindings
	case len(damage) > 0:
		return errIncomplete
	}
	return nil
}

// reportSettings are the flags of report, read and checked.
type reportSettings struct {
	selected report.Selection
	fails    failPolicy
	color    switchMode
}

func (s reportSettings) failing(found finding.Finding) bool {
	return found.Suppressed == nil && s.fails.fails(found.Severity, found.Status)
}

func (o reportOptions) settings() (reportSettings, error) {
	s := reportSettings{selected: report.Selection{Issuers: o.issuers, Severity: finding.Severity(o.severity)}}
	if !slices.Contains(report.Formats(), o.format) {
		return s, fmt.Errorf("--format %q is unknown: choose one of %s", o.format, strings.Join(report.Formats(), ", "))
	}
	if o.severity != "" && !slices.Contains(finding.Severities(), s.selected.Severity) {
		return s, fmt.Errorf("--severity %q is unknown: choose one of %s", o.severity, joinWords(finding.Severities()))
	}
	for _, issuer := range o.issuers {
		if !triage.IsIssuer(issuer) { // anybody can write the name of a known one into iss
			s.selected.Claimed = append(s.selected.Claimed, issuer)
		}
	}
	for _, id := range o.ids {
		if _, err := hex.DecodeString(id); err != nil || len(id) != 16 && len(id) != 64 {
			return s, fmt.Errorf("--id %q is neither an id of 16 hex digits nor a fingerprint of 64", id)
		}
		s.selected.IDs = append(s.selected.IDs, strings.ToLower(id[:16]))
	}
	var err error
	if s.selected.Statuses, err = parseStatuses(o.statuses); err != nil {
		return s, err
	}
	if s.fails, err = parseFailPolicy(o.failOn); err != nil {
		return s, err
	}
	s.color, err = parseSwitch("--color", o.color)
	return s, err
}

// narrowed returns the flags that narrowed a report, with those that do so here, sorted.
func (o reportOptions) narrowed(before []string) []string {
	flags := slices.Concat(before, narrowedBy("status", o.statuses), narrowedBy("issuer", o.issuers), narrowedBy("id", o.ids))
	if o.severity != "" {
		flags = append(flags, "--severity "+o.severity)
	}
	if o.newSince != "" {
		flags = append(flags, "--new-since")
	}
	slices.Sort(flags)
	return slices.Compact(flags)
}

// tellGone says which findings of an earlier report a later one has not, where that says that it has all.
func (o reportOptions) tellGone(earlier, later finding.Report, stderr io.Writer) {
	gone := report.GoneSince(earlier, later)
	if o.quiet || len(gone) == 0 {
		return
	}
	if !later.Scan.Complete {
		_, _ = fmt.Fprintf(stderr, "jwtleak: %d of %s were not met again; what is gone can't be said, since not everything was read\n", len(gone), report.TerminalSafe(o.newSince))
		return
	}
	if !report.LooksForAll(later.Scan, earlier.Scan) {
		_, _ = fmt.Fprintf(stderr, "jwtleak: %d of %s are not in the newer report; whether they are gone can't be said, since it does not say that it looked for all that the earlier one did\n", len(gone), report.TerminalSafe(o.newSince))
		return
	}
	_, _ = fmt.Fprintf(stderr, "jwtleak: %d of %s are gone: %s\n", len(gone), report.TerminalSafe(o.newSince), report.TerminalSafe(strings.Join(gone, " ")))
}

func damageLine(damage []string) string {
	if len(damage) == 1 {
		return damage[0]
	}
	return fmt.Sprintf("%s (and %d more, listed under problems in the report)", damage[0], len(damage)-1)
}

func (o reportOptions) write(ctx context.Context, merged finding.Report, settings reportSettings, stdout io.Writer) error {
	out, err := openOutput(ctx, o.output, stdout)
	if err != nil {
		return err
	}
	defer out.abandon()
	presented := presentation(out, settings.color)
	presented.ShowTokens = o.showTokens
	if o.given("fail-on") { // what a scan was told to fail on, and exited with, a saved report does not say
		presented.Fails = settings.failing
		presented.ExitCode = func(told finding.Report) int {
			return exitCodeOf(ctx, slices.ContainsFunc(told.Findings, settings.failing), told.Scan.Complete)
		}
	}
	if err := report.Render(o.format, interruptibleWriter{out, ctx}, merged, presented); err != nil {
		return err
	}
	return out.commit()
}

// readReports puts saved reports together, lean ones without headers and claims. What of them was cut or can't be read is
// said with the file's name.
func readReports(ctx context.Context, files []string, stdin io.Reader, lean bool) (merged finding.Report, damage []string, err error) {
	if len(files) == 0 {
		return merged, nil, withHint(errors.New("no report named"), "give one or more files, or '-' for standard input")
	}
	merger := report.NewMerger(0)
	if lean {
		merger.Lean()
	}
	for _, file := range files {
		if err := interruptible(ctx, func() error { return withReport(file, stdin, merger.Read) }); err != nil {
			return merged, nil, err
		}
		for _, reason := range merger.Damage()[len(damage):] {
			damage = append(damage, fmt.Sprintf("report %s: %s", file, reason))
		}
	}
	merged = merger.Report()
	return merged, append(damage, merger.Damage()[len(damage):]...), nil
}

// withReport opens a saved report, '-' being standard input.
func withReport(file string, stdin io.Reader, read func(io.Reader) error) error {
	r := stdin
	switch file {
	case "":
		return withHint(errors.New("a report has no name"), "give a file, or '-' for standard input")
	case "-":
	default:
		opened, err := os.Open(file)
		if err != nil {
			return fmt.Errorf("report: %w", err)
		}
		defer opened.Close() //nolint:errcheck // opened for reading only
		r = opened
	}
	if err := read(r); err != nil {
		return fmt.Errorf("report %s: %w", file, err)
	}
	return nil
}
