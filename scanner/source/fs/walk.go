package fs

import (
	"context"
	"errors"
	"io"
	iofs "io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/jwtleak/jwtleak/scanner/fault"
	"github.com/jwtleak/jwtleak/scanner/finding"
	"github.com/jwtleak/jwtleak/scanner/source"
)

// here is what the walk puts in front of the names in the directory that the user stands in.
const here = "." + string(filepath.Separator)

const (
	// listed is how many entries of a directory are dealt with at a time.
	listed = 1024
	// heldOpen is how many directories of a walk are open so that what is in them can be opened by its name there. What is
	// in more is opened by its path.
	heldOpen = 128
)

// A walk is one reading of a directory.
type walk struct {
	*Source
	visitor source.Visitor
	match   patterns
	mounts  mounts
	start   string // the path it begins with
	root    string // the same, absolute
	crew    *crew
	open    atomic.Int32 // how many directories are

	mu           sync.Mutex
	repositories []repository
}

type repository struct {
	dir    string
	source source.Source
}

func (s *Source) walk(ctx context.Context, jobs int, visitor source.Visitor) error {
	w := &walk{Source: s, start: withoutSeparators(s.path), visitor: visitor, match: newPatterns(s.options.Include, s.options.Exclude), crew: newCrew(jobs)}
	w.root, _ = filepath.Abs(s.path) // without it no kernel file system is known by its path
	w.mounts = mountTable().below(w.root)
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	w.crew.add(errand{path: w.start})
	var members sync.WaitGroup
	for range jobs {
		members.Go(func() {
			for next, ok := w.crew.next(); ok; next, ok = w.crew.next() {
				if ctx.Err() == nil { // what is left is let go
					err := fault.Confine(func() error { return w.run(ctx, next) }, func(faulty *fault.Error) error {
						return w.visitor.Problem(problem(next.where(), faulty))
					})
					if err != nil {
						cancel(err)
					}
				}
				next.in.done()
			}
		})
	}
	members.Wait()
	if err := context.Cause(ctx); err != nil {
		return err
	}
	return w.readRepositories(ctx, jobs)
}

// withoutSeparators returns a path without those at its end, of which the root of a file system is one.
func withoutSeparators(path string) string {
	for len(path) > 1 && os.IsPathSeparator(path[len(path)-1]) && len(filepath.VolumeName(path)) < len(path)-1 {
		path = path[:len(path)-1]
	}
	return path
}

func (w *walk) run(ctx context.Context, next errand) error {
	if next.files != nil {
		return w.readFiles(ctx, next.files)
	}
	return w.readDirectory(ctx, next.in, next.path)
}

// shareFiles reads files together with whoever has nothing else to do.
func (w *walk) shareFiles(ctx context.Context, f *files) error {
	if len(f.names) > 1 {
		w.crew.share(f)
		defer w.crew.endSharing(f)
	}
	return w.readFiles(ctx, f)
}

func (w *walk) readFiles(ctx context.Context, f *files) error {
	for name, ok := f.take(); ok && ctx.Err() == nil; name, ok = f.take() {
		if err := w.readFile(ctx, f.in, name, false, w.place(f.in.join(name)), w.visitor); err != nil {
			return err
		}
	}
	return nil
}

// readDirectory reads the files of a directory, and leaves the directories in it for later.
func (w *walk) readDirectory(ctx context.Context, in *directory, path string) error {
	isRoot := path == w.start
	file, err := openDirectory(in, path, isRoot)
	if err != nil {
		return w.visitor.Problem(problem(path, err)) // the walk goes on beside it
	}
	dir := newDirectory(path, file, &w.open)
	defer dir.done()
	for isFirst := true; ctx.Err() == nil; isFirst = false {
		entries, err := file.ReadDir(listed)
		if isFirst && !isRoot && w.options.Repository != nil && dir.mayBeRepository(entries, len(entries) < listed) {
			if taken, err := w.metRepository(path); taken || err != nil {
				return err
			}
		}
		if err := w.list(ctx, dir, entries); err != nil {
			return err
		}
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return w.visitor.Problem(problem(path, err))
		}
	}
	return nil
}

// list deals with entries of a directory.
func (w *walk) list(ctx context.Context, dir *directory, entries []iofs.DirEntry) error {
	f := &files{in: dir}
	for _, entry := range entries {
		isFile, err := w.met(ctx, dir, entry)
		if err != nil {
			return err
		}
		if isFile {
			f.names = append(f.names, entry.Name())
		}
	}
	return w.shareFiles(ctx, f)
}

