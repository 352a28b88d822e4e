package reading

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"io"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/jwtleak/jwtleak/detectors"
	"github.com/jwtleak/jwtleak/scanner/fault"
	"github.com/jwtleak/jwtleak/scanner/source/pagecache"
)

// The least and the most of a large text that one goroutine reads at a time, in bytes. Each has a cost of its own, and the
// last ones are waited for.
const (
	leastChunk = 4 << 20
	mostChunk  = 16 << 20
)

// ChunkFor returns how much one of so many goroutines had best read at a time, of a text of a size in bytes.
func ChunkFor(size int64, jobs int) int64 {
	return min(max(size/int64(8*max(1, jobs)), leastChunk), mostChunk)
}

// Parallel is Stream for a text of a known size that can be read at any offset, with so many goroutines, each reading a
// chunk at a time. found is called on the caller's goroutine, in order, and so is read, with how many bytes have been read
// since it was called last. A text that turns out to be shorter than size
// ends where it ends; what it has grown by meanwhile is not read. A chunk that breaks off with an error does not end the
// reading: the error is returned when the others are read.
func Parallel(ctx context.Context, r io.ReaderAt, size, chunk int64, jobs int, detector detectors.Detector, found func(Sighting) error, read func(n int64)) (int64, error) {
	ctx, cancel := context.WithCancel(ctx)
	mapping := mapped(r, size)
	if mapping != nil {
		defer mapping.Close() //nolint:errcheck // nothing was written
	}
	var group sync.WaitGroup
	defer group.Wait()
	defer cancel()

	pieces := make(chan *piece)              // to the workers
	order := make(chan *piece, max(1, jobs)) // the same, to be joined in this order
	ahead := max(1, mostAhead/max(1, jobs))
	group.Go(func() {
		defer close(pieces)
		defer close(order)
		for start := int64(0); start < size || start == 0; start += chunk {
			next := &piece{reader: r, start: start, end: min(start+chunk, size), size: size, mapping: mapping, keep: keptMapped(jobs), blocks: make(chan []Sighting, ahead)}
			for _, queue := range []chan *piece{order, pieces} {
				select {
				case queue <- next:
				case <-ctx.Done():
					return
				}
			}
		}
	})
	for range max(1, jobs) {
		group.Go(func() {
			for p := range pieces {
				p.work(ctx, detector)
			}
		})
	}
	joined := join{detector: detector, line: newLines(), found: found}
	var unread error // the first part that could not be read: the others are read all the same
	for p := range order {
		if err := joined.add(ctx, p); err != nil {
			return joined.bytes, err
		}
		read(p.bytes)
		if unread == nil {
			unread = p.err
		}
	}
	return joined.bytes, cmp.Or(ctx.Err(), unread)
}

// A piece is one chunk of a text, and what a worker finds in it. Its worker waits where it is too far ahead of whoever
// joins the pieces: what is kept of a text that has a token on every line would else be more than the text.
type piece struct {
	reader           io.ReaderAt
	start, end, size int64
	mapping          *pagecache.Mapping // of the text, where it is mapped
	keep             int                // how much of that one goroutine keeps in memory

	// blocks has what was found, whose lines and columns count from the start of the piece. It is closed when all is.
	blocks  chan []Sighting
	block   []Sighting // the one that is being filled
	last    Sighting
	dropped atomic.Bool // the worker is to give up: the piece is read again
	lines   lines       // of the whole piece
	bytes   int64
	err     error
}

// sightingsBlock is how many sightings lie in a block, and mostAhead how many blocks may wait to be joined, of all pieces
// that are being read together.
const (
	sightingsBlock = 64
	mostAhead      = 128
)

var errDropped = errors.New("the piece is read again")

