package scanner

import (
	"bytes"
	"errors"
	"io"

	"github.com/jwtleak/jwtleak/scanner/container"
	"github.com/jwtleak/jwtleak/scanner/reading"
	"github.com/jwtleak/jwtleak/scanner/source"
)

// tellVolume tells of the image of a disk or of a file system: what in it is compressed, encrypted or in pieces is not read. What it reads
// of a stream to know is put in front of it again.
func (v *visit) tellVolume(chain []string, text *source.Text, prefix []byte) error {
	if v.text.IsName || !container.MayBeVolume(prefix) {
		return nil
	}
	beginning := text.Bytes
	if text.Reader != nil {
		beginning = make([]byte, container.VolumeLength)
		at, ok := sized(text)
		var n int
		if ok {
			n, _ = at.ReadAt(beginning, 0)
		} else {
			var err error
			n, err = io.ReadFull(text.Reader, beginning)
			text.Reader = afterwards(beginning[:n], text.Reader, err)
		}
		beginning = beginning[:n]
	}
	volume, ok := container.Volume(beginning)
	if !ok {
		return nil
	}
	return v.Problem(chain, "an image of a disk or file system ("+volume+
		"), searched as it is: what is compressed, encrypted or in pieces in it was not read; mount it, and scan its files")
}

// afterwards is a reader with what was read of it in front again, by a read that filled its buffer or ended with an error.
func afterwards(read []byte, rest io.Reader, err error) io.Reader {
	switch {
	case err == nil:
		return reading.Prefixed(read, rest)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return bytes.NewReader(read)
	}
	return reading.Prefixed(read, failing{err})
}

// failing has nothing to read but an error.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }
