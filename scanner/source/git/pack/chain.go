package pack

import (
	"container/list"
	"fmt"
	"sync"

	"github.com/jwtleak/jwtleak/scanner/source/git/history"
)

// A link is a delta on the way from an object to the root of its tree.
type link struct {
	offset int64
	text   []byte
}

// readAt rebuilds the object whose entry is at an offset. Its bytes are the caller's; they may be released.
func (w *worker) readAt(offset int64) (Object, error) {
	root, isKept, chain, err := w.chainAt(offset)
	defer w.releaseChain(chain)
	if err != nil {
		return Object{}, err
	}
	return w.rebuild(root, isKept, chain)
}

func (w *worker) releaseChain(chain []link) {
	for _, link := range chain {
		w.release(link.text)
	}
}

// chainAt reads the entry at an offset and what it is a delta of: the chain, which is the caller's to release, the object's
// own delta first, and the object that it begins with, which is the worker's, or kept to be the base of others too.
func (w *worker) chainAt(offset int64) (root Object, isKept bool, chain []link, err error) {
	for held := int64(0); ; {
		if base, ok := w.bases.get(w.pack, offset); ok {
			return base, true, chain, nil
		}
		if w.lent != nil && offset == w.lentAt {
			return Object{Type: Blob, Size: int64(len(w.lent)), Bytes: w.lent}, true, chain, nil
		}
		h, err := w.pack.header(w.reader, offset)
		if err == nil {
			err = h.plausible(w.pack.size)
		}
		if err == nil {
			held += h.size
			err = w.holds(held)
		}
		if err != nil {
			return Object{}, false, chain, err
		}
		text := w.buffer(h.size)
		if _, err := w.inflated(text, h, -1); err != nil {
			w.release(text)
			return Object{}, false, chain, err
		}
		if h.kind != offsetDelta && h.kind != referenceDelta {
			root := Object{Type: Type(h.kind), Size: h.size, Bytes: text}
			return root, w.bases.put(w.pack, offset, root), chain, nil
		}
		if chain = append(chain, link{offset, text}); len(chain) > maxChain {
			return Object{}, false, chain, errTooDeep
		}
		if h.kind == offsetDelta {
			offset = h.base
			continue
		}
		if within, ok := w.within(h.name); ok {
			offset = within
			continue
		}
		base, err := w.store.readOther(h.name, w.pack, w.hops, w.most)
		if err != nil {
			err = fmt.Errorf("the base %s of a delta: %w", h.name, err)
		}
		return base, false, chain, err
	}
}

// holds returns an error where an object, or a chain of deltas, of a size is more than is held.
func (w *worker) holds(size int64) error {
	if size > maxObject {
		return errTooLarge
	}
	if w.most > 0 && size > w.most {
		return errLarge
	}
	return nil
}

// within finds an object of the worker's own pack.
func (w *worker) within(name history.Name) (int64, bool) {
	if w.byName != nil {
		return w.byName(name)
	}
	if place := w.pack.index.find(name.Bytes()); place >= 0 {
		return w.pack.index.offset(place), true
	}
	return 0, false
}

// rebuild applies a chain of deltas, the last of them first, to the object that it begins with.
func (w *worker) rebuild(object Object, isKept bool, chain []link) (Object, error) {
	for i := len(chain) - 1; i >= 0; i-- {
		output, err := w.applied(object.Bytes, chain[i].text)
		if !isKept {
			w.release(object.Bytes)
		}
		if err != nil {
			return Object{}, err
		}
		object.Bytes, object.Size = output, int64(len(output))
		isKept = w.bases.put(w.pack, chain[i].offset, object)
	}
	if isKept {
		object.Bytes = append(w.buffer(object.Size)[:0], object.Bytes...)
	}
	return object, nil
}

// bases keeps objects that were read last: the next ones are mostly deltas of them, or their bases. It may be used by any
// number of goroutines at once. A nil one keeps nothing.
type bases struct {
	mu    sync.Mutex
	found map[place]*list.Element
	order list.List // of keptBase, those used last in front
	size  int64
}

// A place is where an object is.
type place struct {
	pack   *pack
	offset int64
}

type keptBase struct {
	place  place
	object Object
}

const (
	// maxBases is how many bytes are kept to read single objects.
	maxBases = 32 << 20
	// maxBase bounds one of them.
	maxBase = 1 << 20
)

func newBases() *bases { return &bases{found: map[place]*list.Element{}} }

func (b *bases) get(p *pack, offset int64) (Object, bool) {
	if b == nil {
		return Object{}, false
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	element, ok := b.found[place{p, offset}]
	if !ok {
		return Object{}, false
	}
	b.order.MoveToFront(element)
	return element.Value.(*keptBase).object, true
}

// put keeps an object, which must not be changed from then on, and reports whether it does.
func (b *bases) put(p *pack, offset int64, object Object) bool {
	if b == nil || object.Size > maxBase {
		return false
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	at := place{p, offset}
	if _, ok := b.found[at]; ok {
		return false // another goroutine was first
	}
	b.found[at] = b.order.PushFront(&keptBase{at, object})
	for b.size += int64(cap(object.Bytes)); b.size > maxBases; {
		last := b.order.Remove(b.order.Back()).(*keptBase)
		delete(b.found, last.place)
		b.size -= int64(cap(last.object.Bytes))
	}
	return true
}
