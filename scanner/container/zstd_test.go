package container

import (
	"bytes"
	"io"
	"runtime"
	"testing"

	"github.com/klauspost/compress/zstd"
)

// TestAZstandardWindowIsGivenBackAtOnce reads streams with the largest window one after the other: the memory of one is free
// before the next takes its own.
func TestAZstandardWindowIsGivenBackAtOnce(t *testing.T) {
	var packed bytes.Buffer
	writer, err := zstd.NewWriter(&packed, zstd.WithWindowSize(128<<20), zstd.WithEncoderConcurrency(1), zstd.WithLowerEncoderMem(true))
	if err != nil {
		t.Fatal(err)
	}
	text := bytes.Repeat([]byte("a line of a log\n"), 1<<16)
	for range 8 { // more than a short stream
		if _, err := writer.Write(text); err != nil {
			t.Fatal(err)
		}
		if err := writer.Flush(); err != nil {
			t.Fatal(err)
		}
	}
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
	runtime.GC()
	shared := NewShared()
	defer shared.Close()
	for range 8 {
		w := &walker{limits: DefaultLimits(), budget: &budget{}, shared: shared}
		source := newTape(bytes.NewReader(packed.Bytes()), -1)
		source.live = true // or it would be decoded at once
		source.peek(zstd.HeaderMaxSize)
		reader, err := openZstd(source, w)
		if err != nil {
			t.Fatal(err)
		}
		if n, err := io.Copy(io.Discard, reader); err != nil || n != int64(8*len(text)) {
			t.Fatalf("read %d bytes, %v", n, err)
		}
		r := reader.(*zstdReader)
		if r.claim.bytes != 128<<20 {
			t.Fatalf("claimed %d bytes", r.claim.bytes)
		}
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
		var memory runtime.MemStats
		if runtime.ReadMemStats(&memory); memory.HeapAlloc > 64<<20 {
			t.Fatalf("%d MiB in use with no window open", memory.HeapAlloc>>20)
		}
	}
}
