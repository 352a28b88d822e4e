package pack

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"sync"
	"sync/atomic"

	"github.com/jwtleak/jwtleak/detectors"
	"github.com/jwtleak/jwtleak/scanner/fault"
	"github.com/jwtleak/jwtleak/scanner/finding"
	"github.com/jwtleak/jwtleak/scanner/source/git/history"
)

// SweepOptions say what of a store is shown, and to whom.
type SweepOptions struct {
	// Jobs is how many goroutines work at once.
	Jobs int
	// Types are the types of objects that are wanted.
	Types []Type
	// Candidate, where set, has only those blobs shown whose text has a candidate, or that Container takes by their first
	// bytes, at most PrefixLength of them.
	Candidate detectors.Prefilter
	Container func(prefix []byte) bool
	// Visit is shown each object once. It is called from up to Jobs goroutines; its error ends the sweep.
	Visit func(Object) error
	// Passed, where set, is told how many blobs were read and not shown, every now and then, from the same goroutines.
	Passed func(blobs int64)
	// Problem is told what could not be read.
	Problem func(path, reason string)
}

// PrefixLength is how much of a blob's beginning decides whether it is a container, in bytes.
const PrefixLength = 512

// A sweep is one run of Sweep.
type sweep struct {
	*Store
	SweepOptions
	wanted [8]bool // by type
	many   bool    // objects may be in more than one pack
	naming *naming // where objects are not shown but named

	mu     sync.Mutex
	failed []failure
	gaps   map[*pack]*gaps
	// metLoose are the loose objects that were met, and vanished those that were gone before: see late.go.
	metLoose metNames
	vanished []failure
}

// A failure is an object that could not be read where it was first met.
type failure struct {
	name  history.Name
	where string
	err   error
}

// Sweep shows every object of the wanted types, each once, in no particular order.
func (s *Store) Sweep(ctx context.Context, options SweepOptions) error {
	sw := &sweep{Store: s, SweepOptions: options}
	sw.Jobs = max(1, sw.Jobs)
	for _, t := range options.Types {
		sw.wanted[t] = true
	}
	sw.many = len(s.packs) > 1
	for _, problem := range s.problems {
		options.Problem(problem.path, problem.reason)
	}
	s.problems = nil // told once
	for _, p := range s.packs {
		if err := sw.sweepPack(ctx, p); err != nil {
			return err
		}
	}
	for _, dir := range s.dirs {
		if err := sw.sweepLoose(ctx, dir); err != nil {
			return err
		}
	}
	if err := sw.sweepLate(ctx); err != nil {
		return err
	}
	sw.tellGaps()
	return sw.settle(ctx)
}

// fail notes what could not be read.
func (s *sweep) fail(name history.Name, where string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failed = append(s.failed, failure{name, where, err})
}

// gaps are the parts of a pack that belong to none of the objects that its index names: whatever is there is not read.
type gaps struct {
	count        int
	first, until int64
}

