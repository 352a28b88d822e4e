package git_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/jwtleak/jwtleak/scanner/finding"
	"github.com/jwtleak/jwtleak/scanner/source/git"
)

// TestCommitsEqualPickaxe has a repository with a random history, and asks git log -S for the first commit that adds each
// token: it must be the first that brought it in.
func TestCommitsEqualPickaxe(t *testing.T) {
	t.Parallel()
	c := newCommand(t)
	c.run("init", "-q", "--bare", "-b", "main")
	stream := randomHistory(rand.New(rand.NewPCG(7, 7)), 150)
	load := exec.Command("git", "fast-import", "--quiet")
	load.Dir, load.Stdin = c.dir, strings.NewReader(stream)
	if out, err := load.CombinedOutput(); err != nil {
		t.Fatalf("git fast-import: %v\n%s", err, out)
	}
	r, _ := c.scan(git.Options{})
	if len(r.told) < 50 {
		t.Fatalf("only %d tokens", len(r.told))
	}
	for word, occurrences := range r.told {
		first := slices.MinFunc(occurrences, func(a, b finding.Occurrence) int { return a.SeenAt.Compare(b.SeenAt) })
		place, ok := first.Place.(finding.GitPlace)
		if !ok {
			t.Fatalf("%s is not in git", word)
		}
		want, _, _ := strings.Cut(c.run("log", "--all", "--reverse", "--format=%H %s", "-S"+word), "\n")
		if !strings.HasPrefix(want, place.Commit) {
			t.Errorf("%s was brought in by %s at %s, git says %s", word, place.Commit, place.Path, want)
		}
	}
}

// randomHistory returns a stream for git fast-import: commits that add, edit, move and remove files on branches that are
// merged now and then.
func randomHistory(random *rand.Rand, commits int) string {
	var stream strings.Builder
	states := []map[string]string{{"start": "nothing"}}
	for n := 1; n <= commits; n++ {
		from, merged := 0, 0
		if n > 1 {
			from = max(1, n-1-random.IntN(6))
			if random.IntN(4) == 0 {
				merged = max(1, n-1-random.IntN(6))
			}
		}
		files := maps.Clone(states[from])
		if merged != 0 && merged != from {
			maps.Copy(files, states[merged])
		}
		edits := 1 + random.IntN(3)
		if merged != 0 && merged != from {
			edits = 0 // git log shows what a merge itself brings in only where asked to, and then differently
		}
		for range edits {
			path := fmt.Sprintf("%c/%c/%d", 'a'+rune(random.IntN(2)), 'a'+rune(random.IntN(3)), random.IntN(4))
			switch random.IntN(6) {
			case 0:
				delete(files, path)
			case 1:
				if content, ok := files[path]; ok {
					delete(files, path)
					files["moved/"+path] = content
				}
			case 2:
				files[path] += fmt.Sprintf("line %d\n", n)
			default:
				files[path] += fmt.Sprintf("secret-%05dx\n", random.IntN(120))
			}
		}
		states = append(states, files)
		fmt.Fprintf(&stream, "commit refs/heads/b%d\nmark :%d\nauthor A <a@example.com> %d +0000\ncommitter A <a@example.com> %d +0000\ndata 4\n%4d\n",
			n%7, n, 1700000000+n*60, 1700000000+n*60, n)
		if from != 0 {
			fmt.Fprintf(&stream, "from :%d\n", from)
		}
		if merged != 0 && merged != from {
			fmt.Fprintf(&stream, "merge :%d\n", merged)
		}
		stream.WriteString("deleteall\n")
		for _, path := range slices.Sorted(maps.Keys(files)) {
			fmt.Fprintf(&stream, "M 100644 inline %s\ndata %d\n%s\n", path, len(files[path]), files[path])
		}
		if n == commits {
			fmt.Fprintf(&stream, "reset refs/heads/main\nfrom :%d\n", n)
		}
		// Branches that go on elsewhere must not leave commits behind.
		fmt.Fprintf(&stream, "reset refs/keep/%d\nfrom :%d\n", n, n)
	}
	return stream.String()
}
