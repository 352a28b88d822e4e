package container

import (
	"io"
	"math"
	"sync/atomic"
)

// A budget counts what is unpacked of one outer text. Decoders on goroutines of their own share it.
type budget struct {
	limits  Limits
	outer   int64 // size of the outer text, -1 where it is a stream
	read    atomic.Int64
	spent   atomic.Int64
	entries int64
	held    int64 // bytes of containers held in memory; the walker's goroutine alone counts them
}

func newBudget(limits Limits, outer *text) *budget {
	b := &budget{limits: limits, outer: outer.size}
	if outer.reader != nil {
		outer.reader = &countingReader{reader: outer.reader, count: &b.read}
	}
	return b
}

// spend takes n unpacked bytes off the budget and reports whether they were left in it.
func (b *budget) spend(n int) bool {
	return b.spent.Add(int64(n)) <= b.allowed()
}

func (b *budget) allowed() int64 {
	outer := b.outer
	if outer < 0 {
		outer = b.read.Load()
	}
	if outer > math.MaxInt64/b.limits.MaxExpansion {
		return math.MaxInt64
	}
	return max(b.limits.FreeExpansion, outer*b.limits.MaxExpansion)
}

func (b *budget) exhausted() bool { return b.spent.Load() > b.allowed() }

type countingReader struct {
	reader io.Reader
	count  *atomic.Int64
}

func (r *countingReader) Read(p []byte) (int, error) {
	n, err := r.reader.Read(p)
	r.count.Add(int64(n))
	return n, err
}

// ReadSoon implements waiter.
func (r *countingReader) ReadSoon(p []byte) (n int, idle bool, err error) {
	n, idle, err = readSoon(r.reader, p)
	r.count.Add(int64(n))
	return n, idle, err
}
