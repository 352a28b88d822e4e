package pack

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/jwtleak/jwtleak/scanner/fault"
	"github.com/jwtleak/jwtleak/scanner/source/git/history"
)

// Options say how an object directory is laid out.
type Options struct {
	// NameSize is the length of an object's name in bytes: 20, the default, or 32.
	NameSize int
	// Jobs is how many goroutines read a pack that has no index; one where it is 0.
	Jobs int
	// Within, where set, says whether a path may be followed: to an alternate object directory, or along a symbolic link
	// among the objects.
	Within func(path string) bool
	// Pushed, where set, is one more object directory, of what is not in the repository yet.
	Pushed string
	// Peek has the indexes of packs looked into for each object that is asked for, and not read and checked whole: for a
	// few objects of many. Such a store is not to be swept.
	Peek bool
}

// A Store is the objects of a repository. It may be used by any number of goroutines at once.
type Store struct {
	nameSize int
	jobs     int
	peeks    bool
	budget   int64 // how many bytes a sweep holds
	streamed int64 // the size of blobs from which on a sweep does not hold what deltas make
	parts    int   // how many bytes it holds of what these consist of
	dirs     []string
	packs    []*pack
	listed   []string // the paths of those in object directories, also of those that can't be read
	problems []problem

	bases   *bases
	regions regions
	mu      sync.Mutex
	workers map[*pack][]*worker
	windows []*windows // that nobody sweeps with now
	swept   []*windows // all of them
}

type problem struct{ path, reason string }

const (
	// maxHops bounds how often the base of a delta may lie in another pack.
	maxHops = 16
)

// Open opens the object directory of a repository, with those it borrows from. What of it can't be read is told by Sweep;
// only a directory that isn't there is an error.
//
// A pack without an index is read whole before Open returns. That ends with ctx, whose error is returned then.
func Open(ctx context.Context, dir string, options Options) (*Store, error) {
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return nil, fmt.Errorf("open the object directory %s: %w", dir, errors.Join(err, ErrNotFound))
	}
	s := newStore(options)
	s.addDirs(options.Within, dir, options.Pushed)
	for _, dir := range s.dirs {
		s.addPacks(filepath.Join(dir, "pack"))
	}
	return s.indexed(ctx)
}

// indexed gives each pack its index, the one beside it or one made by reading it, and closes all packs where ctx ends
// before that.
func (s *Store) indexed(ctx context.Context) (*Store, error) {
	s.makeIndexes(ctx, s.readIndexes())
	if err := ctx.Err(); err != nil {
		return nil, errors.Join(fmt.Errorf("index the packs: %w", err), s.Close())
	}
	return s, nil
}

func newStore(options Options) *Store {
	s := &Store{nameSize: options.NameSize, jobs: max(1, options.Jobs), peeks: options.Peek, budget: budget, streamed: largeBuffer, parts: maxHeldParts, bases: newBases(), workers: map[*pack][]*worker{}}
	if s.nameSize == 0 {
		s.nameSize = 20
	}
	return s
}

// OpenPack opens a single pack that has no index, as one from a bundle, which problems call by its title. It reads the
// pack whole, as Open does.
func OpenPack(ctx context.Context, path, title string, options Options) (*Store, error) {
	s := newStore(options)
	p, err := openPack(path, s.nameSize)
	if err != nil {
		return nil, err
	}
	p.title = title
	s.packs = append(s.packs, p)
	return s.indexed(ctx)
}

// Close closes the packs.
func (s *Store) Close() error {
	var errs []error
	for _, w := range s.swept {
		if w.memory != nil {
			releaseMemory(w.memory)
		}
	}
	s.windows, s.swept = nil, nil
	s.regions.release()
	for _, p := range s.packs {
		errs = append(errs, p.close())
		if p.index != nil && p.index.peek != nil {
			errs = append(errs, p.index.peek.file.Close())
		}
	}
	return errors.Join(errs...)
}

// openRegular opens a regular file. To open anything else, such as a pipe, may take for ever.
func openRegular(path string) (*os.File, int64, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, 0, err
	}
	if !info.Mode().IsRegular() {
		return nil, 0, errors.New("not a regular file")
	}
	file, err := os.Open(path)
	return file, info.Size(), err
}

