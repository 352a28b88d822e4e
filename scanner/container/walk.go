package container

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"

	"github.com/andybalholm/brotli"

	"github.com/jwtleak/jwtleak/scanner/fault"
)

// A walker walks one outer text.
type walker struct {
	visitor    Visitor
	limits     Limits
	budget     *budget
	containers int64
	told       [limitCount]bool // limits already told as a problem
	inflaters  []*inflater      // free ones: an archive may have many short entries
	tapes      []*tape          // as well
	brotlis    []*brotli.Reader // as well
	resumed    int              // times that a broken gzip was gone on with
	shared     *Shared
	entered    bool // it may open containers

	claims  sync.Mutex // guards claimed: decoders read on goroutines of their own
	claimed int64      // bytes of large windows
}

// The limits, each told once.
const (
	limitDepth = iota
	limitExpansion
	limitEntries
	limitCount
)

var (
	errExpansion = errors.New("expands beyond the limit")
	errEntries   = errors.New("more entries than the limit")
	errDecoder   = errors.New("the decoder failed on it")
	errEncrypted = errors.New("encrypted")
	errMemory    = errors.New("needs more memory than the limit")
	errChecksum  = errors.New("checksum does not match")
)

// text shows what is in t, or t itself.
func (w *walker) text(ctx context.Context, t *text) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	format, ok := t.format, t.format != None
	if !ok {
		format, ok = Recognise(t.beginning(), t.name)
	}
	if !ok || format == PDF || format == Zstd && t.at != nil { // of which the latter is what the blocks of a table may be
		release, err := w.holdForEnd(t)
		if err != nil {
			return err
		}
		defer release()
		atEnd, found := None, false
		if t.at != nil {
			atEnd, found = RecogniseEnd(t.prefix(SniffLength), t.name, t.held, t.at, t.size)
		}
		switch {
		case found && (format != Zstd || atEnd == LevelDB):
			format = atEnd // which may have an archive at its end, too
		case !ok:
			return w.leaf(ctx, t)
		}
	}
	if t.depth >= w.limits.MaxDepth {
		if !format.sure() {
			return w.leaf(ctx, t)
		}
		reason := fmt.Sprintf("%s is nested deeper than the limit of %d", format, w.limits.MaxDepth)
		if err := w.limit(limitDepth, t, reason); err != nil {
			return err
		}
		return w.leaf(ctx, t)
	}
	if !w.entered {
		if err := w.shared.enter(ctx); err != nil {
			return err
		}
		w.entered = true
	}
	return w.contained(ctx, t, format)
}

// contained opens t. A fault in it is told, and what lies beside it is gone on with.
func (w *walker) contained(ctx context.Context, t *text, format Format) error {
	return fault.Confine(func() error { return w.open(ctx, t, format) }, func(faulty *fault.Error) error {
		return w.visitor.Problem(slices.Clone(t.chain), faulty.Error())
	})
}

// leaf shows t itself.
func (w *walker) leaf(ctx context.Context, t *text) error {
	leaf := Leaf{Chain: slices.Clone(t.chain), Bytes: t.held, Size: t.size, Modified: t.modified, Seen: t.seen, Origin: t.origin}
	switch {
	case t.held != nil:
	case t.at != nil:
		leaf.Reader = io.NewSectionReader(t.at, 0, t.size)
	default:
		source := t.tape()
		leaf.Reader = source
		if source.live {
			leaf.Reader = liveTape{source}
		} else if t.depth > 0 && source.short() {
			leaf.Bytes, leaf.Reader = source.peek(tapeSize), nil
			leaf.Size = int64(len(leaf.Bytes))
		}
	}
	return w.visitor.Leaf(ctx, leaf)
}

// part shows bytes of t that are in none of its entries.
func (w *walker) part(ctx context.Context, t *text, label string, data []byte) error {
	if len(data) == 0 {
		return nil
	}
	child := t.labelled(label)
	child.hold(data)
	return w.leaf(ctx, child)
}

// broken tells that t could not be read to its end as what it looked like, and shows what is left of it as it is.
// source is where it was read to; nil means that t is to be shown whole.
func (w *walker) broken(ctx context.Context, t *text, format Format, source *tape, cause error) error {
	if err := w.problem(t, format, cause); err != nil {
		return err
	}
	return w.remainder(ctx, t, source)
}

