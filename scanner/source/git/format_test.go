package git_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/jwtleak/jwtleak/scanner/source/git"
)

// TestUnknownFormat reads a repository whose configuration says that it has what is not known, as far as that goes, and tells
// it wherever git itself refuses it. What is known, and what git passes by, is no problem.
func TestUnknownFormat(t *testing.T) {
	t.Parallel()
	c := newCommand(t)
	c.init()
	c.commit("a", "secret-a")
	for _, test := range []struct {
		name, config, problem string
	}{
		{"an object format", "[core]\nrepositoryFormatVersion = 1\n[extensions]\nobjectFormat = sha999\n", `the extension objectformat is "sha999", which is not known: what it has may have been misread`},
		{"where references are", "[core]\nrepositoryformatversion = 1\n[extensions]\nrefStorage = database\n", `the extension refstorage is "database"`},
		{"a version", "[core]\nrepositoryformatversion = 2\n", `the version of the repository's format is "2", and 1 the newest that is known`},
		{"no version", "[core]\nrepositoryformatversion = new\n", `the version of the repository's format is "new"`},
		{"an extension", "[core]\nrepositoryformatversion = 1\n[extensions]\nunheardOf = true\n", `the extension "unheardof" is not known`},
		{"an extension with a part", "[core]\nrepositoryformatversion = 1\n[extensions \"of\"]\nsome = true\n", `the extension "of.some" is not known`},
		{"several", "[extensions]\nfirst = true\nsecond = true\n[core]\nrepositoryformatversion = 1\n", `the extension "first" is not known; the extension "second" is not known`},
		{"an extension in version 0", "[core]\nrepositoryformatversion = 0\n[extensions]\nunheardOf = true\n", ""},
		{"an extension without a version", "[extensions]\nunheardOf = true\n", ""},
		{"what is known", "[core]\nrepositoryformatversion = 1\n[extensions]\nobjectFormat = sha1\nrefStorage = files\nworktreeConfig = true\nnoop = 1\npreciousObjects = true\n", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			if err := os.WriteFile(filepath.Join(c.dir, ".git", "config"), []byte(test.config), 0o600); err != nil {
				t.Fatal(err)
			}
			for _, options := range []git.Options{{}, {Range: "HEAD"}, {History: git.HistoryNone}} {
				r, got := c.scan(options)
				if len(got) != 1 {
					t.Errorf("%+v: found %v", options, got)
				}
				switch {
				case test.problem != "":
					expectProblem(t, r, test.problem)
				case len(r.problems) > 0:
					t.Errorf("%+v: problems %v", options, r.problems)
				}
			}
		})
	}
}
