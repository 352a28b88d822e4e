package git_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/jwtleak/jwtleak/scanner/finding"
	"github.com/jwtleak/jwtleak/scanner/source/git"
)

// newMoved makes a commit with tokens, tagged base, and moves some of them in the working tree, and copies others: only
// what is copied from a path that is not touched, and what is new, is new.
func newMoved(t *testing.T) *command {
	t.Helper()
	c := newCommand(t)
	c.init()
	name := long("secret-n")
	for path, content := range map[string]string{
		"renamed": "secret-a", "edited": "secret-b\n", "dir/below/file": "secret-c", "file": "secret-d", "d/e": "secret-e",
		"line": "secret-f\nother", "copied": "secret-g", "touched": "secret-h", name: "nothing", "kept/" + long("secret-k"): "nothing",
		"dropped": "secret-i", "left": "secret-j",
	} {
		c.write(path, content)
	}
	c.run("add", "-A")
	c.run("commit", "-q", "-m", "base")
	c.run("tag", "base")
	c.run("mv", "renamed", "to")
	c.run("mv", "edited", "after")
	c.run("mv", "dir", "moved")
	c.run("mv", name, "other-"+name)
	c.run("rm", "-q", "file", "d/e", "dropped")
	c.write("after", "secret-b\nsecret-new1\n")
	c.write("file/below", "secret-d")
	c.write("d", "secret-e")
	c.write("line", "other")
	c.write("new", "secret-f")
	c.write("copy", "secret-g")
	c.write("touched", "more\nsecret-h")
	c.write("touched2", "secret-h")
	c.write("copies/"+long("secret-k"), "nothing")
	c.run("add", "-A")
	return c
}

// TestWhatMovedIsNotNew renames files and directories, edited or not, and moves lines.
func TestWhatMovedIsNotNew(t *testing.T) {
	t.Parallel()
	c := newMoved(t)
	kind := "index"
	want := func(end string) []string {
		tree := strings.Replace(kind, "blob", "tree", 1)
		return []string{
			"secret-g " + kind + " copy:1:1" + end,
			"secret-k " + tree + " copies/" + long("secret-k") + ":1:17" + end,
			"secret-new1 " + kind + " after:2:1" + end,
		}
	}
	c.expect(git.Options{Staged: true}, want(" unreachable")...)
	c.run("commit", "-q", "-m", "move")
	kind = "blob"
	const by = " by author@example.com in ?"
	c.expect(git.Options{Range: "base..main"}, want(by+" at refs/heads/main")...)
	c.expect(git.Options{Range: "base...main"}, want(by+" at refs/heads/main")...)

	// Once more in the next commit: what was new is told where it was and where it is, and the rest is not.
	c.run("mv", "after", "last")
	c.run("mv", "to", "farther")
	c.run("commit", "-q", "-m", "again")
	c.expect(git.Options{Range: "base..main"}, slices.Concat(
		want(by + " at refs/heads/main")[:2],
		[]string{"secret-new1 blob after:2:1" + by + " removed by ?", "secret-new1 blob last:2:1" + by + " at refs/heads/main"},
	)...)
	c.expect(git.Options{Range: "main~1..main"})

	// Where the older side has moved on and has it no more at any touched path, a merge would bring it back.
	c.run("checkout", "-q", "-b", "topic", "base")
	c.run("mv", "renamed", "by-topic")
	c.run("commit", "-q", "-m", "move")
	c.run("checkout", "-q", "main")
	c.run("rm", "-q", "farther")
	c.run("commit", "-q", "-m", "drop")
	c.expect(git.Options{Range: "main..topic"}, "secret-a blob by-topic:1:1"+by+" at refs/heads/topic")
	c.expect(git.Options{Range: "base..topic"})
}

// TestRangesEqualModel has ranges of random histories bring in what git's own listings say: what a commit has at a path
// where no parent has it, but for the tokens that what is left out has at any path that the commits touch.
func TestRangesEqualModel(t *testing.T) {
	t.Parallel()
	for seed := range uint64(6) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			c := newCommand(t)
			c.init()
			c.importRandom(rand.New(rand.NewPCG(seed, 2)), seed%2 == 1)
			m := newRangeModel(c)
			commits := strings.Fields(c.run("rev-list", "--topo-order", "main"))
			news := 0
			for i := 1; i < len(commits); i += 4 {
				for _, ends := range []string{commits[i] + "..main", commits[i] + ".." + commits[i/2], commits[i/2] + ".." + commits[i]} {
					want := m.news(ends)
					news += len(want)
					r, _ := c.scan(git.Options{Range: ends})
					var got []string
					for word, occurrences := range r.told {
						for _, occurrence := range occurrences {
							if place, _ := occurrence.Place.(finding.GitPlace); place.ObjectType == "blob" {
								got = append(got, fmt.Sprintln(word, place.Path, place.Commit))
							}
						}
					}
					slices.Sort(got)
					if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
						t.Errorf("%s (-git +got):\n%s", ends, diff)
					}
				}
			}
			if news == 0 {
				t.Error("nothing was new: the test says nothing")
			}
		})
	}
}

