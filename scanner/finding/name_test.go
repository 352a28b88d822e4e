package finding

import (
	"strings"
	"testing"
)

func TestHarmless(t *testing.T) {
	for _, name := range []string{
		"a", "shop", "robot-token-x7k2p", "eu-west-1_Pool7", "robot@p.iam.gserviceaccount.com", "spiffe", "org/shop", "00000000-e300-4000-8000-000000000001",
		"https://shop.okta.com/oauth2/default", "a.b.c", "A+B", strings.Repeat("a", maxName),
	} {
		if !Harmless(name) {
			t.Errorf("%q is refused", name)
		}
	}
	for _, name := range []string{
		"", "-rf", "--all", "$(touch x)", "`touch x`", "a;b", "a|b", "a&b", "a&&b", "a b", "a\tb", "a\nb", "a\rb", "a\x00b", "a\x1b[2Jb", "a'b", `a"b`, `a\b`,
		"a>b", "a<b", "a*b", "a?b", "a[b]", "a{b}", "a~b", "~root", "!x", "a!b", "#a", "a#b", "%PATH%", "a%b", "^a", "a^b", "a,b", "a=b", "(a)", "@a", "a\u202eb", "ä", "a\xff",
		"/etc/passwd", "../x", "a/../../x", "a..b", ".hidden", "+x", ":x", strings.Repeat("a", maxName+1), "a.eyJhbGciOiJub25lIn0.e30", "ewogImFsZyI",
	} {
		if Harmless(name) {
			t.Errorf("%q is let through", name)
		}
	}
}
