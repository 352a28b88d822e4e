package fs

import (
	"context"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/jwtleak/jwtleak/scanner/finding"
	"github.com/jwtleak/jwtleak/scanner/source"
)

// A sizeless device is read like any other, but does not say how large it is.
type sizeless struct{ *strings.Reader }

func (sizeless) Close() error            { return nil }
func (sizeless) Size() int64             { return 0 }
func (sizeless) SizeNow() (int64, error) { return 0, nil }
func (sizeless) Modified() time.Time     { return time.Time{} }

// A listener keeps the last text and problem.
type listener struct {
	text    string
	problem string
}

func (l *listener) Visit(_ context.Context, text source.Text) error {
	data, err := io.ReadAll(text.Reader)
	l.text = string(data)
	if text.Size >= 0 {
		l.problem = "a size"
	}
	return err
}

func (l *listener) Problem(problem finding.Problem) error {
	l.problem = problem.Reason
	return nil
}

func (l *listener) Attribute(finding.Fingerprint, string, []finding.Occurrence) error { return nil }
func (l *listener) Count(finding.Stats)                                               {}

func TestDeviceOfUnknownSize(t *testing.T) {
	for _, test := range []struct {
		limit         int64
		text, problem string
	}{
		{0, "all that is on it", ""},
		{100, "all that is on it", ""},
		{5, "all t", "read up to 5 bytes alone: it may have more than --max-file-size"},
	} {
		l := &listener{}
		s := New("/dev/disk", Options{MaxFileSize: test.limit})
		err := s.readOpened(t.Context(), sizeless{strings.NewReader("all that is on it")}, true, finding.FilePlace{Path: "/dev/disk"}, l)
		if err != nil || l.text != test.text || l.problem != test.problem {
			t.Errorf("at most %d bytes: read %q, told %q: %v", test.limit, l.text, l.problem, err)
		}
	}
}