// met decides what is done with what is met, in a directory or, in none, by its path. It reports whether that is a file to be
// read.
func (w *walk) met(ctx context.Context, in *directory, entry iofs.DirEntry) (isFile bool, err error) {
	name := entry.Name()
	path := in.join(name)
	if w.options.Skip != nil && w.options.Skip(path) {
		return false, nil
	}
	if w.isLeftOut(path, entry) {
		w.visitor.Count(finding.Stats{LeftOut: 1})
		return false, nil
	}
	if w.mayTell(name) {
		if err := w.readName(ctx, path, w.visitor); err != nil {
			return false, err
		}
	}
	switch {
	case entry.IsDir():
		return false, w.metDirectory(ctx, in, path)
	case !entry.Type().IsRegular():
		return false, nil
	case w.options.Repository != nil && (strings.HasSuffix(name, bundleSuffix) || strings.HasSuffix(name, packSuffix)):
		taken, err := w.metRepository(path)
		return !taken, err
	}
	return true, nil
}

// isLeftOut reports whether the user's patterns leave out what the walk meets.
func (w *walk) isLeftOut(path string, entry iofs.DirEntry) bool {
	if w.match.none() {
		return false
	}
	below, err := filepath.Rel(w.path, path)
	return err == nil && w.match.leavesOut(filepath.ToSlash(below), entry.IsDir())
}

func (w *walk) metDirectory(ctx context.Context, in *directory, path string) error {
	if kind, ok := w.kernelType(path); ok {
		if kind != devices {
			return w.leaveOut(ctx, path, kind)
		}
		w.tellLeftOut(path, kind, ": devices are not read, files in it are")
	}
	if in != nil && w.open.Load() > heldOpen {
		in = nil
	}
	w.crew.add(errand{in: in.use(), path: path})
	return nil
}

// leaveOut leaves out a file system of the kernel, though not what is mounted below it.
func (w *walk) leaveOut(ctx context.Context, path, kind string) error {
	w.tellLeftOut(path, kind, "")
	dir := w.absolute(path)
	for _, point := range w.mounts.dataBelow(dir) {
		if err := w.metPoint(ctx, filepath.Join(path, strings.TrimPrefix(point, dir))); err != nil {
			return err
		}
	}
	return nil
}

func (w *walk) tellLeftOut(path, kind, exception string) {
	if w.options.LeftOut != nil {
		w.options.LeftOut(filepath.ToSlash(path), "a file system of the kernel ("+kind+")"+exception)
	}
}

// metPoint goes on where data is mounted below what was left out. It may be gone, or hidden by what is mounted over it.
func (w *walk) metPoint(ctx context.Context, point string) error {
	info, err := os.Lstat(point)
	if errors.Is(err, iofs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return w.visitor.Problem(problem(point, err))
	}
	isFile, err := w.met(ctx, nil, atPath{iofs.FileInfoToDirEntry(info), point})
	if err != nil || !isFile {
		return err
	}
	return w.readFiles(ctx, &files{names: []string{point}})
}

// An atPath is an entry that is named by its path.
type atPath struct {
	iofs.DirEntry
	path string
}

// Name returns the path.
func (a atPath) Name() string { return a.path }

// kernelType returns the type of the kernel's file system that is mounted at a path, if one is.
func (w *walk) kernelType(path string) (kind string, ok bool) {
	if len(w.mounts.kernel) == 0 {
		return "", false
	}
	kind, ok = w.mounts.kernel[w.absolute(path)]
	return kind, ok
}

// How the names of bundles and packs end, which are repositories in one file (gitformat-bundle(5), gitformat-pack(5)).
const (
	bundleSuffix = ".bundle"
	packSuffix   = ".pack"
)

// metRepository reports whether what may be a repository is one, to be read as such. One that only calls itself so is read
// as files.
func (w *walk) metRepository(path string) (bool, error) {
	found, err := w.options.Repository(path)
	if err != nil {
		return false, w.visitor.Problem(problem(path, err))
	}
	if found == nil {
		return false, nil
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.repositories = append(w.repositories, repository{path, found})
	return true, nil
}

// absolute returns the absolute form of a path below the root.
func (w *walk) absolute(path string) string {
	below, err := filepath.Rel(w.path, path)
	if err != nil {
		return path
	}
	return filepath.Join(w.root, below)
}

// readRepositories reads the repositories that were met, each with all jobs.
func (w *walk) readRepositories(ctx context.Context, jobs int) error {
	slices.SortFunc(w.repositories, func(a, b repository) int { return strings.Compare(a.dir, b.dir) })
	for _, met := range w.repositories {
		if err := met.source.Read(ctx, jobs, w.visitor); err != nil {
			if ctx.Err() != nil {
				return err
			}
			if err := w.visitor.Problem(problem(met.dir, err)); err != nil {
				return err
			}
		}
	}
	return nil
}
