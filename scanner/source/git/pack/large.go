package pack

import (
	"errors"
	"io"

	"github.com/jwtleak/jwtleak/scanner/fault"
)

// Versions of a large blob, each a delta of the one before, are shown as streams, out of the parts that each consists of: of them
// all one is held, which the first is a delta of.

const (
	// maxHeldParts bounds what is held of parts, and of the deltas that they are of, on the way from that one down, in bytes.
	// What lies below is read by itself, object by object.
	maxHeldParts = 48 << 20
	// partSize is what a part takes, in bytes.
	partSize = 48
)

// A largeBase is the object that large ones are made of.
type largeBase struct {
	bytes  []byte
	isFree bool // of candidates
}

// descendLarge deals with a delta that makes a large blob of a node, and with all that are deltas of that.
func (w *walker) descendLarge(parent *node, child int32, d delta, text []byte) error {
	base := &largeBase{bytes: parent.bytes, isFree: parent.candidates.state == none && w.Candidate != nil}
	return w.largeDelta(base, child, d, nil, int64(len(parent.bytes)), len(text))
}

// largeDelta deals with what a delta makes of parts of the base, or of the base itself where these are nil, and with what is
// below. Held is what is held on the way there.
func (w *walker) largeDelta(base *largeBase, entry int32, d delta, of []part, size int64, held int) error {
	err := w.holds(d.size)
	var parts []part
	if err == nil {
		parts, err = w.forms.partsOf(d, of, size)
	}
	held += partSize * len(parts)
	if errors.Is(err, errTooDeep) || held > w.parts {
		return w.largeAlone(entry)
	}
	if err != nil {
		w.lost(entry, err)
		return nil
	}
	err = fault.Confine(func() error { return w.showParts(base, entry, parts, d.size) }, func(faulty *fault.Error) error {
		w.lose(entry, faulty)
		return nil
	})
	for child := w.pack.entries[entry].child; child != noEntry && err == nil; child = w.pack.entries[child].next {
		err = w.largeChild(base, child, parts, d.size, held)
	}
	return err
}

func (w *walker) largeChild(base *largeBase, child int32, of []part, size int64, held int) error {
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
	return w.largeDelta(base, child, d, of, size, held+len(text))
}

// showParts shows a blob that consists of parts, unless it can hold no token.
func (w *walker) showParts(base *largeBase, entry int32, parts []part, size int64) error {
	content := &partsReader{root: base.bytes, parts: parts}
	if base.isFree {
		w.condensed = condensedParts(w.condensed[:0], content, max(0, w.Candidate.Width()-1))
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

// condensedParts appends to dst what of an object is new besides what it is made of, as copyForms.condensed does.
func condensedParts(dst []byte, of *partsReader, reach int) []byte {
	start := of.start
	for _, p := range of.parts {
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

// largeAlone shows a blob and all that are deltas of it, each made by itself: they take more time, and no memory to hold what
// is in between.
func (w *walker) largeAlone(entry int32) error {
	if err := w.showAlone(entry); err != nil {
		return err
	}
	for child := w.pack.entries[entry].child; child != noEntry; child = w.pack.entries[child].next {
		if err := w.largeAlone(child); err != nil {
			return err
		}
	}
	return nil
}

func (w *walker) showAlone(entry int32) error {
	blob := &largeBlob{name: w.name(entry), worker: newWorker(w.Store, w.pack)}
	defer blob.close()
	err := blob.openAt(w.pack.entries[entry].offset)
	if w.restoring.made += blob.size + perRestored; err == nil && w.restoring.made > maxRestored {
		err = errTooDeep
	}
	if err != nil {
		w.lose(entry, err)
		return nil
	}
	return w.showContent(entry, blob.reader, blob.size)
}
