package pagecache_test

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/jwtleak/jwtleak/scanner/source/pagecache"
)

// syncedFile returns a file of so many random bytes, and these. It is on the disk, so that the page cache can let go of it.
func syncedFile(t *testing.T, size int) (file *os.File, want []byte) {
	t.Helper()
	want = make([]byte, size)
	random := rand.NewChaCha8([32]byte{8})
	_, _ = random.Read(want) // which does not fail
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, want, 0o600); err != nil {
		t.Fatal(err)
	}
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = file.Close() })
	if err := file.Sync(); err != nil {
		t.Fatal(err)
	}
	return file, want
}

// What is in the page cache, what is not, and what is there in part reads the same.
func TestReaderAt(t *testing.T) {
	file, want := syncedFile(t, 1<<20+123)
	reader := pagecache.ReaderAt(file)
	for _, dropped := range [][2]int64{{0, 0}, {256 << 10, 512 << 10}, {0, 256 << 10}, {768 << 10, 1 << 20}} {
		if err := unix.Fadvise(int(file.Fd()), dropped[0], dropped[1], unix.FADV_DONTNEED); err != nil {
			t.Fatal(err)
		}
		part := make([]byte, 600<<10)
		if n, err := reader.ReadAt(part, 200<<10); err != nil || !bytes.Equal(part[:n], want[200<<10:800<<10]) {
			t.Errorf("without %d bytes from %d on in the cache: %d bytes, %v, and not those of the file", dropped[1], dropped[0], n, err)
		}
	}
	if n, err := reader.ReadAt(make([]byte, 9), int64(len(want))-5); n != 5 || err != io.EOF {
		t.Errorf("at the end: %d bytes, %v", n, err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	if n, err := reader.ReadAt(make([]byte, 9), 0); n != 0 || !errors.Is(err, os.ErrClosed) {
		t.Errorf("of a file that is closed: %d bytes, %v", n, err)
	}
}
