package container

import (
	"context"
	"errors"
	"io"
	"time"
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
	// ahead says that the decoder works on goroutines of its own.
	ahead bool
}

// errTrailing is a codec's word for a sound end with something behind it.
var errTrailing = errors.New("trailing data")

// A labelled stream has a name, a time and a comment of its own.
type labelledStream interface {
	label() (name string, modified time.Time, notes []string)
}

// weakProof is how many decoded bytes prove a weak magic.
const weakProof = 512

// compressed shows the text of t, a stream of format.
func (w *walker) compressed(ctx context.Context, t *text, format Format, c codec) error {
	source := t.tape()
	var reader io.Reader
	err := guard(func() (err error) { reader, err = c.open(source, w); return err })
	if err != nil {
		if c.weak {
			return w.remainder(ctx, t, source)
		}
		return w.broken(ctx, t, format, source, err)
	}
	if closer, ok := reader.(io.Closer); ok {
		defer guard(closer.Close) //nolint:errcheck // nothing is lost by it
	}
	var head []byte
	if c.weak {
		var proven bool
		if head, proven = prove(reader); !proven {
			return w.remainder(ctx, t, source)
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
	output := newAhead(&decoded{ctx: ctx, reader: ending, budget: w.budget})
	output.never = c.ahead
	child.reader = io.MultiReader(&consumed{data: head}, output)
	if len(head) == 0 {
		child.reader = output
	}
	err = w.text(ctx, child)
	output.stop()
	if err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	names := w.notes(t)
	if err := errors.Join(names.add(ctx, lines...), names.show(ctx)); err != nil {
		return err
	}
	return w.afterStream(ctx, t, format, source, output.source, ending)
}

// afterStream tells how the stream ended and shows what follows it.
func (w *walker) afterStream(ctx context.Context, t *text, format Format, source *tape, output *decoded, e *ending) error {
	failure := output.failure()
	switch {
	case errors.Is(failure, errTrailing), failure == nil && e.ended:
	case failure == nil: // the visitor had enough
		return nil
	case errors.Is(failure, errExpansion):
		return w.problem(t, format, failure)
	case format == Gzip && w.resumed < maxResumed:
		return w.resume(ctx, t, source, failure)
	default:
		return w.broken(ctx, t, format, source, failure)
	}
	source.skipZeros()
	return w.trailing(ctx, t, source)
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

// prove reads the first bytes of a stream with a weak magic, and reports whether it is one.
func prove(reader io.Reader) (head []byte, proven bool) {
	head = make([]byte, weakProof)
	n := 0
	for n < len(head) {
		k, err := guardedRead(reader, head[n:])
		n += k
		if err != nil {
			return head[:n], n > 0 && (err == io.EOF || errors.Is(err, errTrailing)) //nolint:errorlint // as readers tell it
		}
	}
	return head, true
}
