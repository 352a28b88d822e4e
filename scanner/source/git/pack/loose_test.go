package pack

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// writeLoose writes a loose object under the name of some content.
func writeLoose(t *testing.T, dir string, named, content []byte, nameSize int) {
	t.Helper()
	path := loosePath(dir, nameOf(Blob, named, nameSize))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	whole := fmt.Appendf(nil, "blob %d\x00%s", len(content), content)
	if err := os.WriteFile(path, compressed(t, whole), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestMisnamedLooseObject has loose objects with another content than their names say, one of them large: what is there is
// shown, and that it is not what it should be is told.
func TestMisnamedLooseObject(t *testing.T) {
	for name, content := range map[string][]byte{
		"small": []byte("eyJ of another"),
		"large": bytes.Repeat([]byte("eyJ of another "), largeObject/15+1),
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			writeLoose(t, dir, []byte("eyJ that is gone"), content, 20)
			writeLoose(t, dir, []byte("eyJ that is here"), []byte("eyJ that is here"), 20)
			s := open(t, dir)
			got := sweepAll(t, s, SweepOptions{Jobs: 2, Types: all()})
			gone := nameOf(Blob, []byte("eyJ that is gone"), 20)
			if len(got.shown) != 2 || len(got.problems) != 1 || !strings.Contains(got.problems[0], gone.String()+": its content is not what its name says") {
				t.Errorf("%d shown, problems %q", len(got.shown), got.problems)
			}
			if _, err := s.Read(gone); err == nil {
				t.Error("it is read without an error")
			}
			if object, err := s.Read(nameOf(Blob, []byte("eyJ that is here"), 20)); err != nil || string(object.Bytes) != "eyJ that is here" {
				t.Errorf("the other one is read as %q, error %v", object.Bytes, err)
			}
		})
	}
}

// TestLooseObjectThatClaimsTooMuch has a loose object whose header claims more than any file can have: it is shown as one of the size
// that the file can have at most, and that it ends early is told.
func TestLooseObjectThatClaimsTooMuch(t *testing.T) {
	dir := t.TempDir()
	path := loosePath(dir, nameOf(Blob, nil, 20))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	stored := compressed(t, fmt.Appendf(nil, "blob %d\x00eyJ and no more", int64(1)<<60))
	if err := os.WriteFile(path, stored, 0o600); err != nil {
		t.Fatal(err)
	}
	var problems []string
	shown := 0
	err := open(t, dir).Sweep(t.Context(), SweepOptions{
		Jobs: 1, Types: all(), Problem: func(_, reason string) { problems = append(problems, reason) },
		Visit: func(o Object) error {
			shown++
			content, _ := io.ReadAll(o.Reader)
			if string(content) != "eyJ and no more" || o.Size > int64(len(stored))*maxRatio {
				t.Errorf("shown as %d bytes: %q", o.Size, content)
			}
			return nil
		},
	})
	if err != nil || shown != 1 || len(problems) != 1 {
		t.Errorf("%d shown, problems %q, %v", shown, problems, err)
	}
}

// TestLooseObjectsOfAnotherFormat has loose objects with names of a length that the repository's are not said to have.
func TestLooseObjectsOfAnotherFormat(t *testing.T) {
	for _, sizes := range [][2]int{{20, 32}, {32, 20}} {
		dir := t.TempDir()
		writeLoose(t, dir, []byte("eyJ"), []byte("eyJ"), sizes[0])
		s, err := Open(t.Context(), dir, Options{NameSize: sizes[1]})
		if err != nil {
			t.Fatal(err)
		}
		got := sweepAll(t, s, SweepOptions{Jobs: 2, Types: all()})
		if len(got.shown) != 0 || len(got.problems) != 1 || !strings.Contains(got.problems[0], "another object format") {
			t.Errorf("names of %d bytes, said to have %d: %d shown, problems %q", sizes[0], sizes[1], len(got.shown), got.problems)
		}
	}
}