// work looks for tokens that start in the piece, and hands them on in blocks.
func (p *piece) work(ctx context.Context, detector detectors.Detector) {
	defer close(p.blocks)
	hand := func() error {
		select {
		case p.blocks <- p.block:
			p.block = nil
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	p.read(ctx, detector, p.start, func(sighting Sighting) error {
		if p.dropped.Load() {
			return errDropped
		}
		p.keepLine(&sighting)
		if p.block = append(p.block, sighting); len(p.block) < sightingsBlock {
			return nil
		}
		return hand()
	})
	if len(p.block) > 0 {
		if err := hand(); err != nil && p.err == nil {
			p.err = err
		}
	}
}

// read looks for tokens that start in the piece at or after an offset. What stands between its start and there is looked
// at for lines alone.
func (p *piece) read(ctx context.Context, detector detectors.Detector, from int64, found func(Sighting) error) {
	defer fault.Contain(&p.err)
	p.lines, p.bytes, p.err = newLines(), 0, nil
	if p.isHole() {
		p.lines.passZeros(p.end - p.start)
		p.bytes = p.end - p.start
		return
	}
	if p.err = p.skip(from); p.err != nil {
		return
	}
	done, whole, err := p.readMapped(ctx, detector, from, found)
	if p.bytes += done - from; whole || err != nil {
		p.err = err
		p.meetEnd()
		return
	}
	if done > from {
		p.lines, p.bytes = newLines(), 0
		if p.err = p.skip(done); p.err != nil {
			return
		}
	}
	pass := p.pass(detector, done, found)
	n, err := pass.run(ctx, io.NewSectionReader(p.reader, done, p.size-done))
	p.lines, p.bytes, p.err = pass.line, p.bytes+min(n, p.end-done), err
}

// pass returns a pass over the rest of the piece from an offset on, behind what the lines were followed through.
func (p *piece) pass(detector detectors.Detector, from int64, found func(Sighting) error) *pass {
	return &pass{detector: detector, limit: p.end - from, line: p.lines, found: func(sighting Sighting) error {
		sighting.Offset += from
		sighting.text = surroundings{reader: p.reader}
		return found(sighting)
	}}
}

// meetEnd reads the last byte of the text, where the piece ends with it: a text that was cut shows zeros up to the end of its page, where it
// is mapped, and whoever knows its size is to learn of it.
func (p *piece) meetEnd() {
	if p.end == p.size && p.size > 0 {
		_, _ = p.reader.ReadAt(make([]byte, 1), p.size-1)
	}
}

// keepLine makes copies of what a sighting says of its line. Those of one line share their bytes, so that what is kept does
// not grow with the tokens on it.
func (p *piece) keepLine(sighting *Sighting) {
	var before Sighting
	if p.last.Line == sighting.Line {
		before = p.last
	}
	if start := sighting.LineStart; bytes.HasPrefix(start, before.LineStart) {
		longer := before.LineStart
		longer = append(longer, start[len(before.LineStart):]...)
		sighting.LineStart = longer
	} else {
		sighting.LineStart = slices.Clone(start)
	}
	if rest := sighting.LineRest; bytes.HasSuffix(before.LineRest, rest) {
		sighting.LineRest = before.LineRest[len(before.LineRest)-len(rest):]
	} else {
		sighting.LineRest = slices.Clone(rest)
	}
	p.last = *sighting
}

// skip follows the lines as far as an offset.
func (p *piece) skip(to int64) error {
	if to == p.start {
		return nil
	}
	pooled := buffers.Get().(*[]byte)
	defer buffers.Put(pooled)
	for at := p.start; at < to; {
		n, err := p.reader.ReadAt((*pooled)[:min(to-at, blockSize)], at)
		p.lines.pass((*pooled)[:n])
		p.bytes += int64(n)
		switch at += int64(n); {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
	}
	return nil
}

// A join puts the pieces together again, in order.
type join struct {
	detector detectors.Detector
	found    func(Sighting) error
	line     lines
	end      int64 // of the last token
	bytes    int64
}

// add tells what is in the next piece. Its error is the context's or that of found.
func (j *join) add(ctx context.Context, p *piece) error {
	for first := true; ; first = false {
		select {
		case block, ok := <-p.blocks:
			switch {
			case !ok:
				j.append(p)
				return ctx.Err()
			case first && block[0].Offset < j.end:
				// A token reaches into this piece. Whoever reads it from its start does not look for others inside; the
				// worker that began in its middle may have seen one there.
				return j.again(ctx, p)
			}
			for _, sighting := range block {
				if err := j.tell(sighting); err != nil {
					return err
				}
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (j *join) append(p *piece) {
	j.bytes += p.bytes
	j.line.append(p.lines)
}

// again reads a piece from behind the last token.
func (j *join) again(ctx context.Context, p *piece) error {
	p.dropped.Store(true)
	for range p.blocks { // until the worker has let go of it
	}
	var failed error
	p.read(ctx, j.detector, min(j.end, p.end), func(sighting Sighting) error {
		failed = j.tell(sighting)
		return failed
	})
	if failed == nil {
		j.append(p)
	}
	return failed
}

// tell tells a sighting, with its line and column counted from the start of the text.
func (j *join) tell(sighting Sighting) error {
	j.end = sighting.Offset + int64(sighting.Match.End)
	if sighting.Line == 1 {
		sighting.Column += j.line.length
		start := slices.Clip(j.line.first)
		if room := MaxLineStart - len(start); room > 0 { // else all of a line that goes on share what there is
			start = slices.Concat(start, sighting.LineStart[:min(len(sighting.LineStart), room)])
		}
		sighting.LineStart = start
	}
	sighting.Line += j.line.number - 1
	return j.found(sighting)
}
