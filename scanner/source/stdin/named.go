package stdin

import (
	"errors"
	"io"
	iofs "io/fs"
	"os"
	"path/filepath"

	"github.com/jwtleak/jwtleak/scanner/finding"
)

// Named returns the source of a stream that has a path: a pipe, what a shell substitutes for a process, a terminal. It is
// opened once, when it is read: whoever writes to a pipe would take its being closed again for the end of its reader.
func Named(path string) *Source {
	return &Source{stream: &named{path: path}, place: finding.FilePlace{Target: path, Path: filepath.ToSlash(path)}}
}

// A named stream opens its path at the first Read, which may wait until something opens the other end, and closes it at the
// end.
type named struct {
	path string
	file *os.File
}

// Read implements io.Reader. Its errors tell why, without the name of the system call.
func (n *named) Read(b []byte) (int, error) {
	if n.file == nil {
		file, err := os.Open(n.path)
		if err != nil {
			return 0, cause(err)
		}
		n.file = file
	}
	read, err := n.file.Read(b)
	if err != nil {
		_ = n.file.Close() // opened for reading only
	}
	if err == nil || errors.Is(err, io.EOF) {
		return read, err
	}
	return read, cause(err)
}

func cause(err error) error {
	var pathError *iofs.PathError
	if errors.As(err, &pathError) {
		return pathError.Err
	}
	return err
}
