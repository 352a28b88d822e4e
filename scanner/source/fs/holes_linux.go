package fs

import (
	"errors"

	"golang.org/x/sys/unix"
)

// IsHole implements reading.Sparse by lseek(2). Where the file system does not tell, all is data.
func (d *descriptor) IsHole(from, to int64) bool {
	data, err := unix.Seek(d.fd, from, unix.SEEK_DATA)
	if errors.Is(err, unix.ENXIO) {
		// No data from here on; or the file was cut, which whoever reads on is to meet.
		now, err := d.SizeNow()
		return err == nil && now >= to
	}
	return err == nil && data >= to
}
