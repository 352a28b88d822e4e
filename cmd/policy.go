package cmd

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/jwtleak/jwtleak/report"
	"github.com/jwtleak/jwtleak/scanner/policy"
	"github.com/jwtleak/jwtleak/scanner/source/git"
)

// policyOptions are the flags that say which policy is obeyed.
type policyOptions struct {
	configuration string
	ignoreFiles   []string
	baseline      string
	from          string
	noPolicy      bool
	misnamed      bool                   // there is a file by the name that a configuration has not, and none is named
	given         func(flag string) bool // on the command line
}

func (o *policyOptions) addFlags(command *cobra.Command) {
	flags := command.Flags()
	flags.StringVar(&o.configuration, "config", "", "obey this configuration `FILE` (default "+policy.ConfigurationFile+" where you stand, for targets below it)")
	flags.StringArrayVar(&o.ignoreFiles, "ignore-file", nil, "accept the tokens in this `FILE` (default "+policy.IgnoreFile+", likewise; may be repeated)")
	flags.StringVar(&o.baseline, "baseline", "", "accept the findings of this earlier JSON or JSONL report `FILE`")
	flags.StringVar(&o.from, "policy-from", "", "obey configuration, ignore file and baseline as this `COMMIT` of the repository you stand in has them, and no comment")
	flags.BoolVar(&o.noPolicy, "no-policy", false, "obey no configuration, ignore file or comment that was not named on the command line")
}

// ownPolicy returns the directory whose policy files are obeyed: the repository or directory that the user stands in, and
// only where all that is scanned lies in it, links followed. What lies elsewhere may be a stranger's, and the stranger's
// policy with it.
func (o *policyOptions) ownPolicy(targets []string) (directory string, ok bool) {
	here, ok := standing()
	if o.noPolicy || o.from != "" || !ok {
		return "", false
	}
	for _, target := range targets {
		if target != "-" && !liesIn(here, target) {
			return "", false
		}
	}
	return here, true
}

// standing returns the root of the work tree that the user stands in, or else the directory, links followed.
func standing() (directory string, ok bool) {
	here, err := os.Getwd()
	if err != nil {
		return "", false
	}
	if location, found, err := git.HookOf(os.Getenv).Discover(here); err == nil && found && location.WorkTree != "" {
		here = location.WorkTree
	}
	here, err = filepath.EvalSymlinks(here)
	return here, err == nil
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

// read returns the configuration and the policy for targets. A file that was named must be there; one that lies where
// the user stands, or in the commit that was named, need not.
func (o *policyOptions) read(ctx context.Context, targets []string, at time.Time) (policy.File, *policy.Policy, error) {
	var file policy.File
	accepted := &policy.Policy{At: at}
	files, err := o.files(ctx, targets)
	if err != nil {
		return file, nil, err
	}
	var configurations []string
	if o.configuration != "" {
		configurations = []string{o.configuration}
	}
	err = files.read(policy.ConfigurationFile, configurations, func(name string, content io.Reader) (err error) {
		file, err = policy.ReadFile(name, content)
		return err
	})
	if err != nil {
		return file, nil, err
	}
	accepted.Allow = file.Allow
	o.misnamed = o.configuration == "" && files.has(policy.MisnamedFile)
	err = files.read(policy.IgnoreFile, o.ignoreFiles, func(name string, content io.Reader) error {
		ignored, err := policy.ReadIgnored(name, content)
		accepted.Ignore(ignored)
		return err
	})
	if err != nil {
		return file, nil, err
	}
	var baseline *policy.Baseline
	err = interruptible(ctx, func() (err error) { // it may be a pipe
		baseline, err = readBaseline(files.baseline, o.baseline)
		return err
	})
	if err != nil {
		return file, nil, err
	}
	accepted.Baseline = baseline
	return file, accepted, nil
}

// policyFiles are where policy files are.
type policyFiles struct {
	directory                string // with those that are obeyed without being named; "" where none are
	unnamed, named, baseline openPolicy
}

func (o *policyOptions) files(ctx context.Context, targets []string) (policyFiles, error) {
	if o.from == "" {
		directory, _ := o.ownPolicy(targets)
		return policyFiles{directory, openInside, openRegular, openFile}, nil
	}
	commit, err := o.policyCommit()
	if err != nil {
		return policyFiles{}, err
	}
	open := commit.opener(ctx, openRegular)
	return policyFiles{commit.root, open, open, commit.opener(ctx, openFile)}, nil
}

// read reads the files that were named or, where none were, the one of that name that lies where the user stands.
func (f policyFiles) read(name string, named []string, read func(name string, content io.Reader) error) error {
	open, mustExist := f.named, true
	if len(named) == 0 {
		if f.directory == "" {
			return nil
		}
		named, open, mustExist = []string{filepath.Join(f.directory, name)}, f.unnamed, false
	}
	for _, path := range named {
		name, content, err := open(path)
		switch {
		case errors.Is(err, fs.ErrNotExist) && !mustExist:
			continue
		case err != nil:
			return fmt.Errorf("policy: %w", err)
		}
		err = read(name, content)
		_ = content.Close() // opened for reading only
		if err != nil {
			return err
		}
	}
	return nil
}

// has reports whether a file of that name lies where the user stands.
func (f policyFiles) has(name string) bool {
	if f.directory == "" {
		return false
	}
	_, content, err := f.unnamed(filepath.Join(f.directory, name))
	if err != nil {
		return false
	}
	_ = content.Close() // opened for reading only
	return true
}

func readBaseline(open openPolicy, path string) (*policy.Baseline, error) {
	if path == "" {
		return nil, nil //nolint:nilnil // none is none
	}
	if path == "-" {
		return nil, errors.New("baseline: report: standard input can't be the baseline: name a file")
	}
	name, opened, err := open(path)
	if err != nil {
		return nil, fmt.Errorf("baseline: report: %w", err)
	}
	defer opened.Close() //nolint:errcheck // opened for reading only
	merger := report.NewMerger(0)
	merger.Lean()
	if err := merger.Read(opened); err != nil {
		return nil, fmt.Errorf("baseline: report %s: %w", name, err)
	}
	earlier := merger.Report()
	if damage := merger.Damage(); len(damage) > 0 {
		return nil, fmt.Errorf("baseline: report %s: %s", name, damageLine(damage))
	}
	return policy.NewBaseline(earlier), nil
}

// openPolicy opens a file by its path, and returns what to call it. The error of one that is not there is fs.ErrNotExist.
type openPolicy func(path string) (name string, content io.ReadCloser, err error)

func openFile(path string) (string, io.ReadCloser, error) {
	opened, err := os.Open(path)
	return path, opened, err
}

// openRegular is openFile for what is read whole: a pipe may have no end.
func openRegular(path string) (string, io.ReadCloser, error) {
	info, err := os.Stat(path)
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("%s: not a regular file", path)
	}
	if err != nil {
		return path, nil, err
	}
	return openFile(path)
}

