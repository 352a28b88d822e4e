package pack

import (
	"errors"
	"io"
	"slices"

	"github.com/jwtleak/jwtleak/scanner/fault"
)

// Versions of a large blob, each a delta of the one before, are shown as streams, out of the parts that each consists of: of them
// all one is held, which the first is a delta of.

const (
	// maxHeldParts bounds what is held of parts, and of the deltas that they are of, on the way from that one down, in bytes.
	// What lies below is read by itself, object by object.
	maxHeldParts = 48 << 20
	// partSize and nodeSize are what a part and a largeNode take, in bytes.
	partSize, nodeSize = 48, 64
	// maxCondensed bounds what is put together of a large blob to see whether it may have a token, in bytes. One of which more is
	// new is read whole.
	maxCondensed = 16 << 20
	// perPart is what a part costs that is made again, in bytes: see maxRestored.
	perPart = 16
)

// A largeBase is the object that large ones are made of.
type largeBase struct {
	entry  int32 // noEntry where it is not of this pack
	bytes  []byte
	isFree bool // of candidates
}

// A largeDescent is the way from a base down. It is no recursion: a chain of deltas of empty blobs has a level in 20 bytes.
type largeDescent struct {
	*walker
	base  largeBase
	stack []largeNode
	held  int // by the stack, in bytes
	// making has room for the parts of the object that is being shown.
	making []part
}

// A largeNode is what a delta makes, on the way down.
type largeNode struct {
	next  int32  // the delta of it to go on with
	text  []byte // that the parts are of, to be released
	parts []part
	size  int64
}

func (n *largeNode) takes() int { return partSize*cap(n.parts) + cap(n.text) + nodeSize }

// descendLarge deals with a delta that makes a large blob of a node, and with all that are deltas of that.
func (w *walker) descendLarge(parent *node, child int32, d delta) error {
	l := &largeDescent{walker: w, base: largeBase{parent.entry, parent.bytes, parent.candidates.state == none && w.Candidate != nil}}
	defer func() {
		for len(l.stack) > 0 {
			l.pop()
		}
	}()
	err := l.delta(child, d, nil, &largeNode{size: int64(len(parent.bytes))})
	for len(l.stack) > 0 && err == nil && !w.isOver() {
		top := &l.stack[len(l.stack)-1]
		if top.next == noEntry {
			l.pop()
			continue
		}
		next := top.next
		top.next = w.pack.entries[next].next
		err = l.child(next, top)
	}
	return err
}

func (l *largeDescent) pop() {
	top := &l.stack[len(l.stack)-1]
	l.held -= top.takes()
	l.release(top.text)
	*top = largeNode{}
	l.stack = l.stack[:len(l.stack)-1]
}

func (l *largeDescent) child(entry int32, of *largeNode) error {
	h, err := l.header(entry)
	var text []byte
	if err == nil {
		text, err = l.content(entry, h)
	}
	if err != nil {
		l.lost(entry, err)
		return nil
	}
	d, err := parseDelta(text)
	if err != nil {
		l.release(text)
		l.lost(entry, err)
		return nil
	}
	return l.delta(entry, d, text, of)
}

// delta shows what a delta makes of a node, and goes on with what are deltas of that. The text, where there is one, is released
// when it is no longer needed.
func (l *largeDescent) delta(entry int32, d delta, text []byte, of *largeNode) error {
	err := l.holds(d.size)
	n := largeNode{next: l.pack.entries[entry].child, text: text, size: d.size}
	if err == nil {
		n.parts, err = l.forms.partsOf(l.making, d, of.parts, of.size)
	}
	if err != nil {
		l.release(text)
		if errors.Is(err, errTooDeep) {
			return l.alone(entry)
		}
		l.lost(entry, err)
		return nil
	}
	l.making, n.parts = n.parts, slices.Clip(n.parts)
	err = fault.Confine(func() error { return l.showParts(entry, n.parts, d.size) }, func(faulty *fault.Error) error {
		l.lose(entry, faulty)
		return nil
	})
	if err == nil && n.next != noEntry && l.held+n.takes() <= l.parts {
		n.parts = slices.Clone(n.parts)
		l.held += n.takes()
		l.stack = append(l.stack, n)
		return nil
	}
	l.release(text)
	for child := n.next; child != noEntry && err == nil; child = l.pack.entries[child].next {
		err = l.alone(child)
	}
	return err
}

