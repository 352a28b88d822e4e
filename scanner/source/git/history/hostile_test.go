package history

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// A pile is a repository of objects whose names are numbers, and so may say anything.
type pile struct {
	commits *Commits
	trees   *Trees
	blobs   []Blob
}

func number(n int) Name { return object("number", fmt.Sprint(n)) }

func newPile(blobs ...int) *pile {
	p := &pile{commits: NewCommits()}
	for i, n := range blobs {
		p.blobs = append(p.blobs, Blob{Name: number(n), Tokens: []int32{int32(i)}})
	}
	p.trees = NewTrees(p.blobs, 20, 1, nil)
	return p
}

// tree adds a tree; entries are MODE NAME and the number of an object.
func (p *pile) tree(t *testing.T, n int, entries ...any) {
	t.Helper()
	var content strings.Builder
	for i := 0; i < len(entries); i += 2 {
		content.WriteString(entries[i].(string) + "\x00" + string(number(entries[i+1].(int)).Bytes()))
	}
	if _, err := p.trees.Add(0, number(n), []byte(content.String())); err != nil {
		t.Fatal(err)
	}
}

func (p *pile) commit(t *testing.T, n, tree int, parents ...int) {
	t.Helper()
	content := "tree " + number(tree).String() + "\n"
	for _, parent := range parents {
		content += "parent " + number(parent).String() + "\n"
	}
	if err := p.commits.AddCommit(number(n), []byte(content)); err != nil {
		t.Fatal(err)
	}
}

func (p *pile) attribute(t *testing.T, tip int) Result {
	t.Helper()
	started := time.Now()
	result := Attribute(p.commits, p.trees, p.blobs, []Tip{{Ref: "refs/heads/main", Object: number(tip)}}, []Name{number(tip)})
	if took := time.Since(started); took > time.Minute {
		t.Errorf("took %v", took)
	}
	return result
}

func TestAttributeBounds(t *testing.T) {
	t.Parallel()
	t.Run("trees that fan out", func(t *testing.T) {
		t.Parallel()
		p := newPile(0)
		p.tree(t, 100, "100644 x", 0)
		for level := 101; level <= 140; level++ {
			p.tree(t, level, "40000 a", level-1, "40000 b", level-1, "40000 c", level-1)
		}
		p.commit(t, 1, 140)
		if result := p.attribute(t, 1); !result.Cut || len(result.Introductions) > maxPaths {
			t.Errorf("%d introductions, cut %v", len(result.Introductions), result.Cut)
		}
	})
	t.Run("trees that fan out, again and again", func(t *testing.T) {
		t.Parallel()
		p := newPile(0, 1, 2)
		const toggles = 6
		for n := range 3 {
			p.tree(t, 100*n+100, "100644 x", n)
			for level := 101; level < 106; level++ {
				var names []any
				for name := range 10 {
					names = append(names, fmt.Sprint("40000 ", name), 100*n+level-1)
				}
				p.tree(t, 100*n+level, names...)
			}
		}
		for n := range toggles { // each in the place of the one before
			p.commit(t, n+1, 100*(n%3)+105, n)
		}
		result := p.attribute(t, toggles)
		if !result.Cut || len(result.Introductions) > maxCopies+1000 {
			t.Errorf("%d introductions, cut %v", len(result.Introductions), result.Cut)
		}
		by := map[Name]bool{}
		for _, in := range result.Introductions {
			by[in.Commit] = true
		}
		if len(by) != toggles {
			t.Errorf("%d of %d commits brought something in", len(by), toggles)
		}
	})
	t.Run("a tree at many paths", func(t *testing.T) {
		t.Parallel()
		p := newPile(0, 1)
		p.tree(t, 100, "100644 x", 0, "100644 y", 1)
		var names []any
		const copies = 20000
		for name := range copies {
			names = append(names, fmt.Sprint("40000 ", name), 100)
		}
		p.tree(t, 101, names...)
		p.commit(t, 1, 101)
		if result := p.attribute(t, 1); result.Cut || len(result.Introductions) != 2*copies {
			t.Errorf("%d introductions, cut %v", len(result.Introductions), result.Cut)
		}
	})
	t.Run("trees nested deep", func(t *testing.T) {
		t.Parallel()
		p := newPile(0)
		p.tree(t, 100, "100644 x", 0)
		for level := 101; level <= 100+3*maxDepth; level++ {
			p.tree(t, level, "40000 a", level-1)
		}
		p.commit(t, 1, 100+3*maxDepth)
		p.commit(t, 2, 100+maxDepth/2)
		result := p.attribute(t, 2)
		if !result.Cut || len(result.Introductions) != 1 || len(result.Introductions[0].Path) != maxDepth+1 {
			t.Errorf("%d introductions, cut %v", len(result.Introductions), result.Cut)
		}
	})
	t.Run("many commits, each with more", func(t *testing.T) {
		t.Parallel()
		const commits = 800
		var blobs []int
		for n := range commits {
			blobs = append(blobs, n)
		}
		p := newPile(blobs...)
		var entries []any
		for n := range commits {
			entries = append(entries, fmt.Sprintf("100644 %05d", n), n)
			p.tree(t, 10000+n, entries...)
			p.commit(t, 20000+n, 10000+n, 20000+n-1)
		}
		if result := p.attribute(t, 20000+commits-1); result.Cut || len(result.Introductions) != commits {
			t.Errorf("%d introductions, cut %v", len(result.Introductions), result.Cut)
		}
	})
}

