package container

import (
	"context"
	"io"
	"time"
)

// Limits bound what is unpacked of one outer text. The zero value of a field means its default.
type Limits struct {
	// MaxDepth is how many containers may lie inside one another. The text of a deeper one is shown as it is.
	MaxDepth int
	// MaxExpansion is how many bytes may be unpacked, at all depths together, for each byte of the outer text.
	MaxExpansion int64
	// FreeExpansion is how many bytes may be unpacked whatever the ratio, so that a small text that compresses well is
	// read whole.
	FreeExpansion int64
	// MaxEntries is how many entries may be unpacked, at all depths together.
	MaxEntries int64
	// MaxMemory is how many bytes one container may have held in memory: as a dictionary, or because its format can't
	// be read in order.
	MaxMemory int64
}

// DefaultLimits returns the limits that every sound archive met so far stays below.
func DefaultLimits() Limits {
	return Limits{MaxDepth: 5, MaxExpansion: 500, FreeExpansion: 1 << 30, MaxEntries: 1 << 20, MaxMemory: 64 << 20}
}

func (l Limits) withDefaults() Limits {
	d := DefaultLimits()
	if l.MaxDepth <= 0 {
		l.MaxDepth = d.MaxDepth
	}
	if l.MaxExpansion <= 0 {
		l.MaxExpansion = d.MaxExpansion
	}
	if l.FreeExpansion <= 0 {
		l.FreeExpansion = d.FreeExpansion
	}
	if l.MaxEntries <= 0 {
		l.MaxEntries = d.MaxEntries
	}
	if l.MaxMemory <= 0 {
		l.MaxMemory = d.MaxMemory
	}
	return l
}

// An Input is an outer text: a file, a git blob, a stream.
type Input struct {
	// Name is its name or path; of use where content alone does not tell the format.
	Name string
	// Bytes is the text where it is in memory. It is not changed, and not kept once Walk has returned.
	Bytes []byte
	// Reader is the text where Bytes is nil. One that is an io.ReaderAt too, with Size known, is read at any offset.
	Reader io.Reader
	// Size is the length of Reader's text in bytes, or negative where it is not known.
	Size int64
	// Modified is the text's own time. An entry that has none inherits it.
	Modified time.Time
	// Shared is what this walk has in common with the others of a scan; nil for a walk alone.
	Shared *Shared
}

// A Leaf is a text with no further container inside.
type Leaf struct {
	// Chain is the way from the outer text to this one: the names of the entries, outermost first. A compressed stream
	// that is the outer text adds the name of what is in it; one that is an entry of an archive adds none, as the
	// entry's name says which text is meant: the content of a.gz in logs.zip in a tar is ["logs.zip", "a.gz"]. A part that is no entry
	// has a name in parentheses: "(trailing data)", "(names and comments)". Empty for the outer text itself. It is
	// the visitor's to keep.
	Chain []string
	// Bytes is the text where it is in memory, valid until the visitor returns; not to be changed.
	Bytes []byte
	// Reader is the text where Bytes is nil, valid until the visitor returns. Its only error is io.EOF or that of a
	// canceled context: a text that breaks off ends, and the problem is told after.
	Reader io.Reader
	// Size is the length in bytes, or -1 where it is not known beforehand.
	Size int64
	// Modified is the time of the entry, or of the nearest thing around it that has one.
	Modified time.Time
	// Seen, where set, is to be told what is met in the text, for parts of it are shown again in another form. Where Origin
	// is set too, the text is such a part, and what was met at its origin is no other thing.
	Seen *Seen
	// Origin returns from where to where what stands between two offsets of the text stood there; false where that is not
	// known any more.
	Origin func(from, to int64) (start, end int64, ok bool)
}

// A Visitor is shown what Walk finds, on Walk's goroutine, one thing at a time. An error ends the walk.
type Visitor interface {
	// Leaf reads the text. It need not read all of it.
	Leaf(ctx context.Context, leaf Leaf) error
	// Problem tells of a part that could not be read, and why. The chain is the visitor's to keep; it may hold
	// names from inside archives, and so a token.
	Problem(chain []string, reason string) error
}

// Walk shows every innermost text of input to visitor and returns the number of containers it opened. Its error is the
// context's or the visitor's; a container that can't be read is no such error. It starts goroutines that decode ahead
// of the visitor, and has ended them when it returns.
func Walk(ctx context.Context, input Input, limits Limits, visitor Visitor) (containers int64, err error) {
	limits = limits.withDefaults()
	w := &walker{visitor: visitor, limits: limits, shared: input.Shared}
	if w.shared == nil {
		w.shared = NewShared()
		defer w.shared.Close()
	}
	t := &text{name: input.Name, modified: input.Modified, size: -1}
	switch at, ok := input.Reader.(io.ReaderAt); {
	case input.Bytes != nil || input.Reader == nil:
		t.hold(input.Bytes)
	case ok && input.Size >= 0:
		t.at, t.size = at, input.Size
	default:
		_, t.live = input.Reader.(waiter)
		t.reader = input.Reader
	}
	w.budget = newBudget(limits, t)
	defer func() {
		if w.entered {
			w.shared.leave()
		}
	}()
	err = w.text(ctx, t)
	return w.containers, err
}

// window is the largest dictionary or window a decoder may keep: what zstd --long and the highest levels of xz and 7z
// take.
func (l Limits) window() int64 { return 2 * l.MaxMemory }
