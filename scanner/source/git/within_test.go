package git_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jwtleak/jwtleak/detectors/encoding"
	"github.com/jwtleak/jwtleak/scanner"
	"github.com/jwtleak/jwtleak/scanner/container"
	"github.com/jwtleak/jwtleak/scanner/finding"
	"github.com/jwtleak/jwtleak/scanner/source/sourcetest"
	"github.com/jwtleak/jwtleak/scanner/triage"
)

// TestNothingLeadsOut scans directories with what calls itself a repository and leads to another one, outside, in each way
// there is: its token is not found, and that it was not looked for is told. Named as a target the same repository is read.
func TestNothingLeadsOut(t *testing.T) {
	t.Parallel()
	outside := newCommand(t)
	outside.init()
	outside.commit("token", sourcetest.Tree(t, 1)["0/file"])
	outside.run("repack", "-adq")
	git := filepath.Join(outside.dir, ".git")
	for name, lead := range map[string]func(dir string){
		"a .git file": func(dir string) {
			replace(t, filepath.Join(dir, ".git"), "gitdir: "+git+"\n")
		},
		"a .git link": func(dir string) { link(t, git, filepath.Join(dir, ".git")) },
		"commondir":   func(dir string) { replace(t, filepath.Join(dir, ".git/commondir"), git+"\n") },
		"alternates": func(dir string) {
			replace(t, filepath.Join(dir, ".git/objects/info/alternates"), filepath.Join(git, "objects")+"\n")
		},
		"an objects link": func(dir string) { link(t, filepath.Join(git, "objects"), filepath.Join(dir, ".git/objects")) },
		"a pack link":     func(dir string) { link(t, filepath.Join(git, "objects/pack"), filepath.Join(dir, ".git/objects/pack")) },
		"links to packs": func(dir string) {
			packs, err := filepath.Glob(filepath.Join(git, "objects/pack/*"))
			if err != nil || len(packs) == 0 {
				t.Fatal(packs, err)
			}
			for _, pack := range packs {
				link(t, pack, filepath.Join(dir, ".git/objects/pack", filepath.Base(pack)))
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCommand(t)
			inner := c.in("inner")
			inner.init()
			lead(inner.dir)
			if result := scanned(t, c.dir); result.Summary.Findings != 0 || result.Scan.Complete ||
				!slices.ContainsFunc(result.Scan.Problems, isOutside) {
				t.Errorf("below the target: %d tokens found, problems %v", result.Summary.Findings, result.Scan.Problems)
			}
			if result := scanned(t, inner.dir); result.Summary.Findings != 1 {
				t.Errorf("as the target: %d tokens found, problems %v", result.Summary.Findings, result.Scan.Problems)
			}
		})
	}
}

// TestBorrowedWithin scans a directory with a repository that borrows objects from another one in the same directory.
func TestBorrowedWithin(t *testing.T) {
	t.Parallel()
	c := newCommand(t)
	lender := c.in("lender.git")
	work := newCommand(t)
	work.init()
	work.commit("token", sourcetest.Tree(t, 1)["0/file"])
	lender.run("clone", "-q", "--bare", work.dir, ".")
	c.run("clone", "-q", "--shared", "--bare", lender.dir, "borrower.git")
	if result := scanned(t, c.dir); !result.Scan.Complete || result.Summary.Findings != 1 || result.Summary.Occurrences < 2 {
		t.Errorf("%d tokens in %d places, problems %v", result.Summary.Findings, result.Summary.Occurrences, result.Scan.Problems)
	}
}

func isOutside(problem finding.Problem) bool {
	return strings.Contains(problem.Reason, "outside of what is scanned: not followed")
}

func scanned(t *testing.T, path string) scanner.Result {
	t.Helper()
	detector := encoding.New()
	opened, err := scanner.Open(context.Background(), []string{path}, scanner.Reading{Prefilter: detector.Prefilter()})
	if err != nil {
		t.Fatal(err)
	}
	result, err := scanner.Scan(context.Background(), scanner.Options{
		Targets: opened.Targets, Sources: opened.Sources, Detector: detector, Limits: container.DefaultLimits(),
		Judge: triage.Judge{At: time.Unix(1700000000, 0).UTC(), MaxLifetime: 24 * time.Hour}, Jobs: 2, Now: time.Now,
	}, counter{})
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// replace writes a file in the place of whatever is there.
func replace(t *testing.T, path, content string) {
	t.Helper()
	if err := os.RemoveAll(path); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

// link makes a symbolic link in the place of whatever is there.
func link(t *testing.T, to, path string) {
	t.Helper()
	if err := os.RemoveAll(path); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(to, path); err != nil {
		t.Skip("symbolic links can't be made here:", err)
	}
}
