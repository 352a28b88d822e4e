package pack

import (
	"context"
	"fmt"
	"slices"

	"github.com/jwtleak/jwtleak/detectors"
	"github.com/jwtleak/jwtleak/scanner/fault"
	"github.com/jwtleak/jwtleak/scanner/source/git/history"
)

// A walker walks through trees of deltas. It is for one goroutine.
type walker struct {
	*worker
	*sweep
	crew *crew
	job  int
	// isOver reports whether nothing more is to be shown.
	isOver func() bool

	stack     []node
	held      int64 // bytes of the nodes on the stack, with the room behind them, and what is known of them
	budget    int64 // how many may be
	condensed []byte
	copied    []history.Copied
	locator   detectors.Locator // nil where Candidate is none
	lists     [][]detectors.Candidate
	prefix    [PrefixLength]byte
	passed    int64
	restoring restoring
	version   history.Version // of the tree that is being shown
}

// A node is an object on the way from the root of a tree down.
type node struct {
	entry      int32
	kind       Type
	bytes      []byte // nil where it had to be let go: it is read again
	candidates candidates
	noted      *history.Noted // what is known of a tree
	next       int32          // the delta of it to go on with
	inner      bool           // the deltas without deltas of their own have been dealt with
}

// takes is how many bytes of memory a node holds.
func (n *node) takes() int64 { return int64(cap(n.bytes) + n.noted.Size()) }

const (
	// budget is how many bytes all walkers of a sweep hold on their stacks, besides what each is working on.
	budget = 192 << 20
	// minEntry is the length of the shortest entry of a tree: a mode, an empty name, an object's name of 20 bytes.
	minEntry = 23
	// passedAtOnce is how many blobs are passed before it is told.
	passedAtOnce = 4096
)

func newWalker(s *sweep, p *pack, c *crew) *walker {
	w := &walker{worker: newWorker(s.Store, p), sweep: s, crew: c, budget: s.budget / int64(s.Jobs)}
	w.reader.windows = s.sweptWindows()
	w.large = &c.large
	if s.naming != nil {
		w.byName = s.naming.find
	}
	w.locator, _ = s.Candidate.(detectors.Locator)
	return w
}

// work walks through trees until there are none left, or ctx is canceled. The error is Visit's.
func (w *walker) work(ctx context.Context) (err error) {
	defer fault.Contain(&err)
	defer w.leaveLarge(false)
	w.isOver = func() bool { return ctx.Err() != nil }
	for ctx.Err() == nil {
		w.leaveLarge(true)
		if root, ok := w.crew.root(); ok {
			if err := w.begin(root); err != nil {
				return err
			}
		} else if n, ok := w.crew.wait(ctx); ok {
			w.push(n)
		} else {
			return nil
		}
		for len(w.stack) > 0 && ctx.Err() == nil {
			if err := w.step(); err != nil {
				return err
			}
			w.leaveLarge(true)
		}
	}
	return nil
}

// leaveLarge lets another have large buffers, unless some of this one's are still needed.
func (w *walker) leaveLarge(unlessNeeded bool) {
	if !w.hasLarge || unlessNeeded && slices.ContainsFunc(w.stack, func(n node) bool { return len(n.bytes) > largeBuffer }) {
		return
	}
	w.hasLarge = false
	w.large.Unlock()
}

func (w *walker) name(entry int32) history.Name {
	return history.NameOf(w.pack.index.name(int(w.pack.entries[entry].place)))
}

// header returns the front of an entry, but for the offset of its base. One that claims a size that its stream cannot have is
// corrupt, before room is made.
func (w *walker) header(entry int32) (h entryHeader, err error) {
	if e := &w.pack.entries[entry]; e.front > 0 && e.kind != referenceDelta { // of what names its base it is read again
		h = entryHeader{offset: e.offset, kind: e.kind, size: int64(e.size), data: e.offset + int64(e.front)}
	} else if h, err = w.pack.header(w.reader, e.offset); err != nil {
		return h, err
	}
	return h, h.plausible(h.offset + w.length(entry))
}

// approachName has the name of an object at hand when it is needed, while the object is read: the names of an index are in another
// order than the objects.
func (w *walker) approachName(entry int32) {
	if x := w.pack.index; w.naming == nil && x.peek == nil {
		prefetch(&x.names[int(w.pack.entries[entry].place)*x.nameSize])
	}
}

func (w *walker) length(entry int32) int64 {
	end := w.pack.size - int64(w.pack.nameSize)
	if int(entry)+1 < len(w.pack.entries) {
		end = w.pack.entries[entry+1].offset
	}
	return end - w.pack.entries[entry].offset
}

