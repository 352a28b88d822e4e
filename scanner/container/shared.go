package container

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
	"sync"

	"github.com/klauspost/compress/zstd"
)

// Shared is what the walks of one scan have in common: decoders that are free, how many walks may decode and how much memory
// may go into windows at once. It may be used by any number of goroutines.
type Shared struct {
	mu     sync.Mutex
	given  sync.Cond // memory was given back
	taken  int64     // bytes of windows in use
	limit  int64     // of the heap, while these are few
	free   []*zstdDecoder
	blocks [][]byte // free ones
	closed bool
	turns  chan struct{} // one for each walk that has opened a container

	frugal  sync.Once // when the first container is opened
	percent int       // the collector's before that; 0 where it was left alone
}

// NewShared returns what a scan is to give to each of its walks. Close releases it.
func NewShared() *Shared {
	s := &Shared{turns: make(chan struct{}, max(leastWalks, 2*runtime.GOMAXPROCS(0)))}
	s.given.L = &s.mu
	return s
}

// leastWalks is how many walks may decode at once on any machine. Twice as many as there are processors keep these busy while
// some wait for a disk; of more each takes its memory, and all together as long.
const leastWalks = 4

// enter waits until the walk may open containers; it is to leave.
func (s *Shared) enter(ctx context.Context) error {
	select {
	case s.turns <- struct{}{}:
		s.frugal.Do(s.gatherLess)
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (s *Shared) leave() { <-s.turns }

// garbagePercent is how much garbage may gather while there are containers, in percent of what is in use. What decoders have
// is large and soon left, so that the usual 100 double it; and what a collection has to go through is small.
const garbagePercent = 50

// gatherLess has the collector run sooner from now on to Close: the world is stopped to set this, so not for each container.
func (s *Shared) gatherLess() {
	before := debug.SetGCPercent(garbagePercent)
	if before <= garbagePercent {
		debug.SetGCPercent(before) // whoever runs this wants it so
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.percent = before
}

// Close ends the free decoders. No walk may begin any more.
func (s *Shared) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	if s.percent > 0 {
		debug.SetGCPercent(s.percent)
		s.percent = 0
	}
	for _, d := range s.free {
		d.Close()
	}
	s.free = nil
}

// sharedBlocks is how many free blocks are kept.
const sharedBlocks = 32

// block returns a block of aheadBlock bytes, of any content. giveBlock takes it back.
func (s *Shared) block() []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	last := len(s.blocks) - 1
	if last < 0 {
		return make([]byte, aheadBlock)
	}
	block := s.blocks[last]
	s.blocks = s.blocks[:last]
	return block
}

func (s *Shared) giveBlock(block []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.blocks) < sharedBlocks {
		s.blocks = append(s.blocks, block[:cap(block)])
	}
}

// take waits until n bytes more are no more than most, or are all.
func (s *Shared) take(n, most int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.taken > 0 && s.taken+n > most {
		s.given.Wait()
	}
	s.add(n)
}

// takeNow does not wait.
func (s *Shared) takeNow(n int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.add(n)
}

// heapLimit is what the heap is held to while large windows are in use, in bytes, as far as it can. The collector would
// else let as much garbage gather as is in use, the windows included. It leaves room for what is in use besides a full bound
// of windows, and for garbage: where there is none, the collector runs without end.
const heapLimit = 160 << 20

// add counts bytes of windows. The caller holds mu.
func (s *Shared) add(n int64) {
	before := s.taken
	s.taken += n
	switch {
	case before == 0 && s.taken > 0:
		for _, d := range s.free { // each has room for what it decoded last
			d.Close()
		}
		s.free = nil
		if s.limit = debug.SetMemoryLimit(-1); s.limit > heapLimit {
			debug.SetMemoryLimit(heapLimit)
		}
	case before > 0 && s.taken == 0:
		debug.SetMemoryLimit(s.limit)
	}
}

// collectAfter is how many bytes given back are worth a collection at once: the next one may be due only when as much has
// been allocated again.
const collectAfter = 32 << 20

func (s *Shared) give(n int64) {
	if n >= collectAfter {
		runtime.GC()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.add(-n)
	s.given.Broadcast()
}

// largeWindow is the window, in bytes, from which on there may only be few at once: more than the usual levels of the tools
// take.
const largeWindow = 8 << 20

// A claim is the memory that one decoder takes for its window, or that an archive is held in.
type claim struct {
	walker *walker
	bytes  int64
}

// raise makes the claim one of size bytes, if it is not yet. Where that is not small, it waits until other walks have given
// back theirs; but a walk that has a claim already does not wait, so that no two wait for each other. All claims of a walk
// together are bounded.
func (c *claim) raise(size int64) error {
	if size <= max(largeWindow, c.bytes) {
		return nil
	}
	w := c.walker
	more := size - c.bytes
	w.claims.Lock()
	defer w.claims.Unlock()
	if size > w.limits.window() || w.claimed+more > 2*w.limits.window() {
		return fmt.Errorf("%w: a window of %d MiB", errMemory, size>>20)
	}
	if w.claimed > 0 {
		w.shared.takeNow(more)
	} else {
		w.shared.take(more, w.limits.window())
	}
	w.claimed += more
	c.bytes = size
	return nil
}

func (c *claim) release() {
	if c.bytes == 0 {
		return
	}
	c.walker.claims.Lock()
	defer c.walker.claims.Unlock()
	c.walker.claimed -= c.bytes
	c.walker.shared.give(c.bytes)
	c.bytes = 0
}

// A zstdDecoder is a decoder of the library, and room for the text of a short stream.
type zstdDecoder struct {
	*zstd.Decoder
	text []byte
}

// shortText is how much a short stream may decode to.
const shortText = 1 << 20

// decoder returns a decoder that is free, or a new one.
func (s *Shared) decoder(limits Limits) (*zstdDecoder, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if last := len(s.free) - 1; last >= 0 {
		d := s.free[last]
		s.free = s.free[:last]
		return d, nil
	}
	return newZstdDecoder(limits, 16) // so many blocks at once: with fewer its stages wait for each other, and a third more time goes by
}

// newSerialDecoder returns a decoder for a large window, which is to be given back soon: one that works on goroutines holds on
// to it until they have ended, and nobody can tell when.
func newSerialDecoder(limits Limits) (*zstdDecoder, error) { return newZstdDecoder(limits, 1) }

func newZstdDecoder(limits Limits, blocks int) (*zstdDecoder, error) {
	decoder, err := zstd.NewReader(nil,
		zstd.WithDecoderMaxWindow(uint64(limits.window())),
		zstd.WithDecodeAllCapLimit(true),
		zstd.WithDecoderLowmem(false),
		zstd.WithDecoderConcurrency(blocks))
	if err != nil {
		return nil, err
	}
	return &zstdDecoder{Decoder: decoder}, nil
}

// takeBack takes a decoder back that has ended. One that had a large window is not kept: it holds on to it.
func (s *Shared) takeBack(d *zstdDecoder, large bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if large || s.closed {
		d.Close()
		return
	}
	s.free = append(s.free, d)
}
