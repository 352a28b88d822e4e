package container

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"
)

// A dripping stream has a first part, and the rest only once that was shown.
type dripping struct {
	parts [][]byte
	shown chan struct{}
	late  bool // the rest was given though the first part was not shown
}

func (d *dripping) Read(p []byte) (int, error) {
	if len(d.parts) == 0 {
		return 0, io.EOF
	}
	if len(d.parts[0]) == 0 {
		select {
		case <-d.shown:
		case <-time.After(5 * time.Second):
			d.late = true
		}
		d.parts = d.parts[1:]
	}
	n := copy(p, d.parts[0])
	d.parts[0] = d.parts[0][n:]
	if len(d.parts) == 1 && len(d.parts[0]) == 0 {
		d.parts = nil
	}
	return n, nil
}

// ReadSoon implements waiter. It waits.
func (d *dripping) ReadSoon(p []byte) (n int, idle bool, err error) {
	n, err = d.Read(p)
	return n, false, err
}

// An onlooker says when it has seen a word, and whether nothing came for a while then.
type onlooker struct {
	collector
	word  string
	shown chan struct{}
}

func (o *onlooker) Leaf(_ context.Context, leaf Leaf) error {
	var text bytes.Buffer
	text.Write(leaf.Bytes)
	for leaf.Reader != nil {
		block := make([]byte, 1<<10)
		n, idle, err := readSoon(leaf.Reader, block)
		text.Write(block[:n])
		if o.shown != nil && idle && strings.Contains(text.String(), o.word) {
			close(o.shown)
			o.shown = nil
		}
		if errors.Is(err, io.EOF) {
			break
		}
	}
	o.leaves = append(o.leaves, shown{strings.Join(leaf.Chain, " > "), text.String(), leaf.Modified})
	return nil
}

// TestWalkDrippingStream proves that of a stream that is being written, what has come is shown at once, and that it is then told
// that nothing more comes for now.
func TestWalkDrippingStream(t *testing.T) {
	first, second := []byte("the first line\n"), []byte("the second line\n")
	for _, test := range []struct {
		name string
		pack func(text []byte) []byte
	}{
		{"gzip", gzipped},
		{"zstd", func(text []byte) []byte { return zstdOf(t, text) }},
		{"xz", func(text []byte) []byte { return xzOf(t, text) }},
		{"lz4", func(text []byte) []byte { return lz4Of(t, text) }},
		{"gzip in gzip", func(text []byte) []byte { return gzipped(gzipped(text)) }},
	} {
		t.Run(test.name, func(t *testing.T) {
			signal := make(chan struct{})
			stream := &dripping{parts: [][]byte{test.pack(first), test.pack(second)}, shown: signal}
			visitor := &onlooker{word: "the first line", shown: signal}
			if _, err := Walk(t.Context(), Input{Reader: stream, Size: -1}, Limits{}, visitor); err != nil {
				t.Fatal(err)
			}
			if stream.late {
				t.Error("the first line was held up")
			}
			if len(visitor.leaves) == 0 || visitor.leaves[0].text != string(first)+string(second) || visitor.problems != nil {
				t.Errorf("got %v, problems %q", visitor.leaves, visitor.problems)
			}
		})
	}
}
