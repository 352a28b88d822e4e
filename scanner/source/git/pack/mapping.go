package pack

import (
	"errors"
	"io"
	"runtime/debug"
	"sync/atomic"
	"unsafe"
)

// A mapping is a pack in memory as the system holds it, so that nothing is copied to be read. What was read of it counts
// as memory of the process: it is let go, all at once, whenever that has become much.
type mapping struct {
	bytes   []byte
	most    int64         // chunks that may be there
	present atomic.Int64  // chunks that readers have read since they were last let go
	turn    atomic.Uint32 // how often they were
}

const (
	// chunkBits is the binary logarithm of how many bytes are there when one of them has been read, as a rule.
	chunkBits = 16
	// maxPresent is how many chunks of a pack may be there: 64 MiB.
	maxPresent = 1 << 10
)

// A mappedReader reads a mapping for one goroutine.
type mappedReader struct {
	*mapping
	turn uint32
	met  []uint64 // a bit for each chunk that was read in this turn
}

func newMappedReader(m *mapping) *mappedReader {
	return &mappedReader{mapping: m, met: make([]uint64, len(m.bytes)>>chunkBits/64+1)}
}

// at returns n bytes from an offset on, all of which are in the mapping. To read them may be a fault: see [reader.guard].
func (r *mappedReader) at(offset, n int64) []byte {
	if turn := r.mapping.turn.Load(); turn != r.turn {
		r.turn = turn
		clear(r.met)
	}
	for chunk := offset >> chunkBits; chunk <= (offset+n-1)>>chunkBits; chunk++ {
		if word, bit := &r.met[chunk/64], uint64(1)<<(chunk%64); *word&bit == 0 {
			*word |= bit
			r.meet()
		}
	}
	return r.bytes[offset : offset+n : offset+n]
}

// meet counts a chunk.
func (r *mappedReader) meet() {
	if r.present.Add(1) >= r.most {
		r.mapping.turn.Add(1)
		r.present.Store(0)
		letGo(r.bytes)
	}
}

// guard is deferred around whatever reads what at has returned, with what debug.SetPanicOnFault(true) returns. Bytes of a
// mapping that are not there any more, since the file was cut, or can't be read from its disk, are a fault; it becomes the
// error.
func (r *reader) guard(err *error, wasOn bool) {
	debug.SetPanicOnFault(wasOn)
	if r.mapped == nil {
		return
	}
	reason := recover()
	if reason == nil {
		return
	}
	fault, ok := reason.(interface{ Addr() uintptr })
	if !ok {
		panic(reason)
	}
	start := uintptr(unsafe.Pointer(unsafe.SliceData(r.mapped.bytes)))
	if fault.Addr() < start || fault.Addr()-start >= uintptr(len(r.mapped.bytes)) {
		panic(reason)
	}
	var one [1]byte
	if _, *err = r.file.ReadAt(one[:], int64(fault.Addr()-start)); *err == nil || errors.Is(*err, io.EOF) {
		*err = io.ErrUnexpectedEOF
	}
}
