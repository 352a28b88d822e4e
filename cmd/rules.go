package cmd

import (
	"context"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/jwtleak/jwtleak/scanner/finding"
	"github.com/jwtleak/jwtleak/scanner/triage"
)

func newRulesCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "rules [ID]",
		Short: "Print what is detected and judged, and why",
		Long: `Print what is detected and what makes a leak worse. With an ID, one rule with its reason, its
references and its remedy, or one issuer with what proves it and how its tokens are revoked;
'severity' prints the table that severities follow from, 'issuers' all issuers.`,
		Example: `  jwtleak rules
  jwtleak rules no-expiry
  jwtleak rules github-actions
  jwtleak rules severity`,
		Args:              cobra.MaximumNArgs(1),
		ValidArgsFunction: completeRules,
		RunE: func(command *cobra.Command, args []string) error {
			return runRules(command.Context(), args, command.OutOrStdout())
		},
	}
}

// completeRules completes what rules explains.
func completeRules(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	ids := []string{"severity", "issuers"}
	for _, rule := range append(triage.DetectionTable(), triage.RiskTable()...) {
		ids = append(ids, rule.ID+"\t"+rule.Title)
	}
	for _, issuer := range triage.IssuerTable() {
		ids = append(ids, issuer.ID+"\t"+issuer.Name)
	}
	return ids, cobra.ShellCompDirectiveNoFileComp
}

func runRules(_ context.Context, args []string, stdout io.Writer) error {
	switch {
	case len(args) == 0:
		return writeRules(stdout)
	case args[0] == "severity":
		return writeSeverities(stdout)
	case args[0] == "issuers":
		return writeIssuers(stdout)
	}
	issuer, isIssuer := triage.LookupIssuer(args[0])
	for _, rule := range append(triage.DetectionTable(), triage.RiskTable()...) {
		if rule.ID != args[0] {
			continue
		}
		if err := writeRule(stdout, rule); err != nil || !isIssuer {
			return err
		}
		_, _ = fmt.Fprintln(stdout) // the next write returns the error
	}
	if isIssuer {
		return writeIssuer(stdout, issuer)
	}
	return withHint(fmt.Errorf("there is no rule or issuer %q", args[0]), "'jwtleak rules' and 'jwtleak rules issuers' list them")
}

func writeRules(w io.Writer) error {
	columns := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, part := range []struct {
		title string
		rules []triage.RiskRule
	}{{"DETECTED", triage.DetectionTable()}, {"RISK", triage.RiskTable()}} {
		_, _ = fmt.Fprintf(columns, "%s\tSEVERITY\tTITLE\n", part.title) // Flush returns the error
		for _, rule := range part.rules {
			_, _ = fmt.Fprintf(columns, "%s\t%s\t%s\n", rule.ID, rule.Severity, rule.Title)
		}
		_, _ = fmt.Fprintln(columns)
	}
	_, _ = fmt.Fprintln(columns, "'jwtleak rules ID' explains one, 'jwtleak rules severity' how severities follow,")
	_, _ = fmt.Fprintln(columns, "'jwtleak rules issuers' who is known.")
	return columns.Flush()
}

func writeRule(w io.Writer, rule triage.RiskRule) error {
	_, err := fmt.Fprintf(w, "%s (%s)\n%s\n\nWhy\n  %s\n\nRemedy\n  %s\n\nReferences\n", rule.ID, rule.Severity, rule.Title,
		wrapped(rule.Why, "  "), wrapped(rule.Remedy, "  "))
	if err != nil {
		return err
	}
	for _, reference := range rule.References {
		if _, err := fmt.Fprintf(w, "  %s  %s\n", reference, triage.ReferenceURL(reference)); err != nil {
			return err
		}
	}
	return nil
}

func writeSeverities(w io.Writer) error {
	columns := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(columns, "TOKEN (the first row that is true counts)\tAT A TIP\tIN A FILE\tIN HISTORY\tUNREACHABLE") // Flush returns the error
	for _, row := range triage.SeverityTable() {
		_, _ = fmt.Fprintf(columns, "%s\t%s\t%s\t%s\t%s\n", row.Token, row.Tip, row.File, row.History, row.Unreachable)
	}
	_, _ = fmt.Fprintf(columns, "\nSeverities, the worst first: %s.\n", joinWords(finding.Severities()))
	_, _ = fmt.Fprintln(columns, "A high risk is one that 'jwtleak rules' calls high; the others change no severity.")
	return columns.Flush()
}

func writeIssuers(w io.Writer) error {
	for _, issuer := range triage.IssuerTable() {
		_, err := fmt.Fprintf(w, "%s  %s\n  known by: %s\n  revoked:  %s\n\n", issuer.ID, issuer.Name,
			wrapped(issuer.Proof, "            "), wrapped(issuer.Revocation, "            "))
		if err != nil {
			return err
		}
	}
	return nil
}

// writeIssuer writes one issuer, or kind of signed statement, as writeRule writes a rule.
func writeIssuer(w io.Writer, issuer triage.IssuerRule) error {
	about := "credential"
	if !issuer.Credential {
		about = "no credential"
	}
	_, err := fmt.Fprintf(w, "%s (%s)\n%s\n\nMakes\n  %s\n\nKnown by\n  %s\n\nRevoked\n  %s\n", issuer.ID, about, issuer.Name,
		wrapped(issuer.TokenUses, "  "), wrapped(issuer.Proof, "  "), wrapped(issuer.Revocation, "  "))
	return err
}

// wrapped breaks text into lines of at most 90 columns, all but the first of them indented.
func wrapped(text, indent string) string {
	var lines []string
	line := ""
	for word := range strings.FieldsSeq(text) {
		if line != "" && len(line)+1+len(word) > 90-len(indent) {
			lines, line = append(lines, line), ""
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	return strings.Join(append(lines, line), "\n"+indent)
}