// remainder shows what is left of t from a little before where source stands, as it is.
func (w *walker) remainder(ctx context.Context, t *text, source *tape) error {
	if source == nil {
		return w.leaf(ctx, t)
	}
	source.rewind(0)
	if source.offset() == 0 {
		if t.at == nil {
			t.reader, t.stream = source, source
		}
		return w.leaf(ctx, t)
	}
	return w.rest(ctx, t, source)
}

// problem tells that something in t could not be read.
func (w *walker) problem(t *text, format Format, cause error) error {
	switch {
	case errors.Is(cause, context.Canceled), errors.Is(cause, context.DeadlineExceeded):
		return cause
	case errors.Is(cause, errExpansion):
		return w.limit(limitExpansion, t, fmt.Sprintf("unpacking stopped: more than %d times the size of the whole",
			w.limits.MaxExpansion))
	case errors.Is(cause, errEntries):
		return w.limit(limitEntries, t, fmt.Sprintf("unpacking stopped after %d entries", w.limits.MaxEntries))
	case errors.Is(cause, io.ErrUnexpectedEOF), errors.Is(cause, io.EOF):
		return w.visitor.Problem(slices.Clone(t.chain), format.String()+": cut short")
	}
	return w.visitor.Problem(slices.Clone(t.chain), fmt.Sprintf("%s: %v", format, cause))
}

// limit tells that a limit was reached, once for each limit.
func (w *walker) limit(which int, t *text, reason string) error {
	if w.told[which] {
		return nil
	}
	w.told[which] = true
	return w.visitor.Problem(slices.Clone(t.chain), reason)
}

// entry counts an entry and returns the limit that is reached, if one is.
func (w *walker) entry() error {
	w.budget.entries++
	if w.budget.entries > w.limits.MaxEntries {
		return errEntries
	}
	if w.budget.exhausted() {
		return errExpansion
	}
	return nil
}

// content shows child, whose text is what reader decodes, and returns what broke the reader off, nil if nothing did.
func (w *walker) content(ctx context.Context, child *text, reader io.Reader) (failure, err error) {
	output := &decoded{ctx: ctx, reader: reader, budget: w.budget}
	if err := w.stream(ctx, child, output); err != nil {
		return nil, err
	}
	return output.failure(), ctx.Err()
}

// contentAhead is content for a reader that takes time: what is long is decoded on a goroutine of its own.
func (w *walker) contentAhead(ctx context.Context, child *text, reader io.Reader) (failure, err error) {
	output := w.newAhead(&decoded{ctx: ctx, reader: reader, budget: w.budget})
	defer output.stop() // also if there is a panic, after which nobody is to read on
	err = w.stream(ctx, child, output)
	output.stop()
	if err != nil {
		return nil, err
	}
	return output.source.failure(), ctx.Err()
}

// stream shows child, whose text reader has.
func (w *walker) stream(ctx context.Context, child *text, reader io.Reader) error {
	source := w.newTape(reader, child.size)
	defer w.freeTape(source)
	child.reader, child.stream = reader, source
	return w.text(ctx, child)
}

// hold reads all of t into memory, so that it can be read at any offset, and returns what gives the memory back. It
// returns false where t is too large for that; t is then as it was.
func (w *walker) hold(t *text) (release func(), ok bool, err error) {
	if t.at != nil {
		return func() {}, true, nil
	}
	source := t.tape()
	room := w.limits.MaxMemory - w.budget.held
	if t.size > room {
		return nil, false, nil
	}
	claim := &claim{walker: w}
	held := &pile{shared: w.shared}
	defer held.free()
	if t.size > 0 {
		held.first = make([]byte, t.size+1) // for the end to be met
	}
	for held.size <= room {
		if err := claim.raise(held.size); err != nil {
			claim.release()
			return nil, false, err
		}
		if err := held.read(source); err != nil {
			if ctxErr := contextError(err); ctxErr != nil {
				claim.release()
				return nil, false, ctxErr
			}
			break
		}
	}
	data := held.bytes()
	if int64(len(data)) > room {
		claim.release()
		// What was read goes in front again.
		t.reader = io.MultiReader(&consumed{data: data}, source)
		t.stream = nil
		return nil, false, nil
	}
	size := int64(len(data))
	w.budget.held += size
	t.hold(data)
	return func() {
		w.budget.held -= size
		claim.release()
	}, true, nil
}

func contextError(err error) error {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return nil
}

// A consumed reads data and forgets it at the end.
type consumed struct{ data []byte }

func (c *consumed) Read(p []byte) (int, error) {
	if len(c.data) == 0 {
		c.data = nil
		return 0, io.EOF
	}
	n := copy(p, c.data)
	c.data = c.data[n:]
	return n, nil
}