// A rangeModel knows by git's listings what a range brings in.
type rangeModel struct {
	c      *command
	listed map[string]map[string]string // of a commit: the blob at each path
	held   map[string][]string          // of a blob: its words
}

// newRangeModel has git list every commit and print every blob, by one program each.
func newRangeModel(c *command) *rangeModel {
	c.t.Helper()
	m := &rangeModel{c: c, listed: map[string]map[string]string{}, held: map[string][]string{}}
	const empty = "4b825dc642cb6eb9a060e54bf8d69288fbee4904" // the tree that git always has
	commits := strings.Fields(c.run("log", "--format=%H %T", "main"))
	var pairs, blobs strings.Builder
	for i := 1; i < len(commits); i += 2 {
		fmt.Fprintln(&pairs, empty, commits[i])
	}
	trees := map[string]map[string]string{empty: {}}
	var files map[string]string
	for line := range strings.Lines(c.feed(pairs.String(), "diff-tree", "--stdin", "-r")) {
		if entry, path, ok := strings.Cut(strings.TrimSpace(line), "\t"); ok {
			files[path] = strings.Fields(entry)[3]
			fmt.Fprintln(&blobs, files[path])
			continue
		}
		files = map[string]string{}
		trees[strings.Fields(line)[1]] = files
	}
	for i := 0; i < len(commits); i += 2 {
		m.listed[commits[i]] = trees[commits[i+1]]
	}
	for text := c.feed(blobs.String(), "cat-file", "--batch"); text != ""; {
		var name string
		var size int
		header, rest, _ := strings.Cut(text, "\n")
		if _, err := fmt.Sscanf(header, "%s blob %d", &name, &size); err != nil {
			c.t.Fatalf("git cat-file: %q: %v", header, err)
		}
		m.held[name] = strings.Fields(rest[:size])
		text = strings.TrimPrefix(rest[size:], "\n")
	}
	return m
}

func (m *rangeModel) files(commit string) map[string]string {
	files, ok := m.listed[commit]
	if !ok {
		m.c.t.Fatalf("git lists no files of %s", commit)
	}
	return files
}

func (m *rangeModel) words(blob string) []string { return m.held[blob] }

func (m *rangeModel) news(ends string) (news []string) {
	touched := map[string]bool{}
	found := map[string]string{} // a line, and the word in it
	times := map[string]int{}    // a line is there for each place that the blob has the word at
	for line := range strings.Lines(m.c.run("rev-list", "--parents", ends)) {
		names := strings.Fields(line)
		here, parents := m.files(names[0]), names[1:]
		paths := map[string]bool{}
		for _, commit := range names {
			for path := range m.files(commit) {
				paths[path] = true
			}
		}
		for path := range paths {
			var old []string
			isSame := false
			for _, parent := range parents {
				before := m.files(parent)[path]
				isSame = isSame || before == here[path]
				old = append(old, m.words(before)...)
			}
			if isSame {
				continue
			}
			touched[path] = true
			for _, word := range m.words(here[path]) {
				if !slices.Contains(old, word) {
					line := fmt.Sprintln(word, path, names[0])
					found[line] = word
					times[line]++
				}
			}
		}
	}
	from, _, _ := strings.Cut(ends, "..")
	var held []string
	for path := range touched {
		held = append(held, m.words(m.files(from)[path])...)
	}
	for line, word := range found {
		if !slices.Contains(held, word) {
			news = append(news, slices.Repeat([]string{line}, times[line])...)
		}
	}
	slices.Sort(news)
	return news
}

// TestMovedFromSparseDirectory copies what is in a directory that a sparse index has as one entry: it stays there.
func TestMovedFromSparseDirectory(t *testing.T) {
	t.Parallel()
	c := newCommand(t)
	c.init()
	c.write("in/file", "nothing")
	c.write("out/of/it", "secret-a")
	c.run("add", "-A")
	c.run("commit", "-q", "-m", "base")
	c.run("sparse-checkout", "init", "--cone", "--sparse-index")
	c.run("sparse-checkout", "set", "in")
	c.write("in/copy", "secret-a")
	c.run("add", "in/copy")
	c.expect(git.Options{Staged: true}, "secret-a index in/copy:1:1 unreachable")
}

