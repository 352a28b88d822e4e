package cmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/jwtleak/jwtleak/detectors/encoding"
	"github.com/jwtleak/jwtleak/report"
)

// The exit codes. Findings win over a scan that is not complete.
const (
	exitClean       = 0
	exitFindings    = 1
	exitError       = 2
	exitInterrupted = 130
)

// Errors that stand for an exit code and were told already, by the report.
var (
	errFindings    = errors.New("findings that fail the scan")
	errIncomplete  = errors.New("not everything could be read")
	errInterrupted = errors.New("interrupted")
)

// Execute runs the command line and returns the exit code of the process. Errors are told on stderr, one line each.
func Execute(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	root := newRootCommand()
	// Four shells' completions are not made for a command that does something else: they are 2 % of a small scan.
	root.CompletionOptions.DisableDefaultCmd = slices.ContainsFunc(root.Commands(), func(command *cobra.Command) bool {
		return len(args) > 0 && command.Name() == args[0]
	})
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	return interrupted(func(ctx context.Context) int { return exitCode(root.ExecuteContext(ctx), stderr) })
}

func newRootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:   "jwtleak",
		Short: "Find leaked JSON Web Tokens and say what each one opens",
		Long: `jwtleak finds leaked JSON Web Tokens in git history, log files and directories, decodes them
without verifying, and says whose each is, when it expires, whether it is still live, and what to do.

Nothing is sent anywhere, and no token is repeated in any output unless --show-tokens asks for it.

Exit codes: 0 nothing that fails the policy and everything was read; 1 findings that fail the
policy; 2 usage error, or something could not be read; 130 interrupted.`,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.NoArgs,
		RunE:          func(command *cobra.Command, _ []string) error { return command.Help() },
	}
	root.SetFlagErrorFunc(flagError)
	root.AddCommand(newScanCommand(), newInspectCommand(), newReportCommand(), newRulesCommand(), newVersionCommand(), newManCommand())
	return root
}

// exitCodeOf is what a command exits with that was interrupted, whose report has findings that fail the policy, or is not
// complete.
func exitCodeOf(ctx context.Context, failing, complete bool) int {
	switch {
	case ctx.Err() != nil:
		return exitInterrupted
	case failing:
		return exitFindings
	case !complete:
		return exitError
	}
	return exitClean
}

// exitCode tells an error on stderr where it has not been told, and returns the code that stands for it.
func exitCode(err error, stderr io.Writer) int {
	switch {
	case err == nil:
		return exitClean
	case errors.Is(err, errInterrupted):
		return exitInterrupted
	case errors.Is(err, errFindings):
		return exitFindings
	case errors.Is(err, errIncomplete):
		return exitError
	case errors.Is(err, syscall.EPIPE):
		return exitError // whoever read our output has gone
	}
	line := err.Error()
	var hinted hintedError
	if errors.As(err, &hinted) {
		line += ": " + hinted.hint
	}
	// Best effort: where stderr can't be written, the exit code still tells.
	_, _ = fmt.Fprintln(stderr, "jwtleak: "+report.TerminalSafe(encoding.Redact(line)))
	return exitError
}

// A hintedError says beside what went wrong what to do about it.
type hintedError struct {
	error
	hint string
}

func (e hintedError) Unwrap() error { return e.error }

func withHint(err error, hint string) error { return hintedError{err, hint} }
