package triage

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/jwtleak/jwtleak/scanner/finding"
)

func TestFill(t *testing.T) {
	for _, test := range []struct {
		text  string
		names []string
		want  string
	}{
		{"no names", nil, "no names"},
		{"-n {NAMESPACE} x {SECRET}.", []string{"a", "b"}, "-n a x b."},
		{"-n {NAMESPACE} x {SECRET}.", []string{"$(a)", "b"}, "-n NAMESPACE x b."},
		{"-n {NAMESPACE} x {SECRET}.", []string{"a"}, "-n a x SECRET."},
		{"-n {NAMESPACE} x {SECRET}.", nil, "-n NAMESPACE x SECRET."},
		{"{A}{B}", []string{"{C}", "d"}, "Ad"},
		{"{A", []string{"d"}, "d"},
	} {
		if got := fill(test.text, test.names...); got != test.want {
			t.Errorf("%q with %q: %q, want %q", test.text, test.names, got, test.want)
		}
	}
}

// Every string in every example, header and claims, is made hostile in turn: what is told then never has the hostile part
// in it, so that a command can be pasted whoever wrote the token.
func TestHostileNames(t *testing.T) {
	hostile := []string{
		"; touch x", "$(touch x)", "`touch x`", "\ntouch x", "\x1b]0;touch x\a", "' touch '", "\" touch \"", "| touch x", " --touch", "\u202etouch", "&touch", "%touch%",
		".eyJhbGciOiJub25lIn0.touch",
	}
	for _, test := range issuerTests() {
		for _, source := range []bool{true, false} {
			text := test.claims
			if source {
				text = test.header
			}
			for number := range countStrings(t, text) {
				for _, end := range hostile {
					header, claims := test.header, test.claims
					if source {
						header = spoil(t, header, number, end)
					} else {
						claims = spoil(t, claims, number, end)
					}
					tok, err := tryToken(header, claims)
					if err != nil {
						continue // an alg or the like that is none any more
					}
					checkTold(t, test.id, testJudge().Token(tok))
				}
			}
		}
	}
}

func checkTold(t *testing.T, id string, j Judgement) {
	t.Helper()
	if j.Issuer == nil {
		return
	}
	for _, told := range []string{j.Issuer.ID, j.Issuer.Name, j.Issuer.TokenUse, j.Issuer.Revocation, j.Holder.Kind, j.Holder.By} {
		if strings.Contains(told, "touch") {
			t.Fatalf("%s: what the token says goes into what is told: %q", id, told)
		}
	}
}

// countStrings counts the strings that are values in a JSON text.
func countStrings(t *testing.T, text string) int {
	t.Helper()
	count := 0
	walkStrings(parsed(t, text), func(s string) string { count++; return s })
	return count
}

// spoil returns the JSON text with something at the end of the string of that number.
func spoil(t *testing.T, text string, number int, end string) string {
	t.Helper()
	count := -1
	return string(marshaled(t, walkStrings(parsed(t, text), func(s string) string {
		if count++; count == number {
			return s + end
		}
		return s
	})))
}

