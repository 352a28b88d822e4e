package container

import (
	"bytes"
	"context"
)

const (
	notesLabel    = "(names and comments)"
	trailingLabel = "(trailing data)"
	gapLabel      = "(outside the entries)"
)

// notes collects what a container says of its entries, a line each, to be shown as a text: a name may hold a token.
type notes struct {
	walker *walker
	of     *text
	buffer bytes.Buffer
}

func (w *walker) notes(of *text) *notes { return &notes{walker: w, of: of} }

// add takes lines in. It shows what it has when that is much.
func (n *notes) add(ctx context.Context, lines ...string) error {
	for _, line := range lines {
		if line != "" {
			n.buffer.WriteString(line)
			n.buffer.WriteByte('\n')
		}
	}
	if n.buffer.Len() < 256<<10 {
		return nil
	}
	return n.show(ctx)
}

// show shows what was taken in since it was last called.
func (n *notes) show(ctx context.Context) error {
	defer n.buffer.Reset()
	return n.walker.part(ctx, n.of, notesLabel, n.buffer.Bytes())
}
