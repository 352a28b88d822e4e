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
		{name: "no fingerprint", text: "\nsomething - reason", wantError: "policy:2: expected a fingerprint"},
		{name: "wrong length", text: "0123 - reason", wantError: "policy:1: expected a fingerprint"},
		{name: "no day", text: id + " because", wantError: "policy:1: expected the last day"},
		{name: "no such day", text: id + " 2026-02-30 because", wantError: "policy:1: expected the last day"},
		{name: "no reason", text: id + " 2026-02-28", wantError: "policy:1: expected a reason"},
		{name: "policy:too long", text: id + " - " + strings.Repeat("x", maxIgnoreLine), wantError: "policy:1: "},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := ReadIgnored("policy", strings.NewReader(test.text))
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
				Include: []string{"*.log"}, Exclude: []string{"vendor/"}, FailOn: []string{"high", "live"}, MaxLifetime: 36 * time.Hour,
				MaxFileSize: "1GiB", MaxDepth: 3, MaxExpansion: 100,
				Allow: Allow{Issuers: []string{"https://issuer.test"}, Audiences: []string{"test"}},
			},
		},
		{name: "nothing in it", text: "# a comment\n---\n# another\n"},
		{name: "byte order mark", text: "\ufeffmax-depth: 2\n", want: File{MaxDepth: 2}},
		{name: "flow", text: "{max-depth: 2, exclude: [a, 1, true, 'b c'], include: }", want: File{MaxDepth: 2, Exclude: []string{"a", "1", "true", "b c"}}},
		{name: "unknown key", text: "exclude: []\nexcludes: []\n", wantError: `policy:2: unknown key "excludes": it is one of allow, exclude, fail-on, `},
		{name: "unknown key inside", text: "allow:\n  issuers: []\n  subjects: []\n", wantError: `policy:3: unknown key "allow.subjects": it is one of audiences, issuers`},
		{name: "twice", text: "max-depth: 2\nmax-depth: 3\n", wantError: "policy:2: "},
		{name: "no map", text: "\n- exclude\n", wantError: "policy:2: expected keys and values: "},
		{name: "no map inside", text: "allow: all\n", wantError: "policy:1: allow: expected keys and values: "},
		{name: "wrong type", text: "\nmax-depth: deep\n", wantError: `policy:2: max-depth: "deep" is no whole number`},
		{name: "a part", text: "max-depth: 1.5\n", wantError: `policy:1: max-depth: "1.5" is no whole number`},
		{name: "nothing", text: "max-depth: 0\n", wantError: `policy:1: max-depth: "0" is no whole number`},
		{name: "no value", text: "include: []\nmax-depth:\n", wantError: "policy:2: max-depth: expected one value"},
		{name: "overflow", text: "max-depth: 99999999999999999999\n", wantError: "policy:1: max-depth: "},
		{name: "no expansion", text: "max-expansion: 0\n", wantError: "policy:1: max-expansion: "},
		{name: "bad duration", text: "exclude: []\nmax-lifetime: soon\n", wantError: `policy:2: max-lifetime: "soon" is no duration`},
		{name: "no duration", text: "max-lifetime: -1h\n", wantError: `policy:1: max-lifetime: "-1h" is no duration`},
		{name: "bad size", text: "max-file-size: big\n", wantError: `policy:1: max-file-size: "big" is no size`},
		{name: "bad pattern", text: "exclude:\n  - vendor/\n  - '[a'\n", wantError: `policy:3: exclude: "[a" is no pattern`},
		{name: "range of nothing", text: "exclude:\n  - vendor/\n  - '[z-a]'\n", wantError: `policy:3: exclude: "[z-a]" is no pattern: a range`},
		{name: "no list", text: "exclude: vendor/\n", wantError: "policy:1: exclude: expected a list, as in "},
		{name: "list of nothing", text: "exclude:\n- a\n- null\n", wantError: "policy:3: exclude: expected text"},
		{name: "list of lists", text: "exclude: [[a]]\n", wantError: "policy:1: exclude: expected text"},
		{name: "empty issuer", text: "allow: {issuers: ['']}\n", wantError: "policy:1: allow.issuers: "},
		{name: "unknown failure", text: "fail-on:\n- high\n- worst\n", wantError: `policy:3: fail-on: "worst" is unknown`},
		{name: "none and more", text: "fail-on: [high, none]\n", wantError: "policy:1: fail-on: none stands alone"},
		{name: "fails on nothing said", text: "\nfail-on:\n", wantError: "policy:2: fail-on: says nothing"},
		{name: "no YAML", text: "a: [\n", wantError: "policy:1: "},
		{name: "directive", text: "%YAML 1.2\n---\nmax-depth: 2\n", want: File{MaxDepth: 2}},
		{name: "two documents", text: "max-depth: 2\n---\nmax-depth: 3\n", wantError: "policy:3: a second document"},
		{name: "aliases", text: "include: &a [x]\nexclude: *a\n", wantError: "policy:1: anchors"},
		{name: "merge", text: "allow:\n  <<: {issuers: [a]}\n", wantError: "policy:2: anchors"},
		{name: "brackets", text: "exclude: " + strings.Repeat("[", 200), wantError: "policy:1: nested too deep"},
		{name: "braces", text: "exclude: " + strings.Repeat("{a: ", 200), wantError: "policy:1: nested too deep"},
		{name: "dashes", text: "exclude:\n" + strings.Repeat("- ", 200) + "\n", wantError: "policy:2: nested too deep"},
		{name: "too large", text: strings.Repeat("#\n", maxFile), wantError: "policy: larger than 64 KiB"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := ReadFile("policy", strings.NewReader(test.text))
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
		{name: "nor by a baseline then", policy: Policy{At: day.AddDate(0, 0, 1), Baseline: NewBaseline(finding.Report{Findings: []finding.Finding{found}})}, ignore: ignored},
		{name: "nor as an allowed issuer's then", policy: Policy{At: day.AddDate(0, 0, 1), Allow: Allow{Issuers: []string{"https://issuer.test"}}}, ignore: ignored},
		{
			name: "but by a line that is not over", policy: Policy{At: day.AddDate(0, 0, 1)},
			ignore: append(ignored[:1:1], Ignored{ID: found.ID, Reason: "renewed"}), want: finding.SuppressedByIgnoreFile,
		},
		{name: "another of the same id", ignore: []Ignored{{ID: found.ID + strings.Repeat("0", 48), Reason: "known"}}},
		{name: "in the baseline", policy: Policy{Baseline: NewBaseline(finding.Report{Findings: []finding.Finding{found}})}, want: finding.SuppressedByBaseline},
		{name: "another in the baseline", policy: Policy{Baseline: NewBaseline(finding.Report{Findings: []finding.Finding{{Fingerprint: found.ID}}})}},
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
	policy := Policy{Baseline: NewBaseline(finding.Report{Findings: []finding.Finding{found("b", "read"), found("a", "read"), found("c", "read"), found("d", "not")}})}
	policy.Ignore([]Ignored{{ID: strings.Repeat("c", 16), Reason: "known"}})
	policy.Accepts(found("c", "read"))
	gone := policy.Baseline.Gone(func(o finding.Occurrence) bool { return o.Place == finding.FilePlace{Path: "read"} })
	if diff := cmp.Diff([]string{strings.Repeat("a", 16), strings.Repeat("b", 16)}, gone); diff != "" {
		t.Error(diff)
	}
}

