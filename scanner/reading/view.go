package reading

import (
	"bytes"
	"context"

	"github.com/jwtleak/jwtleak/detectors"
)

// A Viewer is a text that can be looked at where it lies in memory, without being copied.
type Viewer interface {
	// View shows look the text from one offset to another, or reports that it can't: then, or where the text ceases to be
	// there while look looks, it is to be read instead, from the beginning. What look sees may change under its eyes, and is
	// gone when it returns.
	View(from, to int64, look func(text []byte)) (whole bool)
}

const (
	// windowSize is how much of a view is judged at once: less than a block, since what has a candidate is copied.
	windowSize = 32 << 10
	// inFront is how much of what is done with is shown again in front of a window: what is wrapped in a long run has the
	// start of the run for its place.
	inFront = 5 << 10
	// behindView is how much further than a piece a view goes, for a token at its end.
	behindView = 64 << 10
)

// view is read for a text that need not be read: what has no candidate is judged where it lies, and nothing else of it is
// copied. It reports false where that is not possible, or not for all of the piece.
func (p *piece) view(ctx context.Context, detector detectors.Detector, from int64) bool {
	skimmer, ok := detector.(detectors.Skimmer)
	viewer, visible := p.reader.(Viewer)
	if !ok || !visible {
		return false
	}
	start, end := min(p.start, max(from-inFront, 0)), min(p.end+behindView, p.size)
	complete := false
	whole := viewer.View(start, end, func(text []byte) {
		p.lines.pass(text[p.start-start : from-start])
		pass := p.pass(detector, from)
		complete, p.err = pass.skim(ctx, text, int(from-start), end == p.size, skimmer)
		p.lines = pass.line
	})
	if !whole || !complete && p.err == nil {
		return false
	}
	p.bytes = p.end - p.start
	return true
}

// skim is run for a text that is in view, of which the pass begins at start. It reports false where a token goes on behind
// the view.
func (p *pass) skim(ctx context.Context, view []byte, start int, atEOF bool, skimmer detectors.Skimmer) (complete bool, err error) {
	pooled := buffers.Get().(*[]byte)
	defer buffers.Put(pooled)
	buffer := *pooled
	// view[front:base] is done with, and will be shown again; the lines have been followed up to front.
	front, base, size := max(0, start-inFront), start, windowSize
	for {
		if err := ctx.Err(); err != nil {
			return false, err
		}
		end := min(start+p.windowEnd(base-start, size), len(view))
		last := end == len(view)
		done := skimmed(skimmer, view[base:end], last && atEOF)
		if done == 0 {
			if len(buffer) < end-front {
				buffer = make([]byte, end-front+size)
			}
			p.told, p.behind = base-start, view[end:]
			if done, err = p.showAgain(buffer[:copy(buffer, view[front:end])], front-start, last && atEOF); err != nil {
				return false, err
			}
			done -= base - front
		}
		if done >= (end-base)/2 {
			size = windowSize
		} else { // what is shown again and again grows, so that all of it together stays linear
			size = min(2*size, maxBuffer)
		}
		base += done
		ended := base-start >= int(p.limit) || last && atEOF
		next := max(front, base-inFront)
		if ended {
			next = start + int(p.limit)
		}
		p.line.pass(view[max(front, start):max(next, start)])
		if front = next; ended || last {
			return ended, nil
		}
	}
}

// skimmed returns how much of a window need not be shown, 0 where it must be.
func skimmed(skimmer detectors.Skimmer, window []byte, atEOF bool) (done int) {
	done, clean := pastZeros(window), true
	if done == 0 {
		done, clean = skimmer.Skim(window)
	}
	switch {
	case !clean:
		return 0
	case atEOF:
		return len(window)
	}
	return done
}

// showAgain is show, but leaves the lines where they are. At least what was told before is done with.
func (p *pass) showAgain(block []byte, base int, atEOF bool) (done int, err error) {
	line := p.line
	p.line.first = bytes.Clone(line.first)
	done, err = p.show(block, int64(base), atEOF)
	p.line = line
	return max(done, p.told-base), err
}

// windowEnd returns how far a window from base on goes: not much further than the limit, unless so much was not enough.
func (p *pass) windowEnd(base, size int) int {
	end, limit := base+size, int(p.limit)
	if size == windowSize && end > limit {
		return max(limit, base+tailSize)
	}
	return end
}
