package fs

import (
	"context"
	"errors"
	iofs "io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/charlievieth/fastwalk"

	"github.com/jwtleak/jwtleak/scanner/finding"
	"github.com/jwtleak/jwtleak/scanner/source"
)

// here is what the walk puts in front of the names in the directory that the user stands in.
const here = "." + string(filepath.Separator)

// queueLength is how many files may be waiting to be read.
const queueLength = 1024

// A walk is one reading of a directory.
type walk struct {
	*Source
	visitor source.Visitor
	match   patterns
	mounts  mounts
	root    string // absolute
	work    chan errand

	mu           sync.Mutex
	repositories []repository
	further      []string // where data is mounted below what was left out: still to be walked
}

// An errand is for a reader: the path of a file, or of anything whose name may have a token.
type errand struct {
	path   string
	isName bool
}

type repository struct {
	dir    string
	source source.Source
}

func (s *Source) walk(ctx context.Context, jobs int, visitor source.Visitor) error {
	w := &walk{Source: s, visitor: visitor, match: newPatterns(s.options.Include, s.options.Exclude), work: make(chan errand, queueLength)}
	w.root, _ = filepath.Abs(s.path) // without it no kernel file system is known by its path
	w.mounts = mountTable().below(w.root)
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var readers sync.WaitGroup
	for range jobs {
		readers.Go(func() {
			for errand := range w.work {
				if ctx.Err() != nil {
					continue // the walk is told, and ends
				}
				if err := w.run(ctx, errand); err != nil {
					cancel(err)
				}
			}
		})
	}
	err := w.walkFrom(ctx, s.path, jobs)
	for err == nil && len(w.further) > 0 {
		next := w.further[0]
		w.further = w.further[1:]
		err = w.walkFurther(ctx, next, jobs)
	}
	close(w.work)
	readers.Wait()
	if err := context.Cause(ctx); err != nil {
		return err
	}
	if err != nil {
		return err
	}
	return w.readRepositories(ctx, jobs)
}

func (w *walk) walkFrom(ctx context.Context, root string, jobs int) error {
	config := fastwalk.Config{NumWorkers: jobs}
	return fastwalk.Walk(&config, root, func(path string, entry iofs.DirEntry, err error) error {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		return w.met(ctx, path, entry, err)
	})
}

// walkFurther walks where data is mounted below what was left out. It may be gone, or hidden by what is mounted over it.
func (w *walk) walkFurther(ctx context.Context, point string, jobs int) error {
	if _, err := os.Lstat(point); err != nil {
		if errors.Is(err, iofs.ErrNotExist) {
			return nil
		}
		return w.visitor.Problem(problem(point, err))
	}
	return w.walkFrom(ctx, point, jobs)
}

// met decides what is done with what the walk meets.
func (w *walk) met(ctx context.Context, path string, entry iofs.DirEntry, err error) error {
	if err != nil {
		return w.visitor.Problem(problem(path, err)) // the walk goes on beside it
	}
	isRoot := path == w.path
	if !isRoot && w.options.Skip != nil && w.options.Skip(path) {
		return skip(entry)
	}
	if !isRoot && w.isLeftOut(path, entry) {
		w.visitor.Count(finding.Stats{LeftOut: 1})
		return skip(entry)
	}
	if !isRoot && w.mayTell(entry.Name()) {
		if err := w.send(ctx, errand{path, true}); err != nil {
			return err
		}
	}
	switch {
	case entry.IsDir():
		return w.metDirectory(path, isRoot)
	case entry.Type().IsRegular():
		if (strings.HasSuffix(path, bundleSuffix) || strings.HasSuffix(path, packSuffix)) && !isRoot && w.options.Repository != nil {
			if taken, err := w.metRepository(path); taken || err != nil {
				return err
			}
		}
		return w.send(ctx, errand{path, false})
	}
	return nil
}

// send has a reader run an errand.
func (w *walk) send(ctx context.Context, errand errand) error {
	select {
	case w.work <- errand:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (w *walk) run(ctx context.Context, errand errand) error {
	if errand.isName {
		return w.readName(ctx, errand.path, w.visitor)
	}
	return w.readFile(ctx, errand.path, false, w.place(errand.path), w.visitor)
}

// isLeftOut reports whether the user's patterns leave out what the walk meets.
func (w *walk) isLeftOut(path string, entry iofs.DirEntry) bool {
	if w.match.none() {
		return false
	}
	below, err := filepath.Rel(w.path, path)
	return err == nil && w.match.leavesOut(filepath.ToSlash(below), entry.IsDir())
}

func skip(entry iofs.DirEntry) error {
	if entry.IsDir() {
		return fastwalk.SkipDir
	}
	return nil
}

func (w *walk) metDirectory(path string, isRoot bool) error {
	if isRoot {
		return nil
	}
	if kind, ok := w.kernelType(path); ok {
		w.leaveOut(path, kind)
		if kind != devices {
			return fastwalk.SkipDir
		}
	}
	if w.options.Repository == nil || !mayBeRepository(path) {
		return nil
	}
	taken, err := w.metRepository(path)
	if err != nil || !taken {
		return err
	}
	return fastwalk.SkipDir
}

// leaveOut tells of a file system of the kernel, and notes where data is mounted below it.
func (w *walk) leaveOut(path, kind string) {
	reason := "a file system of the kernel (" + kind + ")"
	if kind == devices {
		reason += ": devices are not read, files in it are"
	}
	if w.options.LeftOut != nil {
		w.options.LeftOut(filepath.ToSlash(path), reason)
	}
	if kind == devices {
		return
	}
	dir := w.absolute(path)
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, point := range w.mounts.dataBelow(dir) {
		w.further = append(w.further, filepath.Join(path, strings.TrimPrefix(point, dir)))
	}
}

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

// mayBeRepository looks for what every repository has: .git, or objects where it is bare.
func mayBeRepository(dir string) bool {
	for _, name := range []string{".git", "objects"} {
		if _, err := os.Lstat(filepath.Join(dir, name)); err == nil {
			return true
		}
	}
	return false
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
