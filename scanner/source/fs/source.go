package fs

import (
	"context"
	"errors"
	iofs "io/fs"
	"os"
	"path/filepath"

	"github.com/jwtleak/jwtleak/detectors"
	"github.com/jwtleak/jwtleak/scanner/finding"
	"github.com/jwtleak/jwtleak/scanner/source"
)

// Options say what of a directory is read.
type Options struct {
	// Target is what the user named, for the places.
	Target string
	// Include and Exclude are gitignore-style patterns, relative to the directory. Where there are some to include, only
	// files that match one are read.
	Include, Exclude []string
	// MaxFileSize, where positive, leaves out larger files, in bytes. Each is told as a problem.
	MaxFileSize int64
	// Prefilter, where set, says which names of files and directories may have a token. They are shown as texts.
	Prefilter detectors.Prefilter
	// Skip, where set, is asked for each file and directory, by its path, whether to leave it out.
	Skip func(path string) bool
	// Repository, where set, is asked for each directory below the root whether it is a git repository. The source it
	// returns is read in place of the directory; nil means that it is none. It may be called from several goroutines at
	// once.
	Repository func(dir string) (source.Source, error)
	// LeftOut, where set, is told what is left out by design and why. It may be called from several goroutines at once.
	LeftOut func(path, reason string)
}

// A Source is a file, a block device or a directory.
type Source struct {
	path    string
	options Options
}

var _ source.Source = (*Source)(nil)

// New returns the source of a path.
func New(path string, options Options) *Source { return &Source{path, options} }

// Read implements source.Source. A target that is itself a symbolic link is followed, and one that is a block device is
// read as a file.
func (s *Source) Read(ctx context.Context, jobs int, visitor source.Visitor) error {
	info, err := os.Stat(s.path)
	if err != nil {
		return visitor.Problem(problem(s.path, err))
	}
	if name := filepath.Base(s.path); s.mayTell(name) {
		if err := s.readName(ctx, s.path, visitor); err != nil {
			return err
		}
	}
	if info.IsDir() {
		return s.walk(ctx, max(1, jobs), visitor)
	}
	path, err := filepath.EvalSymlinks(s.path)
	if err != nil {
		return visitor.Problem(problem(s.path, err))
	}
	return s.readFile(ctx, nil, path, info.Mode()&iofs.ModeDevice != 0, finding.FilePlace{Target: s.options.Target, Path: filepath.ToSlash(s.path)}, visitor)
}

// problem says why a path can't be read, without the name of the system call.
func problem(path string, err error) finding.Problem {
	var pathError *iofs.PathError
	if errors.As(err, &pathError) {
		err = pathError.Err
	}
	return finding.Problem{Path: filepath.ToSlash(path), Reason: err.Error()}
}
