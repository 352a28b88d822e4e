package cmd

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/jwtleak/jwtleak/scanner/finding"
	"github.com/jwtleak/jwtleak/scanner/source/git"
)

// A filledValue is the value of a flag that is never given empty, which "$A" in a script is, where nobody has set A: it would
// be as if the flag were not there, or were one value fewer.
type filledValue struct {
	pflag.Value
	advice string
}

// errEmpty is the error of an empty value, its words what is to be given.
type errEmpty string

func (e errEmpty) Error() string { return string(e) }

// Set refuses an empty value.
func (v filledValue) Set(text string) error {
	if text == "" {
		return errEmpty(v.advice)
	}
	return v.Value.Set(text)
}

// refuseEmpty has flags that say what is judged, kept or fails, and where from and to, take no empty value.
func refuseEmpty(flags *pflag.FlagSet) {
	for name, advice := range map[string]string{
		"fail-on": "give a severity, statuses or none", "status": "name statuses", "severity": "name one",
		"id": "give an id or a fingerprint", "issuer": "name an issuer", "at": "give an RFC 3339 time, such as 2026-11-23T12:00:00Z",
		"range": "name the commits, as in main..HEAD", "policy-from": "name a commit", "new-since": "name a report",
		"config": "name a file", "ignore-file": "name a file", "baseline": "name a file", "output": "name a file, or '-' for standard output",
		"output-dir": "name a directory",
	} {
		flag := flags.Lookup(name)
		if flag == nil {
			continue
		}
		flag.Value = filledValue{flag.Value, advice}
		if flag.DefValue == "[]" {
			flag.DefValue = "" // which of a value of this type is not told as the default
		}
	}
}

// flagError says what is wrong with a flag, and where to read what it takes.
func flagError(command *cobra.Command, err error) error {
	if invalid := (*pflag.InvalidValueError)(nil); errors.As(err, &invalid) {
		if empty := errEmpty(""); errors.As(err, &empty) {
			return fmt.Errorf("--%s is empty: %w", invalid.GetFlag().Name, empty)
		}
		wanted := "no whole number"
		switch invalid.GetFlag().Value.Type() {
		case "bool":
			wanted = "neither true nor false"
		case "duration":
			wanted = "no duration, such as 24h or 90m"
		}
		err = fmt.Errorf("--%s %q is %s", invalid.GetFlag().Name, invalid.GetValue(), wanted)
	}
	return withHint(err, "see 'jwtleak "+strings.TrimPrefix(command.CommandPath(), "jwtleak ")+" --help'")
}

// completeFlags has shells offer the values of flags that take one, or some, of a few words, and no files where a flag takes
// none.
func completeFlags(command *cobra.Command, formats []string) {
	words := map[string][]string{
		"format": formats, "color": {"auto", "on", "off"}, "progress": {"auto", "on", "off"},
		"severity": plain(finding.Severities()), "history": {string(git.HistoryAll), string(git.HistoryReachable), string(git.HistoryNone)},
		"claims": {"registered", "all"}, "range": {pullRequest, wholeOfTarget},
		"at": nil, "issuer": nil, "id": nil, "policy-from": nil, "max-lifetime": nil, "max-file-size": nil, "max-depth": nil,
		"max-expansion": nil, "jobs": nil,
	}
	lists := map[string][]string{
		"status":  plain(finding.Statuses()),
		"fail-on": append(append(plain(finding.Severities()), plain(finding.Statuses())...), "none"),
	}
	command.Flags().VisitAll(func(flag *pflag.Flag) {
		if values, ok := words[flag.Name]; ok {
			_ = command.RegisterFlagCompletionFunc(flag.Name, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp)) // the flag is there
		}
		if values, ok := lists[flag.Name]; ok {
			_ = command.RegisterFlagCompletionFunc(flag.Name, completeList(values)) // likewise
		}
	})
}

// completeList completes the last word of several with commas between them.
func completeList(words []string) cobra.CompletionFunc {
	return func(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
		before := typed[:strings.LastIndexByte(typed, ',')+1]
		var offered []string
		for _, word := range words {
			if !slices.Contains(strings.Split(before, ","), word) {
				offered = append(offered, before+word)
			}
		}
		return offered, cobra.ShellCompDirectiveNoFileComp
	}
}

func plain[T ~string](words []T) []string {
	texts := make([]string, len(words))
	for i, word := range words {
		texts[i] = string(word)
	}
	return texts
}
