package fs_test

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jwtleak/jwtleak/scanner/finding"
	"github.com/jwtleak/jwtleak/scanner/source"
	"github.com/jwtleak/jwtleak/scanner/source/fs"
)

// A meddler does something to a file when it is shown it, and then reads it.
type meddler struct {
	meddle   func()
	look     func(io.Reader) // in place of reading it
	each     func()          // whenever something was read
	problems []finding.Problem
	read     int64
}

func (m *meddler) Visit(_ context.Context, text source.Text) error {
	if m.look != nil {
		m.look(text.Reader)
		return nil
	}
	m.meddle()
	if text.Reader == nil {
		m.read = int64(len(text.Bytes))
		return nil
	}
	buffer := make([]byte, 1<<20)
	for {
		n, err := text.Reader.Read(buffer)
		m.read += int64(n)
		switch {
		case err == io.EOF:
			return nil
		case err != nil:
			m.problems = append(m.problems, finding.Problem{Reason: err.Error()})
			return nil
		}
		if m.each != nil {
			m.each()
		}
	}
}

func (m *meddler) Problem(problem finding.Problem) error {
	m.problems = append(m.problems, problem)
	return nil
}

func (*meddler) Attribute(finding.Fingerprint, string, []finding.Occurrence) error { return nil }
func (*meddler) Count(finding.Stats)                                               {}

func sizedFile(t *testing.T, size int64) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, []byte(strings.Repeat("x", int(size))), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestAFileThatIsCutWhileItIsReadIsAProblem(t *testing.T) {
	path := sizedFile(t, 1<<20)
	m := &meddler{meddle: func() {
		if err := os.Truncate(path, 1000); err != nil {
			t.Fatal(err)
		}
	}}
	if err := fs.New(path, fs.Options{}).Read(t.Context(), 1, m); err != nil {
		t.Fatal(err)
	}
	if m.read != 1000 || len(m.problems) != 1 || m.problems[0].Reason != "was cut from 1048576 to 1000 bytes while it was read" {
		t.Errorf("read %d bytes, problems %v", m.read, m.problems)
	}
}

func TestAFileThatGrowsWhileItIsReadEnds(t *testing.T) {
	path := sizedFile(t, 1<<20)
	size := int64(1 << 20)
	grow := func() {
		size += 2 << 20 // sparse: nothing is written
		if err := os.Truncate(path, size); err != nil {
			t.Fatal(err)
		}
	}
	m := &meddler{meddle: func() {}, each: grow}
	if err := fs.New(path, fs.Options{}).Read(t.Context(), 1, m); err != nil {
		t.Fatal(err)
	}
	if len(m.problems) != 1 || !strings.HasPrefix(m.problems[0].Reason, "grows while it is read") || m.read < 64<<20 || m.read > 70<<20 {
		t.Errorf("read %d bytes, problems %v", m.read, m.problems)
	}

	// One that grew a little is read to its end.
	path, size = sizedFile(t, 1<<20), 1<<20
	m = &meddler{meddle: grow}
	if err := fs.New(path, fs.Options{}).Read(t.Context(), 1, m); err != nil {
		t.Fatal(err)
	}
	if m.read != 3<<20 || len(m.problems) != 0 {
		t.Errorf("read %d bytes, problems %v", m.read, m.problems)
	}
}
