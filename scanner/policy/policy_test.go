package policy

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/jwtleak/jwtleak/scanner/finding"
)

func TestReadIgnored(t *testing.T) {
	const id = "0123456789abcdef"
	long := strings.Repeat(id, 4)
	for _, test := range []struct {
		name, text string
		want       []Ignored
		wantError  string
	}{
		{name: "empty", text: "\n# a comment\n\n"},
		{
			name: "both forms", text: id + " 2026-11-30 the staging issuer's test token\n" + strings.ToUpper(long) + "   -   forever\r\n",
			want: []Ignored{
				{ID: id, Until: time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC), Reason: "the staging issuer's test token"},
				{ID: long, Reason: "forever"},
			},
		},
		{name: "tabs, byte order mark", text: "\ufeff" + id + "\t-\ttabs  and spaces", want: []Ignored{{ID: id, Reason: "tabs  and spaces"}}},
		{name: "no fingerprint", text: "\nsomething - reason", wantError: "line 2: expected a fingerprint"},
		{name: "wrong length", text: "0123 - reason", wantError: "line 1: expected a fingerprint"},
		{name: "no day", text: id + " because", wantError: "line 1: expected the last day"},
		{name: "no such day", text: id + " 2026-02-30 because", wantError: "line 1: expected the last day"},
		{name: "no reason", text: id + " 2026-02-28", wantError: "line 1: expected a reason"},
		{name: "line too long", text: id + " - " + strings.Repeat("x", maxIgnoreLine), wantError: "line 1: "},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := ReadIgnored(strings.NewReader(test.text))
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
			if text := errorText(err); !strings.HasPrefix(text, test.wantError) || (test.wantError == "") != (err == nil) {
				t.Errorf("error %q, want one that begins %q", text, test.wantError)
			}
		})
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func TestReadFile(t *testing.T) {
	depth := 3
	for _, test := range []struct {
		name, text string
		want       File
		wantError  string
	}{
		{name: "empty"},
		{
			name: "all of it",
			text: "include: ['*.log']\nexclude:\n  - vendor/\nfail-on: [high, live]\nmax-lifetime: 36h\nmax-file-size: 1GiB\nmax-depth: 3\nmax-expansion: 100\n" +
				"allow:\n  issuers: [https://issuer.test]\n  audiences: [test]\n",
			want: File{
				Include: []string{"*.log"}, Exclude: []string{"vendor/"}, FailOn: []string{"high", "live"}, MaxLifetime: Duration(36 * time.Hour),
				MaxFileSize: "1GiB", MaxDepth: &depth, MaxExpansion: 100,
				Allow: Allow{Issuers: []string{"https://issuer.test"}, Audiences: []string{"test"}},
			},
		},
		{name: "unknown key", text: "exclude: []\nexcludes: []\n", wantError: "line 2: "},
		{name: "unknown key inside", text: "allow:\n  issuers: []\n  subjects: []\n", wantError: "line 3: "},
		{name: "wrong type", text: "max-depth: deep\n", wantError: "line 1: "},
		{name: "bad duration", text: "max-lifetime: soon\n", wantError: "expected a duration"},
		{name: "no YAML", text: "a: [\n", wantError: "line "},
		{name: "aliases", text: "include: &a [x]\nexclude: *a\n", wantError: "line 1: anchors"},
		{name: "merge", text: "allow:\n  <<: {issuers: [a]}\n", wantError: "line 2: anchors"},
		{name: "brackets", text: "exclude: " + strings.Repeat("[", 200), wantError: "line 1: nested too deep"},
		{name: "braces", text: "exclude: " + strings.Repeat("{a: ", 200), wantError: "line 1: nested too deep"},
		{name: "dashes", text: "exclude:\n" + strings.Repeat("- ", 200) + "\n", wantError: "line 2: nested too deep"},
		{name: "too large", text: strings.Repeat("#\n", maxFile), wantError: "larger than 64 KiB"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := ReadFile(strings.NewReader(test.text))
			text := errorText(err)
			if !strings.HasPrefix(text, test.wantError) || (test.wantError == "") != (err == nil) || strings.Contains(text, "\n") {
				t.Errorf("error %q, want one line that begins %q", text, test.wantError)
			}
			if err == nil {
				if diff := cmp.Diff(test.want, got); diff != "" {
					t.Error(diff)
				}
			}
		})
	}
}

