package cmd

import (
	"context"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// interrupts returns the signals that end a command early: it then leaves a report that is whole, and no temporary file with
// what may be tokens. A terminal that is closed sends SIGHUP, which whoever started us with nohup wants ignored.
func interrupts() []os.Signal {
	signals := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) {
		signals = append(signals, syscall.SIGHUP)
	}
	return signals
}

// insisted is how long a command still has to leave all as it should be behind the second signal. It is over in less, but where
// nobody takes what it writes.
const insisted = time.Second

// interrupted runs a command, whose context the first signal ends, and returns its exit code. Nothing ends a write to a pipe that is
// full, as that to a pager is which waits for its user: behind a second signal the command is waited for no longer than a
// second, and goes on until the process has ended.
func interrupted(command func(ctx context.Context) int) (code int) {
	// The signals are not given back: the process ends next, and each of them costs the start of a thread's worth.
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, interrupts()...)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	done := make(chan int, 1)
	go func() { done <- command(ctx) }()
	for range 2 {
		select {
		case code = <-done:
			return code
		case <-signals:
			cancel()
		}
	}
	select {
	case code = <-done:
		return code
	case <-time.After(insisted):
		return exitInterrupted
	}
}

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
