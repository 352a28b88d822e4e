package container

import (
	"context"
	"io"
	"time"
)

const (
	aheadBlock  = 256 << 10
	aheadBlocks = 4
	aheadAfter  = 256 << 10 // a short text is over before a goroutine pays
)

// ahead reads source on a goroutine of its own once the text has proved long, so that decoding and looking at what was
// decoded go on at once.
type ahead struct {
	source  *decoded
	shared  *Shared
	never   bool // source is read where Read is called
	live    bool // unless it is waited for: then it is read ahead from its start
	read    int
	full    chan []byte // from the goroutine; closed at the end
	empty   chan []byte // back to it
	stopped chan struct{}
	quit    context.CancelFunc
	err     error // of source; written before full is closed

	block, rest []byte // the block being read, and what is left of it
}

func (w *walker) newAhead(source *decoded) *ahead { return &ahead{source: source, shared: w.shared} }

// Read implements io.Reader.
func (a *ahead) Read(p []byte) (int, error) {
	n, _, err := a.readUntil(p, nil)
	return n, err
}

// ReadSoon implements waiter.
func (a *ahead) ReadSoon(p []byte) (n int, idle bool, err error) {
	timer := time.NewTimer(idleAfter)
	defer timer.Stop()
	return a.readUntil(p, timer.C)
}

// readUntil reads, but returns idle where a live text has brought nothing by the time that comes from late.
func (a *ahead) readUntil(p []byte, late <-chan time.Time) (n int, idle bool, err error) {
	if a.full == nil {
		if !a.live && (a.never || a.read < aheadAfter) {
			n, err := a.source.Read(p)
			a.read += n
			return n, false, err
		}
		a.start()
	}
	for len(a.rest) == 0 {
		if a.block != nil {
			a.empty <- a.block[:cap(a.block)] // never blocks: there is room for all blocks
			a.block = nil
		}
		select {
		case block, ok := <-a.full:
			if !ok {
				return 0, false, a.err
			}
			a.block, a.rest = block, block
		case <-late:
			return 0, true, nil
		}
	}
	n = copy(p, a.rest)
	a.rest = a.rest[n:]
	return n, false, nil
}

func (a *ahead) start() {
	a.full, a.empty = make(chan []byte, aheadBlocks), make(chan []byte, aheadBlocks)
	a.stopped = make(chan struct{})
	for range aheadBlocks {
		a.empty <- a.shared.block()
	}
	ctx, quit := context.WithCancel(context.Background())
	a.quit = quit
	go func() {
		defer close(a.stopped)
		defer close(a.full)
		for {
			select {
			case <-ctx.Done():
				return
			case block := <-a.empty:
				n, err := a.fillBlock(ctx, block)
				if n > 0 {
					a.full <- block[:n] // never blocks, as above
				}
				if err != nil {
					a.err = err
					return
				}
			}
		}
	}()
}

// fillBlock reads until block is full, or until there is something and the reader waits for it: what a slow stream
// has brought is seen at once.
func (a *ahead) fillBlock(ctx context.Context, block []byte) (n int, err error) {
	for n < len(block) && err == nil && ctx.Err() == nil {
		var k int
		k, err = a.source.Read(block[n:])
		n += k
		if n > 0 && len(a.full) == 0 {
			break
		}
	}
	return n, err
}

// stop ends the goroutine. What was read ahead is lost.
func (a *ahead) stop() {
	if a.full == nil {
		return
	}
	a.quit()
	<-a.stopped
	for block := range a.full { // which is closed
		a.shared.giveBlock(block)
	}
	for len(a.empty) > 0 {
		a.shared.giveBlock(<-a.empty)
	}
	if a.block != nil {
		a.shared.giveBlock(a.block)
		a.block = nil
	}
	a.full, a.rest = closedBlocks(), nil
	if a.err == nil {
		a.err = io.EOF
	}
}

func closedBlocks() chan []byte {
	c := make(chan []byte)
	close(c)
	return c
}
