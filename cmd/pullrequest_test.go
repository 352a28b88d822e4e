package cmd

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestPullRequestRange(t *testing.T) {
	base, head := strings.Repeat("a", 40), strings.Repeat("b", 40)
	for _, test := range []struct {
		name, event string
		environment map[string]string
		want        string
		wantError   string
	}{
		{name: "pull request", event: `{"number":7,"pull_request":{"base":{"sha":"` + base + `"},"head":{"sha":"` + head + `"}}}`, want: base + ".." + head},
		{name: "merge group", event: `{"merge_group":{"base_sha":"` + base + `","head_sha":"` + head + `"}}`, want: base + ".." + head},
		{name: "merge request", environment: map[string]string{"CI_MERGE_REQUEST_DIFF_BASE_SHA": base, "CI_COMMIT_SHA": head}, want: base + ".." + head},
		{
			name: "merge request, merged results", want: base + ".." + head,
			environment: map[string]string{
				"CI_MERGE_REQUEST_DIFF_BASE_SHA": base, "CI_COMMIT_SHA": strings.Repeat("c", 40), "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA": head,
			},
		},
		{name: "push", event: `{"before":"` + base + `","after":"` + head + `"}`, wantError: "no run for a pull request"},
		{name: "nothing", wantError: "no run for a pull request"},
		{name: "no commits", event: `{"pull_request":{"base":{"sha":"--output=x"},"head":{"sha":"` + head + `"}}}`, wantError: "names no commits"},
		{name: "no JSON", event: `{`, wantError: "unexpected end of JSON"},
	} {
		t.Run(test.name, func(t *testing.T) {
			environment := map[string]string{}
			for name, value := range test.environment {
				environment[name] = value
			}
			if test.event != "" {
				path := filepath.Join(t.TempDir(), "event.json")
				if err := os.WriteFile(path, []byte(test.event), 0o600); err != nil {
					t.Fatal(err)
				}
				environment["GITHUB_EVENT_PATH"] = path
			}
			got, err := pullRequestRange(func(name string) string { return environment[name] })
			if got != test.want || (err != nil) != (test.wantError != "") {
				t.Fatalf("got %q, %v; want %q", got, err, test.want)
			}
			if err != nil && !strings.Contains(err.Error(), test.wantError) {
				t.Errorf("error %q does not say %q", err, test.wantError)
			}
		})
	}
}
