package container

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync/atomic"
)

// A walker walks one outer text.
type walker struct {
	visitor    Visitor
	limits     Limits
	budget     *budget
	containers int64
	told       [limitCount]bool // limits already told as a problem
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
)

// text shows what is in t.
func (w *walker) text(ctx context.Context, t *text) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	format, ok := Recognise(t.prefix(), t.name)
	if !ok {
		return w.leaf(ctx, t)
	}
	if t.depth >= w.limits.MaxDepth {
		if err := w.limit(limitDepth, t.chain, fmt.Sprintf("%s nested deeper than the limit of %d", format, w.limits.MaxDepth)); err != nil {
			return err
		}
		return w.leaf(ctx, t)
	}
	w.containers++
	return format.entry().open(w, ctx, t)
}

// leaf shows t itself.
func (w *walker) leaf(ctx context.Context, t *text) error {
	leaf := Leaf{Chain: slices.Clone(t.chain), Bytes: t.held, Size: t.size, Modified: t.modified}
	if t.held == nil {
		leaf.Reader = t.sequence()
	}
	return w.visitor.Leaf(ctx, leaf)
}

// part shows bytes of t that are in none of its entries.
func (w *walker) part(ctx context.Context, t *text, label string, data []byte) error {
	if len(data) == 0 {
		return nil
	}
	child := t.inside(label)
	child.hold(data)
	return w.leaf(ctx, child)
}

func (w *walker) problem(t *text, format Format, err error) error {
	switch {
	case errors.Is(err, errExpansion):
		return w.limit(limitExpansion, t.chain, fmt.Sprintf("unpacking stopped: more than %d bytes, %d times the size", w.limits.FreeExpansion, w.limits.MaxExpansion))
	case errors.Is(err, errEntries):
		return w.limit(limitEntries, t.chain, fmt.Sprintf("unpacking stopped after %d entries", w.limits.MaxEntries))
	}
	return w.visitor.Problem(slices.Clone(t.chain), fmt.Sprintf("%s: %v", format, err))
}

// limit tells that a limit was reached, once for each limit.
func (w *walker) limit(which int, chain []string, reason string) error {
	if w.told[which] {
		return nil
	}
	w.told[which] = true
	return w.visitor.Problem(slices.Clone(chain), reason)
}

// entry counts an entry and returns errEntries where there have been too many.
func (w *walker) entry() error {
	w.budget.opened++
	if w.budget.opened > w.limits.MaxEntries {
		return errEntries
	}
	if w.budget.exhausted() {
		return errExpansion
	}
	return nil
}

// A decoded is the output of a third party's decoder: its panics are errors, its bytes are counted, and it ends where
// it breaks off, keeping the error.
type decoded struct {
	ctx    context.Context
	reader io.Reader
	budget *budget
	err    error // nil until it breaks off; io.EOF at a sound end
}

func (w *walker) decode(ctx context.Context, reader io.Reader) *decoded {
	return &decoded{ctx: ctx, reader: reader, budget: w.budget}
}

// Read implements io.Reader.
func (d *decoded) Read(p []byte) (n int, err error) {
	if d.err != nil {
		return 0, io.EOF
	}
	if err := d.ctx.Err(); err != nil {
		return 0, err
	}
	n, d.err = guardedRead(d.reader, p)
	if !d.budget.spend(n) {
		d.err = errExpansion
	}
	if d.err != nil {
		return n, io.EOF
	}
	return n, nil
}

// failure returns what made it break off, nil if nothing did.
func (d *decoded) failure() error {
	if d.err == io.EOF {
		return nil
	}
	return d.err
}

func guardedRead(reader io.Reader, p []byte) (n int, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			n, err = 0, errors.New("the decoder failed on it")
		}
	}()
	n, err = reader.Read(p)
	if n < 0 || n > len(p) {
		return 0, errors.New("the decoder failed on it")
	}
	return n, err
}

// guard calls a third party's parser and returns its panic as an error.
func guard(call func() error) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = errors.New("the decoder failed on it")
		}
	}()
	return call()
}

type countingReader struct {
	reader io.Reader
	count  *atomic.Int64
}

func (r *countingReader) Read(p []byte) (int, error) {
	n, err := r.reader.Read(p)
	r.count.Add(int64(n))
	return n, err
}
