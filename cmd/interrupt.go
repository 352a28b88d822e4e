package cmd

import (
	"context"
	"io"
)

// interruptible runs what reads, and waits for it no longer than until the context is done: nothing else ends a read from a
// terminal or a pipe. What was read until then is not to be used.
func interruptible(ctx context.Context, read func() error) error {
	done := make(chan error, 1)
	go func() { done <- read() }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return errInterrupted
	}
}

// An interruptibleWriter writes until the context is done.
type interruptibleWriter struct {
	io.Writer
	ctx context.Context //nolint:containedctx // an io.Writer is handed none
}

func (w interruptibleWriter) Write(p []byte) (int, error) {
	if w.ctx.Err() != nil {
		return 0, errInterrupted
	}
	return w.Writer.Write(p)
}
