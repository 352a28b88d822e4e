package pack

import (
	"fmt"
	"io"

	"github.com/jwtleak/jwtleak/scanner/source/git/history"
)

// What a walker meets is shown here: whole, as a stream where it is large, and with what is known of it.

// show shows an object, unless it is a blob that can hold no token.
func (w *walker) show(n *node) error { return w.showMadeOf(nil, n) }

// showMadeOf is show for an object that was made of one of which, as of a tree, something may be known: w.version.Copied says how.
func (w *walker) showMadeOf(base *history.Noted, n *node) error {
	if w.naming != nil {
		w.naming.note(w.pack, n.entry, nameOf(n.kind, n.bytes, w.pack.nameSize))
		return nil
	}
	if n.kind == Blob && w.Candidate != nil {
		if n.candidates.state == unknown {
			n.candidates = w.look(n.bytes, w.pack.entries[n.entry].child != noEntry)
		}
		if n.candidates.state == none && !w.isContainer(n.bytes) {
			w.pass(n.entry)
			return nil
		}
	}
	name := w.name(n.entry)
	if w.isElsewhere(name) {
		return nil
	}
	object := Object{
		Name: name, Type: n.kind, Size: int64(len(n.bytes)), Bytes: n.bytes, Job: w.job, Candidates: n.candidates.list, IsUnfinished: w.pack.isUnfinished,
	}
	if n.kind != Tree {
		return w.Visit(object)
	}
	w.version.Base, w.version.Noted = base, nil
	w.version.HasVersions = w.pack.entries[n.entry].child != noEntry
	object.Version = &w.version
	err := w.Visit(object)
	n.noted = w.version.Noted
	return err
}

func (w *walker) showLarge(root int32, h entryHeader) error {
	name := w.name(root)
	if w.isElsewhere(name) {
		return nil
	}
	stream, err := w.stream(h, name, h.offset+w.length(root))
	if err != nil {
		w.lost(root, err)
		return nil
	}
	return w.Visit(Object{Name: name, Type: Blob, Size: h.size, Reader: stream, Job: w.job, IsUnfinished: w.pack.isUnfinished})
}

// showMade shows what a delta makes of a base, as a stream: to have both in memory would take twice as much.
func (w *walker) showMade(entry int32, base []byte, d delta) error {
	if d.baseSize != int64(len(base)) {
		w.lost(entry, fmt.Errorf("delta: it is not of this base: %w", errCorrupt))
		return nil
	}
	return w.showStream(entry, &deltaReader{forms: w.forms, base: base, instructions: d.instructions}, d.size)
}

// showStream shows a blob as a stream.
func (w *walker) showStream(entry int32, content io.Reader, size int64) error {
	name := w.name(entry)
	if w.isElsewhere(name) {
		return nil
	}
	reader, check := summed(content, Blob, size, name)
	made := &cutReader{reader: reader, left: size, check: check, fail: w.failing(name, w.pack.where())}
	return w.Visit(Object{Name: name, Type: Blob, Size: size, Reader: made, Job: w.job, IsUnfinished: w.pack.isUnfinished})
}
