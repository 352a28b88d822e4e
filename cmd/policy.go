package cmd

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/jwtleak/jwtleak/scanner/policy"
	"github.com/jwtleak/jwtleak/scanner/source/git"
)

// policyOptions are the flags that say which policy is obeyed.
type policyOptions struct {
	configuration string
	ignoreFiles   []string
	baseline      string
	noPolicy      bool
}

func (o *policyOptions) addFlags(command *cobra.Command) {
	flags := command.Flags()
	flags.StringVar(&o.configuration, "config", "", "obey this configuration `FILE` (default "+policy.ConfigurationFile+" where you stand, for targets below it)")
	flags.StringArrayVar(&o.ignoreFiles, "ignore-file", nil, "accept the tokens in this `FILE` (default "+policy.IgnoreFile+", likewise; may be repeated)")
	flags.StringVar(&o.baseline, "baseline", "", "accept the findings of this earlier JSON or JSONL report `FILE`")
	flags.BoolVar(&o.noPolicy, "no-policy", false, "obey no configuration, ignore file or comment that was not named on the command line")
}

// ownPolicy returns the directory whose policy files are obeyed: the repository or directory that the user stands in, and
// only where all that is scanned lies in it, links followed. What lies elsewhere may be a stranger's, and the stranger's
// policy with it.
func (o *policyOptions) ownPolicy(targets []string) (directory string, ok bool) {
	here, _, ok := standing()
	if o.noPolicy || !ok {
		return "", false
	}
	for _, target := range targets {
		if target != "-" && !liesIn(here, target) {
			return "", false
		}
	}
	return here, true
}

// obeysComments reports whether a comment beside a token may accept it: where all that is scanned is files of the
// repository that the user works in. A stream, or a directory of logs, has lines that anybody could have had written.
func (o *policyOptions) obeysComments(targets []string) bool {
	if _, own := o.ownPolicy(targets); !own {
		return false
	}
	if _, repository, ok := standing(); !ok || !repository {
		return false
	}
	return !slices.ContainsFunc(targets, isStream)
}

// standing returns the root of the work tree that the user stands in, or else the directory, links followed.
func standing() (directory string, repository, ok bool) {
	here, err := os.Getwd()
	if err != nil {
		return "", false, false
	}
	if location, found, err := git.Discover(here); err == nil && found && location.WorkTree != "" {
		here, repository = location.WorkTree, true
	}
	here, err = filepath.EvalSymlinks(here)
	return here, repository, err == nil
}

// liesIn reports whether a target lies in a directory whose links are followed, once its own are.
func liesIn(directory, target string) bool {
	absolute, err := filepath.Abs(target)
	if err != nil {
		return false
	}
	if absolute, err = filepath.EvalSymlinks(absolute); err != nil {
		return false
	}
	below, err := filepath.Rel(directory, absolute)
	return err == nil && filepath.IsLocal(below)
}

// isStream reports whether a target is standard input or can only be read in order, as a pipe.
func isStream(target string) bool {
	if target == "-" {
		return true
	}
	info, err := os.Stat(target)
	return err != nil || !info.Mode().IsRegular() && !info.IsDir()
}

// read returns the configuration and the policy for targets. A file that was named must be there; one that lies where
// the user stands need not.
func (o *policyOptions) read(targets []string, at time.Time) (policy.File, *policy.Policy, error) {
	var file policy.File
	accepted := &policy.Policy{At: at}
	directory, own := o.ownPolicy(targets)
	configuration, named := o.configuration, o.configuration != ""
	if !named && own {
		configuration = filepath.Join(directory, policy.ConfigurationFile)
	}
	err := readPolicyFile(configuration, named, func(opened *os.File) (err error) {
		file, err = policy.ReadFile(configuration, opened)
		return err
	})
	if err != nil {
		return file, nil, err
	}
	accepted.Allow = file.Allow
	ignoreFiles, named := o.ignoreFiles, len(o.ignoreFiles) > 0
	if !named && own {
		ignoreFiles = []string{filepath.Join(directory, policy.IgnoreFile)}
	}
	for _, path := range ignoreFiles {
		err := readPolicyFile(path, named, func(opened *os.File) error {
			ignored, err := policy.ReadIgnored(path, opened)
			accepted.Ignore(ignored)
			return err
		})
		if err != nil {
			return file, nil, err
		}
	}
	if o.baseline != "" {
		earlier, damage, err := readReports([]string{o.baseline}, nil, true)
		if err != nil {
			return file, nil, fmt.Errorf("baseline: %w", err)
		}
		if len(damage) > 0 {
			return file, nil, fmt.Errorf("baseline: %s", damageLine(damage))
		}
		accepted.Baseline = policy.NewBaseline(earlier.Findings)
	}
	return file, accepted, nil
}

func readPolicyFile(path string, mustExist bool, read func(*os.File) error) error {
	if path == "" {
		return nil
	}
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) && !mustExist {
		return nil
	}
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("%s: not a regular file", path)
	}
	if err != nil {
		return fmt.Errorf("policy: %w", err)
	}
	opened, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("policy: %w", err)
	}
	defer opened.Close() //nolint:errcheck // opened for reading only
	return read(opened)
}
