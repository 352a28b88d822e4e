package git_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/jwtleak/jwtleak/scanner/source/git"
)

// long makes a name long enough for a token.
func long(word string) string { return strings.Repeat("_", 24-len(word)) + word }

// save commits a file with a message that does not name it.
func (c *command) save(path, content string) {
	c.t.Helper()
	c.write(path, content)
	c.run("add", "-A")
	c.run("commit", "-q", "-m", "save")
}

// TestTokensInNames has tokens in the names of files, directories, submodules, branches and tags.
func TestTokensInNames(t *testing.T) {
	t.Parallel()
	c := newCommand(t)
	c.init()
	c.save("a", "nothing")
	base := c.run("rev-parse", "HEAD")
	c.save("in/"+long("secret-f"), "nothing")
	c.save(long("secret-d")+"/x/y", "nothing")
	c.save(long("secret-d")+"/x/z", "secret-b")
	c.run("rm", "-rq", long("secret-d"))
	c.run("commit", "-q", "-m", "remove")
	c.run("update-index", "--add", "--cacheinfo", "160000,"+base+","+long("secret-m"))
	c.run("commit", "-q", "-m", "submodule")
	c.run("branch", "topic/"+long("secret-r"), base)
	c.run("tag", long("secret-t"), base)
	c.run("update-ref", "refs/pull/"+long("secret-p"), base)
	c.write(long("secret-s")+"/new", "nothing")
	c.run("add", long("secret-s"))
	const by = " by author@example.com in ?"
	f, d, m := "secret-f tree in/"+long("secret-f")+":1:17", "secret-d tree "+long("secret-d")+":1:17", "secret-m tree "+long("secret-m")+":1:17"
	b := "secret-b blob " + long("secret-d") + "/x/z:1:1"
	refs := []string{
		"secret-p ref :1:27",
		"secret-r ref :1:34 at refs/heads/topic/" + long("secret-r"),
		"secret-s index " + long("secret-s") + ":1:17 unreachable",
		"secret-t ref :1:27 at refs/tags/" + long("secret-t"),
	}
	all := append([]string{
		b + by + " removed by ?", d + by + " removed by ?", f + by + " at refs/heads/main", m + by + " at refs/heads/main",
	}, refs...)
	c.expect(git.Options{}, all...)
	c.expect(git.Options{History: git.HistoryReachable}, all...)
	c.expect(git.Options{History: git.HistoryNone}, append([]string{f + " at refs/heads/main", m + " at refs/heads/main"}, refs...)...)
	c.expect(git.Options{Range: base + "..main"}, b+by+" removed by ?", d+by+" removed by ?", f+by+" at refs/heads/main", m+by+" at refs/heads/main")
	c.expect(git.Options{Range: "main~1..main"}, m+by+" at refs/heads/main")
	c.expect(git.Options{Staged: true}, "secret-s index "+long("secret-s")+":1:17 unreachable")
	c.run("pack-refs", "--all")
	c.run("gc", "-q")
	c.expect(git.Options{}, all...)

	c.run("bundle", "create", "-q", "../names.bundle", "--all")
	bundle := &command{t: t, dir: filepath.Join(filepath.Dir(c.dir), "names.bundle")}
	_, got := bundle.scan(git.Options{})
	want := slices.Concat(all[:2], []string{f + by + " at HEAD,refs/heads/main", m + by + " at HEAD,refs/heads/main", refs[0], refs[1], refs[3]})
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("bundle (-want +got):\n%s", diff)
	}
}

// TestNamesThatMove renames files with tokens in their names and in their contents.
func TestNamesThatMove(t *testing.T) {
	t.Parallel()
	c := newCommand(t)
	c.init()
	name := long("secret-a")
	c.save("one/"+name, "secret-c")
	c.run("rm", "-q", "one/"+name)
	c.save("one/"+name+"/file", "secret-c") // a directory in the place of the file: the name stays
	c.run("mv", "one", "two")
	c.run("commit", "-q", "-m", "move")
	const by = " by author@example.com in ?"
	c.expect(
		git.Options{},
		"secret-a tree one/"+name+":1:17"+by+" removed by ?",
		"secret-a tree two/"+name+":1:17"+by+" at refs/heads/main",
		"secret-c blob one/"+name+"/file:1:1"+by+" removed by ?",
		"secret-c blob one/"+name+":1:1"+by+" removed by ?",
		"secret-c blob two/"+name+"/file:1:1"+by+" at refs/heads/main",
	)
	only := func(path string) bool { return strings.HasPrefix(path, "two/") }
	c.expect(
		git.Options{Wanted: only},
		"secret-a tree two/"+name+":1:17"+by+" at refs/heads/main",
		"secret-c blob two/"+name+"/file:1:1"+by+" at refs/heads/main",
	)
}

// TestNamesInIndex has tokens in the names of what an index has without a blob: a submodule, and a file that was only
// announced, which a commit would leave out.
func TestNamesInIndex(t *testing.T) {
	t.Parallel()
	c := newCommand(t)
	c.init()
	c.save("a", "nothing")
	c.run("update-index", "--add", "--cacheinfo", "160000,"+c.run("rev-parse", "HEAD")+",in/"+long("secret-m"))
	c.write(long("secret-i"), "nothing")
	c.run("add", "--intent-to-add", long("secret-i"))
	i, m := "secret-i index "+long("secret-i")+":1:17 unreachable", "secret-m index in/"+long("secret-m")+":1:17 unreachable"
	c.expect(git.Options{}, i, m)
	c.expect(git.Options{History: git.HistoryNone}, i, m)
	c.expect(git.Options{Staged: true}, m)
	c.run("commit", "-q", "-m", "save")
	c.expect(git.Options{Staged: true})
}

// TestNamesLikeContainers has tokens in names that end as those of containers do: the recorder would read them backwards.
func TestNamesLikeContainers(t *testing.T) {
	t.Parallel()
	c := newCommand(t)
	c.init()
	c.save("a", "nothing")
	f, d, s := long("secret-f")+reversedName, long("secret-d")+reversedName, long("secret-s")+reversedName
	c.save(f, "nothing")
	c.save(d+"/file", "nothing")
	c.run("branch", long("secret-r")+reversedName)
	c.write(s, "nothing")
	c.run("add", s)
	names := []string{"secret-d tree " + d + ":1:17", "secret-f tree " + f + ":1:17"}
	ref, staged := "secret-r ref :1:28 at refs/heads/"+long("secret-r")+reversedName, "secret-s index "+s+":1:17 unreachable"
	tips := " at refs/heads/" + long("secret-r") + reversedName + ",refs/heads/main"
	containers := git.Options{ContainerNames: []string{reversedName}}
	with := func(change func(*git.Options)) git.Options {
		options := containers
		change(&options)
		return options
	}
	const by = " by author@example.com in ?"
	c.expect(containers, names[0]+by+tips, names[1]+by+tips, ref, staged)
	c.expect(with(func(o *git.Options) { o.History = git.HistoryNone }), names[0]+tips, names[1]+tips, ref, staged)
	c.expect(with(func(o *git.Options) { o.Range = "main~2..main" }), names[0]+by+" at refs/heads/main", names[1]+by+" at refs/heads/main")
	c.expect(with(func(o *git.Options) { o.Staged = true }), staged)
}