// TestRangeOfAllEqualsHistory has a range of everything tell what the whole repository tells: who brought a token in, and
// who removed it.
func TestRangeOfAllEqualsHistory(t *testing.T) {
	t.Parallel()
	for seed := range uint64(30) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			c := newCommand(t)
			c.init()
			c.importRandom(rand.New(rand.NewPCG(seed, 1)), seed%2 == 1)
			removed := 0
			told := func(options git.Options) (lines []string) {
				r, _ := c.scan(options)
				for word, occurrences := range r.told {
					for _, occurrence := range occurrences {
						place, _ := occurrence.Place.(finding.GitPlace)
						at := fmt.Sprint(occurrence.Line, ":", occurrence.Column, ":", occurrence.Offset)
						lines = append(lines, fmt.Sprintln(word, place.ObjectType, place.Path, at, place.Commit, place.RemovedBy, place.Tips))
						if place.RemovedBy != "" {
							removed++
						}
					}
				}
				slices.Sort(lines)
				return lines
			}
			want := told(git.Options{History: git.HistoryReachable})
			if diff := cmp.Diff(want, told(git.Options{Range: "main"}), cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("occurrences (-history +range):\n%s", diff)
			}
			if removed == 0 {
				t.Error("nothing was removed: the test says nothing")
			}
		})
	}
}

// importRandom makes a random history, all of which ends in main, of objects in a pack or as git has so few, which is loose.
func (c *command) importRandom(random *rand.Rand, isPacked bool) {
	var stream strings.Builder
	names := []string{"a", "b", "d/a", "d/e/f", "d/" + long("secret-n"), "g/h"}
	const commits = 40
	merged := make([]bool, commits+1)
	for i := 1; i <= commits; i++ {
		fmt.Fprintf(&stream, "commit refs/heads/main\nmark :%d\ncommitter A <a@example.com> %d +0000\ndata 1\n.\n", i, 1700000000+60*i)
		if i > 1 {
			first := max(1, i-1-random.IntN(4))
			merged[first] = true
			fmt.Fprintf(&stream, "from :%d\n", first)
			if second := max(1, i-1-random.IntN(6)); second != first && random.IntN(3) == 0 {
				merged[second] = true
				fmt.Fprintf(&stream, "merge :%d\n", second)
			}
		}
		if i == commits {
			for other := 1; other < commits; other++ {
				if !merged[other] {
					fmt.Fprintf(&stream, "merge :%d\n", other)
				}
			}
		}
		for range random.IntN(4) {
			name := names[random.IntN(len(names))]
			switch random.IntN(4) {
			case 0:
				fmt.Fprintf(&stream, "D %s\n", name)
			case 1:
				if i > 1 {
					fmt.Fprintf(&stream, "D %s\n", strings.Split(name, "/")[0])
				}
			default:
				content := fmt.Sprintf("secret-%c secret-%c", 'a'+random.IntN(3), 'a'+random.IntN(3))
				fmt.Fprintf(&stream, "M 100644 inline %s\ndata %d\n%s\n", name, len(content), content)
			}
		}
	}
	unpackLimit := "100" // as it is by default
	if isPacked {
		unpackLimit = "1"
	}
	c.feed(stream.String(), "-c", "fastimport.unpackLimit="+unpackLimit, "fast-import", "--quiet")
}

// TestStashRemovesNothing has a stash without the tokens of the commits that it was made of: what was checked out, which
// no branch leads to any more, and the index. A merge of such a form that is no stash does remove them.
func TestStashRemovesNothing(t *testing.T) {
	t.Parallel()
	c := newCommand(t)
	c.init()
	c.commit("file", "nothing")
	c.commit("a", "secret-a")
	c.write("b", "secret-b")
	c.run("add", "b")
	c.write("a", "nothing")
	c.write("b", "nothing")
	c.run("stash")
	c.run("reset", "-q", "--hard", "HEAD~1")
	want := []string{"secret-a blob a:1:1 by author@example.com in ?", "secret-b blob b:1:1 by author@example.com in ?"}
	c.expect(git.Options{}, want...)
	c.expect(git.Options{Range: "main..stash"}, want...)
	c.run("stash", "drop", "-q")
	c.expect(git.Options{}, want[0]+" unreachable", want[1]+" unreachable")

	c.run("checkout", "-q", "-b", "side")
	c.commit("a", "secret-a")
	c.run("checkout", "-q", "main")
	c.run("merge", "-q", "--no-ff", "--no-commit", "side")
	c.run("rm", "-q", "-f", "a")
	c.run("commit", "-q", "-m", "merge")
	c.run("branch", "-q", "-D", "side")
	c.expect(git.Options{Range: "main~1..main"}, "secret-a blob a:1:1 by author@example.com in ? removed by ?")
}
