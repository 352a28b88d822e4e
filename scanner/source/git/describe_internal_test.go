package git

import "testing"

func TestWebAddress(t *testing.T) {
	for remote, want := range map[string]string{
		"https://host.example/owner/name.git":               "https://host.example/owner/name",
		"https://user:password@host.example/owner/name":     "https://host.example/owner/name",
		"https://host.example/owner/name?private_token=abc": "https://host.example/owner/name",
		"git@host.example:owner/name.git":                   "https://host.example/owner/name",
		"host.example:owner/name":                           "https://host.example/owner/name",
		"ssh://git@host.example:2222/owner/name.git":        "https://host.example/owner/name",
		"/srv/git/name.git":                                 "",
		"../name":                                           "",
		"file:///srv/git/name.git":                          "",
		"ext::sh -c touch% /tmp/x":                          "",
		"":                                                  "",
	} {
		if got := webAddress(remote); got != want {
			t.Errorf("%q: %q, want %q", remote, got, want)
		}
	}
}
