package git_test

import (
	"bytes"
	"context"
	"testing"

	"github.com/jwtleak/jwtleak/scanner/source"
	"github.com/jwtleak/jwtleak/scanner/source/fs"
	"github.com/jwtleak/jwtleak/scanner/source/git"
	"github.com/jwtleak/jwtleak/scanner/source/sourcetest"
)

// headerPrefilter knows the usual beginning of a token.
type headerPrefilter struct{}

func (headerPrefilter) Index(text []byte) int { return bytes.Index(text, []byte("eyJ")) }
func (headerPrefilter) Width() int            { return len("eyJ") }

// readFiles is the FilesFunc that a scan has.
func readFiles(ctx context.Context, jobs int, root string, skip func(string) bool, visitor source.Visitor) error {
	return fs.New(root, fs.Options{Skip: skip}).Read(ctx, jobs, visitor)
}

func TestSuite(t *testing.T) {
	t.Parallel()
	sourcetest.Run(t, sourcetest.Options{}, func(t *testing.T, tree map[string]string) source.Source {
		w := newWorkshop(t)
		for path, content := range tree {
			w.add(path, content)
		}
		w.commit("all")
		s, err := git.Open(w.dir, git.Options{Target: w.dir, Candidate: headerPrefilter{}, Files: readFiles})
		if err != nil {
			t.Fatal(err)
		}
		return s
	})
}
