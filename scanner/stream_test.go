package scanner

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"io"
	"testing"
	"time"

	"github.com/jwtleak/jwtleak/scanner/finding"
	"github.com/jwtleak/jwtleak/scanner/source/stdin"
)

// TestATokenInACompressedLogThatIsWrittenIsToldAtOnce has the stream stay open behind a line that was flushed.
func TestATokenInACompressedLogThatIsWrittenIsToldAtOnce(t *testing.T) {
	r, w := io.Pipe()
	told := make(chan finding.Event, 10)
	sink := sinkFunc(func(event finding.Event) error { told <- event; return nil })
	ended := make(chan error, 1)
	go func() {
		_, err := Scan(t.Context(), options(stdin.New(r)), sink)
		ended <- err
	}()
	z := gzip.NewWriter(w)
	for _, subject := range []string{"first", "second"} {
		if _, err := z.Write([]byte("12:00:00 token " + signed(t, map[string]any{"sub": subject}) + "\n")); err != nil {
			t.Fatal(err)
		}
		if err := z.Flush(); err != nil {
			t.Fatal(err)
		}
		select {
		case <-told:
		case <-time.After(10 * time.Second):
			t.Fatal("not told while the stream is open")
		}
	}
	for _, end := range []io.Closer{z, w} {
		if err := end.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
}

// TestAZipBehindTextInAStreamIsTold proves that what can't be unpacked, since only the end tells, is a problem.
func TestAZipBehindTextInAStreamIsTold(t *testing.T) {
	data := bytes.NewBufferString("a report, and what belongs to it:\n")
	archive := zip.NewWriter(data)
	entry, err := archive.Create("a.log")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := entry.Write([]byte(signed(t, nil))); err != nil {
		t.Fatal(err)
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	_, result := scan(t, options(stdin.New(data)))
	if problems := len(result.Scan.Problems); problems != 1 {
		t.Errorf("told %d problems, want 1", problems)
	}
}
