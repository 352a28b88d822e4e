package history

import (
	"crypto/sha1" // git's own
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A story is a repository written down: a line a commit.
//
//	NAME [PARENT...]: PATH=TOKENS PATH=TOKENS ...
//
// A path's tokens are digits; a blob's content is its tokens and, behind a slash, whatever else.
type story struct {
	t       *testing.T
	commits *Commits
	trees   map[Name][]byte
	blobs   map[string]Name // by content
	names   map[Name]string // what the story calls an object
	byName  map[string]Name
	files   map[string]map[string]string // of each commit, content by path
	parents map[string][]string
	order   []string
	clock   int
}

func tell(t *testing.T, text string) *story {
	t.Helper()
	s := &story{
		t: t, commits: NewCommits(), trees: map[Name][]byte{}, blobs: map[string]Name{}, names: map[Name]string{},
		byName: map[string]Name{}, files: map[string]map[string]string{}, parents: map[string][]string{},
	}
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			s.commit(line)
		}
	}
	return s
}

func (s *story) commit(line string) {
	head, rest, ok := strings.Cut(line, ":")
	if !ok {
		s.t.Fatalf("no colon in %q", line)
	}
	words := strings.Fields(head)
	files := map[string]string{}
	for _, field := range strings.Fields(rest) {
		path, content, _ := strings.Cut(field, "=")
		files[path] = content
	}
	s.clock++
	content := "tree " + s.tree(files).String() + "\n"
	for _, parent := range words[1:] {
		name, ok := s.byName[parent]
		if !ok {
			name = object("commit", parent)
		}
		content += "parent " + name.String() + "\n"
	}
	content += fmt.Sprintf("author A <a@example.com> %d +0000\ncommitter A <a@example.com> %d +0000\n\n%s\n", s.clock, s.clock, words[0])
	name := object("commit", content)
	s.names[name], s.byName[words[0]] = words[0], name
	s.files[words[0]], s.parents[words[0]] = files, words[1:]
	s.order = append(s.order, words[0])
	if err := s.commits.AddCommit(name, []byte(content)); err != nil {
		s.t.Fatal(err)
	}
}

func object(kind, content string) Name {
	sum := sha1.Sum([]byte(kind + "\x00" + content)) // git's own
	return NameOf(sum[:])
}

// tree makes the tree objects of files and returns the root.
func (s *story) tree(files map[string]string) Name {
	below := map[string]map[string]string{}
	entries := map[string]string{}
	for path, content := range files {
		if dir, rest, ok := strings.Cut(path, "/"); ok {
			if below[dir] == nil {
				below[dir] = map[string]string{}
			}
			below[dir][rest] = content
			continue
		}
		name := object("blob", content)
		s.blobs[content] = name
		entries[path] = "100644 " + path + "\x00" + string(name.Bytes())
	}
	for dir, files := range below {
		name := s.tree(files)
		entries[dir] = "40000 " + dir + "\x00" + string(name.Bytes())
	}
	var content strings.Builder
	for _, path := range slices.Sorted(maps.Keys(entries)) {
		content.WriteString(entries[path])
	}
	name := object("tree", content.String())
	s.trees[name] = []byte(content.String())
	return name
}

func tokensOf(content string) []int32 {
	digits, _, _ := strings.Cut(content, "/")
	var tokens []int32
	for _, digit := range digits {
		n, err := strconv.Atoi(string(digit))
		if err != nil {
			continue
		}
		tokens = append(tokens, int32(n))
	}
	slices.Sort(tokens)
	return slices.Compact(tokens)
}

// attribute runs Attribute over the story, with tips as REF=NAME.
func (s *story) attribute(head string, refs ...string) Result {
	var blobs []Blob
	for content, name := range s.blobs {
		if tokens := tokensOf(content); len(tokens) > 0 {
			blobs = append(blobs, Blob{Name: name, Tokens: tokens})
		}
	}
	slices.SortFunc(blobs, func(a, b Blob) int { return strings.Compare(a.Name.String(), b.Name.String()) })
	trees := NewTrees(blobs, 20, 1, nil)
	for name, content := range s.trees {
		if _, err := trees.Add(0, name, content); err != nil {
			s.t.Fatal(err)
		}
	}
	var tips []Tip
	for _, ref := range refs {
		name, target, _ := strings.Cut(ref, "=")
		tips = append(tips, Tip{Ref: name, Object: s.byName[target]})
	}
	var heads []Name
	if head != "" {
		heads = []Name{s.byName[head]}
	}
	return Attribute(s.commits, trees, blobs, tips, heads)
}