// showParts shows a blob that consists of parts, unless it can hold no token.
func (l *largeDescent) showParts(entry int32, parts []part, size int64) error {
	w, base := l.walker, &l.base
	content := &partsReader{root: base.bytes, parts: parts}
	if base.isFree {
		reach := max(0, w.Candidate.Width()-1)
		if w.condensed = condensedParts(w.condensed[:0], content, reach); len(w.condensed) > maxCondensed {
			return w.showContent(entry, content, size)
		}
		n, _ := io.ReadFull(&partsReader{root: base.bytes, parts: parts}, w.prefix[:min(size, PrefixLength)])
		if w.Candidate.Index(w.condensed) < 0 && !w.isContainer(w.prefix[:n]) {
			w.pass(entry)
			return nil
		}
	}
	return w.showContent(entry, content, size)
}

// showContent shows a blob, as a stream where it is large.
func (w *walker) showContent(entry int32, content io.Reader, size int64) error {
	if size > w.streamed {
		return w.showStream(entry, content, size)
	}
	n := node{entry: entry, kind: Blob, bytes: w.buffer(size)}
	defer w.release(n.bytes)
	if _, err := io.ReadFull(content, n.bytes); err != nil {
		w.lose(entry, err)
		return nil
	}
	return w.show(&n)
}

// condensedParts appends to dst what of an object is new besides what it is made of, as copyForms.condensed does, and ends where
// that is more than maxCondensed.
func condensedParts(dst []byte, of *partsReader, reach int) []byte {
	start := of.start
	for _, p := range of.parts {
		if len(dst) > maxCondensed {
			break
		}
		text, isRange := p.text, p.text == nil
		if isRange {
			text = of.root[p.from : p.from+p.end-start]
		}
		if start = p.end; isRange && len(text) > 2*reach {
			dst = append(dst, text[:reach]...)
			text = text[len(text)-reach:]
		}
		dst = append(dst, text...)
	}
	return dst
}

// alone shows a blob and all that are deltas of it, each made by itself: they take more time, which is bounded, and no memory to
// hold what is in between.
func (l *largeDescent) alone(entry int32) error {
	left := []int32{entry}
	for len(left) > 0 && !l.isOver() {
		last := left[len(left)-1]
		left = left[:len(left)-1]
		err := fault.Confine(func() error { return l.showAlone(last) }, func(faulty *fault.Error) error {
			l.lose(last, faulty)
			return nil
		})
		if errors.Is(err, errTooDeep) { // so is what is below
			l.lost(last, err)
			continue
		}
		if err != nil {
			return err
		}
		for child := l.pack.entries[last].child; child != noEntry; child = l.pack.entries[child].next {
			left = append(left, child)
		}
	}
	return nil
}

// showAlone shows one of them. Its error is errTooDeep where it takes too much to make it, or Visit's.
func (l *largeDescent) showAlone(entry int32) error {
	if l.restoring.made > maxRestored {
		return errTooDeep
	}
	blob := &largeBlob{name: l.name(entry), worker: newWorker(l.Store, l.pack)}
	defer blob.close()
	if l.base.entry != noEntry {
		blob.worker.lent, blob.worker.lentAt = l.base.bytes, l.pack.entries[l.base.entry].offset
	}
	err := blob.openAt(l.pack.entries[entry].offset)
	l.restoring.made += blob.size + perRestored*int64(1+len(blob.chain)) + perPart*blob.made
	if errors.Is(err, errTooDeep) {
		return err
	}
	if err != nil {
		l.lose(entry, err)
		return nil
	}
	return l.showContent(entry, blob.reader, blob.size)
}
