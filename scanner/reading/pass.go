package reading

import (
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
	"sync"

	"github.com/jwtleak/jwtleak/detectors"
	"github.com/jwtleak/jwtleak/detectors/jwt"
)

// A Sighting is one token in a text.
type Sighting struct {
	// Match is the token. Its Start and End are of no meaning here: Offset says where it is.
	Match detectors.Match
	// Offset is where the token, with its wrapping, starts in the text. Line and Column are 1-based. Offset and Column
	// count bytes.
	Offset, Line, Column int64
	// LineStart is the beginning of the token's line, at most MaxLineStart bytes and none of the token. It is valid until
	// the function that is told returns.
	LineStart []byte
	// LineRest is what follows the token on its line, as far as it has been read: the end of what was read cuts it short.
	// Where the line ends within MaxLineRest bytes it is all of that, else the first ShortLineRest bytes. It is valid as
	// long as LineStart is.
	LineRest []byte

	text surroundings
}

// MaxLineStart is how much of a line is kept for Sighting.LineStart, in bytes: a line of journald's JSON has a dozen
// fields, in any order, before the one with its time.
const MaxLineStart = 4 << 10

// MaxLineRest bounds Sighting.LineRest where the line ends within it, ShortLineRest where it doesn't, in bytes. What goes
// on for longer is no line of a log, and may have thousands of tokens.
const (
	MaxLineRest   = 4 << 10
	ShortLineRest = 256
)

const (
	// blockSize is what is read at once: it stays in the second level of cache.
	blockSize = 256 << 10
	// tailSize is what is read at once behind the limit of a pass, where a token is expected to end soon.
	tailSize = 16 << 10
	// growth is how many times what a detector held back is shown to it next.
	growth = 8
	// beyond is the same where the limit of a pass lies within that.
	beyond = 2
	// waitFrom is how much a detector may hold back and still be asked again whenever more has come.
	waitFrom = 64 << 10
	// mostUnit is as much as a part of a wrapping's unit may be that has come, in bytes: it stands behind the token.
	mostUnit = 16
	// maxBuffer bounds what is held of a text whose detector asks for more: what it may ask for, and as much again, so that
	// all that is shown again is no more than the text.
	maxBuffer = 2 * detectors.MaxHeld
)

// buffers are reused from text to text.
var buffers = sync.Pool{New: func() any { b := make([]byte, blockSize); return &b }}

// A pass takes a detector over a text, block by block.
type pass struct {
	detector detectors.Detector
	// limit, where not negative, is how far the pass goes: a token that starts behind it is another's, one that starts
	// before it is read to its end.
	limit int64
	found func(Sighting) error
	// line is what is known of the lines so far.
	line lines
	// front is the end of what is done with, at most maxFront bytes.
	front []byte
	// sight is the text at hand of which a block is shown.
	sight sight
	// toldIdle has the tokens, by offset, that were told while the stream was idle, and will be met again.
	toldIdle map[int64]string
	// coming says that the text is a stream that is waited for.
	coming bool
	// told is the offset up to where all tokens that end there were told, though they are shown again.
	told int64
	// allowance is what the detector may still do for the text, and granted the offset up to where that was made more.
	allowance detectors.Allowance
	granted   int64
	// dirty is how many candidates in a row were near to each other.
	dirty int
	// heldBack is how much at the start of the block was shown before, and is needed again with what follows.
	heldBack int
	// judged is the offset up to where there is no candidate, though it is held for the sake of what follows, and kept how much was,
	// when that was last found out.
	judged int64
	kept   int
}

// A sight is the text at hand of which a block is shown. The zero value is that of a block of which no more is at hand.
type sight struct {
	text  []byte
	block int   // where the block begins in the text
	ahead int64 // the offset up to where what follows counts for what the detector may do
	known int   // bytes at the beginning of the block that are shown for the sake of what follows alone
}

// behind returns what follows the block.
func (s sight) behind(block []byte) []byte {
	if s.text == nil {
		return nil
	}
	return s.text[s.block+len(block):]
}

