package jwt

import (
	"fmt"
	"testing"
	"time"
)

// Of a claim that stands more than once Claims has the last, Repeated the others, and the dates are those by which the token
// lives longest.
func TestRepeated(t *testing.T) {
	for _, test := range []struct {
		payload, repeated string
		expires, begins   int64 // 0: not known
	}{
		{`{"exp":20,"nbf":3}`, `map[]`, 20, 3},
		{`{"exp":20,"exp":10}`, `map[exp:[20]]`, 20, 0},
		{`{"exp":10,"exp":20}`, `map[exp:[10]]`, 20, 0},
		{`{"exp":10,"\u0065xp":20,"a":1}`, `map[exp:[10]]`, 20, 0},
		{`{"exp":"x","exp":20}`, `map[exp:[x]]`, 20, 0},
		{`{"exp":20,"exp":"x"}`, `map[exp:[20]]`, 20, 0},
		{`{"exp":20,"exp":0}`, `map[exp:[20]]`, 0, 0},
		{`{"exp":0,"exp":20}`, `map[exp:[0]]`, 0, 0},
		{`{"nbf":9,"nbf":5,"nbf":7}`, `map[nbf:[9 5]]`, 0, 5},
		{`{"a":{"b":1},"c":[{"d":1},{"d":2}]}`, `map[]`, 0, 0},
		{`{"a":{"b":1,"b":2},"c":[{"d":1},{"d":2}]}`, `map[a:[map[b:1]]]`, 0, 0},
		{`{"a":{"b":1,"\u0062":2,"c":3}}`, `map[a:[map[b:1 c:3]]]`, 0, 0},
		{`{"a":{"b":1,"B":2}}`, `map[]`, 0, 0},
		{`{"a":[0,{"b":{"c":1,"c":[{}]}}]}`, `map[a:[[0 map[b:map[c:1]]]]]`, 0, 0},
		{`{"a":{"b":1,"b":2},"a":3}`, `map[a:[map[b:1] map[b:2]]]`, 0, 0},
		{`{"a":3,"a":{"b":1,"b":2}}`, `map[a:[3 map[b:1]]]`, 0, 0},
		{`{"a":{"b:":"\":","b:":"\\"}}`, `map[a:[map[b::":]]]`, 0, 0},
		{`{"exp":20,"a":{"exp":1,"exp":30}}`, `map[a:[map[exp:1]]]`, 20, 0},
		{`{"a":":","b":"\":{"}`, `map[]`, 0, 0},
		{`{}`, `map[]`, 0, 0},
	} {
		token, err := Decode(signed(hs256, test.payload))
		if err != nil {
			t.Fatal(test.payload, err)
		}
		if got := fmt.Sprint(token.Repeated); got != test.repeated {
			t.Errorf("%s: repeated %s, want %s", test.payload, got, test.repeated)
		}
		checkDate(t, test.payload, token.ExpiresAt, test.expires)
		checkDate(t, test.payload, token.NotBefore, test.begins)
	}
	token, err := Decode(signed(`{"alg":"none","alg":"HS256"}`, `{}`))
	if err != nil || fmt.Sprint(token.RepeatedHeader) != "map[alg:[none]]" {
		t.Errorf("header: %v", err)
	}
}

// A date is unclear only where it stands more than once, and one of its values is none.
func TestUnclear(t *testing.T) {
	for payload, want := range map[string]bool{
		`{"exp":1}`: false, `{"exp":null}`: false, `{"exp":1,"exp":2}`: false, `{"exp":1,"exp":"2"}`: false, `{"iat":1,"iat":null}`: false,
		`{"exp":1,"exp":null}`: true, `{"exp":null,"exp":1}`: true, `{"exp":"x","exp":1,"exp":2}`: true,
	} {
		token, err := Decode(signed(hs256, payload))
		if err != nil {
			t.Fatal(payload, err)
		}
		if got := token.Unclear("exp"); got != want {
			t.Errorf("%s: unclear is %t, want %t", payload, got, want)
		}
	}
}

func checkDate(t *testing.T, payload string, got NumericDate, want int64) {
	t.Helper()
	if want == 0 == got.Known() || want != 0 && !got.Time.Equal(time.Unix(want, 0)) {
		t.Errorf("%s: date is %v, want %d", payload, got, want)
	}
}
