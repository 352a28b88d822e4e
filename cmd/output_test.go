package cmd

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// A fullDisk takes a few bytes.
type fullDisk struct{ room int }

var errFull = errors.New("no space left")

func (d *fullDisk) Write(p []byte) (int, error) {
	n := min(d.room, len(p))
	if d.room -= n; n < len(p) {
		return n, errFull
	}
	return n, nil
}

// TestOutputOfAFullDisk keeps the report that was there where a new one can't be written whole.
func TestOutputOfAFullDisk(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "report.json")
	if err := os.WriteFile(path, []byte("the last one"), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := openOutput(t.Context(), path, nil)
	if err != nil {
		t.Fatal(err)
	}
	out.Writer = &fullDisk{room: 10}
	for range 3 {
		_, _ = out.Write([]byte("report"))
	}
	if err := out.commit(); !errors.Is(err, errFull) {
		t.Errorf("committed with %v", err)
	}
	out.abandon()
	if text, err := os.ReadFile(path); err != nil || string(text) != "the last one" {
		t.Errorf("the file has %q, %v", text, err)
	}
	if entries, err := os.ReadDir(folder); err != nil || len(entries) != 1 {
		t.Errorf("%d files are left, %v", len(entries), err)
	}
}
