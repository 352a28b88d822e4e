package fs

import (
	"bytes"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"
)

// What is in the page cache, what is not, and what is there in part reads the same.
func TestWhatIsNotCachedReadsTheSame(t *testing.T) {
	want := make([]byte, 1<<20+123)
	random := rand.NewChaCha8([32]byte{7})
	_, _ = random.Read(want) // which does not fail
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, want, 0o600); err != nil {
		t.Fatal(err)
	}
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close() //nolint:errcheck // opened for reading only
	if err := file.Sync(); err != nil {
		t.Fatal(err)
	}
	for _, dropped := range [][2]int64{{0, 0}, {256 << 10, 512 << 10}, {0, 256 << 10}, {768 << 10, 1 << 20}} {
		if err := unix.Fadvise(int(file.Fd()), dropped[0], dropped[1], unix.FADV_DONTNEED); err != nil {
			t.Fatal(err)
		}
		opened, err := open(nil, path, false)
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(opened)
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("without %d bytes from %d on in the cache: %d bytes, %v, and not those of the file", dropped[1], dropped[0], len(got), err)
		}
		part := make([]byte, 300<<10)
		if n, err := opened.ReadAt(part, 200<<10); err != nil || !bytes.Equal(part[:n], want[200<<10:500<<10]) {
			t.Errorf("ReadAt: %d bytes, %v, and not those of the file", n, err)
		}
		if n, err := opened.ReadAt(part, int64(len(want))-5); n != 5 || err != io.EOF { //nolint:errorlint // io.ReaderAt's own
			t.Errorf("ReadAt at the end: %d bytes, %v", n, err)
		}
		if err := opened.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
