package scanner

import (
	"context"
	"errors"
	"fmt"
	"io"
	iofs "io/fs"
	"os"
	"path/filepath"

	"github.com/jwtleak/jwtleak/detectors"
	"github.com/jwtleak/jwtleak/scanner/container"
	"github.com/jwtleak/jwtleak/scanner/fault"
	"github.com/jwtleak/jwtleak/scanner/finding"
	"github.com/jwtleak/jwtleak/scanner/source"
	"github.com/jwtleak/jwtleak/scanner/source/fs"
	"github.com/jwtleak/jwtleak/scanner/source/git"
	"github.com/jwtleak/jwtleak/scanner/source/stdin"
)

// Reading says what of the targets is read.
type Reading struct {
	// Stdin is what '-' stands for.
	Stdin io.Reader
	// History, Range and Staged say what of a repository is read: see git.Options.
	History git.History
	Range   string
	Staged  bool
	// Hook is what git tells where it runs this as a hook, or whoever runs it in its place.
	Hook git.Hook
	// RangeRef is the name of the near end of Range: see git.Options.
	RangeRef string
	// MaxFileSize, in bytes, and the gitignore-style patterns say what of a directory is read; zero and empty for all.
	MaxFileSize      int64
	Include, Exclude []string
	// Prefilter says where a token may begin.
	Prefilter detectors.Prefilter
	// LeftOut, where set, is told what is left out by design, and why. It may be called from several goroutines at once.
	LeftOut func(path, reason string)

	shared *git.Shared // between the repositories of one scan
}

// Opened is what targets turned out to be.
type Opened struct {
	Targets []finding.Target
	Sources []source.Source
	// Size is how many bytes there are to read, where each target is a file; 0 where that is not known.
	Size int64
}

// sizeOf returns how many bytes the targets hold, or 0 where one of them is no regular file.
func sizeOf(targets []finding.Target) (size int64) {
	for _, target := range targets {
		info, err := os.Stat(target.Path)
		if target.Kind != "file" || err != nil || !info.Mode().IsRegular() {
			return 0
		}
		size += info.Size()
	}
	return size
}

// Open finds out what each target is: '-' is standard input, a repository or a directory inside of one a repository,
// anything else a directory, a file (a block device too) or a stream (a pipe, what a shell substitutes for a process). A target that isn't there or can't be read, or that is asked for its
// commits and has none, is an error, before anything is read.
func Open(_ context.Context, targets []string, what Reading) (Opened, error) {
	what.shared = &git.Shared{}
	var opened Opened
	for _, path := range targets {
		target, src, err := what.open(path)
		if err != nil {
			return Opened{}, err
		}
		opened.Targets = append(opened.Targets, target)
		opened.Sources = append(opened.Sources, src)
	}
	opened.Size = sizeOf(opened.Targets)
	return opened, nil
}

func (r Reading) open(path string) (target finding.Target, opened source.Source, err error) {
	defer fault.Contain(&err)
	if path == "-" {
		return finding.Target{Kind: "stdin", Path: "-"}, stdin.New(r.Stdin), nil
	}
	if path == "" {
		return finding.Target{}, nil, errors.New("a target has no name: give a path, or '-' for standard input")
	}
	info, err := os.Stat(path)
	if err != nil {
		return finding.Target{}, nil, targetError(path, err)
	}
	if isStream(path, info) {
		if r.Range != "" || r.Staged {
			return finding.Target{}, nil, noRepository(path)
		}
		return finding.Target{Kind: "file", Path: path}, stdin.Named(path), nil
	}
	if err := readable(path, info); err != nil {
		return finding.Target{}, nil, targetError(path, err)
	}
	location, isRepository, broken := git.Find(path)
	if path == "." && (broken == nil || r.Hook.Dir != "") {
		if location, isRepository, err = r.Hook.Discover(path); err != nil {
			return finding.Target{}, nil, err
		}
		broken = nil
	}
	if broken != nil && (!info.IsDir() || r.Range != "" || r.Staged) {
		return finding.Target{}, nil, broken
	}
	if isRepository {
		src, err := git.OpenAt(location, r.repository(path))
		if err != nil {
			return finding.Target{}, nil, err
		}
		described := src.Describe()
		target := finding.Target{Kind: "git", Path: path, Remote: described.Remote, Commit: described.Commit, Branch: described.Branch}
		return target, src, nil
	}
	if r.Range != "" || r.Staged {
		return finding.Target{}, nil, noRepository(path)
	}
	kind := "file"
	if info.IsDir() {
		kind = "dir"
	}
	opened = fs.New(path, r.files(path))
	if broken != nil {
		opened = &brokenRepository{opened, finding.Problem{Path: path, Reason: broken.Error()}}
	}
	return finding.Target{Kind: kind, Path: path}, opened, nil
}

