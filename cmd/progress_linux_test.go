package cmd

import (
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// A slowReader has a text, and ends once there was time to draw the progress.
type slowReader struct{ text string }

func (r *slowReader) Read(p []byte) (int, error) {
	if n := copy(p, r.text); n > 0 {
		r.text = r.text[n:]
		return n, nil
	}
	time.Sleep(4 * progressInterval)
	return 0, io.EOF
}

// newTerminal returns a terminal, and what has all that was written to it once it is closed.
func newTerminal(t *testing.T) (terminal *os.File, written func() string) {
	t.Helper()
	control, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skip(err)
	}
	t.Cleanup(func() { _ = control.Close() })
	if err := unix.IoctlSetPointerInt(int(control.Fd()), unix.TIOCSPTLCK, 0); err != nil {
		t.Skip(err)
	}
	number, err := unix.IoctlGetInt(int(control.Fd()), unix.TIOCGPTN)
	if err != nil {
		t.Skip(err)
	}
	if terminal, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|unix.O_NOCTTY, 0); err != nil {
		t.Skip(err)
	}
	if err := unix.IoctlSetWinsize(int(terminal.Fd()), unix.TIOCSWINSZ, &unix.Winsize{Row: 24, Col: 80}); err != nil {
		t.Skip(err)
	}
	text := make(chan string)
	go func() {
		data, _ := io.ReadAll(control) // ends with an error once nobody has the terminal open
		text <- string(data)
	}()
	return terminal, func() string {
		_ = terminal.Close()
		return <-text
	}
}

// Progress is drawn on a terminal that can remove it again.
func TestProgressOnATerminal(t *testing.T) {
	for _, test := range []struct {
		name, term string
		args       []string
		both       bool // the report goes to the terminal too
		drawn      bool
	}{
		{"a terminal", "xterm", nil, false, true},
		{"a dumb terminal", "dumb", nil, false, false},
		{"a dumb terminal, asked for", "dumb", []string{"--progress", "on"}, false, true},
		{"quiet", "xterm", []string{"-q"}, false, false},
		{"lines on the same terminal", "xterm", nil, true, false},
		{"a table on the same terminal", "xterm", []string{"--format", "table"}, true, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Setenv("TERM", test.term)
			terminal, written := newTerminal(t)
			stdout := io.Discard
			if test.both {
				stdout = terminal
			}
			Execute(append([]string{"scan", "-", "--format", "jsonl", "--color", "off"}, test.args...), &slowReader{"a line\n"}, stdout, terminal)
			if text := written(); strings.Contains(text, "\x1b[") != test.drawn {
				t.Errorf("progress is drawn: %t, want %t\n%q", !test.drawn, test.drawn, text)
			}
		})
	}
}

// Each removal of the line begins at its start, wherever the echo of what is typed left the cursor.
func TestProgressIsRemovedBehindAnEcho(t *testing.T) {
	t.Setenv("TERM", "xterm")
	terminal, written := newTerminal(t)
	Execute([]string{"scan", "-"}, &slowReader{"a line\n"}, io.Discard, terminal)
	text := written()
	removals, fromStart := strings.Count(text, "\x1b[1A"), strings.Count(text, "\r\x1b[1A")
	if removals == 0 || fromStart != removals {
		t.Errorf("%d of %d removals begin at the start of the line\n%q", fromStart, removals, text)
	}
}