// content inflates an entry: an object or a delta. It is a buffer of the worker's, the caller's to release.
func (w *walker) content(entry int32, h entryHeader) ([]byte, error) {
	if h.size > maxObject {
		return nil, errTooLarge
	}
	text := w.buffer(h.size)
	end, err := w.inflated(text, h, w.length(entry)-(h.data-h.offset))
	if err != nil {
		w.release(text)
		return nil, err
	}
	w.ended(w.pack, end, h.offset+w.length(entry))
	return text, nil
}

// begin starts with the root of a tree.
func (w *walker) begin(root int32) error {
	return w.contained(root, Type(w.pack.entries[root].kind), func() error { return w.beginWith(root) })
}

// contained deals with an entry that is, or becomes, an object of a kind. A fault in that costs the object, and not its
// deltas: it is made again for them, and nothing supposed of what it has. That of no known kind can't be.
func (w *walker) contained(entry int32, kind Type, deal func() error) error {
	return fault.Confine(deal, func(faulty *fault.Error) error {
		if kind < Commit || kind > Tag {
			w.lost(entry, faulty)
			return nil
		}
		w.lose(entry, faulty)
		w.push(node{entry: entry, kind: kind, candidates: candidates{state: unlisted}})
		return nil
	})
}

func (w *walker) beginWith(root int32) error {
	e := &w.pack.entries[root]
	h, err := w.header(root)
	if err == nil && e.parent == unread {
		err = fmt.Errorf("where the index says it is, or where its base should be, is none: %w", errCorrupt)
	}
	if err != nil {
		w.lost(root, err)
		return nil
	}
	if e.parent == outside {
		return w.beginOutside(root, h)
	}
	if h.size > largeObject && e.child == noEntry && Type(h.kind) == Blob && w.naming == nil {
		return w.showLarge(root, h)
	}
	if Type(h.kind) != Blob {
		w.approachName(root)
	}
	bytes, err := w.content(root, h)
	if err != nil {
		w.lost(root, err)
		return nil
	}
	n := node{entry: root, kind: Type(h.kind), bytes: bytes}
	if err := w.show(&n); err != nil {
		return err
	}
	w.push(n)
	return nil
}

// beginOutside starts with a delta whose base is not in this pack.
func (w *walker) beginOutside(root int32, h entryHeader) error {
	base, err := w.readNamed(h.name)
	if err != nil {
		w.lost(root, err)
		return nil
	}
	if !w.wanted[base.Type] {
		return nil
	}
	parent := node{entry: noEntry, kind: base.Type, bytes: base.Bytes}
	if base.Type == Blob && w.Candidate != nil {
		parent.candidates = w.look(base.Bytes, false)
	}
	defer w.release(base.Bytes)
	return w.contained(root, base.Type, func() error { return w.descend(&parent, root, false) })
}

func (w *walker) readNamed(name history.Name) (Object, error) {
	if offset, ok := w.within(name); ok {
		return w.readAt(offset)
	}
	return w.store.readOther(name, w.pack, 0, 0)
}

// isElsewhere reports whether an earlier pack has the object, and has shown it, or it was met as a loose one.
func (w *walker) isElsewhere(name history.Name) bool {
	return w.many && (w.inPack(name, w.pack) || w.metLoose.has(name))
}

func (w *walker) push(n node) {
	first := w.pack.entries[n.entry].child
	if first == noEntry {
		w.forgo(&n)
		return
	}
	n.next, n.inner = first, false
	w.stack = append(w.stack, n)
	w.held += n.takes()
	// The deepest is needed next. Those above it are let go, the outermost first, and read again when it is their turn.
	for i := 0; w.held > w.budget && i < len(w.stack)-1; i++ {
		if w.stack[i].bytes != nil {
			w.letGo(&w.stack[i])
		}
	}
}

func (w *walker) pop() {
	top := &w.stack[len(w.stack)-1]
	w.held -= top.takes()
	w.forgo(top)
	w.stack = w.stack[:len(w.stack)-1]
}

// forgo gives up what a node has.
func (w *walker) forgo(n *node) {
	w.release(n.bytes)
	w.releaseList(n.candidates.list)
	n.noted.Release()
}

// step goes on with the node on top of the stack: first with the deltas that end there, then with the others, so that the
// base can be let go before the last of them is gone into.
func (w *walker) step() error {
	top := &w.stack[len(w.stack)-1]
	child := w.nextOf(top)
	if child == noEntry {
		w.pop()
		return nil
	}
	if top.bytes == nil {
		if err := w.restore(); err != nil {
			for ; child != noEntry; child = w.nextOf(top) {
				w.lost(child, err)
			}
			w.pop()
			return nil
		}
	}
	return w.contained(child, top.kind, func() error { return w.descend(top, child, true) })
}

// nextOf returns the delta of a node to go on with, or noEntry where there are no more.
func (w *walker) nextOf(n *node) int32 {
	entries := w.pack.entries
	for {
		for n.next != noEntry {
			child := n.next
			n.next = entries[child].next
			if (entries[child].child != noEntry) == n.inner {
				return child
			}
		}
		if n.inner {
			return noEntry
		}
		n.next, n.inner = entries[n.entry].child, true
	}
}

