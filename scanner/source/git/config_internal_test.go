package git

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseConfig(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, text, want, fault string }{
		{"plain", "[core]\n\tbare = false\n", "core..bare=false", ""},
		{"subsection", "[remote \"a ]\\\"b\"]\n url = x\n", "remote.a ]\"b.url=x", ""},
		{"old subsection", "[Branch.Main]\n Remote = O", "branch.main.remote=O", ""},
		{"on one line", "[remote \"o\"] url = x # of it\n", "remote.o.url=x", ""},
		{"no value", "[a]\nb\nc # so\nd ;\n", "a..b=true|a..c=true|a..d=true", ""},
		{"empty value", "[a]\nb =\n", "a..b=", ""},
		{"quotes", "[a]\nb = \" x # \" y \"z;\"  \n", "a..b= x #  y z;", ""},
		{"escapes", `[a]` + "\n" + `b = "x\ty\n\"\\"`, "a..b=x\ty\n\"\\", ""},
		{"continued", "[a]\nb = c \\\n  d\ne = f\\\r\n  g\n", "a..b=c   d|a..e=f  g", ""},
		{"CRLF and a mark in front", "\ufeff[a]\r\n\tb = c\r\n", "a..b=c", ""},
		{"comments", "# x\n; y [z]\n[a] ; b = c\n d = e\n", "a..d=e", ""},
		{"goes on behind faults", "[a]\nb_c = 1\nd = \"e\nf = g\n[h\ni = j\n", "a..f=g|h..i=j", "line 2"},
		{"bad escape", "[a]\nb = \\x\nc = d\n", "a..c=d", "line 2"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			err := parseConfig([]byte(test.text), func(section, subsection, key, value string) {
				got = append(got, fmt.Sprintf("%s.%s.%s=%s", section, subsection, key, value))
			})
			if diff := cmp.Diff(test.want, strings.Join(got, "|")); diff != "" {
				t.Errorf("variables (-want +got):\n%s", diff)
			}
			if (err == nil) != (test.fault == "") || err != nil && !strings.Contains(err.Error(), test.fault) {
				t.Errorf("error %v, want %q", err, test.fault)
			}
		})
	}
}

// FuzzParseConfig reads anything as a configuration: no value is longer than the file.
func FuzzParseConfig(f *testing.F) {
	f.Add([]byte("[remote \"origin\"]\n\turl = https://example.com/x.git # y\n[a.b]\nc\n"))
	f.Add([]byte("[a] b = \"c\\\nd\" ; e"))
	f.Fuzz(func(t *testing.T, content []byte) {
		_ = parseConfig(content, func(section, subsection, key, value string) {
			if length := len(section) + len(subsection) + len(key) + len(value); length > len(content)+len("true") || key == "" {
				t.Errorf("%d bytes of %d", length, len(content))
			}
		})
	})
}
