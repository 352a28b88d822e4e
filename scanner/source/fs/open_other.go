//go:build !unix

package fs

import (
	"os"
	"time"
)

type plainFile struct {
	*os.File
	info os.FileInfo
}

// open opens a regular file for reading. What a block device is called here can't be read as one.
func open(path string, _ bool) (opened, error) {
	info, err := os.Lstat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errNotRegular
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	if info, err = file.Stat(); err != nil || !info.Mode().IsRegular() {
		_ = file.Close() // opened for reading only
		return nil, errNotRegular
	}
	return plainFile{file, info}, nil
}

func (f plainFile) Size() int64 { return f.info.Size() }

func (f plainFile) SizeNow() (int64, error) {
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

func (f plainFile) Modified() time.Time { return f.info.ModTime() }