// lines writes introductions as TOKEN PATH COMMIT, and what else is known.
func (s *story) lines(result Result) []string {
	var lines []string
	for _, in := range result.Introductions {
		line := fmt.Sprintf("%d %s %s", in.Token, in.Path, s.names[in.Commit])
		if in.RemovedBy != (Name{}) {
			line += " removed by " + s.names[in.RemovedBy]
		}
		if len(in.Tips) > 0 {
			line += " at " + strings.Join(in.Tips, ",")
		}
		if !in.Reachable {
			line += " unreachable"
		}
		lines = append(lines, line)
	}
	slices.Sort(lines)
	return lines
}

func TestAttribute(t *testing.T) {
	t.Parallel()
	const main = "refs/heads/main="
	tests := []struct {
		name  string
		story string
		head  string
		refs  []string
		want  []string
	}{
		{
			name:  "brought in, changed around, removed",
			story: "A: x=0\n B A: x=0 d/y=1\n C B: x=0 d/y=1/more\n D C: x=0",
			head:  "D", refs: []string{main + "D", "refs/tags/v1=C"},
			want: []string{"1 d/y B removed by D at refs/tags/v1"},
		},
		{
			name:  "renamed: an occurrence of its own",
			story: "A: old=1\n B A: new=1",
			head:  "B", refs: []string{main + "B"},
			want: []string{"1 new B at refs/heads/main", "1 old A removed by B"},
		},
		{
			name:  "removed and brought in again",
			story: "A: x=1\n B A: x=-\n C B: x=1",
			head:  "C", refs: []string{main + "C"},
			want: []string{"1 x A removed by B", "1 x C at refs/heads/main"},
		},
		{
			name:  "a merge brings in nothing that a parent has",
			story: "A: z=-\n B A: z=- x=1\n C A: z=- y=2\n M B C: z=- x=1 y=2",
			head:  "M", refs: []string{main + "M"},
			want: []string{"1 x B at refs/heads/main", "2 y C at refs/heads/main"},
		},
		{
			name:  "a merge that brings in what no parent has",
			story: "A: z=-\n B A: z=0\n C A: y=-\n M B C: z=03",
			head:  "M", refs: []string{main + "M"},
			want: []string{"0 z B at refs/heads/main", "3 z M at refs/heads/main"},
		},
		{
			name:  "the same brought in on two branches",
			story: "A: z=-\n B A: x=1\n C A: x=1/c\n M B C: x=1\n N M: z=-",
			head:  "N", refs: []string{main + "N"},
			want: []string{"1 x B removed by N", "1 x C removed by N"},
		},
		{
			name:  "a merge that takes out what one side has",
			story: "A: z=-\n B A: z=- x=1\n C A: z=5\n M C B: z=5",
			head:  "M", refs: []string{main + "M"},
			want: []string{"1 x B removed by M", "5 z C at refs/heads/main"},
		},
		{
			name:  "taken out on a branch that is not merged",
			story: "A: x=1\n B A: y=-",
			head:  "A", refs: []string{main + "A", "refs/heads/fix=B"},
			want: []string{"1 x A at refs/heads/main"},
		},
		{
			name:  "reachable from no tip but a pull request",
			story: "A: x=1\n B A: x=12\n C A: x=13",
			head:  "A", refs: []string{main + "A", "refs/pull/1/head=B"},
			want: []string{"1 x A at refs/heads/main", "2 x B", "3 x C unreachable"},
		},
		{
			name:  "the parents are not there, as in a shallow clone",
			story: "B gone: x=1\n C B: x=1 y=2",
			head:  "C", refs: []string{main + "C"},
			want: []string{"1 x B at refs/heads/main", "2 y C at refs/heads/main"},
		},
		{
			name:  "a directory that becomes a file",
			story: "A: x/y=1\n B A: x=1",
			head:  "B", refs: []string{main + "B"},
			want: []string{"1 x B at refs/heads/main", "1 x/y A removed by B"},
		},
		{
			name:  "moved with its directory",
			story: "A: a/b/c=12 q=-\n B A: d/b/c=12 q=-",
			head:  "B", refs: []string{main + "B"},
			want: []string{"1 a/b/c A removed by B", "1 d/b/c B at refs/heads/main", "2 a/b/c A removed by B", "2 d/b/c B at refs/heads/main"},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := tell(t, test.story)
			got := s.lines(s.attribute(test.head, test.refs...))
			// x=0 and z=0 stand for files that have token 0, which the wants leave out where it says nothing.
			got = slices.DeleteFunc(got, func(line string) bool {
				return strings.HasPrefix(line, "0 ") && !slices.Contains(test.want, line)
			})
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("introductions (-want +got):\n%s", diff)
			}
		})
	}
}

