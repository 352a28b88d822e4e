package encoding

import (
	"strings"
	"testing"
)

// TestSoftBreak tells soft breaks of quoted-printable text from the padding of base64: for each of those that is taken for one, all
// that follows is undone once more.
func TestSoftBreak(t *testing.T) {
	full, last := strings.Repeat("eyJhIjog", 9)+"MTIz", strings.Repeat("ZXlK", 6)+"MDE"
	for _, test := range []struct {
		name, text string // with the equals sign in question behind a number sign
		want       bool
	}{
		{"a line of a token", "Bearer " + full[:60] + "#=\n" + last + "\n", true},
		{"the second line of one", full[:75] + "=\n" + full[:75] + "#=\n" + last + "\n", true},
		{"behind a blank", "see #=\nhttps://host.example/?t=" + full + "\n", true},
		{"in front of a full line", "a token is in the next one, which is as long: #=\n" + full[:56] + "\n", true},
		{"what begins with a line", last + "#=\n" + last + "\n", true},
		{"a wrapped body", full + "\n" + last + "#=\nok\n", false},
		{"one with the line feeds of a mail", full + "\r\n" + last + "#=\r\n--boundary\r\n", false},
		{"two signs", "key: " + last[:26] + "=#=\nother: value\n", false},
		{"a value in front of another", "  key: " + last + "#=\n  other: value\n", false},
		{"folded", "key:: " + full + "\n " + last + "#=\n other\n", false},
		{"folded in front of the sign", "key:: " + full + "\n #=\nother: value\n", false},
		{"a name in front of a body", "ok\n2026-01-01T00:00:00Z msg#=\n" + full + "\n", false},
		{"in front of a line that is longer than what was escaped", "ok\ntoken: {\"log\": \"{\\\"t\\\": \\\"e#=\n" + full + "\n", true},
		{"in front of no line", full[:75] + "#=\n\nother\n", false},
	} {
		at := strings.IndexByte(test.text, '#')
		if got := isSoftBreak([]byte(strings.Replace(test.text, "#", "", 1)), at); got != test.want {
			t.Errorf("%s: a soft break is %v, want %v", test.name, got, test.want)
		}
	}
}