// descend deals with one delta of a node, and goes on with its own deltas next.
func (w *walker) descend(parent *node, child int32, onStack bool) error {
	e := &w.pack.entries[child]
	if parent.kind != Blob {
		w.approachName(child)
	}
	h, err := w.header(child)
	var text []byte
	if err == nil {
		text, err = w.content(child, h)
	}
	if err != nil {
		w.lost(child, err)
		return nil
	}
	defer w.release(text)
	d, err := parseDelta(text)
	if err != nil {
		w.lost(child, err)
		return nil
	}
	n, wasLeaf := node{entry: child, kind: parent.kind}, e.child == noEntry
	isClean := parent.kind == Blob && parent.candidates.state == none && w.Candidate != nil
	isHeld := !wasLeaf && d.size <= w.streamed // is needed whole, whatever is in it
	if isClean && !isHeld {
		mayHave, isContainer, err := w.isAdded(parent, d)
		if err != nil {
			w.lost(child, err)
			return nil
		}
		if !mayHave {
			n.candidates.state = none
		}
		if wasLeaf && !mayHave && !isContainer {
			w.pass(child)
			return nil
		}
	}
	if parent.kind == Blob && d.size > w.streamed && d.size <= maxObject && w.naming == nil {
		if e.child == noEntry {
			return w.showMade(child, parent.bytes, d)
		}
		return w.descendLarge(parent, child, d)
	}
	switch {
	case isClean && isHeld:
		err = w.makeJudging(&n, parent.bytes, d)
	case parent.noted != nil:
		n.bytes, w.version.Copied, err = w.madeNoting(w.version.Copied[:0], minEntry-1, parent.bytes, d)
	default:
		n.bytes, err = w.made(parent.bytes, d)
	}
	if err != nil {
		w.lost(child, err)
		return nil
	}
	if parent.kind == Blob && w.Candidate != nil && n.candidates.state == unknown {
		n.candidates = w.inherit(parent, d, n.bytes)
	}
	if err := w.showMadeOf(parent.noted, &n); err != nil {
		return err
	}
	w.goOn(parent, n, wasLeaf, onStack)
	return nil
}

// goOn goes on with the deltas of a node that was made of its parent, if it has any.
func (w *walker) goOn(parent *node, n node, wasLeaf, onStack bool) {
	hasDeltas := w.pack.entries[n.entry].child != noEntry
	if wasLeaf && hasDeltas && onStack && !parent.inner {
		w.forgo(&n) // that it has deltas is known only now: it is made again when their turn comes
		return
	}
	if hasDeltas && onStack && len(n.bytes) <= largeBuffer && w.isBusy() && w.share(n) {
		return
	}
	if onStack && parent.inner && w.isLast(parent) {
		w.pop()
	}
	w.push(n)
}

// share hands a node to another if one waits, and reports whether it did. What is known of a tree is not handed on.
func (w *walker) share(n node) bool {
	noted := n.noted
	n.noted = nil
	isShared := w.crew.share(n)
	if isShared {
		noted.Release()
	}
	return isShared
}

// isBusy reports whether there is more to do than the node that was just made.
func (w *walker) isBusy() bool {
	return len(w.stack) > 1 || !w.isLast(&w.stack[0])
}

// isLast reports whether no further delta of a node has deltas of its own, with the others dealt with.
func (w *walker) isLast(n *node) bool {
	for next := n.next; next != noEntry; next = w.pack.entries[next].next {
		if w.pack.entries[next].child != noEntry || !n.inner {
			return false
		}
	}
	return n.inner
}

// pass counts a blob that is not shown.
func (w *walker) pass(entry int32) {
	if w.many && w.isElsewhere(w.name(entry)) {
		return
	}
	if w.passed++; w.passed >= passedAtOnce {
		w.passedOn()
	}
}

func (w *walker) passedOn() {
	if w.Passed != nil && w.passed > 0 {
		w.Passed(w.passed)
	}
	w.passed = 0
}

// lost notes an object that can't be read, and those below it.
func (w *walker) lost(entry int32, err error) {
	w.lose(entry, err)
	w.lostBelow(entry, err)
}

// lose notes one. An earlier pack that has it has shown it, or has noted it.
func (w *walker) lose(entry int32, err error) {
	if name := w.name(entry); !w.isElsewhere(name) {
		w.fail(name, w.pack.where(), err)
	}
}

// lostBelow notes what is a delta of an object that can't be read.
func (w *walker) lostBelow(entry int32, err error) {
	left := []int32{entry}
	for len(left) > 0 {
		last := left[len(left)-1]
		left = left[:len(left)-1]
		for child := w.pack.entries[last].child; child != noEntry; child = w.pack.entries[child].next {
			w.lose(child, err)
			left = append(left, child)
		}
	}
}
