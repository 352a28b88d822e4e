package pack

import "github.com/jwtleak/jwtleak/scanner/fault"

// A restoring is the work of making again what had to be let go.
type restoring struct {
	path []int32 // from the node up to the root of its tree
	made int64   // bytes, and so many for each object as it costs beside them
}

const (
	// maxRestored bounds what a walker makes again, in bytes. What git packs, which has no more than 4095 deltas on one
	// another, comes nowhere near it.
	maxRestored = 128 << 30
	// perRestored is what an object costs besides, in bytes.
	perRestored = 4 << 10
)

// restore gives the node on top of the stack its bytes again, which were let go. All that lies between it and the root of
// its tree has to be made for that, so those below it on the stack, which come next, get theirs too: as many as half of
// the budget has room for. Otherwise a tree that branches at each of its levels would cost the square of them.
func (w *walker) restore() (err error) {
	defer fault.Contain(&err)
	r := &w.restoring
	r.path = r.path[:0]
	for entry := w.stack[len(w.stack)-1].entry; entry >= 0; entry = w.pack.entries[entry].parent {
		r.path = append(r.path, entry)
	}
	var base []byte
	level, kept := 0, 0 // the next of the stack that is met, and the first of those that have their bytes
	isOnStack := false
	for i := len(r.path) - 1; i >= 0; i-- {
		made, err := w.remade(base, r.path[i])
		if !isOnStack {
			w.release(base)
		}
		if err != nil {
			return err
		}
		base, isOnStack = made, w.stack[level].entry == r.path[i]
		if isOnStack {
			w.stack[level].bytes = base
			w.held += int64(cap(base))
			for ; w.held > w.budget/2 && kept < level; kept++ {
				w.letGo(&w.stack[kept])
			}
			level++
		}
	}
	return nil
}

// letGo lets the bytes of a node go.
func (w *walker) letGo(n *node) {
	w.held -= n.takes()
	w.release(n.bytes)
	n.noted.Release()
	n.bytes, n.noted = nil, nil
}

// remade makes an object of its base, or of that which it names itself, where it is a root.
func (w *walker) remade(base []byte, entry int32) ([]byte, error) {
	h, err := w.header(entry)
	if err != nil {
		return nil, err
	}
	text, err := w.content(entry, h)
	if err != nil || h.kind != offsetDelta && h.kind != referenceDelta {
		return text, err
	}
	defer w.release(text)
	if base == nil {
		named, err := w.readNamed(h.name)
		if err != nil {
			return nil, err
		}
		base = named.Bytes
		defer w.release(base)
	}
	made, err := w.applied(base, text)
	if w.restoring.made += int64(len(made)) + perRestored; err == nil && w.restoring.made > maxRestored {
		err = errTooDeep
	}
	return made, err
}
