package container

import "io"

// A partReader reads parts of a text, which may be held, one after the other: the blocks of a table, the batches of a log.
type partReader struct {
	of    *text
	near  io.ReaderAt // that reads it
	room  []byte
	claim claim // of room, and as much again for what is in it
}

func newPartReader(w *walker, t *text, near io.ReaderAt) partReader {
	return partReader{of: t, near: near, claim: claim{walker: w}}
}

// part returns the bytes at a place, until the next call.
func (p *partReader) part(at span) ([]byte, error) {
	if p.of.held != nil {
		return p.of.held[at.start:at.end], nil
	}
	size := at.end - at.start
	if size > p.claim.walker.limits.MaxMemory {
		return nil, errMemory
	}
	if err := p.claim.raise(2 * size); err != nil {
		return nil, err
	}
	if int64(len(p.room)) < size {
		p.room = make([]byte, size)
	}
	if n, _ := p.near.ReadAt(p.room[:size], at.start); int64(n) < size {
		return nil, io.ErrUnexpectedEOF
	}
	return p.room[:size], nil
}
