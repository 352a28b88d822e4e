package jwt

import (
	"reflect"
	"strings"
	"testing"
)

var objects = []string{
	`{}`, ` { } `, `{"a":1}`, `{"a":"b","c":[1,-0.5e+3,{}],"d":{"e":null,"f":true,"g":false}}` + "\n", `{"a":[],"b":[ ]}`,
	`{"alg":"RS256","kid":"1","typ":"JWT"}`, `{"a" : 0 , "b" : -0}`, `{"a":1e400,"b":10000000000000000000000}`,
	`{"a":{"a":{"a":{"a":{"a":1}}}}}`, `{"a":[[[[[[1]]]]]]}`, `{"a":"` + strings.Repeat("long ", 1000) + `"}`,
}

var notPlain = []string{
	``, `null`, `[]`, `"a"`, `{`, `{"a"}`, `{"a":}`, `{"a":1,}`, `{,}`, `{a:1}`, `{"a":01}`, `{"a":1.}`, `{"a":.1}`, `{"a":+1}`, `{"a":1e}`, `{"a":-}`,
	`{"a":tru}`, `{"a":1}}`, `{"a":1} x`, `{"a":[1,]}`, `{"a":[1 2]}`, `{"a":1,"a":2}`, `{"a":"\u0041"}`, `{"a":"é"}`, "{\"a\":\"\n\"}", "{\"a\":\"\x7f\"}",
	`{"a":` + strings.Repeat("[", 40) + strings.Repeat("]", 40) + `}`, `{"a":"b`, `{"a":nul}`, "{\"a\":1\x00}", "\ufeff{}", "{\"a\":\v1}",
}

// alike fails where plain JSON is read otherwise than encoding/json reads it.
func alike(t *testing.T, text string) (plain bool) {
	t.Helper()
	got, ok := plainObject(text)
	if !ok {
		return false
	}
	want, err := anyObject([]byte(text))
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%.200q is read as %v, want %v (%v)", text, got, want, err)
	}
	return true
}

func TestPlainObject(t *testing.T) {
	for _, text := range objects {
		if !alike(t, text) {
			t.Errorf("%.200q is not read as plain", text)
		}
	}
	for _, text := range notPlain {
		if alike(t, text) {
			t.Errorf("%.200q is read as plain", text)
		}
	}
}

// TestOwnStrings proves that what is kept of a long text does not keep the text.
func TestOwnStrings(t *testing.T) {
	text := `{"a":"` + strings.Repeat("x", mostShared) + `","b":"c"}`
	if allocated := testing.AllocsPerRun(10, func() { _, _ = plainObject(text) }); allocated < 5 {
		t.Errorf("%v allocations: strings share the memory of their text", allocated)
	}
}

func FuzzPlainObject(f *testing.F) {
	for _, text := range append(objects, notPlain...) {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		alike(t, text)
	})
}
