package pagecache_test

import (
	"bytes"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/jwtleak/jwtleak/scanner/source/pagecache"
)

// Windows show what is in the file, from any offset on, and say what is not in memory or gone.
func TestMap(t *testing.T) {
	file, want := syncedFile(t, 9<<20+123)
	const start = 5000
	mapping := pagecache.Map(int(file.Fd()), start, int64(len(want)))
	if mapping == nil || !mapping.Window(0, 1, 0).Ready(0, 1) {
		t.Skip("the system does not map files here, or does not say what of them is in its memory (needs Linux 5.14)")
	}
	for _, keep := range []int{0, 1 << 20, 1 << 30} {
		window := mapping.Window(777, int64(len(want)-start), keep)
		for at, text := 0, window.Text(); at < len(text); {
			end := min(at+1<<18, len(text))
			if !window.Ready(at, end) {
				t.Fatalf("keep %d: not ready from %d to %d", keep, at, end)
			}
			if !bytes.Equal(text[at:end], want[start+777+at:start+777+end]) {
				t.Fatalf("keep %d: from %d to %d it is not the file", keep, at, end)
			}
			at = end
		}
		window.Close()
	}

	if err := unix.Fadvise(int(file.Fd()), 4<<20, 4<<20, unix.FADV_DONTNEED); err != nil {
		t.Fatal(err)
	}
	window := mapping.Window(0, int64(len(want)-start), 0)
	if !window.Ready(0, 1<<20) || window.Ready(0, 6<<20) {
		t.Error("what is not in memory is ready, or what is in front of it is not")
	}
	window.Close()
	if err := file.Truncate(1 << 20); err != nil {
		t.Fatal(err)
	}
	if window := mapping.Window(0, int64(len(want)-start), 0); window.Ready(0, 1<<20) {
		t.Error("what was cut off is ready")
	}
	if err := mapping.Close(); err != nil {
		t.Error(err)
	}
	if pagecache.Map(int(file.Fd()), 9, 9) != nil {
		t.Error("nothing was mapped")
	}
}
