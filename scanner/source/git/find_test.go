package git_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jwtleak/jwtleak/scanner/source/git"
)

// lay makes files below a directory: a name that ends with a slash is a directory, PATH->TARGET a symbolic link.
func lay(t *testing.T, dir string, files ...string) {
	t.Helper()
	for _, file := range files {
		path, content, _ := strings.Cut(file, "=")
		link, target, isLink := strings.Cut(path, "->")
		name := filepath.Join(dir, filepath.FromSlash(strings.TrimSuffix(link, "/")))
		made := os.MkdirAll(filepath.Dir(name), 0o755)
		switch {
		case made != nil:
		case isLink:
			made = os.Symlink(target, name)
		case strings.HasSuffix(path, "/"):
			made = os.MkdirAll(name, 0o755)
		default:
			made = os.WriteFile(name, []byte(content), 0o600)
		}
		if made != nil {
			t.Fatal(made)
		}
	}
}

func TestFind(t *testing.T) {
	t.Parallel()
	const hex = "0123456789012345678901234567890123456789"
	tests := []struct {
		name  string
		files []string
		path  string
		want  string // git directory, common directory, work tree; or the error's end, behind "error: "
	}{
		{name: "a plain directory", files: []string{"x="}, want: "none"},
		{name: "a plain file", files: []string{"x="}, path: "x", want: "none"},
		{name: "a work tree", files: []string{".git/HEAD=ref: refs/heads/main\n", ".git/objects/", ".git/refs/"}, want: ".git .git ."},
		{name: "its .git", files: []string{".git/HEAD=" + hex, ".git/objects/"}, path: ".git", want: ".git .git ."},
		{name: "without HEAD", files: []string{".git/objects/"}, want: ".git .git ."},
		{name: "a symbolic HEAD", files: []string{".git/objects/", ".git/HEAD->refs/heads/main"}, want: ".git .git ."},
		{name: "bare", files: []string{"x.git/HEAD=ref: refs/heads/main", "x.git/objects/"}, path: "x.git", want: "x.git x.git "},
		{name: "a .git file", files: []string{"w/.git=gitdir: ../g\n", "g/HEAD=ref: refs/heads/main", "g/objects/"}, path: "w", want: "g g w"},
		{
			name: "a linked work tree",
			files: []string{
				"w/.git=gitdir: ../m/worktrees/w", "m/HEAD=ref: refs/heads/main", "m/objects/",
				"m/worktrees/w/HEAD=ref: refs/heads/w", "m/worktrees/w/commondir=../..\n",
			},
			path: "w", want: "m/worktrees/w m w",
		},
		{name: "an empty .git", files: []string{".git/"}, want: "error: not a git repository: no objects directory: stat"},
		{name: "objects is a file", files: []string{".git/objects="}, want: "error: is no directory"},
		{name: "an empty HEAD", files: []string{".git/objects/", ".git/HEAD="}, want: ".git .git ."},
		{name: "a HEAD that is a link to something else", files: []string{".git/objects/", ".git/HEAD->/etc/hostname"}, want: ".git .git ."},
		{name: "bare with a HEAD of something else", files: []string{"HEAD=HTTP/1.1 200 OK", "objects/pack/pack-1.pack="}, want: ". . "},
		{name: "bare with an empty HEAD", files: []string{"HEAD=", "objects/01/" + hex[2:] + "="}, want: ". . "},
		{name: "bare without HEAD", files: []string{"x/objects/pack/pack-1.pack=", "x/config="}, path: "x", want: "x x "},
		{name: "bare without HEAD, of loose objects", files: []string{"objects/01/" + hex[2:] + "="}, want: ". . "},
		{name: "objects that are not git's", files: []string{"HEAD=HTTP/1.1 200 OK", "objects/01/x=", "objects/pack/x=", "objects/x="}, want: "none"},
		{name: "objects of git LFS", files: []string{"objects/01/23/" + hex + "="}, want: "none"},
		{name: "a .git file of something else", files: []string{".git=hello"}, want: "error: a file without gitdir: in front of a path"},
		{name: "a .git file to nowhere", files: []string{".git=gitdir: gone"}, want: "error: no objects directory"},
		{name: "a .git that is a link to nothing", files: []string{".git->gone"}, want: "error: a symbolic link to nothing"},
		{name: "a huge .git file", files: []string{".git=gitdir: " + strings.Repeat("x", 1<<17)}, want: "error: larger than"},
		{name: "a commondir in a circle", files: []string{".git/HEAD=" + hex, ".git/commondir=.", ".git/objects/"}, want: ".git .git ."},
		{name: "a damaged pack", files: []string{"pack-" + hex + ".pack=LACK"}, path: "pack-" + hex + ".pack", want: "  "},
		{name: "a pack cut short", files: []string{"cut.pack=PACK"}, path: "cut.pack", want: "  "},
		{name: "a file called a pack", files: []string{"no.pack=LACK"}, path: "no.pack", want: "none"},
		{name: "a pack", files: []string{"x=PACK\x00\x00\x00\x02\x00\x00\x00\x00 and its checksum"}, path: "x", want: "  "},
		{name: "what begins like a pack", files: []string{"x=PACK\x00\x00\x00\x02\x00\x01\x00\x00 of something else"}, path: "x", want: "none"},
		{name: "not there", path: "gone", want: "error: find a repository: stat"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			lay(t, dir, test.files...)
			location, ok, err := git.Find(filepath.Join(dir, test.path))
			got := "none"
			if ok {
				got = strings.Join([]string{below(dir, location.GitDir), below(dir, location.CommonDir), below(dir, location.WorkTree)}, " ")
			}
			if part, isError := strings.CutPrefix(test.want, "error: "); isError {
				if err == nil || !strings.Contains(err.Error(), part) || strings.Contains(err.Error(), "\n") || !strings.Contains(err.Error(), dir) {
					t.Errorf("Find: %v, want an error of one line with the path and %q", err, part)
				}
				return
			}
			if err != nil || got != test.want {
				t.Errorf("Find: %q, %v, want %q", got, err, test.want)
			}
		})
	}
}

func below(dir, path string) string {
	if path == "" {
		return ""
	}
	relative, err := filepath.Rel(dir, path)
	if err != nil {
		return path
	}
	return filepath.ToSlash(relative)
}

func TestDiscover(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	lay(t, dir, ".git/HEAD=ref: refs/heads/main", ".git/objects/", "a/b/c=", "a/.git=hello")
	location, ok, err := git.Discover(filepath.Join(dir, "a", "b"))
	if !ok || err != nil || below(dir, location.WorkTree) != "." {
		t.Errorf("Discover: %+v, %v, %v", location, ok, err)
	}
}
