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
	calls int
}

func (c *countingAt) ReadAt(b []byte, offset int64) (int, error) {
	c.calls++
	return c.ReaderAt.ReadAt(b, offset)
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

// TestWindowReadsOnce reads a text in small parts, one behind the other.
func TestWindowReadsOnce(t *testing.T) {
	counting := &countingAt{ReaderAt: bytes.NewReader(make([]byte, 3*windowSize))}
	near := &window{at: counting}
	for offset := int64(0); offset < 3*windowSize; offset += 64 {
		if _, err := near.ReadAt(make([]byte, 64), offset); err != nil {
			t.Fatal(err)
		}
	}
	if counting.calls != 3 {
		t.Errorf("read %d times, want 3", counting.calls)
	}
}