// ended notes where the stream of an entry ended, which is to be where the next one begins.
func (s *sweep) ended(p *pack, end, next int64) {
	if end == next || p.isWalked {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.gaps == nil {
		s.gaps = map[*pack]*gaps{}
	}
	g := s.gaps[p]
	if g == nil {
		g = &gaps{first: end, until: next}
		s.gaps[p] = g
	}
	if g.count++; end < g.first {
		g.first, g.until = end, next
	}
}

// tellGaps tells of the parts of packs that no object has.
func (s *sweep) tellGaps() {
	for _, p := range s.packs {
		if g := s.gaps[p]; g != nil {
			s.Problem(p.where(), fmt.Sprintf("its index leaves out what lies from %d to %d%s: not read", min(g.first, g.until), max(g.first, g.until), others(g.count-1)))
		}
	}
}

// others says that there are so many more.
func others(count int) string {
	switch count {
	case 0:
		return ""
	case 1:
		return ", and in one more place"
	}
	return fmt.Sprintf(", and in %d more places", count)
}

// listed is how many objects of one place that can't be read are named; the others are counted.
const listed = 10

// settle tries what failed in any other place that has it, and tells what is left.
func (s *sweep) settle(ctx context.Context) error {
	counts := map[string]int{}
	for _, failed := range s.failed {
		if err := ctx.Err(); err != nil {
			return err
		}
		if s.copies(failed.name) > 1 {
			object, err := s.Read(failed.name)
			if err == nil && s.wanted[object.Type] {
				err = s.visit(object)
			}
			var visited visitError
			if errors.As(err, &visited) {
				return visited.error
			}
			if err == nil {
				continue
			}
		}
		if counts[failed.where]++; counts[failed.where] <= listed {
			s.Problem(failed.where, fmt.Sprintf("object %s: %s", failed.name, reasonOf(failed.err)))
		}
	}
	for where, count := range counts {
		if count > listed {
			s.Problem(where, finding.CountOf(count-listed, "more object", "more objects")+" could not be read")
		}
	}
	return nil
}

// visit shows an object that was read whole. Its error is a visitError, or a fault.
func (s *sweep) visit(object Object) (err error) {
	defer fault.Contain(&err)
	if err := s.Visit(object); err != nil {
		return visitError{err}
	}
	return nil
}

// sweepPack shows the objects of a pack.
func (s *sweep) sweepPack(ctx context.Context, p *pack) error {
	entries := p.family(s.Jobs)
	if len(entries) > 0 {
		s.ended(p, packHeader, entries[0].offset)
	}
	var roots []int32
	for i := range entries {
		e := &entries[i]
		if e.parent == outside || e.parent == unread || e.parent == noParent && s.wanted[e.kind&7] {
			roots = append(roots, int32(i))
		}
	}
	return s.crewed(ctx, p, roots)
}

// crewed walks through the trees of some roots with as many goroutines as there are jobs.
func (s *sweep) crewed(ctx context.Context, p *pack, roots []int32) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	crew := &crew{roots: roots, tasks: make(chan node), done: make(chan struct{}), size: int32(s.Jobs)}
	var group fault.Group
	for job := range s.Jobs {
		group.Go(func() {
			w := newWalker(s, p, crew)
			defer s.giveBackWindows(w.reader.windows)
			w.job = job
			if err := w.work(ctx); err != nil {
				cancel(err)
			}
			w.passedOn()
		})
	}
	group.Wait()
	return context.Cause(ctx)
}

// A crew shares the trees of deltas of one pack among goroutines.
type crew struct {
	roots []int32
	next  atomic.Int64
	// tasks hands a node of a tree, with its bytes, to one of the crew that has nothing to do.
	tasks chan node
	size  int32
	idle  atomic.Int32
	done  chan struct{}
	once  sync.Once
	large sync.Mutex // see worker
}

// root returns the next tree's root.
func (c *crew) root() (int32, bool) {
	i := c.next.Add(1) - 1
	if i >= int64(len(c.roots)) {
		return 0, false
	}
	return c.roots[i], true
}

// wait returns a node to go on from, or false when there is nothing left for anybody.
func (c *crew) wait(ctx context.Context) (node, bool) {
	if c.idle.Add(1) == c.size {
		c.once.Do(func() { close(c.done) })
	}
	select {
	case n := <-c.tasks: // whoever sent it has counted this one as busy
		return n, true
	case <-c.done:
		return node{}, false
	case <-ctx.Done():
		return node{}, false
	}
}

// share hands a node to another if one waits, and reports whether it did.
func (c *crew) share(n node) bool {
	if c.idle.Load() == 0 {
		return false
	}
	c.idle.Add(-1)
	select {
	case c.tasks <- n:
		return true
	default:
		c.idle.Add(1)
		return false
	}
}

// sweepLoose shows the loose objects of a directory.
func (s *sweep) sweepLoose(ctx context.Context, dir string) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var group fault.Group
	var next atomic.Int32
	var hasOthers atomic.Bool
	for job := range s.Jobs {
		group.Go(func() {
			for {
				first := next.Add(1) - 1
				if first > 0xff || ctx.Err() != nil {
					return
				}
				err := looseNames(dir, byte(first), s.nameSize, func(name history.Name) error {
					if ctx.Err() != nil {
						return ctx.Err()
					}
					return fault.Confine(func() error { return s.showLoose(job, dir, name) }, func(faulty *fault.Error) error {
						s.fail(name, filepath.ToSlash(dir), faulty)
						return nil
					})
				})
				var visited visitError
				if errors.As(err, &visited) || ctx.Err() != nil {
					cancel(err)
				} else if errors.Is(err, errOtherFormat) {
					hasOthers.Store(true)
				} else if err != nil {
					s.mu.Lock()
					s.Problem(filepath.ToSlash(filepath.Join(dir, fmt.Sprintf("%02x", first))), reasonOf(err))
					s.mu.Unlock()
				}
			}
		})
	}
	group.Wait()
	if hasOthers.Load() {
		s.Problem(filepath.ToSlash(dir), errOtherFormat.Error())
	}
	var visited visitError
	if err := context.Cause(ctx); errors.As(err, &visited) {
		return visited.error
	}
	return context.Cause(ctx)
}

// A visitError is one that Visit returned.
type visitError struct{ error }

func (e visitError) Unwrap() error { return e.error }

func (s *sweep) showLoose(job int, dir string, name history.Name) error {
	if s.inPack(name, nil) || s.looseBefore(dir, name) {
		return nil
	}
	object, err := openLoose(dir, name)
	if errors.Is(err, ErrNotFound) {
		s.vanish(name, filepath.ToSlash(dir))
		return nil
	}
	if err != nil {
		s.fail(name, filepath.ToSlash(dir), err)
		return nil
	}
	defer object.close()
	s.meetLoose(name)
	if !s.wanted[object.Type] {
		return nil
	}
	shown := object.Object
	if object.Size > largeObject && object.Type == Blob {
		shown.Size = object.plausible // whoever shares the parts of it out has one for each of some megabytes
		shown.Reader = &cutReader{reader: object.stream, left: object.Size, check: object.check, fail: s.failing(name, filepath.ToSlash(dir))}
	} else if shown, err = object.whole(); err != nil {
		s.fail(name, filepath.ToSlash(dir), err)
		return nil
	} else if err := object.check(); err != nil { // what is there is shown all the same
		s.fail(name, filepath.ToSlash(dir), err)
	}
	if shown.Type == Blob && shown.Reader == nil && !s.mayHaveToken(shown.Bytes) {
		if s.Passed != nil {
			s.Passed(1)
		}
		return nil
	}
	shown.Job = job
	if err := s.Visit(shown); err != nil {
		return visitError{err}
	}
	return nil
}

// looseBefore reports whether an object directory before this one has the object too.
func (s *sweep) looseBefore(dir string, name history.Name) bool {
	for _, before := range s.dirs {
		if before == dir {
			return false
		}
		if object, err := openLoose(before, name); err == nil {
			object.close()
			return true
		}
	}
	return false
}

// mayHaveToken reports whether a blob is to be shown.
func (s *sweep) mayHaveToken(text []byte) bool {
	return s.Candidate == nil || s.Candidate.Index(text) >= 0 || s.isContainer(text)
}

func (s *sweep) isContainer(text []byte) bool {
	return s.Container != nil && s.Container(text[:min(len(text), PrefixLength)])
}

// A cutReader is a large object as a stream. One that breaks off ends, and is noted, as is one whose checksum is wrong.
type cutReader struct {
	reader io.Reader // ends where the object does, when it has looked at the checksum
	left   int64
	ended  bool
	check  func() error // asked at the end, where set
	fail   func(error)
}

func (r *cutReader) Read(b []byte) (int, error) {
	if r.ended {
		return 0, io.EOF
	}
	beyond := r.left == 0
	if beyond {
		b = make([]byte, 1)
	}
	n, err := r.reader.Read(b[:min(int64(len(b)), max(r.left, 1))])
	switch {
	case beyond && n > 0:
		n, err = 0, errCorrupt
	case err == nil:
		r.left -= int64(n)
		return n, nil
	default:
		r.left -= int64(n)
	}
	r.ended = true
	if r.left > 0 && errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	if errors.Is(err, io.EOF) && r.check != nil {
		err = cmp.Or(r.check(), err)
	}
	if !errors.Is(err, io.EOF) {
		r.fail(err)
	}
	return n, io.EOF
}

// failing returns what notes that an object could not be read.
func (s *sweep) failing(name history.Name, where string) func(error) {
	return func(err error) { s.fail(name, where, err) }
}

// summed returns a reader of an object that passes on what another one has, and what says at its end whether it is the object
// of a name.
func summed(content io.Reader, kind Type, size int64, name history.Name) (io.Reader, func() error) {
	sum := newSum(len(name.Bytes()))
	_, _ = fmt.Fprintf(sum, "%s %d\x00", kind, size) // a hash takes all
	return io.TeeReader(content, sum), func() error { return checkSum(sum, name) }
}

// stream returns the content of a large entry that is no delta, behind which the next one begins.
func (w *walker) stream(h entryHeader, name history.Name, next int64) (io.Reader, error) {
	content, ended, err := w.inflating(h)
	if err != nil {
		return nil, err
	}
	reader, check := summed(content, Type(h.kind), h.size, name)
	return &cutReader{
		reader: reader, left: h.size, fail: w.failing(name, w.pack.where()),
		check: func() error {
			w.ended(w.pack, ended(), next)
			return check()
		},
	}, nil
}
