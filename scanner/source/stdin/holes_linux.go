package stdin

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// isHole reports whether a file has no data between two offsets, by lseek(2). Where the file system does not tell, all is data.
func isHole(file *os.File, from, to int64) bool {
	data, err := unix.Seek(int(file.Fd()), from, unix.SEEK_DATA)
	if errors.Is(err, unix.ENXIO) { // no data from here on; or the file was cut, which whoever reads on is to meet
		info, err := file.Stat()
		return err == nil && info.Size() >= to
	}
	return err == nil && data >= to
}
