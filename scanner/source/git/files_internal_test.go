package git

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/jwtleak/jwtleak/scanner/finding"
	"github.com/jwtleak/jwtleak/scanner/source"
)

// A problemCounter counts problems.
type problemCounter struct {
	source.Visitor
	count int
}

func (c *problemCounter) Problem(finding.Problem) error {
	c.count++
	return nil
}

// TestVanishedAmongObjects tells of what can't be read beside the objects, but not of what is packed meanwhile.
func TestVanishedAmongObjects(t *testing.T) {
	root := t.TempDir()
	for _, dir := range []string{"objects/ab", "logs"} {
		if err := os.MkdirAll(filepath.Join(root, dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for path, want := range map[string]int{"objects/ab": 1, "objects/cd": 0, "objects/cd/tmp_obj_x": 0, "objects": 1, "logs": 1, "logs/HEAD": 1} {
		counter := &problemCounter{}
		v := &filesVisitor{Visitor: counter, root: root, inGitDir: true}
		if err := v.Problem(finding.Problem{Path: filepath.ToSlash(filepath.Join(root, path)), Reason: "no such file or directory"}); err != nil {
			t.Fatal(err)
		}
		if counter.count != want {
			t.Errorf("%s: %d problems, want %d", path, counter.count, want)
		}
	}
}