// readRegular reads a regular file of so many bytes at most.
func readRegular(path string, most int64) ([]byte, error) {
	file, size, err := openRegular(path)
	if err != nil {
		return nil, err
	}
	defer file.Close() //nolint:errcheck // opened for reading only
	if size > most {
		return nil, fmt.Errorf("larger than %d bytes", most)
	}
	content := make([]byte, size)
	n, err := io.ReadFull(file, content)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, err
	}
	return content[:n], nil
}

func (s *Store) problem(path string, err error) {
	s.problems = append(s.problems, problem{filepath.ToSlash(path), reasonOf(err)})
}

// reasonOf is an error's text on one line, without the path, which a problem names by itself.
func reasonOf(err error) string {
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		return pathError.Err.Error()
	}
	return strings.ReplaceAll(err.Error(), "\n", "; ")
}

// listings is how often a directory of packs is listed where one vanishes in between: whoever repacks meanwhile has put
// another one in its place before.
const listings = 4

// temporaryPack is how the names of packs begin that are being written.
const temporaryPack = "tmp_pack_"

func (s *Store) addPacks(dir string) {
	known := map[string]bool{}
	for left := listings; left > 0; left-- {
		entries, err := os.ReadDir(dir)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			s.problem(dir, err)
		}
		hasVanished := false
		for _, entry := range entries {
			path := filepath.Join(dir, entry.Name())
			isUnfinished := strings.HasPrefix(entry.Name(), temporaryPack)
			if filepath.Ext(path) != ".pack" && (!isUnfinished || s.peeks) || known[path] {
				continue
			}
			p, err := openPack(path, s.nameSize)
			if isUnfinished && err != nil {
				continue // not even its beginning was written, or it has got its name meanwhile
			}
			if errors.Is(err, fs.ErrNotExist) && left > 1 {
				hasVanished = true
				continue
			}
			known[path] = true
			s.listed = append(s.listed, path)
			if err != nil {
				s.problem(path, err)
				continue
			}
			p.isUnfinished = isUnfinished
			s.packs = append(s.packs, p)
		}
		if !hasVanished {
			s.tellLone(dir, entries, known)
			return
		}
	}
}

// tellLone tells of indexes whose packs are not there: what they had is not there either, whether anything names it or not.
func (s *Store) tellLone(dir string, entries []fs.DirEntry, packs map[string]bool) {
	for _, entry := range entries {
		path := filepath.Join(dir, entry.Name())
		stem, isIndex := strings.CutSuffix(path, ".idx")
		if isIndex && strings.HasPrefix(entry.Name(), "pack-") && !packs[stem+".pack"] {
			s.problem(path, errors.New("the index of a pack that is not there"))
		}
	}
}

// readIndexes gives each pack the index beside it, and returns those that have none that is right.
func (s *Store) readIndexes() (without []*unindexed) {
	for _, p := range s.packs {
		path := strings.TrimSuffix(p.path, ".pack") + ".idx"
		x, err := s.readIndex(path, p)
		if err == nil {
			p.index = x
			continue
		}
		if !errors.Is(err, fs.ErrNotExist) {
			s.problem(path, err)
		}
		p.index, p.isWalked = &index{nameSize: p.nameSize}, true
		without = append(without, &unindexed{pack: p})
	}
	return without
}

// readIndex reads the index of a pack, or looks into it.
func (s *Store) readIndex(path string, p *pack) (x *index, err error) {
	defer fault.Contain(&err)
	if s.peeks {
		return peekIndex(path, p)
	}
	return readIndex(path, p)
}

// HasPromisor reports whether a pack came from a partial clone, whose missing objects were promised.
func (s *Store) HasPromisor() bool {
	for _, p := range s.packs {
		if _, err := os.Stat(strings.TrimSuffix(p.path, ".pack") + ".promisor"); err == nil {
			return true
		}
	}
	return false
}

// Has reports whether there is an object of that name.
func (s *Store) Has(name history.Name) bool { return s.hasBut(name, nil) }

// Missing returns those of the names that no object has. A few at a time are answered faster than one by one.
func (s *Store) Missing(names []history.Name) (missing []history.Name) {
	for _, p := range s.packs {
		p.index.approach(names)
	}
	for _, name := range names {
		if !s.Has(name) {
			missing = append(missing, name)
		}
	}
	return missing
}

// hasBut is Has without a pack.
func (s *Store) hasBut(name history.Name, not *pack) bool {
	for _, p := range s.packs {
		if p != not && p.index.find(name.Bytes()) >= 0 {
			return true
		}
	}
	for _, dir := range s.dirs {
		if _, err := os.Lstat(loosePath(dir, name)); err == nil {
			return true
		}
	}
	return false
}