func TestUnmet(t *testing.T) {
	id := func(digit string) string { return strings.Repeat(digit, 16) }
	fingerprint := func(digit string) string { return strings.Repeat(digit, 64) }
	day := time.Date(2026, 11, 30, 0, 0, 0, 0, time.UTC)
	policy := Policy{At: day}
	policy.Ignore([]Ignored{
		{ID: id("f"), Reason: "not there"}, {ID: id("b"), Reason: "known"}, {ID: fingerprint("b"), Reason: "twice"},
		{ID: id("a"), Until: day, Reason: "not there, and over"}, {ID: id("c"), Until: day, Reason: "over"},
		{ID: id("d") + strings.Repeat("0", 48), Reason: "another of the same id"},
	})
	for _, digit := range []string{"b", "c", "d", "e"} {
		policy.Accepts(finding.Finding{ID: id(digit), Fingerprint: fingerprint(digit)})
	}
	if diff := cmp.Diff([]string{id("a"), id("d"), id("f")}, policy.Unmet()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{id("c")}, policy.Lapsed()); diff != "" {
		t.Error(diff)
	}
}

func FuzzReadFile(f *testing.F) {
	f.Add("exclude: [a]\nallow:\n  issuers: [b]\n")
	f.Add("max-lifetime: 1h\n&a [*a]")
	f.Fuzz(func(t *testing.T, text string) {
		if _, err := ReadFile("policy", strings.NewReader(text)); err != nil && strings.Contains(err.Error(), "\n") {
			t.Errorf("the error has more than one line: %q", err)
		}
	})
}
