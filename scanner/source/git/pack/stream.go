package pack

import (
	"errors"
	"io"

	"github.com/jwtleak/jwtleak/scanner/fault"
	"github.com/jwtleak/jwtleak/scanner/source/git/history"
)

// Stream is Read for whoever reads an object once, from its beginning to its end: a large blob is a stream, as it is in a
// sweep, and no more of it is held than what others are deltas of. When it has been read, done gives that back. Its error is
// what the stream broke off with, or that it is not what its name says; it may be called again.
func (s *Store) Stream(name history.Name) (object Object, done func() error, err error) {
	defer fault.Contain(&err)
	done = func() error { return nil }
	if object, err = s.readOther(name, nil, 0, largeObject); !errors.Is(err, errLarge) {
		return object, done, err
	}
	large := &largeBlob{name: name}
	if err = large.open(s); err == nil && large.isOther {
		object, err = s.readOther(name, nil, 0, 0)
	}
	if err != nil || large.isOther {
		large.close()
		return object, done, err
	}
	object = Object{Name: name, Type: Blob, Size: large.plausible}
	object.Reader = &cutReader{reader: large.reader, left: large.size, check: large.check, fail: func(err error) { large.failure = err }}
	return object, func() error { large.close(); return large.failure }, nil
}

// A largeBlob is one that is being streamed.
type largeBlob struct {
	name    history.Name
	isOther bool // it is no blob
	size    int64
	// plausible is the size, or where a loose object claims more than it can have, that.
	plausible int64
	reader    io.Reader
	check     func() error
	failure   error

	object *looseObject // where it is one
	worker *worker      // else
	chain  []link       // what it is made of, and of which object
	base   []byte
	isLent bool  // the base, by another
	made   int64 // how many parts were, on the way
}

func (b *largeBlob) close() {
	if b.object != nil {
		b.object.close()
	}
	if b.worker != nil {
		b.worker.releaseChain(b.chain)
		b.releaseBase()
	}
	b.object, b.worker, b.chain, b.base = nil, nil, nil, nil
}

func (b *largeBlob) releaseBase() {
	if !b.isLent {
		b.worker.release(b.base)
	}
	b.base, b.isLent = nil, false
}

// open opens the blob where it is found first and can be.
func (b *largeBlob) open(s *Store) error {
	failure := ErrNotFound
	for _, p := range s.packs {
		place := p.index.find(b.name.Bytes())
		if place < 0 {
			continue
		}
		b.worker = newWorker(s, p)
		if failure = b.openAt(p.index.offset(place)); failure == nil {
			return nil
		}
		b.close()
	}
	for _, dir := range s.dirs {
		object, err := openLoose(dir, b.name)
		if err == nil {
			b.object, b.size, b.plausible, b.isOther = object, object.Size, object.plausible, object.Type != Blob
			b.reader, b.check = object.stream, object.check
			return nil
		}
		if !errors.Is(err, ErrNotFound) {
			failure = err
		}
	}
	return failure
}

// openAt opens the blob whose entry is at an offset of the worker's pack.
func (b *largeBlob) openAt(offset int64) error {
	h, err := b.worker.pack.header(b.worker.reader, offset)
	if err == nil {
		err = h.plausible(b.worker.pack.size)
	}
	if err != nil {
		return err
	}
	var content io.Reader
	kind := Type(h.kind)
	if h.kind == offsetDelta || h.kind == referenceDelta {
		content, kind, err = b.openDelta(offset)
	} else {
		b.size = h.size
		content, _, err = b.worker.inflating(h)
	}
	if err != nil {
		return err
	}
	b.isOther, b.plausible = kind != Blob, b.size
	b.reader, b.check = summed(content, kind, b.size, b.name)
	return nil
}

// openDelta opens what a chain of deltas makes. Of what it makes on the way nothing is put together, but where that consists of
// too many parts.
func (b *largeBlob) openDelta(offset int64) (content io.Reader, kind Type, err error) {
	w := b.worker
	var root Object
	root, b.isLent, b.chain, err = w.chainAt(offset)
	if b.base, b.size = root.Bytes, root.Size; err != nil {
		return nil, 0, err
	}
	var parts, spare []part
	for i := len(b.chain) - 1; i >= 0; i-- {
		d, err := parseDelta(b.chain[i].text)
		if err == nil {
			err = w.holds(d.size)
		}
		if err != nil {
			return nil, 0, err
		}
		next, err := w.forms.partsOf(spare, d, parts, b.size)
		if errors.Is(err, errTooDeep) && parts != nil {
			if err = b.putTogether(parts); err == nil {
				parts = nil
				next, err = w.forms.partsOf(spare, d, nil, b.size)
			}
		}
		if errors.Is(err, errTooDeep) {
			err = b.make(d)
		}
		if err != nil {
			return nil, 0, err
		}
		spare, parts, b.size = parts, next, d.size
		b.made += int64(len(parts))
	}
	if parts == nil {
		parts = []part{{end: b.size}}
	}
	return &partsReader{root: b.base, parts: parts}, root.Type, nil
}

// putTogether has the base be what consists of parts of it.
func (b *largeBlob) putTogether(parts []part) error {
	whole := b.worker.buffer(b.size)
	_, err := io.ReadFull(&partsReader{root: b.base, parts: parts}, whole)
	b.releaseBase()
	b.base = whole
	return err
}

// make has the base be what a delta makes of it.
func (b *largeBlob) make(d delta) error {
	made, err := b.worker.made(b.base, d)
	b.releaseBase()
	b.base = made
	return err
}