// Abbreviated returns the names of the objects that begin with some hex digits, at least two of them, at most a few.
func (s *Store) Abbreviated(digits string) []history.Name {
	const most = 64
	found := map[history.Name]bool{}
	begins := func(name history.Name) error {
		if len(found) < most && strings.HasPrefix(name.String(), digits) {
			found[name] = true
		}
		return nil
	}
	first, err := hex.DecodeString(digits[:min(2, len(digits))])
	if err != nil || len(first) == 0 {
		return nil
	}
	for _, p := range s.packs {
		for i := p.index.search(first); i < p.index.len() && bytes.HasPrefix(p.index.name(i), first); i++ {
			_ = begins(history.NameOf(p.index.name(i))) // it returns none
		}
	}
	for _, dir := range s.dirs {
		_ = looseNames(dir, first[0], s.nameSize, begins) // a directory that can't be read has no names
	}
	return slices.SortedFunc(maps.Keys(found), func(a, b history.Name) int { return bytes.Compare(a.Bytes(), b.Bytes()) })
}

// copies returns in how many places there is an object of that name.
func (s *Store) copies(name history.Name) int {
	count := 0
	for _, p := range s.packs {
		if p.index.find(name.Bytes()) >= 0 {
			count++
		}
	}
	for _, dir := range s.dirs {
		if _, err := os.Lstat(loosePath(dir, name)); err == nil {
			count++
		}
	}
	return count
}

// inPack reports whether a pack before end, or any where end is nil, has an object.
func (s *Store) inPack(name history.Name, end *pack) bool {
	for _, p := range s.packs {
		if p == end {
			return false
		}
		if p.index.find(name.Bytes()) >= 0 {
			return true
		}
	}
	return false
}

// Read returns an object by its name; its bytes are the caller's. The error is ErrNotFound where there is none.
func (s *Store) Read(name history.Name) (object Object, err error) {
	defer fault.Contain(&err)
	return s.readOther(name, nil, 0, 0)
}

// readOther reads an object that a pack refers to but does not have. The error of one that is larger than most, where that is
// set, is errLarge.
func (s *Store) readOther(name history.Name, not *pack, hops int, most int64) (Object, error) {
	if hops > maxHops {
		return Object{}, errTooDeep
	}
	failure := ErrNotFound
	for _, p := range s.packs {
		place := -1
		if p != not {
			place = p.index.find(name.Bytes())
		}
		if place < 0 {
			continue
		}
		w := s.worker(p)
		w.hops, w.most = hops+1, most
		object, err := w.readAt(p.index.offset(place))
		s.giveBack(w)
		if err == nil || errors.Is(err, errLarge) {
			object.Name = name
			return object, err
		}
		failure = err
	}
	for _, dir := range s.dirs {
		object, err := readLoose(dir, name, most)
		if err == nil || errors.Is(err, errLarge) {
			return object, err
		}
		if !errors.Is(err, ErrNotFound) {
			failure = err
		}
	}
	return Object{}, failure
}

// worker returns a worker of a pack that nobody else uses; giveBack takes it back.
func (s *Store) worker(p *pack) *worker {
	s.mu.Lock()
	defer s.mu.Unlock()
	if idle := s.workers[p]; len(idle) > 0 {
		w := idle[len(idle)-1]
		s.workers[p] = idle[:len(idle)-1]
		return w
	}
	w := newWorker(s, p)
	w.bases, w.isGiven = s.bases, true
	return w
}

// sweptWindows returns windows to sweep a pack with, which nobody else uses; giveBackWindows takes them back.
func (s *sweep) sweptWindows() *windows {
	s.Store.mu.Lock()
	defer s.Store.mu.Unlock()
	if last := len(s.windows) - 1; last >= 0 {
		w := s.windows[last]
		s.windows = s.windows[:last]
		return w
	}
	var largest int64
	for _, p := range s.packs {
		largest = max(largest, p.size)
	}
	w := newSweptWindows(s.Jobs, largest)
	s.swept = append(s.swept, w)
	return w
}

func (s *sweep) giveBackWindows(w *windows) {
	w.forget()
	s.Store.mu.Lock()
	defer s.Store.mu.Unlock()
	s.windows = append(s.windows, w)
}

func (s *Store) giveBack(w *worker) {
	const idle = 4
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.workers[w.pack]) < idle {
		s.workers[w.pack] = append(s.workers[w.pack], w)
	}
}
