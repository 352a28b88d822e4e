package cmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// An output is where a report goes: a stream, or a file that appears whole or not at all.
type output struct {
	io.Writer
	temporary *os.File // nil for a stream
	path      string
	failure   error // of the first write that failed
}

// Write implements io.Writer.
func (o *output) Write(p []byte) (int, error) {
	n, err := o.Writer.Write(p)
	if o.failure == nil {
		o.failure = err
	}
	return n, err
}

// openOutput returns the output of a path, or of stdout where the path is empty. The file's folder is checked here,
// before hours of scanning; the file itself appears with commit, with mode 0600.
func openOutput(ctx context.Context, path string, stdout io.Writer) (*output, error) {
	if path == "" || path == "-" {
		return &output{Writer: stdout}, nil
	}
	path, err := destination(path)
	if err != nil {
		return nil, fmt.Errorf("output: %w", err)
	}
	info, err := os.Stat(path)
	if err == nil && info.IsDir() {
		return nil, fmt.Errorf("output %s: is a directory; name a file in it", path)
	}
	if err == nil && !info.Mode().IsRegular() {
		var device *output
		err := interruptible(ctx, func() (err error) { // a pipe is open once somebody reads from it
			device, err = openDevice(path)
			return err
		})
		if err != nil {
			return nil, err
		}
		return device, nil
	}
	temporary, err := os.CreateTemp(filepath.Dir(path), ".jwtleak-*")
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("output %s: the folder %s does not exist; create it first", path, filepath.Dir(path))
		}
		return nil, fmt.Errorf("output %s: %w", path, errors.Unwrap(err))
	}
	return &output{Writer: temporary, temporary: temporary, path: path}, nil
}

// destination returns where links lead, the last of which may lead to where nothing is yet: what is written through a link
// does not take its place.
func destination(path string) (string, error) {
	if resolved, err := filepath.EvalSymlinks(path); err == nil {
		return resolved, nil
	}
	if _, err := os.Stat(path); err == nil { // as /dev/stdout leads to a pipe that has no path
		return path, nil
	}
	const most = 40 // as the systems have it
	for range most {
		target, err := os.Readlink(path)
		if err != nil { // no link, or nothing, which whoever opens it is told
			return path, nil
		}
		if !filepath.IsAbs(target) {
			folder, err := filepath.EvalSymlinks(filepath.Dir(path))
			if err != nil {
				return "", err
			}
			target = filepath.Join(folder, target)
		}
		path = target
	}
	return "", fmt.Errorf("%s: too many links, one to the other", path)
}

// openDevice opens what can't be replaced by a rename: a pipe, a terminal, /dev/null.
func openDevice(path string) (*output, error) {
	device, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return nil, fmt.Errorf("output: %w", err)
	}
	return &output{Writer: device}, nil
}

// commit makes the file appear under its name, if all of it was written.
func (o *output) commit() error {
	switch {
	case o.temporary == nil:
		return nil
	case o.failure != nil: // it is for abandon
		return fmt.Errorf("output %s: %w", o.path, o.failure)
	}
	temporary := o.temporary
	o.temporary = nil
	err := errors.Join(temporary.Sync(), temporary.Close())
	if err == nil {
		err = os.Rename(temporary.Name(), o.path)
	}
	if err != nil {
		_ = os.Remove(temporary.Name()) // the first error is the one to tell
		return fmt.Errorf("output %s: %w", o.path, err)
	}
	return nil
}

// abandon removes what commit has not made appear.
func (o *output) abandon() {
	if o.temporary == nil {
		return
	}
	_ = o.temporary.Close() // nothing of it is kept
	_ = os.Remove(o.temporary.Name())
	o.temporary = nil
}
