package scanner

import (
	"runtime"
	"sync"
	"sync/atomic"
)

const (
	// reserveSize is how large a reserve is, in bytes.
	reserveSize = 8 << 20
	// Making it takes two milliseconds, which a scan has back when it has seen so many texts or bytes of them.
	reserveTexts = 256
	reserveBytes = 16 << 20
)

// A reserve is memory that a longer scan allocates and never touches, so that none of its pages is ever there. The garbage
// collector counts it, and so waits until as much garbage has gathered before it runs. It would otherwise run for each
// few megabytes, hundreds of times while a directory is read, though what it finds in use hardly changes.
type reserve struct {
	texts, bytes atomic.Int64
	once         sync.Once
	memory       []byte
}

// text takes in that a text of a size is about to be read; the size is negative where it is not known.
func (r *reserve) text(size int64) {
	if r.texts.Add(1) == reserveTexts || size > reserveBytes || r.bytes.Add(max(size, 0)) > reserveBytes {
		r.once.Do(func() { r.memory = make([]byte, reserveSize) })
	}
}

// free ends the life of the memory.
func (r *reserve) free() { runtime.KeepAlive(r.memory) }
