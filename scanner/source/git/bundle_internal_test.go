package git

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

func TestReadBundleHeader(t *testing.T) {
	t.Parallel()
	one, two := strings.Repeat("1", 40), strings.Repeat("2", 40)
	for _, test := range []struct{ name, content, want string }{
		{"version 2", bundleV2 + "-" + one + " comment\n" + two + " refs/heads/a b\n\nPACK", "sha1 false 1 map[refs/heads/a b:" + two + "] PACK"},
		{"version 3", bundleV3 + "@object-format=sha256\n@filter=blob:none\n@new\n" + one + one[:24] + " HEAD\n\n", "sha256 true 0 map[HEAD:" + one + one[:24] + "] " + `, the capability "new" is not known`},
		{"another object format", bundleV3 + "@object-format=sha999\n\n", `sha999 false 0 map[] , the object format is "sha999", which is not known`},
		{"no end", bundleV2 + one + " HEAD\n", "error"},
		{"another version", "# v4 git bundle\n\n", "error"},
		{"no reference", bundleV2 + "hello\n\n", "error"},
		{"empty", "", "error"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			header, err := readBundleHeader(strings.NewReader(test.content))
			got := "error"
			if err == nil {
				got = strings.Join(append([]string{fmt.Sprintf("%s %v %d %v %s", header.objectFormat, header.partial, len(header.prerequisites), header.refs.values, test.content[header.size:])}, header.unknown...), ", ")
			}
			if got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

// FuzzReadBundleHeader checks that a header ends where an empty line does.
func FuzzReadBundleHeader(f *testing.F) {
	f.Add([]byte(bundleV2 + strings.Repeat("1", 40) + " HEAD\n\nPACK"))
	f.Add([]byte(bundleV3 + "@object-format=sha1\n-" + strings.Repeat("1", 40) + "\n\n"))
	f.Fuzz(func(t *testing.T, content []byte) {
		header, err := readBundleHeader(bytes.NewReader(content))
		if err == nil && !bytes.HasSuffix(content[:header.size], []byte("\n\n")) {
			t.Errorf("a header of %d bytes", header.size)
		}
	})
}
