package triage

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unsafe"

	"github.com/google/go-cmp/cmp"

	"github.com/jwtleak/jwtleak/scanner/finding"
)

func placesByColumn() [4]PlaceFacts {
	return [4]PlaceFacts{{openTip}, {openFile}, {openHistory}, {openUnreachable}}
}

// Each row of the table, by a token that it is true of; the columns are tip, file, history, unreachable.
func TestSeverity(t *testing.T) {
	const rs256 = `{"alg":"RS256","kid":"1"}`
	tests := []struct {
		name           string
		header, claims object
		want           string
	}{
		{"live, no risk", rs256, blameless, "critical high high medium"},
		{"live, low risks", rs256, `{"exp":1795438800}`, "critical high high medium"},
		{"live, a medium risk", rs256, `{"exp":1795438800,"email":"a@b.example"}`, "critical high high medium"},
		{"live, broad scope", rs256, `{"exp":1795438800,"scope":"admin"}`, "critical critical critical high"},
		{"live, unsigned", `{"alg":"none"}`, `{"exp":1795438800}`, "critical critical critical high"},
		{"live, refresh token", rs256, `{"exp":1795438800,"typ":"refresh"}`, "critical critical critical high"},
		{"live at the last moment", rs256, `{"exp":1795435201}`, "critical high high medium"},
		{"no expiry", rs256, `{}`, "critical high high medium"},
		{"no expiry, broad scope", rs256, `{"scope":"*"}`, "critical critical critical high"},
		{"not yet valid", rs256, `{"nbf":1795435201,"exp":1795438800}`, "medium medium medium low"},
		{"not yet valid, broad scope", rs256, `{"nbf":1795435201,"exp":1795438800,"role":"admin"}`, "high high high medium"},
		{"unknown", rs256, `{"exp":"x"}`, "medium medium medium low"},
		{"unknown, broad scope", rs256, `{"exp":"x","role":"admin"}`, "high high high medium"},
		{"expired just now", rs256, `{"exp":1795435200}`, "low low low low"},
		{"expired, personal data", rs256, `{"exp":1,"email":"a@b.example"}`, "low low low low"},
		{"expired, broad scope", rs256, `{"exp":1,"scope":"admin"}`, "medium medium medium low"},
		{"expired in milliseconds", rs256, `{"exp":1795435199999}`, "medium medium medium medium"},
		{"expired in milliseconds, broad scope", rs256, `{"exp":1795435199999,"scope":"admin"}`, "high high high medium"},
		{"no credential, expired in milliseconds", `{"alg":"RS256","typ":"logout+jwt"}`, `{"exp":1795435199999,"events":{"http://schemas.openid.net/event/backchannel-logout":{}}}`, "info info info info"},
		{"exp zero", rs256, `{"exp":0}`, "critical high high medium"},
		{"exp twice, one live", rs256, `{"exp":1795438800,"exp":1}`, "critical critical critical high"},
		{"exp twice, expired", rs256, `{"exp":2,"exp":1}`, "medium medium medium low"},
		{"a statement with a claim twice", `{"alg":"RS256","typ":"logout+jwt"}`, `{"exp":1795438800,"sub":"a","sub":"b","events":{"http://schemas.openid.net/event/backchannel-logout":{}}}`, "critical critical critical high"},
		{"key bound, with cnf twice", rs256, `{"exp":1795438800,"cnf":{"jkt":"x"},"cnf":{"jkt":"y"}}`, "critical critical critical high"},
		{"key bound by DPoP", rs256, `{"exp":1795438800,"cnf":{"jkt":"x"}}`, "medium medium medium low"},
		{"key bound by mutual TLS, broad scope", rs256, `{"exp":1795438800,"scope":"admin","cnf":{"x5t#S256":"x"}}`, "medium medium medium low"},
		{"key bound, expired", rs256, `{"exp":1,"cnf":{"jkt":"x"}}`, "low low low low"},
		{"cnf that names no key by null", rs256, `{"exp":1795438800,"cnf":{"jkt":null}}`, "critical high high medium"},
		{"cnf that names no key by an empty one", rs256, `{"exp":1795438800,"cnf":{"jwk":{},"kid":""}}`, "critical high high medium"},
		{"cnf that names no key by a number", rs256, `{"exp":1795438800,"cnf":{"x5t#S256":1}}`, "critical high high medium"},
		{"cnf that names no key", rs256, `{"exp":1795438800,"cnf":{}}`, "critical high high medium"},
		{"no credential", `{"alg":"RS256","typ":"logout+jwt"}`, `{"exp":1795438800,"events":{"http://schemas.openid.net/event/backchannel-logout":{}}}`, "low low low low"},
		{"no credential, no expiry", `{"alg":"RS256","typ":"logout+jwt"}`, `{"events":{"http://schemas.openid.net/event/backchannel-logout":{}}}`, "low low low low"},
		{"no credential, expired", `{"alg":"RS256","typ":"logout+jwt"}`, `{"exp":1,"events":{"http://schemas.openid.net/event/backchannel-logout":{}}}`, "info info info info"},
		{"anon key", rs256, `{"iss":"supabase","ref":"p","role":"anon","exp":2015360000}`, "low low low low"},
		{"anon key, expired", rs256, `{"iss":"supabase","ref":"p","role":"anon","exp":1}`, "info info info info"},
		{"anon key with a scope", rs256, `{"iss":"supabase","ref":"p","role":"anon","exp":2015360000,"scope":"admin","sub":"u"}`, "critical critical critical high"},
		{"service_role key", rs256, `{"iss":"supabase","ref":"p","role":"service_role","exp":2015360000}`, "critical critical critical high"},
		{"the claims of a sample, another key", rs256, `{"sub":"1234567890","name":"John Doe","iat":1516239022}`, "critical high high medium"},
	}
	shown := map[severityRow]bool{rowSample: true} // by TestPublishedSamples
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			facts := testJudge().Token(token(t, test.header, test.claims)).Facts
			shown[facts.row()] = true
			var got []string
			for _, place := range placesByColumn() {
				got = append(got, string(facts.Severity(place)))
			}
			if strings.Join(got, " ") != test.want {
				t.Errorf("tip, file, history, unreachable: %v, want %s", got, test.want)
			}
			if facts.Severity(PlaceFacts{}) != facts.Severity(PlaceFacts{openFile}) {
				t.Error("a token of unknown place is not judged as one in a file")
			}
		})
	}
	for row := range rowCount {
		if !shown[row] {
			t.Errorf("no example of a token in the row %q", row.cells().Token)
		}
	}
}