// TestAttributeEqualsReference compares with asking each commit and its parents for all their files, on random histories.
func TestAttributeEqualsReference(t *testing.T) {
	t.Parallel()
	for seed := range uint64(300) {
		random := rand.New(rand.NewPCG(seed, 1)) // to be repeated
		s := tell(t, randomStory(random))
		last := s.order[len(s.order)-1]
		result := s.attribute(last, "refs/heads/main="+last)
		var got []string
		for _, in := range result.Introductions {
			got = append(got, fmt.Sprintf("%d %s %s %v", in.Token, in.Path, s.names[in.Commit], in.AtTip()))
		}
		slices.Sort(got)
		if diff := cmp.Diff(s.reference(last), got); diff != "" {
			t.Fatalf("seed %d: introductions (-want +got):\n%s", seed, diff)
		}
	}
}

// randomStory tells of up to 40 commits that edit, add, move and merge.
func randomStory(random *rand.Rand) string {
	var text strings.Builder
	var states []map[string]string
	for i := range 2 + random.IntN(40) {
		files := map[string]string{}
		var parents []int
		if i > 0 {
			for range 1 + random.IntN(5)/3 + random.IntN(9)/8 {
				if parent := max(0, i-1-random.IntN(4)); !slices.Contains(parents, parent) {
					parents = append(parents, parent)
				}
			}
			for _, parent := range parents {
				maps.Copy(files, states[parent])
			}
		}
		for range random.IntN(3) {
			path := []string{"a", "b", "d/a", "d/b", "d/e/a", "f/a"}[random.IntN(6)]
			switch random.IntN(5) {
			case 0:
				delete(files, path)
			default:
				files[path] = fmt.Sprintf("%d/%d", random.IntN(200), random.IntN(3))
			}
		}
		if len(files) == 0 {
			files["none"] = "-"
		}
		states = append(states, files)
		fmt.Fprintf(&text, "c%d", i)
		for _, parent := range parents {
			fmt.Fprintf(&text, " c%d", parent)
		}
		text.WriteString(":")
		for path, content := range files {
			fmt.Fprintf(&text, " %s=%s", path, content)
		}
		text.WriteString("\n")
	}
	return text.String()
}

// reference does slowly what Attribute does. A token is at the tip where the tip has it at the path and what this commit
// brought in came there without a break.
func (s *story) reference(tip string) []string {
	type place struct {
		token int32
		path  string
	}
	has := func(commit string, p place) bool {
		content, ok := s.files[commit][p.path]
		return ok && slices.Contains(tokensOf(content), p.token)
	}
	from := map[string]map[place][]string{}
	var lines []string
	for _, commit := range s.order {
		from[commit] = map[place][]string{}
		for path, content := range s.files[commit] {
			for _, token := range tokensOf(content) {
				p := place{token, path}
				for _, parent := range s.parents[commit] {
					if has(parent, p) {
						from[commit][p] = append(from[commit][p], from[parent][p]...)
					}
				}
				if from[commit][p] == nil {
					from[commit][p] = []string{commit}
				}
			}
		}
	}
	for _, commit := range s.order {
		for p, origins := range from[commit] {
			if slices.Equal(origins, []string{commit}) {
				lines = append(lines, fmt.Sprintf("%d %s %s %v", p.token, p.path, commit, slices.Contains(from[tip][p], commit)))
			}
		}
	}
	slices.Sort(lines)
	return lines
}
