package git

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/jwtleak/jwtleak/scanner/source/git/history"
)

// TestPackedReferencesAreFound looks each reference of sorted files up, some of them with long names and many of them tags, and
// such as are not there; and in files that only say that they are sorted, or are cut.
func TestPackedReferencesAreFound(t *testing.T) {
	for seed := range uint64(12) {
		random := rand.New(rand.NewPCG(seed, 1))
		var names []string
		for i := range random.IntN(2000) {
			length := random.IntN(4)
			if random.IntN(100) == 0 {
				length = random.IntN(300) // nearly as long as a path may be
			}
			names = append(names, fmt.Sprintf("refs/tags/%s%d", strings.Repeat(string(rune('a'+random.IntN(26)))+"long/name/", length), i))
		}
		if seed%4 != 3 {
			slices.Sort(names)
		}
		file := "# pack-refs with: peeled fully-peeled sorted \n"
		for i, name := range names {
			file += fmt.Sprintf("%040x %s\n", i+1, name)
			if random.IntN(2) == 0 {
				file += fmt.Sprintf("^%040x\n", 1<<20)
			}
		}
		isCut := seed%4 == 2
		if isCut {
			file = strings.TrimSuffix(file, "\n")
		}
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "packed-refs"), []byte(file), 0o600); err != nil {
			t.Fatal(err)
		}
		for i, name := range names {
			table := &refTable{values: map[string]string{}, asked: map[string]bool{}, location: Location{CommonDir: dir, GitDir: dir}}
			if i%2 == 0 && len(names) > 100 {
				continue
			}
			object, _, _ := table.resolve(name)
			if object != fmt.Sprintf("%040x", i+1) || isCut != (len(table.problems) > 0) {
				t.Fatalf("seed %d: %.40s is %q, with %d problems", seed, name, object, len(table.problems))
			}
			if object, _, _ := table.resolve(name + "1"); object != "" && !slices.Contains(names, name+"1") {
				t.Fatalf("seed %d: one that is not there is found: %s", seed, object)
			}
			if i > 200 {
				break
			}
		}
	}
}

// TestReferencesToAnObject has those that lead to another object left out, and all that lead to it be there.
func TestReferencesToAnObject(t *testing.T) {
	dir := t.TempDir()
	one, other := strings.Repeat("1", 40), strings.Repeat("2", 40)
	for path, content := range map[string]string{
		"HEAD":                     "ref: refs/heads/main\n",
		"packed-refs":              one + " refs/heads/main\n" + other + " refs/heads/other\n" + one + " refs/heads/moved\n" + other + " refs/heads/come\n",
		"refs/heads/moved":         other + "\n",
		"refs/heads/come":          one + "\n",
		"refs/remotes/origin/HEAD": "ref: refs/heads/other\n",
	} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, path)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, path), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	name, err := history.ParseName(one)
	if err != nil {
		t.Fatal(err)
	}
	table := readRefsTo(Location{CommonDir: dir, GitDir: dir}, name)
	if got, want := tipsAt(table.tips(), name), []string{"refs/heads/come", "refs/heads/main"}; !slices.Equal(got, want) || table.values["refs/heads/other"] != "" {
		t.Errorf("%q lead there, not %q: read are %v", got, want, table.values)
	}
}
