package reading

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"io"
	"iter"
	"slices"
	"sync"

	"github.com/jwtleak/jwtleak/detectors"
)

// The least and the most of a large text that one goroutine reads at a time, in bytes. Each has a cost of its own, and the
// last ones are waited for.
const (
	leastChunk = 1 << 20
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
	var group sync.WaitGroup
	defer group.Wait()
	defer cancel()

	pieces := make(chan *piece)              // to the workers
	order := make(chan *piece, max(1, jobs)) // the same, to be joined in this order
	group.Go(func() {
		defer close(pieces)
		defer close(order)
		for start := int64(0); start < size || start == 0; start += chunk {
			next := &piece{reader: r, start: start, end: min(start+chunk, size), size: size, done: make(chan struct{})}
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
				p.read(ctx, detector, p.start)
				close(p.done)
			}
		})
	}
	joined := join{detector: detector, line: newLines(), found: found}
	var unread error // the first part that could not be read: the others are read all the same
	for p := range order {
		select {
		case <-p.done:
		case <-ctx.Done():
			return joined.bytes, ctx.Err()
		}
		err := joined.add(ctx, p)
		read(p.bytes)
		if err != nil {
			return joined.bytes, err
		}
		if unread == nil {
			unread = p.err
		}
	}
	return joined.bytes, cmp.Or(ctx.Err(), unread)
}

// A piece is one chunk of a text, and what a worker found in it.
type piece struct {
	reader           io.ReaderAt
	start, end, size int64
	done             chan struct{}

	sightings sightings // their lines and columns count from the start of the piece
	lines     lines     // of the whole piece
	bytes     int64
	err       error
}

// read looks for tokens that start in the piece at or after an offset. What stands between its start and there is looked
// at for lines alone.
func (p *piece) read(ctx context.Context, detector detectors.Detector, from int64) {
	p.sightings, p.lines = sightings{}, newLines()
	p.bytes = 0
	if p.isHole() {
		p.lines.passZeros(p.end - p.start)
		p.bytes = p.end - p.start
		return
	}
	if p.err = p.skip(from); p.err != nil {
		return
	}
	pass := p.pass(detector, from)
	n, err := pass.run(ctx, io.NewSectionReader(p.reader, from, p.size-from))
	p.lines, p.bytes, p.err = pass.line, p.bytes+min(n, p.end-from), err
}

// pass returns one of the text from an offset on that keeps what is found in the piece.
func (p *piece) pass(detector detectors.Detector, from int64) *pass {
	return &pass{detector: detector, limit: p.end - from, line: p.lines, found: func(sighting Sighting) error {
		p.keepLine(&sighting)
		sighting.Offset += from
		sighting.text = surroundings{reader: p.reader}
		p.sightings.add(sighting)
		return nil
	}}
}

// sightings are those of a piece, in blocks: a piece may have a hundred thousand, and none is moved.
type sightings struct {
	blocks [][]Sighting
}

// sightingsBlock is how many sightings lie in a block.
const sightingsBlock = 64

func (s *sightings) add(sighting Sighting) {
	last := len(s.blocks) - 1
	if last < 0 || len(s.blocks[last]) == sightingsBlock {
		size := sightingsBlock
		if last < 0 {
			size = 4 // most pieces have few
		}
		s.blocks, last = append(s.blocks, make([]Sighting, 0, size)), last+1
	}
	s.blocks[last] = append(s.blocks[last], sighting)
}

// first returns the first of them, or nil where there is none.
func (s *sightings) first() *Sighting {
	if len(s.blocks) == 0 {
		return nil
	}
	return &s.blocks[0][0]
}

// last returns the last of them, or nil where there is none.
func (s *sightings) last() *Sighting {
	if len(s.blocks) == 0 {
		return nil
	}
	block := s.blocks[len(s.blocks)-1]
	return &block[len(block)-1]
}

func (s *sightings) all() iter.Seq[Sighting] {
	return func(yield func(Sighting) bool) {
		for _, block := range s.blocks {
			for i := range block {
				if !yield(block[i]) {
					return
				}
			}
		}
	}
}

// keepLine makes copies of what a sighting says of its line. Those of one line share their bytes, so that what is kept does
// not grow with the tokens on it.
func (p *piece) keepLine(sighting *Sighting) {
	var before Sighting
	if last := p.sightings.last(); last != nil && last.Line == sighting.Line {
		before = *last
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
}

// skip follows the lines as far as an offset.
func (p *piece) skip(to int64) error {
	if to == p.start {
		return nil
	}
	skipped := make([]byte, to-p.start)
	n, err := p.reader.ReadAt(skipped, p.start)
	p.lines.pass(skipped[:n])
	p.bytes = int64(n)
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

// A join puts the pieces together again, in order.
type join struct {
	detector detectors.Detector
	found    func(Sighting) error
	line     lines
	end      int64 // of the last token
	bytes    int64
}

// add tells what is in the next piece. Its error is that of found.
func (j *join) add(ctx context.Context, p *piece) error {
	// A token may reach into this piece. Whoever reads it from its start does not look for others inside; the worker that
	// began in its middle may have seen one there.
	if first := p.sightings.first(); first != nil && first.Offset < j.end {
		p.read(ctx, j.detector, min(j.end, p.end))
	}
	for sighting := range p.sightings.all() {
		j.end = sighting.Offset + int64(sighting.Match.End)
		if sighting.Line == 1 {
			sighting.Column += j.line.length
			start := append(slices.Clone(j.line.first), sighting.LineStart...)
			sighting.LineStart = start[:min(len(start), MaxLineStart)]
		}
		sighting.Line += j.line.number - 1
		if err := j.found(sighting); err != nil {
			return err
		}
	}
	j.bytes += p.bytes
	j.line.append(p.lines)
	return nil
}
