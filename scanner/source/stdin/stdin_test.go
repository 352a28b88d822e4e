package stdin_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/jwtleak/jwtleak/scanner/finding"
	"github.com/jwtleak/jwtleak/scanner/source"
	"github.com/jwtleak/jwtleak/scanner/source/sourcetest"
	"github.com/jwtleak/jwtleak/scanner/source/stdin"
)

func TestSuite(t *testing.T) {
	sourcetest.Run(t, sourcetest.Options{Single: true}, func(_ *testing.T, tree map[string]string) source.Source {
		return stdin.New(strings.NewReader(tree["one"]))
	})
}

// A visitor reads its text to the end.
type visitor struct{ started chan struct{} }

func (v visitor) Visit(_ context.Context, text source.Text) error {
	close(v.started)
	_, err := io.Copy(io.Discard, text.Reader)
	return err
}
func (visitor) Problem(finding.Problem) error                                     { return nil }
func (visitor) Attribute(finding.Fingerprint, string, []finding.Occurrence) error { return nil }
func (visitor) Count(finding.Stats)                                               {}

func TestAStreamThatSaysNothingCanBeCanceled(t *testing.T) {
	r, w := io.Pipe()
	defer func() { _ = w.Close() }()
	ctx, cancel := context.WithCancel(t.Context())
	v := visitor{started: make(chan struct{})}
	go func() {
		<-v.started
		cancel()
	}()
	if err := stdin.New(r).Read(ctx, 1, v); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want that of the canceled context", err)
	}
}