// TestAttributeLies has objects whose names are not what they should be.
func TestAttributeLies(t *testing.T) {
	t.Parallel()
	p := newPile(0, 1, 2)
	p.tree(t, 100, "100644 x", 0, "40000 d", 101)
	p.tree(t, 101, "40000 up", 100, "100644 y", 1) // each in the other
	p.tree(t, 102, "100644 z", 2, "100644 z", 1, "40000 z", 103, "40000 z", 2, "100644 .git", 0, "100644 ../../etc", 0, "100644 ", 0)
	p.tree(t, 103, "100644 z", 2)
	p.tree(t, 103, "100644 z", 2) // gathered twice
	p.commit(t, 1, 102, 1, 2)     // its own parent
	p.commit(t, 2, 100, 1)
	p.commit(t, 3, 102, 999)
	p.commit(t, 3, 102, 999)
	if err := p.commits.AddTag(number(50), []byte("object "+number(51).String()+"\n")); err != nil {
		t.Fatal(err)
	}
	if err := p.commits.AddTag(number(51), []byte("object "+number(50).String()+"\n")); err != nil {
		t.Fatal(err)
	}
	result := Attribute(p.commits, p.trees, p.blobs, []Tip{
		{Ref: "refs/heads/main", Object: number(3)}, {Ref: "refs/tags/round", Object: number(50)},
		{Ref: "refs/tags/blob", Object: number(1)}, {Ref: "refs/tags/tree", Object: number(103)}, {Ref: "refs/tags/gone", Object: number(12345)},
	}, []Name{number(3)})
	got := map[string]int{}
	for _, in := range result.Introductions {
		if in.Commit != (Name{}) && in.Commit != number(3) {
			t.Errorf("brought in by a commit in a circle")
		}
		got[fmt.Sprintf("%d %q %v", in.Token, in.Path, in.Commit == number(3))]++
	}
	want := []string{`0 ".git" true`, `0 "../../etc" true`, `0 "" true`, `1 "z" true`, `2 "z" true`, `2 "z/z" true`, `2 "z" false`}
	for _, line := range want {
		if got[line] != 1 {
			t.Errorf("%d times %s", got[line], line)
		}
	}
	if len(got) != len(want) {
		t.Errorf("got %v", got)
	}
	if !result.ReachableBlobs[1] {
		t.Errorf("a blob that a tag names is not reachable")
	}
}