func TestAccepts(t *testing.T) {
	found := finding.Finding{ID: "0123456789abcdef", Fingerprint: strings.Repeat("0123456789abcdef", 4)}
	found.Token = finding.Token{Issuer: "https://issuer.test", Audience: []string{"a", "b"}}
	day := time.Date(2026, 11, 30, 0, 0, 0, 0, time.UTC)
	ignored := []Ignored{{ID: found.ID, Until: day.AddDate(0, 0, 1), Reason: "known"}}
	for _, test := range []struct {
		name   string
		policy Policy
		ignore []Ignored
		want   finding.SuppressedBy
	}{
		{name: "nothing"},
		{name: "ignored on the last day", policy: Policy{At: day.Add(23 * time.Hour)}, ignore: ignored, want: finding.SuppressedByIgnoreFile},
		{name: "not on the day after", policy: Policy{At: day.AddDate(0, 0, 1)}, ignore: ignored},
		{name: "another of the same id", ignore: []Ignored{{ID: found.ID + strings.Repeat("0", 48), Reason: "known"}}},
		{name: "in the baseline", policy: Policy{Baseline: NewBaseline([]finding.Finding{found})}, want: finding.SuppressedByBaseline},
		{name: "another in the baseline", policy: Policy{Baseline: NewBaseline([]finding.Finding{{Fingerprint: found.ID}})}},
		{name: "issuer", policy: Policy{Allow: Allow{Issuers: []string{"https://issuer.test"}}}, want: finding.SuppressedByConfiguration},
		{name: "part of an issuer", policy: Policy{Allow: Allow{Issuers: []string{"https://issuer"}}}},
		{name: "audience", policy: Policy{Allow: Allow{Audiences: []string{"b"}}}, want: finding.SuppressedByConfiguration},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.policy.Ignore(test.ignore)
			var got finding.SuppressedBy
			if suppression := test.policy.Accepts(found); suppression != nil {
				got = suppression.By
			}
			if got != test.want {
				t.Errorf("accepted by %q, want %q", got, test.want)
			}
		})
	}
}

func TestGone(t *testing.T) {
	found := func(digit, path string) finding.Finding {
		return finding.Finding{
			ID: strings.Repeat(digit, 16), Fingerprint: strings.Repeat(digit, 64),
			Occurrences: []finding.Occurrence{{Place: finding.FilePlace{Path: path}}, {Place: finding.StdinPlace{}}},
		}
	}
	policy := Policy{Baseline: NewBaseline([]finding.Finding{found("b", "read"), found("a", "read"), found("c", "read"), found("d", "not")})}
	policy.Ignore([]Ignored{{ID: strings.Repeat("c", 16), Reason: "known"}})
	policy.Accepts(found("c", "read"))
	gone := policy.Baseline.Gone(func(o finding.Occurrence) bool { return o.Place == finding.FilePlace{Path: "read"} })
	if diff := cmp.Diff([]string{strings.Repeat("a", 16), strings.Repeat("b", 16)}, gone); diff != "" {
		t.Error(diff)
	}
}

func FuzzReadFile(f *testing.F) {
	f.Add("exclude: [a]\nallow:\n  issuers: [b]\n")
	f.Add("max-lifetime: 1h\n&a [*a]")
	f.Fuzz(func(t *testing.T, text string) {
		if _, err := ReadFile(strings.NewReader(text)); err != nil && strings.Contains(err.Error(), "\n") {
			t.Errorf("the error has more than one line: %q", err)
		}
	})
}
