//go:build unix

package pagecache

import (
	"io"
	"os"
	"syscall"
)

// ReaderAt returns what reads a file as Pread does. Any number of goroutines may read from it at once, as long as the file is
// open; reads of one that was closed fail.
func ReaderAt(file *os.File) io.ReaderAt {
	connection, err := file.SyscallConn()
	if err != nil {
		return file
	}
	return readerAt{file, connection}
}

type readerAt struct {
	file       *os.File
	connection syscall.RawConn
}

func (r readerAt) ReadAt(b []byte, at int64) (n int, err error) {
	failed := r.connection.Control(func(fd uintptr) {
		n, err = Pread(int(fd), b, at)
	})
	if n = max(n, 0); n == len(b) && failed == nil && err == nil {
		return n, nil
	}
	rest, err := r.file.ReadAt(b[n:], at+int64(n)) // which knows what to do next, of an end or an interrupted call
	return n + rest, err
}
