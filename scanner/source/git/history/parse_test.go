package history

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

// TestBehindNames leaves out what names a commit's tree and parents, as git writes it, and nothing else.
func TestBehindNames(t *testing.T) {
	t.Parallel()
	one, two := strings.Repeat("1", 40), strings.Repeat("2", 64)
	for commit, want := range map[string]string{
		"tree " + one + "\nparent " + one + "\nparent " + two + "\nauthor A\nparent " + one + "\n": "author A\nparent " + one + "\n",
		"tree " + one + "\ntree " + one + "\n":                                                     "tree " + one + "\n",
		"tree " + one + "\nparent " + one[1:] + "\n":                                               "parent " + one[1:] + "\n",
		"tree " + one + "\nparent " + one:                                                          "parent " + one,
		"tree x" + one[1:] + "\nparent " + one + "\n":                                              "tree x" + one[1:] + "\nparent " + one + "\n",
		"parent " + one + "\n":                                                                     "parent " + one + "\n",
		"":                                                                                         "",
	} {
		if got := string(BehindNames([]byte(commit))); got != want {
			t.Errorf("%q: %q, want %q", commit, got, want)
		}
	}
}

func TestParseCommit(t *testing.T) {
	t.Parallel()
	one, two, three := strings.Repeat("1", 40), strings.Repeat("2", 40), strings.Repeat("3", 40)
	for _, test := range []struct{ name, content, want string }{
		{
			"as git writes it",
			"tree " + one + "\nparent " + two + "\nparent " + three + "\nauthor A U Thor <author@example.com> 1700000000 +0100\n" +
				"committer C <c@example.com> 1700000100 -0500\n\nmessage\nparent " + one,
			"1 [2 3] \"A U Thor\" \"author@example.com\" 1700000000 1700000100",
		},
		{"without parents", "tree " + one + "\nauthor A <a> 5 +0000\ncommitter C <c> 6 +0000\n", "1 [] \"A\" \"a\" 5 6"},
		{"SHA-256", "tree " + strings.Repeat("4", 64) + "\n", "4 [] \"\" \"\" - -"},
		{"nothing but a tree", "tree " + one, "1 [] \"\" \"\" - -"},
		{"no time", "tree " + one + "\nauthor A <a>\ncommitter C <c> soon +0000\n", "1 [] \"A\" \"a\" - -"},
		{"a time before 1970", "tree " + one + "\nauthor A <a> -5 +0000\n", "1 [] \"A\" \"a\" - -"},
		{"a time beyond RFC 3339", "tree " + one + "\nauthor A <a> 999999999999999 +0000\n", "1 [] \"A\" \"a\" - -"},
		{"no address", "tree " + one + "\nauthor A 5 +0000\n", "1 [] \"A 5 +0000\" \"\" - -"},
		{"brackets in the address", "tree " + one + "\nauthor A <a <b> c> 5 +0000\n", "1 [] \"A\" \"a <b> c\" 5 -"},
		{"control characters", "tree " + one + "\nauthor \x1b[31mA <\x07> 5 +0000\n", "1 [] \"\\x1b[31mA\" \"\\a\" 5 -"},
		{"a huge name", "tree " + one + "\nauthor " + strings.Repeat("x", 1<<20) + " <a> 5 +0000\n", "1 [] \"" + strings.Repeat("x", maxSignature) + "\" \"a\" 5 -"},
		{"no tree", "parent " + one + "\n", "error"},
		{"half a tree", "tree " + one[:39] + "\n", "error"},
		{"a tree that is not hex", "tree " + strings.Repeat("x", 40) + "\n", "error"},
		{"empty", "", "error"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			header, err := ParseCommit([]byte(test.content))
			got := "error"
			if err == nil {
				var parents []string
				for _, parent := range header.Parents {
					parents = append(parents, parent.String()[:1])
				}
				got = fmt.Sprintf("%.1s %v %q %q %s %s", header.Tree, parents, header.Author.Name, header.Author.Email,
					seconds(header.Author.When), seconds(header.Committed))
			}
			if got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func seconds(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return fmt.Sprint(t.Unix())
}

func TestParseTree(t *testing.T) {
	t.Parallel()
	object := strings.Repeat("\x01", 20)
	for _, test := range []struct{ name, content, want string }{
		{"each kind", "100644 a\x00" + object + "40000 b\x00" + object + "160000 c\x00" + object + "120000 d\x00" + object, `"a" blob, "b" tree, "c" link, "d" blob, `},
		{"a leading zero", "040000 a\x00" + object, `"a" tree, `},
		{"evil names", "100644 .git\x00" + object + "100644 ../x\x00" + object + "100644 \x00" + object + "100644 a b\x00" + object, `".git" blob, "../x" blob, "" blob, "a b" blob, `},
		{"a name twice", "100644 a\x00" + object + "40000 a\x00" + object, `"a" blob, "a" tree, `},
		{"cut short", "100644 a\x00" + object + "100644 b\x00" + object[1:], `"a" blob, error`},
		{"no name's end", "100644 a", `error`},
		{"no mode", " a\x00" + object, `error`},
		{"empty", "", ``},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			entries, err := ParseTree([]byte(test.content), 20)
			got := ""
			for _, entry := range entries {
				kind := "link"
				if entry.IsTree() {
					kind = "tree"
				} else if entry.IsBlob() {
					kind = "blob"
				}
				got += fmt.Sprintf("%q %s, ", entry.Name, kind)
			}
			if errors.Is(err, ErrMalformedTree) {
				got += "error"
			}
			if got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

// FuzzParseTree checks that the entries, written again, are the beginning of the tree, and all of it without an error.
func FuzzParseTree(f *testing.F) {
	object := strings.Repeat("\x01", 20)
	f.Add([]byte("100644 a\x00" + object + "40000 b\x00" + object))
	f.Add([]byte("100644 a\x00" + object[1:]))
	f.Fuzz(func(t *testing.T, content []byte) {
		rest := content
		entries, err := ParseTree(content, 20)
		for _, entry := range entries {
			_, behind, _ := bytes.Cut(rest, []byte(" "))
			written := entry.Name + "\x00" + string(entry.Object.Bytes())
			if !bytes.HasPrefix(behind, []byte(written)) {
				t.Fatalf("entry %q is not what stands there", entry.Name)
			}
			rest = behind[len(written):]
		}
		if (err == nil) != (len(rest) == 0) {
			t.Errorf("%d bytes left, %v", len(rest), err)
		}
	})
}

// FuzzParseCommit checks that what is read of a commit or tag stands in it, and is bounded.
func FuzzParseCommit(f *testing.F) {
	f.Add([]byte("tree " + strings.Repeat("1", 40) + "\nparent " + strings.Repeat("2", 40) + "\nauthor A <a> 5 +0000\ncommitter C <c> 6 +0000\n\nx"))
	f.Add([]byte("object " + strings.Repeat("1", 40) + "\ntype commit\ntag v1\ntagger T <t> 5 +0000\n\nx"))
	f.Fuzz(func(t *testing.T, content []byte) {
		check := func(s Signature) {
			if len(s.Name) > maxSignature || len(s.Email) > maxSignature || !bytes.Contains(content, []byte(s.Name)) || !bytes.Contains(content, []byte(s.Email)) {
				t.Errorf("a signature that is not there: %q %q", s.Name, s.Email)
			}
			if _, err := s.When.MarshalText(); err != nil {
				t.Errorf("a time that can't be told: %v", err)
			}
		}
		check(ParseTagger(content))
		header, err := ParseCommit(content)
		if err != nil {
			return
		}
		check(header.Author)
		if !bytes.HasPrefix(bytes.ToLower(content), []byte("tree "+header.Tree.String())) {
			t.Errorf("a tree that is not there")
		}
		if target, ok := TagTarget(content); ok && !bytes.Contains(bytes.ToLower(content), []byte(target.String())) {
			t.Errorf("a target that is not there")
		}
	})
}
