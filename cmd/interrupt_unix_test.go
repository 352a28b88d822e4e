//go:build unix

package cmd

import (
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A signallingReader is a stream in the midst of which this process gets a signal.
type signallingReader struct {
	text   string
	signal syscall.Signal
}

func (r *signallingReader) Read(p []byte) (int, error) {
	if n := copy(p, r.text); n > 0 {
		r.text = r.text[n:]
		return n, nil
	}
	if err := syscall.Kill(os.Getpid(), r.signal); err != nil {
		return 0, err
	}
	time.Sleep(300 * time.Millisecond) // until it has arrived
	return 0, io.EOF
}

// A scan that is interrupted leaves its report, which says how it ended, and nothing else.
func TestInterrupted(t *testing.T) {
	for _, sent := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP} {
		t.Run(sent.String(), func(t *testing.T) {
			if signal.Ignored(sent) {
				t.Skip("whoever started the tests has it ignored, as nohup does")
			}
			stdin := &signallingReader{exampleToken(t, nil, map[string]any{"sub": "interrupted"}) + "\n", sent}
			out := filepath.Join(t.TempDir(), "report.sarif")
			code, _, errs := run(t, stdin, "scan", "--format", "sarif", "--output", out, "--fail-on", "info", "-")
			if code != exitInterrupted {
				t.Errorf("exit code %d: %s", code, errs)
			}
			saved, err := os.ReadFile(out)
			if err != nil || !strings.Contains(string(saved), `"exitCode":130`) {
				t.Errorf("the report does not say that it was interrupted: %v", err)
			}
			if entries, err := os.ReadDir(filepath.Dir(out)); err != nil || len(entries) != 1 {
				t.Errorf("%d files are left: %v", len(entries), err)
			}
		})
	}
}

// A terminal at which nothing more is typed: whoever reads from it is interrupted and gets nothing.
type silentTerminal struct{ closed chan struct{} }

func (r *silentTerminal) Read([]byte) (int, error) {
	if err := syscall.Kill(syscall.Getpid(), syscall.SIGINT); err != nil {
		return 0, err
	}
	<-r.closed
	return 0, io.EOF
}

// Nobody writes to a pipe, nor reads from it.
func TestInterruptedAtAPipe(t *testing.T) {
	saved := filepath.Join(t.TempDir(), "saved.jsonl")
	if code, _, errs := run(t, strings.NewReader(""), "scan", "--format", "jsonl", "--output", saved, "-"); code != 0 {
		t.Fatalf("exit code %d: %s", code, errs)
	}
	for _, arguments := range [][]string{{"scan", "-", "--baseline"}, {"scan", "-", "--output"}, {"report", saved, "--output"}, {"report"}} {
		pipe := filepath.Join(t.TempDir(), "pipe") // another one, since who is interrupted goes on waiting until the process ends
		if err := syscall.Mkfifo(pipe, 0o600); err != nil {
			t.Fatal(err)
		}
		interrupt := time.AfterFunc(200*time.Millisecond, func() { _ = syscall.Kill(os.Getpid(), syscall.SIGINT) })
		code, _, errs := run(t, strings.NewReader(""), append(arguments, pipe)...)
		if interrupt.Stop() || code != exitInterrupted {
			t.Errorf("%s: exit code %d: %s", arguments, code, errs)
		}
	}
}

// A full pipe, which nobody reads from any more.
type fullPipe struct{ writing, drained chan struct{} }

func (w *fullPipe) Write(p []byte) (int, error) {
	w.writing <- struct{}{}
	<-w.drained
	return len(p), nil
}

func TestInterruptedTwiceAtAFullPipe(t *testing.T) {
	pipe := &fullPipe{make(chan struct{}), make(chan struct{})}
	defer close(pipe.drained)
	done := make(chan int)
	go func() { done <- Execute([]string{"version"}, nil, pipe, io.Discard) }()
	<-pipe.writing
	for range 2 {
		if err := syscall.Kill(os.Getpid(), syscall.SIGINT); err != nil {
			t.Fatal(err)
		}
		time.Sleep(50 * time.Millisecond) // two that wait are told as one
	}
	select {
	case code := <-done:
		if code != exitInterrupted {
			t.Errorf("exit code %d", code)
		}
	case <-time.After(time.Minute):
		t.Error("it goes on waiting")
	}
}

func TestInterruptedWhileReading(t *testing.T) {
	for _, arguments := range [][]string{{"report", "-"}, {"report", "--new-since", "-", "-"}, {"inspect", "-"}} {
		stdin := &silentTerminal{make(chan struct{})}
		code, stdout, stderr := run(t, stdin, arguments...)
		close(stdin.closed)
		if code != exitInterrupted || stdout+stderr != "" {
			t.Errorf("%s: exit code %d: %s%s", arguments[0], code, stdout, stderr)
		}
	}
}