// run reads r, whose text starts at offset 0, and returns how many bytes it read.
func (p *pass) run(ctx context.Context, r io.Reader) (int64, error) {
	pooled := buffers.Get().(*[]byte)
	defer buffers.Put(pooled)
	buffer, held := *pooled, 0 // buffer[:held] is to be shown again
	base := int64(0)           // the offset of buffer[0]
	enough := 0                // how much must be there before the detector is asked again
	_, p.coming = r.(Waiter)
	for {
		if err := ctx.Err(); err != nil {
			return base + int64(held), err
		}
		if held == len(buffer) {
			buffer = append(make([]byte, 0, min(2*len(buffer), maxBuffer)), buffer...)
			buffer = buffer[:cap(buffer)]
		}
		free := buffer[held:p.readTo(base, held, len(buffer))]
		n, idle, err := ReadSoon(r, free)
		if idle {
			if err := p.showIdle(buffer[:held], base); err != nil {
				return base + int64(held), err
			}
			n, err = r.Read(free)
		}
		held += n
		atEOF := errors.Is(err, io.EOF)
		if err != nil && !atEOF {
			// What was read before counts, also where somebody ended the reading: the text ends here as far as anyone can tell.
			_, failed := p.look(context.WithoutCancel(ctx), buffer[:held], base, true)
			return base + int64(held), errors.Join(failed, err)
		}
		if held < enough && !atEOF {
			continue
		}
		done, failed := p.look(ctx, buffer[:held], base, atEOF)
		if failed != nil || atEOF || (p.limit >= 0 && base+int64(done) >= p.limit) {
			return base + int64(held), failed
		}
		base += int64(done)
		p.passed(buffer[:done])
		held = copy(buffer, buffer[done:held])
		p.heldBack = held
		// What is shown again and again is some times as much each time, so that all of it together stays linear.
		if enough = 0; held > waitFrom {
			enough = p.bounded(base, min(growth*held, maxBuffer), held)
		}
	}
}

// bounded returns how much of size bytes from base on is shown where so many of them are shown again: not much behind the
// limit, where all is of use to what begins before it alone, and is shown to another pass as well.
func (p *pass) bounded(base int64, size, again int) int {
	if p.limit < 0 || base+int64(size) <= p.limit {
		return size
	}
	return min(size, max(int(p.limit-base), beyond*again, shownSize))
}

// showIdle tells what is in the text that is held while nothing comes, as though it had ended. A token that the detector
// held back, since what follows may belong to it, is told now; if more of it does come, it is told again, as it is then. One
// that lacks some of its signature at the end of what has come is not told: the rest is on its way.
func (p *pass) showIdle(held []byte, base int64) error {
	if len(held) == 0 {
		return nil
	}
	line, found := p.line, p.found
	p.line.first = bytes.Clone(line.first)
	before := p.toldIdle
	p.toldIdle = nil
	told := map[int64]string{}
	p.found = func(sighting Sighting) error {
		if p.isComing(sighting.Match, base+int64(len(held))-sighting.Offset) {
			return nil
		}
		told[sighting.Offset] = sighting.Match.Token
		if before[sighting.Offset] == sighting.Match.Token {
			return nil
		}
		return found(sighting)
	}
	p.allowance.Trial = true
	_, err := p.show(held, base, true)
	p.allowance.Trial = false
	p.line, p.found, p.toldIdle = line, found, told
	return err
}

// isComing reports whether some of a token is yet to come, as far as can be told of one that starts so many bytes in front of
// the end.
func (p *pass) isComing(match detectors.Match, toEnd int64) bool {
	behind := toEnd - int64(match.End)
	atEnd := behind == 0 || match.Encodings != nil && behind < mostUnit
	return atEnd && !jwt.HasWholeSignature(match.Token) && !jwt.IsUnsigned(match.Token)
}

// readTo returns how far the buffer may be filled: not much further than the limit.
func (p *pass) readTo(base int64, held, size int) int {
	if p.limit < 0 {
		return size
	}
	if left := p.limit - base - int64(held); left > 0 {
		return int(min(int64(size), int64(held)+left))
	}
	return min(size, held+tailSize)
}

// look looks at a block as show does, but shows the detector only what is about a candidate if it can tell where they are.
func (p *pass) look(ctx context.Context, block []byte, base int64, atEOF bool) (done int, err error) {
	skimmer, ok := p.detector.(detectors.Skimmer)
	if !ok {
		return p.show(block, base, atEOF)
	}
	p.allowance.Coming = p.coming && len(block) <= waitFrom // else what is shown again is bounded by what comes
	s := newSkim(p, skimmer, block, base, atEOF)
	err = s.run(ctx)
	p.judged = base + int64(s.judged)
	if !atEOF || p.limit >= 0 { // else nothing comes whose line would be asked for
		s.follow(p.within(base, s.base))
	}
	p.sight = sight{}
	return s.base, err
}

// show shows a block to the detector and tells what it finds. It returns how much of the block is done with. What lies
// before offset 0 is shown for the sake of what follows alone.
func (p *pass) show(block []byte, base int64, atEOF bool) (int, error) {
	if done := pastZeros(block); done > 0 && !atEOF {
		p.line.passZeros(int64(p.within(base, done)))
		return done, nil
	}
	var failed error
	counted := int(max(0, -base))
	done := p.detect(block, base, atEOF, func(match detectors.Match) {
		if failed != nil || (p.limit >= 0 && base+int64(match.Start) >= p.limit) {
			return
		}
		offset := base + int64(match.Start)
		if token, ok := p.toldIdle[offset]; ok && token == match.Token || offset < 0 || base+int64(match.End) <= p.told {
			return
		}
		if match.Start > counted {
			p.line.pass(block[counted:match.Start])
			counted = match.Start
		}
		sighting := Sighting{Match: match, Offset: offset, Line: p.line.number, LineStart: p.line.first}
		sighting.Column = p.line.length + 1
		sighting.LineRest = lineRest(block[match.End:], p.sight.behind(block))
		sighting.Match.Start, sighting.Match.End = 0, match.End-match.Start
		sighting.text = surroundings{front: p.front, block: block, start: match.Start}
		if p.sight.text != nil {
			sighting.text.block, sighting.text.start = p.sight.text, match.Start+p.sight.block
		}
		failed = p.found(sighting)
	})
	// A detector that holds back more than it may is made to go on.
	if !atEOF && done == 0 && len(block) >= maxBuffer {
		done = len(block) - detectors.MaxHeld/2
	}
	if !atEOF || p.limit >= 0 { // else nothing comes whose line would be asked for
		p.line.pass(block[counted:max(p.within(base, done), counted)])
	}
	return done, failed
}

// detect shows a block to the detector.
func (p *pass) detect(block []byte, base int64, atEOF bool, yield func(detectors.Match)) (done int) {
	skimmer, ok := p.detector.(detectors.Skimmer)
	if !ok {
		return p.detector.Detect(block, atEOF, yield)
	}
	fresh := max(p.sight.ahead-p.granted, base+int64(len(block))-p.granted, 0)
	p.granted += fresh
	p.allowance.Known = p.sight.known
	return skimmer.DetectWithin(&p.allowance, int(fresh), block, atEOF, yield)
}

// lineRest returns the first of text, and of what is behind it, as far as its line goes.
func lineRest(text, behind []byte) []byte {
	near := text[:min(len(text), MaxLineRest+1)]
	end := bytes.IndexByte(near, '\n')
	if end < 0 && len(near) <= MaxLineRest && len(behind) > 0 {
		near = slices.Concat(near, behind[:min(len(behind), MaxLineRest+1-len(near))])
		end = bytes.IndexByte(near, '\n')
	}
	switch {
	case end >= 0:
		return near[:end]
	case len(near) <= MaxLineRest:
		return near
	}
	return near[:ShortLineRest]
}

// within returns how much of what a block is done with lies before the limit.
func (p *pass) within(base int64, done int) int {
	if p.limit < 0 {
		return done
	}
	return int(max(0, min(int64(done), p.limit-base)))
}

// lines follow the lines of a text.
type lines struct {
	number int64  // of the line that is being read, from 1
	length int64  // of what was read of it, in bytes
	first  []byte // the beginning of it, at most MaxLineStart bytes
}

func newLines() lines { return lines{number: 1} }

var newline = []byte{'\n'}

// pass takes in the text that follows.
func (l *lines) pass(text []byte) { l.passCounted(text, bytes.Count(text, newline)) }

// passCounted is pass for a text with a known number of line feeds.
func (l *lines) passCounted(text []byte, feeds int) {
	if last := lastNewline(text); last >= 0 {
		l.number += int64(feeds)
		l.length, l.first = 0, l.first[:0]
		text = text[last+1:]
	}
	l.first = append(l.first, text[:min(len(text), MaxLineStart-len(l.first))]...)
	l.length += int64(len(text))
}

// lastNewline is bytes.LastIndexByte, which looks at one byte at a time: in a text of long lines it would cost more than
// the detector. Forward searches use vectors, so the part that has a newline is found by them.
func lastNewline(text []byte) int {
	const part = 1 << 10
	for end := len(text); end > 0; end -= part {
		start := max(0, end-part)
		if bytes.IndexByte(text[start:end], '\n') >= 0 {
			return start + bytes.LastIndexByte(text[start:end], '\n')
		}
	}
	return -1
}

// append takes in the lines of a further piece of the text, which were followed from its own start.
func (l *lines) append(piece lines) {
	if piece.number > 1 {
		l.number += piece.number - 1
		l.length, l.first = 0, l.first[:0]
	}
	l.length += piece.length
	l.first = append(l.first, piece.first[:min(len(piece.first), MaxLineStart-len(l.first))]...)
}
