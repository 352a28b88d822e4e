package git

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/format/index"
	"github.com/google/go-cmp/cmp"

	"github.com/jwtleak/jwtleak/scanner/source/git/history"
)

// encodeIndex writes an index with an entry for each path.
func encodeIndex(t testing.TB, version uint32, paths ...string) []byte {
	t.Helper()
	made := &index.Index{Version: version}
	for i, path := range paths {
		made.Entries = append(made.Entries, &index.Entry{Name: path, Hash: plumbing.Hash{byte(i + 1)}, Mode: 0o100644})
	}
	var encoded bytes.Buffer
	if err := index.NewEncoder(&encoded).Encode(made); err != nil {
		t.Fatal(err)
	}
	return encoded.Bytes()
}

func TestDecodeIndex(t *testing.T) {
	t.Parallel()
	whole := encodeIndex(t, 2, "a", "d/b", "z")
	unhashed := append(bytes.Clone(whole[:len(whole)-20]), make([]byte, 20)...)
	wrong := append(bytes.Clone(whole[:len(whole)-20]), bytes.Repeat([]byte{1}, 20)...)
	for _, test := range []struct {
		name    string
		content []byte
		entries int
		fault   string
	}{
		{"whole", whole, 3, ""},
		{"written without its checksum", unhashed, 3, ""},
		{"with a wrong checksum", wrong, 3, "checksum"},
		{"cut short", whole[:len(whole)-60], 2, "EOF"},
		{"empty", nil, 0, "malformed"},
		{"something else", []byte("hello, this is no index"), 0, "malformed"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			read, err := parseIndex(test.content, sha1Size)
			if len(read.all) != test.entries || (err == nil) != (test.fault == "") || err != nil && !strings.Contains(err.Error(), test.fault) {
				t.Errorf("%d entries, %v, want %d and %q", len(read.all), err, test.entries, test.fault)
			}
		})
	}
}

func TestCachedTrees(t *testing.T) {
	t.Parallel()
	tree := func(n byte) plumbing.Hash { return plumbing.Hash{n} }
	var content []byte
	for _, entry := range []index.TreeEntry{
		{Path: "", Entries: 4, Trees: 2, Hash: tree(1)},
		{Path: "a", Entries: 2, Trees: 1, Hash: tree(2)},
		{Path: "b", Entries: -1, Trees: 0},
		{Path: "c", Entries: 1, Trees: 0, Hash: tree(4)},
		{Path: "beyond", Entries: 1, Trees: 9, Hash: tree(5)},
	} {
		content = fmt.Appendf(content, "%s\x00%d %d\n", entry.Path, entry.Entries, entry.Trees)
		if entry.Entries >= 0 {
			content = append(content, entry.Hash[:]...)
		}
	}
	got := cachedTrees(content, sha1Size)
	name := func(n byte) history.Name { h := tree(n); return history.NameOf(h[:]) }
	want := map[string]string{"": name(1).String(), "a/": name(2).String(), "c/": name(4).String()}
	read := map[string]string{}
	for dir, tree := range got {
		read[dir] = tree.String()
	}
	if diff := cmp.Diff(want, read); diff != "" {
		t.Errorf("trees (-want +got):\n%s", diff)
	}
}

// FuzzDecodeIndex reads anything as an index: whatever it is, the entries have names as long as the file at most.
func FuzzDecodeIndex(f *testing.F) {
	f.Add(encodeIndex(f, 2, "a", "d/b"))
	f.Add(encodeIndex(f, 4, "a", "d/b", "d/c"))
	f.Add([]byte("DIRC\x00\x00\x00\x02\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, content []byte) {
		read, _ := parseIndex(content, sha1Size) // an error is as good as any
		if len(read.all)*62 > len(content) {
			t.Errorf("%d entries in %d bytes", len(read.all), len(content))
		}
		if read.link != nil {
			_, _ = read.over(read.all)
		}
	})
}

// FuzzReadPacked reads anything as packed-refs: each reference is an object's name.
func FuzzReadPacked(f *testing.F) {
	f.Add([]byte("# pack-refs with: peeled\n" + strings.Repeat("1", 40) + " refs/heads/main\n^" + strings.Repeat("2", 40) + "\n"))
	f.Add([]byte(strings.Repeat("1", 40) + "\r\n\x00 refs"))
	f.Fuzz(func(t *testing.T, content []byte) {
		table := &refTable{values: map[string]string{}}
		table.parsePacked("packed-refs", "", bytes.NewReader(content))
		for _, value := range table.values {
			if !isObjectName(value) {
				t.Errorf("a reference to %q", value)
			}
		}
	})
}
