package scanner

import "testing"

func TestAllows(t *testing.T) {
	for line, want := range map[string]bool{
		"# jwtleak:allow":                       true,
		"#jwtleak:allow the manual's example":   true,
		"jwtleak:allow":                         true,
		`token = " // jwtleak:allow`:            true,
		"/* jwtleak:allow*/":                    true,
		"//jwtleak:allow":                       true,
		"<!-- jwtleak:allow-->":                 true,
		"xjwtleak:allow # jwtleak:allow: known": true,
		"":                                      false,
		"# xjwtleak:allow":                      false,
		"# jwtleak:allowed":                     false,
		"url=https://x/?q=jwtleak:allow&t=":     false,
		"GET /jwtleak:allow HTTP/1.1":           false,
		`{"x":"jwtleak:allow","t":"`:            false,
		"?q=%20jwtleak:allow%20":                false,
	} {
		if got := allows([]byte(line)); got != want {
			t.Errorf("allows(%q) = %v", line, got)
		}
	}
}
