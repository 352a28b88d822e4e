//go:build unix

package stdin_test

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/jwtleak/jwtleak/scanner/finding"
	"github.com/jwtleak/jwtleak/scanner/source"
	"github.com/jwtleak/jwtleak/scanner/source/stdin"
)

// A keeper keeps the text that it is shown.
type keeper struct {
	visitor
	text  string
	place finding.Place
}

func (k *keeper) Visit(_ context.Context, text source.Text) error {
	all, err := io.ReadAll(text.Reader)
	k.text, k.place = string(all), text.Place
	return err
}

func TestANamedPipeIsReadAsItIs(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pipe")
	if err := unix.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	go func() { _ = os.WriteFile(path, []byte("what comes"), 0) }()
	var k keeper
	if err := stdin.Named(path).Read(t.Context(), 1, &k); err != nil {
		t.Fatal(err)
	}
	if want := (finding.FilePlace{Target: path, Path: path}); k.text != "what comes" || k.place != want {
		t.Errorf("read %q at %v, want it all at %v", k.text, k.place, want)
	}
}

func TestANamedPipeWithoutAWriterCanBeCanceled(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pipe")
	if err := unix.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if err := stdin.Named(path).Read(ctx, 1, &keeper{}); err == nil {
		t.Error("no error, want that of the canceled context")
	}
}
