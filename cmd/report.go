package cmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/jwtleak/jwtleak/report"
	"github.com/jwtleak/jwtleak/scanner/finding"
)

type reportOptions struct {
	format, output string
	statuses       []string
	failOn         []string
	newSince       string
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
			return runReport(command.Context(), *options, args, command.InOrStdin(), command.OutOrStdout())
		},
	}
	flags := command.Flags()
	flags.StringVarP(&options.format, "format", "f", "table", "report format: "+strings.Join(report.Formats(), ", "))
	flags.StringVarP(&options.output, "output", "o", "", "write the report to this `FILE`, whole or not at all, mode 0600")
	flags.StringSliceVar(&options.statuses, "status", nil, "keep only these statuses: live, no_expiry, not_yet_valid, unknown, expired")
	flags.StringSliceVar(&options.failOn, "fail-on", []string{"none"}, "what makes exit code 1: a severity and above, statuses, or none")
	flags.StringVar(&options.newSince, "new-since", "", "keep only findings that this earlier report `FILE` does not have")
	flags.BoolVar(&options.schema, "schema", false, "print the JSON Schema of reports and stop")
	flags.BoolVar(&options.showTokens, "show-tokens", false, "print the whole tokens that a report saved with --show-tokens has")
	flags.StringVar(&options.color, "color", "auto", "colours in the table: auto, on or off")
	return command
}

func runReport(_ context.Context, options reportOptions, files []string, stdin io.Reader, stdout io.Writer) error {
	if options.schema {
		_, err := io.WriteString(stdout, report.Schema())
		return err
	}
	if !slices.Contains(report.Formats(), options.format) {
		return fmt.Errorf("--format %q is unknown: choose one of %s", options.format, strings.Join(report.Formats(), ", "))
	}
	statuses, err := parseStatuses(options.statuses)
	if err != nil {
		return err
	}
	fails, err := parseFailPolicy(options.failOn)
	if err != nil {
		return err
	}
	mode, err := parseSwitch("--color", options.color)
	if err != nil {
		return err
	}
	merged, err := readReports(files, stdin)
	if err != nil {
		return err
	}
	if options.newSince != "" {
		earlier, err := readReport(options.newSince, stdin)
		if err != nil {
			return err
		}
		merged = report.NewSince(earlier, merged)
	}
	if len(statuses) > 0 {
		merged = report.Filter(merged, func(found finding.Finding) bool { return slices.Contains(statuses, found.Status) })
	}
	if err := writeReport(merged, options, mode, stdout); err != nil {
		return err
	}
	for _, found := range merged.Findings {
		if found.Suppressed == nil && fails.fails(found.Severity, found.Status) {
			return errFindings
		}
	}
	return nil
}

func writeReport(merged finding.Report, options reportOptions, mode switchMode, stdout io.Writer) error {
	out, err := openOutput(options.output, stdout)
	if err != nil {
		return err
	}
	defer out.abandon()
	presented := presentation(out, mode)
	presented.ShowTokens = options.showTokens
	if err := report.Render(options.format, out, merged, presented); err != nil {
		return err
	}
	return out.commit()
}

func readReports(files []string, stdin io.Reader) (finding.Report, error) {
	if len(files) == 0 {
		return finding.Report{}, withHint(errors.New("no report named"), "give one or more files, or '-' for standard input")
	}
	merger := report.NewMerger(0)
	for _, file := range files {
		if err := withReport(file, stdin, merger.Read); err != nil {
			return finding.Report{}, err
		}
	}
	return merger.Report(), nil
}

func readReport(file string, stdin io.Reader) (finding.Report, error) {
	var one finding.Report
	err := withReport(file, stdin, func(r io.Reader) (err error) {
		one, err = report.Read(r)
		return err
	})
	return one, err
}

// withReport opens a saved report, '-' being standard input.
func withReport(file string, stdin io.Reader, read func(io.Reader) error) error {
	r := stdin
	if file != "-" {
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
