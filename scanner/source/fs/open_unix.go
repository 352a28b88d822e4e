//go:build unix

package fs

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"

	"github.com/jwtleak/jwtleak/scanner/source/pagecache"
)

// A descriptor is a file without the runtime's poller, which regular files have no use for and which would cost system
// calls for each.
type descriptor struct {
	fd       int
	brief    bool  // it was opened at once, and is so closed
	at       int64 // where Read stands: the system's own offset is moved by IsHole
	size     int64
	modified time.Time
	device   bool // a block device, whose size the file system does not know
}

// open opens a regular file for reading, by its name in a directory, or in none by its path. It follows no link at the end,
// and returns at once where a pipe or a device has taken the file's place, unless a block device is what was asked for.
func open(in *directory, name string, device bool) (opened, error) {
	fd, brief, err := openAt(in, name, unix.O_NONBLOCK|unix.O_NOFOLLOW|unix.O_NOCTTY)
	switch {
	case errors.Is(err, unix.ELOOP), errors.Is(err, unix.ENXIO), errors.Is(err, unix.EOPNOTSUPP):
		return nil, errNotRegular
	case err != nil:
		return nil, err
	}
	var stat unix.Stat_t
	if err := retried(func() error { return pagecache.Fstat(fd, brief, &stat) }); err != nil {
		_ = pagecache.Close(fd, brief) // opened for reading only
		return nil, err
	}
	d := &descriptor{fd: fd, brief: brief, size: stat.Size, modified: time.Unix(stat.Mtim.Unix())}
	switch kind := stat.Mode & unix.S_IFMT; {
	case kind == unix.S_IFREG:
		return d, nil
	case kind == unix.S_IFBLK && device:
		return d.asDevice()
	}
	_ = pagecache.Close(fd, brief)
	return nil, errNotRegular
}

// openDirectory opens a directory for reading, by its path, or where the one that holds it is open by its name there. A link is
// followed where the walk begins alone.
func openDirectory(in *directory, path string, isRoot bool) (*os.File, error) {
	name, flags := path, unix.O_DIRECTORY|unix.O_NOFOLLOW
	if in != nil {
		name = filepath.Base(path)
	}
	if isRoot {
		flags = unix.O_DIRECTORY
	}
	fd, _, err := openAt(in, name, flags)
	if err != nil {
		return nil, err
	}
	return os.NewFile(uintptr(fd), path), nil //nolint:gosec // a descriptor is not negative
}

func openAt(in *directory, name string, flags int) (fd int, brief bool, err error) {
	at := unix.AT_FDCWD
	if in != nil {
		at = in.descriptor
	}
	err = retried(func() (err error) {
		fd, brief, err = pagecache.Openat(at, name, unix.O_RDONLY|unix.O_CLOEXEC|flags)
		return err
	})
	return fd, brief, err
}

// asDevice finds out how large a block device is. Its node's times say nothing of what is on it.
func (d *descriptor) asDevice() (opened, error) {
	size, err := unix.Seek(d.fd, 0, io.SeekEnd)
	if err != nil {
		_ = unix.Close(d.fd)
		return nil, fmt.Errorf("find out its size: %w", err)
	}
	d.device, d.size, d.modified = true, size, time.Time{}
	return d, nil
}

func (d *descriptor) Size() int64         { return d.size }
func (d *descriptor) Modified() time.Time { return d.modified }
func (d *descriptor) Close() error        { return pagecache.Close(d.fd, d.brief) }

func (d *descriptor) SizeNow() (int64, error) {
	if d.device {
		return d.size, nil
	}
	var stat unix.Stat_t
	err := retried(func() error { return unix.Fstat(d.fd, &stat) })
	return stat.Size, err
}

func (d *descriptor) Read(b []byte) (n int, err error) {
	if len(b) == 0 {
		return 0, nil
	}
	err = retried(func() (err error) { n, err = pagecache.Pread(d.fd, b, d.at); return err })
	n, err = ended(n, err)
	d.at += int64(n)
	return n, err
}

func (d *descriptor) ReadAt(b []byte, offset int64) (int, error) {
	total := 0
	for total < len(b) {
		var n int
		err := retried(func() (err error) { n, err = pagecache.Pread(d.fd, b[total:], offset+int64(total)); return err })
		n, err = ended(n, err)
		total += n
		if err != nil {
			return total, err
		}
	}
	return total, nil
}

// Map implements reading.Mapped.
func (d *descriptor) Map(size int64) *pagecache.Mapping { return pagecache.Map(d.fd, 0, size) }

func ended(n int, err error) (int, error) {
	switch {
	case err != nil:
		return 0, err
	case n == 0:
		return 0, io.EOF
	}
	return n, nil
}

// retried calls a system call again as long as a signal interrupts it.
func retried(call func() error) error {
	for {
		if err := call(); !errors.Is(err, unix.EINTR) {
			return err
		}
	}
}
