package fs

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

func TestViewsEndWhereAFileWasCut(t *testing.T) {
	path, text := filepath.Join(t.TempDir(), "log"), bytes.Repeat([]byte("0123456789abcdef"), 1<<14)
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	file, err := open(path, false)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close() //nolint:errcheck // opened for reading only
	view := newChanging(file).View
	for _, part := range [][2]int{{0, len(text)}, {1, 2}, {4095, 4097}, {5000, len(text)}} {
		shown := false
		whole := view(int64(part[0]), int64(part[1]), func(seen []byte) { shown = bytes.Equal(seen, text[part[0]:part[1]]) })
		if !whole || !shown {
			t.Errorf("%v: whole %v, the same %v", part, whole, shown)
		}
	}
	if view(3, 3, func([]byte) { t.Error("nothing was shown") }) {
		t.Error("nothing was in view")
	}
	sum := 0
	whole := view(0, int64(len(text)), func(seen []byte) {
		if err := os.Truncate(path, 8192); err != nil {
			t.Fatal(err)
		}
		for _, c := range seen {
			sum += int(c)
		}
	})
	if whole {
		t.Errorf("a file that was cut was in view as a whole; its sum is %d", sum)
	}
}

func TestPanicsOfWhoeverLooksAreNotHidden(t *testing.T) {
	defer func() {
		if reason := recover(); reason != "mine" {
			t.Errorf("recovered %v", reason)
		}
	}()
	lookedAt(nil, func([]byte) { panic("mine") })
}