// openInside is openRegular for a file of its directory alone: a link that leads out of it may lead to a stranger's file.
func openInside(path string) (string, io.ReadCloser, error) {
	actual, err := filepath.EvalSymlinks(path)
	if err == nil && !liesIn(filepath.Dir(path), actual) {
		err = withHint(fmt.Errorf("%s: a link to %s, which lies elsewhere", path, actual), "name that file on the command line to obey it")
	}
	if err != nil {
		return path, nil, err
	}
	return openRegular(path)
}

// A policyCommit is a commit of the repository that the user stands in, whose policy files are obeyed.
type policyCommit struct {
	source   *git.Source
	revision string
	root     string // of the work tree, absolute
}

func (o *policyOptions) policyCommit() (policyCommit, error) {
	if o.noPolicy {
		return policyCommit{}, errors.New("--policy-from and --no-policy exclude each other: choose one")
	}
	here, err := os.Getwd()
	if err != nil {
		return policyCommit{}, fmt.Errorf("--policy-from: %w", err)
	}
	location, found, err := git.HookOf(os.Getenv).Discover(here)
	if err == nil && (!found || location.WorkTree == "") {
		err = errors.New("you don't stand in a repository")
	}
	if err != nil {
		return policyCommit{}, fmt.Errorf("--policy-from %s: %w", o.from, err)
	}
	source, err := git.OpenAt(location, git.Options{Candidate: detector().Prefilter()})
	if err != nil {
		return policyCommit{}, fmt.Errorf("--policy-from %s: %w", o.from, err)
	}
	root, err := filepath.Abs(location.WorkTree)
	return policyCommit{source, o.from, root}, err
}

// opener returns what opens a file as the commit has it, if its path leads into the work tree, else what opens it otherwise.
// Links in the work tree are not followed: the commit may have others, or none.
func (c policyCommit) opener(ctx context.Context, otherwise openPolicy) openPolicy {
	return func(path string) (string, io.ReadCloser, error) {
		absolute, err := filepath.Abs(path)
		if err != nil {
			return path, nil, err
		}
		below, ok := c.below(absolute)
		if !ok {
			return otherwise(path)
		}
		name := c.revision + ":" + below
		content, err := c.source.FileAt(ctx, c.revision, below)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return name, nil, fmt.Errorf("%s in the commit %s: %w", below, c.revision, fs.ErrNotExist)
		case err != nil:
			return name, nil, fmt.Errorf("--policy-from: %w", err)
		}
		return name, io.NopCloser(bytes.NewReader(content)), nil
	}
}

// below returns an absolute path from the root of the work tree, '/'-separated, if it leads there, by a link or without: the
// first part of the path that does so counts, and links behind that are those of the work tree.
func (c policyCommit) below(absolute string) (string, bool) {
	tree := resolved(c.root)
	for _, root := range []string{c.root, tree} {
		if below, err := filepath.Rel(root, absolute); err == nil && filepath.IsLocal(below) {
			return filepath.ToSlash(below), true
		}
	}
	for end := 1; end <= len(absolute); end++ {
		if end < len(absolute) && !os.IsPathSeparator(absolute[end]) {
			continue
		}
		target, err := filepath.EvalSymlinks(absolute[:end])
		if err != nil {
			return "", false
		}
		if below, err := filepath.Rel(tree, target); err == nil && filepath.IsLocal(below) {
			return filepath.ToSlash(filepath.Join(below, absolute[end:])), true
		}
	}
	return "", false
}