// A more open place is never less severe, and the table never falls from tip to file to history to unreachable.
func TestSeverityFollowsPlace(t *testing.T) {
	for _, row := range SeverityTable() {
		cells := []finding.Severity{row.Tip, row.File, row.History, row.Unreachable}
		for i, cell := range cells {
			if cell.Rank() >= len(finding.Severities()) {
				t.Errorf("%s: %q is no severity", row.Token, cell)
			}
			if i > 0 && cell.Rank() < cells[i-1].Rank() {
				t.Errorf("%s: worse where it is less open: %v", row.Token, cells)
			}
		}
	}
}

func TestPlaceOf(t *testing.T) {
	git := func(reachable, tip bool) finding.Place {
		return finding.GitPlace{Attribution: finding.Attribution{Reachable: reachable, AtTip: tip}}
	}
	for place, want := range map[finding.Place]openness{
		finding.FilePlace{Path: "a"}: openFile,
		finding.StdinPlace{}:         openFile,
	} {
		if got := PlaceOf(finding.Occurrence{Place: place}); got.openness != want {
			t.Errorf("%T: %v, want %v", place, got.openness, want)
		}
	}
	for _, test := range []struct {
		place finding.Place
		want  openness
	}{{git(true, true), openTip}, {git(true, false), openHistory}, {git(false, false), openUnreachable}, {nil, openUnknown}} {
		if got := PlaceOf(finding.Occurrence{Place: test.place}); got.openness != test.want {
			t.Errorf("%+v: %v, want %v", test.place, got.openness, test.want)
		}
	}
	var none PlaceFacts
	for _, place := range placesByColumn() {
		if none.With(place) != place || place.With(none) != place || place.With(place) != place {
			t.Errorf("%v with nothing is something else", place)
		}
		if place.With(PlaceFacts{openTip}) != (PlaceFacts{openTip}) {
			t.Errorf("%v with a tip is no tip", place)
		}
	}
}

// A scan keeps one Facts for each of perhaps millions of tokens.
func TestFactsAreSmall(t *testing.T) {
	if size := unsafe.Sizeof(Facts{}); size > 40 {
		t.Errorf("Facts take %d bytes, want 40 at most", size)
	}
	if a, b := judged(t, blameless).Facts, judged(t, blameless).Facts; a != b {
		t.Error("equal tokens have unequal facts")
	}
}

// update is what `go test -update` sets, to write the golden files anew.
var update = flag.Bool("update", false, "write the golden files")

// The tables as a reader sees them: a change shows in a diff.
func TestTablesGolden(t *testing.T) {
	var text strings.Builder
	fmt.Fprintf(&text, "%-58s %-9s %-9s %-9s %s\n", "token", "tip", "file", "history", "unreachable")
	for _, row := range SeverityTable() {
		fmt.Fprintf(&text, "%-58s %-9s %-9s %-9s %s\n", row.Token, row.Tip, row.File, row.History, row.Unreachable)
	}
	text.WriteString("\n")
	for _, rule := range append(DetectionTable(), RiskTable()...) {
		fmt.Fprintf(&text, "%-18s %-9s %s\n%28s %s\n", rule.ID, rule.Severity, rule.Title, "", strings.Join(rule.References, " "))
	}
	text.WriteString("\n")
	for _, rule := range IssuerTable() {
		fmt.Fprintf(&text, "%-25s %s (%s)\n%25s %s\n", rule.ID, rule.Name, rule.TokenUses, "", rule.Proof)
	}
	golden(t, "tables.txt", text.String())
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.ReplaceAll(string(want), "\r\n", "\n"), got); diff != "" {
		t.Errorf("%s differs (-golden +got), go test -update writes it:\n%s", name, diff)
	}
}
