package stdin_test

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/jwtleak/jwtleak/scanner/finding"
	"github.com/jwtleak/jwtleak/scanner/reading"
	"github.com/jwtleak/jwtleak/scanner/source"
	"github.com/jwtleak/jwtleak/scanner/source/sourcetest"
	"github.com/jwtleak/jwtleak/scanner/source/stdin"
)

func TestSuiteOfARegularFile(t *testing.T) {
	sourcetest.Run(t, sourcetest.Options{Single: true}, func(t *testing.T, tree map[string]string) source.Source {
		return stdin.New(openFile(t, tree["one"]))
	})
}

func openFile(t *testing.T, text string) *os.File {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = file.Close() })
	return file
}

// A shownText is a visitor that looks at a text while it is shown.
type shownText struct {
	visitor
	look     func(text source.Text) error
	problems []finding.Problem
}

func (s *shownText) Visit(_ context.Context, text source.Text) error { return s.look(text) }
func (s *shownText) Problem(problem finding.Problem) error {
	s.problems = append(s.problems, problem)
	return nil
}

// TestARegularFileIsReadFromWhereItStands at any offset, and is read to its end for whoever goes on with it.
func TestARegularFileIsReadFromWhereItStands(t *testing.T) {
	file := openFile(t, "the first line\nthe second line\n")
	const start = 15
	if _, err := file.Seek(start, io.SeekStart); err != nil {
		t.Fatal(err)
	}
	v := &shownText{look: func(text source.Text) error {
		at, ok := text.Reader.(io.ReaderAt)
		if !ok || text.Size != 16 {
			t.Fatalf("a text of %d bytes, of any offset %v, want 16", text.Size, ok)
		}
		var word [6]byte
		if _, err := at.ReadAt(word[:], 4); err != nil || string(word[:]) != "second" {
			t.Errorf("read %q at 4, %v", word, err)
		}
		all, err := io.ReadAll(text.Reader)
		if string(all) != "the second line\n" {
			t.Errorf("read %q", all)
		}
		return err
	}}
	if err := stdin.New(file).Read(t.Context(), 1, v); err != nil || len(v.problems) > 0 {
		t.Errorf("%v, problems %v", err, v.problems)
	}
	if at, err := file.Seek(0, io.SeekCurrent); at != 31 || err != nil {
		t.Errorf("it stands at %d, want its end", at)
	}
}

func TestARegularFileThatIsCutIsTold(t *testing.T) {
	file := openFile(t, "the first line\nthe second line\n")
	v := &shownText{look: func(text source.Text) error {
		if err := file.Truncate(10); err != nil {
			t.Fatal(err)
		}
		_, err := io.ReadAll(text.Reader)
		return err
	}}
	if err := stdin.New(file).Read(t.Context(), 1, v); err != nil || len(v.problems) != 1 {
		t.Errorf("%v, problems %v, want one", err, v.problems)
	}
}

// TestHolesOfARegularFileAreNotRead holds for each system that tells of them, as Linux does.
func TestHolesOfARegularFileAreNotRead(t *testing.T) {
	file := openFile(t, "")
	const size, data = 1 << 40, 1 << 39
	if err := file.Truncate(size); err != nil {
		t.Skip("the file system has no files that large")
	}
	if _, err := file.WriteAt([]byte("text"), data); err != nil {
		t.Fatal(err)
	}
	v := &shownText{look: func(text source.Text) error {
		sparse, ok := text.Reader.(reading.Sparse)
		if !ok {
			t.Fatal("it does not tell of its holes")
		}
		if sparse.IsHole(data-100, data+100) {
			t.Error("data is told to be a hole")
		}
		if !sparse.IsHole(0, data/2) || !sparse.IsHole(data+1<<20, size) {
			t.Skip("the file system does not tell")
		}
		return nil
	}}
	if err := stdin.New(file).Read(t.Context(), 1, v); err != nil {
		t.Error(err)
	}
}