func marshaled(t *testing.T, value any) []byte {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func parsed(t *testing.T, text string) any {
	t.Helper()
	var value any
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(&value); err != nil {
		t.Fatal(err)
	}
	return value
}

func walkStrings(value any, change func(string) string) any {
	switch value := value.(type) {
	case string:
		return change(value)
	case []any:
		for i := range value {
			value[i] = walkStrings(value[i], change)
		}
	case map[string]any:
		for _, name := range sortedKeys(value) {
			value[name] = walkStrings(value[name], change)
		}
	}
	return value
}

// Claims of any type and depth: nothing may panic, and every judgement is whole.
func FuzzJudge(f *testing.F) {
	for _, test := range issuerTests() {
		f.Add([]byte(test.header), []byte(test.claims))
	}
	f.Add([]byte(`{"alg":"HS256","typ":7,"kid":[]}`), []byte(`{"iss":[],"sub":{},"aud":[1],"exp":{},"nbf":[],"iat":null,"scope":{},"act":1,"cnf":7,"events":[],"kubernetes.io":7,"realm_access":[],"access":[[]],"video":{}}`))
	f.Fuzz(func(t *testing.T, header, claims []byte) {
		tok, err := tryToken(string(header), string(claims))
		if err != nil {
			return
		}
		j := testJudge().Token(tok)
		if again := testJudge().Token(tok); !reflect.DeepEqual(j, again) {
			t.Fatal("the same token is judged twice and differently")
		}
		previous := finding.Critical
		for _, risk := range j.Risks {
			if _, ok := LookupRisk(risk.ID); !ok || risk.Severity.Rank() < previous.Rank() {
				t.Fatalf("risks are not those of the table in its order: %v", riskIDs(j))
			}
			previous = risk.Severity
		}
		if j.Facts.Status() != j.Status {
			t.Fatal("the facts have another status")
		}
		if len(j.Scopes) > maxScopes {
			t.Fatalf("%d scopes", len(j.Scopes))
		}
		for _, place := range placesByColumn() {
			if severity := j.Facts.Severity(place); severity.Rank() == len(finding.Severities()) || j.Sample && severity != finding.Info {
				t.Fatalf("severity %q", severity)
			}
		}
		exposure := j.Facts.Exposure(testNow(), testNow(), finding.SeenByFile)
		if exposure.WindowSeconds != nil && *exposure.WindowSeconds < 0 {
			t.Fatal("a window of less than nothing")
		}
		if j.Issuer != nil {
			checkIssuer(t, *j.Issuer)
		}
		for name, value := range tok.Claims {
			ShowableClaim(tok, name, value)
		}
	})
}

// checkIssuer checks that what is told of the issuer is of the table, but for names that no shell gives a meaning.
func checkIssuer(t *testing.T, issuer finding.Issuer) {
	t.Helper()
	rule, ok := LookupIssuer(issuer.ID)
	if !ok || rule.Name != issuer.Name {
		t.Fatalf("the issuer %q is not of the table", issuer.ID)
	}
	for _, r := range issuer.Revocation {
		if r < ' ' || r > '~' {
			t.Fatalf("%s: a character that is not plain in %q", issuer.ID, issuer.Revocation)
		}
	}
	if strings.ContainsAny(issuer.Revocation, "$`|<*[]{}\\~!#%^\"") {
		t.Fatalf("%s: a character with a meaning to a shell in %q", issuer.ID, issuer.Revocation)
	}
	if resemblesToken(issuer.Revocation) {
		t.Fatalf("%s: a token in what is told", issuer.ID)
	}
}

// resemblesToken reports whether the beginning of a JSON object in base64 is in a text.
func resemblesToken(text string) bool {
	for _, opening := range []string{"eyJ", "eyA", "ewo", "ewk", "ew0"} {
		if strings.Contains(text, opening) {
			return true
		}
	}
	return false
}

// A token that is as long and deep as one can be costs no more than reading it.
func TestLargeTokens(t *testing.T) {
	deep := strings.Repeat(`{"a":`, 1000) + "1" + strings.Repeat("}", 1000)
	many := `{"scope":"` + strings.Repeat("a b ", 100_000) + `","roles":[` + strings.TrimSuffix(strings.Repeat(`"r",`, 100_000), ",") + `]}`
	wide := `{` + strings.TrimSuffix(strings.Repeat(`"x":1,`, 100_000), ",") + `}`
	for _, claims := range []object{`{"kubernetes.io":` + deep + `}`, `{"act":` + deep + `,"cnf":` + deep + `}`, many, wide, `{"iss":"` + strings.Repeat("https://", 100_000) + `"}`} {
		tok, err := tryToken(`{"alg":"HS256"}`, claims)
		if err != nil {
			continue
		}
		j := testJudge().Token(tok)
		if len(j.Scopes) > maxScopes {
			t.Errorf("%d scopes", len(j.Scopes))
		}
	}
}
