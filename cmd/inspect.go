package cmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/jwtleak/jwtleak/detectors"
	"github.com/jwtleak/jwtleak/detectors/jwt"
	"github.com/jwtleak/jwtleak/report"
	"github.com/jwtleak/jwtleak/scanner"
	"github.com/jwtleak/jwtleak/scanner/triage"
)

// maxInspected bounds what inspect reads from standard input, in bytes.
const maxInspected = 16 << 20

type inspectOptions struct {
	format, at  string
	maxLifetime time.Duration
	color       string
}

func newInspectCommand() *cobra.Command {
	options := &inspectOptions{}
	command := &cobra.Command{
		Use:   "inspect [TOKEN|-]",
		Short: "Decode one token here, without sending it anywhere",
		Long: `Decode one token without verifying it: its header, claims, times, risks, who made it and how it
is stopped. Prefer standard input: an argument is seen by other users of the machine and is kept in
the shell's history. The token may stand inside other text, and in any wrapping that scan undoes.`,
		Example: `  pbpaste | jwtleak inspect
  jwtleak inspect --format json - < token.txt`,
		Args:              cobra.MaximumNArgs(1),
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(command *cobra.Command, args []string) error {
			return runInspect(command.Context(), *options, args, command.InOrStdin(), command.OutOrStdout(), command.ErrOrStderr())
		},
	}
	flags := command.Flags()
	flags.StringVarP(&options.format, "format", "f", "text", "text or json")
	flags.StringVar(&options.at, "at", "", "judge the token as of this RFC 3339 `TIME` (default now)")
	flags.DurationVar(&options.maxLifetime, "max-lifetime", triage.DefaultMaxLifetime, "a token that lives longer is at risk for it")
	flags.StringVar(&options.color, "color", "auto", "colours: auto, on or off")
	refuseEmpty(flags)
	completeFlags(command, []string{"text", "json"})
	return command
}

func runInspect(ctx context.Context, options inspectOptions, args []string, stdin io.Reader, stdout, stderr io.Writer) error {
	if options.format != "text" && options.format != "json" {
		return fmt.Errorf("--format %q is unknown: choose text or json", options.format)
	}
	at, err := parseTime(options.at)
	if err != nil {
		return err
	}
	if options.maxLifetime <= 0 {
		return fmt.Errorf("--max-lifetime %s: must be more than nothing, such as 24h", options.maxLifetime)
	}
	mode, err := parseSwitch("--color", options.color)
	if err != nil {
		return err
	}
	text, err := inspected(ctx, args, stdin)
	if err != nil {
		return err
	}
	match, others, err := firstToken(text)
	if err != nil {
		return withFileHint(err, args)
	}
	found, err := scanner.Inspect(match, triage.Judge{At: at, MaxLifetime: options.maxLifetime})
	if err != nil {
		return err
	}
	if options.format == "json" {
		err = report.WriteInspectionJSON(stdout, found)
	} else {
		shown := presentation(stdout, mode)
		shown.At = at
		err = report.WriteInspection(stdout, found, shown)
	}
	if err == nil && others > 0 {
		_, _ = fmt.Fprintf(stderr, "jwtleak: this is the first of %d tokens in the text: 'jwtleak scan -' tells of all\n", others+1) // no more than a note
	}
	return err
}

// withFileHint says how a file is inspected, to who gave its name for the token.
func withFileHint(err error, args []string) error {
	if len(args) == 0 {
		return err
	}
	if about, failed := os.Stat(args[0]); failed == nil && about.Mode().IsRegular() {
		return withHint(err, "for what is in a file of that name: jwtleak inspect - < FILE")
	}
	return err
}

// inspected returns the text to look for a token in.
func inspected(ctx context.Context, args []string, stdin io.Reader) (string, error) {
	if len(args) == 1 && args[0] != "-" {
		return args[0], nil
	}
	if _, terminal := terminalWidth(stdin); terminal && len(args) == 0 {
		return "", withHint(errors.New("no token given"), "pipe one in, or type 'jwtleak inspect -', paste it and press Ctrl-D")
	}
	var text []byte
	err := interruptible(ctx, func() (err error) {
		text, err = io.ReadAll(io.LimitReader(stdin, maxInspected+1))
		return err
	})
	switch {
	case errors.Is(err, errInterrupted):
		return "", err
	case err != nil:
		return "", fmt.Errorf("read standard input: %w", err)
	case len(text) > maxInspected:
		return "", withHint(fmt.Errorf("standard input has more than %d MiB", maxInspected>>20), "use 'jwtleak scan -' for large inputs")
	case strings.TrimSpace(string(text)) == "":
		return "", errors.New("standard input is empty: expected a token")
	}
	return string(text), nil
}

// firstToken returns the first token in text, and how many others there are. Where there is none, the error says why the
// text is none.
func firstToken(text string) (first detectors.Match, others int, err error) {
	distinct, hasDetached := map[string]bool{}, false
	detector().Detect([]byte(text), true, func(match detectors.Match) {
		if match.Rule == detectors.Detached {
			hasDetached = true
			return
		}
		if len(distinct) == 0 {
			first = match
		}
		distinct[match.Token] = true
	})
	if len(distinct) > 0 {
		return first, len(distinct) - 1, nil
	}
	if hasDetached || isDetached(text) {
		return first, 0, fmt.Errorf("no token: %w", jwt.ErrDetached)
	}
	return first, 0, whyNone(text)
}

// isDetached reports whether a JWS with a detached payload stands in a text as it is, with a signature of any length.
func isDetached(text string) bool {
	for word := range strings.FieldsFuncSeq(text, isBetweenWords) {
		if _, err := jwt.Decode(word); errors.Is(err, jwt.ErrDetached) {
			return true
		}
	}
	return false
}

// whyNone says why there is no token in a text.
func whyNone(text string) error {
	if _, err := jwt.Decode(strings.TrimSpace(text)); err != nil {
		return fmt.Errorf("no token: %w", err)
	}
	return errors.New("no token found in the text")
}

// isBetweenWords reports whether a character is of no compact serialization, and so may stand around one.
func isBetweenWords(char rune) bool {
	return char <= ' ' || char > '~' || strings.ContainsRune("\"'`,;:<>()[]{}", char)
}

func parseTime(text string) (time.Time, error) {
	if text == "" {
		return time.Now(), nil
	}
	// RFC 3339, section 5.6, allows small letters, and a leap second, at which Go's clock is at the second after.
	plain, leap := strings.ToUpper(text), time.Duration(0)
	if seconds := len("2016-12-31T23:59:"); len(plain) > seconds && strings.HasPrefix(plain[seconds-1:], ":60") {
		plain, leap = plain[:seconds]+"59"+plain[seconds+2:], time.Second
	}
	at, err := time.Parse(time.RFC3339, plain)
	if err != nil {
		return at, fmt.Errorf("--at %q is no RFC 3339 time, such as 2026-11-23T12:00:00Z", text)
	}
	return at.Add(leap), nil
}
