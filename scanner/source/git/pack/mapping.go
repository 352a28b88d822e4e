package pack

import (
	"errors"
	"io"
	"runtime/debug"
	"runtime/metrics"
	"sync/atomic"
	"unsafe"
)

// A mapping is a pack in memory as the system holds it, so that nothing is copied to be read. What was read of it counts
// as memory of the process: it is let go, all at once, whenever that has become much.
type mapping struct {
	bytes   []byte
	isSwept atomic.Bool   // it is read as a whole
	room    func() int64  // says how many chunks may be there
	most    atomic.Int64  // what it said last
	present atomic.Int64  // chunks that readers have read since they were last let go
	turn    atomic.Uint32 // how often they were
}

const (
	// chunkBits is the binary logarithm of how many bytes are there when one of them has been read, as a rule.
	chunkBits = 16
	// Of a pack so much may be there, in bytes, or while it is swept as much as maxPresent. The less it is, the more often the
	// system has to find again what was let go, which for a large pack takes as long as to inflate it.
	minPresent, maxPresent = 64 << 20, 256 << 20
	// besideHeap is how much the heap and what is there of a pack may take together, as far as minPresent allows.
	besideHeap = 480 << 20
)

// mappingOf returns the mapping that these bytes are.
func mappingOf(bytes []byte) *mapping {
	m := &mapping{bytes: bytes}
	m.room = m.roomBesideHeap
	m.most.Store(m.room())
	return m
}

// roomBesideHeap returns how many chunks may be there, as large as the heap is now.
func (m *mapping) roomBesideHeap() int64 {
	if !m.isSwept.Load() {
		return minPresent >> chunkBits
	}
	samples := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	metrics.Read(samples)
	heap := int64(samples[0].Value.Uint64() - samples[1].Value.Uint64()) //nolint:gosec // sizes of memory
	return min(max(besideHeap-heap, minPresent), maxPresent) >> chunkBits
}

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
	if r.present.Add(1) >= r.most.Load() {
		r.letGo()
	}
}

// swept has more of the mapping be there until the function that it returns is called.
func (m *mapping) swept() (end func()) {
	m.isSwept.Store(true)
	m.letGo()
	return func() {
		m.isSwept.Store(false)
		m.letGo()
	}
}

// letGo lets go what is there. Readers may go on.
func (m *mapping) letGo() {
	m.turn.Add(1)
	m.present.Store(0)
	letGo(m.bytes)
	m.most.Store(m.room())
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
