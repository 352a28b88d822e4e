//go:build !unix

package pagecache

import (
	"io"
	"os"
)

// ReaderAt returns what reads a file.
func ReaderAt(file *os.File) io.ReaderAt { return file }
