package container

import (
	"bytes"
	"io"
	"math/rand/v2"
	"testing"
)

// countingAt counts what is asked of it.
type countingAt struct {
	io.ReaderAt
	calls, bytes int
}

func (c *countingAt) ReadAt(b []byte, offset int64) (int, error) {
	n, err := c.ReaderAt.ReadAt(b, offset)
	c.calls, c.bytes = c.calls+1, c.bytes+n
	return n, err
}

// TestWindowReadsTheSame reads parts of a text in a window and without one.
func TestWindowReadsTheSame(t *testing.T) {
	random := rand.New(rand.NewPCG(41, 1))
	data := make([]byte, 5*windowSize/2)
	for i := range data {
		data[i] = byte(random.Uint32())
	}
	plain := bytes.NewReader(data)
	near := &window{at: plain}
	for range 5000 {
		offset := random.Int64N(int64(len(data) + 100))
		got, want := make([]byte, random.IntN(windowSize/4)), make([]byte, windowSize)
		want = want[:len(got)]
		n, err := near.ReadAt(got, offset)
		wantN, wantErr := plain.ReadAt(want, offset)
		if n != wantN || (err == nil) != (wantErr == nil) || !bytes.Equal(got[:n], want[:wantN]) {
			t.Fatalf("%d bytes at %d of %d: %d, %v; want %d, %v", len(got), offset, len(data), n, err, wantN, wantErr)
		}
	}
}

// TestWindowReadsOnce reads a text in small parts, one behind the other, and in parts of all sizes: none of it is read twice.
func TestWindowReadsOnce(t *testing.T) {
	const size = 4 * windowSize
	random := rand.New(rand.NewPCG(42, 1))
	for name, part := range map[string]func() int{"small": func() int { return 64 }, "all sizes": func() int { return 1 + random.IntN(windowSize/2) }} {
		counting := &countingAt{ReaderAt: bytes.NewReader(make([]byte, size))}
		near := &window{at: counting}
		for offset := 0; offset < size; {
			n, err := near.ReadAt(make([]byte, min(part(), size-offset)), int64(offset))
			if err != nil {
				t.Fatal(err)
			}
			offset += n
		}
		if counting.bytes != size || name == "small" && counting.calls != size/windowSize {
			t.Errorf("%s: read %d times, %d bytes of %d", name, counting.calls, counting.bytes, size)
		}
	}
}
