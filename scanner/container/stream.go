package container

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"
	"unicode/utf8"
)

// A codec is a format of compressed streams: one text, no entries.
type codec struct {
	suffixes []string // of file names, that go where the text is named
	// open starts to decode source. What it returns reads all the streams that follow each other in source and leaves
	// source right behind the last, where it can; errTrailing says that what follows is no further stream, and that
	// source stands there.
	open func(source *tape, w *walker) (io.Reader, error)
	// weak says that the magic is found in other texts too: a stream that breaks before anything was decoded was none.
	weak bool
	// says tells by the first bytes and the name of a text with a weak magic that it is a stream, though it was not decoded:
	// what may not have the memory that it needs is a problem. It may be nil.
	says func(prefix []byte, name string) bool
	// named says that there is no magic, and that the name alone tells the format: a text that looks like none and can't be
	// decoded is broken.
	named bool
	// text says that what it decodes to is a text, or there was no stream.
	text bool
	// magic is what a stream of the format begins with, where it is told beyond doubt in the midst of other data: by begins as
	// well, unless that is nil.
	magic  string
	begins func(prefix []byte) bool
	// ahead says that the decoder works on goroutines of its own.
	ahead bool
}

// errTrailing is a codec's word for a sound end with something behind it, errBehind for one of which it can't say where it
// is.
var (
	errTrailing = errors.New("trailing data")
	errBehind   = errors.New("trailing data somewhere")
)

// A labelled stream has a name, a time and a comment of its own.
type labelledStream interface {
	label() (name string, modified time.Time, notes []string)
}

// weakProof is how many decoded bytes prove a weak magic.
const weakProof = 512

// compressed shows the text of t, a stream of format.
func (w *walker) compressed(ctx context.Context, t *text, format Format, c codec) error {
	source := t.tape()
	plain := c.weak && isPlain(source.front(SniffLength))
	var reader io.Reader
	err := guard(func() (err error) { reader, err = c.open(source, w); return err })
	if err != nil {
		refused := errors.Is(err, errMemory) && c.says != nil && c.says(source.peek(SniffLength), t.name)
		if c.weak && !refused {
			return w.remainder(ctx, t, source)
		}
		return w.broken(ctx, t, format, source, err)
	}
	if closer, ok := reader.(io.Closer); ok {
		defer guard(closer.Close) //nolint:errcheck // nothing is lost by it
	}
	var head []byte
	if c.weak {
		var failure error
		if head, failure = firstOf(reader); c.text && !isPlain(head) {
			return w.remainder(ctx, t, source)
		} else if failure != nil {
			if !c.proven(head, failure, plain) {
				return w.remainder(ctx, t, source)
			}
			reader = &failed{failure}
		}
	}
	w.containers++
	child := t.content("", c.suffixes)
	var lines []string
	if l, ok := reader.(labelledStream); ok {
		name, modified, l := l.label()
		child, lines = t.content(name, c.suffixes), l
		child.dated(modified)
	}
	ending := &ending{reader: reader}
	output := w.newAhead(&decoded{ctx: ctx, reader: ending, budget: w.budget})
	output.live, output.never = t.live, c.ahead
	child.live = t.live
	child.reader = io.MultiReader(&consumed{data: head}, output)
	if len(head) == 0 {
		child.reader = output
	}
	defer output.stop() // as in contentAhead
	err = w.text(ctx, child)
	output.stop()
	if err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	names := w.notes(t)
	if err := errors.Join(names.add(ctx, lines...), names.show(ctx), w.aside(ctx, t, format, reader)); err != nil {
		return err
	}
	return w.afterStream(ctx, t, format, source, c, output.source, ending)
}

// aside shows what is in a stream's skippable frames.
func (w *walker) aside(ctx context.Context, t *text, format Format, reader io.Reader) error {
	a, ok := reader.(asideStream)
	if !ok {
		return nil
	}
	kept, missed := a.aside()
	if missed > 0 {
		failure := fmt.Errorf("%d bytes of skippable frames were not read: more than %d MiB", missed, maxSkippable>>20)
		if err := w.problem(t, format, failure); err != nil {
			return err
		}
	}
	return w.part(ctx, t, skippableLabel, kept)
}

// afterStream tells how the stream ended and shows what follows it.
func (w *walker) afterStream(
	ctx context.Context, t *text, format Format, source *tape, c codec, output *decoded, e *ending,
) error {
	failure := output.failure()
	switch {
	case errors.Is(failure, errTrailing), failure == nil && e.ended:
	case failure == nil: // the visitor had enough
		return nil
	case errors.Is(failure, errBehind):
		return w.remainder(ctx, t, source)
	case errors.Is(failure, errExpansion):
		return w.problem(t, format, failure)
	case c.magic != "" && w.resumed < maxResumed:
		return w.resume(ctx, t, format, source, c, e.reader, failure)
	default:
		return w.broken(ctx, t, format, source, failure)
	}
	source.skipZeros()
	if c.magic == "" || len(source.peek(1)) == 0 {
		return w.trailing(ctx, t, source)
	}
	rest := t.behind()
	rest.reader, rest.stream, rest.live = source, source, t.live
	if _, ok := Recognise(rest.beginning(), rest.name); ok {
		return w.text(ctx, rest)
	}
	return w.further(ctx, t, format, source, c, rest, 0)
}

// An ending notes that its reader came to its end.
type ending struct {
	reader io.Reader
	ended  bool
	some   bool // something was read
}

func (e *ending) Read(p []byte) (int, error) {
	n, err := e.reader.Read(p)
	e.ended, e.some = e.ended || err != nil, e.some || n > 0
	return n, err
}

// firstOf reads the first bytes of a stream with a weak magic. The error is nil where that is no end of it.
func firstOf(reader io.Reader) (head []byte, err error) {
	head = make([]byte, weakProof)
	n := 0
	for n < len(head) && err == nil {
		var k int
		k, err = guardedRead(reader, head[n:])
		n += k
	}
	return head[:n], err
}

// proven reports whether a stream with a weak magic is one although it ended, or broke off, behind its first bytes. plain
// says that it looks like a text.
func (c codec) proven(head []byte, failure error, plain bool) bool {
	switch {
	case failure == io.EOF, errors.Is(failure, errTrailing), errors.Is(failure, errBehind): //nolint:errorlint // as readers tell it
		return len(head) > 0
	case plain:
		return false
	}
	return c.named || len(head) > 0 && errors.Is(failure, io.ErrUnexpectedEOF)
}

// isPlain reports whether a text begins as one for people does: in UTF-8, without control characters.
func isPlain(prefix []byte) bool {
	for len(prefix) > 0 {
		r, size := utf8.DecodeRune(prefix)
		if r == utf8.RuneError && size == 1 {
			return len(prefix) < utf8.UTFMax && !utf8.FullRune(prefix)
		}
		if r < ' ' && r != '\t' && r != '\n' && r != '\r' {
			return false
		}
		prefix = prefix[size:]
	}
	return true
}

// failed has nothing to read any more.
type failed struct{ failure error }

func (f *failed) Read([]byte) (int, error) { return 0, f.failure }
