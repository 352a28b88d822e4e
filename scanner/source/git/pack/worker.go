package pack

import (
	"crypto/sha1" //nolint:gosec // the name of a git object
	"crypto/sha256"
	"hash"
	"io"
	"math"
	"math/bits"
	"strconv"
	"sync"

	"github.com/jwtleak/jwtleak/scanner/fault"
	"github.com/jwtleak/jwtleak/scanner/source/git/history"
	"github.com/jwtleak/jwtleak/scanner/source/git/pack/inflate"
)

// A worker reads objects of one pack. It is for one goroutine.
type worker struct {
	store   *Store
	pack    *pack
	reader  *reader
	decoder *inflate.Decoder
	// byName, where set, finds an object of the pack itself while that has no index yet.
	byName func(history.Name) (int64, bool)
	// free holds buffers to be used again.
	free [buffers][][]byte
	// large, where set, is held by the one of those who sweep that has buffers of more than largeBuffer bytes; hasLarge says that
	// it is this one.
	large    *sync.Mutex
	hasLarge bool
	// isGiven says that what is read is the caller's, who does not give it back, so that it has to be the heap's.
	isGiven bool
	// most, where set, is the size of the largest object that is read.
	most int64
	// bases, where set, keeps what is rebuilt.
	bases *bases
	// lent, where set, is the blob at lentAt, which another holds.
	lent   []byte
	lentAt int64
	// hops is how many packs were left on the way to this one, from delta to base.
	forms *copyForms
	hops  int
}

func newWorker(s *Store, p *pack) *worker {
	return &worker{store: s, pack: p, reader: newReader(p, fewWindows), decoder: inflate.NewDecoder(), forms: newCopyForms()}
}

// Buffers are kept by their size, a power of two, so that one is never held where a smaller one would do.
const (
	buffers    = 24 // up to 8 MiB
	keptBuffer = 8  // of each size, and of those of more than 1 MiB one

	// largeBuffer is the size in bytes from which buffers are for one at a time of those who sweep. A pack of some megabytes
	// can have each of them hold a base of half a gigabyte, and what a delta makes of it.
	largeBuffer = 64 << 20
)

// buffer returns a buffer of a size, with the room behind it that inflating likes; release takes it back.
func (w *worker) buffer(size int64) []byte {
	class := classOf(size)
	if size > largeBuffer && w.large != nil && !w.hasLarge {
		w.large.Lock()
		w.hasLarge = true
	}
	if class >= buffers && w.isGiven {
		return make([]byte, size, size+inflate.Room)
	}
	if class >= buffers {
		return w.store.regions.take(class)[:size]
	}
	if free := w.free[class]; len(free) > 0 {
		w.free[class] = free[:len(free)-1]
		return free[len(free)-1][:size]
	}
	return make([]byte, size, 1<<class)
}

func (w *worker) release(b []byte) {
	class := bits.Len(uint(cap(b))) - 1
	if class >= buffers && w.store.regions.give(b) || class < 0 || class >= buffers || cap(b) != 1<<class {
		return
	}
	if n := len(w.free[class]); n == 0 || n < keptBuffer && class <= 20 {
		w.free[class] = append(w.free[class], b)
	}
}

// skip reads the entry at an offset and returns where the next one starts.
func (w *worker) skip(offset int64) (next int64, err error) {
	defer fault.Contain(&err)
	h, err := w.pack.header(w.reader, offset)
	if err == nil {
		err = h.plausible(w.pack.size)
	}
	if err != nil {
		return 0, err
	}
	if h.size > maxObject {
		return w.skipLarge(h)
	}
	output := w.buffer(h.size)
	defer w.release(output)
	return w.inflated(output, h, -1)
}

// skipLarge is skip for an entry that is not to be held.
func (w *worker) skipLarge(h entryHeader) (int64, error) {
	content, ended, err := w.inflating(h)
	if err != nil {
		return 0, err
	}
	n, err := io.Copy(io.Discard, io.LimitReader(content, h.size+1))
	if err == nil && n != h.size {
		err = errCorrupt
	}
	return ended(), err
}

// applied returns what a delta makes of a base.
func (w *worker) applied(base, text []byte) ([]byte, error) {
	d, err := parseDelta(text)
	if err != nil {
		return nil, err
	}
	return w.made(base, d)
}

// made is applied for a delta that has been parsed.
func (w *worker) made(base []byte, d delta) ([]byte, error) {
	output, _, err := w.madeNoting(nil, math.MaxInt, base, d)
	return output, err
}

// madeNoting is made, and appends to dst the ranges of it that are copied and longer than so many bytes.
func (w *worker) madeNoting(dst []history.Copied, than int, base []byte, d delta) (output []byte, copied []history.Copied, err error) {
	if err := w.holds(d.size); err != nil {
		return nil, dst, err
	}
	output = w.buffer(d.size)
	if dst, err = w.forms.applyNoting(dst, than, output, base, d); err != nil {
		w.release(output)
		return nil, dst, err
	}
	return output, dst, nil
}

// nameOf computes the name of an object.
func nameOf(t Type, content []byte, nameSize int) history.Name {
	head := append([]byte(t.String()+" "), strconv.Itoa(len(content))...)
	head = append(head, 0)
	sum := newSum(nameSize)
	_, _ = sum.Write(head) // a hash does not fail
	_, _ = sum.Write(content)
	return history.NameOf(sum.Sum(nil))
}

// newSum returns the hash that objects with names of that length have theirs from.
func newSum(nameSize int) hash.Hash {
	if nameSize == sha256.Size {
		return sha256.New()
	}
	return sha1.New() //nolint:gosec // as above
}
