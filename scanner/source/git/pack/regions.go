package pack

import (
	"math/bits"
	"sync"

	"github.com/jwtleak/jwtleak/scanner/source/git/pack/inflate"
)

// Regions are the memory of large buffers, which is not the heap's. Beside an object of 400 MB there, the collector would let
// 400 MB of garbage pile up, and the object itself stay when it is gone.
//
// What is given back is emptied, and the addresses are kept until the store is closed: whoever reads behind time, as a decoder
// on a goroutine that is just ending may, reads zeros.
type regions struct {
	mu   sync.Mutex
	free map[int][][]byte // by the logarithm of their size
	all  map[*byte][]byte
}

// classOf returns the logarithm of the size of the buffers that one of a size, with the room behind it, is among.
func classOf(size int64) int { return bits.Len64(uint64(size + inflate.Room - 1)) }

// take returns a region.
func (r *regions) take(class int) []byte {
	r.mu.Lock()
	defer r.mu.Unlock()
	if free := r.free[class]; len(free) > 0 {
		r.free[class] = free[:len(free)-1]
		return free[len(free)-1]
	}
	region := largeMemory(1 << class)
	if r.all == nil {
		r.free, r.all = map[int][][]byte{}, map[*byte][]byte{}
	}
	r.all[&region[0]] = region
	return region
}

// give takes a buffer back, and reports whether it is a region.
func (r *regions) give(b []byte) bool {
	b = b[:cap(b)]
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.all[&b[0]] == nil {
		return false
	}
	if emptyMemory(b) {
		class := bits.Len(uint(len(b))) - 1
		r.free[class] = append(r.free[class], b)
	} else {
		delete(r.all, &b[0])
	}
	return true
}

// release gives all of them to the system, once nobody reads the store any more.
func (r *regions) release() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, region := range r.all {
		releaseMemory(region)
	}
	r.free, r.all = nil, nil
}
