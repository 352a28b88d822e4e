package report_test

import (
	"testing"

	"github.com/jwtleak/jwtleak/report"
	"github.com/jwtleak/jwtleak/scanner/finding"
)

func TestLooksForAll(t *testing.T) {
	scan := func(kind, path string, narrowed ...string) finding.Scan {
		return finding.Scan{Complete: true, Targets: []finding.Target{{Kind: kind, Path: path}}, Narrowed: narrowed}
	}
	below := func(told finding.Scan, directory string) finding.Scan {
		told.Directory = directory
		return told
	}
	incomplete := scan("dir", "a")
	incomplete.Complete = false
	for _, test := range []struct {
		name         string
		newer, older finding.Scan
		want         bool
	}{
		{"the same", scan("dir", "a"), scan("dir", "a"), true},
		{"more", scan("dir", "a"), scan("file", "a/b"), true},
		{"less", scan("file", "a/b"), scan("dir", "a"), false},
		{"another", scan("dir", "b"), scan("dir", "a"), false},
		{"not all of it", incomplete, scan("dir", "a"), false},
		{"no repository any more", scan("dir", "a"), scan("git", "a"), false},
		{"another stream", scan("stdin", "-"), scan("stdin", "-"), false},
		{"nothing known", scan("dir", "a"), finding.Scan{}, false},
		{"started elsewhere", below(scan("dir", "b"), "a"), scan("dir", "a/b"), true},
		{"of the same name elsewhere", below(scan("dir", "b"), "a"), scan("dir", "b"), false},
		{"narrower", scan("git", "a", "--range A..B"), scan("git", "a"), false},
		{"as narrow", scan("git", "a", "--exclude c"), scan("git", "a", "--exclude c"), true},
		{"narrow otherwise", scan("git", "a", "--exclude d"), scan("git", "a", "--exclude c"), false},
		{"wider", scan("git", "a"), scan("git", "a", "--exclude c"), true},
		{"by what changes", scan("git", "a", "--status live"), scan("git", "a", "--status live"), false},
	} {
		if got := report.LooksForAll(test.newer, test.older); got != test.want {
			t.Errorf("%s: %t, want %t", test.name, got, test.want)
		}
	}
}