// A brokenRepository is a directory that calls itself a repository and is none, such as a work tree that was copied without
// what its .git points to. Its files are read, and that there is no more of it is told.
type brokenRepository struct {
	source.Source
	problem finding.Problem
}

// Read implements source.Source.
func (b *brokenRepository) Read(ctx context.Context, jobs int, visitor source.Visitor) error {
	if err := visitor.Problem(b.problem); err != nil {
		return err
	}
	return b.Source.Read(ctx, jobs, visitor)
}

// mayBePacked reports whether a text that starts with prefix may hold others, whether they can be read here or not.
func mayBePacked(prefix []byte) bool {
	if _, ok := container.Recognise(prefix, ""); ok || git.IsPacked(prefix) || container.MayBeVolume(prefix) {
		return true
	}
	_, ok := container.Unopened(prefix)
	return ok
}

func (r Reading) repository(target string) git.Options {
	return git.Options{
		Target: target, History: r.History, Range: r.Range, RangeRef: r.RangeRef, Staged: r.Staged, Hook: r.Hook,
		Candidate:      r.Prefilter,
		Container:      mayBePacked,
		ContainerNames: []string{".br", ".BR", ".ldb", ".sst"}, // Brotli has no magic, and a table of LevelDB its own at its end
		Wanted:         fs.Wanted(r.Include, r.Exclude),
		Shared:         r.shared,
		Files:          r.below(target),
		LeftOut:        r.LeftOut,
	}
}

func (r Reading) files(target string) fs.Options {
	return fs.Options{
		Target: target, Include: r.Include, Exclude: r.Exclude, MaxFileSize: r.MaxFileSize, LeftOut: r.LeftOut,
		Prefilter:  r.Prefilter,
		Repository: func(dir string) (source.Source, error) { return r.nested(target, dir) },
	}
}

// nested returns the source of a repository below a directory, or nil where there is none.
func (r Reading) nested(target, dir string) (source.Source, error) {
	location, ok, err := git.Find(dir)
	if err != nil || !ok {
		return nil, err
	}
	options := r.repository(target)
	options.Within = []string{target}
	return git.OpenAt(location, options)
}

// targetError names a target and why it can't be read, without the name of the system call.
func targetError(path string, err error) error {
	var pathError *iofs.PathError
	if errors.As(err, &pathError) {
		err = pathError.Err
	}
	return fmt.Errorf("%s: %w", path, err)
}

// noRepository is the error of a target that is asked for its commits and has none.
func noRepository(path string) error {
	return fmt.Errorf("%s: not a git repository, so it has no --range and no --staged", path)
}

// isStream reports whether a target can only be read in order: a pipe, a terminal, a descriptor of what has no path any more.
func isStream(path string, info iofs.FileInfo) bool {
	if info.Mode()&(iofs.ModeNamedPipe|iofs.ModeCharDevice) != 0 {
		return true
	}
	if !info.Mode().IsRegular() {
		return false
	}
	_, err := filepath.EvalSymlinks(path)
	return err != nil
}

// readable tries to open a target that is no stream.
func readable(path string, info iofs.FileInfo) error {
	if info.Mode()&iofs.ModeSocket != 0 {
		return errors.New("is a socket: pipe what it sends to 'jwtleak scan -'")
	}
	if !info.Mode().IsRegular() && !info.IsDir() && info.Mode()&iofs.ModeDevice == 0 {
		return errors.New("is neither a file, nor a directory, nor a stream")
	}
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	return file.Close()
}

// below reads plain files for a git source: those of its working tree, and those beside its objects.
func (r Reading) below(target string) git.FilesFunc {
	return func(ctx context.Context, jobs int, root string, skip func(path string) bool, visitor source.Visitor) error {
		options := r.files(target)
		options.Skip, options.Repository = skip, nil
		return fs.New(root, options).Read(ctx, jobs, visitor)
	}
}
