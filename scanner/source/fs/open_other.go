//go:build !unix

package fs

import (
	"cmp"
	"errors"
	"os"
	"time"
)

type plainFile struct {
	*os.File
	info os.FileInfo
}

// open opens a regular file for reading. What a block device is called here can't be read as one.
func open(in *directory, name string, _ bool) (opened, error) {
	path := in.join(name)
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

var errNotDirectory = errors.New("not a directory any more")

// openDirectory opens a directory for reading. A link is followed where the walk begins alone.
func openDirectory(_ *directory, path string, isRoot bool) (*os.File, error) {
	if !isRoot {
		if info, err := os.Lstat(path); err != nil || !info.IsDir() {
			return nil, cmp.Or(err, errNotDirectory)
		}
	}
	return os.Open(path)
}
